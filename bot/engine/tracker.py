"""Dialogue state in one row a conversation, so that a turn costs the same however long the talk.

The record of what was said is the gateway's. Here only what the next turn needs is kept: the last events, and the
slots and the open form as they stood before them. A row is written once a turn, after its last action: a process that
dies in the middle leaves the state of the turn before.
"""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.engine.understanding import BEFORE, VECTOR

KEEP = 30  # events that stay when the history is cut; more than the three turns that the policies look at
CUT_AT = 60
_READY = 256  # conversations whose state stays in memory beside the file
_REMEMBERED = 4096  # conversations of which is remembered that they were deleted, or how they were mended

# The engine looks an event's class up by walking all subclasses, once for every stored event of every turn.
Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))  # type: ignore[method-assign]


class CompactTrackerStore(TrackerStore):
    """SQLite, a row a conversation. One engine at a time writes to it."""

    def __init__(
        self,
        domain: Domain | None,
        host: EndpointConfig | None = None,
        event_broker: EventBroker | None = None,
        db: str = "var/dialogue.db",
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        Path(db).parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(db, isolation_level=None, check_same_thread=False, timeout=10)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("PRAGMA secure_delete=ON")  # what is deleted is written over
        self._db.execute("CREATE TABLE IF NOT EXISTS state (sender TEXT PRIMARY KEY, events TEXT NOT NULL)")
        self._ready: OrderedDict[str, str] = OrderedDict()
        self._forgotten: OrderedDict[str, None] = OrderedDict()
        self._mended: OrderedDict[str, dict[str, str]] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the conversation's row, the history cut when it has grown long.

        Nothing for a conversation that was deleted while its turn was on the way.
        """
        if tracker.sender_id in self._forgotten:
            return
        if self.event_broker:
            await self.stream_events(tracker)
        events = shortened(list(tracker.events), tracker)
        self._write(tracker.sender_id, [_kept(event) for event in events])

    def _write(self, sender_id: str, events: list[dict[str, Any]]) -> None:
        if texts := self._mended.get(sender_id):
            _mend(events, texts)
        text = json.dumps(events, ensure_ascii=False)
        self._db.execute(
            "INSERT INTO state VALUES (?, ?) ON CONFLICT (sender) DO UPDATE SET events = excluded.events",
            (sender_id, text),
        )
        self._keep(sender_id, text)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's state, None if there is none."""
        text = self._ready.get(sender_id)
        if text is None:
            row = self._db.execute("SELECT events FROM state WHERE sender = ?", (sender_id,)).fetchone()
            if row is None:
                return None
            text = row[0]
            self._keep(sender_id, text)
        return DialogueStateTracker.from_dict(sender_id, json.loads(text), self.domain.slots)

    async def keys(self) -> Iterable[str]:
        """The senders of all conversations."""
        return [row[0] for row in self._db.execute("SELECT sender FROM state")]

    async def delete(self, sender_id: str) -> None:
        """Forget a conversation."""
        self._ready.pop(sender_id, None)
        self._db.execute("DELETE FROM state WHERE sender = ?", (sender_id,))

    def forget(self, sender_ids: Iterable[str]) -> None:
        """Delete conversations so that nothing of them is left in the file, nor comes back with a turn on its way."""
        for sender_id in sender_ids:
            _remember(self._forgotten, sender_id, None)
            self._mended.pop(sender_id, None)
            self._ready.pop(sender_id, None)
            self._db.execute("DELETE FROM state WHERE sender = ?", (sender_id,))
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def mend(self, sender_id: str, texts: dict[str, str]) -> None:
        """Put other texts in the place of what a person wrote, by message, also in a turn that is on its way."""
        _remember(self._mended, sender_id, {**self._mended.get(sender_id, {}), **texts})
        row = self._db.execute("SELECT events FROM state WHERE sender = ?", (sender_id,)).fetchone()
        if row is not None:
            self._write(sender_id, json.loads(row[0]))
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # nothing of it stays in the log of writes

    def last_turn(self, sender_id: str) -> list[dict[str, Any]]:
        """The stored events since the last message of the person, that message first; empty if there is none."""
        text = self._ready.get(sender_id)
        events = json.loads(text) if text else []
        said = [i for i, event in enumerate(events) if event["event"] == "user"]
        return events[said[-1] :] if said else []

    def _keep(self, sender_id: str, text: str) -> None:
        self._ready[sender_id] = text
        self._ready.move_to_end(sender_id)
        while len(self._ready) > _READY:
            self._ready.popitem(last=False)


def _remember(known: OrderedDict[str, Any], sender_id: str, value: Any) -> None:
    known[sender_id] = value
    known.move_to_end(sender_id)
    while len(known) > _REMEMBERED:
        known.popitem(last=False)


def _mend(events: list[dict[str, Any]], texts: dict[str, str]) -> None:
    """Put other texts in the place of those of some messages, and where a later message was read with them before it."""
    before: dict[str, str] = {}
    for event in events:
        if event["event"] != "user":
            continue
        if (was := (event.get("metadata") or {}).get(BEFORE)) in before:
            event["metadata"] = {**event["metadata"], BEFORE: before[was]}
        text = texts.get(event.get("message_id") or "")
        if text is not None and event.get("text") is not None:
            before[event["text"]] = text
            event["text"] = text
            event["parse_data"] = {**(event.get("parse_data") or {}), "text": text, "text_tokens": []}


def _kept(event: Event) -> dict[str, Any]:
    """An event as it is stored: without the sentence vector, which only its own turn needs."""
    stored = event.as_dict()
    if VECTOR in (stored.get("parse_data") or {}):
        stored["parse_data"] = {name: value for name, value in stored["parse_data"].items() if name != VECTOR}
    return stored


def shortened(events: list[Event], tracker: DialogueStateTracker) -> list[Event]:
    """The events from a moment of listening on, after the slots and the form as they stood there."""
    if len(events) <= CUT_AT:
        return events
    listening = [
        i for i, e in enumerate(events[:-KEEP]) if isinstance(e, ActionExecuted) and e.action_name == ACTION_LISTEN_NAME
    ]
    if not listening:
        return events
    cut = listening[-1]
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], list(tracker.slots.values()))
    state: list[Event] = [
        SlotSet(name, slot.value) for name, slot in before.slots.items() if slot.value != slot.initial_value
    ]
    if before.active_loop:
        state.append(ActiveLoop(before.active_loop.name))
    return state + events[cut:]
