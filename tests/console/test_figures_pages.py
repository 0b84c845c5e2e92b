"""How it goes, as the staff see it: charts with their tables, where a figure comes from, the brief as a document."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document

WEEK = "/console/figures?period=week"


@pytest.mark.usefixtures("busy")
async def test_a_week_stands_with_its_charts_and_each_chart_with_its_table(signed_in):
    client = await signed_in("reviewer")

    text = await (await client.get(WEEK)).text()

    assert "2026年11月18日至11月24日" in text
    assert text.count("data:image/svg+xml;base64,") == text.count("<summary>看表格</summary>") == 5
    assert "微信公众号" in text
    assert 'href="/console/figures/people?from=2026-11-18&amp;to=2026-11-24"' in text


async def test_a_week_in_which_nobody_came_says_what_to_do(signed_in):
    client = await signed_in("reviewer")

    text = await (await client.get(WEEK)).text()

    assert "这段时间还没有人来问" in text
    assert "data:image/svg+xml" not in text


@pytest.mark.usefixtures("busy")
async def test_a_figure_shows_what_it_counts_and_its_statement(signed_in):
    client = await signed_in("reviewer")

    text = await (await client.get("/console/figures/people?from=2026-11-18&to=2026-11-24")).text()

    assert "服务人数：2 人" in text
    assert "SELECT count(DISTINCT conversation.person_id)" in text
    assert (await client.get("/console/figures/nothing")).status == 404


@pytest.mark.parametrize("path", ["/console/figures", "/console/figures/people", "/console/brief"])
async def test_days_that_make_no_period_come_back_as_typed_with_the_reason(signed_in, path):
    client = await signed_in("reviewer")

    answer = await client.get(f"{path}?from=2026-11-31&to=<script>")

    text = await answer.text()
    assert answer.status == 422
    assert "开始日期“2026-11-31”看不懂" in text
    assert 'value="2026-11-31"' in text
    assert "<script>alert" not in text
    assert 'value="&lt;script&gt;"' in text


@pytest.mark.usefixtures("busy")
async def test_the_brief_is_taken_away_as_a_document_and_put_down_who_took_it(signed_in, console):
    client = await signed_in("editor")
    page = await (await client.get("/console/brief?period=this-month")).text()
    assert "大同市青年就业创业联盟工作简报" in page

    answer = await client.get("/console/brief.docx?from=2026-11-01&to=2026-11-24")

    text = "\n".join(paragraph.text for paragraph in Document(BytesIO(await answer.read())).paragraphs)
    assert "共服务 2人[1]" in text
    assert "filename*=UTF-8''%E5%B7%A5%E4%BD%9C" in answer.headers["Content-Disposition"]
    boss = await signed_in("admin")
    assert "brief.download" in await (await boss.get("/console/audit")).text()
    assert (await client.get("/console/brief.docx?from=x")).status == 422


async def test_who_may_not_write_the_brief_reads_it_only(signed_in):
    client = await signed_in("reviewer")

    assert "下载 DOCX" not in await (await client.get("/console/brief")).text()
    assert (await client.get("/console/brief.docx")).status == 403
