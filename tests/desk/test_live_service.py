"""A programme on air, on both databases: what comes in, what the host is sent, what listeners are told."""

from __future__ import annotations

import asyncio

import pytest

from bot.care.tables import CareAlert
from bot.conversations.tables import Conversation
from bot.radio import wording
from bot.radio.live import rules
from bot.radio.live.service import Live
from bot.radio.programme.rules import NotUsable, UnknownItem
from bot.radio.service import Radio
from bot.radio.talk import RadioTalk

TODAY = {"day": "2026-11-24", "minutes": "30"}


@pytest.fixture
def here(world, sessions):
    return world(sessions)


@pytest.fixture
def live(sessions, clock) -> Live:
    return Live(sessions, clock)


@pytest.fixture
async def sheet(programmes) -> int:
    return await programmes.make(TODAY, by="王芳")


@pytest.fixture
async def on_air(live, sheet, clock) -> int:
    await live.go_on(sheet, by="王芳")
    clock.pass_(minutes=5)
    return sheet


async def names(live: Live, sheet: int) -> list[tuple[str, int]]:
    return [(one.name, one.askers) for one in await live.incoming(sheet)]


async def test_what_is_asked_on_air_comes_in_by_groups_with_their_askers_and_nothing_else(here, live, sheet, clock):
    await here.group([("社保断了影响买房吗", 9)])
    clock.pass_(minutes=1)
    await live.go_on(sheet, by="王芳")
    clock.pass_(minutes=1)
    archive = await here.group([("档案放哪里了", 2)], topic=await here.topic())
    await here.group([("没工作咋交社保", 1)])
    await here.group([("我的档案在哪查", 1)], into=archive)

    found = await live.incoming(sheet)

    assert [(one.name, one.askers, one.times, one.answered) for one in found] == [
        ("档案转递", 3, 3, True),
        ("没工作咋交社保", 1, 1, False),
    ]
    assert set(found[0].wordings) == {"档案放哪里了", "我的档案在哪查"}


async def test_nothing_comes_in_while_questions_are_closed_nor_after_the_programme(here, live, on_air, clock):
    await here.group([("档案放哪里了", 1)])
    clock.pass_(seconds=1)
    await live.take_questions(on_air, open_=False, by="王芳")
    await here.group([("没工作咋交社保", 1)])
    clock.pass_(seconds=1)
    await live.take_questions(on_air, open_=True, by="王芳")
    await live.take_questions(on_air, open_=True, by="李强")
    await here.group([("创业贷款咋申请", 1)])
    clock.pass_(seconds=1)
    await live.go_off(on_air, by="王芳")
    await here.group([("公务员几月考", 1)])

    assert sorted(name for name, _ in await names(live, on_air)) == ["创业贷款咋申请", "档案放哪里了"]
    assert (await live.show(on_air)).air is None
    with pytest.raises(rules.NotOnAir):
        await live.take_questions(on_air, open_=True, by="王芳")


async def test_who_is_in_danger_and_what_is_not_to_be_read_out_does_not_come_in(here, live, on_air, sessions, clock):
    group = await here.group([("没工作咋交社保", 1)])
    await here.question("国企看不看第一学历", consent="reply", group=group)
    await here.question("四十岁还能考教资吗", nickname="小雨", group=group)
    async with sessions() as db:
        asker = await db.get(Conversation, 1)
        person, talk = asker.person_id, asker.id

    assert [(one.askers, [came.text for came in one.questions]) for one in await live.incoming(on_air)] == [
        (2, ["四十岁还能考教资吗"])
    ]

    async with sessions.begin() as db:
        db.add(
            CareAlert(
                person_id=person, conversation_id=talk, turn_id=1, kind="self", words="-", found_by="rule", at=clock()
            )
        )
    assert [one.askers for one in await live.incoming(on_air)] == [1]


async def test_the_host_has_what_was_sent_with_its_answer_and_what_was_taken_back_is_gone(
    here, live, on_air, programmes, clock
):
    group = await here.group([("档案放哪里了", 2)], topic=await here.topic())
    code = await here.question("四十岁还能考教资吗", nickname="小雨", group=await here.group([("教资年龄", 1)]))

    item = await live.send_group(on_air, group, by="王芳")
    assert await live.send_group(on_air, group, by="李强") == item
    clock.pass_(seconds=1)
    asked = await live.send_question(on_air, code, by="王芳")

    first, second = await live.sent(on_air)
    assert (first.item.heading, first.askers, first.sent_by) == ("档案转递", 2, "王芳")
    assert first.item.script.startswith("档案一般在") and first.item.source_line == "据山西省人社厅2025年3月的通知"
    assert (second.item.heading, second.item.caller) == ("四十岁还能考教资吗", "小雨")
    assert {one.group for one in await live.incoming(on_air) if one.sent} == {group}

    await live.aired(on_air, item, aired=True, by="王芳")
    await live.take_back(on_air, item)
    await live.take_back(on_air, asked)

    assert [one.item.id for one in await live.sent(on_air)] == [item]
    assert [(one.heading, one.aired_by) for one in (await programmes.sheet(on_air)).items] == [("档案转递", "王芳")]
    with pytest.raises(UnknownItem):
        await live.aired(on_air, 99, aired=True, by="王芳")


async def test_what_stood_on_the_sheet_stays_there_when_it_is_taken_back(here, live, on_air, items, programmes):
    group = await here.group([("档案放哪里了", 1)], topic=await here.topic())
    planned = await items.add_group(on_air, group, by="王芳")

    assert await live.send_group(on_air, group, by="王芳") == planned
    await live.take_back(on_air, planned)

    assert await live.sent(on_air) == ()
    assert [one.id for one in (await programmes.sheet(on_air)).items] == [planned]
    assert await live.send_item(on_air, planned, by="王芳") == planned


async def test_what_cannot_be_sent_is_refused(here, live, on_air, sheet):
    silent = await here.question("国企看不看第一学历", consent="reply")

    with pytest.raises(NotUsable):
        await live.send_question(on_air, silent, by="王芳")
    with pytest.raises(rules.NothingCame):
        await live.send_question(on_air, "NOSUCH", by="王芳")
    with pytest.raises(rules.NothingCame):
        await live.send_group(on_air, 99, by="王芳")
    await live.go_off(on_air, by="王芳")
    with pytest.raises(rules.NotOnAir):
        await live.send_group(on_air, await here.group([("档案放哪里了", 1)]), by="王芳")


async def test_of_two_programmes_that_go_on_air_at_once_one_does(live, programmes):
    sheets = [await programmes.make(TODAY, by="王芳") for _ in range(2)]
    template = await programmes.make({"minutes": "30"}, by="王芳", template=True)

    done = await asyncio.gather(*(live.go_on(one, by="王芳") for one in sheets), return_exceptions=True)

    assert sorted(type(one).__name__ for one in done) == ["AnotherOnAir", "NoneType"]
    assert await live.on_air() in sheets
    with pytest.raises(rules.NotToAir):
        await live.go_on(template, by="王芳")


async def test_the_two_write_to_each_other(live, on_air, clock):
    await live.write(on_air, "producer", " 还有  两分钟 ", by="王芳")
    await live.write(on_air, "host", "好", by="李强")

    assert [(one.side, one.by, one.text) for one in await live.notes(on_air)] == [
        ("producer", "王芳", "还有 两分钟"),
        ("host", "李强", "好"),
    ]
    for text, why in ((" ", "empty"), ("长" * 301, "long")):
        with pytest.raises(rules.BadNote) as refused:
            await live.write(on_air, "host", text, by="李强")
        assert refused.value.why == why


async def test_listeners_are_told_that_it_is_on_air_and_whether_questions_are_taken(here, live, sheet, sessions, clock):
    radio = Radio(sessions, clock)
    talk = RadioTalk(radio, clock)
    await here.person()

    async def asked(words: str) -> str:
        return (await talk.said(words, clock(), None, "desk1")).reply.paragraphs[0]

    assert "直播" not in await asked("我想问嘉宾一个问题")
    await live.go_on(sheet, by="王芳")
    assert "节目正在直播，现在问，导播马上能看到" in await asked("我想问嘉宾一个问题")

    taken = await radio.submit("desk1", "大专去国企有没有前途", nickname=None, consent="air", key="a")
    assert "导播那边看得到" in wording.taken(taken, await radio.air()).paragraphs[0]
    await live.take_questions(sheet, open_=False, by="王芳")
    assert "留给下一期" in await asked("我想问嘉宾一个问题")
    assert "留给下一期" in wording.taken(taken, await radio.air()).paragraphs[0]

    clock.pass_(hours=7)
    assert await radio.air() is None  # nobody took it off air, and nobody is told so any more
