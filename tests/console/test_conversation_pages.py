"""Conversations in the console: found, read, marked, mended and taken away, by role."""

from __future__ import annotations

import asyncio
import re

import pytest
from sqlalchemy import select

from bot.channels.base import Inbound, Sender
from bot.conversations.tables import Conversation, Message, Turn
from bot.guidance.contacts import Contacts
from bot.handover.service import SEALED_FOR
from bot.handover.tables import Handover
from bot.people.tables import AuditEntry
from bot.review.tables import Correction, RegressionCase, SearchEntry
from bot.web.keys import CONVERSATIONS, HUB
from tests.web.chat_page import reply


@pytest.fixture
def said(console):
    """Somebody says something and is answered by the gateway itself; the conversation's code."""

    async def say(text: str, who: str = "anna", key: str = "k1") -> str:
        received = await console.app[CONVERSATIONS].receive(Inbound(Sender("web", who), key, text))
        return received.message.conversation

    return say


async def audited(console) -> list[str]:
    async with console.sessions() as db:
        return list(await db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


async def test_a_reviewer_finds_a_conversation_and_what_was_said_stays_text(console, signed_in, said):
    code = await said("<script>alert(1)</script> 社保怎么补缴，我的电话 13812345678")
    await said("档案放哪", "boris")
    client = await signed_in("reviewer")

    listed = await (await client.get("/console/conversations?q=社保")).text()
    shown = await client.get(f"/console/conversations/{code}?q=社保")
    text = await shown.text()

    assert f"/console/conversations/{code}" in listed
    assert "<mark>社保</mark>" in listed
    assert "档案放哪" not in listed
    assert shown.status == 200
    for page in (listed, text):
        assert "<script>alert" not in page
        assert "13812345678" not in page
    assert "〔手机号〕" in text
    assert "没有能搜的字" in await (await client.get("/console/conversations?q=？！")).text()
    assert "没有符合的对话" in await (await client.get("/console/conversations?q=火星")).text()


async def test_marks_tags_and_notes_are_kept_and_put_down(console, signed_in, said):
    code = await said("社保怎么补缴")
    client = await signed_in("reviewer")
    here = f"/console/conversations/{code}"
    async with console.sessions() as db:
        entry = await db.scalar(select(SearchEntry.id))

    for path, data in (
        ("mark", {"do": "reviewed", "to": str(entry)}), ("mark", {"do": "flag"}), ("tags", {"tag": "要回访"}),
        ("assign", {"to": str(client.staff.id), "was": ""}), ("notes", {"note": "电话打过了"}),
    ):  # fmt: skip
        done = await client.post(f"{here}/{path}?q=社保", data=data)
        assert done.status == 303, await done.text()
        assert "q=" in done.headers["Location"]
    text = await (await client.get(here)).text()

    for words in ("看过", "#要回访", "电话打过了", f"{client.staff.name} 标记的"):
        assert words in text
    wrong = await client.post(f"{here}/tags", data={"tag": "a b<"})
    assert wrong.status == 422
    assert "a b&lt;" in await wrong.text()
    assert "标签只能用" in await wrong.text()
    listed = await (await client.get("/console/conversations?tag=要回访&flagged=1&reviewed=yes")).text()
    assert code in listed
    done = await audited(console)
    assert {
        "conversation.reviewed",
        "conversation.flag",
        "conversation.tag",
        "conversation.assign",
        "conversation.note",
    } <= set(done)


async def test_two_who_assign_at_once_are_told_who_was_faster(console, signed_in, said):
    code = await said("社保怎么补缴")
    anna, boris = await signed_in("reviewer", name="王芳"), await signed_in("reviewer", name="李雷")
    here = f"/console/conversations/{code}"
    await anna.get(here)
    assert "王芳" in await (await boris.get(here)).text()
    assert (await (await anna.get(f"{here}/here")).json())["others"] == ["李雷"]

    await anna.post(f"{here}/assign", data={"to": str(anna.staff.id), "was": ""})
    clash = await boris.post(f"{here}/assign", data={"to": str(boris.staff.id), "was": ""})

    assert clash.status == 409
    assert "王芳刚刚派给了王芳" in await clash.text()


async def test_a_note_changed_elsewhere_shows_both_texts(console, signed_in, said):
    code = await said("社保怎么补缴")
    client, other = await signed_in("reviewer"), await signed_in("reviewer")
    here = f"/console/conversations/{code}/notes"
    await client.post(here, data={"note": "一"})
    await client.post(here, data={"do": "edit", "id": "1", "version": "1", "note": "在办公室写的"})

    clash = await client.post(here, data={"do": "edit", "id": "1", "version": "1", "note": "在家写的"})

    assert clash.status == 409
    text = await clash.text()
    assert "在办公室写的" in text
    assert "在家写的" in text
    assert (await other.post(here, data={"do": "delete", "id": "1", "version": "2"})).status == 422
    assert (await client.post(here, data={"do": "delete", "id": "1", "version": "2"})).status == 303
    assert "恢复" in await (await client.get(f"/console/conversations/{code}")).text()
    await client.post(here, data={"do": "restore", "id": "1"})
    assert "在办公室写的" in await (await client.get(f"/console/conversations/{code}")).text()


async def test_a_turn_is_mended_and_kept_as_a_case_and_both_can_be_taken_back(console, signed_in, said):
    code = await said("心里不得劲")
    client = await signed_in("reviewer")
    here = f"/console/conversations/{code}"
    async with console.sessions() as db:
        turn = await db.scalar(select(SearchEntry.turn_id))

    made = await client.post(
        f"{here}/correct", data={"turn": str(turn), "text": "心里不得劲", "intent": "distress_mild"}
    )
    kept = await client.post(
        f"{here}/case",
        data={"turn": str(turn), "said": "心里不得劲", "expects": "understood", "intent": "distress_mild"},
    )
    again = await client.post(
        f"{here}/correct", data={"turn": str(turn), "text": "心里不得劲", "intent": "distress_mild"}
    )

    assert (made.status, kept.status, again.status) == (303, 303, 422)
    assert "这句已经加过了" in await again.text()
    assert "心里不得劲" in await (await client.get("/console/mended")).text()
    for what in ("corrections", "cases"):
        assert (await client.post(f"/console/mended/{what}/1", data={"do": "undo"})).status == 303
    async with console.sessions() as db:
        assert (await db.scalars(select(Correction))).one().undone_by == client.staff.name
        assert (await db.scalars(select(RegressionCase))).one().removed_by == client.staff.name
    assert "恢复" in await (await client.get("/console/mended")).text()


async def test_views_are_kept_and_an_export_is_fetched_by_who_made_it(console, signed_in, said):
    await said("=1+1 社保怎么补缴")
    client, other, editor = await signed_in("reviewer"), await signed_in("reviewer"), await signed_in("editor")

    kept = await client.post("/console/conversations/views?q=社保", data={"name": "社保的", "shared": "on"})
    assert kept.status == 303
    assert "社保的" in await (await other.get("/console/conversations")).text()
    twice = await client.post("/console/conversations/views?q=社保", data={"name": "社保的"})
    assert (twice.status, "同名" in await twice.text()) == (422, True)

    begun = await client.post("/console/conversations/export?q=社保", data={"per": "message", "form": "csv"})
    place = begun.headers["Location"]
    for _ in range(100):
        text = await (await client.get(place)).text()
        if "下载" in text:
            break
        await asyncio.sleep(0.05)
    file = await client.get(re.search(r'href="([^"]+/file)"', text).group(1))

    assert (await file.read()).startswith(b"\xef\xbb\xbf")
    assert "'=1+1 社保怎么补缴" in (await file.read()).decode("utf-8-sig")
    assert (await other.get(place)).status == 404
    assert (await editor.post("/console/conversations/export", data={"per": "message", "form": "csv"})).status == 403
    assert "conversations.export" in await audited(console)


@pytest.mark.parametrize(
    ("role", "status"), [("reviewer", 200), ("editor", 200), ("adviser", 403), ("host", 403), ("admin", 200)]
)
async def test_who_may_read_conversations(console, signed_in, said, role, status):
    code = await said("撑不下去了")
    client = await signed_in(role)

    assert (await client.get("/console/conversations?distress=1")).status == status
    assert (await client.get(f"/console/conversations/{code}")).status == status
    assert (await client.post(f"/console/conversations/{code}/reveal", data={"reason": "要打电话联系"})).status == (
        200 if role == "admin" else 403
    )


async def test_a_turn_stands_as_it_was_seen_with_what_was_understood_of_it(console, signed_in):
    console.engine.answers["社保断了"] = reply(
        "可以补缴。",
        "去社保大厅办。",
        choices=[{"label": "要啥材料", "payload": "/followup"}, {"label": "转人工", "payload": "/human"}],
        source={"text": "来源：人社局", "url": None},
        caveat="以窗口说的为准",
        knowledge={"outcome": "served", "topics": ["social-insurance"], "aspect": "process", "version": 3},
    )
    conversations, who = console.app[CONVERSATIONS], Sender("web", "anna")
    received = await conversations.receive(Inbound(who, "k1", "社保断了"))
    await conversations.answer(received.conversation_id, console.app[HUB].show)
    async with console.sessions.begin() as db:
        turn = (await db.scalars(select(Turn))).one()
        turn.intent, turn.confidence = "policy", 0.93
        turn.ranking = [{"name": "policy", "confidence": 0.93}, {"name": "human", "confidence": 0.04}]
        turn.slots = {"topic": "social-insurance"}
        answer = (await db.scalars(select(Message).where(Message.direction == "out"))).one()
        token = answer.body["choices"][0]["token"]
    await conversations.receive(Inbound(who, "k2", token=token))
    client = await signed_in("reviewer")

    text = await (await client.get(f"/console/conversations/{received.message.conversation}")).text()

    shown = (
        "可以补缴。",
        "去社保大厅办。",
        "来源：人社局",
        "以窗口说的为准",
        "转人工",
        "问政策 93%",
        "找真人 0.04",
        "第 3 版",
        "毫秒",
    )
    assert [words for words in shown if words not in text] == []
    assert re.findall(r'<li class="pressed">\s*([^<\s]+)', text) == ["要啥材料"]
    assert '<details class="understood">' in text
    assert token not in text


async def test_a_sealed_contact_is_opened_for_a_reason_that_is_put_down(console, signed_in, said):
    code = await said("转人工")
    async with console.sessions.begin() as db:
        talk = (await db.scalars(select(Conversation))).one()
        handover = Handover(
            person_id=talk.person_id, identity_id=talk.identity_id, conversation_id=talk.id, state="message", opened_at=console.clock()
        )  # fmt: skip
        db.add(handover)
        await db.flush()
        handover.contact = Contacts(console.settings.contact_secret, SEALED_FOR).seal(handover.id, "13812345678")
    admin, reviewer = await signed_in("admin"), await signed_in("reviewer")
    here = f"/console/conversations/{code}"

    assert "密封的联系方式" not in await (await reviewer.get(here)).text()
    without = await admin.post(f"{here}/reveal", data={"reason": "看看"})
    opened = await admin.post(f"{here}/reveal", data={"reason": "回电话 13900001111"})

    assert without.status == 422
    assert "13812345678" not in await without.text()
    assert "13812345678" in await opened.text()
    assert opened.headers["Cache-Control"] == "no-store"
    async with console.sessions() as db:
        entry = (await db.scalars(select(AuditEntry).where(AuditEntry.action == "conversation.reveal"))).one()
    assert "回电话" in str(entry.details)
    assert "13900001111" not in str(entry.details)
    assert "13812345678" not in await (await admin.get(here)).text()


async def test_hostile_addresses_find_nothing_and_break_nothing(console, signed_in, said):
    await said("社保")
    client = await signed_in("reviewer")

    for query in (
        "q=%22%20OR%20*",
        "q=%27%3B--",
        "before=9999999999999999999",
        "after=-1",
        "topic=%27",
        "tag=%22%25",
        "hit=x&to=y",
        "sort=%00",
    ):
        assert (await client.get(f"/console/conversations?{query}")).status == 200, query
    for path in ("nothing", "0" * 200):
        assert (await client.get(f"/console/conversations/{path}")).status == 404, path
    assert (await client.post("/console/conversations/nothing/mark", data={"do": "flag"})).status == 404
    assert (await client.post("/console/conversations/nothing/mark", data={"do": "explode"})).status == 422
    cross = await client.post(
        "/console/conversations/views?q=x", data={"name": "x"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert cross.status == 403
