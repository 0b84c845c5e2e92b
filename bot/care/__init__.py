"""Danger and what is done about it: alerts for staff, and no automation until a person says so."""
