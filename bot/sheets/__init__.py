"""Spreadsheets as people send them, read into rows with cell addresses, and written so that nothing in them runs."""
