"""The talk about joining and parting: known by its words alone, and answered by the gateway without the engine."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.base import Shown
from bot.clock import Clock
from bot.conversations.tables import Conversation
from bot.linking import rules, wording
from bot.linking.joining import Joining, Side
from bot.reply import Reply
from bot.store import Sessions

_SIDES: dict[str, Side] = {"here": "here", "there": "there"}


@dataclass(frozen=True)
class Said:
    """What is said to it, and what others were told, who are to be shown it."""

    reply: Reply
    told: tuple[Shown, ...] = ()


class LinkingTalk:
    """Answers what is about joining channels; a turn that comes again after a crash is answered as before."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._joining = Joining(sessions, clock)

    async def said(self, conversation: Conversation, text: str, payload: str | None) -> Said | None:
        """The answer to a turn; None where it is about something else."""
        identity = conversation.identity_id
        try:
            if payload is not None:
                return await self._pressed(identity, payload)
            wish = rules.wish_in(text)
            if wish is None or (wish.bare and not await self._joining.has_asked(identity)):
                return None
            if wish.do == "join":
                given = await self._joining.give_code(identity)
                return Said(wording.code(given.code, given.until, given.joined))
            if wish.do == "part":
                return Said(wording.ask_part(conversation.channel, await self._joining.others(identity)))
            asked = await self._joining.type_code(identity, wish.code)
            return Said(wording.ask(asked.channel, asked.code))
        except _REFUSALS as refusal:
            return Said(_refused(refusal))

    async def _pressed(self, identity: int, payload: str) -> Said | None:
        if payload.startswith(wording.JOIN):
            try:
                done = await self._joining.join(identity, payload.removeprefix(wording.JOIN))
            except rules.CodeWrong:
                return Said(wording.CODE_GONE)
            return Said(wording.together(done.channels, done.events), done.told)
        if payload.startswith(wording.LET_BE):
            await self._joining.let_be(identity, payload.removeprefix(wording.LET_BE))
            return Said(wording.NOT_JOINED)
        if payload.startswith(wording.PART):
            if (side := _SIDES.get(payload.removeprefix(wording.PART))) is None:
                return Said(wording.KEPT)
            apart = await self._joining.part(identity, side)
            return Said(wording.apart(apart.channels), apart.told)
        return None


_REFUSALS = (
    rules.InGroup, rules.LockedOut, rules.OwnCode, rules.SamePerson, rules.CodeWrong, rules.Busy, rules.Overlap, rules.Alone,
)  # fmt: skip


def _refused(refusal: Exception) -> Reply:
    match refusal:
        case rules.InGroup():
            return wording.IN_GROUP
        case rules.LockedOut(until=until):
            return wording.locked(until)
        case rules.CodeWrong(left=left):
            return wording.wrong(left)
        case rules.Overlap(here=here, there=there):
            return wording.overlap(here, there)
        case rules.Busy(why=why):
            return wording.DELETING if why == "deleting" else wording.TALKING
        case rules.OwnCode():
            return wording.OWN_CODE
        case rules.SamePerson():
            return wording.SAME
        case _:
            return wording.ALONE
