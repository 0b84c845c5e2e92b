"""What guests said, on both databases: written down, approved by a second person, served, told once to who asked."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from bot.conversations.tables import Message, Turn
from bot.conversations.telling import Telling
from bot.figures.rules import Period
from bot.knowledge.tables import TopicRow
from bot.radio.answers import rules
from bot.radio.answers.rules import Editor
from bot.radio.answers.service import ProgrammeAnswers
from bot.radio.answers.serving import Guests
from bot.radio.groups.collecting import Collecting
from bot.radio.groups.service import Groups
from bot.radio.groups.tables import Asked, AskedText
from bot.radio.service import Radio
from bot.radio.tables import RadioAsker, RadioQuestion
from bot.reply import Reply
from bot.web.background import tell_of_radio
from tests.radio.asked_setup import CountingEncoder

HOST, EDITOR, SECOND = Editor(1, "王芳"), Editor(2, "李强"), Editor(3, "赵敏")
SAID = (
    "我们公司招人，第一学历真不是门槛。看的是这三年做成过啥。去年进来的12个人里，有5个是大专。带个作品来聊，比啥都强。"
)
TEXT = "第一学历不是门槛，看这三年做成过啥。去年进来的12个人里有5个是大专。"
WEEK = Period(date(2026, 11, 18), date(2026, 11, 24))
FIELDS = {
    "question": "国企看不看第一学历",
    "guest": "恒源商贸总经理张强",
    "day": "2026-11-23",
    "said": SAID,
    "text": TEXT,
}


class Hub:
    async def show(self, message) -> None:
        """Nobody looks."""


@pytest.fixture
def here(world, sessions):
    return world(sessions)


@pytest.fixture
def answers(sessions, clock) -> ProgrammeAnswers:
    return ProgrammeAnswers(sessions, clock)


@pytest.fixture
def tell(sessions, clock):
    """Have the gateway tell what is to be told; all that was told, by conversation."""

    async def told() -> list[tuple[int, str]]:
        await ProgrammeAnswers(sessions, clock).spread()
        await tell_of_radio(Radio(sessions, clock), Telling(sessions, clock), Hub(), clock)
        async with sessions() as db:
            rows = await db.execute(
                select(Message.conversation_id, Message.text).where(Message.key.like("radio%")).order_by(Message.id)
            )
            return [(talk, text) for talk, text in rows]

    return told


async def approved(answers: ProgrammeAnswers, group: int, **fields: str) -> int:
    number = await answers.write(FIELDS | fields, group_id=group, by=HOST)
    await answers.send(number, revision=1, by=HOST)
    await answers.approve(number, revision=2, by=EDITOR)
    return number


async def test_it_is_served_once_a_second_person_approved_it_and_has_a_version_from_then_on(here, answers):
    group = await here.group([("国企看不看第一学历", 2)])
    number = await answers.write(FIELDS, group_id=group, by=HOST)
    await answers.save(number, FIELDS | {"text": TEXT[:18]}, revision=1, by=EDITOR)
    await answers.send(number, revision=2, by=HOST)

    for one in (HOST, EDITOR):
        with pytest.raises(rules.OwnWork):
            await answers.approve(number, revision=3, by=one)
    assert await answers.to_approve(SECOND) == 1 and await answers.to_approve(HOST) == 0
    done = await answers.approve(number, revision=3, by=SECOND)

    assert (done.version, done.served, done.label) == (1, TEXT[:18], f"节目答复 {number}-1")
    await answers.save(number, FIELDS, revision=done.revision, by=HOST)
    assert (await answers.one(number)).served == TEXT[:18]  # what is in service stays so while the next is written
    await answers.send(number, revision=done.revision + 1, by=HOST)
    await answers.approve(
        number, revision=done.revision + 2, by=EDITOR
    )  # who wrote the version before may approve this
    assert [(one.version, one.approved_by) for one in await answers.versions(number)] == [(2, "李强"), (1, "赵敏")]
    assert (await answers.one(number)).served == TEXT


async def test_what_cannot_be_served_is_refused_with_the_field(here, answers):
    group = await here.group([("国企看不看第一学历", 1)])
    wrong = {
        "text": "去年进来的20个人里有5个是大专。",
        "guest": "",
        "day": "2026-11-25",
        "question": "打13800138000问",
    }

    with pytest.raises(rules.BadFields) as refused:
        await answers.write(FIELDS | wrong, group_id=group, by=HOST)

    assert refused.value.errors == {"text": "figure:20", "guest": "empty", "day": "day", "question": "personal"}
    with pytest.raises(rules.UnknownAnswer):
        await answers.write(FIELDS, group_id=99, by=HOST)


async def test_the_first_sentences_are_the_draft_where_nothing_else_is_written(here, answers):
    long = SAID + "后面又聊了很多。" * 400
    number = await answers.write(
        FIELDS | {"text": "", "said": long}, group_id=await here.group([("a学历", 1)]), by=HOST
    )

    one = await answers.one(number)

    assert one.text.startswith(SAID) and len(one.text) <= rules.DRAFTED and one.said == long


async def test_two_who_write_at_once_are_told_of_each_other(here, answers):
    number = await answers.write(FIELDS, group_id=await here.group([("国企看不看第一学历", 1)]), by=HOST)
    await answers.save(number, FIELDS | {"guest": "李总"}, revision=1, by=EDITOR)

    with pytest.raises(rules.Changed) as refused:
        await answers.save(number, FIELDS, revision=1, by=HOST)
    assert (refused.value.now.guest, refused.value.now.changed_by) == ("李总", "李强")

    await answers.send(number, revision=2, by=HOST)
    with pytest.raises(rules.NotNow):
        await answers.save(number, FIELDS, revision=3, by=HOST)
    await answers.give_back(number, "数要核对", revision=3, by=SECOND)
    one = await answers.one(number)
    assert (one.state, one.reason, one.decided_by) == ("editing", "数要核对", "赵敏")


async def test_who_asked_the_group_and_agreed_is_told_once_with_the_day_and_the_guest(
    here, answers, tell, sessions, clock
):
    group = await here.group([("国企看不看第一学历", 3)])
    await here.question("大专去国企有没有前途", group=group)
    quiet = await here.question("学历不高国企要不要", consent="reply", group=group)
    gone = await here.question("国企招人卡学历吗", group=group)
    elsewhere = await here.question("公务员几月考", group=await here.group([("公务员考试时间", 1)]))
    async with sessions.begin() as db:
        asker = select(RadioQuestion.id).where(RadioQuestion.code == gone).scalar_subquery()
        await db.execute(update(RadioAsker).where(RadioAsker.question_id == asker).values(tells=False))

    number = await approved(answers, group)

    told = await tell()
    assert len(told) == 2 and await tell() == told
    assert all("11月23日节目里嘉宾恒源商贸总经理张强谈到：" + TEXT in text for _, text in told)
    async with sessions() as db:
        rows = dict((await db.execute(select(RadioQuestion.code, RadioQuestion.programme_version))).all())
    assert (rows[quiet], rows[gone], rows[elsewhere]) == (1, 1, None)
    waiting = await answers.waiting_for(number)
    assert (waiting.agreed, waiting.told) == (2, 2)

    await here.question("国企对学历有要求吗", group=group)  # comes after the programme
    assert len(await tell()) == 3


async def test_nobody_is_told_at_night_and_nobody_twice_who_asked_the_like_twice(here, answers, tell, sessions, clock):
    group = await here.group([("国企看不看第一学历", 1)])
    code = await here.question("大专去国企有没有前途", group=group)
    other = await here.question("学历不高国企要不要", group=group)
    async with sessions.begin() as db:
        mine = await db.scalar(select(RadioAsker).join(RadioQuestion).where(RadioQuestion.code == code))
        theirs = await db.scalar(select(RadioAsker).join(RadioQuestion).where(RadioQuestion.code == other))
        theirs.person_id, theirs.identity_id, theirs.key = mine.person_id, mine.identity_id, "second"
    await approved(answers, group)

    clock.pass_(hours=12)
    assert await tell() == []
    clock.pass_(hours=12)
    assert len(await tell()) == 1


async def test_what_is_taken_out_of_service_is_neither_served_nor_told(here, answers, tell, sessions, clock):
    group = await here.group([("国企看不看第一学历", 1)])
    await here.question("大专去国企有没有前途", group=group)
    guests = Guests(sessions, clock, CountingEncoder())
    number = await approved(answers, group)
    assert await guests.instead("国企看不看第一学历") is not None

    await answers.stop(number, stopped=True, by=SECOND)

    assert await tell() == [] and await guests.instead("国企看不看第一学历") is None
    await answers.stop(number, stopped=False, by=SECOND)
    assert len(await tell()) == 1 and await guests.instead("国企看不看第一学历") is not None


async def test_a_group_without_a_topic_is_answered_with_the_guest_instead_of_not_at_all(here, answers, sessions, clock):
    group = await here.group([("国企看不看第一学历", 2)])
    number = await approved(answers, group)
    guests = Guests(sessions, clock, CountingEncoder())

    reply = await guests.instead("国企看不看第一学历？")

    assert reply is not None and reply.knowledge is not None and reply.source is not None
    assert reply.paragraphs[1] == f"11月23日节目里嘉宾恒源商贸总经理张强谈到：{TEXT}"
    assert reply.source.text == f"《对话青春》11月23日，嘉宾恒源商贸总经理张强（节目答复 {number}-1）"
    assert (reply.knowledge.outcome, reply.knowledge.topics, reply.knowledge.version) == (
        "served",
        (f"节目答复{number}",),
        1,
    )


async def test_a_topic_keeps_its_answer_and_has_the_guest_beside_it(here, answers, sessions, clock):
    topic = await here.topic()
    group = await here.group([("档案放哪里了", 1)], topic=topic)
    await approved(answers, group)
    guests = Guests(sessions, clock, CountingEncoder())

    reply = await guests.beside(Reply(paragraphs=("档案在人才中心。",)), topic)
    other = await guests.beside(Reply(paragraphs=("别的。",)), "other")

    assert reply.paragraphs[0] == "档案在人才中心。" and reply.paragraphs[1].startswith("11月23日节目里嘉宾")
    assert reply.paragraphs[2].startswith("——《对话青春》11月23日") and other.paragraphs == ("别的。",)
    async with sessions() as db:
        assert (await db.get(TopicRow, topic)).version == 4


async def test_an_answered_group_needs_no_editor_any_more_and_stays_though_nobody_asks(here, answers, sessions, clock):
    group = await here.group([("国企看不看第一学历", 1)])
    groups = Groups(sessions, clock)
    await groups.request_answer(group, by="王芳")

    before = await groups.counted(WEEK)
    number = await approved(answers, group)

    assert [one.state for one in await groups.requests(None)] == ["answered"]
    assert [one.by_guest for one in before] == [False]
    assert [(one.id, one.topic, one.by_guest) for one in await groups.counted(WEEK)] == [(group, None, True)]
    await answers.stop(number, stopped=True, by=EDITOR)
    assert [one.by_guest for one in await groups.counted(WEEK)] == [False]


async def test_who_is_answered_with_the_guest_is_counted_among_those_who_asked_the_group(
    here, answers, sessions, clock
):
    group = await here.group([("国企看不看第一学历", 1)])
    number = await approved(answers, group)
    other = await here.group([("公务员几月考", 1)])
    async with sessions.begin() as db:
        asked = await db.scalar(select(Asked).join(AskedText).where(AskedText.group_id == other))
        turn, text = asked.turn_id, asked.text_id
        await db.delete(asked)
        await db.flush()
        await db.delete(await db.get(AskedText, text))
        stored = await db.get(Turn, turn)
        stored.outcome, stored.topic, stored.answer_version = "served", rules.topic_of(number), 1

    await Collecting(sessions, clock, encoder=CountingEncoder()).collect(whole=True)

    async with sessions() as db:
        assert await db.scalar(select(AskedText.group_id).join(Asked).where(Asked.turn_id == turn)) == group


async def test_an_item_of_a_sheet_knows_its_guest_its_day_and_its_question(here, answers, programmes, items):
    guest = await programmes.add_guest({"name": "张强", "title": "总经理", "company": "恒源商贸", "note": ""})
    sheet = await programmes.make({"day": "2026-11-24", "minutes": "30", "guest": str(guest)}, by="王芳")
    code = await here.question("四十岁还能考教资吗", nickname="小雨")
    item = await items.add_question(sheet, code, by="王芳")

    fields = await answers.beginning(item_id=item)
    number = await answers.write(fields | {"said": SAID, "text": ""}, item_id=item, by=HOST)

    assert (fields["guest"], fields["day"], fields["question"]) == (
        "恒源商贸总经理张强", "2026-11-24", "四十岁还能考教资吗",
    )  # fmt: skip
    (one,) = await answers.of_programme(sheet)
    assert one.answer is not None and (one.answer.id, one.answer.day) == (number, date(2026, 11, 24))
    await answers.send(number, revision=1, by=HOST)
    await answers.approve(number, revision=2, by=EDITOR)
    assert (await Radio(here.sessions, here.clock).question(code)).answer.startswith("我们公司招人")
