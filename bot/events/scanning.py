"""A ticket read off a photo. No database, no network; what is no picture is no ticket."""

from __future__ import annotations

import io

import zxingcpp
from PIL import Image, ImageOps

from bot.events.rules import ticket_in

_MOST_PIXELS = 60_000_000  # a phone's photo has up to 50 million; more is no photo of a ticket
_LONGEST_SIDE = 2000


class NotAPicture(Exception):
    """What was sent is no picture that can be read."""


def ticket_on(photo: bytes) -> str | None:
    """The ticket whose code is on a photo; None where none is seen. Raises NotAPicture."""
    try:
        with Image.open(io.BytesIO(photo), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise NotAPicture("too large")
            opened.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
            picture = ImageOps.exif_transpose(opened).convert("L")
            picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPicture(str(error)) from error
    found = (ticket_in(code.text) for code in zxingcpp.read_barcodes(picture))
    return next(filter(None, found), None)
