"""How it goes: every figure of service, each with the statement that it comes from, and the month's brief."""
