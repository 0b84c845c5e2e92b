"""Answers that a platform fetches: given once, again to the same message, and left alone by the worker meanwhile."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).parent.parent / "conversations"))
from inbox_fakes import Died, DyingSessions, FakeEngine, Phone

from bot.channels.base import Handed, Inbound, Sender
from bot.conversations.service import Conversations
from bot.conversations.tables import Identity
from bot.conversations.telling import Telling
from bot.outbox import rules
from bot.outbox.addresses import Addresses
from bot.outbox.fetching import Fetching, Raced
from bot.outbox.service import Outbox
from bot.outbox.tables import Delivery, HandedOut, Seen
from bot.reply import Reply

SECRET = "k" * 40
ANNA, BORIS = Sender("wechat", "anna"), Sender("wechat", "boris")
FORM = {"text": "你好", "rest": ["https://d.example.cn/chat/l/very-private"]}


@pytest.fixture
def fetching(sessions, clock) -> Fetching:
    return Fetching(sessions, clock, SECRET)


@pytest.fixture
def outbox(sessions, clock) -> Outbox:
    return Outbox(sessions, clock, Addresses(SECRET))


@pytest.fixture
def inbox(sessions, clock) -> Conversations:
    return Conversations(sessions, clock, FakeEngine(), hold_after=5, message_limit=100, addresses=Addresses(SECRET))


@pytest.fixture
def asked(inbox):
    """Somebody asks something, which is answered at once unless told otherwise."""

    async def ask(key: str = "k1", sender: Sender = ANNA, *, answer: bool = True) -> None:
        received = await inbox.receive(Inbound(sender, key, f"问{key}", address=sender.id))
        if answer:
            await inbox.answer(received.conversation_id, Phone())

    return ask


async def waiting(fetching: Fetching, key: str = "k1", sender: Sender = ANNA) -> list[int]:
    found = await fetching.look(sender, key)
    return [outgoing.message.id for outgoing in found.waiting]


async def test_what_waits_is_fetched_once_it_is_answered_and_is_out_then(fetching, asked, sessions):
    await asked(answer=False)
    assert not (await fetching.look(ANNA, "k1")).answered

    await asked("k2")  # answers both, in order
    found = await fetching.look(ANNA, "k2")
    assert found.answered
    assert [(o.message.text, o.answers) for o in found.waiting] == [("答：问k1", "k1"), ("答：问k2", "k2")]

    await fetching.hand_out(ANNA, "k2", FORM, [o.message.id for o in found.waiting])
    assert await waiting(fetching, "k2") == []
    async with sessions() as db:
        assert set(await db.scalars(select(Delivery.state))) == {"sent"}


async def test_the_same_message_gets_the_same_again_and_the_next_one_knows_of_it(fetching, asked):
    await asked()
    ids = await waiting(fetching)
    assert await fetching.hand_out(ANNA, "k1", FORM, ids) == FORM

    assert await fetching.hand_out(ANNA, "k1", {"text": "another"}, []) == FORM
    assert await fetching.begin(ANNA, "k1", 5) == Handed(1, known=True, form=FORM, last=FORM)
    assert await fetching.begin(ANNA, "k2", 5) == Handed(1, known=False, form=None, last=FORM)
    assert await fetching.begin(BORIS, "k1", 5) == Handed()


async def test_of_two_gateways_that_hand_out_the_same_one_does_and_the_other_gives_what_it_gave(fetching, asked):
    await asked()
    ids = await waiting(fetching)

    forms = await asyncio.gather(*(fetching.hand_out(ANNA, "k1", {"text": str(n)}, ids) for n in range(6)))

    assert len({form["text"] for form in forms}) == 1


async def test_what_is_on_its_way_elsewhere_is_not_given_twice(fetching, asked, outbox, clock):
    await asked()
    ids = await waiting(fetching)
    assert await outbox.claim(["wechat"]) is not None

    with pytest.raises(Raced):
        await fetching.hand_out(ANNA, "k1", FORM, ids)
    assert (await fetching.begin(ANNA, "k1", 5)).form is None


async def test_what_is_given_is_not_in_the_record_to_be_read(fetching, asked, sessions):
    await asked()
    await fetching.hand_out(ANNA, "k1", FORM, [])

    async with sessions() as db:
        (row,) = await db.scalars(select(HandedOut))
    assert row.sealed is not None
    assert b"private" not in row.sealed


async def test_while_the_platform_asks_nothing_is_sent_and_what_it_did_not_take_is_sent_after(
    fetching, asked, outbox, clock
):
    await asked(answer=False)
    assert (await fetching.begin(ANNA, "k1", 7)).tries == 1
    await asked("k2")

    assert await outbox.claim(["wechat"]) is None
    clock.pass_(seconds=8)
    claimed = await outbox.claim(["wechat"])
    assert claimed is not None
    assert claimed.outgoing.message.text == "答：问k1"


async def test_what_comes_after_the_last_asking_is_sent_at_once(fetching, asked, outbox):
    await asked(answer=False)
    await fetching.begin(ANNA, "k1", 7)
    await fetching.hand_out(ANNA, "k1", {"text": "还在查"}, [])

    await asked("k2")
    claimed = await outbox.claim(["wechat"])
    assert claimed is not None
    assert claimed.outgoing.message.text == "答：问k1"


async def test_how_often_a_message_came_is_counted_for_each(fetching, asked):
    await asked("k1", answer=False)
    await asked("k2", answer=False)

    assert [(await fetching.begin(ANNA, key, 5)).tries for key in ("k1", "k1", "k2", "k1", "k2")] == [1, 2, 1, 3, 2]
    counts = await asyncio.gather(*(fetching.begin(ANNA, "k1", 5) for _ in range(4)))
    assert sorted(count.tries for count in counts) == [4, 5, 6, 7]


async def test_a_process_that_dies_over_it_leaves_all_of_it_or_nothing(sessions, clock, asked, fetching):
    await asked()
    ids = await waiting(fetching)
    for when in ("before", "after"):
        with pytest.raises(Died):
            await Fetching(DyingSessions(sessions, 1, when), clock, SECRET).hand_out(ANNA, "k1", FORM, ids)
        given = (await fetching.begin(ANNA, "k1", 5)).form is not None
        assert given == (when == "after")
        assert (await waiting(fetching) == []) == given


async def test_what_is_told_unasked_waits_for_the_next_message_for_a_day(fetching, asked, sessions, clock):
    await asked()
    await fetching.hand_out(ANNA, "k1", FORM, await waiting(fetching))
    async with sessions() as db:
        identity = await db.scalar(select(Identity.id))
    told = await Telling(sessions, clock).tell_identity(identity, Reply(paragraphs=("明天有招聘会",)), "reminder")
    assert told is not None
    assert await waiting(fetching) == [told.id]

    clock.now += rules.KEPT_TO_FETCH + timedelta(minutes=1)
    await fetching.begin(ANNA, "k2", 5)
    assert await waiting(fetching) == []


async def test_what_was_given_long_ago_is_forgotten_but_for_the_last(fetching, asked, sessions, clock):
    for n in range(3):
        await asked(f"k{n}")
        await fetching.hand_out(ANNA, f"k{n}", {"text": str(n)}, await waiting(fetching, f"k{n}"))
        clock.now += rules.KEPT_FOR + timedelta(minutes=1)
    await fetching.begin(ANNA, "k3", 5)

    async with sessions() as db:
        assert set(await db.scalars(select(HandedOut.key))) == {"k2", "k3"}
    assert (await fetching.begin(ANNA, "k3", 5)).last == {"text": "2"}


async def test_a_number_is_good_for_one_content_as_long_as_it_could_be_used(fetching, sessions, clock):
    assert await fetching.is_fresh("n1", "a", 600)
    assert await fetching.is_fresh("n1", "a", 600)
    assert not await fetching.is_fresh("n1", "b", 600)
    both = await asyncio.gather(fetching.is_fresh("n2", "a", 600), fetching.is_fresh("n2", "b", 600))
    assert sorted(both) == [False, True]

    clock.pass_(seconds=601)
    assert await fetching.is_fresh("n3", "a", 600)
    async with sessions() as db:
        assert len(list(await db.scalars(select(Seen)))) == 1
