"""The queue for a person: places, taking over, writing, giving back, and what time does, on both databases."""

import asyncio

import pytest
from sqlalchemy import func, select

from bot.conversations.tables import Message
from bot.handover import rules, wording
from bot.handover.tables import Handover, HandoverRead
from bot.store import Sessions, open_engine
from tests.care.conftest import handovers_on
from tests.conversations.inbox_fakes import ANNA, BORIS, Gate, result

AT_ONCE = 6


async def handover(sessions) -> Handover:
    async with sessions() as db:
        return await db.scalar(select(Handover).order_by(Handover.id.desc()).limit(1))


async def test_a_question_waits_and_has_a_place(talk, staff, conversation):
    await talk("你好")
    first = await staff.ask(await conversation(), "档案丢了咋办")
    await talk("你好", BORIS)

    second = await staff.ask(await conversation(), "三方怎么解约")

    assert (first.state, first.position, second.position) == ("waiting", 1, 2)


async def test_the_same_question_again_is_the_same_place(talk, staff, conversation):
    await talk("你好")
    first = await staff.ask(await conversation(), "档案丢了咋办")

    again = await staff.ask(await conversation(), "档案丢了咋办")
    more = await staff.ask(await conversation(), "还有户口")

    assert again == first
    assert (more.id, more.question) == (first.id, "档案丢了咋办\n还有户口")


async def test_outside_the_hours_a_question_is_a_message(talk, staff, conversation, clock):
    clock.pass_(hours=10)  # 20:00
    await talk("你好")

    assert (await staff.ask(await conversation(), "档案丢了咋办")).state == "message"


async def test_who_leaves_the_queue_moves_the_others_up(talk, staff, conversation):
    await talk("你好")
    anna = await conversation()
    await staff.ask(anna, "档案")
    await talk("你好", BORIS)
    boris = await conversation()
    await staff.ask(boris, "户口")

    assert await staff.leave(anna)
    assert (await staff.current(boris)).position == 1
    assert not await staff.leave(anna)


async def test_a_person_who_is_taken_over_reads_who_writes_and_the_bot_is_silent(
    talk, staff, conversation, code, engine, inbox, turns
):
    await talk("你好")
    await staff.ask(await conversation(), "档案丢了咋办")

    joined = await staff.take(await code(), "李老师")
    answered = await talk("老师在吗")
    said = await staff.say(await code(), "李老师", "在，你说")
    silent = await talk("我的档案找不着了")

    assert joined.text == "李老师来了，接下来是真人跟你说。"
    assert (said.kind, said.body["by"], said.text) == ("staff", "李老师", "在，你说")
    assert answered == silent == []
    assert [asked.text for asked in engine.asked] == ["你好"]
    assert [(t.state, t.actions) for t in (await turns())[1:]] == [("answered", ["taken_over"])] * 2
    texts = [m.text for m in (await inbox.history(ANNA, 0))[2]]
    assert texts == ["你好", "答：你好", joined.text, "老师在吗", "在，你说", "我的档案找不着了"]


async def test_a_choice_is_not_answered_by_the_bot_while_somebody_is_there(talk, press, phone, staff, code, engine):
    engine.script.append(result("选一个", choices=(wording.FIND,)))
    await talk("你好")
    await staff.take(await code(), "李老师")

    assert await press(phone.seen[0], "找真人问") == []


async def test_given_back_the_bot_goes_on(talk, staff, code):
    await talk("你好")
    await staff.take(await code(), "李老师")

    line = await staff.back(await code())

    assert line.text == "李老师先去忙了，我接着。有啥继续问。"
    assert await talk("档案放哪里") == ["答：档案放哪里"]
    with pytest.raises(rules.NotTaken):
        await staff.back(await code())


async def test_after_half_an_hour_without_a_word_the_bot_says_so_once_and_goes_on(talk, staff, code, clock, sessions):
    await talk("你好")
    await staff.take(await code(), "李老师")
    clock.pass_(minutes=20)
    await staff.say(await code(), "李老师", "我查一下")
    clock.pass_(minutes=29)
    still_silent = await talk("好")
    clock.pass_(minutes=1)

    heard = await talk("档案放哪里")
    again = await talk("户口呢")

    assert still_silent == []
    assert heard == [wording.quiet("李老师"), "答：档案放哪里"]
    assert again == ["答：户口呢"]
    assert (await handover(sessions)).state == "expired"
    assert await staff.tend() == []


async def test_who_says_nothing_is_told_too_that_staff_fell_silent(talk, staff, code, clock):
    await talk("你好")
    await staff.take(await code(), "李老师")
    clock.pass_(minutes=30)

    [line] = await staff.tend()

    assert line.text == wording.quiet("李老师")
    assert await staff.tend() == []
    with pytest.raises(rules.NotTaken):
        await staff.say(await code(), "李老师", "还在吗")


async def test_danger_is_answered_and_told_though_somebody_has_taken_over(talk, staff, code, alerts):
    await talk("你好")
    await staff.take(await code(), "李老师")

    [reply] = await talk("我不想活了")

    assert "12356" in reply
    assert len(await alerts()) == 1
    assert (await staff.inbox()).alerts[0].code == await code()


async def test_after_danger_staff_talk_and_giving_back_does_not_start_the_bot(talk, staff, code, engine, alerts, clock):
    await talk("我不想活了")
    await staff.take(await code(), "李老师")

    line = await staff.back(await code())
    [reply] = await talk("档案放哪里")

    assert "接着" not in line.text
    assert "12356" in reply and engine.asked == []
    assert [(a.acknowledged_by, a.released_by) for a in await alerts()] == [("李老师", None)]
    await staff.take(await code(), "王老师")
    clock.pass_(minutes=31)
    assert await staff.tend() == []  # nothing says that the bot goes on
    assert await staff.release(await code(), "王老师") == 1
    assert await talk("档案放哪里") == ["答：档案放哪里"]


async def test_the_reply_of_an_engine_that_was_slower_than_the_staff_is_not_said(talk, staff, code, engine):
    await talk("你好")
    gate = Gate(result("机器的答复"))
    engine.script.append(gate)
    answering = asyncio.create_task(talk("档案放哪里"))
    await gate.reached.wait()

    await staff.take(await code(), "李老师")
    gate.open()

    assert await answering == []


async def test_a_colleague_s_person_cannot_be_taken_or_written_to(talk, staff, code):
    await talk("你好")
    await staff.take(await code(), "李老师")

    with pytest.raises(rules.AlreadyTaken) as taken:
        await staff.take(await code(), "王老师")
    with pytest.raises(rules.NotTaken) as other:
        await staff.say(await code(), "王老师", "你好")
    with pytest.raises(rules.UnknownPerson):
        await staff.take("XXXX-XXXX", "王老师")

    assert (taken.value.by, other.value.by) == ("李老师", "李老师")


@pytest.mark.parametrize("what", ["waiting", "message", "nothing"])
async def test_of_many_who_take_one_person_at_once_one_does(database, talk, staff, conversation, code, clock, what):
    if what == "message":
        clock.pass_(hours=10)
    await talk("你好")
    if what != "nothing":
        await staff.ask(await conversation(), "档案丢了咋办")
    engines = [open_engine(database) for _ in range(AT_ONCE)]
    rivals = [handovers_on(Sessions(engine), clock) for engine in engines]
    who = await code()

    done = await asyncio.gather(*(r.take(who, f"老师{n}") for n, r in enumerate(rivals)), return_exceptions=True)

    won = [n for n, one in enumerate(done) if not isinstance(one, BaseException)]
    lost = [one for one in done if isinstance(one, BaseException)]
    assert len(won) == 1
    assert all(isinstance(one, rules.AlreadyTaken) and one.by == f"老师{won[0]}" for one in lost)
    for engine in engines:
        await engine.dispose()


async def test_the_line_that_somebody_came_is_there_once_however_many_tried(talk, staff, code, sessions):
    await talk("你好")
    who = await code()

    await asyncio.gather(*(staff.take(who, f"老师{n}") for n in range(4)), return_exceptions=True)

    async with sessions() as db:
        assert await db.scalar(select(func.count()).select_from(Message).where(Message.kind == "staff")) == 1


async def test_the_inbox_has_alerts_first_then_who_waits_then_messages(talk, staff, conversation, clock, code):
    await talk("你好")
    await staff.ask(await conversation(), "档案丢了咋办")
    anna = await code()
    await talk("我不想活了", BORIS)
    clock.pass_(minutes=5)

    inbox = await staff.inbox()

    assert [alert.code for alert in inbox.alerts] == [await code()]
    assert [(h.code, h.question, h.position) for h in inbox.waiting] == [(anna, "档案丢了咋办", 1)]
    assert inbox.taken == inbox.messages == ()


async def test_who_still_waits_when_the_day_ends_is_told_and_keeps_the_question(talk, staff, conversation, clock):
    await talk("你好")
    await staff.ask(await conversation(), "档案丢了咋办")
    clock.pass_(hours=8)  # 18:00

    [line] = await staff.tend()

    assert "明天 11月25日 周三 9:00" in line.text
    assert [h.question for h in (await staff.inbox()).messages] == ["档案丢了咋办"]
    assert await staff.tend() == []


async def test_a_message_is_answered_later_where_it_was_left(talk, staff, conversation, code, clock, inbox):
    clock.pass_(hours=10)
    await talk("你好")
    await staff.ask(await conversation(), "档案丢了咋办")
    await inbox.restart(ANNA, "again-1")
    clock.pass_(hours=14)

    told = await staff.answer(await code(), "李老师", "带身份证到人才中心补办。")

    assert (told.kind, told.body["by"]) == ("staff", "李老师")
    assert "档案丢了咋办" in told.text and "人才中心" in told.text
    assert told.conversation == (await inbox.history(ANNA, 0))[0]
    with pytest.raises(rules.NothingLeft):
        await staff.answer(await code(), "李老师", "再说一遍")


async def test_a_contact_is_sealed_and_reading_it_leaves_a_row(talk, staff, conversation, code, clock, sessions):
    clock.pass_(hours=10)
    await talk("你好")
    left = await staff.ask(await conversation(), "档案丢了咋办")
    async with sessions() as db:
        person = await db.scalar(select(Handover.person_id))

    kept = await staff.keep_contact(person, left.id, "13912345678")
    read = await staff.contact(await code(), "李老师")

    async with sessions() as db:
        sealed = await db.scalar(select(Handover.contact))
        rows = (await db.scalars(select(HandoverRead))).all()
    assert kept and b"13912345678" not in sealed
    assert read == "13912345678"
    assert [(row.handover_id, row.by) for row in rows] == [(left.id, "李老师")]
    assert not await staff.keep_contact(person + 1, left.id, "13800000000")


async def test_who_never_said_what_they_want_is_forgotten_after_a_day(talk, staff, conversation, clock, sessions):
    await talk("你好")
    await staff.begin(await conversation())
    clock.pass_(days=1, minutes=1)

    await staff.tend()

    assert await handover(sessions) is None


async def test_the_second_turn_in_a_row_without_an_answer_offers_a_person(talk, engine, phone):
    from bot.reply import Knowledge, Reply

    refused = result("不知道。")
    no = Reply(paragraphs=("不知道。",), choices=(wording.FIND,), knowledge=Knowledge(outcome="refused"))
    engine.script += [type(refused)(**{**refused.__dict__, "reply": no})] * 2

    [first] = await talk("甲乙丙")
    [second] = await talk("丁戊己")

    assert "真人" not in first
    assert "找个真人问" in second
    assert [c["label"] for c in phone.seen[-1].body["choices"]] == ["找真人问"]


async def test_two_thumbs_down_in_a_row_offer_a_person_once(talk, engine, phone, inbox):
    engine.script += [result("一", rateable=True), result("二", rateable=True)]
    await talk("甲")
    await talk("乙")
    one, two = phone.seen

    after_one = await inbox.rate(ANNA, one.id, "down", [], None)
    after_two = await inbox.rate(ANNA, two.id, "down", [], None)
    again = await inbox.rate(ANNA, two.id, "down", ["过时"], None)

    assert after_one is None and again is None
    assert after_two is not None and after_two.body["choices"][0]["label"] == "找真人问"


async def test_a_thumb_up_offers_nothing(talk, engine, phone, inbox):
    engine.script += [result("一", rateable=True), result("二", rateable=True)]
    await talk("甲")
    await talk("乙")

    await inbox.rate(ANNA, phone.seen[0].id, "down", [], None)

    assert await inbox.rate(ANNA, phone.seen[1].id, "up", [], None) is None
