"""Events entered from a spreadsheet: read as people write them, refused with the reason, once."""

from __future__ import annotations

from datetime import date, datetime, time

import openpyxl
import pytest
from sqlalchemy import select

from bot.clock import SHANGHAI
from bot.events import sheet_cells as cells
from bot.events.entering import Entering
from bot.events.rules import EventCancelled
from bot.events.sheet_cells import Unreadable
from bot.events.tables import Event, EventCompany, EventPosting
from bot.sheets.reports import write_report
from bot.sheets.rows import SheetError

HEADER = ["活动名称", "类型", "日期", "时间", "区县", "地点", "名额", "参会企业", "岗位", "简介"]
FAIR = [
    "冬季招聘会",
    "招聘会",
    "2026-12-19",
    "9:00-12:00",
    "平城",
    "联盟中心一楼",
    "300人",
    "云石科技",
    None,
    "带简历。",
]
ONLINE = [
    "直播带岗第三场",
    "线上招聘会",
    date(2026, 12, 20),
    "晚上7点到8点半",
    None,
    "线上直播间",
    "不限",
    None,
    None,
    None,
]


@pytest.fixture
def entering(sessions, clock) -> Entering:
    return Entering(sessions, clock)


@pytest.fixture
def book_of(tmp_path):
    def write(*rows, header=HEADER, name="活动.xlsx"):
        book = openpyxl.Workbook()
        for row in (["2026 年活动安排"], header, *rows):
            book.active.append(list(row))
        book.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def stored(sessions):
    async def read():
        async with sessions() as db:
            return (await db.scalars(select(Event).order_by(Event.starts_at))).all()

    return read


def but(row, **changes):
    return [changes.get(name, cell) for name, cell in zip(HEADER, row, strict=True)]


async def test_a_dry_run_tells_and_writes_nothing(entering, book_of, stored):
    told = await entering.preview(book_of(FAIR, ONLINE))

    assert next(told.lines()).startswith("试导入（没有写入任何数据）：共 2 行，新增 2")
    assert await stored() == []


async def test_events_are_read_as_people_write_them(entering, book_of, stored, employ, sessions):
    company, postings = await employ("云石科技", ["会计", "文员"])

    told = await entering.bring_in(book_of(FAIR, ONLINE))

    fair, online = await stored()
    assert next(told.lines()).startswith("导入完成：共 2 行，新增 2")
    assert (fair.kind, fair.mode, fair.district, fair.capacity) == ("job_fair", "offline", "平城区", 300)
    assert fair.starts_at == datetime(2026, 12, 19, 9, tzinfo=SHANGHAI)
    assert (online.mode, online.capacity) == ("online", None)
    assert online.ends_at == datetime(2026, 12, 20, 20, 30, tzinfo=SHANGHAI)
    async with sessions() as db:
        assert (await db.scalars(select(EventCompany.company_id))).all() == [company]
        assert set((await db.scalars(select(EventPosting.posting_id))).all()) == set(postings)


async def test_the_same_file_twice_changes_nothing(entering, book_of, employ):
    await employ("云石科技", ["会计", "文员"])
    await entering.bring_in(book_of(FAIR, ONLINE))

    told = await entering.bring_in(book_of(FAIR, ONLINE))

    assert (told.new, told.changed, told.unchanged) == (0, 0, 2)


async def test_what_a_file_changes_is_changed_in_place(entering, book_of, stored, employ, sessions):
    _, (accountant, _) = await employ("云石科技", ["会计", "文员"])
    await entering.bring_in(book_of(FAIR))

    told = await entering.bring_in(book_of(but(FAIR, 名额="不限", 岗位="会计、钳工")))

    [fair] = await stored()
    assert (told.changed, fair.capacity) == (1, None)
    assert any("没有找到这些岗位：钳工" in line for line in told.lines())
    async with sessions() as db:
        assert (await db.scalars(select(EventPosting.posting_id))).all() == [accountant]


async def test_companies_that_are_not_there_are_named(entering, book_of):
    told = await entering.preview(book_of(FAIR))

    assert any("库里没有这些企业，没有记上：云石科技" in line for line in told.lines())


@pytest.mark.parametrize(
    ("changes", "cell", "reason"),
    [
        ({"活动名称": None}, "A3", "没有写活动名称"),
        ({"类型": "联欢"}, "B3", "看不出是哪一类"),
        ({"日期": "2026-02-30"}, "C3", "日历上没有"),
        ({"日期": "待定"}, "C3", ""),
        ({"时间": "12:00-9:00"}, "D3", "结束时间要晚于开始时间"),
        ({"时间": "上午"}, "D3", "看不懂是几点到几点"),
        ({"区县": "朔州"}, "E3", "看不出是大同哪个区县"),
        ({"地点": None}, "F3", "线下的活动要写地点"),
        ({"名额": "很多"}, "G3", "名额要写一个整数"),
    ],
)
async def test_what_cannot_be_read_is_refused_with_its_cell(entering, book_of, tmp_path, stored, changes, cell, reason):
    told = await entering.bring_in(book_of(but(FAIR, **changes), ONLINE))
    write_report(told, tmp_path / "退回.xlsx")

    [refused] = told.refused
    assert refused["faults"][0][0] == cell and reason in refused["faults"][0][2]
    assert [one.title for one in await stored()] == ["直播带岗第三场"]
    assert len(list(openpyxl.load_workbook(tmp_path / "退回.xlsx").active.values)) == 2


async def test_the_time_of_an_event_with_sign_ups_stays_and_so_do_their_places(
    entering, book_of, stored, events, people
):
    await entering.bring_in(book_of(FAIR))
    [fair] = await stored()
    for person in await people(3):
        await events.sign_up(fair.id, person, "k")

    told = await entering.bring_in(book_of(but(FAIR, 时间="14:00-16:00")))
    assert "已有 3 人报名，不能改时间" in "".join(told.lines())
    told = await entering.bring_in(book_of(but(FAIR, 名额=2)))
    assert "名额不能少于已经给出的 3 个" in "".join(told.lines())
    [after] = await stored()
    assert (after.starts_at, after.capacity) == (fair.starts_at, 300)


async def test_an_event_is_moved_by_its_number(entering, book_of, stored):
    await entering.bring_in(book_of(FAIR))
    [fair] = await stored()

    told = await entering.bring_in(
        book_of([fair.id, *but(FAIR, 日期="2026-12-26（周六）")], [99, *ONLINE], header=["编号", *HEADER])
    )

    [after] = await stored()
    assert (after.id, after.starts_at.astimezone(SHANGHAI).day) == (fair.id, 26)
    assert "没有这个编号的活动" in "".join(told.lines())


async def test_what_was_called_off_is_not_brought_back_by_a_file(entering, book_of, stored, events):
    await entering.bring_in(book_of(FAIR))
    [fair] = await stored()
    await events.cancel_event(fair.id)

    told = await entering.bring_in(book_of(but(FAIR, 简介="又办了")))

    assert "已经取消了" in "".join(told.lines())
    with pytest.raises(EventCancelled):
        await events.cancel_event(fair.id)


async def test_of_two_rows_of_one_event_the_first_counts(entering, book_of, stored):
    told = await entering.bring_in(book_of(FAIR, but(FAIR, 名额=5)))

    [fair] = await stored()
    assert (told.folded, fair.capacity) == (1, 300)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 broken", b"\xff\xd8\xff\xe0 picture", "名称,电话\nx,1\n".encode()]
)
async def test_a_file_that_is_no_sheet_of_events_gets_a_sentence(entering, tmp_path, content):
    path = tmp_path / ("活动.csv" if content.startswith("名".encode()) else "活动.xlsx")
    path.write_bytes(content)

    with pytest.raises(SheetError, match=r"。$"):
        await entering.preview(path)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("9:00-12:00", (time(9), time(12))), ("上午9点半至11点", (time(9, 30), time(11))),
        ("下午2点到5点", (time(14), time(17))), ("14：30—16：00", (time(14, 30), time(16))),
        ("2026年12月5日 9:00-11:30", (time(9), time(11, 30))),
    ],
)  # fmt: skip
def test_hours_as_people_write_them(text, hours):
    assert cells.hours_in(text) == hours


@pytest.mark.parametrize(
    "text", ["2026-12-05", "2026年12月5日（周六）", "12月5日 上午", "2026/12/5 9:00-12:00", "20261205"]
)
def test_days_as_people_write_them(text):
    assert cells.day_in(text, date(2026, 11, 24)) == date(2026, 12, 5)


def test_no_hours_are_no_hours():
    with pytest.raises(Unreadable):
        cells.hours_in("全天")
