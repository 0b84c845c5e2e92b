"""Staff keep postings: find them, add and change them, take them down, take any of it back."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from bot.clock import today
from bot.jobs.sameness import posting_key
from bot.jobs.tables import Company, ImportBatch, Posting
from bot.people.tables import AuditEntry
from tests.console.uploading import finished, sent
from tests.jobs.conftest import posting
from tests.jobs.import_files import ACCOUNTANT, CLERK, but, write_csv

TYPED = {
    "title": "前端开发", "company": "大同市云冈科技有限公司", "job_type": "全职", "district": "平城区", "address": "御东",
    "pay": "6千-8千", "pay_note": "", "education": "大专", "majors": "计算机", "experience": "1年", "headcount": "2",
    "duties": "写页面", "requirements": "会写页面", "benefits": "五险一金、双休", "contact": "王老师 0352-5000000",
    "apply_how": "", "closes_on": "2027-03-01", "source": "",
}  # fmt: skip


@pytest.fixture
async def ids(console) -> dict[str, int]:
    """Postings of each kind by title."""
    day = today(console.clock)
    async with console.sessions.begin() as db:
        firm = Company(name="恒源商贸有限公司", district="平城区")
        db.add(firm)
        await db.flush()
        main = posting(firm, title="会计", contact="李老师")
        made = [
            main,
            posting(firm, title="出纳", closes_on=day + timedelta(days=3)),
            posting(firm, title="刷单兼职", job_type="兼职", scam_signs=[{"name": "刷单", "words": "刷单日结"}]),
            posting(firm, title="保洁", status="withdrawn"),
            posting(firm, title="示例岗位", sample=True, source="示例数据"),
        ]
        for one in made:
            one.key = posting_key(firm.name, one.title, one.district)
        db.add_all(made)
        await db.flush()
        db.add(posting(firm, title="会计", status="folded", folded_into=main.id, source="别处"))
        return {one.title: one.id for one in made}


def rows(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/console/jobs/\d+">([^<]*)</a>', text)


async def kept(console, number: int) -> Posting | None:
    async with console.sessions() as db:
        return await db.get(Posting, number)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["会计", "示例岗位", "保洁", "刷单兼职", "出纳", "会计"]),
        ("q=出纳", ["出纳"]),
        ("q=恒源&sample=no", ["出纳", "会计"]),
        ("q=恒源&status=withdrawn", ["保洁"]),
        ("status=folded", ["会计"]),
        ("lack=soon", ["出纳"]),
        ("lack=signs", ["刷单兼职"]),
        ("lack=contact", ["示例岗位", "刷单兼职", "出纳"]),
        ("sample=yes", ["示例岗位"]),
        ("source=别处", ["会计"]),
        ("q=没有这个", []),
        ("q=%27%22%3B--&status=withdrawn", []),
    ],
)
async def test_the_list_shows_what_is_looked_for_newest_first(signed_in, ids, query, titles):
    editor = await signed_in("editor")

    answer = await editor.get(f"/console/jobs?{query}")

    assert answer.status == 200
    assert rows(await answer.text()) == titles


async def test_many_postings_come_in_pages_with_as_many_questions_as_few(console, signed_in, ids, statements):
    editor = await signed_in("editor")
    with statements() as few:
        await editor.get("/console/jobs")
    async with console.sessions.begin() as db:
        firm = await db.scalar(select(Company))
        db.add_all(posting(firm, title=f"岗位{n}") for n in range(120))

    with statements() as many:
        first = await (await editor.get("/console/jobs")).text()
    seen = rows(first)
    following = re.search(r'rel="next" class="button plain" href="([^"]+)"', first)
    while following:
        text = await (await editor.get(following[1].replace("&amp;", "&"))).text()
        seen += rows(text)
        following = re.search(r'rel="next" class="button plain" href="([^"]+)"', text)

    assert len(many) <= len(few) + 2
    assert len(seen) == 126 and len(set(seen)) == 125


async def test_a_posting_is_added_and_found_and_taken_back(console, signed_in, ids):
    editor = await signed_in("editor", name="王芳")

    done = await editor.post("/console/jobs/new", data=TYPED)

    place = done.headers["Location"].split("?")[0]
    number = int(place.rsplit("/", 1)[1])
    added = await kept(console, number)
    assert (done.status, added.pay_min, added.pay_max, added.benefits) == (303, 6000, 8000, ["五险一金", "双休"])
    assert added.company.name == "大同市云冈科技有限公司"
    assert rows(await (await editor.get("/console/jobs?q=前端")).text()) == ["前端开发"]

    text = await (await editor.get(place)).text()
    batch = re.search(r'name="batch" value="(\d+)"', text)[1]
    assert (await editor.post(f"{place}/undo", data={"batch": batch})).status == 303

    assert await kept(console, number) is None
    async with console.sessions() as db:
        assert await db.scalar(select(Company.id).where(Company.name == "大同市云冈科技有限公司")) is None
        said = list(await db.scalars(select(AuditEntry.action).where(AuditEntry.who == "王芳").order_by(AuditEntry.id)))
    assert said[-2:] == ["job.add", "job.undo"]


async def test_what_cannot_be_kept_comes_back_as_typed_with_the_reason_beside_it(signed_in, ids):
    editor = await signed_in("editor")
    wrong = {
        **TYPED,
        "title": "",
        "pay": "一大堆",
        "headcount": "很挤",
        "closes_on": "某天",
        "duties": "<script>x</script>",
    }

    answer = await editor.post("/console/jobs/new", data=wrong)

    text = await answer.text()
    assert answer.status == 422
    for name in ("title", "pay", "headcount", "closes_on"):
        assert f'id="{name}-error"' in text
    assert 'value="一大堆"' in text and "&lt;script&gt;x" in text and "<script>x" not in text


async def test_the_same_posting_twice_is_told_with_the_way_to_the_first(signed_in, ids):
    editor = await signed_in("editor")
    same = {**TYPED, "title": "急招 会计", "company": "恒源商贸 有限公司"}

    answer = await editor.post("/console/jobs/new", data=same)

    assert answer.status == 422
    assert f'href="/console/jobs/{ids["会计"]}"' in await answer.text()


async def test_a_posting_is_changed_and_every_change_is_taken_back_in_its_order(console, signed_in, ids):
    editor = await signed_in("editor")
    place = f"/console/jobs/{ids['出纳']}"
    form = dict(re.findall(r'<input id="(\w+)"[^>]* value="([^"]*)"', await (await editor.get(place)).text()))
    form |= {"job_type": "全职", "district": "平城区", "education": "不限"}

    assert "job-same" in (await editor.post(place, data=form)).headers["Location"]
    assert "job-saved" in (await editor.post(place, data={**form, "pay": "9千"})).headers["Location"]
    assert "job-withdrawn" in (await editor.post(f"{place}/withdraw")).headers["Location"]
    now = await kept(console, ids["出纳"])
    assert (now.pay_min, now.status) == (9000, "withdrawn")

    batches = []
    for wanted in ("open", "before"):
        text = await (await editor.get(place)).text()
        batches.append(re.search(r'name="batch" value="(\d+)"', text)[1])
        assert "job-undone" in (await editor.post(f"{place}/undo", data={"batch": batches[-1]})).headers["Location"]
        now = await kept(console, ids["出纳"])
        assert (now.status, now.pay_min) == ("open", 9000 if wanted == "open" else 4000)
    assert (await editor.post(f"{place}/undo", data={"batch": batches[0]})).status == 404


async def test_a_suspicious_posting_is_offered_once_what_was_suspicious_is_gone(console, signed_in, ids):
    editor = await signed_in("editor")
    place = f"/console/jobs/{ids['刷单兼职']}"
    assert "刷单日结" in await (await editor.get(place)).text()

    await editor.post(place, data={**TYPED, "title": "超市促销", "company": "恒源商贸有限公司", "job_type": "兼职"})

    now = await kept(console, ids["刷单兼职"])
    assert (now.scam_signs, bool(now.search_text)) == ([], True)


async def test_a_posting_that_is_not_there_and_a_change_of_another_one_are_refused(signed_in, ids):
    editor = await signed_in("editor")

    assert (await editor.get("/console/jobs/999999")).status == 404
    assert (await editor.post(f"/console/jobs/{ids['会计']}/undo", data={"batch": "1"})).status == 404
    for data in ({}, {"batch": "x"}, {"batch": "9" * 30}):
        assert (await editor.post(f"/console/jobs/{ids['会计']}/undo", data=data)).status == 404
    again = await editor.post(f"/console/jobs/{ids['会计']}/open")
    assert "job-not-that" in again.headers["Location"]


async def test_a_file_is_tried_out_looked_at_brought_in_and_taken_back(console, signed_in, tmp_path):
    editor, other = await signed_in("editor", name="王芳"), await signed_in("editor")
    bad = but(ACCOUNTANT, 招聘岗位="出纳", 薪资待遇="一大堆")
    file = write_csv(tmp_path / "岗位.csv", [ACCOUNTANT, CLERK, ACCOUNTANT, bad])

    answer = await sent(editor, "/console/jobs/import", "../../岗位.csv", file.read_bytes())
    place = answer.headers["Location"]
    tried = await finished(editor, place)

    assert '<dt>新增</dt><dd class="">2</dd>' in tried and "一大堆" in tried and "与" in tried
    async with console.sessions() as db:
        assert list(await db.scalars(select(Posting.id))) == []
    for path in ("", "/refused.xlsx", "/notes.xlsx"):
        assert (await other.get(place + path)).status == 404, "it is the other one's file"
    refused = await editor.get(f"{place}/refused.xlsx")
    assert [cell.value for cell in openpyxl.load_workbook(io.BytesIO(await refused.read())).active[2]][3] == "出纳"

    await editor.post(f"{place}/write")
    await editor.post(f"{place}/write")
    done = await finished(editor, place)
    assert "导入完成" in done and "写进库" not in done
    async with console.sessions() as db:
        [batch] = await db.scalars(select(ImportBatch))
        assert (batch.new, batch.by, len(list(await db.scalars(select(Posting.id))))) == (2, "王芳", 2)
    assert not list((console.settings.var / "uploads").rglob("*.csv"))
    await editor.post(f"{place}/give-up")
    assert list((console.settings.var / "uploads").iterdir()) == []

    assert rows(await (await editor.get(f"/console/jobs?batch={batch.id}")).text()) == ["行政文员", "会计"]
    undone = await editor.post(f"/console/jobs/import/batches/{batch.id}/undo")
    assert undone.status == 303
    assert (await editor.post(f"/console/jobs/import/batches/{batch.id}/undo")).status == 409
    async with console.sessions() as db:
        assert list(await db.scalars(select(Posting.id))) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"", "空文件"),
        ("a.pdf", b"%PDF-1.7 x", "PDF"),
        ("<script>.csv", "谁,什么\n1,2\n".encode(), "岗位名称"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 200, "a.xlsx"),
        ("../../../etc/passwd", b"\0\0\0", "passwd"),
    ],
)
async def test_a_file_that_is_none_is_refused_in_words_and_leaves_nothing(console, signed_in, name, content, said):
    editor = await signed_in("editor")

    answer = await sent(editor, "/console/jobs/import", name, content)
    place = answer.headers["Location"]
    text = await finished(editor, place)

    assert "没有导入" in text and said in text and "<script>." not in text
    assert (await editor.post(f"{place}/give-up")).status == 303
    assert list((console.settings.var / "uploads").iterdir()) == []
    assert (await sent(editor, "/console/jobs/import", "", b"")).status == 422
