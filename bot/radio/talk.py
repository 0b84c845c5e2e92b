"""A talk about a question for the programme: taken, shown, agreed to; the state comes in and goes out, nothing is held."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from bot.clock import SHANGHAI, Clock
from bot.conversations.masking import mask
from bot.radio import rules, wording
from bot.radio.service import Radio
from bot.reply import Reply
from bot.text import radio_wishes as wishes

State = dict[str, Any] | None

_TRIES = 2  # times the question is asked for before it is let be
_SHORT = 16  # characters within which a look at one's own questions is one while another question is being taken
_CONSENTS: dict[str, rules.Consent] = {"air": "air", "reply": "reply"}


@dataclass(frozen=True)
class Told:
    """A reply, and the slot's value after it; None: no question is being taken."""

    reply: Reply
    state: State


@dataclass(frozen=True)
class Draft:
    """A question in the making. `step` is what was asked last: question, nickname or consent.

    `text` as it was shown; `masked`: something was taken out of it. `named`: the nickname was asked for and given, None
    for none. `key` belongs to this text: a press under another one does not confirm it.
    """

    step: str = "question"
    text: str | None = None
    masked: bool = False
    named: bool = False
    nickname: str | None = None
    key: str | None = None
    tries: int = 0
    at: str | None = None

    def to_slot(self, now: datetime) -> dict[str, Any]:
        """As the engine keeps it."""
        return {**asdict(self), "at": now.astimezone(SHANGHAI).isoformat(timespec="seconds")}

    @classmethod
    def from_slot(cls, slot: State) -> Draft | None:
        """What `to_slot` wrote; None where no question is being taken."""
        return cls(**slot) if slot else None

    def worded(self, text: str) -> Draft:
        """With another text, as it is to be shown, and a key of its own."""
        shown = mask(text)
        return replace(self, text=shown, masked="〔" in shown, key=secrets.token_urlsafe(9), tries=0)


class RadioTalk:
    """Answers each turn about questions for the programme. `state` is the value of the slot `question`."""

    def __init__(self, radio: Radio, clock: Clock) -> None:
        self._radio, self._clock = radio, clock

    async def said(
        self, text: str, now: datetime | None, state: State, conversation: str, *, intent: str | None = None
    ) -> Told:
        """A typed turn. `intent`: what it was understood as: an insult is none of the programme's."""
        now, draft = now or self._clock(), Draft.from_slot(state)
        if draft is not None and wishes.stops(text):
            return Told(wording.STOPPED, None)
        if (own := await self._about_own(text, conversation, draft, now)) is not None:
            return Told(own, state)
        if intent == "abuse" and (draft is None or draft.step == "question"):
            return Told(wording.unfit("rude"), state)
        if draft is None or self._begins_anew(text, draft):
            return await self._opened(text, now, conversation)
        if draft.step == "question":
            return await self._worded(wishes.as_question(text), draft, now, text)
        if (edit := wishes.edit_in(text)) is not None:
            return await self._edited(edit, draft, now)
        if draft.step == "nickname":
            return await self._named(text, draft, now)
        return await self._agreed(text, draft, now, conversation)

    async def pressed(
        self, do: str, of: str | None, key: str | None, now: datetime | None, state: State, conversation: str
    ) -> Told:
        """A pressed choice."""
        now, draft = now or self._clock(), Draft.from_slot(state)
        match do:
            case "mine":
                return Told(await self._mine(conversation, now), state)
            case "stop":
                return Told(wording.STOPPED, None)
            case "withdraw" if of:
                return Told(await self._withdraw(of, conversation), state)
            case "quiet" if of:
                return Told(await self._quiet(of, conversation), state)
            case "take":
                return await self._take(now, conversation)
            case "consent" if of in _CONSENTS and key:
                return await self._confirmed(_CONSENTS[of], key, draft, now, conversation)
            case "edit" if draft is not None:
                return self._asking(replace(draft, text=None, key=None), now, wording.ask_question_again())
            case "anonymous" if draft is not None and draft.text:
                return self._go_on(replace(draft, named=True, nickname=None), now)
        return await self._begun(Draft(), now, conversation)

    async def resume(self, now: datetime | None, state: State) -> Reply | None:
        """The same step once more after something else was answered; None where that is too long ago, or nothing is open."""
        now, draft = now or self._clock(), Draft.from_slot(state)
        if draft is None or draft.at is None or now - datetime.fromisoformat(draft.at) >= wishes.STALE:
            return None
        return self._step(draft, wording.AGAIN)

    # -- typed turns ---------------------------------------------------------------------------------------------------

    @staticmethod
    def _begins_anew(text: str, draft: Draft) -> bool:
        """Whether a turn after the question was shown asks another one: “我想问嘉宾 …” once more."""
        return draft.step != "question" and wishes.names_programme(text) and wishes.question_in(text) is not None

    async def _opened(self, text: str, now: datetime, conversation: str) -> Told:
        """No question is being taken: this begins one."""
        draft = Draft()
        if (hint := wishes.nickname_hint(text)) is not None and _readable(hint):
            draft = replace(draft, named=True, nickname=hint or None)
        begun = await self._begun(draft, now, conversation)
        found = wishes.question_in(text)
        if begun.state is None or found is None:
            return begun
        return await self._worded(found, draft, now, text)

    async def _begun(self, draft: Draft, now: datetime, conversation: str, lead: str = "") -> Told:
        """Asks for the question, unless the person has too many open."""
        try:
            await self._radio.check_room(conversation)
        except rules.TooMany as refusal:
            return Told(wording.too_many(refusal.limit), None)
        return self._asking(draft, now, wording.ask_question(lead + wording.on_air(await self._radio.air())))

    @staticmethod
    def _asking(draft: Draft, now: datetime, reply: Reply) -> Told:
        return Told(reply, replace(draft, step="question").to_slot(now))

    async def _worded(self, text: str, draft: Draft, now: datetime, said: str) -> Told:
        """The question is there: it is shown, or it is said why it is not taken."""
        worded = draft.worded(text.strip())
        try:
            rules.check_question(worded.text or "")
            if wishes.is_rude(said):
                raise rules.Unfit("rude")
        except rules.Unfit as refusal:
            if draft.tries + 1 >= _TRIES:
                return Told(wording.UNCLEAR, None)
            return self._asking(replace(draft, tries=draft.tries + 1), now, wording.unfit(refusal.why))
        return self._go_on(worded, now)

    def _go_on(self, draft: Draft, now: datetime, lead: str = "") -> Told:
        """The nickname is asked for, then the consent."""
        draft = replace(draft, step="consent" if draft.named else "nickname")
        return Told(self._step(draft, lead), draft.to_slot(now))

    @staticmethod
    def _step(draft: Draft, lead: str = "") -> Reply:
        if draft.step == "question" or not draft.text or not draft.key:
            return wording.ask_question(lead)
        if draft.step == "nickname":
            return wording.ask_nickname(draft.text, lead, masked=draft.masked)
        return wording.ask_consent(draft.text, draft.nickname, draft.key, lead, masked=draft.masked)

    async def _edited(self, edit: wishes.Edit, draft: Draft, now: datetime) -> Told:
        """The question that was shown is changed, or asked for again."""
        new = f"{draft.text}，{edit.more}" if edit.more else edit.new
        if new is None:
            return self._asking(replace(draft, text=None, key=None), now, wording.ask_question_again())
        return await self._worded(new, draft, now, new)

    async def _named(self, text: str, draft: Draft, now: datetime) -> Told:
        """What to be called."""
        name = wishes.nickname_in(text)
        if name is None:
            return Told(wording.ask_nickname_again("unclear"), draft.to_slot(now))
        try:
            if name:
                rules.check_nickname(name)
        except rules.BadNickname as refusal:
            return Told(wording.ask_nickname_again(refusal.why), draft.to_slot(now))
        return self._go_on(replace(draft, named=True, nickname=name or None), now)

    async def _agreed(self, text: str, draft: Draft, now: datetime, conversation: str) -> Told:
        """Whether it may be read out."""
        consent = wishes.consent_in(text)
        if consent is None or draft.key is None:
            return Told(self._step(draft), draft.to_slot(now))
        return await self._confirmed(consent, draft.key, draft, now, conversation)

    async def _confirmed(
        self, consent: rules.Consent, key: str, draft: Draft | None, now: datetime, conversation: str
    ) -> Told:
        """Store it; a press for what was confirmed before tells the same, and one under an older text shows the new one."""
        state = draft.to_slot(now) if draft else None
        if draft is None or draft.key != key or not draft.text:
            known = await self._radio.confirmed(conversation, key)
            if known is not None:
                return Told(wording.taken(known, await self._radio.air()), state)
            if draft is None:
                return Told(wording.GONE, None)
            return Told(self._step(draft, wording.CHANGED_SINCE), state)
        if not draft.named:
            return self._go_on(draft, now)
        try:
            question = await self._radio.submit(
                conversation, draft.text, nickname=draft.nickname, consent=consent, key=key
            )
        except rules.NotAsShown as refusal:
            return self._go_on(draft.worded(refusal.text), now)
        except rules.BadNickname as refusal:
            draft = replace(draft, step="nickname", named=False, nickname=None)
            return Told(wording.ask_nickname_again(refusal.why), draft.to_slot(now))
        except rules.Unfit as refusal:
            return self._asking(replace(draft, text=None, key=None), now, wording.unfit(refusal.why))
        except rules.AlreadyAsked as refusal:
            return Told(wording.taken_before(refusal.question), None)
        except rules.TooMany as refusal:
            return Told(wording.too_many(refusal.limit), None)
        return Told(wording.taken(question, await self._radio.air()), None)

    # -- what was asked before -----------------------------------------------------------------------------------------

    async def _about_own(self, text: str, conversation: str, draft: Draft | None, now: datetime) -> Reply | None:
        """What became of their questions, where a turn asks for that; None where it does not."""
        if draft is not None and (len(text) > _SHORT or (draft.step != "question" and not wishes.asks_for_own(text))):
            return None
        lead = (
            wording.TO_TAKE_BACK if wishes.takes_back(text) else wording.TO_CHANGE if wishes.changes_sent(text) else ""
        )
        if not lead and not wishes.asks_for_own(text):
            return None
        return await self._mine(conversation, now, lead)

    async def _mine(self, conversation: str, now: datetime, lead: str = "") -> Reply:
        return wording.mine(await self._radio.mine(conversation), now.astimezone(SHANGHAI).date(), lead)

    async def _withdraw(self, code: str, conversation: str) -> Reply:
        try:
            return wording.withdrawn(await self._radio.withdraw(conversation, code))
        except rules.UnknownQuestion:
            return wording.GONE
        except rules.CannotBecome:
            return wording.TOO_LATE

    async def _quiet(self, code: str, conversation: str) -> Reply:
        try:
            return wording.quiet(await self._radio.tell_no_more(conversation, code))
        except rules.UnknownQuestion:
            return wording.GONE

    async def _take(self, now: datetime, conversation: str) -> Told:
        """The last question that we had no answer to is the one to be asked."""
        text = await self._radio.last_refused(conversation)
        begun = await self._begun(Draft(), now, conversation, "" if text else wording.NOTHING_REFUSED)
        if begun.state is None or text is None:
            return begun
        return await self._worded(wishes.as_question(text), Draft(), now, text)


def _readable(name: str) -> bool:
    """Whether a nickname in passing will do; otherwise it is asked for."""
    if not name:
        return True
    try:
        rules.check_nickname(name)
    except rules.BadNickname:
        return False
    return True
