"""Editors write topics, a second person approves them: the pages, without a browser."""

from __future__ import annotations

import asyncio
import html
import io
import re
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import today
from bot.conversations.tables import Conversation, Identity, Message, Person, Turn
from bot.knowledge.editing import forms, queries
from bot.knowledge.files import read_topic
from bot.knowledge.loading import REVIEW, content_of_row, load
from bot.knowledge.retrieval import VectorCache
from bot.knowledge.rules import Question
from bot.knowledge.tables import PhrasingRow, TopicDraft, TopicRow
from bot.people.tables import AuditEntry
from bot.radio.groups.tables import Asked, AskedGroup, AskedRequest, AskedText
from bot.review.tables import Correction
from bot.text.encoder import SentenceEncoder
from bot.web.keys import KNOWLEDGE
from tests.knowledge.knowledge_setup import NEW, TOPIC, put_three, read_three

LIST = "/console/knowledge"
PAGE = f"{LIST}/topics/{TOPIC}"
EDIT, DRAFT = f"{PAGE}/edit", f"{PAGE}/draft"


@pytest.fixture(scope="session")
def three():
    return read_three()


@pytest.fixture(scope="session")
def vectors(tmp_path_factory) -> VectorCache:
    """Sentence vectors, made once for all tests."""
    return VectorCache(SentenceEncoder(), tmp_path_factory.mktemp("vectors") / "phrasings.npz")


@pytest.fixture
async def topics(console, three, vectors) -> None:
    await put_three(console.sessions, console.clock, three)
    console.app[KNOWLEDGE]._cache = vectors


def form_on(page: str) -> dict[str, str]:
    """What a browser would send of the form on a page, if the first button is pressed."""
    inside = page[page.index('id="writing"') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", inside):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and not ("checkbox" in tag and "checked" not in tag):
            found[name[1]] = html.unescape(value[1]) if value else "on"
    for name, value in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>', inside, re.DOTALL):
        found[name] = html.unescape(value).replace("\n", "\r\n")
    for name, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', inside, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    return found


def error_at(page: str, field: str) -> str | None:
    found = re.search(rf'<span class="error" id="{field}-error">([^<]*)<', page)
    return html.unescape(found[1]) if found else None


async def written(client, **changed: str) -> dict[str, str]:
    return form_on(await (await client.get(EDIT)).text()) | changed


async def kept(console) -> TopicDraft | None:
    async with console.sessions() as db:
        return await queries.open_draft(db, TOPIC)


async def actions(console) -> list[str]:
    async with console.sessions() as db:
        return [one for one in await db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)) if "." in one]


async def test_what_an_editor_wrote_is_served_after_a_second_person_approved_it(console, signed_in, topics):
    writer, other = await signed_in("editor"), await signed_in("editor")
    form = await written(writer, process=NEW, note="改得好懂些", do="send")

    sent = await writer.post(EDIT, data=form)
    waiting = await (await writer.get(DRAFT)).text()
    own = await writer.post(f"{DRAFT}/approve", data={"version": (await kept(console)).version})

    assert (sent.status, sent.headers["Location"]) == (303, f"{DRAFT}?notice=topic-sent")
    assert "等另一个人审批" in waiting
    assert "notice=draft-own" in own.headers["Location"]
    assert "份知识等你审批" in await (await other.get("/console")).text()
    assert "份知识等你审批" not in await (await writer.get("/console")).text()
    seen = await (await other.get(DRAFT)).text()
    assert f"<ins>{NEW[:3]}" in seen or NEW in re.sub("</?(ins|del)>", "", seen)
    assert "改得好懂些" in seen
    done = await other.post(f"{DRAFT}/approve", data={"version": re.search('name="version" value="([0-9]+)"', seen)[1]})
    assert done.headers["Location"] == f"{PAGE}?notice=draft-approved"
    answered = await console.app[KNOWLEDGE].serve(TOPIC, "process")
    assert NEW in answered.reply.paragraphs[0]
    assert answered.reply.knowledge.version == 2
    page = await (await other.get(f"{PAGE}/versions/2")).text()
    assert "和第 1 版的差别" in page
    assert f"{writer.staff.name}写的，{other.staff.name}同意的" in page
    assert await actions(console) == ["knowledge.draft", "knowledge.send", "knowledge.approve"]


async def test_what_the_check_refuses_comes_back_beside_its_field_with_what_was_typed(console, signed_in, topics):
    writer = await signed_in("editor")
    form = await written(writer, process="要交8888元押金。\x00", s30="短", do="send")

    answer = await writer.post(EDIT, data=form)

    page = await answer.text()
    assert answer.status == 422
    assert "“8888元”不在数字表里" in error_at(page, "process")
    assert "要 85 到 135 个" in error_at(page, "s30")
    assert form_on(page)["process"] == "要交8888元押金。"
    assert (await kept(console)).state == "editing"
    assert "“8888元”不在数字表里" in error_at(await (await writer.get(EDIT)).text(), "process")
    assert "还有 2 处不合规矩" in await (await writer.get(DRAFT)).text()


async def test_rows_come_and_go_by_buttons_of_the_form_and_nothing_typed_is_lost(console, signed_in, topics):
    writer = await signed_in("editor")
    form = await written(writer, scope="钱从哪来", do="add-figures")
    rows = sum(name.endswith("-label") for name in form)

    more = await writer.post(EDIT, data=form)
    form = form_on(await more.text())
    assert (more.status, sum(name.endswith("-label") for name in form), form["scope"]) == (200, rows + 1, "钱从哪来")
    form |= {f"figures-{rows}-label": "押金", f"figures-{rows}-value": "8888元", f"figures-{rows}-source": "77"}
    wrong = await (await writer.post(EDIT, data=form | {"do": "preview"})).text()
    assert error_at(wrong, f"figures-{rows}-source") == "“押金”写的来源 77 不在来源表里。"
    less = form_on(await (await writer.post(EDIT, data=form | {"do": "remove-figures-0"})).text())

    assert less["figures-0-label"] == form["figures-1-label"]
    assert (less[f"figures-{rows - 1}-label"], less["scope"]) == ("押金", "钱从哪来")
    assert await kept(console) is None, "looking at it keeps nothing"


async def test_two_editors_of_one_field_see_both_texts_and_keep_what_they_decide(console, signed_in, topics):
    first, second = await signed_in("editor"), await signed_in("editor")
    one, two = await written(first, process=NEW), await written(second, process="去银行。", scope="钱")
    assert (await first.post(EDIT, data=one)).status == 303

    clash = await second.post(EDIT, data=two)

    page = await clash.text()
    assert clash.status == 409
    said = re.sub("</?(ins|del)>", "", page)
    assert NEW in said
    assert f"{first.staff.name}存的" in said
    assert (form_on(page)["process"], form_on(page)["scope"]) == ("去银行。", "钱")
    assert (await kept(console)).typed["process"] == NEW
    assert (await second.post(EDIT, data=form_on(page))).status == 303
    assert (await kept(console)).typed["process"] == "去银行。"
    joined = await first.post(EDIT, data=one | {"process": NEW, "title": "贷款"})
    assert joined.status == 409, "the first one has not seen the second one's text"


async def test_a_draft_is_given_back_with_a_reason_dropped_and_put_back(console, signed_in, topics):
    writer, other = await signed_in("editor"), await signed_in("admin")
    await writer.post(EDIT, data=await written(writer, process=NEW, do="send"))
    version = (await kept(console)).version
    without = await other.post(f"{DRAFT}/send-back", data={"version": version, "reason": " "})
    assert "notice=draft-reason" in without.headers["Location"]

    await other.post(f"{DRAFT}/send-back", data={"version": version, "reason": "电话没写"})
    assert "退回了：电话没写" in await (await writer.get(EDIT)).text()
    await writer.post(f"{DRAFT}/drop", data={"version": version + 1})
    assert "恢复这份草稿" in await (await writer.get(PAGE)).text()
    assert (await writer.get(DRAFT)).status == 303
    back = await writer.post(f"{DRAFT}/restore")

    assert back.headers["Location"] == f"{EDIT}?notice=draft-restored"
    assert (await kept(console)).typed["process"] == NEW
    stale = await writer.post(f"{DRAFT}/drop", data={"version": 1})
    assert "notice=draft-changed" in stale.headers["Location"]


async def test_a_reviewer_reads_and_changes_nothing(console, signed_in, topics):
    reviewer, editor = await signed_in("reviewer"), await signed_in("editor")
    await editor.post(EDIT, data=await written(editor, process=NEW, do="send"))

    for path in (LIST, PAGE, DRAFT, f"{PAGE}/versions/1", f"{LIST}/unanswered"):
        page = await reviewer.get(path)
        assert page.status == 200, path
        assert '<button class="solid">同意' not in await page.text()
    assert (await reviewer.get(EDIT)).status == 403
    assert (await reviewer.post(f"{DRAFT}/approve", data={"version": 2})).status == 403


async def test_the_list_shows_what_waits_ends_and_is_missing(console, signed_in, topics, statements):
    editor = await signed_in("editor")
    async with console.sessions.begin() as db:
        (await db.get(TopicRow, "archive-transfer")).valid_until = today(console.clock) + timedelta(days=40)
        (await db.get(TopicRow, TOPIC)).check_status = "partly"
    await editor.post(EDIT, data=await written(editor, process=NEW))

    async def shown(show: str) -> list[str]:
        page = await (await editor.get(f"{LIST}?show={show}")).text()
        return re.findall(r'<th scope="row"><a href="/console/knowledge/topics/([^"]+)"', page)

    assert await shown("30") == []
    assert await shown("90") == ["archive-transfer"]
    assert await shown("editing") == [TOPIC]
    assert await shown("waiting") == []
    assert TOPIC in await shown("figures")
    assert {"archive-transfer", TOPIC, "hotlines"} <= set(await shown(""))
    assert set(await shown("gaps")) <= set(await shown(""))
    assert "没有写到一半的草稿" not in await (await editor.get(f"{LIST}?show=editing")).text()
    assert "没有叫" in await (await editor.get(f"{LIST}?q=量子")).text()

    with statements() as few:
        await editor.get(LIST)
    async with console.sessions.begin() as db:
        row = await db.get(TopicRow, "hotlines")
        for n in range(40):
            db.add(
                TopicRow(
                    id=f"more-{n}", position=20 + n, title=f"更多{n}", group=row.group, scope="", region="全国", aliases=[],
                    related=[], state="current", checked_on=row.checked_on, check_status="verified", version=1,
                )
            )  # fmt: skip
    with statements() as many:
        page = await editor.get(LIST)
    assert "更多39" in await page.text()
    assert len(many) <= len(few) + 2


async def test_the_index_is_made_while_the_form_is_read(console, signed_in, topics):
    editor, knowledge = await signed_in("editor"), console.app[KNOWLEDGE]
    assert knowledge.nearest(Question("贷款找谁", "policy")) == []

    await editor.get(EDIT)

    async with asyncio.timeout(20):
        while not knowledge.nearest(Question("贷款找谁", "policy")):  # noqa: ASYNC110 - it is made in the background
            await asyncio.sleep(0.02)


async def test_a_question_is_tried_on_a_draft_and_told_why(console, signed_in, topics):
    editor = await signed_in("editor")
    form = await written(editor, process=NEW)
    form["asks_process"] = form["asks_process"] + "\r\n担保中心那头咋跑"
    tries = {}
    topics_heard = [{"name": TOPIC, "confidence": 0.9}]
    console.engine.heard = {
        text: {"intent": intent, "confidence": 0.9, "topics": topics_heard, "aspects": []}
        for text, intent in (("贷款咋办", "policy"), ("我要找工作", "job_search"))
    } | {"那个呢": {"intent": "out_of_scope", "confidence": 0.9, "topics": [], "aspects": []}}
    for question in ("担保中心那头咋跑", "创业贷款的担保去哪跑", "今天天气", "贷款咋办", "我要找工作", "那个呢"):
        page = await (await editor.post(EDIT, data=form | {"do": "try", "question": question})).text()
        tries[question] = page[page.index('id="tried"') :]

    assert "会直接答" in tries["担保中心那头咋跑"]
    assert "这份草稿" in tries["担保中心那头咋跑"]
    assert NEW in tries["担保中心那头咋跑"]
    assert "这会儿问不到它" in tries["创业贷款的担保去哪跑"]
    assert "会直接答" in tries["贷款咋办"] and "听成“问政策”" in tries["贷款咋办"]
    assert "不在知识里答" in tries["我要找工作"] and "听成“找岗位”" in tries["我要找工作"]
    assert "会说不知道" in tries["那个呢"]
    assert "没有像的" in tries["今天天气"]
    served = await (await editor.get(PAGE, params={"question": form["asks_general"].split("\r\n")[0]})).text()
    assert "在用的第 1 版" in served
    assert NEW not in served


async def test_the_preview_has_each_channel_s_own_form(console, signed_in, topics):
    editor = await signed_in("editor")
    form = await written(editor, process="<b>粗</b>\r\n" + NEW, aspect="process", topic=TOPIC)

    page = await (await editor.post(f"{LIST}/preview", data=form)).text()

    site, telegram, wechat = re.findall(r'<section class="channel".*?</section>', page, re.DOTALL)
    for part in (site, telegram, wechat):
        assert NEW in part
        assert "<b>粗</b>" not in part
    assert "回复数字选择" in wechat
    assert "字节" in wechat
    assert "👍" in telegram
    assert "<html" not in page


async def test_an_earlier_version_comes_back_through_a_second_person(console, signed_in, topics):
    writer, other = await signed_in("editor"), await signed_in("editor")
    await writer.post(EDIT, data=await written(writer, process=NEW, do="send"))
    await other.post(f"{DRAFT}/approve", data={"version": (await kept(console)).version})
    async with console.sessions() as db:
        before = (await queries.version(db, TOPIC, 1)).content

    same = await other.post(f"{PAGE}/versions/2/roll-back", data={})
    assert "notice=topic-same" in same.headers["Location"]
    asked = await other.post(f"{PAGE}/versions/1/roll-back", data={"note": "改错了"})
    twice = await other.post(f"{PAGE}/versions/1/roll-back", data={})
    await writer.post(f"{DRAFT}/approve", data={"version": (await kept(console)).version})

    assert asked.headers["Location"] == f"{DRAFT}?notice=topic-rolled-back"
    assert "notice=topic-has-draft" in twice.headers["Location"]
    async with console.sessions() as db:
        row = await queries.whole_topic(db, TOPIC)
        assert (row.version, content_of_row(row)) == (3, before)
    assert (await other.get(f"{PAGE}/versions/3?against=2")).status == 200
    assert (await other.get(f"{PAGE}/versions/7")).status == 404
    assert form_on(await (await other.get(f"{EDIT}?from=2")).text())["process"] == NEW


async def test_a_new_topic_begins_with_a_question_and_is_served_once_approved(console, signed_in, topics, asked):
    writer, other = await signed_in("editor"), await signed_in("editor")
    like = await written(writer)
    page = await (await writer.get(f"{LIST}/new?question=沙龙啥时候办，我电话13834567890&turn=1&group={asked}")).text()
    assert "13834567890" not in page
    asks = form_on(page)["asks_general"]
    assert [line[:6] for line in asks.split("\r\n")] == ["沙龙啥时候办", "人才公寓咋申", "人才公寓还有"]
    form = form_on(page) | {name: like[name] for name in like if name.split("-")[0] in forms.LISTS}
    form |= {name: like[name] for name in forms.FIELDS if name in like and not name.startswith("asks_")}
    form |= {
        "asks_general": "创业沙龙啥时候办\r\n打我电话13834567890说一声",
        "title": "创业沙龙",
        "aliases": "",
        "process": NEW,
    }

    wrong = await writer.post(f"{LIST}/new", data=form | {"id": "Salon!"})
    assert (wrong.status, "小写英文" in error_at(await wrong.text(), "id")) == (422, True)
    assert form_on(await wrong.text())["title"] == "创业沙龙"
    made = await writer.post(f"{LIST}/new", data=form | {"id": "startup-salon"})
    assert made.headers["Location"] == f"{LIST}/topics/startup-salon/edit?notice=topic-begun"
    edit = form_on(await (await writer.get(f"{LIST}/topics/startup-salon/edit")).text())
    sent = await writer.post(f"{LIST}/topics/startup-salon/edit", data=edit | {"do": "send"})
    assert sent.status == 303, error_at(await sent.text(), "answer")
    assert "startup-salon" in await (await other.get(f"{LIST}?show=waiting")).text()
    seen = await (await other.get(f"{LIST}/topics/startup-salon/draft")).text()
    assert 'href="/console/conversations/asker0#t1"' in seen
    assert "13834567890" not in seen
    await other.post(f"{LIST}/topics/startup-salon/draft/approve", data={"version": 2})

    answered = await console.app[KNOWLEDGE].answer(Question("创业沙龙啥时候办", "policy"))
    assert (answered.topic, answered.outcome) == ("startup-salon", "served")
    async with console.sessions() as db:
        assert (await db.scalar(select(AskedRequest))).closed_by == other.staff.name
        assert (await db.get(AskedGroup, asked)).topic_id == "startup-salon"


@pytest.fixture
async def asked(console) -> int:
    """A group that two people asked and were told that we do not know; the programme asks for an answer."""
    now = console.clock()
    async with console.sessions.begin() as db:
        group = AskedGroup(created_at=now)
        db.add(group)
        await db.flush()
        for n, text in enumerate(("人才公寓咋申请", "人才公寓还有没有房")):
            person = Person(code=f"GGGG-000{n}", created_at=now)
            said = AskedText(key=f"key{n}", vector=b"", group_id=group.id)
            db.add_all([person, said])
            await db.flush()
            identity = Identity(person_id=person.id, channel="web", sender=f"asker{n}", created_at=now)
            db.add(identity)
            await db.flush()
            talk = Conversation(
                code=f"asker{n}",
                person_id=person.id,
                identity_id=identity.id,
                channel="web",
                started_at=now,
                last_at=now,
            )
            db.add(talk)
            await db.flush()
            turn = Turn(conversation_id=talk.id, state="answered", received_at=now, retry_at=now, outcome="refused")
            db.add(turn)
            await db.flush()
            db.add_all([
                Message(
                    conversation_id=talk.id, identity_id=identity.id, turn_id=turn.id, direction="in", kind="text",
                    text=text, body={}, at=now,
                ),
                Asked(text_id=said.id, person_id=person.id, turn_id=turn.id, at=now, channel="web", outcome="refused"),
            ])  # fmt: skip
        db.add(AskedRequest(group_id=group.id, state="open", asked_by="主持人小周", asked_at=now, note="下周要播"))
        return group.id


async def test_what_was_not_answered_is_put_to_an_answer_that_there_is(console, signed_in, topics, asked):
    editor = await signed_in("editor")
    listed = await (await editor.get(f"{LIST}/unanswered")).text()
    assert 'data-label="几个人问" class="number">2<' in listed
    assert "下周要播" in listed
    place = f"{LIST}/unanswered/{asked}"
    assert "人才公寓还有没有房" in await (await editor.get(place)).text()
    begun = form_on(await (await editor.get(f"{LIST}/new?group={asked}")).text())
    assert set(begun["asks_general"].split("\r\n")) == {"人才公寓咋申请", "人才公寓还有没有房"}
    none = await editor.post(place, data={"topic": TOPIC, "aspect": "who"})
    unknown = await editor.post(place, data={"topic": "", "aspect": "who", "text": "key0"})
    assert (none.status, unknown.status, error_at(await unknown.text(), "topic")) == (422, 422, "请选一个。")

    done = await editor.post(place, data={"topic": TOPIC, "aspect": "who", "text": "key0"})

    assert done.headers["Location"] == f"{PAGE}?notice=group-attached"
    answered = await console.app[KNOWLEDGE].answer(Question("人才公寓咋申请", "policy"))
    assert (answered.topic, answered.outcome) == (TOPIC, "served")
    async with console.sessions() as db:
        row = await db.scalar(select(PhrasingRow).where(PhrasingRow.text == "人才公寓咋申请"))
        assert (row.topic_id, row.aspect, row.origin) == (TOPIC, "who", REVIEW)
        assert (await db.scalar(select(Correction))).topic == TOPIC
        request = await db.scalar(select(AskedRequest))
        assert (request.state, request.closed_by) == ("answered", editor.staff.name)
        assert (await db.get(AskedGroup, asked)).topic_id == TOPIC
    assert "人才公寓" not in await (await editor.get(f"{LIST}/unanswered")).text()
    assert (await editor.get(f"{LIST}/unanswered/99999")).status == 404


async def test_what_the_programme_asked_for_and_nobody_writes_is_told_with_the_reason(
    console, signed_in, topics, asked
):
    editor = await signed_in("editor")
    place = f"{LIST}/unanswered/{asked}/decline"
    without = await editor.post(place, data={"reason": " "})
    assert (without.status, error_at(await without.text(), "reason")) == (422, "请填写。")

    done = await editor.post(place, data={"reason": "不归联盟管"})
    again = await editor.post(place, data={"reason": "不归联盟管"})

    assert done.headers["Location"] == f"{LIST}/unanswered?notice=group-declined"
    assert again.headers["Location"].endswith("notice=group-closed")
    async with console.sessions() as db:
        request = await db.scalar(select(AskedRequest))
    assert (request.state, request.reason, request.closed_by) == ("declined", "不归联盟管", editor.staff.name)


async def test_all_topics_are_taken_away_as_files_that_read_back_the_same(console, signed_in, topics, tmp_path, three):
    editor = await signed_in("editor")
    async with console.sessions.begin() as db:
        for name in await db.scalars(select(TopicRow).where(TopicRow.scope == "")):
            await db.delete(name)

    answer = await editor.get(f"{LIST}/files.zip")

    with zipfile.ZipFile(io.BytesIO(await answer.read())) as pack:
        pack.extractall(tmp_path / "out")
    assert {path.stem for path in (tmp_path / "out").iterdir()} == set(three)
    assert read_topic(tmp_path / "out" / f"{TOPIC}.yml")[0] == three[TOPIC]
    done = await load(console.sessions, tmp_path / "out", console.clock)
    assert sorted(done.same) == sorted(three)
    assert await actions(console) == ["knowledge.export"]


async def test_what_is_typed_is_shown_as_text_everywhere(console, signed_in, topics):
    writer, other = await signed_in("editor"), await signed_in("editor")
    nasty = "<script>alert(1)</script>\"'><img src=x>"
    form = await written(writer, title=nasty, process=nasty, answer=nasty, scope=nasty, note=nasty)
    form |= {
        "figures-0-label": nasty,
        "terms-0-term": nasty,
        "sources-0-title": nasty,
        "sources-0-url": "javascript:alert(1)",
    }
    await writer.post(EDIT, data=form)

    pages = [await (await other.get(path)).text() for path in (LIST, PAGE, EDIT, DRAFT)]
    pages.append(await (await other.post(f"{LIST}/preview", data=form | {"topic": TOPIC})).text())

    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page
