"""Training from the console: runs, what they change, and which model the engine has."""
