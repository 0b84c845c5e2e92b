"""The outbox: stored messages on their way to people whom a platform has to be asked to write to."""
