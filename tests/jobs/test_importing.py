"""Files brought in, once and again, and taken back, on both databases."""

import openpyxl
import pytest
from import_files import ACCOUNTANT, CLERK, HEADER, but, write_csv, write_xlsx
from sqlalchemy import select

from bot.jobs.exporting import export
from bot.jobs.headers import MissingColumns
from bot.jobs.importing import AlreadyUndone, ChangedSince, Importer, UnknownBatch
from bot.jobs.tables import Company, ImportBatch, Posting, PostingBefore
from bot.sheets.reports import write_notes, write_report
from bot.sheets.rows import SheetError


@pytest.fixture
def importer(sessions, clock):
    return Importer(sessions, clock)


@pytest.fixture
def file(tmp_path):
    """Writes a CSV of postings."""
    return lambda *rows, name="一.csv", header=HEADER: write_csv(tmp_path / name, rows, header)


async def stored(sessions):
    """Every column of every posting and company."""
    async with sessions() as db:
        return [
            [tuple(row) for row in await db.execute(select(table.__table__).order_by(table.__table__.c.id))]
            for table in (Company, Posting)
        ]


async def postings(sessions):
    async with sessions() as db:
        return list(await db.scalars(select(Posting).order_by(Posting.id)))


def counts(report):
    return report.new, report.changed, report.unchanged, report.folded, len(report.refused)


async def test_a_file_is_brought_in(importer, sessions, file):
    report = await importer.bring_in(file(ACCOUNTANT, CLERK), by="员工")

    assert counts(report) == (2, 0, 0, 0, 0)
    accountant, clerk = await postings(sessions)
    assert (accountant.company.name, accountant.title, accountant.pay_min) == ("示例一科技有限公司", "会计", 4000)
    assert (clerk.district, clerk.pay_min, clerk.benefits, clerk.closes_on) == ("云冈区", None, ["包吃住"], None)
    assert "t会计" in accountant.search_text.split()
    assert accountant.batch_id == report.batch
    assert f"第 {report.batch} 批导入完成：共 2 行，新增 2" in report.summary()


async def test_a_dry_run_gives_the_same_report_and_writes_nothing(importer, sessions, file):
    rows = [ACCOUNTANT, but(ACCOUNTANT, 招聘岗位="会 计"), CLERK, but(CLERK, 薪资待遇="随缘")]
    path = file(*rows)
    empty = await stored(sessions)

    dry = await importer.preview(path)

    assert await stored(sessions) == empty == [[], []]
    real = await importer.bring_in(path, by="员工")
    assert counts(dry) == counts(real) == (2, 0, 0, 1, 1)
    assert list(dry.lines())[1:] == list(real.lines())[1:]
    assert dry.dry and not real.dry


async def test_the_same_file_twice_changes_nothing(importer, sessions, clock, file):
    path = file(ACCOUNTANT, but(ACCOUNTANT, 招聘岗位="会　计"), CLERK)
    await importer.bring_in(path, by="员工")
    before = await stored(sessions)
    clock.pass_(days=2)

    report = await importer.bring_in(path, by="员工")

    assert counts(report) == (0, 0, 2, 1, 0)
    assert await stored(sessions) == before


async def test_a_changed_row_changes_its_posting_only(importer, sessions, clock, file):
    await importer.bring_in(file(ACCOUNTANT, CLERK), by="员工")
    before = await postings(sessions)
    clock.pass_(days=2)

    report = await importer.bring_in(file(but(ACCOUNTANT, 薪资待遇="5000-7000"), CLERK), by="员工")

    assert counts(report) == (0, 1, 1, 0, 0)
    after = await postings(sessions)
    assert [(p.id, p.pay_min) for p in after] == [(before[0].id, 5000), (before[1].id, None)]
    assert after[0].first_seen == before[0].first_seen < after[0].checked_on


@pytest.mark.parametrize(
    "other",
    [
        but(ACCOUNTANT, 单位名称="示例一科技（有限公司）"),
        but(ACCOUNTANT, 招聘岗位="急聘 会/计"),
        but(ACCOUNTANT, 工作地点="御东新区文瀛路1号"),
    ],
)
async def test_the_same_posting_spelt_otherwise_in_one_file_is_folded(importer, sessions, file, other):
    report = await importer.bring_in(file(ACCOUNTANT, other), by="员工")

    assert counts(report) == (1, 0, 0, 1, 0)
    assert len(await postings(sessions)) == 1
    assert "第3行" in report.folds.first(1)[0] and "第2行" in report.folds.first(1)[0]


async def test_two_jobs_under_one_name_are_told_apart_in_words(importer, file):
    report = await importer.bring_in(file(ACCOUNTANT, but(ACCOUNTANT, 薪资待遇="9000")), by="员工")

    assert counts(report) == (1, 0, 0, 1, 0)
    assert "内容不同，只保留第2行" in report.folds.first(1)[0]


async def test_other_districts_and_other_employers_are_other_postings(importer, file):
    rows = [ACCOUNTANT, but(ACCOUNTANT, 工作地点="云冈区"), but(ACCOUNTANT, 单位名称="示例三科技有限公司")]

    assert counts(await importer.bring_in(file(*rows), by="员工")) == (3, 0, 0, 0, 0)


async def test_the_same_posting_from_another_source_is_kept_but_not_offered(importer, sessions, file):
    first = await importer.bring_in(file(ACCOUNTANT), by="员工", source="人社局")
    elsewhere = file(but(ACCOUNTANT, 薪资待遇="8000"))

    second = await importer.bring_in(elsewhere, by="员工", source="某网站")
    again = await importer.bring_in(elsewhere, by="员工", source="某网站")

    assert counts(second) == counts(again) == (0, 0, 0, 1, 0)
    main, copy = await postings(sessions)
    assert (main.status, main.source, main.pay_min) == ("open", "人社局", 4000)
    assert (copy.status, copy.folded_into, copy.pay_min) == ("folded", main.id, 8000)
    with pytest.raises(ChangedSince):
        await importer.undo(first.batch)


async def test_a_closed_posting_makes_room_for_an_open_one_from_another_source(importer, sessions, clock, file):
    await importer.bring_in(file(but(ACCOUNTANT, 截止日期="2026-11-25")), by="员工", source="人社局")
    clock.pass_(days=7)

    report = await importer.bring_in(file(ACCOUNTANT), by="员工", source="某网站")

    assert counts(report) == (0, 1, 0, 0, 0)
    (posting,) = await postings(sessions)
    assert (posting.source, posting.status, posting.closes_on.isoformat()) == ("某网站", "open", "2026-12-31")


async def test_refused_rows_do_not_keep_the_others_out(importer, sessions, file):
    report = await importer.bring_in(file(but(ACCOUNTANT, 薪资待遇="500000"), CLERK), by="员工")

    assert counts(report) == (1, 0, 0, 0, 1)
    assert [p.title for p in await postings(sessions)] == ["行政文员"]
    assert "未导入：D2“500000”：折合每月有500000元，不合常理，请核对单位（月薪还是年薪）" in list(report.lines())


async def test_a_title_merged_cells_and_hidden_rows_are_what_they_are_to_the_eye(importer, sessions, tmp_path):
    rows = [["2026年岗位表"], HEADER, ACCOUNTANT, but(CLERK, 单位名称=None), but(CLERK, 招聘岗位="保密岗")]

    def shape(sheet):
        sheet.merge_cells("A1:L1")
        sheet.merge_cells("A3:A4")
        sheet.row_dimensions[5].hidden = True

    report = await importer.bring_in(write_xlsx(tmp_path / "a.xlsx", rows, shape), by="员工")

    assert counts(report) == (2, 0, 0, 0, 0)
    assert report.hidden == ["工作表“Sheet”有 1 个隐藏行没有导入：第 5 行。"]
    assert {p.company.name for p in await postings(sessions)} == {"示例一科技有限公司"}


async def test_a_file_without_the_columns_is_refused_whole(importer, sessions, file):
    with pytest.raises(MissingColumns, match="没有“公司名称”这一列"):
        await importer.bring_in(file(["会计", "4000", "大专"], header=["岗位名称", "薪资", "学历"]), by="员工")

    with pytest.raises(SheetError, match="表头下面没有任何内容"):
        await importer.bring_in(file(), by="员工")
    assert await stored(sessions) == [[], []]


async def test_undoing_an_import_restores_exactly_what_was(importer, sessions, clock, file):
    await importer.bring_in(file(ACCOUNTANT, CLERK), by="员工")
    before = await stored(sessions)
    clock.pass_(days=1)
    second = await importer.bring_in(
        file(
            but(ACCOUNTANT, 薪资待遇="9000", 截止日期="长期有效", 岗位职责="交押金"),
            but(CLERK, 单位名称="示例九有限公司"),
        ),
        by="员工",
    )
    assert counts(second) == (1, 1, 0, 0, 0)

    undone = await importer.undo(second.batch)

    assert (undone.removed, undone.restored) == (1, 1)
    assert await stored(sessions) == before
    async with sessions() as db:
        assert await db.scalar(select(PostingBefore).where(PostingBefore.batch_id == second.batch)) is None
        assert (await db.get(ImportBatch, second.batch)).undone_at == clock.now


async def test_undoing_refuses_what_it_cannot_do(importer, sessions, file):
    first = await importer.bring_in(file(ACCOUNTANT), by="员工")
    second = await importer.bring_in(file(but(ACCOUNTANT, 薪资待遇="9000")), by="员工")
    before = await stored(sessions)

    with pytest.raises(ChangedSince, match=f"第 {second.batch} 批"):
        await importer.undo(first.batch)
    with pytest.raises(UnknownBatch):
        await importer.undo(999)
    assert await stored(sessions) == before

    await importer.undo(second.batch)
    with pytest.raises(AlreadyUndone):
        await importer.undo(second.batch)
    await importer.undo(first.batch)
    assert await stored(sessions) == [[], []]


async def test_a_crash_midway_leaves_nothing(importer, sessions, file, monkeypatch):
    from bot.jobs import import_queries

    monkeypatch.setattr(import_queries, "CHUNK", 1)
    monkeypatch.setattr("bot.jobs.importing.CHUNK", 1)

    def crash(done, total):
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await importer.bring_in(file(ACCOUNTANT, CLERK), by="员工", progress=crash)

    assert await stored(sessions) == [[], []]
    assert await importer.batches() == []


async def test_progress_ends_where_it_said(importer, file):
    told = []

    await importer.bring_in(
        file(*(but(CLERK, 招聘岗位=f"岗位{i}号") for i in range(1200))), by="员工", progress=lambda *t: told.append(t)
    )

    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[0] == (500, None)
    assert told[-1] == (2400, 2400)


async def test_the_report_goes_back_as_a_file_that_can_be_mended_and_brought_in(importer, sessions, file, tmp_path):
    report = await importer.bring_in(file(but(ACCOUNTANT, 薪资待遇="=看情况"), CLERK), by="员工")

    write_report(report, tmp_path / "退回.xlsx")
    write_notes(report, tmp_path / "提醒.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "退回.xlsx").active
    assert [cell.value for cell in sheet[1]] == ["行号", "原因", *HEADER]
    assert sheet["B2"].value == "D2“=看情况”：看不出薪资是多少，请写成“4000-6000元/月”或“面议”"
    assert (sheet["F2"].value, sheet["F2"].data_type) == ("'=看情况", "s")
    book = openpyxl.load_workbook(tmp_path / "退回.xlsx")
    book.active["F2"] = "4000-6000"
    book.save(tmp_path / "改好.xlsx")
    assert counts(await importer.bring_in(tmp_path / "改好.xlsx", by="员工")) == (1, 0, 0, 0, 0)
    assert openpyxl.load_workbook(tmp_path / "提醒.xlsx").active["B2"].value == report.summary()


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
async def test_an_export_brought_in_again_changes_nothing(importer, sessions, file, tmp_path, ending):
    rows = [
        ACCOUNTANT,
        CLERK,
        but(CLERK, 招聘岗位="=兼职导游", 薪资待遇="200元/天", 专业要求="旅游管理(含外语、导游)", 联系电话="+86 352"),
        but(CLERK, 招聘岗位="司机", 薪资待遇="5000以下", 工作地点=None, 岗位职责="入职交押金", 截止日期="2026-11-01"),
    ]
    await importer.bring_in(file(*rows), by="员工")
    await importer.bring_in(file(but(ACCOUNTANT, 薪资待遇="8000")), by="员工", source="某网站")
    before = await stored(sessions)

    written = await export(sessions, tmp_path / f"全部.{ending}")
    report = await importer.bring_in(tmp_path / f"全部.{ending}", by="员工")

    assert written == 5
    assert counts(report) == (0, 0, 4, 1, 0)
    assert await stored(sessions) == before


async def test_an_export_fills_an_empty_database_with_the_same(importer, sessions, file, tmp_path):
    first = await importer.bring_in(file(ACCOUNTANT, CLERK), by="员工")
    said = [(p.company.name, p.title, p.content_hash, p.key, p.search_text) for p in await postings(sessions)]
    await export(sessions, tmp_path / "全部.xlsx")
    await importer.undo(first.batch)

    await importer.bring_in(tmp_path / "全部.xlsx", by="员工")

    assert [(p.company.name, p.title, p.content_hash, p.key, p.search_text) for p in await postings(sessions)] == said


async def test_a_posting_withdrawn_by_staff_stays_so(importer, sessions, file):
    path = file(ACCOUNTANT)
    await importer.bring_in(path, by="员工")
    async with sessions.begin() as db:
        (await db.scalar(select(Posting))).status = "withdrawn"

    await importer.bring_in(path, by="员工")
    await importer.bring_in(file(but(ACCOUNTANT, 薪资待遇="9000")), by="员工")

    assert [(p.status, p.pay_min) for p in await postings(sessions)] == [("withdrawn", 9000)]
