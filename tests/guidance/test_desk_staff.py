"""Leave, other times, what came of a session, the brief, and who read what."""

from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from guidance_setup import SECRET, at
from sqlalchemy import select, text

from bot.conversations.tables import Conversation, Identity, Turn
from bot.guidance.contacts import Contacts
from bot.guidance.rules import NotYet, OutsideHours, Past, UnknownBooking
from bot.guidance.tables import BookingContact, ContactRead, GuidanceOutcome, GuidanceRating
from bot.guidance.views import Wanted
from bot.jobs.tables import Company, Favourite, Posting
from bot.knowledge.tables import TopicRow


@pytest.fixture(autouse=True)
async def zhang(hire):
    return await hire()


@pytest.fixture
async def anna(people):
    return (await people(1))[0]


async def test_leave_calls_off_what_lies_in_it_and_nothing_else(desk, zhang, hire, people, book, slot_at, sound):
    li = await hire("李老师")
    anna, boris, clara, dora = await people(4)
    hers = Wanted(adviser_id=zhang)
    before, inside = await book(anna, at(26, 9), hers), await book(boris, at(26, 10), hers)
    other = await book(clara, at(26, 10), Wanted(adviser_id=li))
    held = await desk.hold(dora, await slot_at(zhang, at(26, 15)), mode="线下", topic=None, key="k")

    called_off = await desk.adviser_leave(zhang, at(26, 9, 45), at(26, 18))

    assert [(b.id, b.state, b.sequence) for b in called_off] == [(inside.id, "cancelled", 1)]
    assert await desk.mine(anna) == (before,)
    assert await desk.mine(clara) == (other,)
    with pytest.raises(OutsideHours):
        await desk.confirm(dora, held.id, "c")
    await sound()


async def test_who_is_called_off_by_leave_is_offered_others_times(desk, zhang, hire, people, book):
    await hire("李老师", hours="周四 14:00-17:00")
    [anna] = await people(1)
    await book(anna, at(26, 15), Wanted(adviser_id=zhang))
    await desk.adviser_leave(zhang, at(26, 0), at(27, 0))

    [reminder] = [one for one in await desk.due_reminders() if one.kind == "cancelled_by_adviser"]
    others = await desk.instead_of(reminder)

    assert [slot.starts_at for slot in others] == [at(26, 14, 30), at(26, 15), at(26, 15, 30)]
    assert {slot.adviser.name for slot in others} == {"李老师"}


async def test_a_session_that_has_begun_is_not_called_off(desk, zhang, anna, book, clock):
    booked = await book(anna, at(24, 15))
    clock.now = at(24, 15, 10)

    assert await desk.adviser_leave(zhang, at(24, 15), at(25, 0)) == ()
    assert await desk.mine(anna) == (booked,)


async def test_a_leave_that_ends_before_it_starts_is_no_leave(desk, zhang):
    with pytest.raises(ValueError, match="leave"):
        await desk.adviser_leave(zhang, at(26, 12), at(26, 12))


async def test_during_leave_nothing_is_free_and_after_it_everything(desk, zhang):
    await desk.adviser_leave(zhang, at(26, 10), at(26, 15))

    slots = await desk.free_slots(Wanted(), date(2026, 11, 26))

    assert [slot.starts_at for slot in slots] == [at(26, 9), at(26, 15), at(26, 15, 30), at(26, 16), at(26, 16, 30)]


async def test_staff_move_a_session_after_the_cut_off_but_not_one_that_has_begun(
    desk, zhang, anna, book, clock, slot_at, sound
):
    booked = await book(anna, at(24, 15))
    clock.now = at(24, 14)

    moved = await desk.reschedule(booked.id, await slot_at(zhang, at(25, 9)))

    assert (moved.starts_at, moved.sequence) == (at(25, 9), 1)
    clock.now = at(25, 9)
    with pytest.raises(Past):
        await desk.reschedule(booked.id, await slot_at(zhang, at(25, 14)))
    await sound()


async def test_the_outcome_has_three_fields_and_the_last_word_counts(desk, anna, book, clock, sessions):
    booked = await book(anna, at(26, 15))
    with pytest.raises(NotYet) as early:
        await desk.outcome(booked.id, "a", "b", "c", by="张老师")
    assert early.value.starts_at == at(26, 15)
    clock.now = at(26, 16)

    await desk.outcome(booked.id, "看了简历", "改成一页", "下周再看", by="张老师")
    await desk.outcome(booked.id, "看了简历，练了面试", "改成一页", "下周再看", by="张老师")

    async with sessions() as db:
        [kept] = (await db.scalars(select(GuidanceOutcome))).all()
    assert (kept.done_what, kept.advice, kept.follow_up, kept.by) == (
        "看了简历，练了面试", "改成一页", "下周再看", "张老师",
    )  # fmt: skip
    assert (await desk.booking(anna, booked.id)).state == "done"


async def test_who_did_not_come_is_put_down_and_may_be_put_right(desk, anna, book, clock, sound):
    booked = await book(anna, at(26, 15))
    with pytest.raises(NotYet):
        await desk.no_show(booked.id)
    clock.now = at(26, 15, 20)

    await desk.no_show(booked.id)

    assert (await desk.booking(anna, booked.id)).state == "no_show"
    with pytest.raises(UnknownBooking):
        await desk.rate(anna, booked.id, 5)
    await desk.outcome(booked.id, "来晚了，聊了半小时", "", "", by="张老师")
    assert (await desk.booking(anna, booked.id)).state == "done"
    await sound()


async def test_a_cancelled_session_has_no_outcome(desk, anna, book, clock):
    booked = await book(anna, at(26, 15))
    await desk.cancel(anna, booked.id)
    clock.now = at(26, 16)

    for asking in (desk.no_show(booked.id), desk.outcome(booked.id, "", "", "", by="x"), desk.rate(anna, booked.id, 4)):
        with pytest.raises(UnknownBooking):
            await asking


async def test_a_rating_is_from_one_to_five_after_it_began_and_the_last_one_counts(desk, anna, book, clock, sessions):
    booked = await book(anna, at(26, 15))
    with pytest.raises(NotYet):
        await desk.rate(anna, booked.id, 5)
    clock.now = at(26, 16)
    for stars in (0, 6, -1):
        with pytest.raises(ValueError, match="stars"):
            await desk.rate(anna, booked.id, stars)

    await desk.rate(anna, booked.id, 3)
    await desk.rate(anna, booked.id, 5, "很有用")

    async with sessions() as db:
        assert [(r.stars, r.comment) for r in await db.scalars(select(GuidanceRating))] == [(5, "很有用")]


# -- the brief -----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def history(sessions, anna):
    """Anna has read of two policies, one of them last, and saved a job."""
    async with sessions.begin() as db:
        for n, name in enumerate(("创业担保贷款", "社保补贴")):
            db.add(
                TopicRow(
                    id=f"t{n}", position=n, title=name, group="g", scope="s", region="r", aliases=[], related=[],
                    state="current", checked_on=date(2026, 11, 1), check_status="verified", version=1,
                )
            )  # fmt: skip
        identity = Identity(person_id=anna, channel="web", sender="s", created_at=at(24, 9))
        db.add(identity)
        await db.flush()
        talk = Conversation(
            code="c", person_id=anna, identity_id=identity.id, channel="web", started_at=at(24, 9), last_at=at(24, 9)
        )
        db.add(talk)
        await db.flush()
        for topic in ("t1", "t0", "t1", None, "gone", "t0"):
            db.add(
                Turn(conversation_id=talk.id, state="answered", received_at=at(24, 9), retry_at=at(24, 9), topic=topic)
            )
            await db.flush()
        company = Company(name="示例一科技")
        db.add(company)
        await db.flush()
        posting = Posting(
            company_id=company.id, key="k", content_hash="h", title="会计", job_type="全职", source="联盟",
            first_seen=date(2026, 11, 1), checked_on=date(2026, 11, 1),
        )  # fmt: skip
        db.add(posting)
        await db.flush()
        db.add(Favourite(person_id=anna, posting_id=posting.id, at=at(24, 9)))


async def test_the_brief_has_what_was_asked_for_and_the_history_only_with_consent(
    desk, zhang, anna, slot_at, history, sessions
):
    held = await desk.hold(
        anna, await slot_at(zhang, at(26, 15)), mode="线上", topic="简历", key="k", asked="想看看简历，有点紧张"
    )
    with pytest.raises(UnknownBooking):
        await desk.brief(held.id, "张老师")
    await desk.confirm(anna, held.id, "c")

    without = await desk.brief(held.id, "张老师")
    assert (without.asked, without.booking.topic, without.topics, without.jobs) == (
        "想看看简历，有点紧张", "简历", None, None,
    )  # fmt: skip
    assert (await desk.share_history(anna, held.id, True)).shares_history
    agreed = await desk.brief(held.id, "张老师")
    assert agreed.topics == ("创业担保贷款", "社保补贴")
    assert agreed.jobs == ("会计（示例一科技）",)
    await desk.share_history(anna, held.id, False)
    assert (await desk.brief(held.id, "张老师")).topics is None

    async with sessions() as db:
        read = (await db.execute(select(ContactRead.booking_id, ContactRead.what, ContactRead.by))).all()
    assert read == [(held.id, "brief", "张老师")] * 3


# -- contacts ------------------------------------------------------------------------------------------------------------

PHONE = "13803520001"


async def test_a_contact_is_sealed_in_the_database_and_reading_it_is_put_down(desk, anna, book, sessions, clock):
    booked = await book(anna, at(26, 15))
    assert await desk.contact(booked.id, "小王") is None

    await desk.set_contact(anna, booked.id, "10000")
    await desk.set_contact(anna, booked.id, PHONE)

    async with sessions() as db:
        assert (await db.scalars(select(ContactRead.id))).all() == []
        raw = (await db.execute(text("SELECT * FROM booking_contact"))).all()
    assert len(raw) == 1
    assert PHONE not in repr(raw)
    clock.pass_(minutes=3)
    assert await desk.contact(booked.id, "小王") == PHONE
    async with sessions() as db:
        [read] = (await db.scalars(select(ContactRead))).all()
    assert (read.booking_id, read.what, read.by, read.at) == (booked.id, "contact", "小王", at(24, 10, 3))


async def test_a_contact_put_beside_another_booking_does_not_open(desk, anna, people, book, sessions):
    [boris] = await people(1)
    hers, his = await book(anna, at(26, 15)), await book(boris, at(26, 9))
    await desk.set_contact(anna, hers.id, PHONE)
    await desk.set_contact(boris, his.id, "13900000000")
    async with sessions.begin() as db:
        (await db.get_one(BookingContact, his.id)).sealed = (await db.get_one(BookingContact, hers.id)).sealed

    with pytest.raises(InvalidTag):
        await desk.contact(his.id, "小王")


def test_sealing_is_different_each_time_and_opens_with_the_same_secret_only():
    contacts = Contacts(SECRET)
    first, second = contacts.seal(7, PHONE), contacts.seal(7, PHONE)

    assert first != second
    assert Contacts(SECRET).open_(7, first) == contacts.open_(7, second) == PHONE
    changed = first[:-1] + bytes([first[-1] ^ 1])
    for opening, booking, sealed in (
        (Contacts(SECRET + "!"), 7, first),
        (contacts, 8, first),
        (contacts, 7, changed),
    ):
        with pytest.raises(InvalidTag):
            opening.open_(booking, sealed)
