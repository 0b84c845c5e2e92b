"""Files of postings, made on the spot."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

HEADER = [
    "单位名称", "招聘岗位", "工作地点", "薪资待遇", "学历要求", "专业要求", "招聘人数", "岗位职责", "福利待遇", "联系人", "联系电话",
    "截止日期",
]  # fmt: skip
ACCOUNTANT = [
    "示例一科技有限公司", "会计", "平城区文瀛路1号", "4000-6000元/月", "大专及以上", "会计学、财务管理", "2人", "记账、报税", "五险一金、双休",
    "王女士", "0352-1234567", "2026-12-31",
]  # fmt: skip
CLERK = [
    "示例二科技有限公司", "行政文员", "口泉", "面议", "不限", "不限", "若干", "收发文件", "包吃住", "李先生", "0352-7654321", "长期有效"
]  # fmt: skip


def but(row: Sequence[Any], **changes: Any) -> list[Any]:
    """A row with some cells changed; the names are the header's."""
    return [changes.get(header, cell) for header, cell in zip(HEADER, row, strict=True)]


def write_csv(path: Path, rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> Path:
    """The rows below a header, as CSV."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def write_xlsx(path: Path, rows: Sequence[Sequence[Any]], shape=lambda sheet: None) -> Path:
    """The rows as they are, as XLSX; `shape` may then hide and merge."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    shape(book.active)
    book.save(path)
    return path
