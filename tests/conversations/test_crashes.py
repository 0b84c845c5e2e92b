"""A gateway that dies between any two steps: nothing lost, nothing doubled."""

import asyncio
from datetime import timedelta

import pytest
from inbox_fakes import Died, DyingSessions, Gate, result, said

from bot.conversations import rules
from bot.conversations.tables import Turn

LONG = {"minutes": 2}  # longer than any claim


async def come_back(gateway, clock, phone):
    """What a person's page and a new process do afterwards: send what was not acknowledged, look for what waits."""
    clock.pass_(**LONG)
    inbox = gateway()
    received = await inbox.receive(said("贷款"))
    await inbox.answer(received.conversation_id, phone)
    await inbox.recover(phone)
    clock.pass_(**LONG)
    await inbox.recover(phone)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", [1, 2, 3], ids=["writing down", "claiming", "closing"])
async def test_a_process_that_dies_around_a_transaction_loses_and_doubles_nothing(
    gateway, sessions, engine, phone, clock, record, step, when
):
    dying = gateway(on=DyingSessions(sessions, step, when))
    with pytest.raises(Died):
        received = await dying.receive(said("贷款"))
        await dying.answer(received.conversation_id, phone)

    await come_back(gateway, clock, phone)

    assert [m.text for m in await record("in")] == ["贷款"]
    assert [m.text for m in await record("out")] == ["答：贷款"]
    assert [t.state for t in await record("turns")] == ["answered"]
    assert len(engine.carried_out) == 1


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_process_that_dies_around_the_holding_line_says_it_once_and_answers_once(
    gateway, sessions, engine, phone, clock, record, when
):
    engine.script.append(Gate(result("永远不来")))
    dying = gateway(on=DyingSessions(sessions, 3, when), hold_after=0.02)
    received = await dying.receive(said("贷款"))
    with pytest.raises(Died):
        await dying.answer(received.conversation_id, phone)

    await come_back(gateway, clock, phone)

    assert [m.kind for m in await record("out")] == (["reply"] if when == "before" else ["holding", "reply"])


async def test_a_process_that_dies_in_the_middle_of_the_engine_s_work_is_answered_once(
    gateway, engine, phone, clock, record
):
    engine.script.append(Died())
    inbox = gateway()
    received = await inbox.receive(said("贷款"))
    with pytest.raises(Died):
        await inbox.answer(received.conversation_id, phone)

    await come_back(gateway, clock, phone)

    assert [m.text for m in await record("out")] == ["答：贷款"]
    assert phone.texts == ["答：贷款"]


async def test_a_reply_whose_delivery_fails_is_kept_and_not_made_again(gateway, engine, phone, clock, record):
    async def broken(_message):
        raise ConnectionResetError

    inbox = gateway()
    received = await inbox.receive(said("贷款"))
    with pytest.raises(ConnectionResetError):
        await inbox.answer(received.conversation_id, broken)

    await come_back(gateway, clock, phone)

    assert [m.text for m in await record("out")] == ["答：贷款"]
    assert len(engine.asked) == 1


async def test_a_holding_line_whose_delivery_fails_does_not_keep_the_answer_away(gateway, engine, phone, clock, record):
    async def broken(_message):
        raise ConnectionResetError

    engine.script.append(Gate(result("永远不来")))
    inbox = gateway(hold_after=0.02)
    received = await inbox.receive(said("贷款"))
    with pytest.raises(ConnectionResetError):
        await inbox.answer(received.conversation_id, broken)

    await come_back(gateway, clock, phone)

    assert [m.kind for m in await record("out")] == ["holding", "reply"]


async def test_a_turn_that_somebody_works_on_is_left_to_them(processes, engine, phone, clock):
    slow = Gate(result("来了。"))
    engine.script.append(slow)
    here, there = processes
    received = await here.receive(said("贷款"))
    working = asyncio.create_task(here.answer(received.conversation_id, phone))
    await slow.reached.wait()

    clock.pass_(seconds=5)
    assert await there.recover(phone) == 0
    slow.open()
    await working

    assert phone.texts == ["来了。"]
    assert len(engine.asked) == 1


async def test_a_process_that_still_works_on_a_turn_keeps_it(processes, engine, phone, clock, sessions, monkeypatch):
    monkeypatch.setattr(rules, "CLAIM_AGAIN", timedelta(milliseconds=5))
    slow = Gate(result("来了。"))
    engine.script += [slow]
    here, there = processes
    received = await here.receive(said("贷款"))
    working = asyncio.create_task(here.answer(received.conversation_id, phone))
    await slow.reached.wait()

    for _ in range(4):
        clock.pass_(seconds=8)
        await until_claimed(sessions, received.turn_id, beyond=clock() + timedelta(seconds=5))
        assert await there.recover(phone) == 0
    slow.open()
    await working

    assert phone.texts == ["来了。"]
    assert len(engine.asked) == 1


async def until_claimed(sessions, turn_id, *, beyond):
    async with asyncio.timeout(5):
        while True:
            async with sessions() as db:
                if (await db.get_one(Turn, turn_id)).claimed_until > beyond:
                    return
            await asyncio.sleep(0.005)


async def test_an_answer_that_comes_after_the_claim_ran_out_is_dropped(processes, engine, phone, clock, record):
    late = Gate(result("晚了。"))
    engine.script += [late, result("准时。")]
    here, there = processes
    received = await here.receive(said("贷款"))
    working = asyncio.create_task(here.answer(received.conversation_id, phone))
    await late.reached.wait()

    clock.pass_(**LONG)
    await there.recover(phone)
    late.open()
    await working

    assert [m.text for m in await record("out")] == ["准时。"]
    assert phone.texts == ["准时。"]


async def test_two_processes_that_finish_one_turn_at_the_same_moment_store_one_reply(
    gateway, rivals, engine, phone, clock, record
):
    one, other = Gate(result("一")), Gate(result("二"))
    engine.script += [one, other]
    here, there = rivals
    received = await gateway().receive(said("贷款"))
    first = asyncio.create_task(here.answer(received.conversation_id, phone))
    await one.reached.wait()
    clock.pass_(**LONG)
    second = asyncio.create_task(there.recover(phone))
    await other.reached.wait()

    one.open()
    other.open()
    await asyncio.gather(first, second)

    assert len(await record("out")) == len(phone.seen) == 1


async def test_two_processes_that_look_for_waiting_turns_at_once_answer_each_once(
    gateway, rivals, engine, phone, clock, record
):
    inbox = gateway()
    for n in range(5):
        await inbox.receive(said("贷款", f"k{n}"))
    clock.pass_(**LONG)

    await asyncio.gather(*(process.recover(phone) for process in rivals))
    await gateway().recover(phone)

    assert len(await record("out")) == 5
    assert len(engine.asked) == 5


async def test_a_conversation_that_cannot_be_answered_does_not_keep_others_waiting(
    gateway, engine, phone, clock, record
):
    inbox = gateway()
    sender = type(said("").sender)
    for name in ("a", "b"):
        await inbox.receive(said(f"我是{name}", "k1", sender("web", name)))
    clock.pass_(**LONG)
    engine.script.append(KeyError("understood"))

    for _ in range(2):
        try:
            await inbox.recover(phone)
        except KeyError:
            clock.pass_(seconds=2)

    assert phone.texts == ["答：我是b"]


async def test_what_waits_is_answered_after_a_start(gateway, phone, clock, record):
    await gateway().receive(said("贷款"))

    clock.pass_(seconds=1)
    assert await gateway().recover(phone) == 1

    assert phone.texts == ["答：贷款"]
