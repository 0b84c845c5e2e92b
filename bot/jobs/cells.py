"""One row of a spreadsheet read as a posting, every cell of it checked. Knows the columns, touches no database."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.jobs.headers import Header
from bot.jobs.values import (
    Unreadable,
    district_named,
    district_of,
    education_of,
    headcount_of,
    industry_letter,
    job_type_of,
    majors_of,
    months_a_year,
    named,
    read_ends,
    short,
    split_list,
    status_of,
    type_of_title,
    years_of_experience,
    yes_or_no,
)
from bot.sheets.rows import Row, Value, address, text_of
from bot.sheets.writing import without_mark
from bot.text.dates import UnreadableDate, read_day
from bot.text.pay import NOTE_LENGTH, UnreadablePay, read_pay
from bot.text.scams import signs_in

_NOTHING = {"", "无", "-", "--", "/", "\\", "—", "——", "暂无", "none", "null", "nan", "n/a", "#n/a", "n"}


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken as it is, and why, in Chinese."""

    cell: str
    value: str
    reason: str


@dataclass
class Reading:
    """What a row says: the posting's and its company's fields, or the faults for which it is refused."""

    posting: dict[str, Any] = field(default_factory=dict)
    company: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class RowReader:
    """Reads the rows below one header."""

    def __init__(self, header: Header, *, today: date, source: str) -> None:
        self._header, self._today, self._source = header, today, source

    def repeats_header(self, row: Row) -> bool:
        """Whether the header stands here once more, as on every printed page."""
        again = [text_of(cell) for cell in row.cells]
        named = self._header.columns.values()
        return all(column < len(again) and again[column] == self._header.words[column] for column in named)

    def read(self, row: Row) -> Reading:
        """The row as a posting. Faults and warnings name the cell."""
        reading = Reading()
        cells = _Cells(row, self._header, reading)
        company = cells.read("company", lambda text: named(text, "company", "公司名称"))
        reading.company = {
            "name": company,
            "industry": cells.read("industry", industry_letter),
            "trade": cells.read("trade", lambda text: short(text, "trade")),
            "district": cells.soft("company_district", district_named),
            "size": cells.read("size", lambda text: short(text, "size")),
            "alliance_member": cells.read("alliance_member", yes_or_no),
        }
        posting = reading.posting
        posting["title"] = cells.read("title", lambda text: named(text, "title", "岗位名称"))
        posting["job_type"] = cells.soft("job_type", job_type_of, "按岗位名称判断") or type_of_title(
            posting["title"] or ""
        )
        posting["district"], posting["address"] = self._place(cells)
        posting.update(self._pay(cells))
        posting["education"] = cells.read("education", education_of) or "不限"
        posting["majors"] = cells.read("majors", majors_of) or []
        posting["experience_years"] = cells.soft("experience", years_of_experience)
        posting["headcount"] = cells.soft("headcount", headcount_of)
        posting["duties"] = cells.text("duties") or None
        posting["requirements"] = cells.text("requirements") or None
        posting["benefits"] = cells.read("benefits", split_list) or []
        posting["contact"] = self._contact(cells)
        posting["apply_how"] = self._apply_how(cells)
        posting["closes_on"] = self._closes_on(cells)
        posting["source"] = cells.read("source", lambda text: short(text, "source")) or self._source
        posting["sample"] = bool(cells.read("sample", yes_or_no))
        posting["status"] = cells.read("status", status_of)
        if not reading.faults:
            self._warn(reading, cells)
        return reading

    def _place(self, cells: _Cells) -> tuple[str | None, str | None]:
        named, written = cells.text("district"), cells.text("address")
        address_ = written or None
        district = district_of(named) or district_of(written)
        if district is None and (named or written):
            where = cells.at("district" if named else "address")
            cells.reading.warnings.append(f"{where}“{(named or written)[:30]}”看不出在大同哪个区县，按区县不详导入")
        if district is None and named and not written:
            address_ = named  # what was written is kept
        return district, address_

    def _pay(self, cells: _Cells) -> dict[str, Any]:
        found: dict[str, Any] = {"pay_min": None, "pay_max": None, "pay_months": 12, "pay_note": None}
        low, high = cells.text("pay_min"), cells.text("pay_max")
        if low or high:
            try:
                pay = read_ends(low, high)
            except UnreadablePay as error:
                cells.fault("pay_min" if low else "pay_max", f"{low}-{high}" if low and high else low or high, error)
                return found
        elif text := cells.text("pay"):
            before, after = self._header.pay_words
            bare = re.fullmatch(r"[\d.\s~～至到\-—–]+", text)
            try:
                pay = read_pay(f"{before}{text}{after}" if bare else text)
            except UnreadablePay as error:
                cells.fault("pay", text, error)
                return found
        else:
            pay = None
        if pay:
            found.update(pay_min=pay.low, pay_max=pay.high, pay_months=pay.months, pay_note=pay.note)
        if months := cells.read("pay_months", months_a_year):
            found["pay_months"] = months
        if note := cells.text("pay_note"):
            found["pay_note"] = note[:NOTE_LENGTH]
        return found

    def _contact(self, cells: _Cells) -> str | None:
        """Name and number as given: an employer's public contact, not a person's secret."""
        name, phone = cells.text("contact"), cells.text("phone")
        if phone and phone in name:
            phone = ""
        return " ".join(filter(None, (name, phone))) or None

    def _apply_how(self, cells: _Cells) -> str | None:
        how, email = cells.text("apply_how"), cells.text("email")
        if email and email in how:
            email = ""
        return "；".join(filter(None, (how, f"简历发至 {email}" if email else ""))) or None

    def _closes_on(self, cells: _Cells) -> date | None:
        value = cells.value("closes_on")
        if value is None or not isinstance(value, (str, int, float, date)) or isinstance(value, bool):
            return None
        try:
            return read_day(value, today=self._today)
        except UnreadableDate as error:
            cells.fault("closes_on", text_of(value), error)
            return None

    def _warn(self, reading: Reading, cells: _Cells) -> None:
        posting = reading.posting
        words = [posting["title"], posting["pay_note"], posting["duties"], posting["requirements"]]
        words += [posting["contact"], posting["apply_how"], *posting["benefits"]]
        signs = signs_in("\n".join(filter(None, words)))
        posting["scam_signs"] = [{"name": sign.name, "words": sign.words} for sign in signs]
        if signs:
            named = "、".join(f"{sign.name}（“{sign.words}”）" for sign in signs)
            reading.warnings.append(f"{cells.at('title')}“{posting['title']}”有可疑之处：{named}，已标记，请人工核实")
        if posting["closes_on"] and posting["closes_on"] < self._today:
            day = posting["closes_on"].isoformat()
            reading.warnings.append(f"{cells.at('closes_on')}截止日期 {day} 已过，收录但不会推荐给任何人")


class _Cells:
    """The cells of one row by field; notes what is wrong with them."""

    def __init__(self, row: Row, header: Header, reading: Reading) -> None:
        self._row, self._columns, self.reading = row, header.columns, reading

    def value(self, name: str) -> Value:
        column = self._columns.get(name)
        return self._row.cells[column] if column is not None and column < len(self._row.cells) else None

    def text(self, name: str) -> str:
        """What the cell says; the empty text for “无”, “/” and the like."""
        value = self.value(name)
        if value is None:
            return ""
        text = without_mark(text_of(value))
        return "" if text.lower() in _NOTHING else text

    def at(self, name: str) -> str:
        """The cell's name, the row's where there is no such column."""
        column = self._columns.get(name)
        return address(column, self._row.number) if column is not None else f"第{self._row.number}行"

    def fault(self, name: str, value: str, error: Exception | str) -> None:
        self.reading.faults.append(Fault(self.at(name), value[:200], str(error)))

    def read(self, name: str, how: Callable[[str], Any]) -> Any:
        """The cell as `how` reads it; a fault of the row where it refuses."""
        text = self.text(name)
        if not text and name not in ("title", "company"):
            return None
        try:
            return how(text)
        except Unreadable as error:
            self.fault(name, text, error)
            return None

    def soft(self, name: str, how: Callable[[str], Any], instead: str = "这一项留空") -> Any:
        """The same, but what cannot be read is left out with a warning: the posting is of use without it."""
        text = self.text(name)
        try:
            return how(text) if text else None
        except Unreadable as error:
            self.reading.warnings.append(f"{self.at(name)}“{text[:30]}”{error}，{instead}导入")
            return None
