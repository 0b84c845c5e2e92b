"""What each figure counts, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.care.tables import CareAlert
from bot.conversations.tables import Conversation, Feedback, Identity, Message, Person, Turn
from bot.events.tables import Event, Registration
from bot.figures.brief import Table
from bot.figures.catalogue import FIGURES
from bot.figures.rules import Period
from bot.figures.service import Figures
from bot.guidance.tables import Adviser, Booking
from bot.handover.tables import Handover
from bot.radio.tables import RadioQuestion

DAY = date(2026, 11, 23)
PERIOD = Period(date(2026, 11, 20), DAY)
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


class Record:
    """Rows of people who wrote, written as simply as they can be."""

    def __init__(self, db) -> None:
        self.db, self.n = db, 0

    async def person(self, channel: str = "web") -> Conversation:
        self.n += 1
        person = Person(code=f"P{self.n}", created_at=NOON)
        self.db.add(person)
        await self.db.flush()
        identity = Identity(person_id=person.id, channel=channel, sender=f"s{self.n}", created_at=NOON)
        self.db.add(identity)
        await self.db.flush()
        talk = Conversation(
            code=f"c{self.n}",
            person_id=person.id,
            identity_id=identity.id,
            channel=channel,
            started_at=NOON,
            last_at=NOON,
        )
        self.db.add(talk)
        await self.db.flush()
        return talk

    async def turn(self, talk: Conversation, at: datetime = NOON, *, state: str = "answered", **known) -> Turn:
        turn = Turn(conversation_id=talk.id, state=state, received_at=at, retry_at=at, **known)
        self.db.add(turn)
        await self.db.flush()
        return turn

    async def rated(self, turn: Turn, talk: Conversation, verdict: str, at: datetime = NOON) -> None:
        message = Message(
            conversation_id=talk.id,
            identity_id=talk.identity_id,
            turn_id=turn.id,
            direction="out",
            kind="reply",
            text="",
            at=at,
        )
        self.db.add(message)
        await self.db.flush()
        self.db.add(Feedback(message_id=message.id, verdict=verdict, reasons=[], at=at))


def booking(number: str, talk: Conversation, adviser: Adviser, state: str, at: datetime, made: datetime) -> Booking:
    return Booking(
        number=number, person_id=talk.person_id, adviser_id=adviser.id, place=1, starts_at=at,
        ends_at=at + timedelta(minutes=45), free_at=at + timedelta(minutes=60), mode="线上", topic="简历", state=state,
        created_at=made, changed_at=made, cancelled_by="person" if state == "cancelled" else None,
    )  # fmt: skip


@pytest.fixture
async def figures(sessions, clock) -> Figures:
    return Figures(sessions, clock)


@pytest.fixture
async def lived(sessions) -> None:
    """Two people on two channels, ourselves at the terminal, and what came of it."""
    async with sessions.begin() as db:
        record = Record(db)
        one, other, ours = await record.person(), await record.person("wechat"), await record.person("terminal")
        before = NOON - timedelta(days=5)
        await record.turn(other, before, outcome="served", topic="hukou", milliseconds=10)
        served = await record.turn(one, outcome="served", topic="hukou", milliseconds=20, intent="policy")
        again = await record.turn(one, NOON - timedelta(hours=13), outcome="served", topic="archive", milliseconds=40)
        await record.turn(one, outcome="refused", milliseconds=60)
        await record.turn(other, outcome="offered", milliseconds=20, intent="job_search", scam_signs=["fee"])
        alarming = await record.turn(other, state="failed")
        await record.turn(ours, outcome="served", topic="hukou", milliseconds=5)
        await record.rated(served, one, "up")
        await record.rated(again, one, "down")
        await record.rated(again, one, "down", before)
        db.add(
            CareAlert(
                person_id=other.person_id, conversation_id=other.id, turn_id=alarming.id, kind="self", words="…",
                found_by="rule", at=NOON,
            )
        )  # fmt: skip
        for state in ("asking", "message", "done"):
            talk = one if state != "done" else other
            if state == "asking":
                talk = await record.person()
            taken = (
                {"taken_by": "王", "taken_at": NOON, "last_staff_at": NOON, "closed_at": NOON}
                if state == "done"
                else {}
            )
            db.add(
                Handover(
                    person_id=talk.person_id, identity_id=talk.identity_id, conversation_id=talk.id, state=state,
                    opened_at=NOON, **taken,
                )
            )  # fmt: skip
        real = Adviser(name="李老师", topics=[], modes=[])
        sample = Adviser(name="示例老师", topics=[], modes=[], sample=True)
        db.add_all([real, sample])
        await db.flush()
        db.add_all(
            [
                booking("A", one, real, "done", NOON, before),
                booking("B", one, real, "no_show", NOON, NOON),
                booking("C", other, real, "cancelled", NOON, NOON),
                booking("D", other, real, "expired", NOON, NOON),
                booking("E", other, sample, "done", NOON, NOON),
            ]
        )
        fair = Event(
            title="招聘会", kind="job_fair", mode="offline", starts_at=NOON, ends_at=NOON + timedelta(hours=3), place="广场", source="团市委",
            reported_came=300,
        )  # fmt: skip
        made_up = Event(
            title="示例",
            kind="job_fair",
            mode="offline",
            starts_at=NOON,
            ends_at=NOON + timedelta(hours=3),
            source="示例",
            sample=True,
        )
        db.add_all([fair, made_up])
        await db.flush()
        for n, (talk, state) in enumerate([(one, "came"), (other, "cancelled"), (other, "waiting")]):
            came = {"checked_in_at": NOON, "checked_by": "王"} if state == "came" else {}
            gone = {"cancelled_at": NOON} if state == "cancelled" else {}
            db.add(
                Registration(
                    event_id=fair.id, person_id=talk.person_id, state=state, ticket=f"T{n}", key=f"k{n}", registered_at=NOON,
                    **came, **gone,
                )
            )  # fmt: skip
        db.add(
            RadioQuestion(
                code="Q",
                owner_id=None,
                text="问",
                consent="air",
                state="aired",
                received_at=before,
                selected_at=before,
                aired_on=DAY,
            )
        )


@pytest.mark.usefixtures("lived")
async def test_every_figure_counts_what_it_says(figures):
    overview = await figures.overview(PERIOD)

    assert {name: value.now for name, value in overview.values.items()} == {
        "people": 2, "new_people": 1, "conversations": 2, "turns": 5, "served": 2, "offered": 1, "refused": 1,
        "failed": 1, "up": 1, "down": 1, "handovers": 2, "handovers_taken": 1, "alerts": 1, "scams": 1, "booked": 2,
        "sessions_held": 1, "sessions_missed": 1, "sessions_cancelled": 1, "job_searches": 1, "postings_new": 0,
        "events": 1, "registrations": 2, "came": 1, "questions_received": 0, "questions_aired": 1,
    }  # fmt: skip
    assert overview.values["turns"].before == 1
    assert overview.values["questions_received"].before == 1
    assert overview.values["down"].before == 1
    assert overview.share_answered == 0.5


@pytest.mark.usefixtures("lived")
async def test_days_hours_channels_and_topics_are_those_of_datong(figures):
    overview = await figures.overview(PERIOD)

    # 13 hours before noon is 23:00 of the day before in 大同.
    assert [(day.day.day, day.turns, day.people, day.served) for day in overview.days] == [
        (20, 0, 0, 0), (21, 0, 0, 0), (22, 1, 1, 1), (23, 4, 2, 1),
    ]  # fmt: skip
    assert {hour: n for hour, n in enumerate(overview.hours) if n} == {12: 4, 23: 1}
    assert overview.channels == [("web", 1, 3), ("wechat", 1, 2)]
    assert [(topic.id, topic.n, topic.people, topic.down) for topic in overview.topics] == [
        ("archive", 1, 1, 1), ("hukou", 1, 1, 0),
    ]  # fmt: skip
    assert overview.median == (20, 10)
    assert overview.p95 == (60, 10)


@pytest.mark.usefixtures("lived")
async def test_the_brief_has_the_period_s_events_with_the_league_s_figures_and_our_own(figures):
    brief = await figures.brief(PERIOD)

    tables = [part for section in brief.sections for part in section.parts if isinstance(part, Table)]
    (events,) = [table for table in tables if table.caption.startswith("活动情况")]
    assert events.rows == (("11月23日", "招聘会", "招聘会", "未报", "未报", "300", "未报", "2", "1"),)


@pytest.mark.usefixtures("lived")
@pytest.mark.parametrize("name", [figure.name for figure in FIGURES])
async def test_the_statement_that_is_shown_gives_the_figure(figures, sessions, name):
    traced = await figures.traced(name, PERIOD)

    async with sessions() as db:
        assert (await db.scalar(text(traced.sql.replace(":", "\\:"))) or 0) == traced.value
    assert "SELECT" in traced.sql


async def test_where_nobody_wrote_everything_is_nought_and_each_day_is_there(figures):
    overview = await figures.overview(PERIOD)

    assert overview.empty
    assert {value.now for value in overview.values.values()} == {0}
    assert len(overview.days) == 4
    assert overview.median == (None, None)
    assert overview.share_answered is None
