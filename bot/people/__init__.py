"""Accounts of the staff: roles, passwords, sign-in, sessions, and the log of what they did."""
