"""Two models before the same sentences: the cases that staff keep, and a sample of tests/evaluation, row by row.

Each model answers in an engine of its own, with the knowledge that is served now (bot.evaluation.stage).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluation.files import FollowupRow, IntentRow, TopicRow, read_rows
from bot.evaluation.measures import Happened, followups_summary, intents_summary, topics_summary
from bot.evaluation.running import Chat, chat_with
from bot.evaluation.stage import stage
from bot.running.trial import TrialFailed, answering
from bot.settings import ROOT, Settings
from bot.training.rules import Case, Compared, Difference, WorkFailed, differs

FILES = ROOT / "tests" / "evaluation"
EVERY = {"topics": 2, "followups": 2, "intents": 3, "care": 3}
"""Of each file every so many rows: that many are put to both models in about a minute."""
_FORMS = {"care": "intents"}  # files that are of another file's form
_SUMMARIES = {"topics": topics_summary, "followups": followups_summary, "intents": intents_summary}
_TOLD = {
    "topics": ("top1", "top3", "served_right", "served_wrong", "refused"),
    "followups": ("topic", "aspect", "both"),
    "intents": ("accuracy", "macro_f1", "serious_distress_recall"),
}


@dataclass(frozen=True)
class Sentence:
    """One thing to say, with what is said before it and what has to become of it."""

    kind: str
    row: Any
    said: str
    openings: tuple[str, ...]
    expected: dict[str, Any]


def sentences(cases: Sequence[Case], folder: Path = FILES) -> tuple[list[Sentence], dict[str, list[int]]]:
    """What is put to the models, and of each kind how many of how many. An installation may have no files."""
    found = [
        Sentence("case", case, case.said, (case.before,) if case.before else (), case.expected()) for case in cases
    ]
    sample = {"case": [len(found), len(found)]}
    for kind, every in EVERY.items():
        if not (file := folder / f"{kind}.jsonl").exists():
            continue
        rows = read_rows(_FORMS.get(kind, kind), file)
        picked = [_sentence(kind, row) for row in rows[::every]]
        found += picked
        sample[kind] = [len(picked), len(rows)]
    return found, sample


def _sentence(kind: str, row: Any) -> Sentence:
    if isinstance(row, TopicRow):
        return Sentence(kind, row, row.text, (), {"topic": row.topic, "also_ok": row.also_ok, "aspect": row.aspect})
    if isinstance(row, FollowupRow):
        return Sentence(kind, row, row.second, (row.first,), {"topic": row.topic, "aspect": row.aspect})
    assert isinstance(row, IntentRow)
    return Sentence(kind, row, row.text, (), {"kind": row.kind})


async def compare(
    settings: Settings, before: str, after: str, cases: Sequence[Case], progress: Callable[[str], None]
) -> Compared:
    """Put the same sentences to two models. `progress` hears which one, and how far. Raises WorkFailed."""
    said, sample = sentences(cases)
    happened = []
    try:
        async with stage(settings) as trial:
            for name, model in (("before", before), ("after", after)):
                told = []
                async with answering(trial, settings.models, model), chat_with(trial) as chat:
                    for one in said:
                        told.append(await _say(chat, one))
                        progress(f"{name} {len(happened) * len(said) + len(told)}/{2 * len(said)}")
                happened.append(told)
    except TrialFailed as error:
        raise WorkFailed(str(error)) from error
    return compared(said, happened[0], happened[1], sample)


async def _say(chat: Chat, one: Sentence) -> Happened:
    """What becomes of a sentence of somebody new, after what was said before."""
    person = uuid.uuid4().hex
    for opening in one.openings:
        became = await chat.say(person, opening)
        case = one.row
        if isinstance(case, Case) and case.current_title and became.topics[:1] != (case.current_topic,):
            person = uuid.uuid4().hex  # it was said in the middle of a talk about a topic
            await chat.say(person, case.current_title)
            await chat.say(person, opening)
    return await chat.say(person, one.said)


def compared(
    said: Sequence[Sentence], before: Sequence[Happened], after: Sequence[Happened], sample: dict[str, list[int]]
) -> Compared:
    """Figures of both, and the sentences that differ or that both have wrong."""
    figures: dict[str, Any] = {"sample": sample, "before": {}, "after": {}}
    right: dict[str, list[bool]] = {}
    for name, happened in (("before", before), ("after", after)):
        right[name] = [False] * len(said)
        for kind in sample:
            places = [i for i, one in enumerate(said) if one.kind == kind]
            pairs = [(said[i].row, happened[i]) for i in places]
            figures[name][kind], good = _judged(kind, pairs)
            for i, is_right in zip(places, good, strict=True):
                right[name][i] = is_right
    found = []
    for i, one in enumerate(said):
        was, is_ = _plain(before[i]), _plain(after[i])
        was_right, is_right = right["before"][i], right["after"][i]
        if was_right != is_right or differs(was, is_) or not is_right:
            opening = one.openings[-1] if one.openings else None
            found.append(Difference(one.kind, one.said, opening, one.expected, was, is_, was_right, is_right))
    return Compared(figures, found)


def _judged(kind: str, pairs: list[tuple[Any, Happened]]) -> tuple[dict[str, Any], list[bool]]:
    if kind == "case":
        good = [case.is_right(got.intent, got.outcome, got.topics, got.aspect) for case, got in pairs]
        return {"n": len(good), "right": sum(good)}, good
    form = _FORMS.get(kind, kind)
    summary, good = _SUMMARIES[form](pairs)
    return {"n": len(good), "right": sum(good)} | {name: summary[name] for name in _TOLD[form]}, good


def _plain(got: Happened) -> dict[str, Any]:
    return {
        "intent": got.intent,
        "outcome": got.outcome,
        "topics": list(got.topics[:3]),
        "aspect": got.aspect,
        "text": got.text,
    }
