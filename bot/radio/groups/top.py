"""What was asked most, as a list to take away: Markdown, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass

from bot.figures.rules import Period
from bot.radio.groups.service import Groups
from bot.radio.groups.views import GroupView

FORMATS = ("md", "csv", "json")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEADER = ("名次", "问题", "提问人数", "上一期", "次数", "答上", "让选", "没答上", "点踩", "主题", "核对于", "来源")


@dataclass(frozen=True)
class Top:
    """The groups asked most in a period, each with everything of it."""

    period: Period
    groups: tuple[GroupView, ...]


async def top(groups: Groups, period: Period, *, limit: int = 20) -> Top:
    """What was asked most in a period."""
    found = await groups.counted(period, limit=limit)
    return Top(period, tuple([await groups.group(one.id, period) for one in found]))


def rendered(found: Top, form: str) -> str:
    """The list in one of FORMATS."""
    return {"md": _markdown, "csv": _csv, "json": _json}[form](found)


def _markdown(found: Top) -> str:
    lines = [f"# 问得最多的：{found.period.spoken()}", ""]
    for place, one in enumerate(found.groups, 1):
        lines += _part(place, one)
    if not found.groups:
        lines.append("这几天没有能上节目的问题。")
    return "\n".join(lines).rstrip() + "\n"


def _part(place: int, one: GroupView) -> list[str]:
    count = one.count
    lines = [f"## {place}. {_plain(count.name)}", ""]
    lines.append(f"{count.askers} 个人问（上一期 {count.before}），共 {count.questions} 次；" + _shares(one))
    lines += [f"- {_plain(wording.text)}" for wording in one.wordings[:3]]
    if one.answer is not None and one.answer.holds:
        lines += [
            "",
            one.answer.s30 or one.answer.answer,
            "",
            f"核对于 {one.answer.checked_on}，第 {one.answer.version} 版；{_issuers(one)}",
        ]
    elif one.request is not None and one.request.state == "open":
        lines += ["", "还没有核对过的答复，已经请编辑写。"]
    elif count.by_guest:
        lines += ["", "还没有核对过的政策答复；嘉宾在节目里答过，小同会照着说。"]
    else:
        lines += ["", "还没有核对过的答复。"]
    if one.aired_on:
        lines += ["", f"{one.aired_on[0]} 播过。"]
    return [*lines, ""]


def _plain(text: str) -> str:
    """Somebody's words as a line of Markdown: nothing in them is a mark."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+-.!|" else char for char in text)


def _shares(one: GroupView) -> str:
    count = one.count
    return f"答上 {count.served:.0%}，没答上 {count.refused:.0%}，点踩 {count.down:.0%}。"


def _issuers(one: GroupView) -> str:
    if one.answer is None:
        return ""
    named = dict.fromkeys(source.issuer or source.title for source in one.answer.sources)
    return "来源：" + "、".join(named)


def _csv(found: Top) -> str:
    """With a byte-order mark, for spreadsheets; no cell begins a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_HEADER)
    for place, one in enumerate(found.groups, 1):
        count, answer = one.count, one.answer
        row = (
            place, count.name, count.askers, count.before, count.questions, count.served, count.offered, count.refused,
            count.down, count.topic or "", answer.checked_on if answer else "", _issuers(one),
        )  # fmt: skip
        writer.writerow([_safe(str(cell)) for cell in row])
    return "\ufeff" + file.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _json(found: Top) -> str:
    told = {
        "first": found.period.first.isoformat(),
        "last": found.period.last.isoformat(),
        "groups": [as_plain(one) for one in found.groups],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def as_plain(one: GroupView) -> dict[str, object]:
    """A group as JSON has it."""
    count, answer = one.count, one.answer
    return {
        "id": count.id,
        "name": count.name,
        "askers": count.askers,
        "before": count.before,
        "questions": count.questions,
        "served": count.served,
        "offered": count.offered,
        "refused": count.refused,
        "down": count.down,
        "wordings": [wording.text for wording in one.wordings],
        "channels": dict(one.channels),
        "districts": dict(one.districts),
        "degrees": dict(one.degrees),
        "aired_on": [day.isoformat() for day in one.aired_on],
        "requested": count.requested,
        "answered_by_guest": count.by_guest,
        "answer": None if answer is None else {
            "topic": answer.topic,
            "version": answer.version,
            "standing": answer.standing,
            "checked_on": answer.checked_on.isoformat(),
            "text": answer.answer,
            "s30": answer.s30,
            "s60": answer.s60,
            "sources": [source.__dict__ for source in answer.sources],
        },
    }  # fmt: skip
