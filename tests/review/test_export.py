"""Lists that are taken away, on both databases."""

from __future__ import annotations

import csv
import itertools

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from bot.review.export import Exports
from bot.review.rules import Filters, Unknown
from bot.review.service import Review
from bot.review.tables import ExportRun


@pytest.fixture
def exports(sessions, clock, tmp_path) -> Exports:
    return Exports(sessions, clock, tmp_path / "exports")


@pytest.fixture
def made(exports, account):
    """Takes a list away; its rows below the header, and its header."""

    number = itertools.count(1)

    async def make(filters: Filters, per: str, form: str) -> tuple[list[str], list[list[str]]]:
        mine = await account(f"王芳{next(number)}")
        run = await exports.begin(filters, per=per, form=form, by="王芳", account_id=mine)
        await exports.make(run)
        _, path = await exports.file_of(run, mine)
        if form == "csv":
            assert path.read_bytes().startswith(b"\xef\xbb\xbf")
            head, *rows = list(csv.reader(path.open(encoding="utf-8-sig", newline="")))
        else:
            cells = list(load_workbook(path).active.iter_rows(values_only=True))
            head, *rows = [["" if cell is None else str(cell) for cell in row] for row in cells]
        return head, rows

    return make


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_what_was_found_is_there_in_order_and_no_cell_is_a_formula(made, say, form):
    dangerous = ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1"]
    talk = None
    for text in dangerous:
        talk = await say(text, "=cmd|' /C calc'!A0", talk, topic="startup-loan")
    await say("别的", outcome="refused")

    head, rows = await made(Filters(outcome="served"), "message", form)

    said = rows[::2]
    assert head[:5] == ["时间", "对话", "渠道", "谁", "说了什么"]
    assert [row[3] for row in rows[:2]] == ["对方", "小同"]
    assert len(rows) == 2 * len(dangerous)
    assert all(row[4][:1] not in ("=", "+", "-", "@", "\t", "\r") for row in rows)
    assert said[0][:5] == ["2026-11-24 10:00", talk.code, "网页", "对方", "'=1+1"]
    assert said[0][5:9] == ["问政策", "0.9", "答了", "startup-loan"]


async def test_a_row_for_each_conversation_counts_what_went_wrong(made, say, sessions, clock):
    talk = await say("社保", outcome="refused")
    await say("社保断了", talk=talk)
    await say("档案")
    await Review(sessions, clock).flag(talk.code, "王芳", on=True)

    _, rows = await made(Filters(q="社保"), "conversation", "csv")

    (row,) = rows
    assert row[0] == talk.code
    assert row[4:8] == ["2", "1", "0", "社保断了"]
    assert row[14] == "是"


async def test_a_list_over_several_batches_has_everything_once(made, say, monkeypatch):
    monkeypatch.setattr("bot.review.export.BATCH", 3)
    talks = [await say(f"社保{n}") for n in range(7)]
    for talk in talks[::2]:
        await say("社保又来", talk=talk)

    _, per_talk = await made(Filters(q="社保"), "conversation", "csv")
    _, per_message = await made(Filters(), "message", "csv")
    _, nothing = await made(Filters(q="？"), "message", "csv")

    assert sorted(row[0] for row in per_talk) == sorted(talk.code for talk in talks)
    assert len(per_message) == 22
    assert nothing == []


async def test_a_file_is_its_makers_and_goes_after_an_hour(exports, say, account, clock):
    mine, other = await account("王芳"), await account("李雷")
    await say("社保")
    run = await exports.begin(Filters(), per="message", form="csv", by="王芳", account_id=mine)
    await exports.make(run)
    _, path = await exports.file_of(run, mine)

    with pytest.raises(Unknown):
        await exports.file_of(run, other)
    clock.pass_(minutes=59)
    await exports.tend()
    assert path.exists()
    clock.pass_(minutes=2)
    await exports.tend()
    assert not path.exists()
    with pytest.raises(Unknown):
        await exports.file_of(run, mine)
    assert (await exports.run(run, mine)).state == "gone"
    with pytest.raises(Unknown):
        await exports.begin(Filters(), per="all", form="csv", by="王芳", account_id=mine)


async def test_what_breaks_off_leaves_no_file_and_says_so(exports, say, account, sessions, monkeypatch):
    mine = await account("王芳")
    await say("社保")
    monkeypatch.setattr("bot.review.export.MOST", {"xlsx": 1})
    run = await exports.begin(Filters(), per="message", form="xlsx", by="王芳", account_id=mine)
    await exports.make(run)
    assert (await exports.run(run, mine)).state == "failed"

    async with sessions.begin() as db:
        await db.execute(update(ExportRun).values(state="making"))
    await exports.tend(started=True)
    assert (await exports.run(run, mine)).state == "failed"
    assert list(exports._folder.iterdir()) == []
