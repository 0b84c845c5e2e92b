"""What can be done with the eligibility check: judge facts by the live conditions, keep them, use them, forget them."""

from __future__ import annotations

import logging
from typing import Any

from pydantic import ValidationError

from bot.clock import Clock, today
from bot.eligibility import queries, rules, wording
from bot.eligibility.forms import Eligibility, Facts
from bot.eligibility.views import Benefit, Kept, Line, Result
from bot.knowledge import queries as knowledge_queries
from bot.knowledge.rules import standing
from bot.knowledge.tables import TopicRow
from bot.store import Sessions

logger = logging.getLogger(__name__)


class EligibilityCheck:
    """Benefits by the facts of a person. Conditions are read from the live tables: an edit counts at once."""

    def __init__(self, sessions: Sessions, clock: Clock, facts: Facts) -> None:
        self._sessions, self._clock, self.facts = sessions, clock, facts
        self._rows: tuple[tuple[TopicRow, Eligibility], ...] = ()
        self._revision = -1

    async def benefits(self) -> tuple[Benefit, ...]:
        """Every benefit as it stands now. One with conditions that are not of the form is left out, and logged."""
        async with self._sessions() as db:
            revision = await knowledge_queries.revision(db)
            if revision != self._revision:
                rows = await queries.benefits(db)
                self._rows = tuple((row, form) for row in rows if (form := self._form(row)) is not None)
                self._revision = revision
        return tuple(self._benefit(row, form) for row, form in self._rows)

    async def result(self, facts: dict[str, Any]) -> Result:
        """What the facts say of every benefit. A policy past its last day is none to be had."""
        known = rules.checked(facts, self.facts)
        groups: dict[str, list[Line]] = {"likely": [], "possible": [], "no": []}
        employer: list[Line] = []
        ended: list[Benefit] = []
        for benefit in await self.benefits():
            judged = rules.judge(benefit.eligibility, known)
            if benefit.standing == "ended":
                ended += [benefit] if judged.verdict != "no" else []
            elif benefit.eligibility.for_ == "employer":
                employer += [Line(benefit, judged)] if judged.verdict != "no" else []
            else:
                groups[judged.verdict].append(Line(benefit, judged))
        employer.sort(key=lambda line: line.judged.verdict != "likely")
        groups["possible"].sort(key=lambda line: (len(line.judged.missing), line.benefit.standing == "unconfirmed"))
        groups["likely"].sort(
            key=lambda line: line.benefit.standing == "unconfirmed"
        )  # what surely goes on comes first
        return Result(known, **{k: tuple(v) for k, v in groups.items()}, employer=tuple(employer), ended=tuple(ended))

    async def keep(self, person: int, facts: dict[str, Any]) -> None:
        """Keep a person's facts for the page of their result, in the place of those before."""
        known = rules.checked(facts, self.facts)
        async with self._sessions.begin() as db:
            await queries.keep(db, person, known, self._clock())

    async def kept(self, person: int) -> Kept | None:
        """The facts of a person's latest check. A value that the form has no more is left out."""
        async with self._sessions() as db:
            row = await queries.facts_of(db, person)
        return Kept(self._still_known(row.facts), row.agreed_in, row.at) if row else None

    async def agree(self, person: int, conversation: str) -> bool:
        """Let a person's facts be used for later answers of a conversation; False where there are none."""
        async with self._sessions.begin() as db:
            return await queries.agree(db, person, conversation)

    async def disagree(self, person: int) -> None:
        """Let a person's facts be used for nothing but their own result."""
        async with self._sessions.begin() as db:
            await queries.agree(db, person, None)

    async def forget(self, person: int) -> bool:
        """Delete a person's facts; whether there were any."""
        async with self._sessions.begin() as db:
            return await queries.forget(db, person)

    async def remark(self, conversation: str, topic: str) -> str | None:
        """One line on a topic by the facts agreed to in a conversation; None without facts, or where it is no benefit."""
        async with self._sessions() as db:
            facts = await queries.agreed_facts(db, conversation)
        if facts is None:
            return None
        benefit = next((one for one in await self.benefits() if one.topic == topic), None)
        if benefit is None or benefit.standing == "ended":
            return None
        return wording.remark(Line(benefit, rules.judge(benefit.eligibility, self._still_known(facts))))

    def _still_known(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Stored facts without those that were taken out of the form since."""
        found: dict[str, Any] = {}
        for fact_id, value in facts.items():
            try:
                found |= rules.checked({fact_id: value}, self.facts)
            except rules.UnknownFact as error:
                logger.warning("a stored fact is none any more: %s", error)
        return found

    def _form(self, row: TopicRow) -> Eligibility | None:
        try:
            form = Eligibility.model_validate(row.eligibility)
        except ValidationError as error:
            logger.error("conditions of %s are not of the form: %s", row.id, error)
            return None
        for place, reason in self.facts.faults(form):
            logger.error("conditions of %s: %s: %s", row.id, ".".join(map(str, place)), reason)
            return None
        return form

    def _benefit(self, row: TopicRow, form: Eligibility) -> Benefit:
        texts = {text.key: text.text for text in row.texts}
        sources = {source.n: source for source in row.sources}
        return Benefit(
            topic=row.id,
            title=row.title,
            eligibility=form,
            when=texts.get("when"),
            materials=texts.get("materials"),
            sources=tuple(sources[n] for n in form.sources if n in sources),
            checked_on=row.checked_on,
            check_status=row.check_status,
            valid_until=row.valid_until,
            standing=standing(row.valid_until, row.state, today=today(self._clock)),
        )
