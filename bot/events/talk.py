"""A talk about events: what is on, one of them, signing up with a confirmation, and what one has signed up for."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot.clock import Clock
from bot.events import rules, wording
from bot.events.service import Events
from bot.events.views import SignedUp
from bot.reply import Reply
from bot.text.event_wishes import Filter, read_answer, read_ask

PAGE = 3

_AFTER_YES = {"sign_up": "confirm", "cancel": "cancel_now"}

PersonOf = Callable[[str], Awaitable[int]]
"""The person of a conversation, by its code."""


@dataclass(frozen=True)
class Looking:
    """What the dialogue remembers: what is looked for, the events on the page, and the one talked of.

    `pending` is what a yes would do with that one (confirm, cancel_now), under `key`.
    """

    filter: Filter = field(default_factory=Filter)
    offset: int = 0
    page: tuple[int, ...] = ()
    asked: int | None = None
    pending: str | None = None
    key: str | None = None

    def to_slot(self) -> dict[str, Any]:
        """As the engine keeps it."""
        return {**asdict(self), "filter": self.filter.to_dict(), "page": list(self.page)}

    @classmethod
    def from_slot(cls, slot: dict[str, Any] | None) -> Looking:
        """What `to_slot` wrote; a fresh one where nothing was looked for yet."""
        if not slot:
            return cls()
        return cls(
            Filter.from_dict(slot["filter"]),
            slot["offset"],
            tuple(slot["page"]),
            slot["asked"],
            slot.get("pending"),
            slot.get("key"),
        )


@dataclass(frozen=True)
class Told:
    """A reply, and what is looked at after it."""

    reply: Reply
    looking: Looking


class EventTalk:
    """Answers each turn of a talk about events; the state comes in and goes out."""

    def __init__(self, events: Events, person_of: PersonOf, clock: Clock) -> None:
        self._events, self._person_of, self._clock = events, person_of, clock

    def narrows(self, text: str) -> bool:
        """Whether a first turn names a place, a time or a way: it looks for what is on, not for how it is held."""
        return bool(replace(read_ask(text, self._clock()).filter, kind=None).to_dict())

    async def said(self, text: str, before: Looking, conversation: str, *, topic: str) -> Told:
        """A typed turn. `topic` is the policy topic to offer beside a list."""
        ask, answer = read_ask(text, self._clock()), read_answer(text)
        pending, key, before = before.pending, before.key, replace(before, pending=None, key=None)
        if pending and before.asked is not None and answer is not None:
            if answer:
                return await self._with(pending, before.asked, before, conversation, key)
            return Told(wording.LEFT, before)
        if answer is not None and ask.do == "list":
            return Told(wording.NOTED if answer and before.page else wording.LEFT, before)
        if ask.do == "mine":
            return await self._mine(before, conversation)
        if ask.do in ("details", "sign_up", "cancel"):
            meant = self._meant(ask.index, before)
            if meant is None and ask.index is None and (only := await self._only(ask.filter)):
                meant = only
            if meant is not None:
                return await self._with(ask.do, meant, before, conversation)
            if ask.do == "cancel":
                return await self._mine(before, conversation)
            if ask.index is not None or (ask.do == "sign_up" and before.page and not ask.filter.to_dict()):
                return Told(wording.WHICH, before)
        if ask.do == "more" and before.page:
            return await self._list(replace(before, offset=before.offset + PAGE), topic)
        if ask.near:
            return Told(wording.which_district(), replace(before, filter=ask.filter))
        wanted = before.filter.beside(ask.filter) if before.page and not ask.filter.kind else ask.filter
        return await self._list(Looking(wanted), topic)

    async def pressed(self, do: str, of: str | None, key: str | None, before: Looking, conversation: str) -> Told:
        """A pressed choice."""
        topic = wording.TOPICS[before.filter.kind or "job_fair"]
        before = replace(before, pending=None, key=None)
        if of and of.isdecimal() and do in ("details", "sign_up", "cancel", "confirm", "cancel_now"):
            return await self._with(do, int(of), before, conversation, key)
        match do:
            case "more":
                return await self._list(replace(before, offset=before.offset + PAGE), topic)
            case "district" if of:
                return await self._list(Looking(replace(before.filter, district=of)), topic)
            case "off" if of:
                gone = {"first": None, "last": None} if of == "days" else {of: None}
                return await self._list(Looking(replace(before.filter, **gone)), topic)
            case "mine":
                return await self._mine(before, conversation)
            case "leave":
                return Told(wording.LEFT, before)
        return await self._list(Looking(), topic)

    @staticmethod
    def _meant(index: int | None, looking: Looking) -> int | None:
        if index is None:
            return looking.asked or (looking.page[0] if len(looking.page) == 1 else None)
        place = index - 1 if index > 0 else len(looking.page) + index
        return looking.page[place] if 0 <= place < len(looking.page) else None

    async def _only(self, wanted: Filter) -> int | None:
        """The one event that fits, where the wish names enough to leave just one."""
        if not wanted.to_dict():
            return None
        page = await self._events.upcoming(**_asked(wanted), limit=2)
        return page.events[0].id if page.total == 1 else None

    async def _list(self, looking: Looking, topic: str) -> Told:
        topic = wording.TOPICS[looking.filter.kind] if looking.filter.kind else topic
        page = await self._events.upcoming(**_asked(looking.filter), limit=PAGE, offset=looking.offset)
        if not page.events and looking.offset:
            return Told(wording.NO_MORE, replace(looking, offset=looking.offset - PAGE))
        ids = tuple(event.id for event in page.events)
        if not ids:
            total = (await self._events.upcoming(limit=1)).total
            return Told(wording.none(looking.filter, total, topic=topic), replace(looking, page=()))
        reply = wording.listed(page, looking.filter, offset=looking.offset, topic=topic)
        return Told(reply, replace(looking, page=ids, asked=None))

    async def _mine(self, looking: Looking, conversation: str) -> Told:
        return Told(wording.mine(await self._events.mine(await self._person_of(conversation))), looking)

    async def _with(self, do: str, event_id: int, looking: Looking, conversation: str, key: str | None = None) -> Told:
        """Do something with one event; what stands in its way is said."""
        looking = replace(looking, asked=event_id)
        person = await self._person_of(conversation) if do != "details" else None
        pending = _AFTER_YES.get(do)
        if pending:
            key = secrets.token_urlsafe(9)
        try:
            reply = await self._do(do, event_id, person, key)
            if pending:
                looking = replace(looking, pending=pending, key=key)
        except rules.UnknownEvent:
            reply = wording.GONE
        except rules.EventCancelled:
            reply = wording.CALLED_OFF
        except rules.EventOver as error:
            reply = wording.over(error.since)
        except rules.NotSignedUp:
            reply = wording.NOT_SIGNED_UP
        except rules.AlreadyCheckedIn as error:
            reply = wording.came_already(error.at)
        except rules.AlreadySignedUp as error:
            stands = SignedUp(0, error.state, error.ticket, error.position)
            reply = wording.signed_up((await self._events.details(event_id)).event, stands, already=True)
        return Told(reply, looking)

    async def _do(self, do: str, event_id: int, person: int | None, key: str | None) -> Reply:
        found = await self._events.details(event_id, person)
        if do == "details" or person is None:
            return wording.details(found)
        if do == "sign_up":
            if found.mine:
                raise rules.AlreadySignedUp(found.mine.state, found.mine.ticket, found.mine.position)
            rules.check_not_cancelled(found.event.status, event_id)
            closes = rules.sign_up_closes(found.event.kind, found.event.starts_at, found.event.ends_at)
            rules.check_before(closes, self._clock())
            return wording.confirm_sign_up(found.event, key or f"e{event_id}")
        if do == "confirm":
            return wording.signed_up(found.event, await self._events.sign_up(event_id, person, key or f"e{event_id}"))
        if do == "cancel":
            if not found.mine:
                raise rules.NotSignedUp(event_id)
            return wording.confirm_cancel(found.event)
        await self._events.cancel(event_id, person)
        return wording.cancelled(found.event.title)


def _asked(wanted: Filter) -> dict[str, Any]:
    between = (wanted.first, wanted.last) if wanted.first and wanted.last else None
    return {"kind": wanted.kind, "mode": wanted.mode, "district": wanted.district, "between": between}
