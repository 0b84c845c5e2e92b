"""What staff do with messages that did not arrive; on both databases."""

from __future__ import annotations

import pytest

from bot.channels.base import Later, Refused
from bot.outbox import rules
from bot.outbox.service import Outbox
from tests.outbox.test_outbox import ADDRESSES, deliveries, post, tell, worker, write

__all__ = ["deliveries", "post", "tell", "worker", "write"]


@pytest.fixture
def outbox(sessions, clock) -> Outbox:
    return Outbox(sessions, clock, ADDRESSES)


async def test_what_was_refused_is_listed_and_sent_once_it_is_tried_again(post, worker, write, tell, outbox):
    await tell(await write(), "提醒")
    post.faults = [Refused("chat not found")]
    await worker().send_due()

    (letter,), total = await outbox.letters()
    assert (total, letter.state, letter.reason, letter.may_retry) == (1, "dead", "chat not found", True)
    await outbox.retry(letter.message_id)
    await worker().send_due()

    assert [text for _, text in post.out] == ["提醒 0", "提醒 1"]
    assert await outbox.letters() == ([], 0)
    with pytest.raises(rules.NotSo):
        await outbox.retry(letter.message_id)
    with pytest.raises(rules.NotSo):
        await outbox.give_up(letter.message_id)


async def test_what_is_given_up_is_neither_listed_nor_sent(post, worker, write, tell, outbox, clock):
    await tell(await write(), "提醒")
    post.faults = [Later("no line")] * rules.STUCK
    for _ in range(rules.STUCK):
        await worker().send_due()
        clock.pass_(minutes=2)
    (letter,), _ = await outbox.letters()
    assert (letter.state, letter.attempts, letter.may_retry) == ("waiting", rules.STUCK, False)

    await outbox.give_up(letter.message_id)

    assert await outbox.letters() == ([], 0)
    assert await worker().send_due() == 0
    assert post.out == []


async def test_what_is_no_news_any_more_or_not_wanted_is_not_tried_again(post, worker, write, tell, outbox, clock):
    await tell(await write(), "提醒")
    post.faults = [Refused("chat not found")]
    await worker().send_due()
    clock.pass_(hours=25)

    (letter,), _ = await outbox.letters()

    assert not letter.may_retry
    with pytest.raises(rules.NotSo):
        await outbox.retry(letter.message_id)
    with pytest.raises(rules.NotSo):
        await outbox.retry(letter.message_id + 99)
    assert not rules.may_retry(rules.LEFT, clock(), clock())
