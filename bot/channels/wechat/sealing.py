"""What proves that a delivery is WeChat's, and the seal around it in AES mode. No I/O."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # WeChat pads to 32 bytes, twice the block of the cipher
KEY_LENGTH = 43
_SALT = 16
_HEADER = _SALT + 4  # the salt, then the length of the text


class NotSealed(Exception):
    """What was sent was not sealed with our key, or for another account."""


def signature(token: str, *parts: str) -> str:
    """The sha1 that WeChat puts on a delivery: over the token and the parts, sorted."""
    return hashlib.sha1("".join(sorted((token, *parts))).encode()).hexdigest()  # noqa: S324 - the platform's choice


def is_signed(given: str, token: str, *parts: str) -> bool:
    """Whether a signature is the right one, compared in constant time."""
    wanted = signature(token, *(part.encode("utf-8", "replace").decode() for part in parts))
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def is_timely(timestamp: str, now: datetime, within: timedelta) -> bool:
    """Whether a delivery was signed not too long ago, nor in a future that no clock's drift explains."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= within.total_seconds()


class Seal:
    """The AES mode of one account."""

    def __init__(self, key: str, app_id: str) -> None:
        """Raises ValueError for a key that is not 43 characters of base64."""
        if len(key) != KEY_LENGTH:
            raise ValueError(f"the key has {len(key)} characters, not {KEY_LENGTH}")
        self._key = base64.b64decode(key + "=", validate=True)
        self._app_id = app_id.encode()

    def close(self, text: str) -> str:
        """The text, sealed."""
        content = text.encode()
        plain = secrets.token_bytes(_SALT) + struct.pack(">I", len(content)) + content + self._app_id
        fill = BLOCK - len(plain) % BLOCK
        cipher = self._cipher().encryptor()
        return base64.b64encode(cipher.update(plain + bytes([fill]) * fill) + cipher.finalize()).decode()

    def open(self, sealed: str) -> bytes:
        """What is inside. Raises NotSealed."""
        try:
            closed = base64.b64decode(sealed.strip().encode("ascii"), validate=True)
        except (binascii.Error, UnicodeEncodeError) as error:
            raise NotSealed("not base64") from error
        if not closed or len(closed) % 16:
            raise NotSealed("not whole blocks")
        cipher = self._cipher().decryptor()
        padded = cipher.update(closed) + cipher.finalize()
        fill = padded[-1]
        if not 1 <= fill <= BLOCK or not padded.endswith(bytes([fill]) * fill):
            raise NotSealed("not our key")
        plain = padded[:-fill]
        if len(plain) < _HEADER:
            raise NotSealed("too short")
        end = _HEADER + struct.unpack(">I", plain[_SALT:_HEADER])[0]
        if end > len(plain) or not hmac.compare_digest(plain[end:], self._app_id):
            raise NotSealed("another account's")
        return plain[_HEADER:end]

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))
