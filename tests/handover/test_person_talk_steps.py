"""The talk about a person, turn by turn, without the engine."""

import json

import pytest

from bot.conversations.finding import person_of
from bot.handover.keeping import MessageContactKeeper
from bot.handover.talk import PersonTalk
from bot.text.person_wishes import belongs


class Talker:
    """Somebody who talks, with what the dialogue remembers between the turns."""

    def __init__(self, staff, sessions, clock, conversation) -> None:
        self.clock, self.conversation, self.state, self.reply = clock, conversation, None, None
        self.talk = PersonTalk(staff, lambda code: person_of(sessions, code), clock)

    async def say(self, text: str) -> str:
        return self._take(await self.talk.said(text, self.clock(), self.state, self.conversation, intent="human"))

    async def press(self, label: str) -> str:
        payload = next(c.payload for c in self.reply.choices if c.label == label)
        do = json.loads(payload.removeprefix("/human"))["do"]
        return self._take(await self.talk.pressed(do, None, None, self.clock(), self.state, self.conversation))

    def _take(self, told) -> str:
        self.reply, self.state = told.reply, json.loads(json.dumps(told.state))
        return "\n".join(told.reply.paragraphs)


@pytest.fixture
async def anna(talk, staff, sessions, clock, conversation) -> Talker:
    await talk("你好")
    return Talker(staff, sessions, clock, await conversation())


async def test_a_bare_wish_is_asked_what_it_is_about_and_then_has_a_place(anna, staff):
    asked = await anna.say("转人工")
    queued = await anna.say("档案被学校弄丢了")

    assert "想问啥" in asked
    assert "第1个" in queued
    assert [h.question for h in (await staff.inbox()).waiting] == ["档案被学校弄丢了"]


async def test_a_wish_that_says_what_it_is_about_waits_at_once(anna, staff):
    queued = await anna.say("转人工 我的档案被学校弄丢了")

    assert "第1个" in queued
    assert [h.question for h in (await staff.inbox()).waiting] == ["转人工 我的档案被学校弄丢了"]


async def test_never_mind_leaves_nothing(anna, staff):
    await anna.say("转人工")

    assert "不找了" in await anna.say("算了 不用了")
    assert anna.state is None
    assert await staff.current(anna.conversation) is None


async def test_who_waits_may_ask_how_long_add_something_and_leave(anna, staff):
    await anna.say("转人工 档案丢了")

    assert "第1个" in await anna.say("还要多久")
    assert "带上" in await anna.say("转人工 还有户口的事")
    assert "退出排队" in await anna.say("不等了")
    assert (await staff.inbox()).waiting == ()


async def test_who_waits_may_rather_leave_a_message(anna, staff):
    await anna.say("转人工 档案丢了")

    left = await anna.press("不等了，留个话")

    assert "回你" in left
    assert [h.question for h in (await staff.inbox()).messages] == ["转人工 档案丢了"]


async def test_outside_the_hours_it_says_when_and_takes_a_message_and_a_contact(anna, staff, clock):
    clock.pass_(hours=10)

    told = await anna.say("转人工")
    left = await anna.say("档案被学校弄丢了，不知道去哪补")
    skipped = await anna.press("不留，在这儿回我")

    assert "周一到周五 9:00–17:30" in told and "明天 11月25日 周三 9:00" in told
    assert "回你" in left and "手机号" in left
    assert "回复就发在这儿" in skipped
    assert [h.question for h in (await staff.inbox()).messages] == ["档案被学校弄丢了，不知道去哪补"]


async def test_a_contact_is_taken_on_the_way_in_and_only_its_label_gets_here(anna, staff, clock, sessions, code):
    clock.pass_(hours=10)
    await anna.say("转人工")
    await anna.say("档案被学校弄丢了")
    keeper = MessageContactKeeper(staff)

    await keeper(await person_of(sessions, anna.conversation), {"message": anna.state}, "13912345678")
    noted = await anna.say("〔手机号〕")

    assert "记好了" in noted and anna.state is None
    assert await staff.contact(await code(), "李老师") == "13912345678"


async def test_a_label_without_a_contact_behind_it_is_asked_again(anna, clock):
    clock.pass_(hours=10)
    await anna.say("转人工")
    await anna.say("档案被学校弄丢了")

    assert "没认出来" in await anna.say("〔账号〕")


async def test_no_number_is_kept_where_none_was_asked_for(anna, staff, sessions, code):
    await anna.say("转人工 档案丢了")

    await MessageContactKeeper(staff)(1, {"message": anna.state}, "13912345678")
    await MessageContactKeeper(staff)(1, {"booking": {"step": "contact"}}, "13912345678")

    assert await staff.contact(await code(), "李老师") is None


async def test_a_turn_that_is_carried_out_twice_leaves_one_message(anna, staff, clock):
    clock.pass_(hours=10)
    await anna.say("转人工")
    before = anna.state
    await anna.say("档案被学校弄丢了")
    anna.state = before

    await anna.say("档案被学校弄丢了")

    assert len((await staff.inbox()).messages) == 1


async def test_what_is_asked_for_is_whatever_is_said_if_it_is_said_soon(anna, clock):
    await anna.say("转人工")

    assert belongs("创业担保贷款谁能申请", anna.state, clock())
    assert belongs("算了", anna.state, clock())
    clock.pass_(hours=1)
    assert not belongs("创业担保贷款谁能申请", anna.state, clock())


async def test_who_waits_goes_on_talking_with_the_bot(anna, clock):
    await anna.say("转人工 档案丢了")

    assert not belongs("创业担保贷款谁能申请", anna.state, clock())
    assert belongs("排到哪了", anna.state, clock())
    assert not belongs("谢谢", None, clock())


async def test_the_question_is_asked_again_after_something_else(anna, clock):
    await anna.say("转人工")

    assert "想问啥" in "".join((await anna.talk.resume(clock(), anna.state)).paragraphs)
    assert await anna.talk.resume(clock(), None) is None
