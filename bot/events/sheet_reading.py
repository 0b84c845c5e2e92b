"""A spreadsheet read into events, before any database is asked: what each row says, or why it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from bot.clock import SHANGHAI
from bot.events import sheet_cells as cells
from bot.events.sheet_cells import Unreadable
from bot.sheets.headed import ReportedTable, columns_of, headed, unknown_columns
from bot.sheets.reports import Report
from bot.sheets.rows import Row, SheetError, Table, Value, address, text_of

_EVENT = "(?:活动|场次|招聘会|培训|体验日)"
_NAMES = {
    "id": f"编号|{_EVENT}编号|id",
    "title": f"{_EVENT}?(?:名称|标题|主题)|{_EVENT}",
    "kind": f"{_EVENT}?(?:类型|类别|种类)",
    "mode": f"{_EVENT}?(?:形式|方式)|举办(?:形式|方式)|线上/?线下",
    "day": f"{_EVENT}?(?:举办|举行|开始)?(?:日期|日子)",
    "hours": f"{_EVENT}?(?:举办|举行|起止)?(?:时间|时段|起止时间)",
    "starts": f"{_EVENT}?(?:开始|起始|开场)时间",
    "ends": f"{_EVENT}?(?:结束|截止|散场)时间",
    "district": "(?:所在|举办)?(?:区县|县区|县/区|区/县)",
    "place": f"{_EVENT}?(?:举办|举行)?(?:地点|场地|会场|场所)",
    "address": "(?:详细|具体)?地址",
    "url": "(?:线上|直播|报名|会议)?(?:链接|网址|入口|会议号)",
    "capacity": f"{_EVENT}?(?:名额|人数上限|限额|可报名人数|人数|容量)",
    "about": f"{_EVENT}?(?:简介|介绍|说明|内容)|备注",
    "companies": "(?:参会|参加|参与|到场)?(?:企业|单位|公司)(?:名单|名称)?",
    "postings": "(?:带来的?|招聘)?(?:岗位|职位)(?:名称)?",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _NAMES.items()}
_IGNORED = re.compile("序号|no|原因|行号|来源|状态|已报名|到场")
_NOTHING = {"", "无", "-", "--", "—", "/", "暂无"}
LONGEST = {"title": 120, "place": 120, "address": 500, "url": 500, "about": 5000}
_MISSING = "“{}”里没有找到活动表，请在前 {} 行内写一行列名，至少要有“活动名称”“类型”“日期”和“时间”。"


@dataclass
class Entry:
    """One event as the file has it. `id` is set where the file says which event it is."""

    place_in_file: str
    cell_of: dict[str, str]
    id: int | None
    title: str
    kind: str
    mode: str
    starts_at: datetime
    ends_at: datetime
    district: str | None = None
    place: str | None = None
    address: str | None = None
    url: str | None = None
    capacity: int | None = None
    about: str = ""
    companies: tuple[str, ...] = ()
    postings: tuple[str, ...] | None = None
    row: Row | None = None
    sheet: str = ""

    @property
    def key(self) -> tuple[str, date]:
        """What tells it from others: its name and its day."""
        return re.sub(r"\s+", "", self.title), self.starts_at.date()


@dataclass
class Gathered:
    """The events of a file, in its order, and the report so far."""

    report: Report
    entries: list[Entry] = field(default_factory=list)


def gather(path: Path, *, today: date, max_bytes: int) -> Gathered:
    """Read the whole file. Raises SheetError."""
    gathered = Gathered(Report(path.name))

    def left_out(name: str) -> None:
        gathered.report.notes.append(f"工作表“{name}”里没有活动名称、类型、日期这几列，整张没有导入。")

    found = headed(path, max_bytes=max_bytes, is_header=_is_header, missing=_MISSING, left_out=left_out)
    for table, header, below in found:
        _Sheet(gathered, table, header, today).read(below)
    if gathered.report.rows == 0:
        raise SheetError(f"“{path.name}”的表头下面没有任何内容，请检查是不是传错了文件。")
    return gathered


def _columns(row: Row) -> dict[str, int]:
    return columns_of(row, _PATTERNS)


def _is_header(row: Row) -> bool:
    columns = set(_columns(row))
    return {"title", "kind"} <= columns and bool({"day", "hours", "starts"} & columns)


class _Sheet:
    """Reads the rows below one header."""

    def __init__(self, gathered: Gathered, table: Table, header: Row, today: date) -> None:
        self._gathered, self._report, self._table, self._today = gathered, gathered.report, table, today
        self._columns = _columns(header)
        words = tuple(text_of(cell) for cell in header.cells)
        unknown = unknown_columns(words, set(self._columns.values()), _IGNORED.search)
        self._reported = ReportedTable(self._report, table, words, unknown)

    def read(self, below: Iterator[Row]) -> None:
        """All rows; those that cannot be taken go into the report with their reasons."""
        for row in self._reported.rows(below):
            self._read_row(row)

    def _read_row(self, row: Row) -> None:
        faults: list[tuple[str, str, str]] = []

        def value(name: str) -> Value:
            column = self._columns.get(name)
            cell = row.cells[column] if column is not None and column < len(row.cells) else None
            return None if text_of(cell) in _NOTHING else cell

        def text(name: str) -> str:
            return cells.plain(value(name))

        def read[T](name: str, reader: Callable[[], T], otherwise: T) -> T:
            try:
                return reader()
            except Unreadable as error:
                column = self._columns.get(name, self._columns["title"])
                faults.append((address(column, row.number), text(name), str(error)))
                return otherwise

        title = read("title", lambda: _short(text("title"), "title", "活动名称"), "")
        kind = read("kind", lambda: cells.kind_of(text("kind") or title), "")
        mode = read("mode", lambda: cells.mode_of(text("mode")), "") if text("mode") else _mode_by(text)
        day_column = "day" if value("day") is not None else "hours" if value("hours") is not None else "starts"
        day = read(day_column, lambda: cells.day_in(value(day_column), self._today), self._today)
        start, end = read(
            "hours" if value("hours") is not None else "starts", lambda: _hours(value, text), (time(0), time(1))
        )
        entry = Entry(
            self._reported.place(row),
            {name: address(column, row.number) for name, column in self._columns.items()},
            read("id", lambda: _id(text("id")), None) if text("id") else None,
            title, kind, mode,
            datetime.combine(day, start, SHANGHAI), datetime.combine(day, end, SHANGHAI),
            read("district", lambda: cells.district_in(text("district")), None) if text("district") else None,
            read("place", lambda: _short(text("place"), "place", "地点"), None) if text("place") else None,
            read("address", lambda: _short(text("address"), "address", "地址"), None) if text("address") else None,
            read("url", lambda: _short(text("url"), "url", "链接"), None) if text("url") else None,
            read("capacity", lambda: cells.number_in(text("capacity")), None) if text("capacity") else None,
            read("about", lambda: _short(text("about"), "about", "简介"), "") if text("about") else "",
            cells.names_in(text("companies")),
            cells.names_in(text("postings")) if text("postings") else None,
            row, self._table.name,
        )  # fmt: skip
        if mode == "offline" and not entry.place and not entry.address and not faults:
            column = self._columns.get("place", self._columns["title"])
            faults.append((address(column, row.number), "", "线下的活动要写地点"))
        if faults:
            self._reported.refuse(row, faults)
            return
        if entry.key in {other.key for other in self._gathered.entries}:
            self._report.folded += 1
            self._report.folds.add(f"{entry.place_in_file}“{title}”和前面一行同名同日，只留前面的")
            return
        self._gathered.entries.append(entry)


def _short(text: str, name: str, what: str) -> str:
    text = text if name == "about" else re.sub(r"\s+", " ", text)
    if not re.search(r"\w", text):
        raise Unreadable(f"没有写{what}")
    if len(text) > LONGEST[name]:
        raise Unreadable(f"太长（{len(text)} 字），最多 {LONGEST[name]} 字")
    return text


def _mode_by(text: Callable[[str], str]) -> str:
    """Where nobody says which form it has: online if its place or name says so, or there is only an address to click."""
    if re.search(r"线上|网络|直播|腾讯会议", text("place") + text("title")) or (text("url") and not text("place")):
        return "online"
    return "offline"


def _hours(value: Callable[[str], Value], text: Callable[[str], str]) -> tuple[time, time]:
    if value("starts") is not None and value("ends") is not None:
        return cells.in_order(cells.time_in(value("starts")), cells.time_in(value("ends")))
    for name in ("hours", "day"):
        if re.search(r"\d\s*[:：点时]|[午上]\s*\d", text(name)):
            return cells.hours_in(text(name))
    return cells.hours_in(text("hours"))


def _id(text: str) -> int:
    found: Any = re.fullmatch(r"\d{1,9}", text)
    if found is None:
        raise Unreadable("编号是 duihua events list 里的那个数，新活动空着")
    return int(text)
