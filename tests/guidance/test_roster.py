"""Advisers brought in from a spreadsheet: what is read, what is refused and why, once, and taken back."""

from __future__ import annotations

import zipfile

import openpyxl
import pytest
from guidance_setup import at
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from bot.guidance.roster import Roster
from bot.guidance.roster_undo import CannotUndo
from bot.guidance.rules import GuidanceRules
from bot.guidance.sample import load_sample_advisers
from bot.guidance.tables import Adviser, AdviserImport, Booking
from bot.running.stack import SAMPLE
from bot.sheets.reports import write_report
from bot.sheets.rows import SheetError

HEADER = ["序号", "老师姓名", "擅长/方向", "指导方式", "服务地点", "同时接待人数", "每周时段", "备注"]
QIAN = [1, "钱小满", "简历修改、模拟面试", "线下、电话", "联盟中心", 1, "周一 9:00-12:00；周三 14:00-17:00", "十年人事"]
WU = [2, "吴有为", "创业指导", "均可", "联盟中心", "2人", "工作日 14:00-17:00", None]


@pytest.fixture
def roster(sessions, clock) -> Roster:
    return Roster(sessions, clock, GuidanceRules())


@pytest.fixture
def book_of(tmp_path):
    """Writes a roster; rows below a title and a header."""

    def write(*rows, header=HEADER, name="名册.xlsx"):
        book = openpyxl.Workbook()
        for row in (["2026 年冬季指导老师名册"], header, *rows):
            book.active.append(list(row))
        book.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def known(sessions):
    """Everybody in the database with their hours, by full name."""

    async def read():
        async with sessions() as db:
            rows = (await db.scalars(select(Adviser).options(selectinload(Adviser.hours)))).all()
        return {
            one.full_name: (
                one.name, tuple(one.topics), tuple(one.modes), one.at_once, one.active,
                tuple(sorted((h.weekday, h.start_minute, h.end_minute) for h in one.hours)),
            )
            for one in rows
        }  # fmt: skip

    return read


async def test_a_dry_run_tells_and_writes_nothing(roster, book_of, known, sessions):
    told = await roster.preview(book_of(QIAN, WU))

    assert (told.rows, told.new, told.batch) == (2, 2, None)
    assert next(told.lines()).startswith("试导入（没有写入任何数据）：共 2 行，新增 2")
    assert await known() == {}
    async with sessions() as db:
        assert await db.scalar(select(func.count()).select_from(AdviserImport)) == 0


async def test_names_hours_topics_and_ways_are_read_as_people_write_them(roster, book_of, known):
    await roster.bring_in(book_of(QIAN, WU), by="小王")

    assert await known() == {
        "钱小满": ("钱老师", ("简历", "面试"), ("线下", "电话"), 1, True, ((1, 540, 720), (3, 840, 1020))),
        "吴有为": (
            "吴老师", ("创业",), ("线下", "电话", "线上"), 2, True, tuple((day, 840, 1020) for day in range(1, 6)),
        ),
    }  # fmt: skip


async def test_the_same_file_twice_changes_nothing(roster, book_of, known):
    await roster.bring_in(book_of(QIAN, WU), by="小王")
    before = await known()

    told = await roster.bring_in(book_of(QIAN, WU), by="小王")

    assert (told.new, told.changed, told.unchanged) == (0, 0, 2)
    assert await known() == before


async def test_what_cannot_be_read_is_refused_with_its_cell_and_can_be_handed_back(roster, book_of, tmp_path, known):
    bad = [3, "郑一鸣", "简历", "飞鸽传书", "联盟中心", 1, "周八 9:00-12:00", None]
    nameless = [4, None, "简历", "线下", "联盟中心", 1, "周一 9:00-12:00", None]

    told = await roster.bring_in(book_of(QIAN, bad, nameless), by="小王")
    write_report(told, tmp_path / "退回.xlsx")

    lines = list(told.lines())
    assert any("D4“飞鸽传书”" in line for line in lines) and any("G4“周八" in line for line in lines)
    assert any("B5" in line and "没有写姓名" in line for line in lines)
    assert list(await known()) == ["钱小满"]
    rows = list(openpyxl.load_workbook(tmp_path / "退回.xlsx").active.values)
    assert rows[0][:4] == ("行号", "原因", "序号", "老师姓名") and len(rows) == 3

    back = openpyxl.load_workbook(tmp_path / "退回.xlsx")
    back.active["F2"], back.active["I2"], back.active["D3"] = "线上", "周二 9:00-12:00", "冯清"
    back.save(tmp_path / "改好.xlsx")
    mended = await roster.bring_in(tmp_path / "改好.xlsx", by="小王")
    assert (mended.new, len(mended.refused)) == (2, 0)


async def test_taking_back_removes_the_new_and_restores_the_changed(roster, book_of, known):
    first = await roster.bring_in(book_of(QIAN), by="小王")
    before = await known()
    changed = [1, "钱小满", "政策", "线上", "联盟中心", 3, "周五 9:00-12:00", None]
    second = await roster.bring_in(book_of(changed, WU), by="小王")
    assert (second.new, second.changed) == (1, 1)

    undone = await roster.undo(second.batch)

    assert (undone.removed, undone.restored, undone.kept) == (1, 1, ())
    assert await known() == before
    await roster.undo(first.batch)
    assert await known() == {}
    assert [one.undone_at is not None for one in await roster.batches()] == [True, True]


async def test_the_newest_of_two_that_changed_somebody_is_taken_back_first(roster, book_of, known):
    first = await roster.bring_in(book_of(QIAN), by="小王")
    second = await roster.bring_in(book_of([*QIAN[:5], 2, *QIAN[6:]]), by="小王")
    before = await known()

    with pytest.raises(CannotUndo, match=f"请先撤销第 {second.batch} 批"):
        await roster.undo(first.batch)
    assert await known() == before

    await roster.undo(second.batch)
    await roster.undo(first.batch)
    with pytest.raises(CannotUndo, match="已经撤销过"):
        await roster.undo(first.batch)
    with pytest.raises(CannotUndo, match="没有第 99 批"):
        await roster.undo(99)


async def test_nobody_with_sessions_is_taken_away_with_them(roster, book_of, known, people, book, sessions):
    told = await roster.bring_in(book_of(WU), by="小王")
    [anna] = await people(1)
    await book(anna, at(26, 15))

    undone = await roster.undo(told.batch)

    assert (undone.removed, undone.kept) == (0, ("吴老师",))
    assert (await known())["吴有为"][4] is False
    async with sessions() as db:
        assert (await db.scalars(select(Booking.state))).all() == ["booked"]


async def test_the_sample_has_a_command_of_its_own(roster, sessions, clock):
    async with sessions.begin() as db:
        await load_sample_advisers(db, clock, SAMPLE / "advisers.yml")

    [sample] = await roster.batches()
    with pytest.raises(CannotUndo, match="remove-sample"):
        await roster.undo(sample.id)


async def test_sessions_outside_the_new_hours_are_named(roster, book_of, people, book):
    await roster.bring_in(book_of(WU), by="小王")
    [anna] = await people(1)
    booked = await book(anna, at(26, 15))

    told = await roster.preview(book_of([*WU[:6], "周一 9:00-12:00", None]))

    assert any(booked.number in line and "预约保留" in line for line in told.lines())


async def test_a_row_more_of_the_same_person_adds_their_hours(roster, book_of, known):
    more = [None, "钱小满", None, None, None, None, "周五 9:00-11:00", None]

    told = await roster.bring_in(book_of(QIAN, more), by="小王")

    assert (told.new, told.folded) == (1, 1)
    assert (5, 540, 660) in (await known())["钱小满"][5]


def _broken(path):
    path.write_bytes(b"PK\x03\x04 and nothing more")


def _encrypted(path):
    path.write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 3000
    )


def _mislabelled(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no sheet")


def _empty(path):
    path.write_bytes(b"")


def _huge(path):
    with path.open("wb") as file:
        file.truncate(200 * 2**20)


def _no_header(path):
    path.write_text("姓名,电话\n钱小满,1\n", encoding="utf-8")


@pytest.mark.parametrize("spoil", [_broken, _encrypted, _mislabelled, _empty, _huge, _no_header])
async def test_a_file_that_is_no_roster_gets_a_sentence(roster, tmp_path, spoil):
    path = tmp_path / ("名册.csv" if spoil is _no_header else "名册.xlsx")
    spoil(path)

    with pytest.raises(SheetError) as said:
        await roster.preview(path)

    assert str(said.value).endswith("。") and "Error" not in str(said.value)
