"""Danger is answered at once, raises an alert, and nothing else speaks until a member of staff says so."""

import pytest
from ruamel.yaml import YAML
from sqlalchemy import select

from bot.care import queries, rules, wording
from bot.conversations.engine import EngineUnavailable
from bot.conversations.tables import Turn
from bot.conversations.telling import Telling
from bot.reply import Choice, Reply
from bot.settings import ROOT
from tests.conversations.inbox_fakes import ANNA, BORIS, Died, DyingSessions, result, said

SERIOUS = "\n".join(wording.SERIOUS.paragraphs)
HOTLINES = ("12356", "110", "120")
BOOK = Choice(label="约老师", payload='/book_guidance{"do":"book"}')


def seen_by_the_model(share):
    """A turn in which the engine saw danger, with a share."""
    actions = ["utter_distress_serious"]
    return result("别的话", choices=(BOOK,), intent="distress_serious", confidence=share, actions=actions)


def test_the_reviewed_text_is_the_same_in_both_places():
    file = YAML(typ="safe").load(ROOT / "data/nlu/care.yml")

    [there] = file["responses"]["utter_distress_serious"]

    assert there["text"] == SERIOUS


def test_the_reviewed_text_names_whom_to_call_and_asks_nothing():
    assert all(number in SERIOUS for number in (*HOTLINES, "12355"))
    assert "？" not in SERIOUS and not wording.SERIOUS.choices


def test_no_line_while_somebody_waits_is_said_twice_in_a_row_and_each_names_whom_to_call():
    last, heard = None, []
    for _ in range(6):
        last = "\n".join(wording.waiting(last).paragraphs)
        heard.append(last)

    assert all(one != following for one, following in zip(heard, heard[1:], strict=False))
    assert all(number in line for line in heard for number in HOTLINES)


async def test_danger_is_answered_without_the_engine_and_put_down_for_the_staff(talk, engine, alerts, turns):
    assert await talk("我不想活了") == [SERIOUS]

    [alert], [turn] = await alerts(), await turns()
    assert engine.asked == []
    assert (alert.kind, alert.words, alert.found_by, alert.turn_id) == ("self", "不想活", "rule", turn.id)
    assert (alert.stops, alert.acknowledged_at, alert.released_at) == (True, None, None)
    assert (turn.intent, turn.confidence, turn.state, turn.actions) == (
        "distress_serious",
        1.0,
        "answered",
        ["care_danger"],
    )


async def test_danger_is_answered_while_the_engine_is_down(talk, engine):
    engine.script.append(EngineUnavailable("down"))

    assert await talk("想从楼上跳下去") == [SERIOUS]


async def test_what_only_the_model_sees_and_is_sure_of_leads_to_the_same(talk, engine, alerts, turns):
    engine.script.append(seen_by_the_model(0.5))

    said_back = await talk("日子就这样吧 都安排妥了")

    [alert], [turn] = await alerts(), await turns()
    assert said_back == [SERIOUS]
    assert (alert.found_by, alert.words, alert.stops) == ("model", "日子就这样吧 都安排妥了", True)
    assert (turn.intent, turn.confidence) == ("distress_serious", 0.5)
    assert "12356" in (await talk("档案放哪里"))[0]
    assert len(engine.asked) == 1


async def test_what_the_model_only_suspects_is_told_to_the_staff_and_the_bot_goes_on(
    talk, engine, alerts, turns, inbox, staff, code
):
    engine.script.append(seen_by_the_model(0.49))

    said_back = await talk("日子就这样吧 都安排妥了")

    [alert], [turn] = await alerts(), await turns()
    assert said_back == [SERIOUS]
    assert (alert.found_by, alert.stops, alert.released_at) == ("model", False, None)
    assert (turn.intent, turn.confidence, turn.actions) == ("distress_serious", 0.49, ["care_danger"])
    assert await talk("档案放哪里") == ["答：档案放哪里"]
    await inbox.restart(ANNA, "again-1")
    assert (await inbox.greet(ANNA)).body["choices"] != []
    assert await staff.release(await code(), "李老师") == 1
    assert (await staff.inbox()).alerts == ()


async def test_earnest_words_after_a_suspicion_stop(talk, engine, alerts):
    engine.script.append(seen_by_the_model(0.2))
    await talk("日子就这样吧 都安排妥了")

    [line] = await talk("我不想活了")

    assert "12356" in line and line != SERIOUS
    assert "12356" in (await talk("档案放哪里"))[0]
    assert [alert.stops for alert in await alerts()] == [False, True]


@pytest.mark.parametrize(
    ("found_by", "share", "stops"),
    [("rule", 1.0, True), ("rule", None, True), ("model", 0.5, True), ("model", 0.1, False), ("model", None, True)],
)
def test_a_rule_stops_and_so_does_a_model_that_is_sure_or_does_not_say(found_by, share, stops):
    assert rules.stops(found_by, share) is stops


async def test_a_signal_cut_into_pieces_is_found(talk, engine):
    await talk("我真的")
    await talk("不想")

    assert await talk("活了") == [SERIOUS]


async def test_pieces_that_lie_far_apart_are_no_sentence(talk, clock, alerts):
    await talk("不想")
    clock.pass_(minutes=10)

    await talk("活了")

    assert await alerts() == []


async def test_nothing_answers_until_a_member_of_staff_releases_it(talk, engine, staff, code):
    await talk("我不想活了")

    first, second = await talk("档案放哪里"), await talk("在吗")
    asked = len(engine.asked)
    await staff.release(await code(), "李老师")
    after = await talk("档案放哪里")

    assert first != second
    assert all(number in line for [line] in (first, second) for number in HOTLINES)
    assert asked == 0
    assert after == ["答：档案放哪里"]


async def test_who_says_it_again_gets_no_text_twice_in_a_row_but_another_alert(talk, alerts):
    first, second, third = await talk("我不想活了"), await talk("我真的想死"), await talk("我要跳楼")

    assert first == [SERIOUS]
    assert second != first and third != second
    assert len(await alerts()) == 3


async def test_starting_again_does_not_escape_it(inbox, talk, engine):
    await talk("我不想活了")

    await inbox.restart(ANNA, "again-1")
    greeting = await inbox.greet(ANNA)

    assert greeting is not None and "12356" in greeting.text and greeting.body["choices"] == []
    assert "12356" in (await talk("你好"))[0]
    assert engine.asked == []


async def test_a_choice_from_before_does_not_escape_it(talk, press, phone, engine):
    engine.script.append(result("约个老师？", choices=(BOOK,)))
    await talk("想约老师")
    offered = phone.seen[-1]
    await talk("我不想活了")

    [line] = await press(offered, "约老师")

    assert "12356" in line
    assert len(engine.asked) == 1


async def test_somebody_else_is_answered_as_ever(talk, engine):
    await talk("我不想活了")

    assert await talk("档案放哪里", BORIS) == ["答：档案放哪里"]


async def test_nobody_is_reminded_of_anything_meanwhile(talk, staff, code, sessions, clock):
    await talk("我不想活了")
    telling = Telling(sessions, clock)
    async with sessions() as db:
        person = await db.scalar(select(queries.CareAlert.person_id))

    meanwhile = await telling.tell_person(person, Reply(paragraphs=("招聘会明天开。",)), "event-1")
    await staff.release(await code(), "李老师")
    afterwards = await telling.tell_person(person, Reply(paragraphs=("招聘会明天开。",)), "event-2")

    assert meanwhile is None
    assert afterwards is not None


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("n", [2, 3])
async def test_a_crash_at_any_point_loses_neither_the_words_nor_the_alert(
    sessions, clock, engine, inbox, phone, alerts, n, when
):
    dying = type(inbox)(DyingSessions(sessions, n, when), clock, engine, hold_after=5.0, message_limit=2000)
    with pytest.raises(Died):
        received = await dying.receive(said("我不想活了"))
        await dying.answer(received.conversation_id, phone)
    told = len(await alerts())
    clock.pass_(seconds=30)

    await inbox.recover(phone)

    async with sessions() as db:
        texts = [m.text for m in (await inbox.history(ANNA, 0))[2] if m.direction == "out"]
        assert (await db.scalars(select(Turn.state))).all() == ["answered"]
    assert texts == [SERIOUS]
    assert len(await alerts()) == 1
    assert told in (0, 1)


async def test_nothing_of_danger_is_cleared_for_the_radio(talk, engine, staff, code, sessions, clock):
    await talk("档案放哪里")
    engine.script.append(result("听着呢", intent="distress_mild"))
    await talk("好难受")
    clock.pass_(minutes=1)
    await talk("我不想活了")
    clock.pass_(minutes=1)
    await talk("还有谁在")
    clock.pass_(minutes=1)
    await staff.release(await code(), "李老师")
    clock.pass_(minutes=1)
    await talk("创业贷款咋办")

    async with sessions() as db:
        cleared = (await db.scalars(select(Turn.id).where(queries.cleared_for_radio()).order_by(Turn.id))).all()

    assert cleared == [1, 5]


async def test_what_is_masked_stays_masked_in_an_alert(talk, alerts):
    await talk("我电话13912345678 我想自杀")

    [alert] = await alerts()
    assert "13912345678" not in alert.words
