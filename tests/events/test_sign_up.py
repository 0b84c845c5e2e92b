"""Signing up, waiting, stepping back, coming in."""

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from bot.clock import SHANGHAI
from bot.conversations.tables import Person
from bot.events import rules, service
from bot.events.rules import (
    AlreadyCheckedIn,
    AlreadySignedUp,
    EventCancelled,
    EventOver,
    NotAdmitted,
    NotSignedUp,
    UnknownEvent,
    UnknownTicket,
    WrongDay,
)
from bot.events.tables import Event, Registration
from bot.privacy import belongings


async def taken(sessions, event_id):
    async with sessions() as db:
        return await db.scalar(select(Event.taken).where(Event.id == event_id))


async def test_who_comes_first_has_a_place_and_who_comes_late_waits_in_order(events, put_on, people):
    event = await put_on(capacity=2)

    stands = [await events.sign_up(event, person, "k") for person in await people(4)]

    assert [(s.state, s.position) for s in stands] == [
        ("registered", None), ("registered", None), ("waiting", 1), ("waiting", 2),
    ]  # fmt: skip
    assert len({s.ticket for s in stands}) == 4
    assert all(rules.ticket_in(s.ticket) == s.ticket for s in stands)


async def test_an_event_without_a_limit_takes_everybody(events, put_on, people):
    event = await put_on(capacity=None)

    stands = [await events.sign_up(event, person, "k") for person in await people(5)]

    assert {s.state for s in stands} == {"registered"}
    assert (await events.details(event)).event.free is None


async def test_the_same_key_is_the_same_sign_up_whatever_came_after(events, put_on, people, clock, standings):
    event = await put_on(capacity=1)
    anna, boris = await people(2)
    first = await events.sign_up(event, anna, "k")
    waits = await events.sign_up(event, boris, "k")

    assert await events.sign_up(event, anna, "k") == first
    assert await events.sign_up(event, boris, "k") == waits
    await events.cancel(event, anna)
    clock.pass_(days=3)

    assert (await events.sign_up(event, anna, "k")).state == "cancelled"
    assert (await events.sign_up(event, boris, "k")).state == "registered"
    assert await standings(event) == {boris: "registered"}


async def test_another_key_is_told_of_the_sign_up_that_is_there(events, put_on, people):
    event = await put_on(capacity=1)
    anna, boris, clara = await people(3)
    stands = [await events.sign_up(event, person, "k1") for person in (anna, boris, clara)]

    for person, stood in zip((anna, boris, clara), stands):
        with pytest.raises(AlreadySignedUp) as there:
            await events.sign_up(event, person, "k2")
        assert (there.value.state, there.value.ticket, there.value.position) == (
            stood.state, stood.ticket, stood.position,
        )  # fmt: skip


async def test_after_stepping_back_one_may_sign_up_again_at_the_end_of_the_queue(events, put_on, people):
    event = await put_on(capacity=1)
    anna, boris = await people(2)
    first = await events.sign_up(event, anna, "k1")
    await events.sign_up(event, boris, "k1")
    await events.cancel(event, anna)

    again = await events.sign_up(event, anna, "k2")

    assert (again.state, again.position) == ("waiting", 1)
    assert again.ticket != first.ticket


async def test_a_place_given_back_goes_to_who_waits_longest(events, put_on, people, standings):
    event = await put_on(capacity=1)
    anna, boris, clara = await people(3)
    for person in (anna, boris, clara):
        await events.sign_up(event, person, "k")

    told = await events.cancel(event, anna)

    assert [(t.person_id, t.state) for t in told] == [(boris, "registered")]
    assert await standings(event) == {boris: "registered", clara: "waiting"}
    assert (await events.details(event, clara)).mine.position == 1


async def test_who_leaves_the_queue_moves_nobody_but_those_behind(events, put_on, people):
    event = await put_on(capacity=1)
    anna, boris, clara = await people(3)
    for person in (anna, boris, clara):
        await events.sign_up(event, person, "k")

    assert await events.cancel(event, boris) == ()

    assert (await events.details(event, clara)).mine.position == 1
    assert (await events.details(event, anna)).mine.state == "registered"


async def test_only_who_is_signed_up_can_step_back_and_only_once(events, put_on, people):
    event = await put_on()
    anna, boris = await people(2)
    await events.sign_up(event, anna, "k")
    await events.cancel(event, anna)

    for person in (anna, boris):
        with pytest.raises(NotSignedUp):
            await events.cancel(event, person)


async def test_an_event_that_is_over_called_off_or_unknown_takes_nobody(events, put_on, people, clock, sessions):
    fair, training, off = await put_on(), await put_on(kind="training"), await put_on()
    [anna] = await people(1)
    await events.sign_up(off, anna, "k")
    await events.cancel_event(off)

    with pytest.raises(EventCancelled):
        await events.sign_up(off, anna, "k2")
    with pytest.raises(EventCancelled):
        await events.cancel(off, anna)
    with pytest.raises(UnknownEvent):
        await events.sign_up(off + 1, anna, "k")
    clock.pass_(hours=24)  # 10:00 on the day itself
    with pytest.raises(EventOver):
        await events.sign_up(training, anna, "k")
    assert (await events.sign_up(fair, anna, "k")).state == "registered"
    clock.pass_(hours=6)
    for late in (events.sign_up(fair, anna, "k2"), events.cancel(fair, anna), events.cancel_event(fair)):
        with pytest.raises(EventOver):
            await late


async def test_nobody_moves_up_once_a_training_has_begun(events, put_on, people, clock, standings):
    event = await put_on(kind="training", capacity=1)
    anna, boris = await people(2)
    for person in (anna, boris):
        await events.sign_up(event, person, "k")
    clock.pass_(hours=24)

    assert await events.cancel(event, anna) == ()
    assert await events.fill_free_places() == ()

    assert await standings(event) == {boris: "waiting"}


async def test_a_deleted_person_frees_the_place_for_who_waits(events, put_on, people, sessions, standings):
    event = await put_on(capacity=1)
    anna, boris, clara = await people(3)
    for person in (anna, boris):
        await events.sign_up(event, person, "k")
    async with sessions.begin() as db:
        await belongings.remove(db, belongings.PERSON, [anna])

    assert await taken(sessions, event) == 0
    newcomer = await events.sign_up(event, clara, "k")

    assert (newcomer.state, newcomer.position) == ("waiting", 1)  # nobody overtakes
    assert await standings(event) == {boris: "registered", clara: "waiting"}


async def test_a_larger_hall_lets_in_as_many_as_it_has_room_for(events, put_on, people, sessions, standings):
    event, other = await put_on(capacity=1), await put_on(capacity=1)
    persons = await people(4)
    for person in persons:
        await events.sign_up(event, person, "k")
        await events.sign_up(other, person, "k")
    async with sessions.begin() as db:
        await db.execute(update(Event).where(Event.id == event).values(capacity=3))

    told = await events.fill_free_places()

    assert [t.person_id for t in told] == persons[1:3]
    assert list((await standings(event)).values()) == ["registered"] * 3 + ["waiting"]
    assert list((await standings(other)).values()) == ["registered"] + ["waiting"] * 3
    assert await events.fill_free_places() == ()


async def test_the_database_itself_refuses_one_place_too_many(events, put_on, people, sessions):
    event = await put_on(capacity=1)
    anna, boris = await people(2)
    for person in (anna, boris):
        await events.sign_up(event, person, "k")

    for statement in (
        update(Registration).where(Registration.person_id == boris).values(state="registered"),
        update(Event).where(Event.id == event).values(taken=2),
        text(
            "INSERT INTO registration (event_id, person_id, state, ticket, key, registered_at) "
            f"VALUES ({event}, {anna}, 'waiting', 'EVT-AAAAAAAA', 'other', '2026-11-24 02:00:00')"
        ),
    ):
        with pytest.raises(IntegrityError):
            async with sessions.begin() as db:
                await db.execute(statement)
    assert await taken(sessions, event) == 1


async def test_the_count_of_places_follows_every_change_of_the_table(events, put_on, people, sessions):
    event = await put_on(capacity=3)
    persons = await people(3)
    for person in persons:
        await events.sign_up(event, person, "k")

    counts = [await taken(sessions, event)]
    for statement in (
        update(Registration).where(Registration.person_id == persons[0]).values(state="waiting"),
        delete(Registration).where(Registration.person_id == persons[0]),
        delete(Registration).where(Registration.person_id == persons[1]),
        delete(Person).where(Person.id == persons[2]),
    ):
        async with sessions.begin() as db:
            await db.execute(statement)
        counts.append(await taken(sessions, event))

    assert counts == [3, 2, 2, 1, 0]


async def test_a_ticket_that_somebody_has_is_drawn_again(events, put_on, people, monkeypatch):
    event = await put_on()
    anna, boris = await people(2)
    drawn = iter(["EVT-AAAAAAAA", "EVT-AAAAAAAA", "EVT-BBBBBBBB"])
    monkeypatch.setattr(service, "new_ticket", lambda: next(drawn))

    assert (await events.sign_up(event, anna, "k")).ticket == "EVT-AAAAAAAA"
    assert (await events.sign_up(event, boris, "k")).ticket == "EVT-BBBBBBBB"


async def test_a_person_who_does_not_exist_is_not_signed_up(events, put_on, standings):
    event = await put_on()

    with pytest.raises(IntegrityError):
        await events.sign_up(event, 4711, "k")

    assert await standings(event) == {}


async def test_a_ticket_opens_once_and_tells_when_it_did(events, put_on, people, clock, standings):
    event = await put_on()
    [anna] = await people(1)
    ticket = (await events.sign_up(event, anna, "k")).ticket
    clock.pass_(hours=24)

    came = await events.check_in(f" {ticket.lower()} ", "门口的小王")
    clock.pass_(minutes=5)

    assert (came.event.id, came.ticket, came.at.astimezone(SHANGHAI).hour) == (event, ticket, 10)
    with pytest.raises(AlreadyCheckedIn) as again:
        await events.check_in(ticket, "另一个门口")
    assert (again.value.at, again.value.by) == (came.at, "门口的小王")
    with pytest.raises(AlreadyCheckedIn):
        await events.cancel(event, anna)
    assert await standings(event) == {anna: "came"}
    assert (await events.mine(anna))[0].mine.checked_in_at == came.at


async def test_a_ticket_opens_on_its_day_only(events, put_on, people, clock, standings):
    event = await put_on()
    [anna] = await people(1)
    ticket = (await events.sign_up(event, anna, "k")).ticket

    for days in (0, 2):
        clock.pass_(days=days)
        with pytest.raises(WrongDay):
            await events.check_in(ticket, "小王")

    assert await standings(event) == {anna: "registered"}


async def test_tickets_of_those_who_wait_or_stepped_back_open_nothing(events, put_on, people, clock):
    event = await put_on(capacity=1)
    anna, boris, clara = await people(3)
    tickets = [(await events.sign_up(event, person, "k")).ticket for person in (anna, boris, clara)]
    await events.cancel(event, clara)
    clock.pass_(hours=24)

    for ticket, state in ((tickets[1], "waiting"), (tickets[2], "cancelled")):
        with pytest.raises(NotAdmitted) as refused:
            await events.check_in(ticket, "小王")
        assert refused.value.state == state
    for unknown in ("EVT-22222222", "你好"):
        with pytest.raises(UnknownTicket):
            await events.check_in(unknown, "小王")


async def test_a_ticket_of_an_event_that_was_called_off_opens_nothing(events, put_on, people, clock):
    event = await put_on()
    [anna] = await people(1)
    ticket = (await events.sign_up(event, anna, "k")).ticket
    await events.cancel_event(event)
    clock.pass_(hours=24)

    with pytest.raises(EventCancelled):
        await events.check_in(ticket, "小王")
