"""Files that somebody means ill with, at every page that takes one: refused in words, nothing written, nothing carried out."""

from __future__ import annotations

import asyncio
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

from bot.events.tables import Event
from bot.guidance.tables import Adviser
from bot.jobs.tables import Posting
from tests.console.conftest import Console
from tests.console.uploading import finished, sent

PAGES = ("/console/jobs/import", "/console/events/import", "/console/guidance/advisers/import")
SHEET = "xl/worksheets/sheet1.xml"


def book() -> bytes:
    out = io.BytesIO()
    table = openpyxl.Workbook()
    table.active.append(["岗位名称", "单位名称"])
    table.save(out)
    return out.getvalue()


def packed(changed: dict[str, bytes], *, more: dict[str, bytes] | None = None) -> bytes:
    """A workbook some of whose parts are others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, changed.get(name, before.read(name)))
        for name, content in (more or {}).items():
            after.writestr(name, content)
    return out.getvalue()


def entities(secret: Path) -> bytes:
    """A sheet that asks for a file of the machine."""
    return f"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">
<c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData></worksheet>""".encode()


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row></sheetData></worksheet>'
)
BOMB = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" '
    b't="inlineStr"><is><t>' + b"0" * 250_000_000 + b"</t></is></c></row></sheetData></worksheet>"
)


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A quarter of a gigabyte in a quarter of a megabyte."""
    content = packed({SHEET: BOMB})
    assert len(content) < 500_000
    return content


async def rows(console: Console) -> tuple[int, ...]:
    async with console.sessions() as db:
        return tuple([await db.scalar(select(func.count()).select_from(table)) for table in (Posting, Event, Adviser)])


@pytest.mark.parametrize("page", PAGES)
async def test_a_file_that_is_none_of_ours_is_refused_in_words_and_leaves_nothing(
    console, signed_in, page, bomb, tmp_path
):
    staff = await signed_in("editor")
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim-7")
    files = {
        "empty.xlsx": b"",
        "text.xlsx": "岗位名称,单位名称".encode(),
        "cut.xlsx": book()[:900],
        "zeros.csv": b"\x00" * 5000,
        "page.csv": b"<svg xmlns='http://www.w3.org/2000/svg' onload='hit()'/>",
        "run.exe": b"MZ" + b"\x00" * 300,
        "macro.xlsm": book(),
        "../../../../etc/cron.d/evil.xlsx": b"PK\x05\x06" + b"\x00" * 18,
        "outside.xlsx": packed({}, more={"../../evil.txt": b"evil"}),
        "entities.xlsx": packed({SHEET: entities(secret)}),
        "laughs.xlsx": packed({SHEET: LAUGHS}),
        "bomb.xlsx": bomb,
    }
    for name, content in files.items():
        text = await asyncio.wait_for(_told(staff, page, name, content), 30)

        assert "geheim-7" not in text, name
        assert "<svg" not in text, name
        assert "不像正常的表格" in text or name != "bomb.xlsx", text
        assert any(word in text for word in ("读不了", "看不懂", "不是", "没有", "空", "太大", "认不出", "缺")), (
            name,
            text,
        )
    assert await rows(console) == (0, 0, 0)
    outside = [path for path in tmp_path.rglob("*") if "evil" in path.name or path.name == "cron.d"]
    assert outside == [] or all("import" in str(path) or "uploads" in str(path) for path in outside)


async def _told(staff, page: str, name: str, content: bytes) -> str:
    answer = await sent(staff, page, name, content)
    assert answer.status < 500, (name, answer.status)
    if answer.status == 303:
        return await finished(staff, answer.headers["Location"])
    return await answer.text()
