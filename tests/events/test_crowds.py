"""Many at once, and any order of things: no place is given twice, nobody who waits is lost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.clock import SHANGHAI
from bot.events.rules import AlreadyCheckedIn, AlreadySignedUp, NotAdmitted, NotSignedUp
from bot.events.tables import Event, EventReminder, Registration


async def test_of_thirty_at_once_for_five_places_five_have_one_and_the_others_wait(
    events, elsewhere, put_on, people, sessions
):
    event = await put_on(capacity=5)
    persons = await people(30)

    stands = await asyncio.gather(
        *((events, elsewhere)[n % 2].sign_up(event, person, "k") for n, person in enumerate(persons))
    )

    assert sorted(s.state for s in stands) == ["registered"] * 5 + ["waiting"] * 25
    assert sorted(s.position for s in stands if s.position) == list(range(1, 26))
    async with sessions() as db:
        rows = (await db.execute(select(Registration.state, func.count()).group_by(Registration.state))).all()
        assert dict(rows) == {"registered": 5, "waiting": 25}
        assert await db.scalar(select(Event.taken)) == 5


async def test_one_key_twenty_times_at_once_is_one_sign_up(events, elsewhere, put_on, people, standings):
    event = await put_on(capacity=5)
    [anna] = await people(1)

    stands = await asyncio.gather(*((events, elsewhere)[n % 2].sign_up(event, anna, "k") for n in range(20)))

    assert len(set(stands)) == 1
    assert await standings(event) == {anna: "registered"}


async def test_of_twenty_keys_at_once_one_signs_up_and_the_others_hear_of_it(
    events, elsewhere, put_on, people, standings
):
    event = await put_on(capacity=5)
    [anna] = await people(1)

    outcomes = await asyncio.gather(
        *((events, elsewhere)[n % 2].sign_up(event, anna, f"k{n}") for n in range(20)), return_exceptions=True
    )

    [stands] = [o for o in outcomes if not isinstance(o, BaseException)]
    assert [type(o) for o in outcomes if o is not stands] == [AlreadySignedUp] * 19
    assert await standings(event) == {anna: "registered"}


async def test_places_given_back_at_once_go_to_the_first_who_wait_each_told_once(
    events, elsewhere, put_on, people, standings, sessions
):
    event = await put_on(capacity=8)
    persons = await people(24)
    for person in persons:
        await events.sign_up(event, person, "k")

    told = await asyncio.gather(
        *((events, elsewhere)[n % 2].cancel(event, person) for n, person in enumerate(persons[:8]))
    )

    assert sorted(t.person_id for some in told for t in some) == persons[8:16]
    assert await standings(event) == dict.fromkeys(persons[8:16], "registered") | dict.fromkeys(persons[16:], "waiting")
    async with sessions() as db:
        kinds = await db.scalars(select(EventReminder.kind).where(EventReminder.kind == "moved_up"))
        assert len(kinds.all()) == 8


async def test_of_ten_doors_at_once_one_lets_the_ticket_in(events, elsewhere, put_on, people, clock):
    event = await put_on()
    [anna] = await people(1)
    ticket = (await events.sign_up(event, anna, "k")).ticket
    clock.pass_(hours=24)

    outcomes = await asyncio.gather(
        *((events, elsewhere)[n % 2].check_in(ticket, f"门{n}") for n in range(10)), return_exceptions=True
    )

    assert sorted(type(o).__name__ for o in outcomes) == ["AlreadyCheckedIn"] * 9 + ["CheckedIn"]


async def test_coming_in_while_stepping_back_ends_in_one_of_the_two(events, elsewhere, put_on, people, clock, sessions):
    event = await put_on(capacity=1)
    persons = await people(2)
    tickets = [(await events.sign_up(event, person, "k")).ticket for person in persons]
    clock.pass_(hours=24)

    came, cancelled = await asyncio.gather(
        events.check_in(tickets[0], "小王"), elsewhere.cancel(event, persons[0]), return_exceptions=True
    )

    async with sessions() as db:
        states = (await db.scalars(select(Registration.state).order_by(Registration.id))).all()
    if isinstance(came, NotAdmitted):
        assert (states, len(cancelled)) == (["cancelled", "registered"], 1)
    else:
        assert (states, type(cancelled)) == (["came", "waiting"], AlreadyCheckedIn)


async def test_moving_up_from_many_sides_gives_each_free_place_once(
    events, elsewhere, put_on, people, standings, sessions
):
    event = await put_on(capacity=1)
    persons = await people(12)
    for person in persons:
        await events.sign_up(event, person, "k")
    async with sessions.begin() as db:
        (await db.get_one(Event, event)).capacity = 6

    told = await asyncio.gather(*((events, elsewhere)[n % 2].fill_free_places() for n in range(6)))

    assert [t.person_id for some in told for t in some] == persons[1:6]
    assert list((await standings(event)).values()) == ["registered"] * 6 + ["waiting"] * 6


# -- any order -----------------------------------------------------------------------------------------------------


@dataclass
class OnPaper:
    """The list as a careful person with a pencil would keep it."""

    capacity: int | None
    inside: list[int] = field(default_factory=list)
    came: set[int] = field(default_factory=set)
    queue: list[int] = field(default_factory=list)

    def _fill(self) -> list[int]:
        moved = []
        while self.queue and (self.capacity is None or len(self.inside) < self.capacity):
            moved.append(self.queue.pop(0))
            self.inside.append(moved[-1])
        return moved

    def sign_up(self, person: int) -> object:
        if person in self.inside or person in self.queue:
            return AlreadySignedUp
        self.queue.append(person)
        self._fill()
        return ("registered", None) if person in self.inside else ("waiting", len(self.queue))

    def cancel(self, person: int) -> object:
        if person in self.came:
            return AlreadyCheckedIn
        if person in self.queue:
            self.queue.remove(person)
        elif person in self.inside:
            self.inside.remove(person)
        else:
            return NotSignedUp
        return self._fill()

    def check_in(self, person: int) -> object:
        if person in self.came:
            return AlreadyCheckedIn
        if person not in self.inside:
            return NotAdmitted
        self.came.add(person)
        return person


STEPS = st.lists(
    st.tuples(st.sampled_from(["sign_up", "sign_up", "cancel", "check_in"]), st.integers(0, 5)), max_size=25
)


@pytest.fixture
async def six(people):
    return await people(6)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(capacity=st.one_of(st.none(), st.integers(1, 4)), steps=STEPS)
async def test_no_order_of_things_gives_a_place_too_many_or_loses_who_waits(
    events, put_on, sessions, clock, six, capacity, steps
):
    event = await put_on(
        capacity=capacity,
        starts_at=clock().astimezone(SHANGHAI).replace(hour=14),  # today: one may sign up and come in
        ends_at=clock().astimezone(SHANGHAI).replace(hour=17),
    )
    paper, tickets = OnPaper(capacity), {}
    for n, (what, who) in enumerate(steps):
        person = six[who]
        if what == "check_in" and person not in tickets:
            continue
        try:
            if what == "sign_up":
                stands = await events.sign_up(event, person, f"k{n}")
                tickets[person], outcome = stands.ticket, (stands.state, stands.position)
            elif what == "cancel":
                outcome = [told.person_id for told in await events.cancel(event, person)]
            else:
                await events.check_in(tickets[person], "小王")
                outcome = person
        except (AlreadySignedUp, AlreadyCheckedIn, NotSignedUp, NotAdmitted) as refusal:
            outcome = type(refusal)

        assert outcome == getattr(paper, what)(person)
        async with sessions() as db:
            rows = (
                await db.execute(
                    select(Registration.person_id, Registration.state)
                    .where(Registration.event_id == event, Registration.state != "cancelled")
                    .order_by(Registration.id)
                )
            ).all()
            taken = await db.scalar(select(Event.taken).where(Event.id == event))
        assert [p for p, state in rows if state == "waiting"] == paper.queue
        assert {p for p, state in rows if state != "waiting"} == set(paper.inside)
        assert {p for p, state in rows if state == "came"} == paper.came
        assert taken == len(paper.inside)
        assert capacity is None or taken <= capacity
