"""Who waits is taken by one, talked with, given back; what was left is answered; nothing that was typed is lost."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.care.tables import CareAlert
from bot.conversations.tables import Conversation, Identity, Message, Person, Turn
from bot.handover.tables import Handover
from bot.knowledge.files import read_topic
from bot.knowledge.loading import row_of
from bot.settings import ROOT


@pytest.fixture
def wants_a_person(console):
    """Somebody whose question waits, or was left as a message, or who is in danger; their code."""
    made = iter(range(9))

    async def wants(state: str = "waiting", question: str = "档案丢了咋办 <b>急</b>", *, alert: bool = False) -> str:
        now, n = console.clock(), next(made)
        async with console.sessions.begin() as db:
            person = Person(code=f"7K3Q-9QF{n}", created_at=now)
            db.add(person)
            await db.flush()
            identity = Identity(person_id=person.id, channel="web", sender=f"s{n}", created_at=now)
            db.add(identity)
            await db.flush()
            talk = Conversation(
                code=f"c{n}", person_id=person.id, identity_id=identity.id, channel="web", started_at=now, last_at=now
            )
            db.add(talk)
            await db.flush()
            place = {"person_id": person.id, "conversation_id": talk.id}
            db.add(
                Message(
                    conversation_id=talk.id, identity_id=identity.id, direction="in", kind="text", text=question, at=now
                )
            )
            if alert:
                turn = Turn(conversation_id=talk.id, state="answered", received_at=now, retry_at=now)
                db.add(turn)
                await db.flush()
                db.add(CareAlert(**place, turn_id=turn.id, kind="self", words="不想活了", found_by="rule", at=now))
            else:
                db.add(Handover(**place, identity_id=identity.id, state=state, question=question, opened_at=now))
            return person.code

    return wants


async def said(console) -> list[str]:
    async with console.sessions() as db:
        return list(await db.scalars(select(Message.text).where(Message.kind == "staff").order_by(Message.id)))


def key_in(page: str) -> str:
    return re.search(r'name="key" value="(\w+)"', page)[1]


async def test_who_waits_stands_with_what_they_ask_and_how_long(console, signed_in, wants_a_person):
    client, code = await signed_in("reviewer"), await wants_a_person()
    console.clock.pass_(minutes=7)

    text = await (await client.get("/console/reception")).text()

    assert code in text
    assert "7 分钟" in text
    assert "档案丢了咋办 &lt;b&gt;急&lt;/b&gt;" in text


async def test_where_nobody_waits_the_page_says_what_will_come(signed_in):
    text = await (await (await signed_in("reviewer")).get("/console/reception")).text()

    assert "没有人在等" in text
    assert "没有没回的留言" in text


async def test_of_two_who_press_at_once_one_has_the_person_and_the_other_reads_who(signed_in, wants_a_person):
    first, second, code = await signed_in("reviewer"), await signed_in("editor"), await wants_a_person()

    answers = await asyncio.gather(*(one.post(f"/console/reception/{code}/take") for one in (first, second)))

    assert sorted(answer.status for answer in answers) == [303, 409]
    lost = next(answer for answer in answers if answer.status == 409)
    winner = first if answers[0].status == 303 else second
    assert f"{winner.staff.name}先接了" in await lost.text()


async def test_what_is_said_twice_under_one_key_is_said_once(console, signed_in, wants_a_person):
    client, code = await signed_in("reviewer"), await wants_a_person()
    await client.post(f"/console/reception/{code}/take")
    key = key_in(await (await client.get(f"/console/reception/{code}")).text())

    for _ in range(2):
        answer = await client.post(f"/console/reception/{code}/say", data={"text": "先去人才中心查一下", "key": key})
        assert answer.status == 303

    assert (await said(console)).count("先去人才中心查一下") == 1


async def test_what_cannot_be_sent_comes_back_as_typed_with_the_reason(console, signed_in, wants_a_person):
    client, other, code = await signed_in("reviewer"), await signed_in("editor"), await wants_a_person()
    await client.post(f"/console/reception/{code}/take")

    long = await client.post(f"/console/reception/{code}/say", data={"text": "长" * 1001, "key": "k"})
    theirs = await other.post(f"/console/reception/{code}/say", data={"text": "我来说", "key": "k"})
    by_script = await other.post(
        f"/console/reception/{code}/say", data={"text": "我来说"}, headers={"X-Requested-With": "fetch"}
    )

    assert long.status == theirs.status == by_script.status == 422
    text = await long.text()
    assert "一共 1001 个字，一次最多 1000 个" in text
    assert "长" * 1001 in text
    assert f"{client.staff.name}在接待" in await theirs.text()
    assert f"{client.staff.name}在接待" in (await by_script.json())["why"]
    assert not {"长" * 1001, "我来说"} & set(await said(console))


async def test_only_who_took_a_person_gives_them_back(console, signed_in, wants_a_person):
    client, other, code = await signed_in("reviewer"), await signed_in("editor"), await wants_a_person()
    await client.post(f"/console/reception/{code}/take")

    refused = await other.post(f"/console/reception/{code}/back")
    given = await client.post(f"/console/reception/{code}/back")

    assert "reception-not-yours" in refused.headers["Location"]
    assert given.headers["Location"].startswith("/console/reception?notice=reception-back")
    assert len(await said(console)) == 2  # that somebody came, and that they went


async def test_a_message_left_is_answered_once(console, signed_in, wants_a_person):
    client, other = await signed_in("reviewer"), await signed_in("editor")
    code = await wants_a_person("message")

    empty = await client.post(f"/console/reception/{code}/answer", data={"text": " "})
    answer = await client.post(f"/console/reception/{code}/answer", data={"text": "补办要带身份证"})
    late = await other.post(f"/console/reception/{code}/answer", data={"text": "我也回一下"})

    assert empty.status == 422
    assert answer.status == 303
    assert late.status == 409
    text = await late.text()
    assert "同事已经回了" in text
    assert [line for line in await said(console) if "补办要带身份证" in line]
    assert not [line for line in await said(console) if "我也回一下" in line]


async def test_danger_comes_first_and_is_released_by_whoever_looked_after_it(console, signed_in, wants_a_person):
    client, code = await signed_in("reviewer"), await wants_a_person(alert=True)
    await wants_a_person()

    text = await (await client.get("/console/reception")).text()
    assert text.index("危险信号（1）") < text.index("在等（1）")
    assert "已停，等人" in text
    await client.post(f"/console/reception/{code}/take")
    await client.post(f"/console/reception/{code}/release")

    async with console.sessions() as db:
        alert = (await db.scalars(select(CareAlert))).one()
    assert alert.released_by == client.staff.name
    assert "危险信号" not in (await (await client.get("/console/reception")).text()).split("<main")[1].split("在等")[1]


async def test_a_contact_is_shown_for_a_reason_that_is_put_down(console, signed_in, wants_a_person):
    client, boss, code = await signed_in("reviewer"), await signed_in("admin"), await wants_a_person("message")
    from bot.web.console.reception import queue_of

    class Request:
        app = console.app

    handover = (await queue_of(Request).inbox()).messages[0]
    async with console.sessions() as db:
        person = await db.scalar(select(Person.id).where(Person.code == code))
    await queue_of(Request).keep_contact(person, handover.id, "13800001111")

    before = await (await client.get(f"/console/reception/{code}")).text()
    without = await client.post(f"/console/reception/{code}/contact", data={"reason": " "})
    shown = await client.post(f"/console/reception/{code}/contact", data={"reason": "打电话回复 13800001111 的留言"})

    assert "13800001111" not in before
    assert without.status == 422
    assert "13800001111" in await shown.text()
    assert shown.headers["Cache-Control"] == "no-store"
    log = await (await boss.get("/console/audit")).text()
    assert "看联系方式" in log
    assert "13800001111" not in log


async def test_a_person_that_is_not_there_is_said_so(signed_in):
    client = await signed_in("reviewer")

    assert (await client.get("/console/reception/AAAA-AAAA")).status == 404
    assert (await client.get("/console/reception/AAAA-AAAA/events")).status == 404
    taken = await client.post("/console/reception/AAAA-AAAA/take")
    assert taken.headers["Location"] == "/console/reception?notice=reception-unknown"


async def test_sentences_kept_ready_are_one_s_own_or_everybody_s(signed_in):
    client, other = await signed_in("reviewer"), await signed_in("editor")
    await client.post("/console/canned", data={"title": "请稍等", "text": "我查一下，马上回你。"})
    await client.post("/console/canned", data={"title": "我的", "text": "我是<i>小王</i>", "own": "on"})

    mine, theirs = [await (await one.get("/console/canned")).text() for one in (client, other)]

    assert "请稍等" in theirs
    assert "我是&lt;i&gt;小王&lt;/i&gt;" in mine
    assert "小王" not in theirs
    own = re.search(r"/console/canned/(\d+)/drop", mine)[1]
    assert (await other.post(f"/console/canned/{own}/drop")).status == 404
    changed = await other.post("/console/canned", data={"id": own, "title": "偷改", "text": "x"})
    assert changed.status == 404


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"title": "", "text": "话"}, "起个短名字"),
        ({"title": "名" * 21, "text": "话"}, "最多 20 个"),
        ({"title": "名", "text": ""}, "写上要说的话"),
        ({"title": "名", "text": "话" * 501}, "最多 500 个"),
    ],
)
async def test_a_sentence_that_cannot_be_kept_comes_back_as_typed(signed_in, typed, why):
    answer = await (await signed_in("reviewer")).post("/console/canned", data=typed)

    text = await answer.text()
    assert answer.status == 422
    assert why in text
    assert typed["text"] in text


async def test_what_was_thrown_away_stands_in_the_form_to_be_kept_anew(signed_in):
    client = await signed_in("reviewer")
    await client.post("/console/canned", data={"title": "请稍等", "text": "我查一下，马上回你。"})
    page = await (await client.get("/console/canned")).text()

    dropped = await client.post(re.search(r"/console/canned/\d+/drop", page)[0])

    text = await dropped.text()
    assert "“请稍等”删了" in text
    assert "我查一下，马上回你。" in text
    assert "还没有常用语" in text


async def test_the_lists_tell_when_somebody_new_waits(console, signed_in, wants_a_person):
    client = await signed_in("reviewer")

    async with asyncio.timeout(20):
        answer = await client.http.get(f"{console.address}/console/reception/events")
        async with answer:
            assert answer.headers["Content-Type"] == "text/event-stream"
            first = await _next(answer)
            await wants_a_person()
            second = await _next(answer)

    assert '"waiting": 0' in first
    assert '"waiting": 1' in second


async def test_a_line_that_was_lost_goes_on_after_the_last_message_it_has(console, signed_in, wants_a_person):
    client, code = await signed_in("reviewer"), await wants_a_person()
    await client.post(f"/console/reception/{code}/take")
    for text in ("第一句", "第二句"):
        await client.post(f"/console/reception/{code}/say", data={"text": text, "key": text})
    async with console.sessions() as db:
        last = await db.scalar(select(Message.id).where(Message.text == "第一句"))

    async with asyncio.timeout(20):
        answer = await client.http.get(
            f"{console.address}/console/reception/{code}/events?after=0", headers={"Last-Event-ID": str(last)}
        )
        async with answer:
            event = await _next(answer)

    assert "第二句" in event
    assert "第一句" not in event


async def _next(answer) -> str:
    """The next event that says something."""
    async with asyncio.timeout(20):
        while not (event := (await answer.content.readuntil(b"\n\n")).decode()).startswith("id"):
            pass
    return event


async def test_who_waited_until_the_day_was_over_is_a_message(console, signed_in, wants_a_person):
    await wants_a_person("message")
    console.clock.now += timedelta(hours=12)
    client = await signed_in("reviewer")

    text = await (await client.get("/console/reception")).text()

    assert "现在是下班时间" in text
    assert "留言没回（1）" in text


@pytest.fixture
async def known(console):
    """Two of the project's topics."""
    topics = [read_topic(ROOT / "data/knowledge" / f"{name}.yml")[0] for name in ("archive-lookup", "startup-loan")]
    async with console.sessions.begin() as db:
        db.add_all(row_of(topic, position=i, version=1, fingerprint=None) for i, topic in enumerate(topics))


async def test_what_the_bot_would_answer_is_put_under_what_was_typed_and_is_not_sent(
    console, signed_in, wants_a_person, known
):
    staff, code = await signed_in("reviewer"), await wants_a_person()
    await staff.post(f"/console/reception/{code}/take")
    page, before = await (await staff.get(f"/console/reception/{code}")).text(), await said(console)
    assert "小同会这样答" in page and "档案查询与补办" in page and "来源：" in page

    answer = await staff.post(
        f"/console/reception/{code}/say",
        data={"text": "您好，我是小王。", "key": key_in(page), "use": "archive-lookup"},
    )
    typed = re.search(r"<textarea[^>]*>(.*?)</textarea>", await answer.text(), re.S)[1]
    assert typed.strip().startswith("您好，我是小王。\n【档案查询与补办】") and "来源：" in typed
    assert await said(console) == before

    await staff.post(f"/console/reception/{code}/say", data={"text": "好的", "key": key_in(page)})
    assert "小同会这样答" not in await (await staff.get(f"/console/reception/{code}/suggestions")).text()


async def test_a_message_left_out_of_hours_has_its_suggestion_too(console, signed_in, wants_a_person, known):
    staff, code = await signed_in("editor"), await wants_a_person("message", "创业担保贷款能贷多少")
    assert "创业担保贷款" in await (await staff.get(f"/console/reception/{code}/suggestions")).text()
    answer = await staff.post(f"/console/reception/{code}/answer", data={"text": "", "use": "startup-loan"})
    assert "来源：" in re.search(r"<textarea[^>]*>(.*?)</textarea>", await answer.text(), re.S)[1]
    assert await said(console) == []


async def test_nothing_near_nothing_suggested(console, signed_in, wants_a_person, known):
    staff, code = await signed_in("reviewer"), await wants_a_person(question="zxqv 9981")
    await staff.post(f"/console/reception/{code}/take")
    assert "小同会这样答" not in await (await staff.get(f"/console/reception/{code}")).text()
