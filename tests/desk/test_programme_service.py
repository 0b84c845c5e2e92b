"""Running sheets on both databases: what is put on them, who changes them, what needs a look, what was on air."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update

from bot.figures.rules import Period
from bot.knowledge.tables import TopicRow
from bot.radio.groups.collecting import Collecting
from bot.radio.groups.service import Groups
from bot.radio.groups.tables import Asked
from bot.radio.programme import rules
from bot.radio.programme.inbox import Inbox, NotGrouped, tags_in
from bot.radio.programme.items import Mark
from bot.radio.programme.speech import reading_seconds
from bot.radio.programme.tables import ProgrammeItem
from bot.radio.programme.views import InboxFilter
from bot.radio.rules import NotAsShown, Unfit
from bot.radio.service import Radio
from bot.radio.tables import RadioAsker, RadioQuestion
from tests.desk.conftest import S30, S60
from tests.radio.asked_setup import CountingEncoder

DAY = {"day": "2026-11-26", "minutes": "30"}
WEEK = Period(date(2026, 11, 18), date(2026, 11, 24))


@pytest.fixture
def here(world, sessions):
    return world(sessions)


@pytest.fixture
async def sheet(programmes) -> int:
    return await programmes.make(DAY, by="王芳")


async def headings(programmes, sheet: int) -> list[str]:
    return [one.heading for one in (await programmes.sheet(sheet)).items]


async def test_a_group_comes_onto_a_sheet_with_its_spoken_form_its_source_and_its_reading_time(
    here, programmes, items, sheet
):
    group = await here.group([("档案放哪里了", 3)], topic=await here.topic())

    await items.add_group(sheet, group, by="王芳")

    seen = await programmes.sheet(sheet)
    (one,) = seen.items
    assert (one.heading, one.script, one.answer_version, one.kind) == ("档案转递", S30, 4, "group")
    assert one.source_line == "据山西省人社厅2025年3月的通知"
    assert one.seconds == sum(reading_seconds(text, 240) for text in (one.heading, one.source_line, S30))
    assert (seen.seconds, seen.left, one.needs_look) == (one.seconds, 1800 - one.seconds, False)
    with pytest.raises(rules.OnIt):
        await items.add_group(sheet, group, by="王芳")
    with pytest.raises(rules.UnknownItem):
        await items.add_group(sheet, 999, by="王芳")


async def test_what_a_group_is_called_is_not_copied_until_somebody_writes_a_wording(
    here, sessions, programmes, items, sheet
):
    group = await here.group([("落户大同有补贴没", 2)])
    item = await items.add_group(sheet, group, by="王芳")

    fields = {"wording": "落户大同有补贴没", "script": "请嘉宾来说。", "source_line": ""}
    await items.edit(sheet, item, fields, version=1, by="王芳")
    async with sessions() as db:
        assert await db.scalar(select(ProgrammeItem.wording)) is None
    await items.edit(sheet, item, fields | {"wording": "来大同落户，有没有补贴？"}, version=2, by="王芳")

    assert await headings(programmes, sheet) == ["来大同落户，有没有补贴？"]


async def test_items_move_one_place_at_a_time_and_come_back_after_they_were_taken_off(programmes, items, sheet):
    made = [await items.add_own(sheet, {"wording": word}, by="王芳") for word in ("甲", "乙", "丙")]

    await items.move(sheet, made[2], -1)
    await items.move(sheet, made[0], -1)
    assert await headings(programmes, sheet) == ["甲", "丙", "乙"]
    await items.take_off(sheet, made[2])
    assert await headings(programmes, sheet) == ["甲", "乙"]
    assert [one.heading for one in (await programmes.sheet(sheet)).removed] == ["丙"]
    await items.put_back(sheet, made[2])

    assert await headings(programmes, sheet) == ["甲", "丙", "乙"]


async def test_two_people_who_edit_one_item_both_keep_what_they_wrote(programmes, items, sheet):
    item = await items.add_own(sheet, {"wording": "甲"}, by="王芳")

    done = await asyncio.gather(
        items.edit(sheet, item, {"wording": "甲", "script": "王芳写的"}, version=1, by="王芳"),
        items.edit(sheet, item, {"wording": "甲", "script": "李明写的"}, version=1, by="李明"),
        return_exceptions=True,
    )

    (refused,) = [one for one in done if one is not None]
    assert isinstance(refused, rules.Changed)
    assert {refused.now.script, refused.now.changed_by} in ({"王芳写的", "王芳"}, {"李明写的", "李明"})
    await items.take_off(sheet, item)
    with pytest.raises(rules.Changed) as gone:
        await items.edit(sheet, item, {"wording": "甲"}, version=2, by="王芳")
    assert gone.value.now is None
    with pytest.raises(rules.Changed):
        await programmes.change(sheet, DAY, version=7, by="王芳")


async def test_an_answer_that_has_changed_or_ended_since_is_shown_and_taken_with_one_press(
    here, sessions, programmes, items, sheet
):
    group = await here.group([("档案放哪里了", 1)], topic=await here.topic())
    item = await items.add_group(sheet, group, by="王芳")
    await items.edit(sheet, item, {"script": "我改过的稿子", "source_line": "据省里的通知"}, version=1, by="王芳")
    await here.say("archive", "s30", "档案搬到政务大厅了。")

    old = (await programmes.sheet(sheet)).items[0].outdated
    assert (old.had, old.has, old.was, old.now) == (4, 5, S30, "档案搬到政务大厅了。")
    await items.take_form(sheet, item, "s30", version=2, by="李明")
    one = (await programmes.sheet(sheet)).items[0]
    assert (one.outdated, one.script, one.script_before) == (None, "档案搬到政务大厅了。", "我改过的稿子")
    await items.script_back(sheet, item, version=3, by="李明")
    assert (await programmes.sheet(sheet)).items[0].script == "我改过的稿子"
    await items.take_form(sheet, item, "s60", version=4, by="李明")
    assert (await programmes.sheet(sheet)).items[0].script == S60

    async with sessions.begin() as db:
        await db.execute(update(TopicRow).values(state="expired", valid_until=date(2026, 11, 1)))
    one = (await programmes.sheet(sheet)).items[0]
    assert (one.expired, one.needs_look) == (True, True)
    with pytest.raises(rules.NoAnswer):
        await items.take_form(sheet, item, "s30", version=5, by="李明")


async def test_a_group_that_was_on_air_within_the_weeks_is_told_also_where_it_was_merged_since(
    here, sessions, clock, programmes, items, sheet
):
    groups = Groups(sessions, clock)
    group, other = await here.group([("落户有补贴没", 1)]), await here.group([("落户给钱不", 1)])
    for day, which in (("2026-10-08", other), ("2026-09-01", group)):
        before = await programmes.make({"day": day, "minutes": "30"}, by="王芳")
        item = await items.add_group(before, which, by="王芳")
        clock.now -= timedelta(hours=1)
        await items.mark(before, [Mark(item, True)], by="王芳")
    await groups.merge(group, other)

    await items.add_group(sheet, group, by="王芳")

    assert (await programmes.sheet(sheet)).items[0].used == (date(2026, 10, 8),)
    assert (await groups.group(group, WEEK)).aired_on == (date(2026, 10, 8), date(2026, 9, 1))


async def test_a_listener_s_question_is_selected_read_out_and_taken_back_again(here, sessions, clock, items, sheet):
    code = await here.question("大专去国企有没有前途", nickname="小雨")
    item = await items.add_question(sheet, code.lower(), by="王芳")
    assert (await Radio(sessions, clock).question(code)).state == "selected"
    early = clock() - timedelta(minutes=5)

    first = await items.mark(sheet, [Mark(item, True, early)], by="王芳")
    again = await items.mark(sheet, [Mark(item, True, clock()), Mark(404, True)], by="李明")

    assert first == again == {item: early}
    async with sessions() as db:
        question = (await db.scalars(select(RadioQuestion))).one()
        assert (question.state, question.aired_on, question.owner_id) == ("aired", date(2026, 11, 24), None)
        person = await db.scalar(select(RadioAsker.person_id))
    with pytest.raises(rules.NotToAir):
        await items.take_off(sheet, item)
    assert await items.mark(sheet, [Mark(item, False)], by="王芳") == {item: None}
    async with sessions() as db:
        question = (await db.scalars(select(RadioQuestion))).one()
        assert (question.state, question.aired_on, question.owner_id) == ("selected", None, person)


async def test_what_may_not_be_read_out_comes_onto_no_sheet_and_what_was_withdrawn_is_marked(
    here, sessions, clock, programmes, items, sheet
):
    template = await programmes.make({"minutes": "30"}, by="王芳", template=True)
    private = await here.question("只想私下问问合同", consent="reply")
    code = await here.question("大专去国企有没有前途")
    for place, which, refusal in (
        (sheet, private, rules.NotUsable), (sheet, "NOSUCH", rules.UnknownItem), (template, code, rules.NotToAir),
        (404, code, rules.UnknownProgramme),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await items.add_question(place, which, by="王芳")
    item = await items.add_question(sheet, code, by="王芳")
    await Radio(sessions, clock).decline(code, "问过了")

    one = (await programmes.sheet(sheet)).items[0]
    assert (one.gone, one.needs_look) == (True, True)
    assert await items.mark(sheet, [Mark(item, True)], by="王芳") == {item: None}
    async with sessions.begin() as db:
        await db.execute(delete(RadioQuestion).where(RadioQuestion.code == code))
    assert (await programmes.sheet(sheet)).items == ()


async def test_a_copy_has_everything_but_what_can_no_longer_be_read_out_and_a_template_has_no_listener(
    here, sessions, clock, programmes, items, sheet
):
    guest = await programmes.add_guest({"name": "张强", "title": "总经理", "company": "恒源商贸"})
    await programmes.change(sheet, DAY | {"guest": str(guest), "title": "专场"}, version=1, by="王芳")
    await items.add_own(sheet, {"wording": "开场白", "script": "大家好"}, by="王芳")
    open_, closed = await here.question("大专去国企有没有前途"), await here.question("小公司能不能去呢")
    for code in (open_, closed):
        await items.add_question(sheet, code, by="王芳")
    await Radio(sessions, clock).decline(closed, "问过了")

    copy = await programmes.make(DAY | {"day": "2026-12-03", "from": str(sheet)}, by="李明")
    template = await programmes.make({"minutes": "30", "title": "平日", "from": str(sheet)}, by="李明", template=True)

    assert await headings(programmes, copy) == ["开场白", "大专去国企有没有前途"]
    assert await headings(programmes, template) == ["开场白"]
    assert (await programmes.sheet(sheet)).guest.said == "恒源商贸总经理张强"
    assert [one.day for one in await programmes.sheets()] == [date(2026, 11, 26), date(2026, 12, 3)]
    assert [one.title for one in await programmes.sheets("templates")] == ["平日"]
    await programmes.put_away(copy, away=True)
    assert [[one.id for one in await programmes.sheets(kind)] for kind in ("coming", "archived")] == [[sheet], [copy]]


async def test_guests_and_sheets_say_what_of_a_form_cannot_be_kept(programmes, sheet):
    for fields, errors in (
        ({"day": "", "minutes": "30"}, {"day": "day"}),
        (
            DAY | {"minutes": "0", "guest": "77", "title": "长" * 61},
            {"minutes": "minutes", "guest": "guest", "title": "long"},
        ),
    ):
        with pytest.raises(rules.BadFields) as refused:
            await programmes.make(fields, by="王芳")
        assert refused.value.errors == errors
    with pytest.raises(rules.BadFields):
        await programmes.add_guest({"name": " "})
    guest = await programmes.add_guest({"name": "张强"})
    await programmes.change_guest(guest, {"name": "张强", "title": "经理"}, version=1)
    with pytest.raises(rules.Changed):
        await programmes.change_guest(guest, {"name": "张强"}, version=1)
    await programmes.offer_guest(guest, offered=False)
    assert (await programmes.guests(), len(await programmes.guests(gone=True))) == ((), 1)


async def test_a_call_that_was_typed_in_is_a_question_of_one_more_person_and_lies_in_a_group(sessions, clock, here):
    inbox, radio = Inbox(sessions, clock), Radio(sessions, clock)
    collecting = Collecting(sessions, clock, encoder=CountingEncoder())
    with pytest.raises(NotAsShown):
        await inbox.take_call("我电话13912345678，档案丢了咋办", by="王芳")
    with pytest.raises(Unfit):
        await inbox.take_call("喂", by="王芳")

    codes = [
        await inbox.take_call("房东不退租房的钱咋办", caller="平城李先生", tags=("租房",), by="王芳") for _ in range(2)
    ]
    with pytest.raises(NotGrouped):
        await inbox.put_into(codes[0], await here.group([("租房押金不退", 1)]))
    assert await collecting.collect() == 2

    one = await inbox.one(codes[0])
    assert (one.channel, one.caller, one.typed_by, one.tags) == ("phone", "平城李先生", "王芳", ("租房",))
    counted = await Groups(sessions, clock).group(one.group[0], WEEK)
    assert (counted.count.askers, counted.channels) == (2, (("phone", 2),))
    target = await here.group([("租房纠纷找谁", 1)])
    await inbox.put_into(codes[0], target)
    assert (await inbox.one(codes[1])).group[0] == target
    assert (await Groups(sessions, clock).group(target, WEEK)).count.askers == 3
    await radio.edit(codes[0], "房东不退押金，怎么办？")
    question = (await inbox.one(codes[0])).question
    assert (question.text, question.spoken) == ("房东不退租房的钱咋办", "房东不退押金，怎么办？")
    async with sessions() as db:
        assert len((await db.scalars(select(Asked.person_id).where(Asked.channel == "phone").distinct())).all()) == 2


async def test_the_inbox_is_filtered_by_state_tag_consent_origin_and_words(sessions, clock, here):
    inbox = Inbox(sessions, clock)
    chat = await here.question("大专去国企有没有前途", nickname="小雨")
    private = await here.question("只想私下问问合同", consent="reply")
    call = await inbox.take_call("房东不退租房的钱咋办", by="王芳")
    await inbox.tag(chat, tags_in("#求职，国企"))
    await Radio(sessions, clock).decline(private, "私事")

    for only, codes in (
        ({}, [call, private, chat]), ({"state": "open"}, [call, chat]), ({"state": "declined"}, [private]),
        ({"tag": "国企"}, [chat]), ({"consent": "reply"}, [private]), ({"came": "call"}, [call]),
        ({"came": "chat"}, [private, chat]), ({"search": "国企"}, [chat]), ({"search": "%"}, []),
    ):  # fmt: skip
        rows, total = await inbox.listed(InboxFilter(**only), limit=10)
        assert ([one.question.code for one in rows], total) == (codes, len(codes)), only
    assert await inbox.tags() == [("国企", 1), ("求职", 1)]
    with pytest.raises(rules.BadFields):
        tags_in("一二三四五六七八九十甲乙丙")
