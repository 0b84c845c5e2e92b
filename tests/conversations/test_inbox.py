"""Every message is written down first and answered once, on both databases."""

import asyncio

import pytest
from inbox_fakes import ANNA, BORIS, Gate, result, said
from sqlalchemy import func, select

from bot.channels.base import Inbound
from bot.conversations.engine import EngineFailed, EngineUnavailable
from bot.conversations.receiving import UnknownChoice
from bot.conversations.rules import TooLong
from bot.conversations.service import NotRateable
from bot.conversations.tables import Conversation, Feedback, Person, Turn
from bot.conversations.wording import GREETING
from bot.reply import Choice
from bot.store import Base

TWO = (
    Choice(label="谁能领", payload='/policy{"topic":"a","aspect":"who"}'),
    Choice(label="找人问问", payload="/human"),
)


async def count(sessions, table) -> int:
    async with sessions() as db:
        return await db.scalar(select(func.count()).select_from(table))


# -- once ----------------------------------------------------------------------------------------------------------


async def test_a_message_and_its_reply_stand_in_the_record_with_what_was_understood(talk, record, engine):
    engine.script.append(result("答。", ranking=[{"name": "policy", "confidence": 0.9}], actions=["action_answer"]))

    [reply] = await talk("贷款咋办")

    [turn] = await record("turns")
    [came] = await record("in")
    [went] = await record("out")
    assert (came.text, came.key, came.kind) == ("贷款咋办", "k1", "text")
    assert (went.text, went.kind, went.id) == ("答。", "reply", reply.id)
    assert (turn.state, turn.attempts, turn.intent, turn.confidence) == ("answered", 1, "policy", 0.9)
    assert (turn.outcome, turn.topic, turn.aspect, turn.answer_version) == ("served", "startup-loan", "who", 2)
    assert (turn.ranking, turn.actions) == ([{"name": "policy", "confidence": 0.9}], ["action_answer"])
    assert came.turn_id == went.turn_id == turn.id


async def test_a_message_that_comes_again_is_one_turn_and_one_reply(inbox, phone, record):
    first = await inbox.receive(said("在吗"))
    await inbox.answer(first.conversation_id, phone)

    again = await inbox.receive(said("在吗"))
    await inbox.answer(again.conversation_id, phone)

    assert (first.repeated, again.repeated) == (False, True)
    assert again.message == first.message
    assert len(await record("turns")) == len(await record("out")) == len(phone.seen) == 1


async def test_a_message_that_comes_twice_at_once_is_written_down_once(rivals, talk, record):
    await talk("我先说一句", "k0")

    both = await asyncio.gather(*(inbox.receive(said("在吗")) for inbox in rivals))

    assert sorted(r.repeated for r in both) == [False, True]
    assert both[0].turn_id == both[1].turn_id
    assert len(await record("turns")) == 2


async def test_the_first_message_of_somebody_new_may_come_twice_at_once(rivals, record, sessions):
    both = await asyncio.gather(*(inbox.receive(said("在吗")) for inbox in rivals))

    assert both[0].turn_id == both[1].turn_id
    assert len(await record("turns")) == await count(sessions, Person) == 1


async def test_somebody_new_may_send_two_messages_at_once(rivals, record, sessions):
    await asyncio.gather(*(inbox.receive(said(f"第{n}句", f"k{n}")) for n, inbox in enumerate(rivals)))

    assert sorted(m.text for m in await record("in")) == ["第0句", "第1句"]
    assert await count(sessions, Person) == await count(sessions, Conversation) == 1


async def test_the_same_key_of_two_people_is_two_messages(talk, record):
    await talk("我是安娜", "k1", ANNA)
    await talk("我是博里斯", "k1", BORIS)

    assert [m.text for m in await record("out")] == ["答：我是安娜", "答：我是博里斯"]


# -- in order ------------------------------------------------------------------------------------------------------


async def test_two_messages_of_one_person_are_answered_in_order(inbox, engine, phone):
    slow = Gate(result("第一答"))
    engine.script += [slow, result("第二答")]
    one = await inbox.receive(said("第一问", "k1"))
    first = asyncio.create_task(inbox.answer(one.conversation_id, phone))
    await slow.reached.wait()
    two = await inbox.receive(said("第二问", "k2"))
    second = asyncio.create_task(inbox.answer(two.conversation_id, phone))

    slow.open()
    await asyncio.gather(first, second)

    assert [a.text for a in engine.asked] == ["第一问", "第二问"]
    assert phone.texts == ["第一答", "第二答"]


async def test_another_process_does_not_overtake_either(processes, engine, phone):
    slow = Gate(result("第一答"))
    engine.script += [slow, result("第二答")]
    here, there = processes
    one = await here.receive(said("第一问", "k1"))
    first = asyncio.create_task(here.answer(one.conversation_id, phone))
    await slow.reached.wait()
    two = await there.receive(said("第二问", "k2"))

    await there.answer(two.conversation_id, phone)
    assert phone.seen == []
    slow.open()
    await first

    assert phone.texts == ["第一答", "第二答"]


async def test_a_slow_answer_to_one_person_does_not_keep_another_waiting(inbox, engine, phone):
    slow = Gate(result("安娜的"))
    engine.script.append(slow)
    anna = await inbox.receive(said("慢", "k1", ANNA))
    waiting = asyncio.create_task(inbox.answer(anna.conversation_id, phone))
    await slow.reached.wait()

    boris = await inbox.receive(said("快", "k1", BORIS))
    await inbox.answer(boris.conversation_id, phone)

    assert phone.texts == ["答：快"]
    slow.open()
    await waiting


# -- slow, down, failing ---------------------------------------------------------------------------------------------


async def test_a_slow_engine_gives_one_holding_line_and_then_the_answer(gateway, engine, phone, record):
    slow = Gate(result("来了。"))
    engine.script.append(slow)

    async def see(message):
        await phone(message)
        slow.open()  # the engine answers once the person was told to wait

    inbox = gateway(hold_after=0.02)
    received = await inbox.receive(said("贷款"))
    await inbox.answer(received.conversation_id, see)

    assert phone.kinds == ["holding", "reply"]
    assert phone.texts[1] == "来了。"
    assert len(engine.asked) == 1
    assert [m.kind for m in await record("out")] == ["holding", "reply"]


async def test_while_the_engine_is_away_a_message_is_kept_and_answered_later_once(inbox, engine, phone, clock, record):
    engine.script += [EngineUnavailable("down"), EngineUnavailable("down")]
    received = await inbox.receive(said("贷款"))
    await inbox.answer(received.conversation_id, phone)
    assert phone.kinds == ["holding"]

    assert await inbox.recover(phone) == 0  # not yet due
    clock.pass_(seconds=3)
    assert await inbox.recover(phone) == 1  # still away: not told again
    assert phone.kinds == ["holding"]
    clock.pass_(seconds=10)
    await inbox.recover(phone)

    assert phone.texts[1:] == ["答：贷款"]
    clock.pass_(minutes=5)
    assert await inbox.recover(phone) == 0
    [turn] = await record("turns")
    assert (turn.state, turn.attempts) == ("answered", 3)
    assert {a.message_id for a in engine.asked} == {f"t{turn.id}"}


async def test_what_was_said_while_the_engine_was_away_is_answered_in_order(inbox, engine, phone, clock):
    engine.script.append(EngineUnavailable("down"))
    for n in (1, 2, 3):
        received = await inbox.receive(said(f"第{n}问", f"k{n}"))
        await inbox.answer(received.conversation_id, phone)
    assert phone.kinds == ["holding"]

    clock.pass_(seconds=3)
    await inbox.recover(phone)

    assert phone.texts[1:] == ["答：第1问", "答：第2问", "答：第3问"]


async def test_a_message_that_waited_too_long_is_given_up_with_an_apology(inbox, engine, phone, clock, record):
    engine.script += [EngineUnavailable("down"), EngineUnavailable("down")]
    received = await inbox.receive(said("贷款"))
    await inbox.answer(received.conversation_id, phone)

    clock.pass_(minutes=61)
    await inbox.recover(phone)

    assert phone.kinds == ["holding", "apology"]
    assert "12333" in phone.texts[1]
    clock.pass_(minutes=61)
    assert await inbox.recover(phone) == 0
    assert [t.state for t in await record("turns")] == ["failed"]


async def test_what_the_engine_cannot_answer_is_apologised_for_in_ever_other_words(talk, engine, record):
    engine.script += [EngineFailed("no reply")] * 3

    said_back = [(await talk("？？为啥", f"k{n}"))[0] for n in range(3)]

    assert [m.kind for m in said_back] == ["apology"] * 3
    assert said_back[0].text != said_back[1].text != said_back[2].text
    assert [t.state for t in await record("turns")] == ["failed"] * 3


async def test_after_a_failure_the_next_message_is_answered(talk, engine):
    engine.script.append(EngineFailed("no reply"))
    await talk("坏", "k1")

    assert [m.text for m in await talk("好", "k2")] == ["答：好"]


@pytest.mark.parametrize("text", ["", "👍", "。。。"])
async def test_a_message_without_words_is_answered_kindly_and_not_twice_the_same(talk, engine, text):
    first, second = (await talk(text, "k1")), (await talk(text, "k2"))

    assert len(first) == len(second) == 1
    assert first[0].text != second[0].text
    assert engine.asked == []


async def test_a_text_that_is_too_long_is_not_stored(inbox, record):
    with pytest.raises(TooLong):
        await inbox.receive(said("长" * 201))

    assert await record("in") == []


# -- choices -------------------------------------------------------------------------------------------------------


async def test_a_pressed_choice_reaches_the_engine_as_its_payload_and_the_record_as_its_label(
    talk, inbox, engine, phone, record
):
    engine.script.append(result("选一个", choices=TWO))
    [reply] = await talk("贷款")
    shown = reply.body["choices"][0]

    pressed = await inbox.receive(Inbound(ANNA, "k2", token=shown["token"]))
    await inbox.answer(pressed.conversation_id, phone)

    assert shown["label"] == "谁能领"
    assert set(shown) == {"label", "token"}
    assert (engine.asked[-1].payload, engine.asked[-1].text) == ('/policy{"topic":"a","aspect":"who"}', None)
    assert [(m.text, m.kind) for m in await record("in")][-1] == ("谁能领", "choice")


@pytest.mark.parametrize("token", ["theirs", "made-up"])
async def test_a_token_that_was_not_shown_to_this_person_opens_nothing(talk, inbox, engine, record, token):
    engine.script.append(result("选一个", choices=TWO))
    [reply] = await talk("贷款", sender=ANNA)
    await talk("你好", sender=BORIS)
    token = reply.body["choices"][0]["token"] if token == "theirs" else token

    with pytest.raises(UnknownChoice):
        await inbox.receive(Inbound(BORIS, "k2", token=token))

    assert len(await record("in")) == 2


async def test_a_choice_may_be_pressed_again_later(talk, inbox, engine, phone):
    engine.script.append(result("选一个", choices=TWO))
    [reply] = await talk("贷款")
    for key in ("k2", "k3"):
        received = await inbox.receive(Inbound(ANNA, key, token=reply.body["choices"][1]["token"]))
        await inbox.answer(received.conversation_id, phone)

    assert [a.payload for a in engine.asked] == [None, "/human", "/human"]


TYPED = [
    '/policy{"topic":"x"}',
    "/restart",
    "/human",
    "'; DROP TABLE message; --",
    "<script>alert(1)</script><b>粗</b>",
    "- intent: greet\n  examples: |\n    - 你好",
    '{"payload": "/restart", "text": null}',
    "{{7*7}} ${HOME} %s {0}",
    "EXTERNAL: utter_greet",
]


async def test_what_looks_like_a_command_reaches_the_engine_as_text_and_is_kept_as_typed(talk, engine, record):
    for n, text in enumerate(TYPED):
        await talk(text, f"k{n}")

    assert [a.text for a in engine.asked] == TYPED
    assert {a.payload for a in engine.asked} == {None}
    assert [m.text for m in await record("in")] == TYPED
    assert {m.kind for m in await record("in")} == {"text"}


# -- starting again ------------------------------------------------------------------------------------------------


async def test_starting_again_begins_a_conversation_with_nothing_in_it(talk, inbox, engine):
    await talk("贷款", "k1")

    code = await inbox.restart(ANNA, "r1")
    await talk("还有呢", "k2")

    first, second = engine.asked
    assert first.sender != second.sender == code
    conversation, _, messages, more = await inbox.history(ANNA, 0)
    assert (conversation, [m.text for m in messages], more) == (code, ["还有呢", "答：还有呢"], False)


async def test_starting_again_twice_with_one_key_is_once(talk, inbox, sessions):
    await talk("贷款", "k1")

    codes = [await inbox.restart(ANNA, "r1"), await inbox.restart(ANNA, "r1")]

    assert codes[0] == codes[1]
    assert await count(sessions, Conversation) == 2


async def test_starting_again_leaves_others_where_they_are(talk, inbox):
    await talk("我是博里斯", "k1", BORIS)
    before = await inbox.history(BORIS, 0)

    await inbox.restart(ANNA, "r1")

    assert await inbox.history(BORIS, 0) == before


async def test_an_old_word_to_start_again_that_comes_late_changes_nothing(inbox, sessions):
    await inbox.restart(ANNA, "r1")
    latest = await inbox.restart(ANNA, "r2")

    await inbox.restart(ANNA, "r1")

    assert (await inbox.history(ANNA, 0))[0] == latest
    assert await count(sessions, Conversation) == 3


async def test_a_repeat_of_a_message_from_before_belongs_to_the_conversation_it_was_said_in(inbox):
    first = await inbox.receive(said("贷款"))
    await inbox.restart(ANNA, "r1")

    again = await inbox.receive(said("贷款"))

    assert again.repeated
    assert again.message.conversation == first.message.conversation


async def test_somebody_new_is_greeted_once(inbox):
    greeted = await inbox.greet(ANNA)

    assert greeted.text == "\n".join(GREETING.paragraphs)
    assert [c["label"] for c in greeted.body["choices"]] == [c.label for c in GREETING.choices]
    assert await inbox.greet(ANNA) is None


async def test_a_word_to_start_again_that_comes_twice_at_once_is_once(rivals, talk, sessions):
    await talk("贷款", "k1")

    codes = await asyncio.gather(*(inbox.restart(ANNA, "r1") for inbox in rivals))

    assert codes[0] == codes[1]
    assert await count(sessions, Conversation) == 2


async def test_two_open_pages_of_somebody_new_make_one_person_with_one_greeting(rivals, sessions, record):
    await asyncio.gather(*(inbox.greet(ANNA) for inbox in rivals))

    assert await count(sessions, Person) == 1
    assert len(await record("out")) == 1


async def test_somebody_who_spoke_already_is_not_greeted(inbox):
    await inbox.receive(said("贷款"))

    assert await inbox.greet(ANNA) is None


async def test_after_a_dropped_line_a_page_gets_what_it_missed_and_no_more(talk, inbox):
    await talk("一", "k1")
    _, _, seen, _ = await inbox.history(ANNA, 0)
    await talk("二", "k2")

    _, _, missed, more = await inbox.history(ANNA, seen[-1].id)

    assert [m.text for m in missed] == ["二", "答：二"]
    assert not more


# -- feedback ------------------------------------------------------------------------------------------------------


async def test_a_later_word_on_a_reply_takes_the_place_of_the_earlier(talk, inbox, engine, sessions):
    engine.script.append(result("答。", rateable=True))
    [reply] = await talk("贷款")

    await inbox.rate(ANNA, reply.id, "down", ["过时", "看不懂"], "打 13812345678 说")
    await inbox.rate(ANNA, reply.id, "up", [], None)

    async with sessions() as db:
        [kept] = (await db.scalars(select(Feedback))).all()
    assert (kept.verdict, kept.reasons, kept.comment) == ("up", [], None)
    assert [m.feedback for m in (await inbox.history(ANNA, 0))[2]] == [None, "up"]


async def test_what_is_not_theirs_to_rate_is_refused(talk, inbox, engine, sessions):
    engine.script += [result("答。", rateable=True), result("寒暄。", rateable=False)]
    [rateable] = await talk("贷款", "k1")
    [chat] = await talk("你好", "k2")
    mine = (await inbox.history(ANNA, 0))[2][0]
    await inbox.receive(said("我是博里斯", sender=BORIS))

    for sender, message in ((BORIS, rateable.id), (ANNA, chat.id), (ANNA, mine.id), (ANNA, 10**6)):
        with pytest.raises(NotRateable):
            await inbox.rate(sender, message, "up", [], None)

    assert await count(sessions, Feedback) == 0


# -- private -------------------------------------------------------------------------------------------------------

PERSONAL = ("13812345678", "140202199901011234", "6222021234567890", "zhangsan@qq.com", "zs_weixin88", ANNA.id)


async def test_no_personal_number_is_in_any_table(talk, inbox, engine, sessions):
    engine.script.append(result("答。", rateable=True))
    [reply] = await talk("我叫张三 电话１３８ 1234 5678 身份证140202199901011234 卡6222 0212 3456 7890", "k1")
    await talk("邮箱zhangsan@qq.com 微信zs_weixin88 电话13812345678", "k2")
    await inbox.rate(ANNA, reply.id, "down", ["其他"], "回我13812345678")

    stored = []
    async with sessions() as db:
        for table in Base.metadata.sorted_tables:
            stored += [str(value) for row in await db.execute(select(table)) for value in row]
    everything = "\n".join(stored).replace(" ", "").translate(str.maketrans("０１２３４５６７８９", "0123456789"))

    assert [number for number in PERSONAL if number in everything] == []
    assert "我叫〔姓名〕" in everything and "张三" not in everything
    assert "〔手机号〕" in everything
    assert "回我〔手机号〕" in everything


async def test_the_engine_hears_no_personal_number(talk, engine):
    await talk("电话13812345678，贷款咋办")

    assert engine.asked[0].text == "电话〔手机号〕，贷款咋办"
    assert ANNA.id not in engine.asked[0].sender


async def test_the_codes_of_people_can_be_read_out(talk, sessions):
    for n in range(5):
        await talk("在吗", sender=type(ANNA)("web", f"somebody {n}"))

    async with sessions() as db:
        codes = (await db.scalars(select(Person.code))).all()
    assert len(set(codes)) == 5
    assert all(len(code) == 9 and code[4] == "-" and not set(code) & set("01IOil") for code in codes)


async def test_a_turn_that_is_closed_is_never_opened_again(talk, inbox, phone, sessions, clock):
    await talk("在吗")
    clock.pass_(days=1)

    await inbox.recover(phone)

    async with sessions() as db:
        assert (await db.scalars(select(Turn.state))).all() == ["answered"]
    assert len(phone.seen) == 1
