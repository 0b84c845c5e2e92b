"""Pure text code that runs on both Pythons. Imports nothing of ours."""
