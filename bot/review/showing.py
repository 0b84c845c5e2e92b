"""Rows of the record as the pages show them. No I/O here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.conversations.tables import Feedback, Message, PressableChoice, Turn
from bot.review import words
from bot.review.tables import ConversationNote
from bot.review.views import Exchange, Facets, Line, Marked, Note, Pressable, TurnView

SNIPPET = 90
_BEFORE = 24
_NO_SLOTS = ("requested_slot",)


def facets(*texts: str) -> Facets:
    """What the index has on a turn."""
    found = {word for text in texts for word in text.split()}
    valued: dict[str, list[str]] = {}
    for word in sorted(found):
        if word[2:3] == ".":
            valued.setdefault(word[1], []).append(word[3:])
    return Facets(
        intent=next(iter(valued.get(words.INTENT, ())), None),
        outcome=next(iter(valued.get(words.OUTCOME, ())), None),
        topics=tuple(valued.get(words.TOPIC, ())),
        reasons=tuple(valued.get(words.REASON, ())),
        low=words.LOW in found,
        up=words.UP in found,
        down=words.DOWN in found,
        scam=words.SCAM in found,
        distress=words.DISTRESS in found,
        new=words.NEW in found,
        flagged=words.FLAGGED in found,
        handed=words.HANDED in found,
        waits=words.WAITS in found,
    )


def marked(text: str, asked: str, *, snippet: bool = True) -> Marked:
    """A text with what was looked for marked; as a snippet, shortened to where that stands."""
    text = " ".join(text.split()) if snippet else text
    lower = text.lower()
    terms = [term for term in asked.lower().split() if term] if len(lower) == len(text) else []
    places = sorted((at, at + len(term)) for term in terms for at in _places(lower, term))
    start = max(0, places[0][0] - _BEFORE) if snippet and places else 0
    end = start + SNIPPET if snippet else len(text)
    pieces: list[tuple[str, bool]] = [("…", False)] if start else []
    at = start
    for first, last in places:
        if first < at or last > end:
            continue
        pieces += [(text[at:first], False), (text[first:last], True)]
        at = last
    pieces.append((text[at:end], False))
    if end < len(text):
        pieces.append(("…", False))
    return tuple(piece for piece in pieces if piece[0])


def _places(text: str, term: str) -> Iterable[int]:
    at = text.find(term)
    while at >= 0:
        yield at
        at = text.find(term, at + len(term))


def pressed(messages: Sequence[Message], turns: Mapping[int, Turn], choices: Mapping[str, PressableChoice]) -> set[str]:
    """The tokens that were pressed: for each press the latest thing shown before it that reads and means the same."""
    found = set()
    shown = sorted(choices.values(), key=lambda choice: choice.message_id)
    for message in messages:
        turn = turns.get(message.turn_id or 0)
        if message.kind != "choice" or turn is None or turn.payload is None:
            continue
        if message.key and message.key.removeprefix("press:") in choices:
            found.add(message.key.removeprefix("press:"))
            continue
        fits = [
            choice
            for choice in shown
            if choice.message_id < message.id and choice.payload == turn.payload and choice.label == message.text
        ]
        if fits:
            found.add(fits[-1].token)
    return found


def exchanges(
    messages: Sequence[tuple[Message, Feedback | None]],
    turns: Mapping[int, Turn],
    choices: Mapping[str, PressableChoice],
    *,
    asked: str = "",
    hit_turn: int | None = None,
    hit_message: int | None = None,
    corrections: Sequence[Any] = (),
    cases: Sequence[Any] = (),
) -> list[Exchange]:
    """Messages by turn, in the order in which the turns began."""
    presses = pressed([message for message, _ in messages], turns, choices)
    groups: dict[Any, list[Line]] = {}
    for message, feedback in messages:
        key = message.turn_id or f"m{message.id}"
        groups.setdefault(key, []).append(_line(message, feedback, presses))
    found = []
    last: Turn | None = None
    last_said: str | None = None
    for key, lines in groups.items():
        turn = turns.get(key) if isinstance(key, int) else None
        said = next((line for line in lines if line.who == "person"), None)
        found.append(
            Exchange(
                lines=lines,
                turn=_turn(turn, said, last, last_said) if turn else None,
                hit=key == hit_turn if turn else any(line.id == hit_message for line in lines),
                corrections=[one for one in corrections if turn and one.turn_id == turn.id],
                cases=[one for one in cases if turn and one.turn_id == turn.id],
            )
        )
        if turn is not None and said is not None:
            last_said = "\n".join(said.paragraphs)
            last = turn if turn.topic or last is None else last
    return found


def _line(message: Message, feedback: Feedback | None, presses: set[str]) -> Line:
    body = message.body or {}
    who = "person" if message.direction == "in" else "staff" if message.kind == "staff" else "bot"

    def could(shown: Iterable[Mapping[str, str]] | None) -> tuple[Pressable, ...]:
        return tuple(Pressable(one["label"], one["token"] in presses) for one in shown or ())

    return Line(
        id=message.id,
        who=who,
        kind=message.kind,
        at=message.at,
        paragraphs=tuple(message.text.split("\n")) if message.direction == "in" else tuple(body.get("paragraphs") or message.text.split("\n")),
        by=body.get("by"),
        filters=could(body.get("filters")),
        cards=[{**card, "choices": could(card.get("choices"))} for card in body.get("cards") or ()],
        days=[(day["label"], could(day.get("choices"))) for day in body.get("days") or ()],
        choices=could(body.get("choices")),
        source=body.get("source"),
        caveat=body.get("caveat"),
        verdict=feedback.verdict if feedback else None,
        reasons=tuple(feedback.reasons) if feedback else (),
        comment=feedback.comment if feedback else None,
    )  # fmt: skip


def _turn(turn: Turn, said: Line | None, last: Turn | None, last_said: str | None) -> TurnView:
    slots = {name: value for name, value in (turn.slots or {}).items() if value not in (None, "", [], {}) and name not in _NO_SLOTS}  # fmt: skip
    return TurnView(
        id=turn.id,
        said="\n".join(said.paragraphs) if said else "",
        typed=turn.payload is None,
        state=turn.state,
        intent=turn.intent,
        confidence=turn.confidence,
        ranking=ranking(turn.ranking),
        outcome="failed" if turn.state == "failed" else turn.outcome,
        topic=turn.topic,
        aspect=turn.aspect,
        offered=tuple(turn.offered or ()),
        version=turn.answer_version,
        slots=tuple((name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) for name, value in slots.items()),
        actions=tuple(turn.actions or ()),
        milliseconds=turn.milliseconds,
        scam=tuple(sign["name"] for sign in turn.scam_signs or ()),
        before=last_said,
        current_topic=last.topic if last else None,
        current_aspect=last.aspect if last else None,
    )  # fmt: skip


def ranking(stored: Sequence[Any] | None) -> tuple[tuple[str, float], ...]:
    """Labels with their shares, best first, as the engine put them down."""
    found = []
    for one in stored or ():
        name, share = (one.get("name"), one.get("confidence")) if isinstance(one, Mapping) else (one[0], one[1])
        found.append((str(name), float(share or 0)))
    return tuple(found[:5])


def note(row: ConversationNote, account_id: int) -> Note:
    """A note as somebody sees it; of one that is deleted only that it was there."""
    return Note(
        id=row.id,
        by=row.by,
        mine=row.account_id == account_id,
        text="" if row.deleted_at else row.text,
        version=row.version,
        at=row.at,
        edited_at=row.edited_at,
        deleted=row.deleted_at is not None,
    )
