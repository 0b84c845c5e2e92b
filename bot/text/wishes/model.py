"""What a person wishes of a job, and what a later turn does to it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Mapping

EDUCATION = ("不限", "高中", "大专", "本科", "硕士", "博士")
JOB_TYPES = ("全职", "实习", "见习", "兼职")
_LISTS = ("benefits", "exclude")


@dataclass(frozen=True)
class Wishes:
    """What was understood of a search. Pay is in yuan a month.

    Where a person names several jobs or places that would all do (“出纳或者文员都行”), `keyword` and `district` hold them
    with a blank between; `keywords` and `districts` give them apart. `approx` tells that the pay was said roughly.
    """

    keyword: str | None = None
    industry: str | None = None
    district: str | None = None
    salary_min: int | None = None
    salary_max: int | None = None
    approx: bool = False
    education: str | None = None
    major: str | None = None
    job_type: str | None = None
    company: str | None = None
    benefits: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def keywords(self) -> tuple[str, ...]:
        """The jobs that would do, each apart."""
        return tuple((self.keyword or "").split())

    @property
    def districts(self) -> tuple[str, ...]:
        """The places that would do, each apart."""
        return tuple((self.district or "").split())

    def to_dict(self) -> dict[str, Any]:
        """Only what is set; benefits and exclude as lists."""
        found = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            name: list(value) if name in _LISTS else value
            for name, value in found.items()
            if value not in (None, False, ())
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Wishes:
        """The wishes that `to_dict` wrote; keys that are no wish are left out."""
        known = {f.name for f in fields(cls)}
        return cls(**{k: tuple(v) if k in _LISTS else v for k, v in values.items() if k in known})

    def __bool__(self) -> bool:
        return bool(self.to_dict())


FIELDS = tuple(f.name for f in fields(Wishes) if f.name != "approx")
KINDS = (
    "narrow", "higher_pay", "drop", "more", "back", "detail", "keep", "kept", "unkeep", "subscribe", "unsubscribe",
    "restart", "apply", "new",
)  # fmt: skip


@dataclass(frozen=True)
class Refinement:
    """What a turn after a list of postings asks for.

    `wishes` come with the kinds narrow and new, and with subscribe where they name another search; `drop` names fields of Wishes that no longer matter (with drop, and with
    narrow where both are said at once); `index` is the posting meant, counted from 1, -1 for the last, None where none
    is named (“刚才那个”).
    """

    kind: str
    wishes: Wishes = Wishes()
    drop: tuple[str, ...] = ()
    index: int | None = None


HIGHER_BY = 1.2
"""“工资高点的” asks for a fifth more than before; without a pay before, for the least that still means “more”."""
HIGHER_FROM = 4000


def refined(current: Wishes, refinement: Refinement) -> Wishes:
    """The wishes after a turn. Kinds that do not touch the search leave it as it is."""
    if refinement.kind == "new":
        return refinement.wishes
    if refinement.kind == "restart":
        return Wishes()
    if refinement.kind == "higher_pay":
        return replace(current, salary_min=_higher(current), salary_max=None, approx=False)
    if refinement.kind not in ("narrow", "drop"):
        return current
    return _added(_without(current, refinement.drop), refinement.wishes)


def _higher(current: Wishes) -> int:
    before = current.salary_min or current.salary_max
    if before is None:
        return HIGHER_FROM
    return -(-int(before * HIGHER_BY) // 100) * 100  # up to a round hundred


def _without(current: Wishes, drop: tuple[str, ...]) -> Wishes:
    empty = Wishes()
    gone = {name: getattr(empty, name) for name in drop}
    if {"salary_min", "salary_max"} & gone.keys():
        gone["approx"] = False
    return replace(current, **gone)


def _added(current: Wishes, more: Wishes) -> Wishes:
    """One thing of a kind is replaced, lists grow; a new pay replaces both ends of the old one."""
    changes: dict[str, Any] = {
        name: value for name, value in more.to_dict().items() if name not in ("benefits", "exclude", "approx")
    }
    if "salary_min" in changes or "salary_max" in changes:
        changes.update(salary_min=more.salary_min, salary_max=more.salary_max, approx=more.approx)
    changes["benefits"] = tuple(dict.fromkeys(current.benefits + more.benefits))
    changes["exclude"] = tuple(dict.fromkeys(current.exclude + more.exclude))
    if more.exclude:  # “不要销售了” after a search for 销售
        kept = [word for word in current.keywords if word not in more.exclude]
        changes.setdefault("keyword", " ".join(kept) or None)
    return replace(current, **changes)
