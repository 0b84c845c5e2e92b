"""The words that full text reads of a posting. No I/O here.

A word is a letter for its field and a piece of text: `t会计` for a title with 会计 in it, `d平城区` for the district.
Chinese has no blanks, so a title gives every piece of it up to six characters; a piece asked for is then one word,
found or not found, and means the same on every database. A run of Latin letters and digits counts as one character:
java is in “Java开发”, not in “JavaScript”.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from bot.jobs.tables import Company, Posting
from bot.text.schooling import LEVELS, rank

LONGEST = 6  # characters of a piece; a longer one is asked for by all the pieces of this length in it
COMPANY_LONGEST = 4

TITLE, TITLE_START, WHOLE_TITLE, TRADE, COMPANY, MAJOR = "t", "u", "e", "k", "c", "m"
WHOLE_TRADE, WHOLE_MAJOR, BENEFIT = "l", "n", "g"
DISTRICT, TYPE, INDUSTRY, FITS, PAYS_UP_TO, PAYS_FROM = "d", "y", "i", "f", "p", "q"
# a and b are the blocks of ids that PostgreSQL's index adds (migration 0002).
ANY = "o"  # in every posting: what a search without wishes asks for
ALL_MAJORS = "m0"
HAS_PAY = "p0"

PAY_STEPS = (3000, 4000, 5000, 6000, 8000, 10_000, 12_000, 15_000, 20_000, 30_000)
"""Pay words only narrow a search down; the exact amounts are compared on what is left."""

_UNIT = re.compile(r"[a-z0-9+#]+|[^\W_]")
_LEGAL_FORM = re.compile(r"(?:有限责任公司|股份有限公司|有限公司|公司)$")
_KIND_OF_MAJOR = re.compile(r"(?:类|等|相关|专业)+$")
_BOARD_AND_LODGING = {"包吃住": ("包吃", "包住"), "包食宿": ("包吃", "包住"), "食宿全包": ("包吃", "包住")}


def units(text: str) -> list[str]:
    """The characters of a text that count: one spelling, no marks, no blanks; a Latin run is one."""
    return _UNIT.findall(unicodedata.normalize("NFKC", text).lower())


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """A text reduced to the characters that count."""
    return "".join(units(text))


@lru_cache(maxsize=16384)  # an import meets the same titles, companies and majors again and again
def grams(text: str, longest: int = LONGEST) -> frozenset[str]:
    """Every piece of a text up to so many characters."""
    parts = units(text)
    return frozenset(
        "".join(parts[start:end])
        for start in range(len(parts))
        for end in range(start + 1, min(start + longest, len(parts)) + 1)
    )


def starts(text: str) -> set[str]:
    """What a text begins with, up to the longest piece."""
    parts = units(text)[:LONGEST]
    return {"".join(parts[:end]) for end in range(1, len(parts) + 1)}


def pieces(word: str, longest: int = LONGEST) -> list[str]:
    """What a text must all have to have the word: the word itself, or its longest pieces; empty if nothing counts."""
    parts = units(word)
    if not parts:
        return []
    return ["".join(parts[i : i + longest]) for i in range(max(1, len(parts) - longest + 1))]


def stem(name: str) -> str:
    """A company's name without its legal form."""
    name = plain(name)
    return _LEGAL_FORM.sub("", name) or name


def major_stem(name: str) -> str:
    """A major without the words for a whole group of them: 计算机类相关专业 is 计算机."""
    name = plain(name)
    return _KIND_OF_MAJOR.sub("", name) or name


def benefit_words(benefits: Iterable[str]) -> set[str]:
    """Benefits one by one: 包吃住 is 包吃 and 包住."""
    found: set[str] = set()
    for benefit in benefits:
        name = plain(benefit)
        found.update(_BOARD_AND_LODGING.get(name, (name,) if name else ()))
    return found


def search_text(posting: Posting, company: Company) -> str:
    """Everything a search can ask of a posting, as words; empty for what may not be offered."""
    if posting.scam_signs:
        return ""
    words = {ANY, TYPE + posting.job_type}
    words |= {TITLE + gram for gram in grams(posting.title)} | {WHOLE_TITLE + plain(posting.title)}
    words |= {TITLE_START + start for start in starts(posting.title)}
    words |= {COMPANY + gram for gram in grams(stem(company.name), COMPANY_LONGEST)}
    if company.trade:
        words |= {TRADE + gram for gram in grams(company.trade)} | {WHOLE_TRADE + plain(company.trade)}
    if company.industry:
        words.add(INDUSTRY + company.industry.lower())
    if district := posting.district or company.district:
        words.add(DISTRICT + district)
    words |= {FITS + level for level in LEVELS if rank(posting.education) <= rank(level)}
    majors = [name for name in map(plain, posting.majors or ()) if name and name not in ("不限", "专业不限")]
    for major in majors:
        words |= {MAJOR + gram for gram in grams(major)} | {WHOLE_MAJOR + major_stem(major)}
    if not majors:
        words.add(ALL_MAJORS)
    words |= {BENEFIT + name for name in benefit_words(posting.benefits or ())}
    if posting.pay_min is not None and posting.pay_max is not None:
        words.add(HAS_PAY)
        words |= {f"{PAYS_UP_TO}{step}" for step in PAY_STEPS if posting.pay_max >= step}
        words |= {f"{PAYS_FROM}{step}" for step in PAY_STEPS if posting.pay_min <= step}
    return " ".join(sorted(words - {WHOLE_TITLE, WHOLE_TRADE}))
