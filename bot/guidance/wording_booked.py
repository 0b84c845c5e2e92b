"""How what is booked is worded: after a booking, looked at, moved, called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.clock import SHANGHAI
from bot.guidance.views import BookingView
from bot.guidance.wording import BOOK, MINE, NO_CONTACT, SAMPLE, SAMPLE_NOTE, press, session
from bot.reply import Card, Choice, Link, Promise, Reply
from bot.text.times import spoken


def booking_card(booking: BookingView, *, change: bool = True) -> Card:
    """One booking: when, with whom, its number, the calendar file, and what can be done."""
    adviser = booking.adviser
    place = f"地点：{adviser.base}" if booking.mode == "线下" and adviser.base else None
    lines = (f"{booking.mode} · {adviser.name} · 聊{booking.topic}", place, f"预约号 {booking.number}")
    when = spoken(booking.starts_at)
    choices = (
        Choice(label="改时间", payload=press("change", booking.id), said=f"改时间：{when}"),
        Choice(label="取消", payload=press("cancel", booking.id), said=f"取消：{when}"),
    )
    return Card(
        title=f"{when}–{booking.ends_at.astimezone(SHANGHAI):%H:%M}",
        badge=SAMPLE if booking.sample else None,
        lines=tuple(line for line in lines if line),
        link=Link(label="加到日历", url=f"/chat/booking/{booking.number}.ics"),
        choices=choices if change else (),
    )


def booked(booking: BookingView, *, moved: bool = False) -> Reply:
    """After a confirm: the number, the calendar file, how to change; and, last, the contact that one may leave."""
    head = "改好了" if moved else "约好了"
    lines = [f"{head}，预约号 {booking.number}。前一天和前一小时我都提醒你。要改就说“改到周五”，不来了说“取消”。"]
    if booking.sample:
        lines.append(SAMPLE_NOTE)
    promise = Promise(kind="guidance", of=booking.starts_at)
    if moved:
        return Reply(paragraphs=tuple(lines), cards=(booking_card(booking),), choices=(MINE,), promise=promise)
    lines.append("怕你看不见消息，要不要留个电话？加密存着，只有约的老师能看。不想留也行。")
    share = Choice(label="让老师先看看我的情况", payload=press("share", booking.id))
    return Reply(
        paragraphs=tuple(lines), cards=(booking_card(booking),), choices=(NO_CONTACT, share, MINE), promise=promise
    )


def shared(booking: BookingView) -> Reply:
    """What a yes to that gives away, and how to take it back."""
    if not booking.shares_history:
        return Reply(paragraphs=("行，老师只看得到你约的时间和话题。",), choices=(MINE,))
    text = f"好，见面前{booking.adviser.name}能看到你在这儿看过哪些政策、收藏了哪些岗位。聊天的原话看不到。"
    return Reply(paragraphs=(text,), choices=(Choice(label="不给看了", payload=press("unshare", booking.id)), MINE))


def mine(bookings: Sequence[BookingView]) -> Reply:
    """What somebody has booked."""
    if not bookings:
        return Reply(
            paragraphs=("你现在没有约着的指导。想约的话说一声，比如“周四下午约个老师看简历”。",), choices=(BOOK,)
        )
    lead = "你约的是这个：" if len(bookings) == 1 else f"你约了 {len(bookings)} 次："
    return Reply(paragraphs=(lead,), cards=tuple(booking_card(booking) for booking in bookings))


def which(bookings: Sequence[BookingView], do: str) -> Reply:
    """Which of several bookings is meant."""
    choices = tuple(
        Choice(label=f"{spoken(one.starts_at)} {one.adviser.name}", payload=press(do, one.id)) for one in bookings
    )
    text = "你约了不止一个，取消哪个？" if do == "cancel" else "你约了不止一个，改哪个？"
    return Reply(paragraphs=(text,), choices=(*choices, Choice(label="都不动", payload=press("keep"))))


def confirm_cancel(booking: BookingView) -> Reply:
    """Asks before a booking is called off."""
    whole = session(booking.starts_at, booking.mode, booking.adviser, booking.topic)
    return Reply(
        paragraphs=(f"要取消 {whole}，是吗？时间会让给别人。",),
        choices=(
            Choice(label="确定取消", payload=press("cancel_now", booking.id)),
            Choice(label="改个时间", payload=press("change", booking.id)),
            Choice(label="不取消", payload=press("keep")),
        ),
    )


def cancelled(booking: BookingView) -> Reply:
    """After a booking was called off."""
    return Reply(
        paragraphs=(f"取消好了：{spoken(booking.starts_at)}，{booking.adviser.name}。想约了随时说。",), choices=(BOOK,)
    )


def ask_new_time(booking: BookingView) -> str:
    """The lead over the places to move a booking to."""
    return f"原来是 {spoken(booking.starts_at)}，{booking.adviser.name}。改到哪个时间？"


def still_cancel(booking_id: int) -> Reply:
    """Asks once more before a booking is called off."""
    yes = Choice(label="确定取消", payload=press("cancel_now", booking_id))
    return Reply(paragraphs=("那个预约还取消吗？",), choices=(yes, Choice(label="不取消", payload=press("keep"))))


def still_which(moments: Sequence[datetime], do: str) -> Reply:
    """Asks once more which booking is meant."""
    times = "、".join(spoken(moment) for moment in moments)
    text = f"{'取消' if do == 'cancel' else '改'}哪个：{times}？说“第一个”也行。"
    return Reply(paragraphs=(text,), choices=(MINE, Choice(label="都不动", payload=press("keep"))))
