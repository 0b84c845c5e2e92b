"""The platforms people write from: each turns its messages into Inbound and our messages into its own form."""
