"""A stored message as one text with numbered choices, in parts that WeChat takes. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.channels.base import Shown
from bot.channels.wechat.text import LIMIT, cut, size

HOW = "回复数字选择"
HOW_TO_RATE = "有用回“赞”，没用回“踩”"
LATE = "刚才那句，查到了："
_ROOM = 400  # bytes that text has beside a list of choices; a list that leaves less is cut like text


@dataclass(frozen=True)
class Option:
    """A choice as it is numbered: what it says, and the token that it stands for."""

    label: str
    token: str


def options(message: Shown) -> tuple[Option, ...]:
    """The choices in the order of their numbers.

    Of several cards each has the number that it is read under: 2 and “第二个” are the second one's first choice. After
    them the next steps, then what else belongs to days, cards and filters.
    """
    body = message.body
    cards = [card.get("choices") or [] for card in body.get("cards") or ()]
    numbered = numbered_cards(message) > 0
    found = (
        [Option(f"{of[0]['label']}（第{n}条）", of[0]["token"]) for n, of in enumerate(cards, 1)] if numbered else []
    )
    found += [Option(c["label"], c["token"]) for c in body.get("choices") or ()]
    for day in body.get("days") or ():
        found += [Option(f"{day['label']} {c['label']}", c["token"]) for c in day["choices"]]
    for number, of in enumerate(cards, 1):
        where = f"（第{number}条）" if len(cards) > 1 else ""
        found += [Option(c["label"] + where, c["token"]) for c in of[numbered:]]
    found += [Option(f"去掉“{c['label']}”", c["token"]) for c in body.get("filters") or ()]
    return tuple(found)


def numbered_cards(message: Shown) -> int:
    """How many cards have the numbers that they are read under: all of several, where each has a choice."""
    cards = [card.get("choices") for card in message.body.get("cards") or ()]
    return len(cards) if len(cards) > 1 and all(cards) else 0


def line(number: int, option: Option) -> str:
    """A choice as it is read."""
    return f"{number} {option.label}"


def listing_of(messages: Sequence[Shown]) -> Shown | None:
    """The message whose choices are listed: the last one that has any."""
    return next((message for message in reversed(messages) if options(message)), None)


def rateable_of(messages: Sequence[Shown]) -> Shown | None:
    """The message that 赞 or 踩 is said of: the last one, where it is an answer."""
    last = messages[-1] if messages else None
    return last if last is not None and last.body.get("rateable") else None


def ours(message: Shown) -> list[str]:
    """The addresses of ours in a message: each needs a signed link to be opened here."""
    links = [link for card in message.body.get("cards") or () for link in (card.get("image"), card.get("link"))]
    links.append(message.body.get("page"))
    return [link["url"] for link in links if link and link["url"].startswith("/")]


def parts(message: Shown, signed: Mapping[str, str], limit: int = LIMIT) -> list[str]:
    """The message in parts to be shown one after the other; `signed` has a link for each of `ours` that has one."""
    return together([message], signed, limit=limit)


def together(
    messages: Sequence[Shown],
    signed: Mapping[str, str],
    *,
    late: Container[int] = (),
    beside: Callable[[Shown], str | None] = lambda _: None,
    limit: int = LIMIT,
) -> list[str]:
    """Several messages as one text, in parts. `late`: those that answer something else than what was said just now.
    `beside`: what is to be said beside one.

    One list of choices can be told apart by numbers: the last one.
    """
    paragraphs = [
        paragraph
        for message in messages
        for paragraph in (*([LATE] if message.id in late else ()), *_paragraphs(message, signed, beside(message)))
    ]
    found, rest = [], "\n\n".join(paragraphs) or "…"
    listing = listing_of(messages)
    choices = [line(number, option) for number, option in enumerate(options(listing), 1)] if listing else []
    how = [HOW] if choices else []
    how += [HOW_TO_RATE] if rateable_of(messages) is not None else []
    listed = "\n\n" + "\n".join([*choices, "，".join(how)]) if how else ""
    if size(listed) < limit - _ROOM:
        while size(rest + listed) > limit:
            part, rest = cut(rest, min(limit, size(rest) - 1))
            found.append(part)
    rest += listed
    while size(rest) > limit:
        part, rest = cut(rest, limit)
        found.append(part)
    return [*found, rest]


def _paragraphs(message: Shown, signed: Mapping[str, str], beside: str | None) -> Iterator[str]:
    body = message.body
    if by := body.get("by"):
        yield f"👤 {by}"
    yield from body.get("paragraphs") or [message.text]
    if beside:
        yield beside
    cards = body.get("cards") or []
    for number, card in enumerate(cards, 1):
        yield _card(card, f"· 第{number}条 " if len(cards) > 1 else "", signed)
    if source := body.get("source"):
        yield "\n".join(part for part in (source["text"], source.get("url")) if part)
    if end := list(_end(body)):
        yield " · ".join(end)


def _end(body: dict[str, Any]) -> Iterator[str]:
    if body.get("caveat"):
        yield body["caveat"]
    if body.get("checked"):
        checked = date.fromisoformat(body["checked"])
        yield f"核对于{checked.year}年{checked.month}月{checked.day}日"


def _card(card: dict[str, Any], number: str, signed: Mapping[str, str]) -> str:
    badge = f"【{card['badge']}】" if card.get("badge") else ""
    lines = [f"{number}{card['title']}{badge}", *(card.get("lines") or ())]
    for link in (card.get("image"), card.get("link")):
        url = link and (signed.get(link["url"]) if link["url"].startswith("/") else link["url"])
        if url:
            lines.append(f"{link['label']}：{url}")
    return "\n".join(lines)
