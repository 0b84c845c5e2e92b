"""Every mapped class, so that the metadata is whole wherever it is needed."""

from bot.conversations import tables as conversations
from bot.knowledge import tables as knowledge

__all__ = ["conversations", "knowledge"]
