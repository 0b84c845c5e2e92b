"""Telegram's pace: a few at once, then one a second in a chat; thirty a second in all."""

from __future__ import annotations

from bot.channels.telegram.pacing import Pacing


class Time:
    """Passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


async def test_a_chat_gets_a_few_at_once_and_one_a_second_after_that():
    time = Time()
    pacing = Pacing(now=time, sleep=time.sleep)

    moments = []
    for _ in range(8):
        await pacing.turn("1")
        moments.append(time.now)

    assert moments[3] < 1
    assert [round(later - earlier) for earlier, later in zip(moments[4:], moments[5:], strict=False)] == [1, 1, 1]


async def test_a_group_gets_twenty_a_minute():
    time = Time()
    pacing = Pacing(now=time, sleep=time.sleep)

    for _ in range(24):
        await pacing.turn("-1001")

    assert time.now >= 60


async def test_all_chats_together_get_no_more_than_thirty_a_second():
    time = Time()
    pacing = Pacing(now=time, sleep=time.sleep)
    moments = []

    for chat in range(300):
        await pacing.turn(str(chat + 1))
        moments.append(time.now)

    assert max(sum(1 for m in moments if at <= m < at + 1) for at in moments) <= 30
