"""The desk's pages through a client: what was asked, the inbox, sheets, what is taken away."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from docx import Document
from sqlalchemy import select
from yarl import URL

from bot.people.tables import AuditEntry
from bot.radio.programme.tables import ProgrammeItem
from bot.radio.tables import RadioQuestion
from tests.desk.conftest import S30, World


@pytest.fixture
def here(console) -> World:
    return World(console.sessions, console.clock)


async def text_of(client, path: str, status: int = 200) -> str:
    answer = await client.get(path)
    assert answer.status == status, await answer.text()
    return re.sub(r"\s+", " ", await answer.text())


async def done(client, path: str, **fields: object) -> URL:
    """A form that is taken; where it leads."""
    answer = await client.post(path, data={name: str(value) for name, value in fields.items()})
    assert answer.status == 303, (path, answer.status, await answer.text())
    return URL(answer.headers["Location"])


async def made(client, **fields: object) -> int:
    place = await done(client, "/desk/sheets/new", **{"day": "2026-11-26", "minutes": 30} | fields)
    return int(place.path.rsplit("/", 1)[1])


async def test_what_was_asked_is_ranked_by_people_filtered_and_put_on_the_next_sheet_with_one_press(
    here, console, signed_in, statements
):
    files = await here.group([("档案放哪里了", 3)], topic=await here.topic(), district="平城区", outcome="served")
    settle = await here.group([("落户大同有补贴没", 2)], channel="wechat")
    await here.group([("档案放哪里了呀", 1)], ago=9, into=files)
    host = await signed_in("host", name="王芳")

    page = await text_of(host, "/desk")
    assert page.index("档案转递") < page.index("落户大同有补贴没")
    assert "↑ 2" in page and "还没有答复" in page and "建一张" in page
    for query, there in (
        ("?channel=wechat", [settle]), ("?district=平城区", [files]), ("?q=补贴", [settle]), ("?unanswered=on", [settle]),
        ("?period=today&degree=硕士", []), ("?from=2026-11-15&to=2026-11-16", [files]),
    ):  # fmt: skip
        found = re.findall(r'id="group-(\d+)"', await text_of(host, f"/desk{query}"))
        assert [int(one) for one in found] == there, query
    assert "对调一下" in await text_of(host, "/desk?from=2026-11-16&to=2026-11-15", 422)

    sheet = await made(host)
    place = await done(host, f"/desk/groups/{files}/put", sheet=sheet, back="list", query="period=month")
    assert (place.path, place.query["period"], place.query["notice"], place.fragment) == (
        "/desk", "month", "put-on", f"group-{files}",
    )  # fmt: skip
    again = await done(host, f"/desk/groups/{files}/put", sheet=sheet)
    assert again.query["notice"] == "put-on-before"
    assert (await done(host, f"/desk/groups/{files}/put", sheet=404)).query["notice"] == "put-on-no-sheet"
    assert "11月26日" in await text_of(host, f"/desk/groups/{files}")
    assert S30 in await text_of(host, f"/desk/sheets/{sheet}")
    with statements() as few:
        await host.get("/desk")
    for n in range(20):
        await here.group([(f"第{n}个问题要怎么办", 1)])
    with statements() as many:
        await host.get("/desk")
    assert len(many) - len(few) < 20, "a list does not ask once a row"


async def test_a_group_shows_its_answer_with_source_and_date_and_every_way_it_was_asked(here, console, signed_in):
    group = await here.group([("档案放哪里了", 3), ("我的档案在哪", 1)], topic=await here.topic(), district="云州区")
    reader = await signed_in("editor")

    page = await text_of(reader, f"/desk/groups/{group}")

    for said in (
        "核对于 2026-11-01", "第 4 版", S30, "念完 0:07", "晋人社函〔2025〕8号", "https://rst.example/8", "我的档案在哪", "3 人",
        "云州区 4 人", "还没上过节目",
    ):  # fmt: skip
        assert said in page, said
    assert (
        "另成一组" not in page and (await reader.post(f"/desk/groups/{group}/name", data={"name": "x"})).status == 403
    )
    assert (await reader.get("/desk/groups/999")).status == 404


async def test_hands_name_merge_and_split_groups_and_each_can_be_undone(here, console, signed_in):
    group = await here.group([("落户有补贴没有", 2), ("落户给多少钱呀", 1)])
    other = await here.group([("来大同落户有钱吗", 1)])
    host = await signed_in("host")

    async def undone(place: URL) -> None:
        page = await (await host.get(str(place))).text()
        form = re.search(r'<form method="post" action="([^"]+)"[^>]*>\s*((?:<input[^>]*>\s*)*)<button[^>]*>撤销', page)
        fields = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', form[2]))
        await done(host, form[1], **fields)

    place = await done(host, f"/desk/groups/{group}/name", name="落户补贴")
    assert "<h1>落户补贴</h1>" in await text_of(host, str(place))
    await undone(place)
    assert "<h1>落户补贴</h1>" not in await text_of(host, f"/desk/groups/{group}")

    assert "合进来" in await text_of(host, f"/desk/groups/{group}?find=大同落户")
    place = await done(host, f"/desk/groups/{group}/merge", gone=other)
    assert "来大同落户有钱吗" in await text_of(host, str(place))
    assert URL((await host.get(f"/desk/groups/{other}")).headers["Location"]).path == f"/desk/groups/{group}"
    await undone(place)
    assert "来大同落户有钱吗" not in await text_of(host, f"/desk/groups/{group}")

    page = await (await host.get(f"/desk/groups/{group}")).text()
    key = re.search(r'value="([0-9a-f]{40})"> <span>落户给多少钱呀', page)[1]
    assert (await done(host, f"/desk/groups/{group}/split")).query["notice"] == "group-split-no"
    place = await done(host, f"/desk/groups/{group}/split", key=key)
    assert "<h1>落户给多少钱呀</h1>" in await text_of(host, str(place))
    await undone(place)
    assert "落户给多少钱呀" in await text_of(host, f"/desk/groups/{group}")


async def test_the_editors_are_asked_once_for_an_answer_that_is_missing(here, console, signed_in):
    group, answered = (
        await here.group([("落户有补贴没有", 2)]),
        await here.group([("档案放哪", 1)], topic=await here.topic()),
    )
    host = await signed_in("host", name="王芳")

    assert (await done(host, f"/desk/groups/{group}/request", note="下周要播")).query["notice"] == "group-asked"
    assert (await done(host, f"/desk/groups/{group}/request")).query["notice"] == "group-asked-before"
    assert (await done(host, f"/desk/groups/{answered}/request")).query["notice"] == "group-has-answer"

    page = await text_of(host, "/desk/requests")
    assert "落户有补贴没有" in page and "下周要播" in page and "等编辑写" in page
    assert "王芳" in await text_of(host, f"/desk/groups/{group}")


async def test_a_call_is_typed_in_edited_tagged_put_on_a_sheet_and_another_turned_down(here, console, signed_in):
    host = await signed_in("host", name="王芳")
    typed = {"text": "我电话13912345678，房东不退押金咋办", "caller": "平城区李先生", "tags": "租房"}
    refused = await host.post("/desk/inbox", data=typed)
    page = await refused.text()
    assert refused.status == 422 and "已经替你遮住" in page and "13912345678" not in page and "平城区李先生" in page
    for wrong, said in (
        ({"text": "喂"}, "至少四个字"),
        ({"caller": "张建国13912345678"}, "真名"),
        ({"tags": "长" * 13}, "最多 8 个"),
    ):
        answer = await host.post("/desk/inbox", data=typed | {"text": "房东不退押金咋办"} | wrong)
        assert (answer.status, said in await answer.text()) == (422, True), wrong

    place = await done(host, "/desk/inbox", **typed | {"text": "房东不退押金咋办"})
    await done(host, f"{place.path}/edit", text="租房押金要不回来，怎么办？")
    await done(host, f"{place.path}/tags", tags="租房，维权")
    page = await text_of(host, place.path)
    for said in (
        "租房押金要不回来，怎么办？",
        "房东不退押金咋办",
        "电话，平城区李先生",
        "王芳 记的",
        "租房 维权",
        "还没归组",
    ):
        assert said in page, said
    assert (await done(host, f"{place.path}/group", group=await here.group([("押金", 1)]))).query[
        "notice"
    ] == "question-not-grouped"
    sheet = await made(host)
    await done(host, f"{place.path}/put", sheet=sheet)
    assert "租房押金要不回来" in await text_of(host, f"/desk/sheets/{sheet}")
    assert "已选用" in await text_of(host, "/desk/inbox?tag=维权")

    private = await here.question("只想私下问问合同", consent="reply")
    assert "不念" in await text_of(host, "/desk/inbox?consent=reply")
    assert (await done(host, f"/desk/inbox/{private}/put", sheet=sheet)).query["notice"] == "question-no-consent"
    assert (await done(host, f"/desk/inbox/{private}/decline")).query["notice"] == "question-no-reason"
    await done(host, f"/desk/inbox/{private}/decline", reason="已经私下答复")
    assert (await done(host, f"/desk/inbox/{private}/edit", text="换个说法行不行")).query["notice"] == "question-closed"
    assert (await host.get("/desk/inbox/NOSUCH")).status == 404
    async with console.sessions() as db:
        written = " ".join(f"{one.target}{one.details}" for one in await db.scalars(select(AuditEntry)))
    assert "押金" not in written and "私下" not in written, "what people wrote is in no log"


async def test_what_somebody_else_saved_meanwhile_is_shown_and_nothing_typed_is_lost(console, signed_in, here):
    host, other = await signed_in("host", name="王芳"), await signed_in("host", name="李明")
    sheet = await made(host)
    item = (await done(host, f"/desk/sheets/{sheet}/items", wording="开场", script="大家好")).fragment.removeprefix(
        "item-"
    )
    one = f"/desk/sheets/{sheet}/items/{item}"
    await done(other, one, wording="开场", script="李明写的", version=1)

    answer = await host.post(one, data={"wording": "开场", "script": "王芳写的", "version": "1"})
    page = await answer.text()
    assert answer.status == 422 and "李明 刚改过" in page and "李明写的" in page and "王芳写的" in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    await done(host, one, wording="开场", script="王芳写的", version=version)
    await done(other, f"{one}/off")
    answer = await host.post(one, data={"wording": "开场", "script": "还没存的", "version": "3"})
    page = await answer.text()
    assert answer.status == 422 and "刚把这一条拿掉了" in page and "还没存的" in page
    await done(host, f"{one}/back")
    assert "王芳写的" in await text_of(host, f"/desk/sheets/{sheet}")

    answer = await host.post(f"/desk/sheets/{sheet}/edit", data={"day": "2026-11-27", "minutes": "45", "version": "9"})
    assert (answer.status, "再按“存好”就用你的" in await answer.text()) == (422, True)
    answer = await host.post("/desk/sheets/new", data={"day": "下周", "minutes": "0", "title": "专场"})
    page = await answer.text()
    assert answer.status == 422 and "看不懂" in page and "1 到 300" in page and 'value="专场"' in page


async def test_a_sheet_tells_what_fits_what_was_used_and_what_has_changed(console, signed_in, here):
    host = await signed_in("host")
    group = await here.group([("档案放哪里了", 1)], topic=await here.topic())
    before, sheet = await made(host, day="2026-11-20"), await made(host, minutes=1)
    for one in (before, sheet):
        await done(host, f"/desk/groups/{group}/put", sheet=one)
    await done(host, f"/desk/sheets/{sheet}/items", wording="长篇", script="念" * 400)
    await here.say("archive", "s30", "档案搬到政务大厅了。")

    page = await text_of(host, f"/desk/sheets/{sheet}")
    for said in (
        "超了",
        "8 周内也排过：11月20日",
        "放上来时是第 4 版，现在是第 5 版",
        "档案搬到政务大厅了。",
        "换成现在的",
    ):
        assert said in page, said
    item = re.search(r'id="item-(\d+)"', page)[1]
    await done(host, f"/desk/sheets/{sheet}/items/{item}/form", form="s30", version=1)
    page = await text_of(host, f"/desk/sheets/{sheet}")
    assert "换成现在的" not in page and "念 0:0" in page
    assert (await done(host, f"/desk/sheets/{sheet}/items/{item}/form", form="s30", version=1)).query[
        "notice"
    ] == "item-changed"
    await done(host, f"/desk/sheets/{sheet}/items/{item}/move", steps="1")
    page = await text_of(host, f"/desk/sheets/{sheet}")
    assert page.index("1. 长篇") < page.index("2. 档案转递")


async def test_a_sheet_is_taken_away_as_docx_and_as_text(console, signed_in, here):
    host = await signed_in("host")
    guest = await done(host, "/desk/guests/new", name="张强", title="总经理", company="恒源商贸")
    assert guest.query["notice"] == "guest-saved"
    sheet = await made(host, guest=1, note="七点直播")
    await done(
        host, f"/desk/groups/{await here.group([('档案放哪里了', 1)], topic=await here.topic())}/put", sheet=sheet
    )
    await done(host, f"/desk/inbox/{await here.question('大专去国企有没有前途', nickname='小雨')}/put", sheet=sheet)

    answer = await host.get(f"/desk/sheets/{sheet}.docx")
    document = Document(io.BytesIO(await answer.read()))
    lines = [paragraph.text for paragraph in document.paragraphs]
    plain = (await (await host.get(f"/desk/sheets/{sheet}.txt")).read()).decode("utf-8-sig")

    assert "节目单-2026-11-26-对话青春.docx" in unquote(answer.headers["Content-Disposition"])
    for said in (
        "《对话青春》节目单", "2026年11月26日 星期四　时长 30 分钟　嘉宾：恒源商贸总经理张强", "七点直播", "1. 档案转递",
        f"据山西省人社厅2025年3月的通知，{S30}", "2. 大专去国企有没有前途", "（没有口播稿，请嘉宾来说）",
    ):  # fmt: skip
        assert said in lines and said in plain.splitlines(), said
    assert any("答复第 4 版，核对于 2026-11-01" in line and "晋人社函〔2025〕8号" in line for line in lines)
    assert "提问：小雨" in plain and "共 2 条，念完" in plain
    assert document.sections[0].page_width.cm == pytest.approx(21, abs=0.01)


async def test_sheets_are_copied_kept_as_templates_and_put_away(console, signed_in, here):
    host = await signed_in("host")
    sheet = await made(host, title="就业专场")
    await done(host, f"/desk/sheets/{sheet}/items", wording="开场", script="大家好")

    copy = await done(host, f"/desk/sheets/{sheet}/copy", day="2026-12-03")
    template = await done(host, f"/desk/sheets/{sheet}/copy", template="on")
    assert "2026年12月3日" in await text_of(host, copy.path) and "大家好" in await text_of(host, copy.path)
    assert "就业专场" in await text_of(host, "/desk/sheets/new")
    fresh = await made(host, day="2026-12-10", **{"from": template.path.rsplit("/", 1)[1]})
    assert "大家好" in await text_of(host, f"/desk/sheets/{fresh}")
    await done(host, f"{copy.path}/archive", away="on")
    assert copy.path not in await text_of(host, "/desk/sheets")
    assert copy.path in await text_of(host, "/desk/sheets?kind=archived")
    assert (await host.get(f"{template.path}/present")).status == 404
    console.clock.pass_(days=30)
    host = await signed_in("host")
    assert f'href="/desk/sheets/{sheet}"' in await text_of(host, "/desk/sheets?kind=past")
    assert (await host.get("/desk/sheets?kind=nothing")).status == 404


async def test_marks_come_as_often_as_they_like_and_what_is_no_mark_is_refused(console, signed_in, here):
    host = await signed_in("host", name="王芳")
    sheet = await made(host)
    code = await here.question("大专去国企有没有前途")
    await done(host, f"/desk/inbox/{code}/put", sheet=sheet)
    item = re.search(r'data-item="(\d+)"', await text_of(host, f"/desk/sheets/{sheet}/present"))[1]
    at = (console.clock() - timedelta(minutes=3)).isoformat()
    path, mark = f"/desk/sheets/{sheet}/aired", {"item": int(item), "aired": True, "at": at}

    for _ in range(2):
        answer = await host.post(path, json={"marks": [mark]}, headers={"Sec-Fetch-Mode": "cors"})
        assert await answer.json() == {"aired": {item: at}, "at": console.clock().isoformat()}
    async with console.sessions() as db:
        row = (await db.scalars(select(ProgrammeItem))).one()
        assert (row.aired_by, (await db.scalars(select(RadioQuestion.state))).one()) == ("王芳", "aired")
    assert "播过 09:57" in await text_of(host, f"/desk/sheets/{sheet}")
    assert (await done(host, path, item=item)).path == f"/desk/sheets/{sheet}/present"
    assert (await done(host, path, item=item, aired="on")).fragment == f"item-{item}"
    for wrong in ({}, [], {"marks": []}, {"marks": [7]}, {"marks": [{"item": "x"}]}):
        assert (await host.post(path, json=wrong)).status == 400, wrong
    assert (await host.post(path, data=b"{", headers={"Content-Type": "application/json"})).status == 400
    assert (await host.post("/desk/sheets/404/aired", json={"marks": [mark]})).status == 404
