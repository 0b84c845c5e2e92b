"""Every statement that figures come from. Each takes a period and counts what happened in it; none commits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, Integer, Select, and_, func, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from bot.care.tables import CareAlert
from bot.conversations.tables import Conversation, Feedback, Message, Turn
from bot.events.tables import Event, Registration
from bot.figures.rules import Period
from bot.guidance.tables import Adviser, Booking
from bot.handover.tables import Handover
from bot.jobs.tables import Posting
from bot.radio.tables import RadioQuestion

TERMINAL = "terminal"
"""The channel of `duihua ask`: our own questions, which count nowhere."""


class ShanghaiDay(FunctionElement[Any]):
    """The calendar day in 大同 of a moment (UTC+8 all year since 1992)."""

    type = Date()
    inherit_cache = True


class ShanghaiHour(FunctionElement[int]):
    """The hour of the day in 大同 of a moment, 0 to 23."""

    type = Integer()
    inherit_cache = True


@compiles(ShanghaiDay, "sqlite")
def _day_sqlite(element: ShanghaiDay, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"date({compiler.process(element.clauses, **kwargs)}, '+8 hours')"


@compiles(ShanghaiDay)
def _day(element: ShanghaiDay, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"(({compiler.process(element.clauses, **kwargs)}) AT TIME ZONE 'Asia/Shanghai')::date"


@compiles(ShanghaiHour, "sqlite")
def _hour_sqlite(element: ShanghaiHour, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"CAST(strftime('%H', {compiler.process(element.clauses, **kwargs)}, '+8 hours') AS INTEGER)"


@compiles(ShanghaiHour)
def _hour(element: ShanghaiHour, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"CAST(EXTRACT(HOUR FROM ({compiler.process(element.clauses, **kwargs)}) AT TIME ZONE 'Asia/Shanghai') AS INTEGER)"


def within(moment: Any, period: Period) -> ColumnElement[bool]:
    """Whether a moment lies in a period."""
    return and_(moment >= period.begins, moment < period.ends)


def _unindexed(column: Any) -> Any:
    """A column of `turn` as a condition within a period: SQLite, which knows nothing of how common a value is, is to
    look up the period and not the value (ten times quicker at a million turns)."""
    return func.coalesce(column, "")


def _turns(period: Period, *what: Any) -> Select[Any]:
    """Turns of people, begun in a period."""
    return (
        select(*(what or (func.count(),)))
        .select_from(Turn)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(within(Turn.received_at, period), Conversation.channel != TERMINAL)
    )


# -- what people said ------------------------------------------------------------------------------------------------


def people(period: Period) -> Select[Any]:
    """Persons who wrote."""
    return _turns(period, func.count(Conversation.person_id.distinct()))


def new_people(period: Period) -> Select[Any]:
    """Persons who wrote and had not written before the period."""
    wrote_before = (
        select(literal_column("1"))
        .select_from(Turn)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(Turn.received_at < period.begins, Conversation.channel != TERMINAL)
    )
    this = _turns(period, Conversation.person_id).distinct().subquery()
    return (
        select(func.count())
        .select_from(this)
        .where(~wrote_before.where(Conversation.person_id == this.c.person_id).exists())
    )


def conversations(period: Period) -> Select[Any]:
    """Conversations in which somebody wrote."""
    return _turns(period, func.count(Turn.conversation_id.distinct()))


def turns(period: Period) -> Select[Any]:
    """Messages of people."""
    return _turns(period)


def outcome(name: str) -> Any:
    """The statement that counts the turns with one outcome."""

    def statement(period: Period) -> Select[Any]:
        return _turns(period).where(_unindexed(Turn.outcome) == name)

    return statement


def failed(period: Period) -> Select[Any]:
    """Turns given up with an apology."""
    return _turns(period).where(_unindexed(Turn.state) == "failed")


def scams(period: Period) -> Select[Any]:
    """Turns in which signs of a scam were seen."""
    return _turns(period).where(Turn.scam_signs.is_not(None))


def verdict(name: str) -> Any:
    """The statement that counts 👍 or 👎 given in a period."""

    def statement(period: Period) -> Select[Any]:
        return select(func.count()).select_from(Feedback).where(within(Feedback.at, period), Feedback.verdict == name)

    return statement


def reply_times(period: Period) -> Select[Any]:
    """(milliseconds, how often) of answered turns, rising."""
    return (
        _turns(period, Turn.milliseconds, func.count())
        .where(_unindexed(Turn.state) == "answered", Turn.milliseconds.is_not(None))
        .group_by(Turn.milliseconds)
        .order_by(Turn.milliseconds)
    )


# -- people helped by people -----------------------------------------------------------------------------------------


def handovers(period: Period) -> Select[Any]:
    """Questions handed over to a person, or left for one."""
    return (
        select(func.count()).select_from(Handover).where(within(Handover.opened_at, period), Handover.state != "asking")
    )


def handovers_taken(period: Period) -> Select[Any]:
    """Of those, how many a member of staff took."""
    return handovers(period).where(Handover.taken_at.is_not(None))


def alerts(period: Period) -> Select[Any]:
    """Alerts of danger."""
    return select(func.count()).select_from(CareAlert).where(within(CareAlert.at, period))


def _bookings(moment: Any, period: Period) -> Select[Any]:
    return (
        select(func.count())
        .select_from(Booking)
        .join(Adviser, Adviser.id == Booking.adviser_id)
        .where(within(moment, period), Adviser.sample.is_(False))
    )


def booked(period: Period) -> Select[Any]:
    """Sessions booked in the period, whatever became of them; holds that ran out are none."""
    return _bookings(Booking.created_at, period).where(Booking.state.in_(("booked", "cancelled", "done", "no_show")))


def sessions_held(period: Period) -> Select[Any]:
    """Sessions that took place in the period."""
    return _bookings(Booking.starts_at, period).where(Booking.state == "done")


def sessions_missed(period: Period) -> Select[Any]:
    """Sessions of the period to which nobody came."""
    return _bookings(Booking.starts_at, period).where(Booking.state == "no_show")


def sessions_cancelled(period: Period) -> Select[Any]:
    """Sessions of the period that were called off."""
    return _bookings(Booking.starts_at, period).where(Booking.state == "cancelled")


# -- jobs, events, radio ---------------------------------------------------------------------------------------------


def job_searches(period: Period) -> Select[Any]:
    """Turns about postings."""
    return _turns(period).where(_unindexed(Turn.intent).in_(("job_search", "job_detail_or_more")))


def postings_new(period: Period) -> Select[Any]:
    """Postings first seen in the period, without samples."""
    return (
        select(func.count())
        .select_from(Posting)
        .where(Posting.first_seen >= period.first, Posting.first_seen <= period.last, Posting.sample.is_(False))
    )


def _events(period: Period, *what: Any) -> Select[Any]:
    return (
        select(*(what or (func.count(),)))
        .select_from(Event)
        .where(within(Event.starts_at, period), Event.sample.is_(False), Event.status == "planned")
    )


def events(period: Period) -> Select[Any]:
    """Events that took place in the period, without samples and those called off."""
    return _events(period)


def registrations(period: Period) -> Select[Any]:
    """Sign-ups of the period's events that were not withdrawn."""
    return (
        _events(period).join(Registration, Registration.event_id == Event.id).where(Registration.state != "cancelled")
    )


def came(period: Period) -> Select[Any]:
    """Of those, how many were checked in."""
    return _events(period).join(Registration, Registration.event_id == Event.id).where(Registration.state == "came")


def events_listed(period: Period) -> Select[Any]:
    """The period's events, by date: title, kind, start, place, the League's figures, sign-ups, check-ins."""
    count = func.count(Registration.id)
    return (
        _events(
            period, Event.title, Event.kind, Event.starts_at, Event.place, Event.reported_companies,
            Event.reported_posts, Event.reported_came, Event.reported_intents,
            count.filter(Registration.state != "cancelled"), count.filter(Registration.state == "came"),
        )
        .outerjoin(Registration, Registration.event_id == Event.id)
        .group_by(Event.id)
        .order_by(Event.starts_at, Event.id)
    )  # fmt: skip


def questions_received(period: Period) -> Select[Any]:
    """Questions given for the programme."""
    return select(func.count()).select_from(RadioQuestion).where(within(RadioQuestion.received_at, period))


def questions_aired(period: Period) -> Select[Any]:
    """Questions that were on air."""
    return (
        select(func.count())
        .select_from(RadioQuestion)
        .where(RadioQuestion.aired_on >= period.first, RadioQuestion.aired_on <= period.last)
    )


# -- series ----------------------------------------------------------------------------------------------------------


def by_day(period: Period) -> Select[Any]:
    """(day, messages, persons, served, offered, refused) for each day with anything."""
    day = ShanghaiDay(Turn.received_at)
    return (
        _turns(
            period, day, func.count(), func.count(Conversation.person_id.distinct()),
            *(func.count(Turn.id).filter(Turn.outcome == name) for name in ("served", "offered", "refused")),
        )
        .group_by(day)
        .order_by(day)
    )  # fmt: skip


def by_hour(period: Period) -> Select[Any]:
    """(hour in 大同, messages), of hours with anything."""
    hour = ShanghaiHour(Turn.received_at)
    return _turns(period, hour, func.count()).group_by(hour).order_by(hour)


def by_channel(period: Period) -> Select[Any]:
    """(channel, persons, messages), the most persons first."""
    persons = func.count(Conversation.person_id.distinct())
    return (
        _turns(period, Conversation.channel, persons, func.count())
        .group_by(Conversation.channel)
        .order_by(persons.desc(), Conversation.channel)
    )


def by_topic(period: Period) -> Select[Any]:
    """(topic, times served, persons) of each topic that was served, the most first."""
    persons = func.count(Conversation.person_id.distinct())
    return (
        _turns(period, Turn.topic, func.count(), persons)
        .where(Turn.topic.is_not(None))
        .group_by(Turn.topic)
        .order_by(func.count().desc(), Turn.topic)
    )


def by_intent(period: Period) -> Select[Any]:
    """(intent, messages), the most first."""
    return (
        _turns(period, Turn.intent, func.count())
        .where(Turn.intent.is_not(None))
        .group_by(Turn.intent)
        .order_by(func.count().desc(), Turn.intent)
    )


def disliked_topics(period: Period) -> Select[Any]:
    """(topic, 👎) of answers to each topic, the most first."""
    return (
        select(Turn.topic, func.count())
        .select_from(Feedback)
        .join(Message, Message.id == Feedback.message_id)
        .join(Turn, Turn.id == Message.turn_id)
        .where(within(Feedback.at, period), Feedback.verdict == "down", Turn.topic.is_not(None))
        .group_by(Turn.topic)
        .order_by(func.count().desc(), Turn.topic)
    )
