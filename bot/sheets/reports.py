"""What an import did, row by row, for the people who sent the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from bot.sheets.spool import Spool
from bot.sheets.writing import writing


class Refused(TypedDict):
    """A row that was not taken: where it stands, its cells as they are, and each fault as (cell, value, reason)."""

    sheet: str
    row: int
    faults: list[tuple[str, str, str]]
    cells: list[str]


@dataclass
class Report:
    """What became of each row. `batch` is None for a dry run, and where batches are not counted (then `written` tells).

    Lists that may grow long are spooled to disk.
    """

    file: str
    batch: int | None = None
    written: bool = False
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    folded: int = 0
    refused: Spool[Refused] = field(default_factory=Spool)
    folds: Spool[str] = field(default_factory=Spool)
    warnings: Spool[str] = field(default_factory=Spool)
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)
    """Per sheet, the hidden rows that were left out."""
    notes: list[str] = field(default_factory=list)
    """Columns not known, sheets left out, and what the format does not tell."""

    @property
    def dry(self) -> bool:
        """Whether nothing was written."""
        return self.batch is None and not self.written

    def summary(self) -> str:
        """The counts, in one line."""
        which = "" if self.batch is None else f"第 {self.batch} 批"
        lead = "试导入（没有写入任何数据）" if self.dry else f"{which}导入完成"
        return (
            f"{lead}：共 {self.rows} 行，新增 {self.new}，更新 {self.changed}，未变 {self.unchanged}，"
            f"重复合并 {self.folded}，未导入 {len(self.refused)}"
        )

    def lines(self, most: int = 20) -> Iterator[str]:
        """Everything worth reading, in Chinese; of long lists the first `most`."""
        yield self.summary()
        yield from self.notes
        yield from self.hidden
        refused = (line for row in self.refused for line in refusal_lines(row))
        yield from _some("未导入：", refused, most)
        yield from _some("提醒：", self.warnings, most)
        yield from _some("合并：", self.folds, most)


def refusal_lines(row: Refused) -> list[str]:
    """One sentence for each fault of a refused row."""
    sheet = f"{row['sheet']}!" if row["sheet"] else ""
    return [
        f"{sheet}{cell}“{value[:30]}”：{reason}" if value else f"{sheet}{cell}：{reason}"
        for cell, value, reason in row["faults"]
    ]


def _some(lead: str, lines: Iterable[str], most: int) -> Iterator[str]:
    for count, line in enumerate(lines):
        if count == most:
            yield f"{lead}……（其余的见报告文件）"
            return
        yield lead + line


def row_ranges(rows: list[int]) -> str:
    """[5, 8, 9, 10] as 5、8-10."""
    parts: list[list[int]] = []
    for row in rows:
        if parts and parts[-1][1] == row - 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    return "、".join(f"{first}-{last}" if last > first else f"{first}" for first, last in parts)


def write_report(report: Report, path: Path) -> None:
    """The refused rows with all their cells and a column 原因, to mend and import again; warnings below each other.

    One header serves all rows: of a file with several sheets it is the first one's. Raises SheetError.
    """
    words = next(iter(report.headers.values()), ())
    several = len(report.headers) > 1
    with writing(path, name="未导入的行", widths=[8, 44, *([16] * len(words))]) as sheet:
        sheet.row(["行号", "原因", *words])
        for row in report.refused:
            place = f"{row['sheet']}!{row['row']}" if several else row["row"]
            sheet.row([place, "；".join(refusal_lines({**row, "sheet": ""})), *row["cells"]])


def write_notes(report: Report, path: Path) -> None:
    """Everything else that was found: warnings, folded rows, hidden rows and unknown columns. Raises SheetError."""
    with writing(path, name="提醒", widths=[10, 100]) as sheet:
        sheet.row(["类别", "内容"])
        sheet.row(["汇总", report.summary()])
        for kind, lines in (
            ("说明", report.notes),
            ("隐藏行", report.hidden),
            ("提醒", report.warnings),
            ("合并", report.folds),
        ):
            for line in lines:
                sheet.row([kind, line])
