"""The outbox: what is stored is sent, in order, by one gateway at a time, also after one has died."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).parent.parent / "conversations"))
from inbox_fakes import Died, DyingSessions, FakeEngine

from bot.channels.base import Channel, Desk, Gone, Inbound, Later, Moved, Note, Outgoing, Refused, Sender
from bot.conversations import queries
from bot.conversations.senders import digest
from bot.conversations.service import Conversations
from bot.conversations.tables import Identity
from bot.conversations.telling import Telling
from bot.outbox import rules
from bot.outbox.addresses import Addresses
from bot.outbox.sending import Sending
from bot.outbox.service import Outbox
from bot.outbox.tables import Address, Delivery
from bot.reply import Reply
from bot.store import Sessions

ADDRESSES = Addresses("k" * 40)


class Post(Channel):
    """Takes down what is sent, in two parts; fails as it is told to."""

    name = "post"

    def __init__(self) -> None:
        self.out: list[tuple[str, str]] = []
        self.faults: list[BaseException | None] = []

    async def send(self, outgoing: Outgoing, note: Note, desk: Desk) -> None:
        for index in range(len(outgoing.done), 2):
            fault = self.faults.pop(0) if self.faults else None
            if fault is not None:
                raise fault
            self.out.append((outgoing.address, f"{outgoing.message.text} {index}"))
            await note(f"p{index}")


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def worker(sessions, clock, post) -> Callable[..., Sending]:
    """Makes a gateway's worker; each call is another process."""

    def make(on: Sessions | DyingSessions | None = None) -> Sending:
        return Sending(Outbox(on or sessions, clock, ADDRESSES), {"post": post}, None)  # type: ignore[arg-type]

    return make


@pytest.fixture
def write(sessions, clock) -> Callable[..., Awaitable[int]]:
    """Somebody writes from an address; the number of their identity."""
    inbox = Conversations(sessions, clock, FakeEngine(), hold_after=5, message_limit=100, addresses=ADDRESSES)

    async def say(who: str = "anna", address: str | None = "anna-1", key: str = "k", shared: bool = False) -> int:
        sender = Sender("post", who)
        await inbox.receive(Inbound(sender, key, "你好", address=address, shared=shared))
        async with sessions() as db:
            found = await queries.identity(db, "post", digest(sender))
        assert found is not None
        return found.id

    return say


@pytest.fixture
def tell(sessions, clock):
    async def put(identity: int, text: str) -> None:
        assert await Telling(sessions, clock).tell_identity(identity, Reply(paragraphs=(text,)), f"key {text}")

    return put


@pytest.fixture
def deliveries(sessions):
    async def read() -> list[Delivery]:
        async with sessions() as db:
            return list(await db.scalars(select(Delivery).order_by(Delivery.message_id)))

    return read


async def test_a_stored_message_is_sent_part_by_part_and_once(post, worker, write, tell, deliveries):
    await tell(await write(), "提醒")

    assert await worker().send_due() == 1
    assert await worker().send_due() == 0

    assert post.out == [("anna-1", "提醒 0"), ("anna-1", "提醒 1")]
    (delivery,) = await deliveries()
    assert (delivery.state, delivery.refs) == ("sent", ["p0", "p1"])


async def test_without_an_address_nothing_is_on_its_way(write, tell, deliveries):
    await tell(await write(address=None), "提醒")

    assert await deliveries() == []


async def test_order_is_kept_for_one_person_and_nobody_else_waits(clock, post, worker, write, tell):
    anna, boris = await write(), await write("boris", "boris-1")
    await tell(anna, "一")
    await tell(anna, "二")
    await tell(boris, "三")
    post.faults = [Later("no line")]

    await worker().send_due()
    assert [text for _, text in post.out] == ["三 0", "三 1"]
    clock.pass_(seconds=3)
    await worker().send_due()

    assert [text for _, text in post.out[2:]] == ["一 0", "一 1", "二 0", "二 1"]


async def test_the_waiting_that_a_platform_asks_for_is_kept(clock, post, worker, write, tell):
    await tell(await write(), "一")
    post.faults = [Later("slowly", 40)]

    await worker().send_due()
    clock.pass_(seconds=39)
    assert await worker().send_due() == 0
    clock.pass_(seconds=1)
    assert await worker().send_due() == 1


async def test_two_workers_do_not_send_the_same(sessions, clock, worker, write, tell):
    await tell(await write(), "一")
    first, second = (Outbox(sessions, clock, ADDRESSES) for _ in range(2))

    assert await first.claim(["post"]) is not None
    assert await second.claim(["post"]) is None


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("n", [1, 2, 3, 4])
async def test_whenever_a_gateway_dies_all_is_sent_and_at_most_one_part_again(
    sessions, clock, post, worker, write, tell, n, when
):
    await tell(await write(), "提醒")

    with pytest.raises(Died):
        await worker(DyingSessions(sessions, n, when)).send_due()
    if (n, when) != (1, "before"):  # it had claimed it, and may still be alive
        assert await worker().send_due() == 0
    clock.pass_(seconds=rules.CLAIM_FOR.total_seconds() + 1)
    await worker().send_due()

    texts = [text for _, text in post.out]
    assert sorted(set(texts)) == ["提醒 0", "提醒 1"]
    assert len(texts) <= 3
    assert texts == sorted(texts)


async def test_who_has_gone_is_sent_nothing_until_they_write_again(clock, post, worker, write, tell, deliveries):
    anna = await write()
    await tell(anna, "一")
    await tell(anna, "二")
    post.faults = [Gone()]
    await worker().send_due()
    await tell(anna, "三")
    await worker().send_due()

    assert post.out == []
    assert [(d.state, d.reason) for d in await deliveries()] == [("dead", rules.LEFT)] * 3
    await write(key="k2")
    await tell(anna, "四")
    await worker().send_due()
    assert [text for _, text in post.out] == ["四 0", "四 1"]


async def test_a_place_that_moved_is_written_to_where_it_is(post, worker, write, tell):
    await tell(await write("-5 anna", "-5 anna", shared=True), "一")
    post.faults = [Moved("-6")]

    await worker().send_due()

    assert {address for address, _ in post.out} == {"-6 anna"}


async def test_what_is_refused_or_makes_us_fail_is_let_be(sessions, clock, post, worker, write, tell, deliveries):
    anna = await write()
    await tell(anna, "一")
    await tell(anna, "二")
    post.faults = [Refused("never"), *(ValueError("a fault of ours") for _ in range(rules.FAULTS))]

    for _ in range(rules.FAULTS + 1):
        await worker().send_due()
        clock.pass_(minutes=2)

    assert [(d.state, d.reason) for d in await deliveries()] == [("dead", "never"), ("dead", rules.FAILED)]
    box = Outbox(sessions, clock, ADDRESSES)
    assert [(letter.channel, letter.reason) for letter in await box.dead(10)] == [
        ("post", rules.FAILED),
        ("post", "never"),
    ]
    assert await box.counts() == {("post", "dead", "never"): 1, ("post", "dead", rules.FAILED): 1}


async def test_after_a_day_it_is_no_news_any_more(clock, post, worker, write, tell, deliveries):
    await tell(await write(), "一")
    clock.pass_(hours=25)

    await worker().send_due()

    assert post.out == []
    assert [d.reason for d in await deliveries()] == [rules.TOO_OLD]


async def test_an_address_is_sealed_and_opens_for_nobody_else(sessions, clock, write):
    identity = await write()
    async with sessions() as db:
        kept = await db.get_one(Address, identity)
        known = await db.get_one(Identity, identity)

    assert b"anna" not in kept.sealed
    assert "anna" not in known.sender
    assert ADDRESSES.open_(identity, kept.sealed) == "anna-1"
    assert ADDRESSES.open_(identity + 1, kept.sealed) is None
    assert Addresses("x" * 40).open_(identity, kept.sealed) is None
