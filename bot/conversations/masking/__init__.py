"""Personal details out of a text before it is stored for reading. What stays readable says what was there."""

from __future__ import annotations

from collections.abc import Iterable

from bot.conversations.masking.accounts import accounts
from bot.conversations.masking.addresses import addresses
from bot.conversations.masking.labels import ACCOUNT, ADDRESS, CARD, EMAIL, IDENTITY, LANDLINE, NAME, NUMBER, PHONE
from bot.conversations.masking.names import names
from bot.conversations.masking.numbers import Found, local_numbers, numbers, replaced
from bot.conversations.masking.parts import Joined, joined
from bot.conversations.masking.reading import Spelt, readings, spell

__all__ = [
    "ACCOUNT", "ADDRESS", "CARD", "EMAIL", "IDENTITY", "LANDLINE", "NAME", "NUMBER", "PHONE", "Joined",
    "contact_in", "joined", "mask",
]  # fmt: skip


def mask(text: str) -> str:
    """The text with telephone, identity card and bank card numbers, mail addresses, chat accounts, addresses and the full
    names that people give replaced by labels, in whatever form they are written. Masking twice is masking once.
    """
    while (masked := _masked(text)) != text:  # with a label in its place, a number no longer hides its neighbour
        text = masked
    return text


def _masked(text: str) -> str:
    spelt = spell(text)
    found: list[Found] = []
    for reading in readings(spelt):
        for kind in (numbers, local_numbers, accounts):
            _add(found, kind(reading.text), spelt)
    text = replaced(text, found)
    spelt, found = spell(text), []
    _add(found, addresses(spelt.text), spelt)
    _add(found, names(spelt.text), spelt)
    return replaced(text, found)


def _add(found: list[Found], more: Iterable[Found], spelt: Spelt) -> None:
    """Take over what lies in nothing that was found before, at its place in the text as it was written."""
    for one in more:
        start, end = spelt.span(one.start, one.end)
        if not any(start < other.end and other.start < end for other in found):
            found.append(Found(start, end, one.label))


def contact_in(text: str) -> str | None:
    """How somebody can be reached, as they wrote it but in plain digits: the first telephone number, mail address or
    account of a text. None where there is none.
    """
    spelt = spell(text)
    for reading in readings(spelt):
        for one in (*numbers(reading.text), *local_numbers(reading.text), *accounts(reading.text)):
            written = reading.text[one.start : one.end]
            if one.label in (PHONE, LANDLINE):
                return "".join(char for char in written if char.isdecimal())
            if one.label in (EMAIL, ACCOUNT):
                return written
    return None
