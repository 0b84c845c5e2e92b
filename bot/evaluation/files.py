"""Reading evaluation files: JSON lines, one row a line, unknown keys ignored."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from bot.knowledge.files import ASPECTS, GENERAL

Kind = Literal[
    "job_search",
    "job_detail_or_more",
    "book_guidance",
    "change_booking",
    "my_bookings",
    "job_fair_or_event",
    "ask_radio",
    "human",
    "eligibility_check",
    "greet",
    "thanks_bye",
    "affirm",
    "deny",
    "chitchat",
    "out_of_scope",
    "distress",
    "scam_report",
    "abuse",
    "privacy_request",
    "policy",
]
AspectName = Literal["general", "who", "amount", "materials", "process", "where", "when", "contact", "notes"]
assert set(AspectName.__args__) == {GENERAL, *ASPECTS}


class BadRow(Exception):
    """A file that cannot be read as the kind it is said to be; names the line."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: int | str


class TopicRow(_Row):
    """A question and the topic that answers it; `also_ok` are topics that answer it too."""

    text: str
    topic: str
    also_ok: list[str] = []
    aspect: AspectName = "general"


class FollowupRow(_Row):
    """Two turns of one person; the second is about the topic of the first."""

    first: str
    second: str
    topic: str
    aspect: AspectName


class IntentRow(_Row):
    """An utterance and what it wants; `severity` serious marks danger to self or others."""

    text: str
    kind: Kind
    severity: str | None = None


class JobRow(_Row):
    """A wish for a job and its slots (docs/evaluation.md); those in `optional` may be there or not.

    `approx`: the pay was said roughly, so amounts near the gold ones are right.
    """

    text: str
    slots: dict[str, Any]
    exclude: list[str] = []
    approx: bool = False
    optional: dict[str, Any] = {}


class Time(BaseModel):
    """A moment or a stretch, with its zone; a point has no end."""

    model_config = ConfigDict(extra="ignore")

    start: AwareDatetime
    end: AwareDatetime | None = None
    grain: Literal["minute", "halfday", "day", "week"]


class TimeRow(_Row):
    """A phrase that names when, the moment it is said, and what it means; `accept` are other right readings."""

    text: str
    now: AwareDatetime
    start: AwareDatetime
    end: AwareDatetime | None = None
    grain: Literal["minute", "halfday", "day", "week"]
    accept: list[Time | Literal["ask"]] = []


class GroupRow(_Row):
    """A question, and which of the groups it belongs to."""

    text: str
    group: int | str


FORMS: dict[str, type[_Row]] = {
    "topics": TopicRow,
    "followups": FollowupRow,
    "intents": IntentRow,
    "jobs": JobRow,
    "times": TimeRow,
    "groups": GroupRow,
}


def read_rows(kind: str, file: Path) -> list[_Row]:
    """The rows of a file. Raises BadRow, naming the line, for what is not of the form, and for an unknown kind."""
    if kind not in FORMS:
        raise BadRow(f"不认识的评测种类“{kind}”，可用的有：{'、'.join(FORMS)}。")
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise BadRow(f"找不到文件 {file}。") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadRow(f"文件 {file} 读不出来：{error}。要 UTF-8 编码的文本。") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            rows.append(FORMS[kind].model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "整行"
            raise BadRow(f"{file} 第 {number} 行：{place}：{first['msg']}") from error
    if not rows:
        raise BadRow(f"文件 {file} 里没有一行数据。")
    return rows
