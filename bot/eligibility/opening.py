"""The eligibility check put together, for the processes that offer it."""

from __future__ import annotations

from functools import partial

from bot.clock import Clock
from bot.conversations.finding import person_of
from bot.eligibility.files import read_facts
from bot.eligibility.service import EligibilityCheck
from bot.eligibility.talk import EligibilityTalk
from bot.store import Sessions
from bot.text.facts import FactWords


def open_check(sessions: Sessions, clock: Clock) -> tuple[EligibilityCheck, EligibilityTalk]:
    """The check over the facts of the project's file, and the talk about it."""
    facts = read_facts()
    check = EligibilityCheck(sessions, clock, facts)
    words = FactWords(facts.model_dump()["facts"])
    return check, EligibilityTalk(check, words, partial(person_of, sessions), clock)
