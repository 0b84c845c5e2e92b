"""直播 and 节目答复 through clients before a real gateway."""

from __future__ import annotations

import asyncio
import json
import re

import pytest
from sqlalchemy import select

from bot.people.tables import AuditEntry
from bot.radio.answers.rules import Editor
from bot.radio.answers.service import ProgrammeAnswers
from bot.radio.live.service import Live
from tests.desk.conftest import World

SAID = "第一学历不是门槛，看这三年做成过啥。去年进来的12个人里，有5个是大专。" + "后来又聊了很多。" * 300


@pytest.fixture
def here(console) -> World:
    return World(console.sessions, console.clock)


@pytest.fixture
def live(console) -> Live:
    return Live(console.sessions, console.clock)


async def text_of(client, path: str, status: int = 200) -> str:
    answer = await client.get(path)
    assert answer.status == status, await answer.text()
    return re.sub(r"\s+", " ", await answer.text())


async def done(client, path: str, **fields: object) -> str:
    answer = await client.post(path, data={name: str(value) for name, value in fields.items()})
    assert answer.status == 303, (path, answer.status, await answer.text())
    return answer.headers["Location"]


async def sheet_by(client) -> int:
    place = await done(client, "/desk/sheets/new", day="2026-11-24", minutes=30, title="对话青春", guest="", note="")
    return int(re.search(r"/desk/sheets/(\d+)", place)[1])


async def heard(client, path: str, blocks: int, last: str = "") -> list[tuple[str, str, str]]:
    """The first blocks of a line: (id, name, html)."""
    found, id_ = [], ""
    headers = {"Sec-Fetch-Site": "same-origin", **({"Last-Event-ID": last} if last else {})}
    async with asyncio.timeout(15), client.http.get(f"{client._console.address}{path}", headers=headers) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        async for line in answer.content:
            said = line.decode().rstrip("\n")
            if said.startswith("id: "):
                id_ = said[4:]
            elif said.startswith("data: "):
                data = json.loads(said[6:])
                found.append((id_, data["name"], data["html"]))
                if len(found) == blocks:
                    break
    return found


async def test_a_programme_goes_on_air_and_off_without_scripts(here, live, console, signed_in):
    host, editor = await signed_in("host", name="王芳"), await signed_in("editor")
    number = await sheet_by(host)
    assert (await editor.get(f"/desk/live/{number}")).status == 403
    assert "还没开播" in await text_of(host, f"/desk/live/{number}") and "导播台" in await text_of(host, "/desk/live")

    assert "live-not" in await done(host, f"/desk/live/{number}/send", group=1)
    await done(host, f"/desk/live/{number}/air", on="on")
    console.clock.pass_(minutes=1)
    group = await here.group([("<b>档案放哪里了", 2)], topic=await here.topic())
    code = await here.question("四十岁还能考教资吗", nickname="小雨", group=await here.group([("教资年龄", 1)]))
    page = await text_of(host, f"/desk/live/{number}")
    assert (
        '<b class="askers">2</b>' in page and "档案转递" in page and "&lt;b&gt;档案放哪里了" in page and "小雨" in page
    )
    assert "等导播送问题过来" in await text_of(host, f"/desk/live/{number}/host")

    await done(host, f"/desk/live/{number}/send", group=group)
    await done(host, f"/desk/live/{number}/send", question=code)
    await done(host, f"/desk/live/{number}/notes", side="producer", text="先念第一个")
    shown = await text_of(host, f"/desk/live/{number}/host")
    assert (
        "档案转递" in shown
        and "据山西省人社厅2025年3月的通知，档案一般在" in shown
        and "小雨问" in shown
        and "先念第一个" in shown
    )
    assert "教资年龄" not in shown  # only what was sent

    item = (await live.sent(number))[0].item.id
    assert await done(host, f"/desk/live/{number}/aired", item=item, aired="on", side="host") == (
        f"/desk/live/{number}/host?notice=live-aired"
    )
    assert "live-closed" in await done(host, f"/desk/live/{number}/questions")
    assert "不收提问了" in await text_of(host, f"/desk/live/{number}/host")
    assert "live-empty" in await done(host, f"/desk/live/{number}/notes", side="host", text=" ")
    other = await sheet_by(host)
    assert "live-another" in await done(host, f"/desk/live/{other}/air", on="on")
    await done(host, f"/desk/live/{number}/air")
    assert "记嘉宾说了什么" in await text_of(host, f"/desk/live/{number}")
    assert (await host.get("/desk/live/999")).status == 404

    async with console.sessions() as db:
        actions = set(await db.scalars(select(AuditEntry.action)))
    assert {"live.on", "live.off", "live.send", "live.aired", "live.questions"} <= actions


async def test_a_line_brings_what_changed_and_after_a_cut_only_what_was_missed(here, live, signed_in):
    host = await signed_in("host", name="王芳")
    number = await sheet_by(host)
    await done(host, f"/desk/live/{number}/air", on="on")
    page = await text_of(host, f"/desk/live/{number}")
    seen = re.search(r'data-seen="([^"]+)"', page)[1]
    path = f"/desk/live/{number}/events?side=producer&seen={seen}"

    await live.write(number, "host", "听得到吗", by="李强")
    ((mark, name, html),) = await heard(host, path, 1)
    assert name == "notes" and "听得到吗" in html

    await here.group([("档案放哪里了", 1)])
    await live.write(number, "host", "在吗", by="李强")
    again = await heard(host, path, 2, last=mark)  # the browser says what it has, and not what the page had
    assert [one for _, one, _ in again] == ["incoming", "notes"]

    host_side = await heard(host, f"/desk/live/{number}/events?side=host", 3)
    assert [one for _, one, _ in host_side] == ["status", "sent", "notes"]


async def test_a_script_is_told_in_a_word_and_a_stranger_gets_no_line(signed_in, anybody):
    host = await signed_in("host", name="王芳")
    number = await sheet_by(host)
    by_script = {"X-Requested-With": "fetch"}

    no = await host.post(f"/desk/live/{number}/questions", data={"open": "on"}, headers=by_script)
    yes = await host.post(f"/desk/live/{number}/air", data={"on": "on"}, headers=by_script)

    assert (no.status, await no.text()) == (409, "现在不在直播。") and yes.status == 204
    assert (await anybody.get(f"/desk/live/{number}/events")).status == 303
    foreign = {"Sec-Fetch-Site": "cross-site", **by_script}
    assert (await host.post(f"/desk/live/{number}/air", headers=foreign)).status == 403


async def test_what_the_guest_said_is_written_down_long_and_approved_by_a_second_person(here, live, console, signed_in):
    host, editor = await signed_in("host", name="王芳"), await signed_in("editor", name="李强")
    number = await sheet_by(host)
    await live.go_on(number, by="王芳")
    group = await here.group([("国企看不看第一学历", 2)])
    await here.question("大专去国企有没有前途", group=group)
    item = await live.send_group(number, group, by="王芳")
    await live.aired(number, item, aired=True, by="王芳")

    listed = await text_of(host, f"/desk/answers/of/{number}")
    assert f"/desk/answers/new?item={item}" in listed
    typed = {"item": item, "question": "国企看不看第一学历", "guest": "张强", "day": "2026-11-24", "said": SAID}
    bad = await host.post("/desk/answers/new", data=typed | {"text": "去年进了99个人，<i>真的</i>，不看学历。"})
    assert bad.status == 422
    page = await bad.text()
    assert "“99个”在嘉宾的话里没有" in page or "“99”在嘉宾的话里没有" in page
    assert "&lt;i&gt;真的&lt;/i&gt;" in page and SAID[-40:] in page

    place = await done(host, "/desk/answers/new", **typed, text="")
    answer = int(re.search(r"/desk/answers/(\d+)", place)[1])
    assert "第一学历不是门槛" in await text_of(host, f"/desk/answers/{answer}")
    await done(host, f"/desk/answers/{answer}/send", revision=1)
    assert (await host.post(f"/desk/answers/{answer}/approve", data={"revision": "2"})).status == 403
    assert "1</b> 条等你核对" in await text_of(editor, "/desk/answers")
    await done(editor, f"/desk/answers/{answer}/back", revision=2, reason="短一点")
    assert "李强退回：短一点" in await text_of(host, f"/desk/answers/{answer}")
    await done(host, f"/desk/answers/{answer}/edit", revision=3, **typed, text="第一学历不是门槛，看做成过啥。")
    lost = await host.post(
        f"/desk/answers/{answer}/edit", data={**typed, "revision": "3", "text": "换一句别的话说说。"}
    )
    assert lost.status == 422 and "换一句别的话说说。" in await lost.text()
    await done(host, f"/desk/answers/{answer}/send", revision=4)
    assert "answer-changed" in await done(editor, f"/desk/answers/{answer}/approve", revision=4)
    assert "answer-approved" in await done(editor, f"/desk/answers/{answer}/approve", revision=5)

    seen = await text_of(editor, f"/desk/answers/{answer}")
    assert f"节目答复 {answer}-1" in seen and "愿意听回音的人" in seen and "停用" in seen
    await done(editor, f"/desk/answers/{answer}/stop", stopped="on")
    assert "停用" in await text_of(host, "/desk/answers?show=stopped")


async def test_who_wrote_at_it_does_not_approve_it_whatever_their_role(here, console, signed_in):
    admin = await signed_in("admin", name="赵敏")
    answers = ProgrammeAnswers(console.sessions, console.clock)
    group = await here.group([("国企看不看第一学历", 1)])
    fields = {"question": "国企看不看第一学历", "guest": "张强", "day": "2026-11-24", "said": SAID, "text": ""}
    number = await answers.write(fields, group_id=group, by=Editor(admin.staff.id, admin.staff.name))
    await answers.send(number, revision=1, by=Editor(admin.staff.id, admin.staff.name))

    assert "自己不能批准" in await text_of(admin, f"/desk/answers/{number}")
    assert "answer-own" in await done(admin, f"/desk/answers/{number}/approve", revision=2)
