"""Changing and calling off what is booked: which booking is meant, what is to be changed, and a yes before it happens."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from bot.clock import SHANGHAI
from bot.guidance import rules, wording, wording_booked
from bot.guidance.service import Guidance
from bot.guidance.talk_state import Draft, Told
from bot.guidance.talk_steps import Steps, Turn
from bot.guidance.views import BookingView
from bot.text.guidance_wishes import GuidanceWish, read_guidance_wish
from bot.text.times import Parts, Reading, read_times

_INSTEAD = re.compile(r"改|换|挪|调|推到|推迟|移|提到|提前到|延到|延期|撞|冲突|[去来]不[了成]|不行|有事")


class Changes:
    """Bookings that are there."""

    def __init__(self, guidance: Guidance, steps: Steps) -> None:
        self._guidance, self._steps = guidance, steps

    async def which(self, do: str, text: str, wish: GuidanceWish, booked: tuple[BookingView, ...], turn: Turn) -> Told:
        """The booking meant by the words, or a question which one."""
        meant = self.named(text, booked, turn) or booked
        if wish.index is not None and len(meant) > 1:
            place = wish.index - 1 if wish.index > 0 else len(meant) + wish.index
            meant = meant[place : place + 1] or meant
        if len(meant) == 1:
            return await self._one(do, meant[0], text, turn)
        moments = tuple(one.starts_at.astimezone(SHANGHAI) for one in meant)
        draft = Draft(step="which", does=do, asked=text, offered=moments)
        return Told(wording_booked.which(meant, do), draft.to_slot(turn.now))

    def named(self, text: str, booked: tuple[BookingView, ...], turn: Turn) -> tuple[BookingView, ...]:
        """The bookings whose day or adviser the words name, before what is to be instead."""
        cut = _INSTEAD.search(text)
        before = text[: cut.start()] if cut else text
        days = read_times(before, turn.now)
        wish = read_guidance_wish(before, turn.now)
        found = tuple(one for one in booked if _on(one, days) and (not wish.adviser or _of(one, wish.adviser)))
        return found if days.options or wish.adviser else ()

    async def chosen_in_words(self, text: str, wish: GuidanceWish, draft: Draft, turn: Turn) -> Told:
        """After the question which one: “第二个”, “周四那个”, “都不动”, or something new."""
        if wish.act in ("stop", "refuse") and not wish.facts:
            return Told(wording.LEFT_ALONE, None)
        booked = await self._steps.mine(turn)
        offered = tuple(one for one in booked if one.starts_at in draft.offered)
        do = draft.does or "change"
        if not offered:
            return Told(wording.GONE, None)
        found: tuple[BookingView, ...] = ()
        if wish.index is not None:
            place = wish.index - 1 if wish.index > 0 else len(offered) + wish.index
            found = offered[place : place + 1] if place >= 0 else ()
        elif wish.facts:
            found = self.named(text, offered, turn)
        if len(found) == 1:
            return await self._one(do, found[0], draft.asked or "", turn)
        return Told(wording_booked.which(offered, do), draft.to_slot(turn.now))

    async def one(self, do: str, booking_id: int, text: str, turn: Turn) -> Told:
        """A booking chosen by its number."""
        booking = await self._steps.booking(booking_id, turn)
        if booking is None:
            return Told(wording.GONE, None)
        return await self._one(do, booking, text, turn)

    async def _one(self, do: str, booking: BookingView, text: str, turn: Turn) -> Told:
        if do == "cancel":
            draft = Draft(step="cancel", about=booking.id)
            return Told(wording_booked.confirm_cancel(booking), draft.to_slot(turn.now))
        return await self._change(booking, text, turn)

    async def _change(self, booking: BookingView, text: str, turn: Turn) -> Told:
        """What the words want changed of a booking; everything else stays."""
        before = Draft.of(booking)
        wish = read_guidance_wish(text, turn.now)
        new = replace(wish, times=_instead(text, booking, turn.now), index=None, adviser=_after(text, wish, turn.now))
        lead = await self._steps.unknown_adviser(new, before) or ""
        after = await self._steps.heard(before, new, turn)
        if after == before:
            return await self._steps.pick(before, turn, lead, wording_booked.ask_new_time(booking))
        return await self._steps.go_on(after, turn, lead)

    async def cancel(self, booking_id: int, turn: Turn) -> Told:
        """Call it off."""
        try:
            return Told(wording_booked.cancelled(await self._guidance.cancel(turn.person, booking_id)), None)
        except rules.Refusal as error:
            return Told(wording.ended(error), None)


def _on(booking: BookingView, days: Reading) -> bool:
    start = booking.starts_at
    if not days.options:
        return True
    for option in days.options:
        if option.end is None and option.start == start:
            return True
        if option.end is not None and option.start <= start < option.end:
            return True
    return False


def _of(booking: BookingView, surname: str) -> bool:
    return booking.adviser.name.startswith(surname)


def _after(text: str, wish: GuidanceWish, now: datetime) -> str | None:
    """The adviser named as the one to come, not as the one who is booked: 换成李老师, not 张老师那个改到周五."""
    cut = _INSTEAD.search(text)
    return read_guidance_wish(text[cut.start() :], now).adviser if cut else wish.adviser


def _instead(text: str, booking: BookingView, now: datetime) -> Reading:
    """The times of a wish to change that are the new ones; the booking's own day only tells which it is."""
    whole = read_times(text, now)
    if whole.parts.shift and whole.parts.shift.exact:
        return Reading(parts=Parts(shift=whole.parts.shift))
    cut = _INSTEAD.search(text)
    if cut and (rest := read_times(text[cut.end() :], now)).parts:
        return rest
    if whole.options and all(option.end is not None and _on(booking, whole) for option in whole.options):
        return Reading()  # “周三那次换个时间”
    return whole
