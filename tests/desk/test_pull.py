"""What was asked, taken without the desk's pages: tokens, feeds, codes for hosts' chats."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from defusedxml.ElementTree import fromstring

from bot.conversations.masking import mask
from bot.figures.rules import Period
from bot.people.tables import Account, AccountRole
from bot.radio.groups.top import Top
from bot.radio.groups.views import GroupCount, GroupView
from bot.radio.pull import rules
from bot.radio.pull.feeds import as_rss
from bot.radio.pull.hosts import HostChats
from bot.radio.pull.tables import ReadToken
from bot.radio.pull.talk import HostTalk
from bot.radio.pull.tokens import ReadTokens
from tests.desk.conftest import World


@pytest.fixture
def here(console) -> World:
    return World(console.sessions, console.clock)


async def test_a_token_holds_until_it_is_revoked_and_only_its_digest_is_kept(sessions, clock):
    tokens = ReadTokens(sessions, clock)
    one, other = await tokens.make(" 导播室 大屏 ", by="王芳"), await tokens.make("app", by="王芳")

    assert await tokens.holds(one) and await tokens.holds(f" {other}\n")
    for wrong in (
        "",
        "duihua-1-x",
        one[:-1],
        one.replace("-1-", "-2-"),
        one.replace("-1-", "-9-"),
        "duihua-1-" + "a" * 32,
    ):
        assert not await tokens.holds(wrong), wrong
    async with sessions() as db:
        assert rules.parts_of(one)[1] not in repr(vars(await db.get(ReadToken, 1)))
    await tokens.revoke(1)

    assert not await tokens.holds(one) and await tokens.holds(other)
    assert [(t.id, t.name, t.revoked_at is None) for t in await tokens.all()] == [
        (2, "app", True),
        (1, "导播室 大屏", False),
    ]
    with pytest.raises(rules.UnknownToken):
        await tokens.revoke(1)
    with pytest.raises(rules.BadName):
        await tokens.make(" ", by="王芳")


async def test_a_code_ties_one_chat_once_within_its_minutes(world, sessions, clock):
    here, chats = world(sessions), HostChats(sessions, clock)
    async with sessions.begin() as db:
        now = clock()
        db.add(
            Account(
                name="王芳", key="王芳", password="-", password_at=now, added_at=now, added_by="t", roles=[AccountRole(role="host")]
            )
        )  # fmt: skip
    _, first, _ = await here.person("telegram")
    _, second, _ = await here.person("telegram")
    talk = HostTalk(sessions, clock)

    async def said(identity: int, text: str, channel: str = "telegram") -> str | None:
        reply = await talk.said(identity, channel, text)
        return "\n".join(reply.paragraphs) if reply else None

    late = (await chats.give_code(1)).code
    clock.pass_(minutes=11)
    assert await chats.tie(first, late) is None
    code = (await chats.give_code(1)).code
    assert mask(f"/host {code}") == f"/host {code}"
    assert await said(first, f"/host {code}", "web") is None
    assert "绑好了，王芳" in (await said(first, f"/HOST {code}") or "")
    assert "绑好了，王芳" in (await said(first, f"/host {code}") or "")  # the same turn once more
    assert await chats.tie(second, code) is None and await chats.is_tied(1)

    await here.group([("档案放哪里了", 2)], topic=await here.topic())
    await here.group([("没工作咋交社保", 1)])
    assert await said(first, "/top") == (
        "这 7 天问得最多的：\n1. 档案转递（2 人，新的）\n2. 没工作咋交社保（1 人，新的，还没有答复）"
    )
    assert (await said(first, "/top 30") or "").startswith("这 30 天") and "还没有要播的" in (
        await said(first, "/sheet") or ""
    )
    assert await said(second, "/top") is None and await said(first, "最多的是啥") is None

    assert "绑好了" in (await said(second, f"/host {(await chats.give_code(1)).code}") or "")
    assert await said(first, "/top") is None  # the account has moved to the other chat
    assert await chats.untie(1) and await said(second, "/top") is None


async def test_tools_read_the_same_in_json_and_rss_behind_a_token(here, console, anybody, signed_in):
    await here.group([("档案放哪里了", 2), ("我的]]>&<b>档案</b>", 1)], topic=await here.topic())
    token = await ReadTokens(console.sessions, console.clock).make("大屏", by="王芳")
    bearer = {"Authorization": f"Bearer {token}", "Sec-Fetch-Site": None}

    refused = await anybody.get("/radio/top.json")
    assert refused.status == 401 and refused.headers["WWW-Authenticate"].startswith("Bearer")
    answer = await anybody.get("/radio/top.json?days=7", headers=bearer)
    feed = json.loads(await answer.text())
    rss = await anybody.get(f"/radio/top.rss?token={token}")

    assert answer.status == 200 and answer.content_type == "application/feed+json"
    assert answer.headers["Cache-Control"] == "private, max-age=300" and answer.headers["Vary"] == "Authorization"
    (item,) = feed["items"]
    assert feed["version"] == "https://jsonfeed.org/version/1.1" and item["title"] == "档案转递（3 人）"
    assert item["_duihua"]["answer"]["version"] == 4 and "核对于 2026-11-01，第 4 版" in item["content_text"]
    (entry,) = fromstring(await rss.read()).iter("item")
    assert (entry.findtext("title"), entry.findtext("guid")) == (item["title"], item["id"])
    assert entry.findtext("description") == item["content_text"]

    same = await anybody.get("/radio/top.json", headers=bearer | {"If-None-Match": answer.headers["ETag"]})
    assert same.status == 304 and await same.read() == b""
    await here.group([("没工作咋交社保", 1)])
    changed = await anybody.get("/radio/top.json", headers=bearer | {"If-None-Match": answer.headers["ETag"]})
    assert changed.status == 200 and len(json.loads(await changed.text())["items"]) == 2
    for query in ("days=0", "days=x", "limit=51", "days=9999"):
        assert (await anybody.get(f"/radio/top.rss?{query}", headers=bearer)).status == 400
    assert (await anybody.post("/radio/top.json", headers=bearer)).status == 405


async def test_a_host_gives_out_a_token_that_is_shown_once_and_takes_it_back(console, signed_in, anybody):
    host, editor = await signed_in("host", name="王芳"), await signed_in("editor")
    assert (await editor.get("/desk/pull")).status == 403

    bad = await host.post("/desk/pull/tokens", data={"name": " "})
    page = await (await host.post("/desk/pull/tokens", data={"name": "<b>大屏"})).text()
    token = re.search(r"duihua-1-[\w-]+", page)[0]

    assert bad.status == 422 and "&lt;b&gt;大屏" in page
    assert token not in await (await host.get("/desk/pull")).text()
    assert (await anybody.get(f"/radio/top.json?token={token}")).status == 200
    assert "token-revoked" in (await host.post("/desk/pull/tokens/1/revoke")).headers["Location"]
    assert (await anybody.get(f"/radio/top.json?token={token}")).status == 401
    assert "token-gone" in (await host.post("/desk/pull/tokens/1/revoke")).headers["Location"]
    assert (
        re.search(r"/host [2-9A-Z]{8}", await (await host.post("/desk/pull/code")).text()) is None
    )  # no Telegram here


def test_what_no_xml_may_hold_is_left_out_of_the_feed():
    count = GroupCount(7, "档案\x00在\x0b哪", None, 1, 0, 1, 0.0, 0.0, 1.0, 0.0, False)
    found = Top(
        Period(date(2026, 11, 18), date(2026, 11, 24)), (GroupView(count, (), None, (), (), (), (), (), None, ()),)
    )

    (item,) = fromstring(as_rss(found, "https://duihua.example")).iter("item")

    assert item.findtext("title") == "档案在哪（1 人）"
    assert item.findtext("link") == "https://duihua.example/desk/groups/7"
