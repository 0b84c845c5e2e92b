"""Mending from a turn: how it should have been understood, and what must stay right from now on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.conversations.tables import Turn
from bot.knowledge.files import ASPECTS, GENERAL
from bot.knowledge.loading import REVIEW
from bot.knowledge.queries import phrasings, titles
from bot.knowledge.tables import PhrasingRow
from bot.review import queries, rules
from bot.review.notes import masked
from bot.review.rules import Unfit, Unknown
from bot.review.tables import Correction, RegressionCase
from bot.review.wording import INTENTS
from bot.store import Sessions

POLICY = "policy"
EXPECTS = ("served", "offered", "refused", "understood")


class Known(rules.Refusal):
    """A sentence that is a way to ask already: about the same topic, or about another one."""

    def __init__(self, topic: str, *, same: bool) -> None:
        super().__init__(f"known as {topic}")
        self.topic, self.same = topic, same


class Mending:
    """Each method is one transaction. What is saved is masked, and holds no person."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    # -- how it should have been understood ------------------------------------------------------------------------

    async def correct_topic(
        self, turn_id: int, text: str, topic: str, aspect: str, by: str, *, anyway: bool = False
    ) -> int:
        """Let a sentence be a way to ask about a topic: found at once, learnt at the next training. Its id.

        Raises Unknown, Unfit, or Known where it is a way to ask already; of another topic, `anyway` adds it all the same.
        """
        text = masked(rules.clean_text("text", text, rules.TEXT_LIMIT))
        try:
            async with self._sessions.begin() as db:
                turn = await _turn(db, turn_id)
                await self._check(db, topic, aspect)
                known = await _known(db, text)
                if topic in known:
                    raise Known(topic, same=True)
                if known and not anyway:
                    raise Known(known[0], same=False)
                row = self._correction(turn, "topic", text, POLICY, by)
                row.topic, row.aspect, row.added = topic, aspect, True
                db.add_all([row, PhrasingRow(topic_id=topic, aspect=aspect, text=text, origin=REVIEW)])
                await db.flush()
                return row.id
        except IntegrityError as error:  # a colleague added it at the same moment
            raise Known(topic, same=True) from error

    async def ask_for(self, texts: Sequence[str], topic: str, aspect: str, by: str) -> int:
        """Let sentences that several people asked be ways to ask about a topic; how many were none yet.

        Raises Unfit for a topic or aspect that does not exist.
        """
        try:
            async with self._sessions.begin() as db:
                return await self._ask_for(db, texts, topic, aspect, by)
        except IntegrityError:  # a colleague added one at the same moment: now it is known
            return await self.ask_for(texts, topic, aspect, by)

    async def _ask_for(self, db: AsyncSession, texts: Sequence[str], topic: str, aspect: str, by: str) -> int:
        added = 0
        await self._check(db, topic, aspect)
        known = {rules.same_key(one.text) for one in await phrasings(db)}
        for text in texts:
            text = masked(rules.clean_text("text", text[: rules.TEXT_LIMIT], rules.TEXT_LIMIT))
            if (key := rules.same_key(text)) in known:
                continue
            known.add(key)
            row = Correction(
                kind="topic", text=text, intent=POLICY, topic=topic, aspect=aspect, added=True, by=by, at=self._clock()
            )
            db.add_all([row, PhrasingRow(topic_id=topic, aspect=aspect, text=text, origin=REVIEW)])
            added += 1
        return added

    async def correct_intent(self, turn_id: int, text: str, intent: str, by: str) -> int:
        """Let a sentence be an utterance of an intent, heard from the next training on. Its id.

        Raises Unknown or Unfit.
        """
        text = masked(rules.clean_text("text", text, rules.TEXT_LIMIT))
        if intent not in INTENTS or intent == POLICY:
            raise Unfit("intent", "unknown")
        async with self._sessions.begin() as db:
            turn = await _turn(db, turn_id)
            for one in await queries.standing_corrections(db):
                if one.intent == intent and rules.same_key(one.text) == rules.same_key(text):
                    raise Unfit("text", "same")
            row = self._correction(turn, "intent", text, intent, by)
            db.add(row)
            await db.flush()
            return row.id

    def _correction(self, turn: Turn, kind: str, text: str, intent: str, by: str) -> Correction:
        return Correction(
            turn_id=turn.id,
            kind=kind,
            text=text,
            intent=intent,
            was_intent=turn.intent,
            was_topic=turn.topic,
            by=by,
            at=self._clock(),
        )

    async def undo(self, correction_id: int, by: str) -> None:
        """Take a correction back, and the phrasing with it. Raises Unknown."""
        async with self._sessions.begin() as db:
            row = await db.get(Correction, correction_id, with_for_update=True)
            if row is None:
                raise Unknown
            if row.undone_at is not None:
                return
            row.undone_by, row.undone_at = by, self._clock()
            if row.added:
                mine = (PhrasingRow.topic_id == row.topic, PhrasingRow.text == row.text)
                await db.execute(delete(PhrasingRow).where(*mine))

    async def redo(self, correction_id: int) -> None:
        """Let a correction hold again that was taken back. Raises Unknown."""
        async with self._sessions.begin() as db:
            row = await db.get(Correction, correction_id, with_for_update=True)
            if row is None:
                raise Unknown
            if row.undone_at is None:
                return
            row.undone_by = row.undone_at = None
            if row.kind == "topic" and row.topic and row.aspect:
                await self._check(db, row.topic, row.aspect)
                row.added = row.topic not in await _known(db, row.text)
                if row.added:
                    db.add(PhrasingRow(topic_id=row.topic, aspect=row.aspect, text=row.text, origin=REVIEW))

    # -- what must stay right --------------------------------------------------------------------------------------

    async def keep_case(
        self,
        turn_id: int,
        said: str,
        before: str,
        expects: str,
        by: str,
        *,
        topic: str | None = None,
        aspect: str | None = None,
        intent: str | None = None,
        current: tuple[str | None, str | None] = (None, None),
    ) -> int:
        """Keep a sentence with what has to become of it. `current`: topic and aspect that were talked of before.

        Its id. Raises Unknown or Unfit; Unfit `same` for one that is kept already.
        """
        said = masked(rules.clean_text("said", said, rules.TEXT_LIMIT))
        before = masked(rules.clean_text("before", before, rules.TEXT_LIMIT)) if before.strip() else ""
        if expects not in EXPECTS:
            raise Unfit("expects", "unknown")
        async with self._sessions.begin() as db:
            turn = await _turn(db, turn_id)
            if expects in ("served", "offered"):
                await self._check(db, topic or "", aspect or GENERAL)
            else:
                topic = aspect = None
            if expects == "understood" and intent not in INTENTS:
                raise Unfit("intent", "unknown")
            row = RegressionCase(
                turn_id=turn.id,
                said=said,
                before=before or None,
                current_topic=current[0] if before else None,
                current_aspect=current[1] if before else None,
                expects=expects,
                topic=topic,
                aspect=(aspect or GENERAL) if expects == "served" else None,
                intent=intent if expects == "understood" else None,
                by=by,
                at=self._clock(),
            )
            for one in await queries.standing_cases(db):
                if (one.said, one.before) == (row.said, row.before):
                    raise Unfit("said", "same")
            db.add(row)
            await db.flush()
            return row.id

    async def remove_case(self, case_id: int, by: str) -> None:
        """Let a case hold no longer. Raises Unknown."""
        await self._removed(case_id, by)

    async def restore_case(self, case_id: int) -> None:
        """Let a case hold again. Raises Unknown."""
        await self._removed(case_id, None)

    async def _removed(self, case_id: int, by: str | None) -> None:
        async with self._sessions.begin() as db:
            row = await db.get(RegressionCase, case_id)
            if row is None:
                raise Unknown
            row.removed_by, row.removed_at = by, self._clock() if by else None

    # -- lists -----------------------------------------------------------------------------------------------------

    async def corrections(self, before: int | None = None, limit: int = 50) -> Sequence[Correction]:
        """Corrections, the latest first, those with an id below `before`."""
        async with self._sessions() as db:
            return await queries.latest_corrections(db, before, limit)

    async def cases(self, before: int | None = None, limit: int = 50) -> Sequence[RegressionCase]:
        """Cases, the latest first, those with an id below `before`."""
        async with self._sessions() as db:
            return await queries.latest_cases(db, before, limit)

    async def counted(self) -> tuple[int, int]:
        """How many corrections and how many cases hold."""
        async with self._sessions() as db:
            return await queries.counted(db)

    async def titles(self) -> dict[str, str]:
        """Every topic's title, by id."""
        async with self._sessions() as db:
            return await titles(db)

    async def _check(self, db: AsyncSession, topic: str, aspect: str) -> None:
        if topic not in await titles(db):
            raise Unfit("topic", "unknown" if topic else "empty")
        if aspect not in (GENERAL, *ASPECTS):
            raise Unfit("aspect", "unknown")


async def _turn(db: AsyncSession, turn_id: int) -> Turn:
    turn = await db.get(Turn, turn_id)
    if turn is None:
        raise Unknown
    return turn


async def _known(db: AsyncSession, text: str) -> list[str]:
    """The topics that have a sentence among their phrasings, their title or other names, however it is spelt."""
    key = rules.same_key(text)
    exact = await db.scalars(select(PhrasingRow.topic_id).where(PhrasingRow.text == text))
    alike = [one.topic for one in await phrasings(db) if rules.same_key(one.text) == key]
    return list(dict.fromkeys([*exact, *alike]))
