"""Where people are written to, sealed: the record has only a digest of it."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag

from bot.guidance.contacts import Contacts


class Addresses:
    """Seals and opens addresses; each belongs to one identity."""

    def __init__(self, secret: str) -> None:
        self._contacts = Contacts(secret, "channel-address")

    def seal(self, identity_id: int, address: str) -> bytes:
        """The address so that only `open_` can read it."""
        return self._contacts.seal(identity_id, address)

    def open_(self, identity_id: int, sealed: bytes) -> str | None:
        """What was sealed; None where it was sealed with another key."""
        try:
            return self._contacts.open_(identity_id, sealed)
        except InvalidTag:
            return None
