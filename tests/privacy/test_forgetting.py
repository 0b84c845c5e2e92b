"""Deleting a person: everything of theirs and nothing of others, whatever table it stands in, once, also when it is cut short."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.channels.base import Inbound, Sender
from bot.channels.web import page_form
from bot.conversations.engine import EngineUnavailable, TurnResult
from bot.conversations.service import Conversations
from bot.conversations.tables import Conversation, Identity, Message, Person, Turn
from bot.conversations.telling import Telling
from bot.events.tables import Event, Registration
from bot.guidance.tables import Booking, BookingContact, ContactRead
from bot.privacy import belongings
from bot.privacy.erasing import erase_dialogues
from bot.privacy.kinds import KINDS, kind_of
from bot.privacy.service import UnknownPerson, forget_dialogues_here
from bot.privacy.tables import DialogueToForget, Forgetting
from bot.radio.tables import RadioAsker, RadioQuestion
from bot.reply import Reply
from bot.web.hub import Hub
from bot.web.privacy import forget_due


class Engine:
    """Deletes dialogues, or cannot be reached."""

    def __init__(self) -> None:
        self.forgotten: list[str] = []
        self.down = False

    async def forget(self, senders: Sequence[str]) -> None:
        if self.down:
            raise EngineUnavailable("down")
        self.forgotten += senders


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def hub() -> Hub:
    return Hub(page_form)


@pytest.fixture
def rows(sessions):
    """How many rows each table has."""

    async def count() -> dict[str, int]:
        async with sessions() as db:
            return {
                table.name: await db.scalar(select(func.count()).select_from(table)) or 0
                for table in belongings.tables_of(belongings.PERSON)
            }

    return count


def test_every_table_that_hangs_on_a_person_is_of_a_kind_that_people_are_told_of():
    tables = {table.name for table in belongings.tables_of(belongings.PERSON)}

    assert [table for table in tables if kind_of(table) is None] == []
    named = {table for kind in KINDS for table in (*kind.tables, *kind.parts)}
    assert named - tables == {"handover_contact"}  # a column that is counted by itself


async def test_all_of_a_person_goes_from_every_table_and_nothing_of_another(privacy, with_everything, rows):
    anna = await with_everything()
    before = await rows()
    assert [table for table, count in before.items() if count == 0] == ["forgetting"]
    await with_everything()

    gone = await privacy.forget(anna.id)

    assert await rows() == before
    assert gone.talks == (anna.talk_code,)


async def test_a_question_that_was_on_air_stays_without_its_asker(sessions, clock, privacy, with_everything):
    anna = await with_everything()
    async with sessions.begin() as db:
        question = (await db.scalars(select(RadioQuestion))).one()
        question.owner_id, question.state, question.aired_on, question.selected_at = (
            None,
            "aired",
            clock().date(),
            clock(),
        )

    await privacy.forget(anna.id)

    async with sessions() as db:
        assert (await db.scalars(select(RadioQuestion.text))).all() == ["档案丢了咋办"]
        assert (await db.scalars(select(RadioAsker.question_id))).all() == []


async def test_deleting_again_changes_nothing(privacy, somebody):
    anna = await somebody()
    await privacy.forget(anna.id)

    assert (await privacy.forget(anna.id)).talks == ()


async def test_the_seat_at_an_event_is_free_again(sessions, clock, privacy, somebody, sign_up):
    anna = await somebody()
    event = await sign_up(anna.id, clock() + timedelta(days=1))

    await privacy.forget(anna.id)

    async with sessions() as db:
        assert (await db.scalars(select(Event.taken).where(Event.id == event))).all() == [0]


async def test_what_was_deleted_is_not_in_the_file_any_more(database, sessions, privacy, somebody):
    if not database.startswith("sqlite"):
        pytest.skip("PostgreSQL keeps its files itself")
    anna = await somebody("这句话谁也不会再看到")
    await privacy.forget(anna.id)

    path = database.removeprefix("sqlite+aiosqlite:///")
    content = b"".join(Path(path + end).read_bytes() for end in ("", "-wal"))
    assert "这句话谁也不会再看到".encode() not in content


# -- asked for in the talk -------------------------------------------------------------------------------------------


async def test_who_asked_is_deleted_a_moment_later_and_their_page_begins_anew(privacy, clock, engine, hub, somebody):
    anna, heard = await somebody(), []

    async def watch(event):
        heard.append(event)

    hub.watch(anna.talk_code, watch)
    await privacy.ask_to_forget(anna.id, keep_open=False)
    assert await forget_due(privacy, engine, hub) == 0

    clock.pass_(seconds=4)
    assert await forget_due(privacy, engine, hub) == 1

    assert engine.forgotten == [anna.talk_code]
    assert [event["type"] for event in heard] == ["restarted"]
    with pytest.raises(UnknownPerson):
        await privacy.kept(anna.id)
    assert await forget_due(privacy, engine, hub) == 0


async def test_it_waits_for_the_answer_to_be_stored_but_not_for_ever(sessions, privacy, clock, engine, hub, somebody):
    anna = await somebody()
    await privacy.ask_to_forget(anna.id, keep_open=False)
    async with sessions.begin() as db:
        db.add(Turn(conversation_id=anna.talk, state="answering", received_at=clock(), retry_at=clock(), attempts=1))

    clock.pass_(seconds=10)
    assert await forget_due(privacy, engine, hub) == 0
    clock.pass_(seconds=60)
    assert await forget_due(privacy, engine, hub) == 1


async def test_a_dialogue_that_the_engine_could_not_delete_is_deleted_later(
    sessions, privacy, clock, engine, hub, somebody
):
    anna = await somebody()
    await privacy.ask_to_forget(anna.id, keep_open=False)
    clock.pass_(seconds=4)
    engine.down = True
    with pytest.raises(EngineUnavailable):
        await forget_due(privacy, engine, hub)
    async with sessions() as db:
        assert (await db.scalars(select(DialogueToForget.code))).all() == [anna.talk_code]

    engine.down = False
    await forget_due(privacy, engine, hub)

    assert engine.forgotten == [anna.talk_code]
    assert await privacy.dialogues() == []


async def test_a_gateway_that_died_before_it_leaves_the_deletion_to_the_next(
    sessions, privacy, clock, engine, hub, somebody
):
    anna = await somebody()
    await privacy.ask_to_forget(anna.id, keep_open=False)
    async with sessions() as db:
        assert (await db.scalars(select(Forgetting.person_id))).all() == [anna.id]

    clock.pass_(days=1)

    assert await forget_due(privacy, engine, hub) == 1


# -- what is booked ----------------------------------------------------------------------------------------------------


async def test_what_is_booked_is_kept_until_it_is_over_if_they_want_so(
    sessions, privacy, clock, engine, hub, with_everything, rows
):
    anna = await with_everything()
    assert await privacy.ask_to_forget(anna.id, keep_open=True)
    clock.pass_(seconds=4)
    await forget_due(privacy, engine, hub)

    left = {table: count for table, count in (await rows()).items() if count}
    assert left == {
        "person": 1, "identity": 1, "conversation": 1, "forgetting": 1, "booking": 1, "booking_key": 1, "person_busy": 1,
        "adviser_busy": 1, "guidance_reminder": 1, "booking_contact": 1, "registration": 1, "event_reminder": 1,
        "address": 1, "notice_consent": 1,
    }  # fmt: skip
    async with sessions() as db:
        assert (await db.execute(select(Booking.asked, Booking.shares_history))).all() == [(None, False)]
    assert await Telling(sessions, clock).tell_person(anna.id, Reply(paragraphs=("明天见",)), "k") is not None

    clock.pass_(days=6)
    await forget_due(privacy, engine, hub)

    assert not any((await rows()).values())


async def test_a_session_that_begins_too_soon_to_be_called_off_stays_until_it_is_over(
    sessions, privacy, clock, engine, hub, somebody, book, sign_up
):
    anna = await somebody()
    soon = await book(anna.id, clock() + timedelta(hours=1))
    await book(anna.id, clock() + timedelta(days=2))
    await sign_up(anna.id, clock() + timedelta(days=2))
    assert await privacy.ask_to_forget(anna.id, keep_open=False)

    clock.pass_(seconds=4)
    await forget_due(privacy, engine, hub)

    async with sessions() as db:
        assert (await db.scalars(select(Booking.id))).all() == [soon]
        assert (await db.scalars(select(BookingContact.booking_id))).all() == [soon]
        assert (await db.scalars(select(Registration.id))).all() == []


async def test_the_register_of_who_read_a_contact_outlives_it(sessions, privacy, clock, somebody, book):
    anna = await somebody()
    booking = await book(anna.id, clock() + timedelta(days=1))
    async with sessions.begin() as db:
        db.add(ContactRead(booking_id=booking, what="contact", by="张老师", at=clock()))

    await privacy.forget(anna.id)

    async with sessions() as db:
        assert (await db.scalars(select(ContactRead.booking_id))).all() == [booking]


# -- while a message is being answered -----------------------------------------------------------------------------------


class SlowEngine:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.reached, self.go = asyncio.Event(), asyncio.Event()

    async def turn(self, **_said: object) -> TurnResult:
        self.reached.set()
        await self.go.wait()
        return TurnResult(Reply(paragraphs=("答。",)), "policy", 0.9, [], {}, [])


async def test_who_is_deleted_while_a_message_is_answered_does_not_come_back(sessions, clock, privacy, rows, caplog):
    engine, shown = SlowEngine(), []

    async def deliver(message):
        shown.append(message)

    inbox = Conversations(sessions, clock, engine, hold_after=60, message_limit=200)
    received = await inbox.receive(Inbound(Sender("web", "anna"), "k1", "档案放哪"))
    answering = asyncio.create_task(inbox.answer(received.conversation_id, deliver))
    await asyncio.wait_for(engine.reached.wait(), 10)
    async with sessions() as db:
        person = (await db.scalars(select(Person.id))).one()

    await privacy.forget(person)
    engine.go.set()
    await answering

    assert not any((await rows()).values()) and shown == []
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_who_writes_after_it_is_somebody_new(sessions, clock, privacy):
    inbox = Conversations(sessions, clock, SlowEngine(), hold_after=60, message_limit=200)
    anna = Sender("web", "anna")
    first = await inbox.receive(Inbound(anna, "k1", "档案放哪"))
    await privacy.forget(await inbox.person_of(anna))

    second = await inbox.receive(Inbound(anna, "k1", "档案放哪"))

    assert not second.repeated and second.message.conversation != first.message.conversation
    async with sessions() as db:
        for table in (Person, Identity, Conversation, Message):
            assert await db.scalar(select(func.count()).select_from(table)) == 1


# -- by the command line -------------------------------------------------------------------------------------------------


async def test_a_person_is_found_by_their_code(privacy, somebody):
    anna = await somebody()

    assert (await privacy.forget_by_code(anna.code.lower())).talks == (anna.talk_code,)
    with pytest.raises(UnknownPerson):
        await privacy.forget_by_code(anna.code)


async def test_without_an_engine_its_file_is_cleared(engine, tmp_path):
    file = tmp_path / "dialogue.db"
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE state (sender TEXT PRIMARY KEY, events TEXT NOT NULL)")
        db.executemany("INSERT INTO state VALUES (?, ?)", [("a", "说过的话甲"), ("b", "说过的话乙")])
    db.close()
    engine.down = True

    await forget_dialogues_here(engine, file, ["a"])

    assert "说过的话甲".encode() not in file.read_bytes() and "说过的话乙".encode() in file.read_bytes()
    erase_dialogues(tmp_path / "none.db", ["a"])


async def test_one_who_cannot_be_deleted_keeps_no_other_waiting(
    privacy, clock, engine, hub, somebody, monkeypatch, caplog
):
    anna, boris = await somebody(), await somebody()
    for who in (anna, boris):
        await privacy.ask_to_forget(who.id, keep_open=False)
    clock.pass_(seconds=4)
    forget = privacy.forget

    async def failing(person_id, **more):
        if person_id == anna.id:
            raise RuntimeError("broken")
        return await forget(person_id, **more)

    monkeypatch.setattr(privacy, "forget", failing)
    await forget_due(privacy, engine, hub)

    assert engine.forgotten == [boris.talk_code] and "could not be deleted" in caplog.text
    assert [one.person_id for one in await privacy.due()] == [anna.id]
