"""/top and /sheet in a host's own Telegram; for everybody else these are words like any others."""

from __future__ import annotations

from datetime import timedelta

from bot.clock import Clock, today
from bot.figures.rules import Period
from bot.radio.groups.service import Groups
from bot.radio.programme.service import Programmes
from bot.radio.pull import rules, wording
from bot.radio.pull.hosts import HostChats
from bot.reply import Reply
from bot.store import Sessions

CHANNEL = "telegram"
_DAYS, _SHOWN = 7, 10


class HostTalk:
    """Answers hosts' commands."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._clock = clock
        self._chats, self._groups = HostChats(sessions, clock), Groups(sessions, clock)
        self._programmes = Programmes(sessions, clock)

    async def said(self, identity_id: int, channel: str, text: str) -> Reply | None:
        """The answer to a turn; None where it is no command, or not of a host. A turn that comes again is answered as before."""
        command = rules.command_in(text) if channel == CHANNEL else None
        if command is None:
            return None
        do, more = command
        if do == "host":
            return await self._tie(identity_id, more)
        if await self._chats.host_at(identity_id) is None:
            return None
        return await (self._top(more) if do == "top" else self._sheet())

    async def _tie(self, identity_id: int, code: str) -> Reply:
        if not await self._chats.is_alone(identity_id):
            await self._chats.spend(code)
            return wording.NOT_IN_GROUPS
        known = await self._chats.host_at(identity_id)
        if not code:
            return wording.tied(known) if known else wording.HOW_TO_TIE
        name = await self._chats.tie(identity_id, code) or known
        return wording.tied(name) if name else wording.WRONG_CODE

    async def _top(self, more: str) -> Reply:
        days = int(more) if more.isdecimal() and 0 < int(more[:4]) <= rules.MOST_DAYS and len(more) < 4 else _DAYS
        last = today(self._clock)
        found = await self._groups.counted(Period(last - timedelta(days=days - 1), last), limit=_SHOWN)
        return wording.top(found, days)

    async def _sheet(self) -> Reply:
        coming = await self._programmes.sheets()
        return wording.sheet(await self._programmes.sheet(coming[0].id)) if coming else wording.NO_SHEET
