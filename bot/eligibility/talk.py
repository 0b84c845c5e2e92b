"""A talk that goes through the eligibility check; the state comes in and goes out, nothing is held."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import SHANGHAI, Clock
from bot.eligibility import rules, wording
from bot.eligibility.forms import Fact
from bot.eligibility.service import EligibilityCheck
from bot.reply import Reply
from bot.text.facts import MORE, FactWords, Reading, forgets, joined, kept

PersonOf = Callable[[str], Awaitable[int]]
"""The person of a conversation, by its code."""
State = dict[str, Any] | None
BREAK = timedelta(days=1)
"""After so long a check is not gone on with unasked."""


@dataclass(frozen=True)
class Told:
    """A reply, and the slot's value after it; None: no check is open."""

    reply: Reply
    state: State


@dataclass(frozen=True)
class Check:
    """A check in the making. `step`: ask, or keep (the result was given, whether to use the facts is open).

    `asking` is the fact that was asked for last, `asked` how many questions were put, `skipped` what is not asked again.
    """

    step: str = "ask"
    facts: dict[str, Any] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    asking: str | None = None
    asked: int = 0
    at: datetime | None = None

    def to_slot(self, now: datetime) -> dict[str, Any]:
        """As the engine keeps it."""
        return {**asdict(self), "skipped": list(self.skipped), "at": now.astimezone(SHANGHAI).isoformat("T", "minutes")}

    @classmethod
    def from_slot(cls, slot: State) -> Check | None:
        """What `to_slot` wrote; None where no check is open."""
        if not slot:
            return None
        at = datetime.fromisoformat(slot["at"])
        return cls(**{**slot, "skipped": tuple(slot["skipped"]), "at": at})


class EligibilityTalk:
    """Answers each turn of a check. `state` is the value of the slot `check`."""

    def __init__(self, check: EligibilityCheck, words: FactWords, person_of: PersonOf, clock: Clock) -> None:
        self._check, self._words, self._person_of, self._clock = check, words, person_of, clock

    async def said(
        self, text: str, now: datetime | None, state: State, conversation: str, *, intent: str | None = None
    ) -> Told:
        """A typed turn. `intent`: what it was understood as, where the words do not tell by themselves."""
        now = now or self._clock()
        before = Check.from_slot(state)
        reading = self._words.read(text, now, asked=before.asking if before and before.step == "ask" else None)
        if forgets(text):
            return await self._forget(conversation)
        if before is None:
            return await self._opened(reading, now, conversation)
        if before.step == "keep":
            return await self._after(text, reading, before, now, conversation)
        return await self._within(reading, before, now, conversation, again=intent == "eligibility_check")

    async def resume(self, now: datetime | None, state: State) -> Reply | None:
        """The same question once more after something else was answered; None where nothing is being asked."""
        now = now or self._clock()
        check = Check.from_slot(state)
        if check is None or check.step != "ask" or check.at is None or now - check.at >= BREAK:
            return None
        return await self._question(check, wording.GO_ON)

    async def pressed(
        self, do: str, of: str | None, key: str | None, now: datetime | None, state: State, conversation: str
    ) -> Told:
        """A pressed choice, perhaps an old one: what it answers is corrected."""
        now = now or self._clock()
        check = Check.from_slot(state)
        match do:
            case "start" | "restart":
                return await self._go_on(Check(), now, conversation, lead=self._opening())
            case "keep" | "not_keep":
                return await self._keep(do == "keep", check, conversation)
            case "forget":
                return await self._forget(conversation)
            case "stop":
                return Told(wording.STOPPED, None)
            case "more" if of and of.isdecimal():
                return await self._looked(int(of), check, state, conversation)
            case "why":
                return await self._why(check, state, conversation)
        check = check or Check(facts=await self._facts_of(conversation))
        if do == "result":
            return await self._result(check, now, conversation)
        fact = self._check.facts.get(of) if of else None
        if fact is None:
            return await self._go_on(check, now, conversation)
        return await self._go_on(_answered(check, fact, do, key), now, conversation)

    # -- typed turns ---------------------------------------------------------------------------------------------------

    async def _opened(self, reading: Reading, now: datetime, conversation: str) -> Told:
        """No check is open."""
        corrected = reading.corrects and reading.given and reading.act != "restart"
        facts = await self._facts_of(conversation) if corrected else {}
        check = Check(facts=joined(facts, reading))
        if facts:
            return await self._go_on(check, now, conversation, lead=self._noted(wording.CORRECTED, reading))
        return await self._go_on(check, now, conversation, lead=self._opening(reading))

    async def _within(self, reading: Reading, check: Check, now: datetime, conversation: str, *, again: bool) -> Told:
        """A question is open."""
        fact = self._check.facts.get(check.asking) if check.asking else None
        heard = replace(check, facts=joined(check.facts, reading))
        match reading.act:
            case "restart":
                return await self._go_on(Check(), now, conversation, lead=self._opening())
            case "quit" if not reading.given:
                return Told(wording.STOPPED, None)
            case "result":
                return await self._result(heard, now, conversation)
        if reading.none and fact is not None:
            return await self._go_on(_answered(heard, fact, "none", None), now, conversation)
        if reading.given or reading.denied:
            lead = self._noted(wording.CORRECTED if reading.corrects else wording.NOTED, reading)
            return await self._go_on(heard, now, conversation, lead=lead)
        if reading.act in ("skip", "unknown") and fact is not None:
            return await self._go_on(_answered(check, fact, reading.act, None), now, conversation)
        known = again or reading.act == "resume"
        reply = await self._question(check, wording.GO_ON if known else wording.NOT_UNDERSTOOD)
        return Told(reply, check.to_slot(now))

    async def _after(self, text: str, reading: Reading, check: Check, now: datetime, conversation: str) -> Told:
        """The result is there, and whether to use the facts later was asked."""
        if reading.act == "restart":
            return await self._go_on(Check(), now, conversation, lead=self._opening())
        if reading.given and (reading.corrects or kept(text) is None):
            again = replace(check, step="ask", facts=joined(check.facts, reading))
            return await self._go_on(again, now, conversation, lead=self._noted(wording.CORRECTED, reading))
        if reading.act == "more":
            return await self._looked(wording.PAGE, check, check.to_slot(now), conversation)
        if reading.act == "why":
            return await self._why(check, check.to_slot(now), conversation)
        answer = kept(text)
        if answer is not None:
            return await self._keep(answer, check, conversation)
        return await self._go_on(Check(facts=joined({}, reading)), now, conversation, lead=self._opening(reading))

    # -- what several turns share --------------------------------------------------------------------------------------

    async def _go_on(self, check: Check, now: datetime, conversation: str, *, lead: str = "") -> Told:
        """The next question that still decides something; the result where there is none, or enough was asked."""
        benefits = await self._check.benefits()
        if not benefits:
            return Told(wording.NO_BENEFITS, None)
        wanted = await self._deciding(check)
        if not wanted or check.asked >= rules.QUESTIONS:
            return await self._result(check, now, conversation, lead=lead)
        fact = next((fact for fact in wanted if fact.id == check.asking and fact.kind == "many"), wanted[0])
        check = replace(check, step="ask", asking=fact.id, asked=check.asked + (fact.id != check.asking))
        return Told(await self._question(check, lead), check.to_slot(now))

    async def _deciding(self, check: Check) -> list[Fact]:
        current = [one.eligibility for one in await self._check.benefits() if one.standing != "ended"]
        return rules.deciding(current, check.facts, self._check.facts, check.skipped)

    async def _question(self, check: Check, lead: str) -> Reply:
        """The open question; “3/7”: the third, of seven if every one that may still decide is asked."""
        fact = self._check.facts.get(check.asking or "")
        if fact is None:
            return wording.NOTHING_OPEN
        left = rules.options_left(fact, check.facts)
        others = [one for one in await self._deciding(check) if one.id != fact.id]
        most = max(check.asked, min(check.asked + len(others), rules.QUESTIONS))
        named = len(left) < len(fact.choices) and fact.kind == "many"
        return wording.question(fact, left, number=check.asked, most=most, named=named, lead=lead)

    async def _result(self, check: Check, now: datetime, conversation: str, *, lead: str = "") -> Told:
        """The result; its facts are kept for the page."""
        person = await self._person_of(conversation)
        await self._check.keep(person, check.facts)
        stored = await self._check.kept(person)
        ask = stored is None or stored.agreed_in != conversation
        found = await self._check.result(check.facts)
        described = rules.described(check.facts, self._check.facts)
        reply = wording.result(found, described, ask=ask, lead=lead)
        after = replace(check, step="keep", asking=None) if ask else None
        return Told(reply, after.to_slot(now) if after else None)

    async def _facts_of(self, conversation: str) -> dict[str, Any]:
        stored = await self._check.kept(await self._person_of(conversation))
        return stored.facts if stored else {}

    async def _looked(self, offset: int, check: Check | None, state: State, conversation: str) -> Told:
        facts = check.facts if check else await self._facts_of(conversation)
        return Told(wording.more(await self._check.result(facts), offset), state)

    async def _why(self, check: Check | None, state: State, conversation: str) -> Told:
        facts = check.facts if check else await self._facts_of(conversation)
        return Told(wording.why_not(await self._check.result(facts)), state)

    async def _keep(self, yes: bool, check: Check | None, conversation: str) -> Told:
        """The answer to whether the facts may be used; a check begun since goes on."""
        person = await self._person_of(conversation)
        state = check.to_slot(check.at or self._clock()) if check and check.step == "ask" else None
        if not yes:
            await self._check.disagree(person)
            return Told(wording.NOT_AGREED, state)
        if not await self._check.agree(person, conversation):
            return Told(wording.NOTHING_KEPT, state)
        return Told(wording.AGREED, state)

    async def _forget(self, conversation: str) -> Told:
        gone = await self._check.forget(await self._person_of(conversation))
        return Told(wording.FORGOTTEN if gone else wording.NOTHING_KEPT, None)

    def _opening(self, reading: Reading | None = None) -> str:
        if reading is not None and reading.given:
            return self._noted(wording.NOTED, reading)
        return wording.OPENING.format(most=rules.QUESTIONS)

    def _noted(self, line: str, reading: Reading) -> str:
        """What was taken from a turn, in words; nothing where it only said what does not hold."""
        return wording.noted(line, rules.described(joined({}, reading), self._check.facts))


def _answered(check: Check, fact: Fact, do: str, key: str | None) -> Check:
    """The check with one answer; of a choice that there is no more, unchanged."""
    known = check.facts.get(fact.id)
    before = list(known) if isinstance(known, list) else []
    skipped = tuple(one for one in check.skipped if one != fact.id)
    match do:
        case "answer" if fact.kind == "many" and key in {choice.id for choice in fact.choices}:
            named = [one for one in before if one not in (MORE, key)]
            return replace(check, facts={**check.facts, fact.id: [*named, key, MORE]}, skipped=skipped)
        case "answer" if fact.kind == "one" and key in {choice.id for choice in fact.choices}:
            return replace(check, facts={**check.facts, fact.id: key}, skipped=skipped)
        case "none" if fact.kind == "many":
            named = [one for one in before if one != MORE]
            return replace(check, facts={**check.facts, fact.id: named}, skipped=skipped)
        case "unknown" | "skip":
            return replace(check, skipped=(*skipped, fact.id))
    return check
