"""Bringing in postings from a spreadsheet, beside one INSERT a row with the values ready made, in the same run."""

from __future__ import annotations

import csv
import itertools
import resource
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert

from benchmarks.postings import (
    COMPANY_COLUMNS,
    POSTING_COLUMNS,
    MadePosting,
    companies,
    company_row,
    posting_row,
    postings,
)
from bot.jobs.importing import Importer
from bot.jobs.tables import Company, Posting
from bot.migrating import upgrade
from bot.store import Sessions, open_engine

ROWS = 100_000
PLAIN_ROWS = 5_000  # one INSERT each: enough to tell the rate
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
HEADER = (
    "岗位名称",
    "公司名称",
    "工作性质",
    "区县",
    "薪资待遇",
    "学历要求",
    "专业要求",
    "招聘人数",
    "岗位职责",
    "任职要求",
    "福利待遇",
)
out = Console()


@dataclass(frozen=True)
class Rate:
    """How fast, in rows a second, and the most memory the process had, in MB."""

    imported: float
    plain: float
    seconds: float
    peak: float


def _sheet(path: Path, rows: int) -> None:
    """A file of made-up postings as people write them."""
    made = companies(2_000)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(HEADER)
        for n, posting in enumerate(itertools.islice(postings(made), rows)):
            pay = f"{posting.pay_min}-{posting.pay_max}元/月" if posting.pay_min else "面议"
            majors, benefits = "、".join(posting.majors) or "不限", "、".join(posting.benefits)
            sheet.writerow(
                [
                    f"{posting.title}{n}", made[posting.company_id - 1].name, posting.job_type, posting.district, pay,
                    posting.education, majors, "若干", posting.duties, posting.requirements, benefits,
                ]
            )  # fmt: skip


async def measure(rows: int = ROWS) -> Rate:
    """A CSV of so many rows into an empty SQLite, then a few thousand rows one by one."""
    with tempfile.TemporaryDirectory(prefix="duihua-import-") as name:
        folder = Path(name)
        _sheet(folder / "岗位.csv", rows)
        address = f"sqlite+aiosqlite:///{folder / 'import.db'}"
        await upgrade(address)
        engine = open_engine(address)
        began = time.perf_counter()
        report = await Importer(Sessions(engine), lambda: NOW).bring_in(folder / "岗位.csv", by="bench")
        seconds = time.perf_counter() - began
        if report.new != rows:
            raise RuntimeError(f"{report.new} of {rows} rows came in: {report.summary()}")
        await engine.dispose()
        plain = await _one_by_one(folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Rate(rows / seconds, plain, seconds, peak)


async def _one_by_one(folder: Path) -> float:
    address = f"sqlite+aiosqlite:///{folder / 'plain.db'}"
    await upgrade(address)
    engine = open_engine(address)
    made = companies(50)
    ready = [_values(posting) for posting in itertools.islice(postings(made), PLAIN_ROWS)]
    sessions = Sessions(engine)
    async with sessions.begin() as db:
        rows = [dict(zip(COMPANY_COLUMNS, company_row(company), strict=True)) for company in made]
        await db.execute(insert(Company), rows)
    began = time.perf_counter()
    for row in ready:
        async with sessions.begin() as db:
            await db.execute(insert(Posting).values(**row))
    rate = PLAIN_ROWS / (time.perf_counter() - began)
    await engine.dispose()
    return rate


def _values(posting: MadePosting) -> dict[str, Any]:
    row = dict(zip(POSTING_COLUMNS, posting_row(posting), strict=True))
    return {**row, **{name: getattr(posting, name) for name in ("majors", "benefits", "scam_signs")}}


def show(rate: Rate) -> None:
    """One line."""
    table = Table(
        "导入",
        "每秒行数",
        "比值",
        title=f"从表格导入 {ROWS:,} 行到 SQLite：{rate.seconds:.0f} 秒，内存峰值 {rate.peak:.0f} MB",
    )
    table.add_row(
        "duihua jobs import（读表、查重、建全文索引）", f"{rate.imported:,.0f}", f"{rate.imported / rate.plain:.1f}×"
    )
    table.add_row("值已备好，逐行 INSERT", f"{rate.plain:,.0f}", "1×")
    out.print(table)
