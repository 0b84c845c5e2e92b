"""Tickets: a code that says nothing about its holder, and the picture of it."""

from __future__ import annotations

import io
import secrets

import segno

from bot.events.rules import TICKET_LENGTH, TICKET_LETTERS, ticket_from


def new_ticket() -> str:
    """A ticket that nobody can guess, such as EVT-7K3Q9QF4."""
    return ticket_from("".join(secrets.choice(TICKET_LETTERS) for _ in range(TICKET_LENGTH)))


def ticket_picture(code: str) -> str:
    """The QR code of a ticket as an SVG file; it holds the code and nothing else."""
    # Black on white with its margin also on a dark page: readers need the contrast.
    drawn = io.BytesIO()
    segno.make_qr(code, error="m").save(
        drawn, kind="svg", scale=8, border=4, dark="#000", light="#fff", title=f"签到码 {code}", svgclass="ticket"
    )
    return drawn.getvalue().decode()
