"""When two postings are one: the same employer, the same job, the same district, however they are spelt. No I/O."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from functools import lru_cache
from typing import Any

_MARKS = re.compile(r"[\W_]+")
_FORM = re.compile(
    r"(?:有限责任公司|股份有限公司|集团有限公司|有限公司|公司)(?=[^\w]|$)|(?:有限责任公司|股份有限公司|有限公司)"
)
_CITY = re.compile(r"^(?:中国)?(?:山西省?)?大同市")
_TITLE_NOISE = re.compile(r"(?:急聘|急招|诚聘|高薪诚聘|高薪聘请|招聘)")

CONTENT = (
    "job_type", "address", "pay_min", "pay_max", "pay_months", "pay_note", "education", "majors", "experience_years",
    "headcount", "duties", "requirements", "benefits", "contact", "apply_how", "closes_on", "sample",
)  # fmt: skip
"""What a posting says beside what tells it apart."""


def _plain(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).lower())


@lru_cache(maxsize=16384)
def same_company(name: str) -> str:
    """A company's name without spelling: 大同市云冈科技有限公司 and 大同云冈科技（有限公司） are one."""
    plain = _plain(name)
    bare = _CITY.sub("大同", _FORM.sub("", plain))
    return bare or plain


@lru_cache(maxsize=16384)
def same_title(title: str) -> str:
    """A title without spelling: “急聘 行政/文员” and “行政、文员” are one."""
    plain = _plain(title)
    return _TITLE_NOISE.sub("", plain) or plain


def posting_key(company: str, title: str, district: str | None) -> str:
    """The key of the posting that is offered: one for an employer, a title and a district."""
    words = "\n".join((same_company(company), same_title(title), district or ""))
    return hashlib.sha256(words.encode()).hexdigest()[:40]


def copy_key(key: str, source: str) -> str:
    """The key of the same posting from another source, which is folded into it."""
    return key + hashlib.sha256(_plain(source).encode()).hexdigest()[:20]


def same_source(one: str, other: str) -> bool:
    """Whether two sources differ in spelling at most."""
    return one == other or _plain(one) == _plain(other)


def content_hash(posting: dict[str, Any]) -> str:
    """What a posting says, as a number to compare; days as ISO text."""
    said = [posting[name] for name in CONTENT]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, default=str).encode()).hexdigest()
