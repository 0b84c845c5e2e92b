"""What people are told unasked: a place that came free, a session that is near, moved or called off."""

from __future__ import annotations

from collections.abc import Sequence

from bot.clock import SHANGHAI
from bot.guidance.views import BookingView, Slot, WaitView
from bot.guidance.wording import BOOK, about, iso, press, session
from bot.guidance.wording_booked import booking_card
from bot.reply import Choice, Notice, Reply
from bot.text.times import spoken, spoken_day

ELSEWHERE = Choice(label="约别的时间", payload=press("book"))
WAIT_LEFT = Reply(paragraphs=("行，不等了。",), choices=(BOOK,))
WAIT_OVER = Reply(paragraphs=("这个空位过了时间，已经让给别人了。看看别的时间？",), choices=(BOOK,))


def waiting(wait: WaitView) -> Reply:
    """After joining the waiting list of a day."""
    ahead = f"前面还有 {wait.position - 1} 人" if wait.position > 1 else "你排第一个"
    leave = Choice(label="不等了", payload=press("leave_wait", wait.id))
    return Reply(
        paragraphs=(f"记下了，{spoken_day(wait.day)}有空位我马上告诉你，{ahead}。",), choices=(leave, ELSEWHERE)
    )


def place_offered(offer: BookingView, wait_id: int, key: str) -> Reply:
    """A place has come free for somebody who waits; `key` makes two presses one booking."""
    whole = session(offer.starts_at, offer.mode, offer.adviser, offer.topic)
    return Reply(
        paragraphs=(f"你等的有空位了：{whole}。{_kept(offer)}，要吗？过时就让给后面的人。",),
        choices=(
            Choice(label="要，约上", payload=press("accept", wait_id, key)),
            Choice(label="不要了", payload=press("leave_wait", wait_id)),
        ),
        notice=_notice(offer, f"有空位了，{_kept(offer)}", whole=False),
    )


def _notice(booking: BookingView, note: str, *, whole: bool = True) -> Notice:
    """The same in a few words."""
    adviser = booking.adviser
    return Notice(
        kind="guidance",
        what=f"{adviser.name}，{about(booking.topic)}",
        note=note,
        when=booking.starts_at,
        where=adviser.base if booking.mode == "线下" and adviser.base else booking.mode,
        url="/chat/booking",
        whole=whole,
    )


def _kept(offer: BookingView) -> str:
    return f"给你留到 {offer.held_until.astimezone(SHANGHAI):%H:%M}" if offer.held_until else "给你留一会儿"


def unasked(kind: str, booking: BookingView, others: Sequence[Slot] = ()) -> Reply:
    """What people are told unasked: day_before, hour_before, moved, cancelled_by_adviser, rate.

    `others` are times that can be had in the place of one that was called off.
    """
    whole = session(booking.starts_at, booking.mode, booking.adviser, booking.topic)
    if kind == "rate":
        stars = tuple(
            Choice(label="★" * n, payload=press("rate", booking.id, str(n)), said=f"{n} 星") for n in range(5, 0, -1)
        )
        return Reply(paragraphs=(f"和{booking.adviser.name}聊得咋样？给打个分，帮后来的人挑老师。",), choices=stars)
    if kind == "cancelled_by_adviser":
        offer = "换成下面哪个行？" if others else "给你换个老师或者时间？"
        text = f"不好意思，{booking.adviser.name}临时请假，{whole}这次取消了。{offer}"
        choices = tuple(
            Choice(
                label=f"{spoken(slot.starts_at)} {slot.adviser.name}",
                payload=press("instead", booking.id, f"{iso(slot.starts_at)}/{slot.adviser.id}"),
            )
            for slot in others
        )
        notice = _notice(booking, "老师请假，这次取消了", whole=False)
        return Reply(paragraphs=(text,), choices=(*choices, ELSEWHERE), notice=notice)
    text = {
        "day_before": f"提醒你：明天有一次指导，{whole}。来不了早点说“取消”。",
        "hour_before": f"还有一小时就到了：{whole}。",
        "moved": f"时间改了：{whole}。",
    }[kind]
    note = {"day_before": "明天有一次指导", "hour_before": "还有一小时就到", "moved": "时间改了"}[kind]
    card = booking_card(booking, change=kind != "hour_before")
    return Reply(paragraphs=(text,), cards=(card,), notice=_notice(booking, note))
