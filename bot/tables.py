"""Every mapped class, so that the metadata is whole wherever it is needed."""

from __future__ import annotations

from typing import Any

from bot.care import tables as care
from bot.conversations import tables as conversations
from bot.eligibility import tables as eligibility
from bot.events import tables as events
from bot.guidance import tables as guidance
from bot.handover import tables as handover
from bot.jobs import tables as jobs
from bot.knowledge import tables as knowledge
from bot.linking import tables as linking
from bot.outbox import tables as outbox
from bot.people import tables as people
from bot.privacy import tables as privacy
from bot.radio import tables as radio
from bot.radio.answers import tables as radio_answers
from bot.radio.groups import tables as radio_groups
from bot.radio.live import tables as radio_live
from bot.radio.programme import tables as radio_programme
from bot.radio.pull import tables as radio_pull
from bot.review import tables as review
from bot.training import tables as training

__all__ = [
    "care", "conversations", "eligibility", "events", "guidance", "handover", "is_mapped", "jobs", "knowledge", "linking", "outbox",
    "people", "privacy", "radio", "radio_answers", "radio_groups", "radio_live", "radio_programme", "radio_pull", "review", "training",
]  # fmt: skip

_FULL_TEXT = (
    "posting_fts",
    "ix_posting_fts",
    "search_entry_fts",
    "ix_search_entry_fts",
)  # made by migrations alone: no mapped class can describe them


def is_mapped(name: str | None, _kind: str, _parents: Any) -> bool:
    """Whether something of a database is to be compared with the mapped classes (Alembic's include_name)."""
    return name is None or not name.startswith(_FULL_TEXT)
