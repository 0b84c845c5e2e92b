"""Telegram: text, rendering, updates, pacing and calls, put together in channel.py."""
