"""Writing topics: a draft is kept, sent, and approved by somebody who did not write it. Each method is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.conversations.masking import mask
from bot.eligibility.files import read_facts
from bot.eligibility.forms import Facts
from bot.knowledge import queries as knowledge
from bot.knowledge.checking import HOTLINES
from bot.knowledge.editing import forms, queries, rules
from bot.knowledge.editing.forms import Read, Surroundings, Typed
from bot.knowledge.editing.rules import Editor
from bot.knowledge.editing.views import Checked, DraftView, Opened, Saved, Served, draft_view
from bot.knowledge.files import Topic
from bot.knowledge.loading import REVIEW, content_of_row, replace, row_of
from bot.knowledge.tables import TopicDraft, TopicRow, TopicVersion
from bot.store import Sessions


@cache
def known_facts() -> Facts:
    """What conditions may be about; the file is part of the program and is read once."""
    return read_facts()


class Drafts:
    """What is to be said, until it is served."""

    def __init__(self, sessions: Sessions, clock: Clock, *, facts: Callable[[], Facts] = known_facts) -> None:
        self._sessions, self._clock, self._facts = sessions, clock, facts

    # -- looking -------------------------------------------------------------------------------------------------------

    async def open(self, topic_id: str) -> Opened:
        """A topic with what is served and its draft. Raises UnknownTopic where there is neither."""
        async with self._sessions() as db:
            row, draft = await queries.whole_topic(db, topic_id), await queries.open_draft(db, topic_id)
            dropped = await queries.last_dropped(db, topic_id) if draft is None else None
            if row is None and draft is None and dropped is None:
                raise rules.UnknownTopic(topic_id)
            content = content_of_row(row) if row else {}
            return Opened(
                topic=topic_id,
                served=Served(topic_id, row.version, content) if row else None,
                draft=draft_view(draft) if draft else None,
                dropped=draft_view(dropped) if dropped else None,
                titles=await knowledge.titles(db),
                moved=draft is not None and _moved(draft, content),
            )

    async def check(self, topic_id: str, typed: Typed) -> Checked:
        """Hold a form against the rules; changes nothing."""
        async with self._sessions() as db:
            row = await queries.whole_topic(db, topic_id)
            around = await self._around(db, topic_id, typed)
            return Checked(forms.read(topic_id, typed, around, content_of_row(row) if row else {}), dict(around.titles))

    async def titles(self) -> dict[str, str]:
        """Every topic's title, by id."""
        async with self._sessions() as db:
            return await knowledge.titles(db)

    async def said_in(self, turn_id: int) -> tuple[str, str] | None:
        """What a person wrote in a turn, masked, and the conversation's code; None where it is gone."""
        async with self._sessions() as db:
            return await queries.said_in(db, turn_id)

    async def to_approve(self, editor: Editor) -> int:
        """How many drafts wait for the approval of somebody."""
        async with self._sessions() as db:
            waiting = await queries.count_waiting(db)
            return sum(rules.may_decide(editor, editors, sent_by) for editors, sent_by in waiting)

    # -- writing -------------------------------------------------------------------------------------------------------

    async def begin(self, topic_id: str, typed: Typed, by: Editor) -> Saved:
        """The draft of a topic that does not exist yet. Raises Unfit where the id is taken or will not do."""
        topic_id = rules.clean_id(topic_id)
        try:
            async with self._sessions.begin() as db:
                if await db.get(TopicRow, topic_id) or await queries.open_draft(db, topic_id):
                    raise rules.Unfit("id", "taken")
                return await self._add(db, topic_id, _masked(typed, {}), by, None)
        except IntegrityError as error:  # a colleague took it at the same moment
            raise rules.Unfit("id", "taken") from error

    async def save(self, topic_id: str, typed: Typed, by: Editor, *, version: int, was: str) -> Saved:
        """Keep a form. `version` is that of the draft when the form was shown, 0 where there was none; `was` its marks.

        What a colleague changed meanwhile in other fields is put together with it. Raises Conflict where both changed
        the same field, NotNow for one that waits, UnknownTopic.
        """
        typed = forms.tidied(typed)
        try:
            async with self._sessions.begin() as db:
                row = await queries.whole_topic(db, topic_id)
                draft = await queries.open_draft(db, topic_id, lock=True)
                typed = _masked(typed, content_of_row(row) if row else {})
                if draft is None:
                    if row is None or version:
                        raise rules.UnknownTopic(topic_id)
                    return await self._add(db, topic_id, typed, by, row)
                return self._change(draft, typed, by, version, was)
        except IntegrityError:  # a colleague began one at the same moment: now there is one to be put together with
            return await self.save(topic_id, typed, by, version=version, was=was)

    async def _add(self, db: AsyncSession, topic_id: str, typed: Typed, by: Editor, row: TopicRow | None) -> Saved:
        now = self._clock()
        draft = TopicDraft(
            topic_id=topic_id,
            base_version=row.version if row else 0,
            base=content_of_row(row) if row else {},
            typed=forms.tidied(typed),
            editors=[by.id],
            by=by.name,
            at=now,
            changed_by=by.name,
            changed_at=now,
            version=1,
        )
        db.add(draft)
        await db.flush()
        return Saved(draft.id, draft.version)

    def _change(self, draft: TopicDraft, typed: Typed, by: Editor, version: int, was: str) -> Saved:
        if draft.state != "editing":
            raise rules.NotNow(draft.state)
        joined = False
        if draft.version != version:
            both = forms.merged(typed, draft.typed, was)
            if both.clashes:
                raise rules.Conflict(
                    draft.changed_by, draft.changed_at, draft.typed, both.typed, both.clashes, draft.version
                )
            joined = forms.units(both.typed) != forms.units(typed)
            typed = both.typed
        if forms.units(draft.typed) != forms.units(typed):
            kept = {name: draft.typed[name] for name in forms.FROM if draft.typed.get(name)}
            self._touch(draft, by, typed={**typed, **kept})
        return Saved(draft.id, draft.version, joined)

    def _touch(self, draft: TopicDraft, by: Editor, **values: Any) -> None:
        for name, value in values.items():
            setattr(draft, name, value)
        draft.version += 1
        draft.editors = sorted({*draft.editors, by.id})
        draft.changed_by, draft.changed_at = by.name, self._clock()

    async def rebase(self, topic_id: str, version: int, by: Editor) -> None:
        """Go on with a draft upon what is served by now: fields that it changed stay, the others follow.

        Raises Changed, NotNow or UnknownTopic.
        """
        async with self._sessions.begin() as db:
            draft = await self._locked(db, topic_id, version, "editing")
            row = await queries.whole_topic(db, topic_id)
            served = content_of_row(row) if row else {}
            typed = forms.moved(draft.typed, draft.base, served)
            self._touch(draft, by, typed=typed, base=served, base_version=row.version if row else 0)

    # -- deciding ------------------------------------------------------------------------------------------------------

    async def send(self, topic_id: str, version: int, by: Editor, note: str = "") -> None:
        """Ask for approval. Raises Faulty with what is to be mended, Same, ServedMoved, Changed, NotNow or Unfit."""
        note = rules.clean_note(note)
        async with self._sessions.begin() as db:
            draft = await self._locked(db, topic_id, version, "editing")
            await self._fit(db, draft, await queries.whole_topic(db, topic_id))
            draft.state, draft.note = "waiting", note
            draft.sent_by, draft.sent_at = by.name, self._clock()
            draft.version += 1

    async def take_back(self, topic_id: str, version: int) -> None:
        """Go on writing on a draft that waits. Raises Changed, NotNow or UnknownTopic."""
        async with self._sessions.begin() as db:
            draft = await self._locked(db, topic_id, version, "waiting")
            draft.state, draft.sent_by, draft.sent_at, draft.reason = "editing", None, None, None
            draft.version += 1

    async def send_back(self, topic_id: str, version: int, by: Editor, reason: str) -> None:
        """Give a draft back to those who wrote it, with a reason. Raises Unfit, OwnWork, Changed or NotNow."""
        reason = rules.clean_note(reason, field="reason", needed=True)
        async with self._sessions.begin() as db:
            draft = await self._to_decide(db, topic_id, version, by)
            draft.state, draft.reason = "editing", reason
            draft.decided_by, draft.decided_at = by.name, self._clock()
            draft.version += 1

    async def approve(self, topic_id: str, version: int, by: Editor) -> Served:
        """Let a draft be served from the next question on, as the topic's next version.

        Raises OwnWork, Faulty, ServedMoved, Changed, NotNow or UnknownTopic.
        """
        async with self._sessions.begin() as db:
            draft = await self._to_decide(db, topic_id, version, by)
            row = await queries.whole_topic(db, topic_id, lock=True)
            read = await self._fit(db, draft, row)
            served = content_of_row(row) if row else {}
            content = forms.with_phrasings(read.content, draft.base, served)
            if row is None:
                row = row_of(Topic.model_validate(content), position=await queries.last_position(db) + 1, version=1, fingerprint=None)  # fmt: skip
                for phrasing in row.phrasings:
                    phrasing.origin = REVIEW
                db.add(row)
            else:
                await self._rewrite(db, row, Topic.model_validate(content))
            await db.flush()
            now = self._clock()
            db.add(
                TopicVersion(
                    topic_id=topic_id, version=row.version, content=content_of_row(row), author=draft.sent_by or draft.by,
                    at=now, approved_by=by.name, note=draft.note or None,
                )
            )  # fmt: skip
            draft.state, draft.open, draft.became = "approved", None, row.version
            draft.decided_by, draft.decided_at, draft.reason = by.name, now, None
            draft.version += 1
            return Served(topic_id, row.version, content)

    async def _rewrite(self, db: AsyncSession, row: TopicRow, topic: Topic) -> None:
        origins = {phrasing.text: phrasing.origin for phrasing in row.phrasings}
        fresh = row_of(topic, position=row.position, version=row.version + 1, fingerprint=None)
        fresh.loaded_hash, fresh.loaded_version = row.loaded_hash, row.loaded_version
        for phrasing in fresh.phrasings:
            phrasing.origin = origins.get(phrasing.text, REVIEW)
        await replace(db, row, fresh)

    async def drop(self, topic_id: str, version: int, by: Editor) -> int:
        """Give a draft up; its id, by which it comes back. Raises Changed or UnknownTopic."""
        async with self._sessions.begin() as db:
            draft = await self._locked(db, topic_id, version, "editing", "waiting")
            draft.state, draft.open = "dropped", None
            draft.decided_by, draft.decided_at = by.name, self._clock()
            draft.version += 1
            return draft.id

    async def restore(self, draft_id: int, by: Editor) -> DraftView:
        """Go on with a draft that was given up. Raises OpenDraft where there is another one, NotNow or UnknownTopic."""
        try:
            async with self._sessions.begin() as db:
                draft = await queries.draft(db, draft_id, lock=True)
                if draft is None:
                    raise rules.UnknownTopic(draft_id)
                if draft.state != "dropped":
                    raise rules.NotNow(draft.state)
                if await queries.open_draft(db, draft.topic_id):
                    raise rules.OpenDraft
                draft.state, draft.open, draft.decided_by, draft.decided_at = "editing", 1, None, None
                draft.sent_by = draft.sent_at = None
                self._touch(draft, by)
                await db.flush()
                return draft_view(draft)
        except IntegrityError as error:
            raise rules.OpenDraft from error

    async def roll_back(self, topic_id: str, number: int, by: Editor, note: str = "") -> Saved:
        """Let a topic say again what it said in a version: a draft of it, which waits for somebody else's approval.

        Phrasings that staff took out of conversations stay. Raises OpenDraft, Faulty, Same, Unfit or UnknownTopic.
        """
        note = rules.clean_note(note)
        try:
            async with self._sessions.begin() as db:
                row, old = await queries.whole_topic(db, topic_id), await queries.version(db, topic_id, number)
                if row is None or old is None:
                    raise rules.UnknownTopic(topic_id)
                if await queries.open_draft(db, topic_id):
                    raise rules.OpenDraft
                reviewed = {p.text: p.aspect for p in row.phrasings if p.origin == REVIEW}
                saved = await self._add(db, topic_id, _with(forms.typed_of(old.content), reviewed), by, row)
                draft = await self._locked(db, topic_id, saved.version, "editing")
                await self._fit(db, draft, row)
                draft.state, draft.note = "waiting", note
                draft.sent_by, draft.sent_at = by.name, self._clock()
                return saved
        except IntegrityError as error:
            raise rules.OpenDraft from error

    # -- what they share -----------------------------------------------------------------------------------------------

    async def _locked(self, db: AsyncSession, topic_id: str, version: int, *states: str) -> TopicDraft:
        draft = await queries.open_draft(db, topic_id, lock=True)
        if draft is None:
            raise rules.UnknownTopic(topic_id)
        if draft.state not in states:
            raise rules.NotNow(draft.state)
        if draft.version != version:
            raise rules.Changed(draft.changed_by)
        return draft

    async def _to_decide(self, db: AsyncSession, topic_id: str, version: int, by: Editor) -> TopicDraft:
        draft = await self._locked(db, topic_id, version, "waiting")
        if not rules.may_decide(by, draft.editors, draft.sent_by):
            raise rules.OwnWork
        return draft

    async def _fit(self, db: AsyncSession, draft: TopicDraft, row: TopicRow | None) -> Read:
        """The draft as it was read, where it may be served."""
        served = content_of_row(row) if row else {}
        if _moved(draft, served):
            raise rules.ServedMoved
        around = await self._around(db, draft.topic_id, draft.typed)
        read = forms.read(draft.topic_id, draft.typed, around, served)
        if read.errors:
            raise rules.Faulty(read.errors)
        if read.content == draft.base:
            raise rules.Same
        return read

    async def _around(self, db: AsyncSession, topic_id: str, typed: Typed) -> Surroundings:
        asked = [text for name in forms.ASKED for text in forms.lines(typed[f"asks_{name}"])]
        hotlines = (
            frozenset(row["value"] for row in typed["figures"])
            if topic_id == HOTLINES
            else await queries.hotlines(db, HOTLINES)
        )
        return Surroundings(
            titles=await knowledge.titles(db),
            hotlines=hotlines,
            elsewhere=await queries.asked_elsewhere(db, asked, topic_id),
            facts=self._facts() if typed["eligibility"] else None,
        )


def _moved(draft: TopicDraft, served: dict[str, Any]) -> bool:
    """Whether what is served says something else than what the draft was written upon."""
    return forms.without_phrasings(draft.base) != forms.without_phrasings(served)


def _masked(typed: Typed, served: dict[str, Any]) -> Typed:
    """A form whose phrasings tell nothing of a person: they may have been taken out of a conversation."""
    known = {text for texts in (served.get("phrasings") or {}).values() for text in texts}
    asked = {f"asks_{name}": forms.lines(typed[f"asks_{name}"]) for name in forms.ASKED}
    return typed | {
        name: "\n".join(text if text in known else mask(text) for text in texts) for name, texts in asked.items()
    }


def _with(typed: Typed, phrasings: dict[str, str]) -> Typed:
    """A form with some phrasings besides, by text."""
    there = {text for name in forms.ASKED for text in forms.lines(typed[f"asks_{name}"])}
    more = {name: [t for t, aspect in phrasings.items() if aspect == name and t not in there] for name in forms.ASKED}
    return typed | {
        f"asks_{name}": "\n".join([*forms.lines(typed[f"asks_{name}"]), *texts]) for name, texts in more.items()
    }
