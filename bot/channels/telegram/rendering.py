"""A stored message as Telegram's messages: texts with buttons, files and pictures. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from bot.channels.base import Shown
from bot.channels.telegram.text import Block, escaped, joined, packed

OURS = ":"
"""What begins the data of a button that is no choice: no token has it."""
NOTHING = OURS
ROW, BUTTONS = 8, 100  # buttons in a row and under a message, at most
_WIDTH = 16  # Chinese characters that fit side by side on a narrow phone
_SEEN = "✓ "


@dataclass(frozen=True)
class Button:
    """One button: what is read, and either what a press sends or where it leads."""

    label: str
    data: str | None = None
    url: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Part:
    """One message of Telegram's: a text with buttons, or the address of ours whose content is sent as a file."""

    html: str = ""
    rows: Rows = ()
    document: str | None = None
    caption: str = ""


def parts_of(message: Shown) -> list[Part]:
    """A stored message part by part; the buttons are under the last text.

    An address of ours is opened by a browser's cookie, which nobody has here: what it shows is sent as a file.
    """
    body = message.body
    texts = packed(_blocks(message)) or [escaped("…")]
    keyboards = _keyboards(_rows(message))
    parts = [Part(html) for html in texts]
    parts[-1] = replace(parts[-1], rows=keyboards[0])
    parts += [Part("还有这些：", rows) for rows in keyboards[1:]]
    return parts + [
        Part(document=link["url"], caption=_caption(card, link))
        for card in body.get("cards") or ()
        for link in (card.get("image"), card.get("link"))
        if link and _is_ours(link)
    ]


def _is_ours(link: dict[str, str]) -> bool:
    return link["url"].startswith("/")


def _caption(card: dict[str, Any], link: dict[str, str]) -> str:
    return f"{card['title']}：{link['label']}"


# -- what is read ------------------------------------------------------------------------------------------------------


def _blocks(message: Shown) -> Iterator[Block]:
    body = message.body
    paragraphs = body.get("paragraphs") or [message.text]
    if by := body.get("by"):
        yield Block.bold(f"👤 {by}")
    yield from (Block.plain(paragraph) for paragraph in paragraphs)
    cards = body.get("cards") or []
    for number, card in enumerate(cards, 1):
        yield _card(card, f"{number}. " if len(cards) > 1 else "")
    tail = []
    if source := body.get("source"):
        words, url = source["text"], source.get("url")
        tail.append(Block.link(words, url) if url and _is_official(url) else Block.plain(words))
    end = [body["caveat"]] if body.get("caveat") else []
    if body.get("checked"):
        checked = date.fromisoformat(body["checked"])
        end.append(f"核对于{checked.year}年{checked.month}月{checked.day}日")
    if end:
        tail.append(Block.plain(" · ".join(end)))
    if tail:
        yield joined(tail, "\n")


def _is_official(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _card(card: dict[str, Any], number: str) -> Block:
    title = Block.bold(f"{number}{card['title']}")
    if card.get("badge"):
        title = joined([title, Block.plain(f"【{card['badge']}】")], "")
    lines = [title, *(Block.plain(line) for line in card.get("lines") or ())]
    if (link := card.get("link")) and not _is_ours(link) and _is_official(link["url"]):
        lines.append(Block.link(link["label"], link["url"]))
    return joined(lines, "\n")


# -- what is pressed ---------------------------------------------------------------------------------------------------


def _rows(message: Shown) -> list[tuple[Button, ...]]:
    body, rows = message.body, []
    rows += _side_by_side([Button(f"✕ {c['label']}", c["token"]) for c in body.get("filters") or ()])
    cards = body.get("cards") or []
    for number, card in enumerate(cards, 1):
        before = f"{number} " if len(cards) > 1 else ""
        rows += _side_by_side([Button(before + c["label"], c["token"]) for c in card.get("choices") or ()])
    for day in body.get("days") or ():
        rows.append((Button(f"— {day['label']} —", NOTHING),))
        rows += _side_by_side([Button(c["label"], c["token"]) for c in day["choices"]], most=4)
    rows += _side_by_side([Button(c["label"], c["token"]) for c in body.get("choices") or ()])
    if body.get("rateable"):
        rows.append((Button("👍", f"{OURS}up:{message.id}"), Button("👎", f"{OURS}down:{message.id}")))
    return rows


def _side_by_side(buttons: Sequence[Button], *, most: int = 3) -> list[tuple[Button, ...]]:
    """Buttons in rows, as many in one as can be read."""
    rows: list[list[Button]] = []
    for button in buttons:
        row = rows[-1] if rows else None
        widest = max((len(b.label) for b in (*(row or ()), button)), default=0)
        if row is not None and len(row) < most and widest * (len(row) + 1) <= _WIDTH:
            row.append(button)
        else:
            rows.append([button])
    return [tuple(row) for row in rows]


def _keyboards(rows: Sequence[tuple[Button, ...]]) -> list[Rows]:
    """Rows under as few messages as may hold them."""
    keyboards: list[list[tuple[Button, ...]]] = [[]]
    for row in rows:
        if sum(map(len, keyboards[-1])) + len(row) > BUTTONS:
            keyboards.append([])
        keyboards[-1].append(row)
    return [tuple(keyboard) for keyboard in keyboards]


# -- what becomes of a press -------------------------------------------------------------------------------------------

Where = Literal["list", "card", "choice"]


def place_of(message: Shown, token: str) -> Where:
    """Where a choice stands: on one of several cards, it stays when it is pressed; in a list, a new page follows."""
    cards = message.body.get("cards") or []
    if len(cards) > 1 and any(c["token"] == token for card in cards for c in card.get("choices") or ()):
        return "card"
    return "list" if message.body.get("list") else "choice"


def pressed(message: Shown, token: str) -> Part | None:
    """The part under which a choice was, after the press: the choice is shown; buttons stay only on several cards."""
    part = next((p for p in parts_of(message) if any(b.data == token for row in p.rows for b in row)), None)
    if part is None:
        return None
    if place_of(message, token) == "card":
        rows = tuple(tuple(_marked(b) if b.data == token else b for b in row) for row in part.rows)
        return replace(part, rows=rows)
    label = next(b.label for row in part.rows for b in row if b.data == token)
    return replace(part, html=f"{part.html}\n\n{escaped(_SEEN + label)}", rows=())


def rated(message_rows: Rows, data: str) -> Rows:
    """The buttons after 👍 or 👎: the one that was pressed is marked."""
    return tuple(
        tuple(_marked(b) if b.data == data else replace(b, label=b.label.removeprefix(_SEEN)) for b in row)
        if any((b.data or "").startswith(OURS) and b.data != NOTHING for b in row)
        else row
        for row in message_rows
    )


def _marked(button: Button) -> Button:
    return replace(button, label=_SEEN + button.label.removeprefix(_SEEN))
