"""The steps of a booking: asks what is missing (topic, time, way), holds the place, reads it back, books it."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from bot.clock import SHANGHAI
from bot.guidance import rules, wording, wording_booked
from bot.guidance.service import Guidance
from bot.guidance.talk_state import Draft, NobodyElse, NotTheirTopic, Told
from bot.guidance.talk_times import Finder
from bot.guidance.views import BookingView, Slot
from bot.reply import Reply
from bot.text.guidance_wishes import GuidanceWish

_ORDER = ("简历", "面试", "职业规划", "创业", "政策", "考公考编", "劳动权益", "求职心理", "技能提升")
_NEAR = {"转行": "职业规划", "就业登记": "政策", "见习": "政策", "技能提升": "职业规划"}
"""Where nobody has a topic of its own, who can still help."""
_OFFERED = 40  # places remembered, for “第二个” and for offering them once more


@dataclass(frozen=True)
class Turn:
    """Who speaks, and when."""

    person: int
    now: datetime


class Steps:
    """Takes a draft as far as it goes, and asks for the next thing."""

    def __init__(self, guidance: Guidance) -> None:
        self._guidance = guidance
        self._finder = Finder(guidance)

    async def heard(self, draft: Draft, wish: GuidanceWish, turn: Turn) -> Draft:
        """The draft with what a turn names; nothing else changes. What was held is let go where it no longer fits."""
        after = draft.heard(wish.times, turn.now)
        if wish.index is not None and draft.offered and not wish.times.parts:
            place = wish.index - 1 if wish.index > 0 else len(draft.offered) + wish.index
            if 0 <= place < len(draft.offered):
                after = after.fixed(draft.offered[place])
        if wish.index is not None and not draft.offered and len(draft.options) > 1 and not wish.times.parts:
            place = wish.index - 1 if wish.index > 0 else len(draft.options) + wish.index
            if 0 <= place < len(draft.options):
                after = draft.narrowed(place)
        if (wish.soonest or wish.any_day) and not wish.times.parts and draft.offered:
            after = after.fixed(draft.offered[0])
        if topic := wish.topic or (rules.ANY_TOPIC if wish.any_topic and not draft.topic else None):
            after = replace(after, topic=topic)
        if wish.mode or wish.any_mode:
            after = replace(after, mode=wish.mode, any_mode=wish.any_mode)
        if wish.adviser and (named := await self._named(wish.adviser, after)):
            after = replace(after, adviser_id=named, turned_down=())
        if wish.act == "another_adviser" and not wish.adviser:
            refused = (draft.with_id,) if draft.with_id else (draft.adviser_id,) if draft.adviser_id else ()
            after = replace(after, adviser_id=None, with_id=None, turned_down=(*draft.turned_down, *refused))
        return after

    async def unknown_adviser(self, wish: GuidanceWish, draft: Draft) -> str | None:
        """What to say of a name that no adviser has."""
        if wish.adviser is None or await self._named(wish.adviser, draft):
            return None
        return f"没有姓{wish.adviser}的老师。"

    async def _named(self, surname: str, draft: Draft) -> int | None:
        """The adviser of that surname; of several one who has the topic."""
        named = [one for one in await self._guidance.advisers() if one.name.startswith(surname)]
        able = [one for one in named if draft.topic in one.topics]
        return (able or named)[0].id if named else None

    async def let_go(self, draft: Draft, turn: Turn) -> Draft:
        """Without the place that was held."""
        if draft.held is not None:
            with suppress(rules.UnknownBooking):  # gone already, which is what is wanted
                await self._guidance.release(turn.person, draft.held)
        return replace(draft, held=None, key=None)

    async def go_on(self, draft: Draft, turn: Turn, lead: str = "") -> Told:
        """Ask for what is missing, or read everything back."""
        if draft.held is not None:
            draft = await self.let_go(draft, turn)
        topics = await self._topics()
        if draft.topic is None:
            draft, noted = await self._noted(draft, turn)
            return self._told(replace(draft, step="topic"), turn, lead, wording.ask_topic(_listed(topics), noted))
        if draft.topic not in topics and draft.topic != rules.ANY_TOPIC:
            near = _NEAR.get(draft.topic)
            if near is None or near not in topics:
                reply = wording.no_topic(draft.topic, _listed(topics))
                return self._told(replace(draft, step="topic", topic=None), turn, lead, reply)
            lead += wording.instead_of(draft.topic, near)
            draft = replace(draft, topic=near)
        if (unfit := await self._unfit(draft)) is not None:
            return await self._refuse(draft, unfit, turn.now, turn, lead)
        if draft.starts_at is None:
            return await self._time(draft, turn, lead)
        return await self._there(draft, draft.starts_at, turn, lead)

    async def _noted(self, draft: Draft, turn: Turn) -> tuple[Draft, str]:
        """What is said of a time that was named before the topic: that it was heard, or why it cannot be."""
        if len(draft.options) != 1 or draft.parts.day is None:
            return draft, ""
        option = draft.options[0]
        if draft.past:
            refusal: rules.Refusal | None = rules.Past(option.start)
        else:
            refusal = await self._finder.against(draft, option)
        if refusal is None:
            return draft, wording.heard(option, _today(turn.now))
        without = replace(draft, parts=type(draft.parts)(), options=(), past=False, starts_at=None)
        return without, wording.why(refusal) + wording.LATER

    async def _unfit(self, draft: Draft) -> rules.Refusal | None:
        """Why the adviser who was asked for is not the one for it."""
        adviser = next((one for one in await self._guidance.advisers() if one.id == draft.adviser_id), None)
        if adviser and draft.topic and draft.topic not in (*adviser.topics, rules.ANY_TOPIC):
            return NotTheirTopic(adviser, draft.topic)
        if adviser and draft.mode and draft.mode not in adviser.modes:
            return rules.ModeNotOffered(adviser, draft.mode)
        return None

    async def soonest(self, draft: Draft, turn: Turn, lead: str = "") -> Told:
        """The first place there is."""
        if draft.topic is None and draft.changing is None:
            return await self.go_on(draft, turn, lead)
        found = await self._finder.coming(draft, turn.now)
        if not found.slots:
            return await self.pick(draft, turn, lead)
        return await self.go_on(draft.fixed(found.slots[0].starts_at), turn, lead)

    async def pick(self, draft: Draft, turn: Turn, lead: str = "", ask: str = "") -> Told:
        """The free places of the next days, to choose from."""
        draft = replace(draft, step="time", starts_at=None)
        if draft.topic is None:
            return await self.go_on(draft, turn, lead)
        found = await self._finder.coming(draft, turn.now)
        if not found.slots:
            if (unfit := await self._unfit(draft)) is not None:
                return await self._refuse(draft, unfit, turn.now, turn, lead)
            return self._told(draft, turn, lead, wording.no_times(draft.topic))
        sample = any(slot.adviser.sample for slot in found.slots)
        text = ask or wording.when_for(draft.topic)
        reply = wording.ask_time(found.moments, today=_today(turn.now), lead=text, sample=sample)
        return self._told(_offering(draft, found.slots), turn, lead, reply)

    async def _time(self, draft: Draft, turn: Turn, lead: str) -> Told:
        if not draft.options:
            return await self.pick(draft, turn, lead)
        if draft.past:
            return await self._refuse(draft, rules.Past(draft.options[0].start), turn.now, turn, lead)
        if len(draft.options) > 1:
            reply = wording.ask_which_time(draft.options, _today(turn.now))
            return self._told(replace(draft, step="time", offered=()), turn, lead, reply)
        option = draft.options[0]
        if option.end is None and not option.after and not option.before:
            return await self._there(draft, option.start, turn, lead)
        found = await self._finder.within(draft, option, turn.now)
        if found.refusal is not None:
            return await self._refuse(draft, found.refusal, option.start, turn, lead)
        if len(found.slots) == 1:
            return await self._there(draft.fixed(found.slots[0].starts_at), found.slots[0].starts_at, turn, lead)
        one_day = len(found.days) == 1
        text = (
            f"{wording.spoken_day(found.days[0][0])}这几个时间有空，看哪个？"
            if one_day
            else "这几天有空的在下面，看哪个？"
        )
        sample = any(slot.adviser.sample for slot in found.slots)
        reply = wording.ask_time(found.moments, today=_today(turn.now), lead=text, sample=sample)
        return self._told(_offering(replace(draft, step="time"), found.slots), turn, lead, reply)

    async def _there(self, draft: Draft, starts_at: datetime, turn: Turn, lead: str) -> Told:
        """With a moment chosen: is it free, which way, and read back."""
        try:
            slot = await self._slot(draft, starts_at, turn)
        except rules.Refusal as error:
            return await self._refuse(draft, error, starts_at, turn, lead)
        draft = replace(draft, starts_at=slot.starts_at.astimezone(SHANGHAI), with_id=slot.adviser.id, offered=())
        only = draft.any_mode or len(slot.adviser.modes) == 1
        mode = draft.mode or (slot.adviser.modes[0] if only else None)
        if mode is None:
            return self._told(replace(draft, step="mode"), turn, lead, wording.ask_mode(slot.starts_at, slot.adviser))
        return await self._read_back(draft, slot, mode, turn, lead)

    async def _slot(self, draft: Draft, starts_at: datetime, turn: Turn) -> Slot:
        """The place; a booking that keeps its adviser, and its time or nearly so, stands on it itself."""
        if draft.changing is not None and (mine := await self.booking(draft.changing, turn)):
            stays = draft.adviser_id in (None, mine.adviser.id) and mine.adviser.id not in draft.turned_down
            stays = stays and (draft.topic in (mine.topic, *mine.adviser.topics))
            if stays and mine.starts_at == starts_at and draft.mode not in mine.adviser.modes:
                raise rules.ModeNotOffered(mine.adviser, draft.mode or "")
            length = mine.ends_at - mine.starts_at
            near = Slot(mine.adviser, starts_at, int(length.total_seconds() // 60))
            if stays and mine.starts_at == starts_at:
                return near
            if stays and abs(starts_at - mine.starts_at) <= length:
                try:
                    return await self._finder.at(draft, starts_at)
                except rules.SlotTaken as error:
                    if isinstance(error, rules.OffGrid):
                        raise
                    return near  # it may be in its own way; moving it decides
        return await self._finder.at(draft, starts_at)

    async def _read_back(self, draft: Draft, slot: Slot, mode: str, turn: Turn, lead: str) -> Told:
        key = secrets.token_urlsafe(9)
        topic = draft.topic or rules.ANY_TOPIC
        if draft.changing is None:
            named = None if topic == rules.ANY_TOPIC else topic
            try:
                booking = await self._guidance.hold(
                    turn.person, slot, mode=mode, topic=named, key=key, asked=draft.asked
                )
            except rules.Refusal as error:
                return await self._refuse(draft, error, slot.starts_at, turn, lead)
            draft, about = replace(draft, held=booking.id), booking.id
        else:
            about = draft.changing
        reply = wording.read_back(
            slot, mode=mode, topic=topic, booking_id=about, key=key, moving=draft.changing is not None
        )
        return self._told(replace(draft, step="confirm", key=key), turn, lead, reply)

    async def _refuse(self, draft: Draft, error: rules.Refusal, around: datetime, turn: Turn, lead: str) -> Told:
        """Say why not, and offer the nearest."""
        if isinstance(error, (rules.PersonLimit, rules.TooLateToChange, rules.UnknownBooking)):
            return Told(wording.led(lead, wording.ended(error)), None)
        if isinstance(error, (rules.ModeNotOffered, NotTheirTopic)):
            return self._told(replace(draft, step="mode"), turn, lead, wording.refused(error, ()))
        draft = replace(draft, step="time", starts_at=None, held=None, key=None)
        if isinstance(error, NobodyElse):
            draft = replace(draft, turned_down=())
        if isinstance(error, (rules.Past, rules.TooFar)):  # “周四” is not said of that week
            draft = replace(draft, parts=replace(draft.parts, day=None))
        error = await self._finder.told(draft, error)
        slots = await self._finder.nearest(draft, turn.now if isinstance(error, rules.Past) else around)
        if isinstance(error, rules.Overlapping):
            slots = tuple(slot for slot in slots if slot.starts_at != around)
        wait_for = error.day if isinstance(error, rules.DayFull) and draft.changing is None else None
        reply = wording.refused(error, slots, wait_for=wait_for)
        return self._told(_offering(draft, slots), turn, lead, reply)

    async def confirm(self, draft: Draft, turn: Turn) -> Told:
        """A yes to what was read back."""
        if draft.changing is not None:
            return await self._move(draft, turn)
        assert draft.held is not None and draft.key is not None
        try:
            booking = await self._guidance.confirm(turn.person, draft.held, draft.key)
        except rules.Refusal as error:
            around = draft.starts_at or turn.now
            return await self._refuse(draft, error, around, turn, "")
        return self.booked(booking, draft, turn)

    def booked(self, booking: BookingView, draft: Draft | None, turn: Turn) -> Told:
        """The number and the rest; the contact is what is still open."""
        kept = replace(
            draft or Draft(), step="contact", about=booking.id, held=None, key=None, changing=None, offered=()
        )
        return Told(wording_booked.booked(booking), kept.to_slot(turn.now))

    async def _move(self, draft: Draft, turn: Turn) -> Told:
        assert draft.changing is not None and draft.starts_at is not None and draft.key is not None
        before = await self.booking(draft.changing, turn)
        if before is None:
            return Told(wording.GONE, None)
        try:
            slot = await self._slot(draft, draft.starts_at, turn)
            after = before
            if slot.starts_at != before.starts_at or slot.adviser.id != before.adviser.id:
                after = await self._guidance.move(turn.person, before.id, slot, draft.key, mode=draft.mode)
            elif draft.mode and draft.mode != before.mode:
                after = await self._guidance.set_mode(turn.person, before.id, draft.mode)
            if draft.topic and draft.topic != before.topic:
                after = await self._guidance.set_topic(turn.person, before.id, draft.topic)
        except rules.Refusal as error:
            return await self._refuse(draft, error, draft.starts_at, turn, "")
        return Told(wording_booked.booked(after, moved=True), None)

    async def again(self, draft: Draft, now: datetime, lead: str) -> Reply:
        """The same step offered once more; nothing is let go or held anew."""
        adviser = next((one for one in await self._guidance.advisers() if one.id == draft.with_id), None)
        moving = draft.changing is not None
        if draft.step == "confirm" and adviser and draft.starts_at and draft.key:
            about, slot = draft.changing or draft.held or 0, Slot(adviser, draft.starts_at, 0)
            mode, topic = draft.mode or adviser.modes[0], draft.topic or rules.ANY_TOPIC
            reply = wording.read_back(slot, mode=mode, topic=topic, booking_id=about, key=draft.key, moving=moving)
        elif draft.step == "mode" and adviser and draft.starts_at:
            reply = wording.ask_mode(draft.starts_at, adviser)
        elif draft.step == "cancel" and draft.about is not None:
            reply = wording_booked.still_cancel(draft.about)
        elif draft.step == "which":
            reply = wording_booked.still_which(draft.offered, draft.does or "change")
        elif draft.topic is None:
            reply = wording.ask_topic(_listed(await self._topics()))
        elif len(draft.options) > 1 and not draft.offered:
            reply = wording.ask_which_time(draft.options, _today(now))
        elif draft.offered:
            days = _by_day(draft.offered)
            reply = wording.ask_time(days, today=_today(now), lead=wording.which_of(draft.topic, days))
        else:
            found = await self._finder.coming(draft, now)
            days = _by_day(tuple(slot.starts_at for slot in found.slots))
            if not days:
                return wording.led(lead, wording.no_times(draft.topic))
            reply = wording.ask_time(days, today=_today(now), lead=wording.when_for(draft.topic))
        return wording.led(lead, reply)

    async def booking(self, booking_id: int, turn: Turn) -> BookingView | None:
        """One of the person's own."""
        return next((one for one in await self.mine(turn) if one.id == booking_id), None)

    async def mine(self, turn: Turn) -> tuple[BookingView, ...]:
        """What the person has booked, without what is only held."""
        return tuple(one for one in await self._guidance.mine(turn.person) if one.state == "booked")

    async def modes(self, draft: Draft) -> tuple[str, ...]:
        """The ways of the adviser in hand but the one chosen; of all advisers where there is none yet."""
        advisers = await self._guidance.advisers()
        own = [one for one in advisers if one.id in (draft.with_id, draft.adviser_id)] or list(advisers)
        if own[0].modes == (draft.mode,):
            own = list(advisers)
        modes = dict.fromkeys(mode for one in own for mode in one.modes)
        return tuple(mode for mode in modes if mode != draft.mode)

    async def _topics(self) -> set[str]:
        return {topic for one in await self._guidance.advisers() for topic in one.topics}

    @staticmethod
    def _told(draft: Draft, turn: Turn, lead: str, reply: Reply) -> Told:
        return Told(wording.led(lead, reply) if lead else reply, draft.to_slot(turn.now))


def _offering(draft: Draft, slots: tuple[Slot, ...]) -> Draft:
    """“第二个” counts among these."""
    return replace(draft, offered=tuple(slot.starts_at.astimezone(SHANGHAI) for slot in slots[:_OFFERED]))


def _by_day(moments: tuple[datetime, ...]) -> list[tuple[date, tuple[datetime, ...]]]:
    return [(day, tuple(of_day)) for day, of_day in groupby(moments, key=_today)]


def _listed(topics: set[str]) -> list[str]:
    known = [topic for topic in _ORDER if topic in topics]
    return known + sorted(topics - set(_ORDER))


def _today(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()
