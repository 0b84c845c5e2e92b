"""How to reach a person, sealed: AES-256-GCM under a key that is not in the database."""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class Contacts:
    """Seals and opens contacts. Each belongs to one booking: put beside another one, it does not open.

    `what` the numbers are of that contacts belong to, where these are no bookings.
    """

    def __init__(self, secret: str, what: str = "guidance-booking") -> None:
        # Whatever text the secret is, the key has 32 bytes; with the text as random as the key there is no use in salt.
        key = HKDF(SHA256(), length=32, salt=None, info=b"duihua guidance contacts").derive(secret.encode())
        self._cipher, self._what = AESGCM(key), what

    def seal(self, booking_id: int, contact: str) -> bytes:
        """The contact so that only `open_` can read it; different each time."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, contact.encode(), self._belonging(booking_id))

    def open_(self, booking_id: int, sealed: bytes) -> str:
        """What was sealed. Raises cryptography's InvalidTag for another key, another booking or a changed byte."""
        return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], self._belonging(booking_id)).decode()

    def _belonging(self, number: int) -> bytes:
        return f"{self._what}-{number}".encode()
