"""What comes before the engine, and over it: danger, the stop after it, and a person who has taken over.

Everything here happens in the transaction of the turn, so a reply to danger is never stored without its alert.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.care import queries as care
from bot.care import rules, wording
from bot.channels.base import Shown
from bot.conversations import queries as record
from bot.conversations.engine import TurnResult
from bot.conversations.messages import put
from bot.conversations.tables import Conversation, Message, Turn
from bot.handover import queries as handovers
from bot.handover import wording as offer
from bot.handover.lines import expired
from bot.handover.offering import IN_A_ROW, failed_in_a_row
from bot.reply import Reply
from bot.text.distress import Danger, danger_in

DANGER, STOPPED, TAKEN = "care_danger", "care_stopped", "taken_over"
"""What the record has in the place of actions for a turn that the gateway closed by itself."""


@dataclass(frozen=True)
class Guarded:
    """A turn that the engine does not answer: why, and the signal if it is one.

    `found_by`: rule or model. `stops`: after it nothing answers by itself.
    """

    why: str
    danger: Danger | None = None
    found_by: str = "rule"
    stops: bool = True

    def reply(self, last: str | None) -> Reply | None:
        """What is said, not what was said just before; None: nothing, for a person is there."""
        if self.why == DANGER:
            return wording.danger(last)
        return wording.waiting(last) if self.why == STOPPED else None


async def look(
    db: AsyncSession, turn: Turn, message: Message, conversation: Conversation, *, now: datetime, quiet: timedelta
) -> tuple[Guarded | None, Shown | None]:
    """Whether a turn is not the engine's, and a line to be shown before whatever is said (staff fell silent)."""
    typed = turn.payload is None
    danger = danger_in(message.text) if typed else None
    if danger is None and typed and rules.may_go_on(message.text):
        since = message.at - rules.JOINED_WITHIN
        before = await care.said_before(db, conversation.id, message.id, since, rules.JOINED)
        danger = danger_in(message.text, before) if before else None
    stopped, taken = await handovers.situation(db, conversation.person_id)
    line = None
    if taken is not None and taken.last_staff_at is not None and now - taken.last_staff_at >= quiet:
        line, taken = await expired(db, taken.id, quiet=quiet, now=now), None
    if danger is not None:
        return Guarded(DANGER, danger), line
    if taken is not None:
        return Guarded(TAKEN), line
    return (Guarded(STOPPED) if stopped else None), line


async def over(
    db: AsyncSession, result: TurnResult, message_text: str, conversation: Conversation, payload: str | None
) -> Guarded | None:
    """Whether what the engine says is not said: it saw danger, or somebody took over while it was at it."""
    if result.intent == rules.SERIOUS and payload is None:
        danger = rules.found_by_model(message_text)
        return Guarded(DANGER, danger, "model", rules.stops("model", result.confidence))
    stopped, taken = await handovers.situation(db, conversation.person_id)
    if taken is not None:
        return Guarded(TAKEN)
    return Guarded(STOPPED) if stopped else None


async def put_down(db: AsyncSession, turn: Turn, conversation: Conversation, guarded: Guarded, now: datetime) -> None:
    """What the record has of a guarded turn, with the alert where it is danger."""
    turn.actions = [guarded.why]
    if guarded.danger is None:
        return
    turn.intent = rules.SERIOUS
    turn.confidence = turn.confidence if guarded.found_by == "model" else 1.0
    care.put_alert(
        db,
        person_id=conversation.person_id,
        conversation_id=conversation.id,
        turn_id=turn.id,
        kind=guarded.danger.kind,
        words=guarded.danger.words,
        found_by=guarded.found_by,
        stops=guarded.stops,
        at=now,
    )


async def greeting(db: AsyncSession, person_id: int, usual: Reply) -> Reply:
    """What a new conversation begins with: a restart does not end the stop after danger."""
    return wording.waiting(None) if await care.is_stopped(db, person_id) else usual


async def after_a_miss(db: AsyncSession, turn: Turn, reply: Reply) -> Reply:
    """A reply that has no answer, with the offer of a person where it is the second in a row."""
    failed = await failed_in_a_row(db, turn.conversation_id, before=turn.id)
    return offer.offered(reply) if failed + 1 >= IN_A_ROW else reply


async def after_a_thumb_down(db: AsyncSession, rated: Message, now: datetime) -> Shown | None:
    """The offer of a person, once, where a 👎 makes it the second turn in a row that helped nobody."""
    conversation = await db.get_one(Conversation, rated.conversation_id)
    key = f"human-offer:{rated.turn_id}"
    if await failed_in_a_row(db, conversation.id) < IN_A_ROW:
        return None
    if await record.message_by_key(db, conversation.identity_id, key) is not None:
        return None
    stopped, taken = await handovers.situation(db, conversation.person_id)
    if stopped or taken is not None:
        return None
    return record.shown(await put(db, conversation, offer.OFFER, "reply", at=now, key=key), conversation.code)
