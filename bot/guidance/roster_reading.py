"""A spreadsheet read into advisers, before any database is asked: what each row says, or why it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.guidance import roster_cells as cells
from bot.guidance.roster_cells import Hours, Unreadable
from bot.sheets.headed import ReportedTable, columns_of, headed, unknown_columns
from bot.sheets.reports import Report
from bot.sheets.rows import Row, SheetError, Table, address, text_of

_WHO = "(?:指导|就业指导|职业指导)?(?:老师|导师|顾问|专家|指导师|咨询师)"
_NAMES = {
    "full_name": f"(?:{_WHO})?姓名|{_WHO}(?:名单)?|名字",
    "topics": "(?:擅长|指导|咨询|服务|专长|主要)?(?:/)?(?:方向|领域|内容|主题|专长|专题)|擅长|擅长/方向|指导擅长方向|擅长什么",
    "modes": "(?:指导|服务|咨询|见面|预约)?(?:方式|形式)",
    "base": "(?:服务|指导|咨询|办公|所在|见面)?(?:地点|基地|地址|场所)|(?:地点|基地)/(?:地点|基地)|所属基地",
    "at_once": "(?:可)?(?:同时|每次|一次)(?:接待|指导|服务)?人数|同时几人|人数",
    "weekday": "星期|星期几|周几|日期",
    "hours": "(?:服务|指导|咨询|值班|坐班|可约|可预约|预约|每周|接待|星期)?(?:\\+|及|和)?(?:时段|时间|时间段|时间安排)|星期时段",
    "session_minutes": "(?:每次|单次|一次)?(?:指导|咨询)?(?:时长|分钟数|分钟)",
    "note": "备注|说明|简介|介绍|个人简介|老师简介",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _NAMES.items()}
_IGNORED = re.compile("序号|编号|no|原因|行号")
_NOTHING = {"", "无", "-", "--", "—", "/", "暂无"}
LONGEST = {"full_name": 40, "base": 80, "note": 500}
_MISSING = "“{}”里没有找到名册，请在前 {} 行内写一行列名，至少要有“姓名”“擅长方向”和“时段”。"


@dataclass
class Entry:
    """One adviser as the file has them."""

    place: str
    full_name: str
    topics: tuple[str, ...]
    modes: tuple[str, ...]
    base: str | None = None
    at_once: int = 1
    session_minutes: int | None = None
    note: str | None = None
    hours: list[Hours] = field(default_factory=list)


@dataclass
class Gathered:
    """The advisers of a file, in its order, and the report so far."""

    report: Report
    entries: dict[str, Entry] = field(default_factory=dict)


def gather(path: Path, *, minutes: int, max_bytes: int) -> Gathered:
    """Read the whole file; `minutes` is how long a session lasts. Raises SheetError."""
    gathered = Gathered(Report(path.name))

    def left_out(name: str) -> None:
        gathered.report.notes.append(f"工作表“{name}”里没有姓名、方向、时段这几列，整张没有导入。")

    found = headed(path, max_bytes=max_bytes, is_header=_is_header, missing=_MISSING, left_out=left_out)
    for table, header, below in found:
        _Sheet(gathered, table, header, minutes).read(below)
    if gathered.report.rows == 0:
        raise SheetError(f"“{path.name}”的表头下面没有任何内容，请检查是不是传错了文件。")
    return gathered


def _columns(row: Row) -> dict[str, int]:
    return columns_of(row, _PATTERNS)


def _is_header(row: Row) -> bool:
    return {"full_name", "topics", "hours"} <= set(_columns(row))


class _Sheet:
    """Reads the rows below one header."""

    def __init__(self, gathered: Gathered, table: Table, header: Row, minutes: int) -> None:
        self._gathered, self._report, self._minutes = gathered, gathered.report, minutes
        self._columns = _columns(header)
        words = tuple(text_of(cell) for cell in header.cells)
        unknown = unknown_columns(words, set(self._columns.values()), _IGNORED.fullmatch)
        self._reported = ReportedTable(self._report, table, words, unknown)

    def read(self, below: Iterator[Row]) -> None:
        """All rows; those that cannot be taken go into the report with their reasons."""
        for row in self._reported.rows(below):
            self._read_row(row)

    def _read_row(self, row: Row) -> None:
        faults: list[tuple[str, str, str]] = []
        warnings: list[str] = []

        def cell(name: str) -> str:
            column = self._columns.get(name)
            text = text_of(row.cells[column]) if column is not None and column < len(row.cells) else ""
            return "" if text in _NOTHING else text

        def read[T](name: str, reader: Callable[[str], T], otherwise: T) -> T:
            try:
                return reader(cell(name))
            except Unreadable as error:
                faults.append((address(self._columns[name], row.number), cell(name), str(error)))
                return otherwise

        name = read("full_name", lambda text: _text(text, "full_name", "姓名"), "")
        first = self._gathered.entries.get(name or "")
        topics = self._topics(row, read, cell("topics"), first, warnings)
        modes: tuple[str, ...] = read("modes", cells.modes_in, ()) if cell("modes") else ()
        days = read("weekday", cells.weekdays_in, ()) if cell("weekday") else ()
        base = read("base", lambda text: _optional(text, "base"), None) if cell("base") else None
        at_once = read("at_once", lambda text: cells.number_in(text, 1, 20, "同时人数"), 1) if cell("at_once") else None
        minutes = read("session_minutes", _session_minutes, None) if cell("session_minutes") else None
        note = read("note", lambda text: _optional(text, "note"), None) if cell("note") else None
        length = minutes or (first.session_minutes if first else None) or self._minutes
        hours = read("hours", lambda text: _long_enough(cells.hours_in(text, days), length), ())
        if faults:
            self._reported.refuse(row, faults)
            return
        assert name is not None
        if first is None and not modes:
            warnings.append("没有写方式，按线下处理")
            modes = ("线下",)
        place = self._reported.place(row)
        said = {
            "topics": topics,
            "modes": modes,
            "base": base,
            "at_once": at_once,
            "session_minutes": minutes,
            "note": note,
        }
        if first is None:
            given = {key: value for key, value in said.items() if value is not None}
            self._gathered.entries[name] = Entry(place, name, hours=list(hours), **given)
        else:
            self._report.folded += 1
            differing = [_CHINESE[key] for key, value in said.items() if value and value != getattr(first, key)]
            if differing:
                warnings.append(f"{'、'.join(differing)}与{first.place}不同，以{first.place}为准")
            self._report.folds.add(f"{place}“{name}”的时段并入{first.place}")
            first.hours = list(cells.joined([*first.hours, *hours]))
        for warning in warnings:
            self._report.warnings.add(f"{place}“{name}”：{warning}")

    def _topics(
        self, row: Row, read: Callable[..., Any], text: str, first: Entry | None, warnings: list[str]
    ) -> tuple[str, ...]:
        if first is not None and not text:
            return ()
        topics, unknown = read("topics", cells.topics_in, ((), ()))
        if unknown:
            warnings.append(f"“{'、'.join(unknown)}”不是常用的方向，照原样收下")
        return topics


_CHINESE = {
    "topics": "方向", "modes": "方式", "base": "地点", "at_once": "同时人数", "session_minutes": "时长", "note": "备注",
}  # fmt: skip


def _text(text: str, name: str, what: str) -> str:
    text = re.sub(r"\s+", "", text) if name == "full_name" else re.sub(r"\s+", " ", text)
    if not re.search(r"\w", text):
        raise Unreadable(f"没有写{what}")
    if len(text) > LONGEST[name]:
        raise Unreadable(f"太长（{len(text)} 字），最多 {LONGEST[name]} 字")
    return text


def _optional(text: str, name: str) -> str | None:
    return _text(text, name, "内容")


def _session_minutes(text: str) -> int:
    minutes = cells.number_in(text, 5, 480, "时长")
    if minutes % 5:
        raise Unreadable("时长要写 5 分钟的整数倍")
    return minutes


def _long_enough(hours: tuple[Hours, ...], minutes: int) -> tuple[Hours, ...]:
    for one in hours:
        if one[2] - one[1] < minutes:
            raise Unreadable(f"“{cells.spoken_hours(one)}”不够一次（{minutes} 分钟）")
    return hours
