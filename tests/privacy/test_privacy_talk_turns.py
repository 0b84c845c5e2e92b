"""The talk about what is stored, on the real service: told with counts, exported, taken back, deleted after a question."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.conversations.finding import person_of
from bot.eligibility.tables import EligibilityFacts
from bot.guidance.tables import Booking
from bot.privacy import record
from bot.privacy.tables import Forgetting
from bot.privacy.talk import PrivacyTalk, Told
from bot.radio.tables import RadioAsker, RadioQuestion
from bot.text.privacy_wishes import belongs


class Talk:
    """One person's talk, whose state goes along."""

    def __init__(self, talk: PrivacyTalk, clock, conversation: str) -> None:
        self._talk, self._clock, self._conversation = talk, clock, conversation
        self.state = None

    async def say(self, text: str) -> str:
        return self._take(await self._talk.said(text, self._clock(), self.state, self._conversation))

    async def press(self, label: str) -> str:
        payload = next(choice.payload for choice in self.reply.choices if choice.label == label)
        said = json.loads(payload.removeprefix("/privacy_request"))
        told = await self._talk.pressed(said["do"], said.get("of"), None, self._clock(), self.state, self._conversation)
        return self._take(told)

    def _take(self, told: Told) -> str:
        self.reply, self.state = told.reply, told.state
        return "\n".join(told.reply.paragraphs)

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.reply.choices]


@pytest.fixture
def talk_of(sessions, clock, privacy) -> Callable[[str], Talk]:
    async def whose(code: str) -> int:
        return await person_of(sessions, code)

    return lambda code: Talk(PrivacyTalk(privacy, whose, clock), clock, code)


@pytest.fixture
def asked_for(sessions) -> Callable[[], Awaitable[list[tuple[int, bool]]]]:
    """Who is to be forgotten, and whether what they have booked is kept."""

    async def read() -> list[tuple[int, bool]]:
        async with sessions() as db:
            return [tuple(row) for row in await db.execute(select(Forgetting.person_id, Forgetting.keeps_open))]

    return read


async def test_what_is_stored_is_told_with_counts_and_for_how_long(talk_of, with_everything):
    anna = await with_everything()
    talk = talk_of(anna.talk_code)

    text = await talk.say("你们存了我什么")

    for part in (
        "聊天记录 2条", "指导预约 2个", "联系方式（加密） 2个", "活动报名 1个", "收藏的岗位 1个", "订阅的岗位 1个", "点的有用没用 1个",
        "政策体检时说的情况 1份", "给节目的提问 1个", "给工作人员留的联系方式（加密） 1个", "11月24日", anna.code, "180天", "30天",
        "你同意过",
    ):  # fmt: skip
        assert part in text, part
    assert talk.labels == ["导出我的记录", "删除我的记录", "撤回同意"]


async def test_the_record_is_offered_as_files(talk_of, somebody):
    talk = talk_of((await somebody()).talk_code)
    await talk.say("导出我的聊天")

    assert [card.link.url for card in talk.reply.cards] == ["/chat/record.txt", "/chat/record.json"]


async def test_deleting_is_asked_first_and_done_on_a_yes(talk_of, somebody, asked_for):
    anna = await somebody()
    talk = talk_of(anna.talk_code)

    assert "删了找不回来" in await talk.say("删除我的记录")
    assert talk.labels == ["确定，全部删掉", "先不删"] and await asked_for() == []
    assert "这就删" in await talk.say("确定")

    assert await asked_for() == [(anna.id, False)] and talk.state is None


@pytest.mark.parametrize("no", ["算了", "不删了", "先不删", "别删"])
async def test_a_no_leaves_everything(talk_of, somebody, asked_for, no):
    talk = talk_of((await somebody()).talk_code)
    await talk.say("把我的信息删了")

    assert "都还在" in await talk.say(no)
    assert await asked_for() == [] and talk.state is None


async def test_what_is_booked_is_named_and_a_bare_yes_is_asked_what_becomes_of_it(
    talk_of, somebody, book, sign_up, clock, asked_for
):
    anna = await somebody()
    await book(anna.id, clock() + timedelta(days=1))
    await sign_up(anna.id, clock() + timedelta(days=2))
    talk = talk_of(anna.talk_code)

    text = await talk.say("删除我的记录")
    assert "11月25日 周三 10:00 张老师的指导" in text and "11月26日 周四 10:00“秋季招聘会”的报名" in text
    assert await talk.say("嗯") == "约好的怎么办？也取消掉，还是留着、只删其余的？"
    assert talk.state is not None and await asked_for() == []
    assert "一结束就自动删" in await talk.say("预约留着，其余删")

    assert await asked_for() == [(anna.id, True)]


async def test_what_is_booked_can_go_with_the_rest(talk_of, somebody, book, clock, asked_for):
    anna = await somebody()
    await book(anna.id, clock() + timedelta(days=1))
    talk = talk_of(anna.talk_code)
    await talk.say("删除我的记录")

    assert "一条不留" in await talk.press("也取消，全部删")
    assert await asked_for() == [(anna.id, False)]


async def test_a_session_about_to_begin_is_said_to_stay(talk_of, somebody, book, clock):
    anna = await somebody()
    await book(anna.id, clock() + timedelta(hours=1))
    talk = talk_of(anna.talk_code)

    assert "马上要开始，取消不了" in await talk.say("删除我的记录")
    assert talk.labels == ["确定，全部删掉", "先不删"]
    assert "到时间照常" in await talk.press("确定，全部删掉")


async def test_one_consent_is_taken_back_and_the_others_stay(sessions, talk_of, with_everything):
    anna = await with_everything()
    talk = talk_of(anna.talk_code)
    await talk.say("撤回同意")
    assert talk.labels == ["不给老师看了", "别用我的情况", "别在节目里念", "别再告诉我", "全部撤回", "先不撤"]

    assert "老师看不到" in await talk.press("不给老师看了")

    async with sessions() as db:
        assert set(await db.scalars(select(Booking.shares_history))) == {False}
        assert (await db.scalars(select(EligibilityFacts.agreed_in))).all() == [anna.talk_code]


async def test_all_consents_are_taken_back_in_words(sessions, talk_of, with_everything):
    anna = await with_everything()
    talk = talk_of(anna.talk_code)
    await talk.say("我不同意了")
    await talk.say("都撤了吧")

    async with sessions() as db:
        assert set(await db.scalars(select(Booking.shares_history))) == {False}
        assert (await db.scalars(select(EligibilityFacts.agreed_in))).all() == [None]
        assert (await db.scalars(select(RadioQuestion.consent))).all() == ["reply"]
        assert (await db.scalars(select(RadioAsker.tells))).all() == [False]
    assert await talk.say("撤回同意") == "你现在没有同意过什么，不用撤。"


async def test_a_question_that_was_chosen_is_withdrawn_with_the_consent(sessions, clock, talk_of, with_everything):
    anna = await with_everything()
    async with sessions.begin() as db:
        question = (await db.scalars(select(RadioQuestion))).one()
        question.state, question.selected_at = "selected", clock()
    talk = talk_of(anna.talk_code)
    await talk.say("撤回同意")
    await talk.press("别在节目里念")

    async with sessions() as db:
        assert (await db.execute(select(RadioQuestion.state, RadioQuestion.consent))).all() == [("withdrawn", "reply")]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("谁能看到我们聊的", "看不到是谁问的"),
        ("聊天记录留多长时间", "180天没来聊就自动删"),
        ("刚发的身份证号删掉", "存之前就遮住了"),
        ("更正我的信息", "换成新的"),
        ("能不能不记录", "做不到"),
        ("隐私设置", "你说了算"),
    ],
)
async def test_other_questions_about_it_are_answered(talk_of, somebody, text, part):
    assert part in await talk_of((await somebody()).talk_code).say(text)


def test_a_yes_long_after_the_question_is_no_yes_to_it(clock):
    state = {"step": "forget", "open": False, "at": clock().isoformat()}

    assert belongs("确定", state, clock())
    assert not belongs("确定", state, clock() + timedelta(hours=2))
    assert not belongs("档案放哪", state, clock())
    assert not belongs("确定", None, clock())


@pytest.mark.parametrize("text", ["好的，那劳动合同咋签", "不对，我问的是补贴", "删除线怎么画", "行李放哪"])
def test_what_says_something_else_is_no_answer(text, clock):
    assert not belongs(text, {"step": "forget", "open": True, "at": clock().isoformat()}, clock())


async def test_the_files_hold_every_kind_and_nothing_sealed(privacy, clock, with_everything):
    anna = await with_everything()
    rows = await privacy.record(anna.id)

    text = record.as_text(rows, code=anna.code, now=clock())
    whole = json.loads(record.as_json(rows, code=anna.code, now=clock()))

    for part in (
        "我：档案放哪",
        "小同：放人才中心。",
        "【指导预约】",
        "【活动报名】",
        "【给节目的提问】",
        "档案丢了咋办",
        "大专",
        record.SEALED,
    ):
        assert part in text, part
    assert whole["代号"] == anna.code and "sealed'" not in json.dumps(whole)
    assert whole["记录"]["聊天记录"]["message"][0]["text"] == "档案放哪"
    assert "key" not in whole["记录"]["聊天记录"]["message"][0]


async def test_the_file_of_one_holds_nothing_of_another(privacy, clock, with_everything, somebody):
    anna = await somebody("只有安娜说过")
    await with_everything()

    rows = await privacy.record(anna.id)

    assert len(rows["message"]) == 2 and rows["message"][0]["text"] == "只有安娜说过"
    assert "booking" not in rows
