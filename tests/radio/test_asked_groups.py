"""What was asked, in groups: what is cleared, who is counted, what hands have done, and what goes with a person."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest
from asked_setup import CANTEEN, RENT, CountingEncoder
from sqlalchemy import func, select

from bot.care.tables import CareAlert
from bot.conversations.tables import Conversation, Feedback, Message, Turn
from bot.eligibility.tables import EligibilityFacts
from bot.figures.rules import Period
from bot.knowledge.tables import PhrasingRow, SourceRow, TextRow, TopicRow
from bot.linking.moving import move_all
from bot.privacy.retention import Limits
from bot.privacy.service import Privacy
from bot.radio.groups import rules
from bot.radio.groups.collecting import Collecting
from bot.radio.groups.nightly import Nights
from bot.radio.groups.regrouping import Regrouping
from bot.radio.groups.service import Groups
from bot.radio.groups.tables import Asked, AskedGroup, AskedText
from bot.radio.groups.top import rendered, top
from bot.radio.groups.views import Filter

WEEK = Period(date(2026, 11, 18), date(2026, 11, 24))
FILES = "档案放哪里了"


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def collecting(sessions, clock, encoder) -> Collecting:
    return Collecting(sessions, clock, encoder=encoder)


@pytest.fixture
def regrouping(sessions, clock, collecting) -> Regrouping:
    return Regrouping(sessions, clock, collecting)


@pytest.fixture
def groups(sessions, clock) -> Groups:
    return Groups(sessions, clock)


@pytest.fixture
def ask(sessions, clock, meet) -> Callable[..., Awaitable[int]]:
    """Somebody asks something, and is answered; the turn."""
    talks: dict[tuple[str, str], str] = {}

    async def make(who: str, text: str, *, channel: str = "web", ago: timedelta = timedelta(), **values: object) -> int:
        if (who, channel) not in talks:
            talks[who, channel] = await meet(who, channel)
        at = clock() - ago
        told = {"intent": "out_of_scope", "outcome": "refused"} | values
        async with sessions.begin() as db:
            talk = (await db.scalars(select(Conversation).where(Conversation.code == talks[who, channel]))).one()
            turn = Turn(conversation_id=talk.id, state="answered", received_at=at, retry_at=at, attempts=1, **told)
            db.add(turn)
            await db.flush()
            common = {"conversation_id": talk.id, "identity_id": talk.identity_id, "turn_id": turn.id, "at": at}
            db.add(Message(**common, direction="in", kind="text", key=f"k{turn.id}", text=text))
            db.add(Message(**common, direction="out", kind="reply", text="答复", body={"rateable": True}))
            return turn.id

    return make


@pytest.fixture
async def topic(sessions, clock) -> str:
    """A topic with an answer that was checked."""
    async with sessions.begin() as db:
        db.add(
            TopicRow(
                id="archive", position=0, title="档案转递", group="毕业手续", scope="-", region="全国", aliases=[], related=[],
                state="current", checked_on=date(2026, 11, 1), check_status="verified", version=4,
                texts=[
                    TextRow(key="answer", text="放在人才中心。", sources=[1]),
                    TextRow(key="s30", text="档案在人才中心。", sources=[1]),
                ],
                sources=[SourceRow(n=1, title="通知", issuer="山西省人社厅", text_seen=True)],
                phrasings=[PhrasingRow(aspect="general", text="我的档案在哪")],
            )
        )  # fmt: skip
    return "archive"


async def person_of(sessions, turn: int) -> int:
    async with sessions() as db:
        return (
            await db.scalars(
                select(Conversation.person_id)
                .join(Turn, Turn.conversation_id == Conversation.id)
                .where(Turn.id == turn)
            )
        ).one()


# -- counting ----------------------------------------------------------------------------------------------------------


async def test_questions_are_counted_by_different_askers_and_held_against_the_period_before(ask, collecting, groups):
    for n, text in enumerate(RENT):
        await ask(f"p{n}", text)
    await ask("p0", RENT[0])
    await ask("p0", RENT[0], channel="telegram")
    await ask("late", CANTEEN[0], ago=timedelta(days=8))
    await ask("p1", CANTEEN[0])

    assert await collecting.collect(whole=True) == 7

    rent, canteen = await groups.counted(WEEK)
    assert (rent.askers, rent.questions, rent.before, rent.trend) == (3, 5, 0, 3)
    assert (canteen.askers, canteen.before) == (1, 1)
    assert rent.refused == 1.0
    assert rent.name == RENT[0]  # what it began with
    assert (await groups.group(rent.id, WEEK)).wordings[0].text == RENT[2]  # the shortest clear one
    assert (await groups.counted(WEEK, Filter(channel="telegram")))[0].askers == 1
    assert [one.name for one in await groups.counted(WEEK, Filter(search="难吃"))] == [canteen.name]
    assert await groups.counted(WEEK, Filter(search="%")) == ()


async def test_what_a_known_topic_answered_lies_under_it_with_the_checked_answer(
    sessions, clock, ask, collecting, groups, topic
):
    turn = await ask("a", FILES, intent="policy", outcome="served", topic=topic)
    await ask("b", "云州区大专生的袋子去哪领", intent="policy", outcome="served", topic=topic)
    offered = await ask("c", "纸袋子去哪领呀", intent="policy", outcome="offered", offered=[topic, "other"])
    pressed = await ask("c", "档案转递", payload='/policy{"topic":"archive"}', outcome="served", topic=topic)
    person = await person_of(sessions, turn)
    async with sessions.begin() as db:
        reply = (await db.scalars(select(Message.id).where(Message.turn_id == turn, Message.direction == "out"))).one()
        db.add(Feedback(message_id=reply, verdict="down", reasons=[], at=clock()))
        db.add(EligibilityFacts(person_id=person, facts={"degree": "master"}, at=clock()))

    await collecting.collect()

    assert offered < pressed
    (count,) = await groups.counted(WEEK)
    one = await groups.group(count.id, WEEK)
    assert (count.name, count.askers, count.topic, count.down) == ("档案转递", 3, topic, 0.3333)
    assert (one.answer.version, one.answer.checked_on, one.answer.s30) == (4, date(2026, 11, 1), "档案在人才中心。")
    assert one.answer.holds
    assert [source.issuer for source in one.answer.sources] == ["山西省人社厅"]
    assert dict(one.degrees) == {"硕士": 1, "大专": 1}
    assert one.districts == (("云州区", 1),)
    assert await groups.counted(WEEK, Filter(unanswered=True)) == ()


async def test_what_was_pressed_after_it_was_taken_in_goes_under_its_topic_at_night(
    ask, collecting, regrouping, groups, topic
):
    await ask("c", "纸袋子去哪领呀", intent="policy", outcome="offered", offered=[topic, "other"])
    await collecting.collect()
    assert (await groups.counted(WEEK))[0].topic is None
    await ask("c", "档案转递", payload='/policy{"topic":"archive"}', outcome="served", topic=topic)

    await regrouping.regroup()

    assert [(one.topic, one.askers) for one in await groups.counted(WEEK)] == [(topic, 1)]


async def test_one_person_on_two_channels_counts_once_from_when_they_are_joined(sessions, ask, collecting, groups):
    here, there = await ask("a", RENT[0]), await ask("b", RENT[0], channel="telegram")
    await collecting.collect()
    assert (await groups.counted(WEEK))[0].askers == 2

    gone, kept = await person_of(sessions, there), await person_of(sessions, here)
    async with sessions.begin() as db:
        await move_all(db, gone, kept)

    assert (await groups.counted(WEEK))[0].askers == 1


# -- clearance ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("房东不退钱我不想活了", {}),
        ("工作的事真烦", {"intent": "distress_mild"}),
        ("你们都是傻逼吧说的啥", {"intent": "abuse"}),
        ("让我先交三百块服装费才给上岗", {"intent": "scam_report"}),
        ("让我先交三百块服装费才给上岗", {"intent": "policy"}),
        ("我得了抑郁症单位能辞退我不", {"intent": "policy"}),
        ("我坐过牢能考公务员不", {"intent": "policy"}),
        ("张老师说 〔姓名〕 欠我八千块工资咋要", {"intent": "policy"}),
        ("房东不退租房的钱", {"intent": None}),
        ("房东不退租房的钱", {"outcome": None, "actions": ["care_stopped"]}),
        ("房东不退租房的钱", {"intent": "chitchat", "outcome": None}),
        ("房东不退租房的钱", {"scam_signs": [{"name": "押金", "words": "押金"}]}),
        ("房东不退租房的钱", {"state": "failed"}),
        ("房东不退租房的钱", {"payload": "/press"}),
    ],
)
async def test_what_is_not_cleared_is_neither_shown_nor_counted(
    sessions, clock, meet, collecting, groups, text, values
):
    talk_code = await meet("x")
    told = {"intent": "out_of_scope", "outcome": "refused", "state": "answered"} | values
    async with sessions.begin() as db:
        talk = (await db.scalars(select(Conversation).where(Conversation.code == talk_code))).one()
        turn = Turn(conversation_id=talk.id, received_at=clock(), retry_at=clock(), attempts=1, **told)
        db.add(turn)
        await db.flush()
        db.add(
            Message(
                conversation_id=talk.id, identity_id=talk.identity_id, turn_id=turn.id, at=clock(), direction="in",
                kind="text", key="k", text=text,
            )
        )  # fmt: skip

    assert await collecting.collect(whole=True) == 0
    assert await groups.counted(WEEK) == ()


async def test_somebody_in_danger_is_left_out_until_staff_have_released_them(sessions, clock, ask, collecting, groups):
    turn = await ask("a", RENT[0])
    await collecting.collect()
    person = await person_of(sessions, turn)
    other = await ask("a", "今天天气怎么样", intent="chitchat", outcome=None)
    async with sessions.begin() as db:
        talk = (await db.scalars(select(Turn.conversation_id).where(Turn.id == other))).one()
        alert = CareAlert(
            person_id=person, conversation_id=talk, turn_id=other, kind="self", words="x", found_by="rule", at=clock()
        )
        db.add(alert)

    assert await groups.counted(WEEK) == ()

    async with sessions.begin() as db:
        alert = await db.get(CareAlert, alert.id)
        alert.released_by, alert.released_at = "张三", clock()
        alert.acknowledged_by, alert.acknowledged_at = "张三", clock()
    assert [one.askers for one in await groups.counted(WEEK)] == [1]


def test_labels_at_the_ends_of_a_wording_are_left_out_and_one_inside_bars_it():
    assert rules.wording("〔姓名〕，档案 放哪里了呀") == "档案 放哪里了呀"
    assert rules.wording("档案放哪里了 〔手机号〕") == "档案放哪里了"
    assert rules.wording("档案在〔姓名〕那里放着咋办呀") is None
    assert rules.wording("档案在我叫王建国的那个地方 13812345678") is None
    assert rules.wording("啊") is None


# -- questions for the programme ---------------------------------------------------------------------------------------


async def test_questions_for_the_programme_lie_in_the_same_groups_and_are_read_out_only_with_consent(
    radio, clock, ask, asked, collecting, groups
):
    await ask("a", RENT[2])
    aired = await asked(RENT[1])
    await asked("房东不退租房的钱我咋办", consent="reply")
    gone = await asked("租房的钱房东就不退")
    await collecting.collect()
    await radio.select(aired.code)
    await radio.aired(aired.code, clock().date())
    await radio.decline(gone.code, "重复")

    (count,) = await groups.counted(WEEK)
    one = await groups.group(count.id, WEEK)

    assert count.askers == 3
    assert {wording.text for wording in one.wordings} == {RENT[1], RENT[2]}
    assert one.aired_on == (clock().date(),)


# -- at night, and by hand ---------------------------------------------------------------------------------------------


async def grouped(sessions) -> dict[str, int]:
    async with sessions() as db:
        rows = await db.execute(
            select(Message.text, AskedText.group_id)
            .join(Asked, Asked.turn_id == Message.turn_id)
            .join(AskedText, AskedText.id == Asked.text_id)
            .where(Message.direction == "in")
        )
        return dict(rows.all())


async def test_ids_and_names_stay_when_grouped_anew_and_nothing_is_encoded_twice(
    sessions, ask, regrouping, groups, encoder
):
    for n, text in enumerate(RENT + CANTEEN):
        await ask(f"p{n}", text)
    await regrouping.regroup()
    before = {one.id: one.name for one in await groups.counted(WEEK)}
    encoded = len(encoder.encoded)
    await ask("new", "食堂的饭太难吃")
    await ask("old", RENT[0])

    done = await regrouping.regroup()

    after = {one.id: one.name for one in await groups.counted(WEEK)}
    assert before.items() <= after.items()
    assert len(encoder.encoded) == encoded + 1
    assert done.texts == 7
    found = await grouped(sessions)
    assert len({found[text] for text in RENT}) == 1
    assert not {found[text] for text in RENT} & {found[text] for text in CANTEEN}


async def test_what_was_put_together_stays_together_and_is_taken_apart_again(sessions, ask, regrouping, groups):
    for n, text in enumerate(RENT + CANTEEN):
        await ask(f"p{n}", text)
    await regrouping.regroup()
    found = await grouped(sessions)
    rent, canteen = found[RENT[0]], found[CANTEEN[0]]
    await groups.rename(rent, "租房和吃饭")

    assert await groups.merge(rent, canteen) == rent
    await ask("new", CANTEEN[0])
    await regrouping.regroup()

    (one,) = await groups.counted(WEEK)
    assert (one.id, one.name, one.askers) == (rent, "租房和吃饭", 7)
    assert (await groups.group(canteen, WEEK)).count == one
    with pytest.raises(rules.CannotMerge):
        await groups.merge(rent, canteen)

    await groups.take_apart(canteen)
    await regrouping.regroup()

    assert {one.id for one in await groups.counted(WEEK)} == {rent, canteen}
    with pytest.raises(rules.NotMerged):
        await groups.take_apart(canteen)


async def test_what_was_split_is_never_put_together_again(sessions, ask, regrouping, groups):
    for n, text in enumerate(RENT):
        await ask(f"p{n}", text)
    await regrouping.regroup()
    whole = (await grouped(sessions))[RENT[0]]

    with pytest.raises(rules.CannotSplit):
        await groups.split(whole, [rules.key_of(text) for text in RENT])
    with pytest.raises(rules.CannotSplit):
        await groups.split(whole, ["none"])
    part = await groups.split(whole, [rules.key_of(RENT[2])], "押一付三")
    await ask("again", RENT[2])
    await regrouping.regroup()

    assert {one.id: (one.name, one.askers) for one in await groups.counted(WEEK)} == {
        whole: (RENT[0], 2), part: ("押一付三", 2)
    }  # fmt: skip


def test_an_id_goes_to_whoever_has_most_of_its_texts_and_hands_have_the_last_word():
    assert rules.settled([0, 0, 0, 1, 1], [7, 7, 8, 7, 9], [False] * 5) == [7, 7, 7, 9, 9]
    assert rules.settled([0, 0, 1], [7, 7, 7], [False] * 3) == [7, 7, -2]
    assert rules.settled([0, 0, 0], [7, 8, 9], [True, True, False]) == [7, 8, 7]
    assert rules.settled([0, 1], [7, 7], [True, True]) == [7, 7]
    assert rules.settled([], [], []) == []


async def test_an_unknown_group_is_refused(groups):
    for doing in (groups.group(99, WEEK), groups.rename(99, "x"), groups.merge(98, 99), groups.take_apart(99)):
        with pytest.raises(rules.UnknownGroup):
            await doing


# -- the editors -------------------------------------------------------------------------------------------------------


async def test_an_answer_is_asked_for_once_and_comes_back_with_its_topic(sessions, ask, collecting, groups, topic):
    await ask("a", "纸袋子去哪领呀")
    await ask("b", FILES, intent="policy", outcome="served", topic=topic)
    await collecting.collect()
    found = await grouped(sessions)
    lone, of_topic = found["纸袋子去哪领呀"], found[FILES]

    request = await groups.request_answer(lone, by="主持人", note="周五要用")
    with pytest.raises(rules.AlreadyRequested):
        await groups.request_answer(lone, by="主持人")
    with pytest.raises(rules.HasAnswer):
        await groups.request_answer(of_topic, by="主持人")
    assert [(one.group, one.name, one.note) for one in await groups.requests()] == [
        (lone, "纸袋子去哪领呀", "周五要用")
    ]
    assert {one.id: one.requested for one in await groups.counted(WEEK)} == {lone: True, of_topic: False}

    assert await groups.answered(request, topic, by="编辑") == of_topic

    (one,) = await groups.counted(WEEK)
    assert (one.id, one.askers, one.requested) == (of_topic, 2, False)
    assert [(r.state, r.closed_by) for r in await groups.requests(None)] == [("answered", "编辑")]
    with pytest.raises(rules.UnknownRequest):
        await groups.declined(request, "问得太少", by="编辑")


# -- the person --------------------------------------------------------------------------------------------------------


async def test_whoever_deletes_their_record_is_gone_from_counts_wordings_and_what_is_kept(
    sessions, clock, ask, regrouping, groups
):
    mine = "房东不退我租房的钱了"
    turn = await ask("a", mine)
    await ask("b", RENT[2])
    await regrouping.regroup()
    group = (await grouped(sessions))[mine]
    privacy = Privacy(sessions, clock, Limits(days=180, contact_days=30))

    await privacy.forget(await person_of(sessions, turn))

    (count,) = await groups.counted(WEEK)
    shown = await groups.group(group, WEEK)
    assert count.askers == 1
    assert (count.name, [one.text for one in shown.wordings]) == (RENT[2], [RENT[2]])
    await regrouping.regroup()
    async with sessions() as db:
        keys = set(await db.scalars(select(AskedText.key)))
        assert await db.scalar(select(func.count()).select_from(AskedGroup)) == 1
    assert keys == {rules.key_of(RENT[2])}


# -- to take away ------------------------------------------------------------------------------------------------------


async def test_what_was_asked_most_is_taken_away_in_three_forms(ask, collecting, groups, topic):
    await ask("a", FILES, intent="policy", outcome="served", topic=topic)
    await ask("b", "=1+1等于几呀老师")
    await ask("c", "=1+1等于几呀老师")
    await collecting.collect()

    found = await top(groups, WEEK)

    text = rendered(found, "md")
    assert "# 问得最多的：2026年11月18日至11月24日" in text
    assert "## 1. \\=1" in text or "## 1. =1\\+1等于几呀老师" in text
    assert "档案在人才中心。" in text
    assert "核对于 2026-11-01，第 4 版；来源：山西省人社厅" in text
    rows = list(csv.reader(io.StringIO(rendered(found, "csv").removeprefix("\ufeff"))))
    assert [row[1] for row in rows[1:]] == ["'=1+1等于几呀老师", "档案转递"]
    told = json.loads(rendered(found, "json"))
    assert [(one["askers"], one["answer"] and one["answer"]["version"]) for one in told["groups"]] == [
        (2, None),
        (1, 4),
    ]


async def test_one_gateway_a_night_is_told_to_group_anew(sessions, clock):
    here, there = Nights(sessions, clock), Nights(sessions, clock)
    assert not await here.is_due()  # ten in the morning

    clock.pass_(hours=17, minutes=30)
    assert [await one.is_due() for one in (here, there, here)] == [True, False, False]

    clock.pass_(hours=24)
    assert [await one.is_due() for one in (there, here)] == [True, False]
