"""Telling and being told on Telegram: every message once, in its form."""

from __future__ import annotations

from dataclasses import replace

from inbox_fakes import Gate, result
from telegram_server import KEY, Sent

from bot.conversations.engine import EngineUnavailable, TurnResult
from bot.conversations.tables import Feedback, Identity, Turn
from bot.conversations.telling import Telling
from bot.handover.lines import written
from bot.outbox.addresses import Addresses
from bot.outbox.tables import Address
from bot.reply import Card, Choice, Day, Link, Reply, SourceLine
from bot.web.keys import CLOCK

MORE = Choice(label="换一批", payload='/job_detail_or_more{"do":"more"}')


def answer(reply: Reply) -> TurnResult:
    return replace(result("好"), reply=reply)


def page(*titles: str) -> Reply:
    """A page of a list of postings."""
    cards = tuple(
        Card(
            title=title,
            lines=("平城区",),
            choices=(
                Choice(label="详情", payload=f"/details_{title}"),
                Choice(label="收藏", payload=f"/keep_{title}", said=f"收藏：{title}"),
            ),
        )
        for title in titles
    )
    return Reply(paragraphs=("有 4 个岗位。",), cards=cards, list="jobs", choices=(MORE,))


async def shown(telegram, count: int) -> Sent:
    """The last message, once there are so many."""
    await telegram.until(lambda: len(telegram.sent) >= count)
    return telegram.sent[count - 1]


async def test_a_question_is_answered_and_the_bot_is_seen_typing(running, telegram, engine):
    gate = Gate(result("先去人才中心"))
    engine.script.append(gate)
    async with running() as gateway:
        await telegram.say("档案放哪里")
        await gate.reached.wait()
        await telegram.until(lambda: telegram.called("sendChatAction"))
        gate.open()

        message = await shown(telegram, 1)
        await gateway.until(lambda: _all_are(gateway, "sent"))

    assert (message.text, message.chat) == ("先去人才中心", 1)
    assert telegram.called("sendChatAction")[0]["action"] == "typing"
    assert [asked.text for asked in engine.asked] == ["档案放哪里"]


async def _all_are(gateway, state: str) -> bool:
    states = await gateway.states()
    return bool(states) and set(states) == {state}


async def test_the_menu_of_commands_is_set_in_chinese(running, telegram):
    async with running():
        pass

    names = [command["command"] for command in telegram.commands]
    assert names == ["start", "help", "jobs", "book", "my", "policy", "human", "cancel", "privacy"]
    assert all(not command["description"].isascii() for command in telegram.commands)


async def test_start_greets_and_a_press_on_the_greeting_is_shown_while_its_buttons_go(running, telegram, engine):
    async with running() as gateway:
        await telegram.say("/start")
        greeting = await shown(telegram, 1)
        assert "小同" in greeting.text
        assert "找岗位" in greeting.labels

        query = await telegram.press(greeting, "找岗位")
        await shown(telegram, 2)
        await telegram.until(lambda: query in telegram.answered)

        assert greeting.rows == []
        assert greeting.text.endswith("✓ 找岗位")
        assert engine.asked[-1].payload == "/job_search"
        assert [turn.payload for turn in await gateway.read(Turn)] == ["gateway:greet", "/job_search"]


async def test_a_command_is_never_handed_on_as_it_was_typed(running, telegram, engine):
    async with running():
        for number, text in enumerate(("/jobs", "/jobs 平城区 文员", "/start job_0123", '/deny{"a":1}', "/nobody"), 1):
            await telegram.say(text)
            await shown(telegram, number)

    assert [(a.text, a.payload) for a in engine.asked] == [
        (None, "/job_search"),
        ("找岗位 平城区 文员", None),
        (None, '/job_detail_or_more{"do":"details","of":"123"}'),
        ('/deny{"a":1}', None),
        ("/nobody", None),
    ]


async def test_an_update_that_comes_again_is_dropped(running, telegram, engine):
    async with running():
        update = await telegram.say("档案放哪里")
        await shown(telegram, 1)
        telegram._waiting.append(update)  # the platform did not hear that it was taken
        again = await telegram.say("社保怎么交")
        await shown(telegram, 2)
        assert again["update_id"] > update["update_id"]

    assert [asked.text for asked in engine.asked] == ["档案放哪里", "社保怎么交"]


async def test_a_button_pressed_twice_is_one_press(running, telegram, engine):
    engine.script.append(result("约吗", choices=(Choice(label="确认", payload="/affirm"),)))
    async with running():
        await telegram.say("约明天下午三点")
        message = await shown(telegram, 1)
        first, second = await telegram.press(message, "确认"), await telegram.press(message, "确认")
        await telegram.until(lambda: {first, second} <= telegram.answered.keys())
        await shown(telegram, 2)

    assert [asked.payload for asked in engine.asked] == [None, "/affirm"]
    assert len(telegram.sent) == 2


async def test_the_next_page_of_a_list_takes_the_place_of_the_first(running, telegram, engine):
    engine.script += [answer(page("文员", "会计")), answer(page("司机", "保安"))]
    async with running():
        await telegram.say("找岗位")
        message = await shown(telegram, 1)
        assert "1. 文员" in message.text
        await telegram.press(message, "换一批")
        await telegram.until(lambda: "司机" in message.text)

    assert len(telegram.sent) == 1
    assert "文员" not in message.text
    assert message.labels.count("换一批") == 1


async def test_a_page_that_was_asked_for_in_words_or_after_other_words_is_a_new_message(running, telegram, engine):
    engine.script += [answer(page("文员")), result("在的"), answer(page("司机")), answer(page("保安"))]
    async with running():
        await telegram.say("找岗位")
        first = await shown(telegram, 1)
        await telegram.say("在吗")
        await shown(telegram, 2)
        await telegram.press(first, "换一批")
        third = await shown(telegram, 3)
        await telegram.say("换一批")
        await shown(telegram, 4)

    assert first.text.endswith("✓ 换一批")
    assert "司机" in third.text


async def test_a_choice_on_one_of_several_cards_leaves_the_others_to_be_pressed(running, telegram, engine):
    engine.script += [answer(page("文员", "会计")), result("收藏好了"), result("也收藏好了")]
    async with running():
        await telegram.say("找岗位")
        message = await shown(telegram, 1)
        await telegram.press(message, "1 收藏")
        await shown(telegram, 2)
        assert "✓ 1 收藏" in message.labels
        await telegram.press(message, "2 收藏")
        await shown(telegram, 3)

    assert [asked.payload for asked in engine.asked[1:]] == ["/keep_文员", "/keep_会计"]


async def test_days_are_rows_of_times_under_their_day(running, telegram, engine):
    times = tuple(Choice(label=f"{h}:00", payload=f"/at{h}") for h in (9, 10, 11, 14, 15))
    engine.script.append(answer(Reply(paragraphs=("哪天方便？",), days=(Day(label="周四 11月26日", choices=times),))))
    async with running():
        await telegram.say("约个老师")
        message = await shown(telegram, 1)
        heading = await telegram.press(message, "— 周四 11月26日 —")
        await telegram.until(lambda: heading in telegram.answered)
        await telegram.press(message, "14:00")
        await shown(telegram, 2)

    assert [asked.payload for asked in engine.asked] == [None, "/at14"]
    assert message.text.endswith("✓ 14:00")


async def test_somebody_else_s_button_opens_nothing(running, telegram, engine):
    engine.script.append(result("约吗", choices=(Choice(label="确认", payload="/affirm"),)))
    async with running():
        await telegram.say("约明天下午三点", user=1)
        message = await shown(telegram, 1)
        query = await telegram.press(message, "确认", user=2)
        await telegram.until(lambda: query in telegram.answered)

    assert "找不到" in telegram.answered[query]
    assert "确认" in message.labels
    assert len(engine.asked) == 1


async def test_marks_in_what_is_said_are_read_as_they_stand(running, telegram, engine):
    words = "<b>工资 & 福利</b> *不是* _粗体_ &amp;"
    source = SourceLine(text="人社部 <2026>", url='https://example.gov.cn/a?b=1&c="2"')
    engine.script.append(answer(Reply(paragraphs=(words,), source=source)))
    async with running():
        await telegram.say("工资")
        message = await shown(telegram, 1)

    assert message.text == f"{words}\n\n人社部 <2026>"
    assert message.links == ['https://example.gov.cn/a?b=1&c="2"']


async def test_a_text_that_is_too_long_is_cut_between_paragraphs(running, telegram, engine):
    paragraphs = tuple(f"第{n}段。" + "字" * 1500 for n in range(4))
    engine.script.append(answer(Reply(paragraphs=paragraphs, choices=(Choice(label="好", payload="/affirm"),))))
    async with running():
        await telegram.say("全说一遍")
        await shown(telegram, 2)

    assert "\n\n".join(telegram.texts) == "\n\n".join(paragraphs)
    assert [message.labels for message in telegram.sent] == [[], ["好"]]


async def test_a_thumb_is_kept_and_marked(running, telegram, engine):
    engine.script.append(result("放人才中心。", rateable=True))
    async with running() as gateway:
        await telegram.say("档案放哪里")
        message = await shown(telegram, 1)
        query = await telegram.press(message, "👍")
        await telegram.until(lambda: query in telegram.answered)
        told, feedback = (await gateway.messages("out"))[0], (await gateway.read(Feedback))[0]

    assert telegram.answered[query] == "谢谢，记下了。"
    assert (feedback.message_id, feedback.verdict) == (told.id, "up")
    assert "✓ 👍" in message.labels


async def test_a_link_of_ours_that_shows_nothing_is_left_out_and_never_handed_out(running, telegram, engine):
    card = Card(title="周四 15:00", link=Link(label="加到日历", url="/chat/booking/YY-NONE.ics"))
    engine.script.append(answer(Reply(paragraphs=("约好了。",), cards=(card,))))
    async with running() as gateway:
        await telegram.say("约")
        await shown(telegram, 1)
        await gateway.until(lambda: _all_are(gateway, "sent"))

    assert len(telegram.sent) == 1
    assert "/chat/" not in telegram.sent[0].text


async def test_a_ticket_is_a_picture_and_the_privacy_notice_and_a_record_are_files(running, telegram, engine):
    cards = (
        Card(title="招聘会", image=Link(label="签到码 EVT-7K3Q9QF4", url="/chat/ticket/EVT-7K3Q9QF4.svg")),
        Card(title="隐私说明", link=Link(label="打开", url="/chat/privacy")),
        Card(title="我的记录", link=Link(label="下载", url="/chat/record.txt")),
    )
    engine.script.append(answer(Reply(paragraphs=("给你。",), cards=cards)))
    async with running():
        await telegram.say("给我")
        await shown(telegram, 4)

    ticket, notice, record = telegram.sent[1:]
    assert ticket.picture
    assert "EVT-7K3Q9QF4" in ticket.text
    assert notice.file is not None
    assert notice.file[0] == "隐私说明.html"
    assert b'href="/' not in notice.file[1]
    assert "data:text/css;base64," in notice.file[1].decode()
    assert record.file is not None
    assert "给我" in record.file[1].decode()


async def test_a_slow_engine_gets_a_holding_line_and_the_answer_after_it(running, telegram, engine):
    gate = Gate(result("查到了"))
    engine.script.append(gate)
    async with running(hold_after=0.05):
        await telegram.say("查一下")
        await shown(telegram, 1)
        gate.open()
        await shown(telegram, 2)

    assert "马上回你" in telegram.texts[0]
    assert telegram.texts[1] == "查到了"


async def test_an_engine_that_is_down_is_told_of_once_and_answers_when_it_is_back(running, telegram, engine):
    engine.script += [EngineUnavailable("down"), result("回来了")]
    async with running():
        await telegram.say("在吗")
        await shown(telegram, 2)

    assert telegram.texts[1] == "回来了"


async def test_what_is_told_unasked_is_sent_too_and_once(running, telegram, engine):
    async with running() as gateway:
        await telegram.say("你好")
        await shown(telegram, 1)
        telling = Telling(gateway.sessions, gateway.app[CLOCK])
        identity = (await gateway.read(Identity))[0].id
        reminder = Reply(paragraphs=("明天下午三点别忘了。",))
        await telling.tell_identity(identity, reminder, "reminder:1")
        await telling.tell_identity(identity, reminder, "reminder:1")
        await shown(telegram, 2)
        await gateway.until(lambda: _all_are(gateway, "sent"))

    assert telegram.texts[1:] == ["明天下午三点别忘了。"]


async def test_where_people_are_written_to_is_nowhere_in_clear(running, telegram, engine):
    async with running() as gateway:
        await telegram.say("你好", user=445566778899)
        await shown(telegram, 1)
        kept = (await gateway.read(Address))[0]
        identity = (await gateway.read(Identity))[0]

    assert b"445566778899" not in kept.sealed
    assert "445566778899" not in identity.sender
    assert Addresses(KEY).open_(identity.id, kept.sealed) == "445566778899"


async def test_what_staff_write_comes_with_their_name(running, telegram, engine):
    async with running() as gateway:
        await telegram.say("你好")
        await shown(telegram, 1)
        identity = (await gateway.read(Identity))[0].id
        async with gateway.sessions.begin() as db:
            await written(db, identity, "我是王老师，你说。", gateway.app[CLOCK](), by="王老师")
        message = await shown(telegram, 2)

    assert message.text == "👤 王老师\n\n我是王老师，你说。"
