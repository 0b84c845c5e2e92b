"""Starting, watching and stopping the three processes, and getting ready what they need."""
