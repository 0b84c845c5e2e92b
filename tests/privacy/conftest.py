"""Persons with something of every kind, and the service that tells, exports and deletes it, on a real database."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from bot.care.tables import CareAlert
from bot.conversations.tables import Conversation, Feedback, Identity, Message, Person, PressableChoice, Turn
from bot.eligibility.tables import EligibilityFacts
from bot.events.tables import Event, EventReminder, Registration
from bot.guidance.tables import (
    Adviser,
    AdviserBusy,
    Booking,
    BookingContact,
    BookingKey,
    GuidanceOutcome,
    GuidanceRating,
    GuidanceReminder,
    PersonBusy,
    Wait,
)
from bot.handover.tables import Handover
from bot.jobs.tables import Company, Favourite, Posting, Subscription
from bot.linking.tables import JoinCode, Joined, JoinGuess, SignedLink
from bot.outbox.tables import Address, Delivery, HandedOut, NoticeConsent
from bot.people.tables import Account
from bot.privacy.retention import Limits, Retention
from bot.privacy.service import Privacy
from bot.radio.groups.tables import Asked, AskedGroup, AskedText
from bot.radio.live.tables import LiveSent
from bot.radio.programme.tables import Programme, ProgrammeItem, RadioCall, RadioTag
from bot.radio.pull.tables import HostChat
from bot.radio.tables import RadioAsker, RadioQuestion
from bot.review.tables import ConversationNote, ConversationReview, ConversationTag, ConversationViewing, SearchEntry

LIMITS = Limits(days=180, contact_days=30)


@dataclass(frozen=True)
class Somebody:
    """A person, by ids and codes."""

    id: int
    code: str
    identity: int
    talk: int
    talk_code: str


@pytest.fixture
def privacy(sessions, clock) -> Privacy:
    return Privacy(sessions, clock, LIMITS)


@pytest.fixture
def retention(sessions, clock) -> Retention:
    return Retention(sessions, clock, LIMITS)


@pytest.fixture
def somebody(sessions, clock) -> Callable[..., Awaitable[Somebody]]:
    """Makes a person who has said something and was answered, `ago` before now."""

    async def make(text: str = "档案放哪", *, ago: timedelta = timedelta()) -> Somebody:
        at = clock() - ago
        async with sessions.begin() as db:
            person = Person(code=uuid.uuid4().hex[:8].upper(), created_at=at)
            db.add(person)
            await db.flush()
            identity = Identity(person_id=person.id, channel="web", sender=uuid.uuid4().hex, created_at=at)
            db.add(identity)
            await db.flush()
            talk = Conversation(
                code=uuid.uuid4().hex[:16],
                person_id=person.id,
                identity_id=identity.id,
                channel="web",
                started_at=at,
                last_at=at,
            )
            db.add(talk)
            await db.flush()
            turn = Turn(
                conversation_id=talk.id, state="answered", received_at=at, retry_at=at, attempts=1, intent="policy"
            )
            db.add(turn)
            await db.flush()
            common = {"conversation_id": talk.id, "identity_id": identity.id, "turn_id": turn.id, "at": at}
            db.add(Message(**common, direction="in", kind="text", key=uuid.uuid4().hex, text=text))
            reply = Message(**common, direction="out", kind="reply", text="放人才中心。", body={"rateable": True})
            db.add(reply)
            await db.flush()
            db.add(
                PressableChoice(
                    token=uuid.uuid4().hex[:12], conversation_id=talk.id, message_id=reply.id, label="x", payload="/x"
                )
            )
            db.add(Feedback(message_id=reply.id, verdict="down", reasons=["其他"], comment="没说清", at=at))
        return Somebody(person.id, person.code, identity.id, talk.id, talk.code)

    return make


@pytest.fixture
async def adviser(sessions) -> int:
    async with sessions.begin() as db:
        adviser = Adviser(name="张老师", topics=["简历"], modes=["线下"], hours=[])
        db.add(adviser)
    return adviser.id


@pytest.fixture
def book(sessions, adviser) -> Callable[..., Awaitable[int]]:
    """Books a session for a person; its id."""

    places = count(1)

    async def make(person: int, starts_at: datetime, state: str = "booked", **values: Any) -> int:
        place = next(places)
        async with sessions.begin() as db:
            booking = Booking(
                number=uuid.uuid4().hex[:8].upper(),
                person_id=person,
                adviser_id=adviser,
                place=place,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=45),
                free_at=starts_at + timedelta(minutes=60),
                mode="线下",
                topic="简历",
                asked="想改简历",
                state=state,
                created_at=starts_at,
                changed_at=starts_at,
                **values,
            )
            db.add(booking)
            await db.flush()
            step = int(starts_at.timestamp()) // 300
            db.add(PersonBusy(person_id=person, step=step, booking_id=booking.id))
            db.add(AdviserBusy(adviser_id=adviser, place=place, step=step, booking_id=booking.id))
            db.add(BookingKey(person_id=person, what="hold", key=uuid.uuid4().hex, booking_id=booking.id))
            db.add(BookingContact(booking_id=booking.id, sealed=b"sealed", at=starts_at))
            db.add(GuidanceReminder(booking_id=booking.id, kind="day_before", due_at=starts_at))
        return booking.id

    return make


@pytest.fixture
def sign_up(sessions) -> Callable[..., Awaitable[int]]:
    """Signs a person up for an event of its own; the event's id."""

    async def make(person: int, starts_at: datetime) -> int:
        async with sessions.begin() as db:
            event = Event(
                title="秋季招聘会", kind="job_fair", mode="offline", starts_at=starts_at, ends_at=starts_at + timedelta(hours=4), source="联盟"
            )  # fmt: skip
            db.add(event)
            await db.flush()
            signed = Registration(
                event_id=event.id, person_id=person, state="registered", ticket=uuid.uuid4().hex[:8].upper(), key=uuid.uuid4().hex, registered_at=starts_at
            )  # fmt: skip
            db.add(signed)
            await db.flush()
            db.add(EventReminder(registration_id=signed.id, kind="day_before", due_at=starts_at))
        return event.id

    return make


@pytest.fixture
def subscribe(sessions, clock) -> Callable[..., Awaitable[None]]:
    """Saves a search of a person."""

    async def make(who: Somebody, *, active: bool = True, since: datetime | None = None) -> None:
        async with sessions.begin() as db:
            db.add(
                Subscription(person_id=who.id, identity_id=who.identity, wishes={"keyword": "文员"}, active=active, since=since or clock())
            )  # fmt: skip

    return make


@pytest.fixture
def with_everything(sessions, clock, somebody, book, sign_up, subscribe) -> Callable[..., Awaitable[Somebody]]:
    """Makes a person with at least one row in every table that a person can have rows in."""

    async def make() -> Somebody:
        who, now = await somebody(), clock()
        past = await book(who.id, now - timedelta(days=3), state="done", shares_history=True)
        await book(who.id, now + timedelta(days=3), shares_history=True)
        await sign_up(who.id, now + timedelta(days=5))
        await subscribe(who)
        async with sessions.begin() as db:
            company = Company(name=f"恒源商贸{who.code}")
            db.add(company)
            posting = Posting(
                key=who.code, content_hash="0", title="文员", job_type="全职", source="联盟", first_seen=now.date(), checked_on=now.date()
            )  # fmt: skip
            posting.company = company
            db.add(posting)
            question = RadioQuestion(
                code=who.code[:6],
                owner_id=who.id,
                text="档案丢了咋办",
                consent="air",
                state="received",
                received_at=now,
            )
            db.add(question)
            turn = Turn(conversation_id=who.talk, state="answered", received_at=now, retry_at=now, attempts=1)
            db.add(turn)
            told = (
                await db.scalars(
                    select(Message.id).where(Message.identity_id == who.identity, Message.direction == "out").limit(1)
                )
            ).one()
            staff = Account(name=who.code, key=who.code, password="-", password_at=now, added_at=now, added_by="test")
            db.add(staff)
            await db.flush()
            group = AskedGroup(created_at=now)
            db.add(group)
            await db.flush()
            asked = AskedText(key=who.code, vector=b"", group_id=group.id)
            db.add(asked)
            await db.flush()
            sheet = Programme(
                title="对话青春", day=now.date(), minutes=30, created_by="test", created_at=now, changed_by="test", changed_at=now
            )  # fmt: skip
            db.add(sheet)
            await db.flush()
            item = ProgrammeItem(
                programme_id=sheet.id, place=1, question_id=question.id, added_by="test", added_at=now, changed_by="test", changed_at=now
            )  # fmt: skip
            db.add(item)
            await db.flush()
            alert = {"person_id": who.id, "conversation_id": who.talk, "turn_id": turn.id}
            handed = {"person_id": who.id, "identity_id": who.identity, "conversation_id": who.talk}
            db.add_all(
                [
                    Favourite(person_id=who.id, posting_id=posting.id, at=now),
                    EligibilityFacts(person_id=who.id, facts={"education": "大专"}, agreed_in=who.talk_code, at=now),
                    GuidanceOutcome(
                        booking_id=past, done_what="改了简历", advice="投三家", follow_up="", by="张老师", at=now
                    ),
                    GuidanceRating(booking_id=past, stars=5, at=now),
                    Wait(person_id=who.id, day=now.date() + timedelta(days=9), state="waiting", joined_at=now),
                    RadioAsker(
                        question_id=question.id,
                        person_id=who.id,
                        identity_id=who.identity,
                        key=who.code,
                        nickname="小雨",
                    ),
                    RadioCall(question_id=question.id, person_id=who.id, typed_by="test"),
                    RadioTag(question_id=question.id, tag="档案"),
                    LiveSent(item_id=item.id, sent_by="test", sent_at=now),
                    HostChat(account_id=staff.id, identity_id=who.identity, tied_at=now),
                    Address(identity_id=who.identity, sealed=b"sealed", at=now),
                    SignedLink(token=who.talk_code, person_id=who.id, path="/chat/mine", made_at=now, expires_at=now),
                    JoinCode(identity_id=who.identity, code=who.talk_code, made_at=now, expires_at=now),
                    JoinGuess(person_id=who.id, wrong=1, since=now),
                    Joined(identity_id=who.identity, was=0, was_code="OLD", code=who.talk_code, things={}, at=now),
                    HandedOut(identity_id=who.identity, key="k", tries=1, at=now, sealed=b"sealed", given_at=now),
                    NoticeConsent(identity_id=who.identity, kind="event", template="T", event="e", at=now),
                    Delivery(message_id=told, identity_id=who.identity, state="waiting", next_at=now, refs=[]),
                    SearchEntry(
                        conversation_id=who.talk,
                        turn_id=turn.id,
                        at=now,
                        words="档案",
                        facets="",
                        marks="",
                        standing="",
                    ),
                    ConversationReview(conversation_id=who.talk, changed_by="张三", changed_at=now),
                    ConversationTag(conversation_id=who.talk, key="回访", tag="回访", by="张三", at=now),
                    ConversationNote(conversation_id=who.talk, by="张三", text="要回访", at=now),
                    ConversationViewing(conversation_id=who.talk, account_id=staff.id, name="张三", seen_at=now),
                    Asked(text_id=asked.id, person_id=who.id, turn_id=turn.id, at=now, channel="web"),
                    CareAlert(**alert, kind="self", words="撑不下去", found_by="rule", at=now),
                    Handover(**handed, state="message", question="档案丢了", opened_at=now, contact=b"sealed"),
                ]
            )
        return who

    return make
