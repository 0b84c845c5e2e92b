"""The record of every conversation, and the inbox through which every message goes."""
