"""What text XML can hold."""

from __future__ import annotations

import re

_NOT_A_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text without what is no character of XML 1.0 (section 2.2): controls, halves of surrogates, U+FFFE and U+FFFF."""
    return _NOT_A_CHARACTER.sub("", text)
