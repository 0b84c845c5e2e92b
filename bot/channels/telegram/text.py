"""Text as Telegram takes it: HTML escaped by one function, long messages cut at a paragraph.

HTML rather than MarkdownV2: three characters have to be escaped whatever stands around them, against eighteen whose
meaning depends on what is before and inside; and a text that is cut between two paragraphs cannot be cut inside a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LIMIT = 4096  # characters of a message, as UTF-16 counts them, marks not counted
_ENDS = re.compile(r"(?<=[。！？；\n])")
# Telegram drops or refuses these.
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def escaped(text: str) -> str:
    """The text so that it is read as it stands, between marks and inside a mark's quotes."""
    text = _UNSENDABLE.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class Block:
    """Something that stays together: what is read, and how it is marked up."""

    text: str
    html: str

    @classmethod
    def plain(cls, text: str) -> Block:
        """A block without marks."""
        return cls(text, escaped(text))

    @classmethod
    def bold(cls, text: str) -> Block:
        """A block in bold."""
        return cls(text, f"<b>{escaped(text)}</b>")

    @classmethod
    def link(cls, text: str, url: str) -> Block:
        """A block that leads somewhere."""
        return cls(text, f'<a href="{escaped(url)}">{escaped(text)}</a>')


def joined(blocks: Sequence[Block], between: str) -> Block:
    """Several blocks as one."""
    return Block(between.join(b.text for b in blocks), between.join(b.html for b in blocks))


def pieces(text: str, limit: int = LIMIT) -> list[str]:
    """A long text in pieces of at most so many units: cut at a line or sentence, and within one where there is none."""
    found, piece = [], ""
    for sentence in _ENDS.split(text):
        if units(piece) + units(sentence) <= limit:
            piece += sentence
            continue
        if piece:
            found.append(piece)
        piece = sentence
        while units(piece) > limit:
            cut = _fitting(piece, limit)
            found.append(piece[:cut])
            piece = piece[cut:]
    return [p for p in (*found, piece) if p.strip()]


def _fitting(text: str, limit: int) -> int:
    """How many characters of a text fit; none of them is cut in two."""
    length = 0
    for index, character in enumerate(text):
        length += 2 if ord(character) > 0xFFFF else 1
        if length > limit:
            return index
    return len(text)


def packed(blocks: Iterable[Block], limit: int = LIMIT) -> list[str]:
    """Blocks as the HTML of as few messages as hold them, parted by blank lines; a block that is too long is cut."""
    messages: list[list[Block]] = []
    length = 0
    for block in _cut(blocks, limit):
        size = units(block.text)
        if messages and length + 2 + size <= limit:
            messages[-1].append(block)
            length += 2 + size
        else:
            messages.append([block])
            length = size
    return [joined(message, "\n\n").html for message in messages]


def _cut(blocks: Iterable[Block], limit: int) -> Iterable[Block]:
    for block in blocks:
        if not block.text.strip():
            continue
        if units(block.text) <= limit:
            yield block
        else:  # so long a block loses its marks, not its words
            yield from (Block.plain(piece.strip("\n")) for piece in pieces(block.text, limit))


def without_marks(html: str) -> str:
    """What is read of a text of ours, for the case that Telegram does not take its marks."""
    text = re.sub(r"</?(?:b|a)(?: [^>]*)?>", "", html)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
