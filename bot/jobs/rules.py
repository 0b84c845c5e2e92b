"""What fits a wish, why it fits, and which conditions could be dropped. No I/O here."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.jobs import words
from bot.jobs.tables import Posting
from bot.jobs.words import benefit_words, grams, major_stem, pieces, plain, stem
from bot.text.wishes import Wishes

COUNTED = 1000  # matches are counted exactly up to here, and the newest so many are ranked
_SECTION = re.compile(r"[A-Ta-t]")

Synonyms = Callable[[str], Collection[str]]
"""Other words for the same work: 程序员 gives 软件开发."""


def itself(_word: str) -> tuple[str, ...]:
    """No other words."""
    return ()


@dataclass(frozen=True)
class Vocabulary:
    """Other words for jobs, and for industries (煤炭 gives 煤矿)."""

    synonyms: Synonyms = itself
    trades: Synonyms = itself


Alternatives = tuple[tuple[str, ...], ...]
"""One of these, each with all of its words."""


@dataclass(frozen=True)
class Asked:
    """A wish in the words of full text, and the amounts to compare on what has the words."""

    need: tuple[Alternatives, ...]
    without: tuple[Alternatives, ...] = ()
    pay_from: int | None = None
    pay_to: int | None = None
    negotiable: bool = False  # 面议 too, where pay is wished


def asked(wishes: Wishes, vocabulary: Vocabulary, *, negotiable: bool = False, keyword_in: str = "") -> Asked:
    """What to ask of full text. `keyword_in` (TITLE, TITLE_START, WHOLE_TITLE) looks for it there only."""
    need: list[Alternatives] = []
    if words_of_keyword := _keyword(wishes, vocabulary.synonyms, keyword_in):
        need.append(words_of_keyword)
    if wishes.industry:
        need.append(_industry(wishes.industry, vocabulary.trades))
    if wishes.district:
        need.append(tuple((words.DISTRICT + district,) for district in wishes.districts))
    if wishes.education:
        need.append(((words.FITS + wishes.education,),))
    if wishes.major and plain(wishes.major):
        need.append(_major(wishes.major))
    if wishes.job_type:
        need.append(((words.TYPE + wishes.job_type,),))
    if wishes.company and (name := stem(wishes.company)):
        need.append((_all(words.COMPANY, name, words.COMPANY_LONGEST),))
    need += [((words.BENEFIT + name,),) for name in sorted(benefit_words(wishes.benefits))]
    if not negotiable:
        need += _pay(wishes.salary_min, wishes.salary_max)
    return Asked(
        need=tuple(filter(None, need)) or (((words.ANY,),),),
        without=tuple((_all(words.TITLE, word), _all(words.TRADE, word)) for word in wishes.exclude if plain(word)),
        pay_from=wishes.salary_min,
        pay_to=wishes.salary_max,
        negotiable=negotiable,
    )


def _all(field: str, text: str, longest: int = words.LONGEST) -> tuple[str, ...]:
    return tuple(field + piece for piece in pieces(text, longest))


def _keyword(wishes: Wishes, synonyms: Synonyms, keyword_in: str) -> Alternatives:
    if keyword_in == words.WHOLE_TITLE:
        return tuple((words.WHOLE_TITLE + plain(word),) for word in wishes.keywords if plain(word))
    if keyword_in == words.TITLE_START:  # of a longer keyword the first piece: good enough to come first
        return tuple((words.TITLE_START + pieces(word)[0],) for word in wishes.keywords if plain(word))
    found: list[tuple[str, ...]] = []
    for word in _shortest(word for keyword in wishes.keywords for word in spellings(keyword, synonyms)):
        found.append(_all(words.TITLE, word))
        if not keyword_in:
            found += [_all(words.TRADE, word), _all(words.COMPANY, word, words.COMPANY_LONGEST)]
    return tuple(found)


def _shortest(spelt: Iterable[str]) -> list[str]:
    """Words without those that another one is part of: who finds 行政 has found 行政专员."""
    every = list(dict.fromkeys(spelt))
    return [word for word in every if not any(other != word and other in word for other in every)]


def spellings(word: str, synonyms: Synonyms) -> list[str]:
    """A word and its synonyms, reduced to what counts, the word itself first."""
    return list(dict.fromkeys(filter(None, map(plain, (word, *sorted(synonyms(word)))))))


def _industry(industry: str, trades: Synonyms) -> Alternatives:
    """A section of GB/T 4754, or a trade that has the word or is part of it, or a company that is named so."""
    if _SECTION.fullmatch(industry):
        return ((words.INDUSTRY + industry.lower(),),)
    found: list[tuple[str, ...]] = []
    spelt = spellings(industry, trades)
    for word in _shortest(spelt):
        found += [_all(words.TRADE, word), _all(words.COMPANY, word, words.COMPANY_LONGEST)]
    for word in spelt:
        found += [(words.WHOLE_TRADE + part,) for part in sorted(grams(word)) if len(part) > 1]
    return tuple(dict.fromkeys(found))


def _major(major: str) -> Alternatives:
    """A listed major that has the word or is part of it, or a posting that lists none."""
    name = major_stem(major)
    parts = [(words.WHOLE_MAJOR + part,) for part in sorted(grams(name, 12)) if len(part) > 1]
    return ((words.ALL_MAJORS,), _all(words.MAJOR, name), *parts)


def _pay(least: int | None, most: int | None) -> list[Alternatives]:
    found: list[str] = []
    if least is not None:
        found += [f"{words.PAYS_UP_TO}{step}" for step in words.PAY_STEPS if step <= least][-1:] or [words.HAS_PAY]
    if most is not None:
        found += [f"{words.PAYS_FROM}{step}" for step in words.PAY_STEPS if step >= most][:1] or [words.HAS_PAY]
    return [((word,),) for word in dict.fromkeys(found)]


class Relevance:
    """How well titles answer the keyword: 0 is it, 1 begins with it, 2 has it, 3 has a synonym of it, 4 neither."""

    def __init__(self, wishes: Wishes, synonyms: Synonyms) -> None:
        self._spelt = [(first, rest) for w in wishes.keywords if plain(w) for first, *rest in (spellings(w, synonyms),)]
        self._known: dict[str, int] = {}

    def __call__(self, title: str) -> int:
        """The relevance of a title."""
        if (known := self._known.get(title)) is None:
            text = plain(title)
            known = self._known[title] = min((self._of(text, *spelt) for spelt in self._spelt), default=4)
        return known

    @staticmethod
    def _of(title: str, keyword: str, synonyms: list[str]) -> int:
        if keyword in title:
            return 0 if title == keyword else 1 if title.startswith(keyword) else 2
        return 3 if any(word in title for word in synonyms) else 4


def offered(posting: Posting, today: date) -> bool:
    """Whether a posting may be offered on that day."""
    open_still = posting.closes_on is None or posting.closes_on >= today
    return posting.status == "open" and not posting.scam_signs and open_still


def yuan(amount: int) -> str:
    """An amount as people say it: 6000 is 6千, 12000 is 1.2万, 3150 is 3150."""
    if amount >= 10_000 and amount % 1000 == 0:
        return f"{amount / 10_000:g}万"
    return f"{amount // 1000}千" if amount and amount % 1000 == 0 else f"{amount}元"


def pay_wish(least: int | None, most: int | None, *, approx: bool = False) -> str:
    """The wished pay as people say it."""
    if least is not None and most is not None:
        if approx:
            return f"{yuan((least + most) // 2)}左右"
        return yuan(least) if least == most else f"{yuan(least)}到{yuan(most)}"
    return f"{yuan(least)}以上" if least is not None else f"{yuan(most or 0)}以下"


def why(wishes: Wishes, posting: Posting) -> tuple[str, ...]:
    """Which wishes a fitting posting meets, in words for a card."""
    found: list[str] = []
    least, most = wishes.salary_min, wishes.salary_max
    if wishes.district and (district := posting.district or posting.company.district):
        found.append(district)
    if least is not None or most is not None:
        found.append("薪资面议" if posting.pay_min is None else pay_wish(least, most, approx=wishes.approx))
    if wishes.job_type:
        found.append(posting.job_type)
    if wishes.industry and posting.company.trade:
        found.append(posting.company.trade)
    if wishes.education:
        found.append("学历不限" if posting.education == "不限" else f"{posting.education}可报")
    if wishes.major and plain(wishes.major):
        found.append(_why_major(major_stem(wishes.major), posting))
    found += wishes.benefits
    return tuple(found)


def _why_major(wished: str, posting: Posting) -> str:
    for major in posting.majors:
        name = major_stem(major)
        if name and (wished in plain(major) or name in wished):
            return f"招{major}" if major.endswith(("专业", "类")) else f"招{major}专业"
    return "专业不限"


@dataclass(frozen=True)
class Condition:
    """One wish that could be dropped: the field it is in, what to call the dropping, and the wishes without it."""

    field: str
    label: str
    wishes: Wishes
    negotiable: bool = False


_DROPPABLE = (
    ("education", "不限学历"),
    ("major", "不限专业"),
    ("district", "不限区县"),
    ("job_type", "不限类型"),
    ("industry", "不限行业"),
    ("company", "不限公司"),
    ("keyword", "不限岗位"),
)


def conditions(wishes: Wishes, *, negotiable: bool = False) -> Iterator[Condition]:
    """Every single condition of the wishes, the easiest to give up first."""
    if wishes.salary_min is not None or wishes.salary_max is not None:
        if not negotiable:
            yield Condition("salary", "含面议", wishes, negotiable=True)
        yield Condition("salary", "不限薪资", replace(wishes, salary_min=None, salary_max=None, approx=False))
    for benefit in wishes.benefits:
        rest = tuple(other for other in wishes.benefits if other != benefit)
        yield Condition("benefits", f"不要求{benefit}", replace(wishes, benefits=rest), negotiable)
    for word in wishes.exclude:
        rest = tuple(other for other in wishes.exclude if other != word)
        yield Condition("exclude", f"{word}也看", replace(wishes, exclude=rest), negotiable)
    for field, label in _DROPPABLE:
        if getattr(wishes, field):
            yield Condition(field, label, replace(wishes, **{field: None}), negotiable)
