"""All postings as a spreadsheet, in the form that the importer reads back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.jobs import import_queries as queries
from bot.sheets.rows import Value
from bot.sheets.writing import writing
from bot.store import Sessions

_STATUS = {"open": "在招", "withdrawn": "已下架", "folded": "重复"}
COLUMNS = (  # (header, width)
    ("公司名称", 28), ("行业门类", 8), ("所属行业", 14), ("企业规模", 12), ("公司所在区县", 12), ("联盟成员", 8),
    ("岗位名称", 22), ("工作性质", 8), ("区县", 10), ("工作地址", 28), ("最低薪资", 10), ("最高薪资", 10),
    ("薪资月数", 8), ("薪资说明", 20), ("学历要求", 8), ("专业要求", 24), ("工作经验", 8), ("招聘人数", 8),
    ("岗位职责", 40), ("任职要求", 40), ("福利待遇", 28), ("联系方式", 24), ("应聘方式", 28), ("截止日期", 12),
    ("信息来源", 16), ("状态", 8), ("示例", 6), ("首次收录", 12), ("最近核对", 12),
)  # fmt: skip


async def export(sessions: Sessions, path: Path) -> int:
    """Write every posting to an XLSX or CSV file, by its ending, a chunk at a time; how many.

    Raises SheetError where the file cannot be written.
    """
    count = after = 0
    with writing(path, name="职位", widths=[width for _, width in COLUMNS]) as sheet:
        sheet.row([header for header, _ in COLUMNS])
        async with sessions() as db:
            while postings := await queries.postings_in_order(db, after):
                for posting in postings:
                    sheet.row(_cells(posting))
                count, after = count + len(postings), postings[-1]["id"]
    return count


def _cells(posting: dict[str, Any]) -> list[Value]:
    p = posting
    agreed = p["pay_min"] is None
    return [
        p["company_name"], p["company_industry"], p["company_trade"], p["company_size"], p["company_district"],
        bool(p["company_alliance_member"]), p["title"], p["job_type"], p["district"], p["address"],
        "面议" if agreed else p["pay_min"], "面议" if agreed else p["pay_max"], p["pay_months"], p["pay_note"],
        p["education"], "、".join(p["majors"]) or "不限", _experience(p["experience_years"]), p["headcount"],
        p["duties"], p["requirements"], "、".join(p["benefits"]), p["contact"], p["apply_how"], p["closes_on"],
        p["source"], _STATUS[p["status"]], bool(p["sample"]), p["first_seen"], p["checked_on"],
    ]  # fmt: skip


def _experience(years: int | None) -> str:
    return "不限" if years is None else "应届" if years == 0 else f"{years}年"
