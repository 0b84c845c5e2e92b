"""A talk about one-on-one guidance: booking, changing, calling off; the state comes in and goes out, nothing is held."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.clock import Clock
from bot.guidance import notices, rules, wording, wording_booked
from bot.guidance.service import Guidance
from bot.guidance.talk_changes import Changes
from bot.guidance.talk_state import Draft, Told
from bot.guidance.talk_steps import Steps, Turn
from bot.guidance.talk_times import wanted_of
from bot.guidance.views import Wanted
from bot.reply import Reply
from bot.text.guidance_wishes import GuidanceWish, is_short_answer, read_guidance_wish

__all__ = ["GuidanceTalk", "PersonOf", "Told"]

PersonOf = Callable[[str], Awaitable[int]]
"""The person of a conversation, by its code."""
State = dict[str, Any] | None
MASKED = re.compile("〔(?:手机号|电话|邮箱|账号)〕")
"""What stands in the place of a contact in the texts that dialogues see."""
_ASKED = 200  # characters of what was asked for at first that the adviser reads
_AFTERWARDS = ("change", "cancel", "another_adviser")


class GuidanceTalk:
    """Answers each turn about guidance. `state` is the value of the slot `booking`."""

    def __init__(self, guidance: Guidance, person_of: PersonOf, clock: Clock) -> None:
        self._guidance, self._person_of, self._clock = guidance, person_of, clock
        self._steps = Steps(guidance)
        self._changes = Changes(guidance, self._steps)

    async def said(
        self, text: str, now: datetime | None, state: State, conversation: str, *, intent: str | None = None
    ) -> Told:
        """A typed turn. `intent`: what it was understood as, for words that do not tell by themselves."""
        turn = Turn(await self._person_of(conversation), now or self._clock())
        draft, wish = Draft.from_slot(state), read_guidance_wish(text, turn.now)
        wish = _understood(wish, intent, draft)
        if draft is None:
            return await self._opened(text, wish, turn)
        if draft.step == "contact":
            return await self._contact(text, wish, draft, turn)
        if draft.step == "which":
            return await self._changes.chosen_in_words(text, wish, draft, turn)
        if draft.step == "cancel":
            return await self._about_cancelling(text, wish, draft, turn)
        if draft.stale(turn.now) or draft.step == "paused":
            return await self._after_a_break(text, wish, draft, turn)
        return await self._within(text, wish, draft, turn)

    async def answered(self, yes: bool, text: str, now: datetime | None, state: State, conversation: str) -> Told:
        """A turn that was understood as a yes or a no: taken as one only where it says nothing else."""
        moment = now or self._clock()
        wish = read_guidance_wish(text, moment)
        if state and wish.act is None and not wish.facts and is_short_answer(text):
            return await self.said("对" if yes else "不对", moment, state, conversation)
        return await self.said(text, moment, state, conversation)

    async def resume(self, now: datetime | None, state: State) -> Reply | None:
        """The same step once more after something else was answered; None where nothing is to be decided.

        What is held stays held, and what was read back is read back with the same key.
        """
        moment = now or self._clock()
        draft = Draft.from_slot(state)
        if draft is None or not draft.open:
            return None
        if draft.stale(moment) or draft.step == "paused":
            return wording.PAUSED
        return await self._steps.again(draft, moment, wording.AGAIN)

    async def pressed(
        self, do: str, of: str | None, key: str | None, now: datetime | None, state: State, conversation: str
    ) -> Told:
        """A pressed choice."""
        turn = Turn(await self._person_of(conversation), now or self._clock())
        draft = Draft.from_slot(state)
        number = int(of) if of and of.isdecimal() else None
        match do:
            case "confirm" if number is not None and key:
                return await self._confirmed(number, key, draft, turn)
            case "move" if number is not None and key:
                if draft and draft.step == "confirm" and (draft.changing, draft.key) == (number, key):
                    return await self._steps.confirm(draft, turn)
                return Told(
                    wording_booked.mine(await self._steps.mine(turn)), state
                )  # pressed twice: it stands as it stands
            case "change" | "cancel" if number is not None:
                if draft:
                    draft = await self._steps.let_go(draft, turn)
                said = (draft.asked or "") if draft and draft.step == "which" else ""
                return await self._changes.one(do, number, said, turn)
            case "cancel_now" if number is not None:
                return await self._changes.cancel(number, turn)
            case "keep":
                return Told(wording.KEPT, None)
            case "mine":
                return await self._mine(draft, turn)
            case "stop":
                return await self._stop(draft, turn)
            case "no_contact":
                return Told(wording.CONTACT_SKIPPED, None if draft and draft.step == "contact" else state)
            case "leave_wait" if number is not None:
                return await self._leave_waiting(number, state, turn)
            case "accept" if number is not None and key:
                return await self._accept(number, key, turn)
            case "instead" if number is not None and key:
                return await self._instead(number, key, draft, turn)
            case "share" | "unshare" if number is not None:
                return await self._share(number, do == "share", state, turn)
            case "rate" if number is not None and key and key.isdecimal():
                return await self._rate(number, int(key), state, turn)
        return await self._stepped(do, of, draft or Draft(), turn)

    async def _stepped(self, do: str, of: str | None, draft: Draft, turn: Turn) -> Told:
        """A press that takes a booking in the making further."""
        draft = await self._steps.let_go(draft, turn)
        if not draft.open or draft.step in ("which", "cancel") or do == "restart":
            draft = Draft()
        match do:
            case "topic" if of:
                draft = replace(draft, topic=of)
            case "mode" if of:
                draft = replace(draft, mode=of)
            case "slot" if of:
                draft = draft.fixed(datetime.fromisoformat(of))
            case "when" if of and of.isdecimal() and int(of) < len(draft.options):
                draft = draft.narrowed(int(of))
            case "wait" if of:
                return await self._queue(date.fromisoformat(of), draft, turn)
            case "other_time":
                return await self._steps.pick(replace(draft, options=(), parts=type(draft.parts)()), turn)
            case "other_adviser":
                draft = await self._steps.heard(draft, GuidanceWish(act="another_adviser"), turn)
            case "other_mode":
                reply = wording.ask_mode_again(await self._steps.modes(draft))
                return Told(reply, replace(draft, step="mode").to_slot(turn.now))
            case "other_topic":
                return await self._steps.go_on(replace(draft, topic=None), turn)
        return await self._steps.go_on(draft, turn)

    # -- typed turns ---------------------------------------------------------------------------------------------------

    async def _opened(self, text: str, wish: GuidanceWish, turn: Turn) -> Told:
        """Nothing is being booked."""
        if wish.act == "mine":
            return Told(wording_booked.mine(await self._steps.mine(turn)), None)
        if wish.act in (*_AFTERWARDS, "stop"):
            booked = await self._steps.mine(turn)
            if booked:
                do = "cancel" if wish.act in ("cancel", "stop") else "change"
                return await self._changes.which(do, text, wish, booked, turn)
            if wish.act == "change" and wish.facts:
                return await self._facts(wish, Draft(asked=text[:_ASKED]), turn, wording.NONE_YET)
            return Told(wording.NOTHING_OPEN if wish.act == "stop" else wording.NOTHING_TO_CHANGE, None)
        if wish.act in ("wait", "refuse", "confirm", "resume") and not wish.facts:
            return Told(wording.NOTHING_OPEN, None)
        return await self._facts(wish, Draft(asked=text[:_ASKED]), turn)

    async def _within(self, text: str, wish: GuidanceWish, draft: Draft, turn: Turn) -> Told:
        """Something is being booked."""
        match wish.act:
            case "mine":
                return await self._mine(draft, turn)
            case "stop":
                return await self._stop(draft, turn)
            case "cancel":
                booked = self._changes.named(text, await self._steps.mine(turn), turn)
                if wish.times.options and booked:
                    await self._steps.let_go(draft, turn)
                    return await self._changes.which("cancel", text, wish, booked, turn)
                return await self._stop(draft, turn)
            case "restart":
                await self._steps.let_go(draft, turn)
                return await self._facts(wish, Draft(), turn)
            case "wait" if not wish.facts:
                return await self._again(draft, turn, wording.NO_HURRY)
            case "resume" if not wish.facts:
                return await self._again(draft, turn, wording.AGAIN)
            case "queue" if (day := self._asked_day(wish, draft)) and draft.changing is None:
                return await self._queue(day, await self._steps.heard(draft, wish, turn), turn)
            case "more" | "change" if not wish.facts:
                draft = await self._steps.let_go(draft, turn)
                return await self._steps.pick(replace(draft, options=(), parts=type(draft.parts)()), turn)
        if draft.step == "confirm" and not wish.facts:
            if wish.agrees:
                return await self._steps.confirm(draft, turn)
            if wish.act == "refuse":
                reply = wording.what_is_wrong(moving=draft.changing is not None)
                return Told(reply, draft.to_slot(turn.now))
        if wish.agrees and not wish.facts and len(draft.offered) == 1:
            return await self._steps.go_on(draft.fixed(draft.offered[0]), turn)
        if wish.act == "refuse" and not wish.facts and draft.step == "time":
            return await self._steps.pick(replace(draft, options=(), parts=type(draft.parts)()), turn)
        if not wish.facts and wish.act not in ("another_adviser", "book"):
            return await self._again(draft, turn, wording.NOT_UNDERSTOOD if not wish.agrees else "")
        return await self._facts(wish, draft, turn)

    async def _facts(self, wish: GuidanceWish, draft: Draft, turn: Turn, lead: str = "") -> Told:
        """What a turn names is taken over; then the next thing is asked, or everything read back."""
        lead += await self._steps.unknown_adviser(wish, draft) or ""
        after = await self._steps.heard(draft, wish, turn)
        if draft.step == "confirm" and wish.agrees and _same(draft, after):
            return await self._steps.confirm(draft, turn)
        chooses = wish.soonest or (wish.any_day and draft.step == "time")  # “随便哪天” to the places: ours to choose
        if chooses and not wish.times.parts and not draft.offered:
            return await self._steps.soonest(await self._steps.let_go(after, turn), turn, lead)
        return await self._steps.go_on(after, turn, lead)

    async def _contact(self, text: str, wish: GuidanceWish, draft: Draft, turn: Turn) -> Told:
        """After a booking: the contact, or whatever else comes."""
        if draft.about is not None and (wish.contact or MASKED.search(text)):
            try:
                if wish.contact:  # on channels that do not mask; elsewhere it was kept on the way in
                    await self._guidance.set_contact(turn.person, draft.about, wish.contact)
                noted = await self._guidance.has_contact(turn.person, draft.about)
            except rules.UnknownBooking:
                return Told(wording.GONE, None)
            return Told(wording.CONTACT_NOTED, None) if noted else Told(wording.CONTACT_AGAIN, draft.to_slot(turn.now))
        if wish.no_contact or (wish.act in ("refuse", "stop") and not wish.facts):
            return Told(wording.CONTACT_SKIPPED, None)
        if wish.act in (None, "confirm", "wait") and not wish.facts:
            return Told(wording.CONTACT_AGAIN, draft.to_slot(turn.now))
        return await self._opened(text, wish, turn)

    async def _about_cancelling(self, text: str, wish: GuidanceWish, draft: Draft, turn: Turn) -> Told:
        assert draft.about is not None
        if (wish.agrees or (wish.act == "cancel" and not wish.rest)) and not wish.facts:
            return await self._changes.cancel(draft.about, turn)
        if wish.act in ("refuse", "stop") and not wish.facts:
            return Told(wording.KEPT, None)
        if wish.act in ("wait", "confirm", "resume", None) and not wish.facts:
            return await self._again(draft, turn, wording.NO_HURRY if wish.act == "wait" else "")
        if wish.act in ("change", "another_adviser") or (wish.times.parts and wish.act != "cancel"):
            return await self._changes.one("change", draft.about, text, turn)
        return await self._opened(text, wish, turn)

    async def _after_a_break(self, text: str, wish: GuidanceWish, draft: Draft, turn: Turn) -> Told:
        """A day later, or after the question whether to go on: what was held is long free again."""
        fresh = replace(draft, held=None, key=None, at=turn.now)
        if wish.act in ("stop", "cancel", "refuse") and not wish.facts:
            return Told(wording.STOPPED if draft.changing is None else wording.LEFT_ALONE, None)
        if wish.act == "restart":
            return await self._facts(wish, Draft(), turn)
        if wish.act == "mine":
            return Told(
                wording_booked.mine(await self._steps.mine(turn)), state=replace(fresh, step="paused").to_slot(turn.now)
            )
        if wish.act == "resume" or wish.agrees or wish.facts:
            if fresh.starts_at is None and not fresh.options:
                return await self._facts(wish, replace(fresh, step="time"), turn)
            over = [option for option in fresh.options if (option.end or option.start) <= turn.now]
            if fresh.options and len(over) == len(fresh.options):
                fresh = replace(fresh, past=True, starts_at=None)
            return await self._facts(wish, replace(fresh, step="time"), turn)
        return Told(wording.PAUSED, replace(fresh, step="paused").to_slot(turn.now))

    # -- what several turns share --------------------------------------------------------------------------------------

    async def _confirmed(self, booking_id: int, key: str, draft: Draft | None, turn: Turn) -> Told:
        """A press on yes, perhaps the second one on the same button: the key makes both one booking."""
        if draft and draft.held == booking_id:
            return await self._steps.confirm(replace(draft, key=key), turn)
        try:
            booking = await self._guidance.confirm(turn.person, booking_id, key)
        except (rules.UnknownBooking, rules.HoldExpired, rules.Past):
            if draft and draft.open:
                return await self._again(draft, turn, wording.AGAIN)
            return Told(wording.GONE, None)
        except rules.Refusal as error:
            return Told(wording.ended(error), None)
        return self._steps.booked(booking, draft if draft and draft.step == "contact" else None, turn)

    async def _instead(self, booking_id: int, which: str, draft: Draft | None, turn: Turn) -> Told:
        """Another time (and whose) for a session that was called off; what it was to be about and how stay."""
        moment, _, adviser = which.partition("/")
        starts_at = datetime.fromisoformat(moment)
        try:
            before = await self._guidance.booking(turn.person, booking_id)
        except rules.UnknownBooking:
            return Told(wording.GONE, None)
        if draft:
            await self._steps.let_go(draft, turn)
        with_id = int(adviser) if adviser.isdecimal() else None
        again = Draft(topic=before.topic, mode=before.mode, with_id=with_id).fixed(starts_at)
        try:
            await self._guidance.check(wanted_of(again), starts_at)
        except (rules.ClosedDay, rules.NoAdviser, rules.OutsideHours):
            again = replace(again, mode=None)  # offered in another way
        except rules.Refusal:
            pass  # somebody was faster: that is said
        return await self._steps.go_on(again, turn)

    async def _share(self, booking_id: int, agreed: bool, state: State, turn: Turn) -> Told:
        try:
            return Told(
                wording_booked.shared(await self._guidance.share_history(turn.person, booking_id, agreed)), state
            )
        except rules.Refusal as error:
            return Told(wording.ended(error), state)

    async def _rate(self, booking_id: int, stars: int, state: State, turn: Turn) -> Told:
        try:
            await self._guidance.rate(turn.person, booking_id, stars)
        except rules.Refusal as error:
            return Told(wording.ended(error), state)
        return Told(wording.RATED, state)

    async def _leave_waiting(self, wait_id: int, state: State, turn: Turn) -> Told:
        try:
            await self._guidance.leave_waiting(turn.person, wait_id)
        except rules.UnknownBooking:
            return Told(notices.WAIT_OVER, state)
        return Told(notices.WAIT_LEFT, state)

    async def _accept(self, wait_id: int, key: str, turn: Turn) -> Told:
        try:
            booking = await self._guidance.accept_offer(turn.person, wait_id, key)
        except (rules.UnknownBooking, rules.HoldExpired):
            return Told(notices.WAIT_OVER, None)
        except rules.Refusal as error:
            return Told(wording.ended(error), None)
        return self._steps.booked(booking, None, turn)

    async def _queue(self, day: date, draft: Draft, turn: Turn) -> Told:
        try:
            wait = await self._guidance.join_waiting(turn.person, day, wanted_of(draft) if draft.topic else Wanted())
        except rules.Refusal as error:
            return Told(
                wording.led(wording.why(error), await self._steps.again(draft, turn.now, "")), draft.to_slot(turn.now)
            )
        await self._steps.let_go(draft, turn)
        return Told(notices.waiting(wait), None)

    @staticmethod
    def _asked_day(wish: GuidanceWish, draft: Draft) -> date | None:
        options = wish.times.options or draft.options
        return options[0].start.date() if options else None

    async def _stop(self, draft: Draft | None, turn: Turn) -> Told:
        if draft is None:
            return Told(wording.NOTHING_OPEN, None)
        await self._steps.let_go(draft, turn)
        if draft.step == "contact":
            return Told(wording.CONTACT_SKIPPED, None)
        return Told(wording.STOPPED if draft.changing is None else wording.LEFT_ALONE, None)

    async def _mine(self, draft: Draft | None, turn: Turn) -> Told:
        """What is booked; a booking in the making is offered again below."""
        reply = wording_booked.mine(await self._steps.mine(turn))
        if draft is None or not draft.open:
            return Told(reply, None)
        again = await self._steps.again(draft, turn.now, wording.AGAIN)
        both = again.model_copy(
            update={"paragraphs": (*reply.paragraphs, *again.paragraphs), "cards": (*reply.cards, *again.cards)}
        )
        return Told(both, draft.to_slot(turn.now))

    async def _again(self, draft: Draft, turn: Turn, lead: str) -> Told:
        return Told(await self._steps.again(draft, turn.now, lead), draft.to_slot(turn.now))


def _understood(wish: GuidanceWish, intent: str | None, draft: Draft | None) -> GuidanceWish:
    """The wish with what the classifier heard: of its own words outside a booking, where they say nothing within."""
    inside = draft is not None and draft.open
    if inside and (wish.act not in (None, "book") or wish.facts):
        return wish
    if intent == "my_bookings" and wish.act != "mine":
        return replace(wish, act="mine")
    if intent == "change_booking" and wish.act not in (*_AFTERWARDS, "stop") and not inside:
        return replace(wish, act="change")
    return wish


def _same(before: Draft, after: Draft) -> bool:
    """Whether a turn named only what stood already."""

    def facts(draft: Draft) -> tuple[object, ...]:
        moment = draft.starts_at or (draft.options[0].start if len(draft.options) == 1 else None)
        return draft.topic, draft.mode, draft.adviser_id or draft.with_id, draft.turned_down, moment

    return facts(before) == facts(after)
