"""Whether to answer, to offer or to say that we do not know; and what still holds. Plain Python, no I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.knowledge.files import ASPECTS, GENERAL

SERVE = 0.55  # share of confidence from which an answer is given outright; measured on tests/evaluation/dev
SURE = 0.80  # share from which a topic is what was meant, although the message reads as a wish for a service
OUTSIDE = 0.80  # share from which a topic is worth naming although the message reads as none of our business
LEAD = 0.10  # how far the first topic must be ahead of the second
OFFER = 0.12  # below this no topic is worth offering
OFFERED = 3  # topics offered at most
FOLLOW = 1.00  # what the share of `followup` is worth beside the shares of topics
STAY = -0.05  # a follow-up stays on its topic from this sum on; measured beside questions that change the subject
SERVE_SAME = 0.20  # share from which a question is answered outright when it is likeliest about the subject before
ASPECT = 0.30  # share from which an aspect counts as asked for

Standing = Literal["current", "unconfirmed", "ended"]


@dataclass(frozen=True)
class Question:
    """What was understood of one message, and what was talked of before it."""

    text: str
    intent: str
    confidence: float = 0.0
    topics: tuple[tuple[str, float], ...] = ()
    aspects: tuple[tuple[str, float], ...] = ()
    current: str | None = None  # topic of the answer before
    current_aspect: str | None = None
    last_outcome: str | None = None
    last_offered: tuple[str, ...] = ()
    vector: str | None = None  # the text's sentence vector, packed, where the engine has made it
    chosen_topic: str | None = None  # a pressed choice
    chosen_aspect: str | None = None


@dataclass(frozen=True)
class Decision:
    """What to do: serve one topic's aspect, explain a term, offer topics, or refuse."""

    kind: Literal["serve", "offer", "refuse", "which"]
    topics: tuple[str, ...] = ()
    aspect: str = GENERAL
    stayed: bool = field(default=False, compare=False)


def decide(question: Question, ranked: list[tuple[str, float]]) -> Decision:
    """Choose by the shares of the topics, `ranked` best first (the classifier's and the live neighbours' together)."""
    aspect = asked_aspect(question.aspects)
    if question.chosen_topic:
        return Decision("serve", (question.chosen_topic,), question.chosen_aspect or GENERAL)
    before = subject(question)
    if before and _stays(question, ranked):
        return Decision("serve", (before,), best_aspect(question.aspects), stayed=True)
    if question.intent == "followup" and not before and (not ranked or ranked[0][1] < SERVE):
        return Decision("which", tuple(topic for topic, s in ranked[:OFFERED] if ranked[0][1] >= SERVE / 2), aspect)
    if not ranked or ranked[0][1] < (OUTSIDE if question.intent == "out_of_scope" else OFFER):
        return Decision("refuse")
    first, share = ranked[0]
    runner_up = ranked[1][1] if len(ranked) > 1 else 0.0
    if (share >= SERVE and share - runner_up >= LEAD) or (first == before and share >= SERVE_SAME):
        return Decision("serve", (first,), aspect)
    likely = tuple(
        topic for n, (topic, s) in enumerate(ranked[:OFFERED]) if n < 2 or s >= OFFER / 3
    )  # one is no choice
    return Decision("offer", likely, aspect)


def plainly_about(question: Question) -> str | None:
    """The topic that a message names beyond doubt, whatever its intent was taken for."""
    return question.topics[0][0] if question.topics and question.topics[0][1] >= SURE else None


def subject(question: Question) -> str | None:
    """What was talked of: the topic of the answer before, or the first one offered since."""
    if question.last_outcome == "offered" and question.last_offered:
        return question.last_offered[0]
    return question.current


def _stays(question: Question, ranked: list[tuple[str, float]]) -> bool:
    """Whether a message is about the subject before, by how much it reads like a follow-up and what else it names."""
    before = subject(question)
    if before is None or question.intent != "followup":
        return False
    other = max((share for topic, share in ranked if topic != before), default=0.0)
    behind = dict(ranked).get(before, 0.0) - other
    return FOLLOW * question.confidence + behind > STAY


def asked_aspect(aspects: tuple[tuple[str, float], ...]) -> str:
    """The aspect a question asks for, `general` when none is clear."""
    return aspects[0][0] if aspects and aspects[0][1] >= ASPECT else GENERAL


def best_aspect(aspects: tuple[tuple[str, float], ...]) -> str:
    """The likeliest aspect of a follow-up, which hardly ever asks for the whole again."""
    return next((name for name, _ in aspects if name in ASPECTS), GENERAL)


def standing(valid_until: date | None, state: str, *, today: date) -> Standing:
    """Whether a policy holds today: `ended` past its last day, `unconfirmed` where no source says that it goes on."""
    if state == "expired" or (valid_until is not None and valid_until < today):
        return "ended"
    return "unconfirmed" if state == "unknown" else "current"


_MEANING = re.compile(
    r"^(?:那|这个?|所谓|请问|小同)*[“\"'「]?(.{2,14}?)[”\"'」]?(?:这个词)?"
    r"(?:到底|究竟|具体|又)?(?:是(?:个)?(?:什么|啥|甚|嘛)(?:意思|东西|玩意儿?|呀|啊|来的)?|(?:什么|啥|甚)(?:意思|叫)|指(?:的是)?(?:什么|啥|甚)|怎么理解|咋理解)"
    r"[呀啊呢吗?？。!！]*$"
)
_MEANING_FIRST = re.compile(r"^(?:什么|啥|甚)(?:是|叫|叫做)[“\"'「]?(.{2,14}?)[”\"'」]?[呀啊呢吗?？。!！]*$")


def asked_term(text: str) -> str | None:
    """The word whose meaning is asked (“反担保是啥意思” → 反担保), None if it is no such question."""
    plain = text.strip().replace(" ", "")
    for pattern in (_MEANING_FIRST, _MEANING):
        if match := pattern.match(plain):
            return match[1]
    return None
