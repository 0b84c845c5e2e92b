"""What staff do with conversations: find them, read one, mark it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, today
from bot.conversations.tables import Conversation
from bot.knowledge.queries import titles
from bot.review import finding, queries, rules, search_index, showing, words
from bot.review.finding import Asked, Hit
from bot.review.rules import PAGE, PRESETS, Changed, Filters, Unfit, Unknown
from bot.review.tables import ConversationReview, ConversationTag
from bot.review.views import Counted, Here, Listed, Row, Talk
from bot.store import Sessions

COUNTED = 1000  # turns that are looked at for the count of a list
COUNTED_PRESET = 100
_CHUNK = 120  # turns that are looked at for a page
WINDOW = 300  # messages of a conversation that are shown at once
_AFTER = 60


class Review:
    """Each method is one transaction."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    # -- looking ---------------------------------------------------------------------------------------------------

    async def list(
        self, filters: Filters, account_id: int, *, before: int | None = None, after: int | None = None
    ) -> Listed:
        """A page of conversations by their latest turn that fits, with what stands around it.

        `before` goes on after that entry in the list, `after` goes back from it.
        """
        async with self._sessions() as db:
            asked = await self._asked(db, filters)
            whole = [] if filters.unsearchable else await finding.hits(db, asked, COUNTED, newest_first=True)
            forward = filters.newest_first
            if before is None and after is None and forward:
                found = _first_of_each(whole)
            elif filters.unsearchable:
                found = []
            elif after is not None:
                found = (await _walk(db, asked, PAGE + 1, newest_first=not forward, cursor=after))[::-1]
            else:
                found = await _walk(db, asked, PAGE + 1, newest_first=forward, cursor=before)
            backwards = after is not None
            more = len(found) > PAGE
            page = (found[-PAGE:] if backwards else found[:PAGE]) if more else found
            rows = await self._rows(db, page, filters.q)
            presets = []
            for preset in PRESETS:
                hits = await finding.hits(db, await self._asked(db, preset.filters), COUNTED_PRESET)
                presets.append((preset.name, preset.filters, _count(hits, COUNTED_PRESET)))
            return Listed(
                rows=rows,
                count=_count(whole, COUNTED),
                before=page[-1].id if page and (more or backwards) else None,
                after=page[0].id if page and (more if backwards else before is not None) else None,
                presets=presets,
                views=await queries.views(db, account_id),
                topics=await titles(db),
                tags=await queries.tags(db),
            )

    async def count(self, filters: Filters) -> Counted:
        """How many conversations fit."""
        async with self._sessions() as db:
            return _count(await finding.hits(db, await self._asked(db, filters), COUNTED_PRESET), COUNTED_PRESET)

    async def _asked(self, db: AsyncSession, filters: Filters) -> Asked:
        since, until = filters.between(today(self._clock))
        above, below = await finding.ids_between(db, since, until) if since or until else (0, None)
        return Asked(tuple(filters.words()), above, below)

    async def _rows(self, db: AsyncSession, page: Sequence[Hit], q: str) -> Sequence[Row]:
        entries = {entry.id: entry for entry in await queries.entries(db, [hit.id for hit in page])}
        talks = await queries.talks(db, [hit.conversation_id for hit in page])
        said = await queries.texts(
            db,
            [entry.turn_id for entry in entries.values() if entry.turn_id],
            [entry.message_id for entry in entries.values() if entry.message_id],
        )
        turns = await queries.turns_in(db, list(talks))
        tags = await queries.tags_of(db, list(talks))
        rows = []
        for hit in page:
            entry, (talk, review) = entries[hit.id], talks[hit.conversation_id]
            mine = [
                one for one in said if (one.turn_id == entry.turn_id if entry.turn_id else one.id == entry.message_id)
            ]
            question = " ".join(one.text for one in mine if one.direction == "in")
            answer = " ".join(one.text for one in mine if one.direction == "out" and one.kind != "holding")
            rows.append(
                Row(
                    entry=entry.id,
                    code=talk.code,
                    channel=talk.channel,
                    at=entry.at,
                    turns=turns.get(talk.id, 0),
                    question=showing.marked(question, q),
                    answer=showing.marked(answer, q),
                    facets=showing.facets(entry.facets, entry.marks, entry.standing),
                    tags=tuple(tag for _, tag in tags.get(talk.id, ())),
                    assigned_to=review.assigned_to if review else None,
                )
            )
        return rows

    # -- one conversation ------------------------------------------------------------------------------------------

    async def show(
        self,
        code: str,
        *,
        account_id: int,
        name: str,
        filters: Filters | None = None,
        hit: int | None = None,
        to: int | None = None,
    ) -> Talk:
        """One conversation; who looks is noted. `hit` is the entry it was found by, `to` the last message to show.

        With `filters`, what comes before and after it in their list. Raises Unknown.
        """
        now = self._clock()
        async with self._sessions.begin() as db:
            conversation, person, review = await _talk(db, code)
            await queries.look(db, conversation.id, account_id, name, now)
            entry = next(iter(await queries.entries(db, [hit])), None) if hit else None
            entry = entry if entry and entry.conversation_id == conversation.id else None
            found = await queries.messages(db, conversation.id, WINDOW + 1, to)
            if entry is not None and to is None and len(found) > WINDOW and not _holds(found, entry):
                to = await queries.message_after(db, entry, _AFTER)
                found = await queries.messages(db, conversation.id, WINDOW + 1, to)
            shown = found[-WINDOW:]
            turns = await queries.turns(db, {m.turn_id for m, _ in shown if m.turn_id})
            choices = await queries.shown_choices(db, [m.id for m, _ in shown if m.direction == "out"])
            corrections, cases = await queries.mended(db, list(turns))
            last, marks = await queries.last_entry(db, conversation.id)
            around = await self._around(db, filters, conversation.id, entry.id if entry else None)
            return Talk(
                id=conversation.id,
                code=conversation.code,
                person=person,
                channel=conversation.channel,
                started_at=conversation.started_at,
                last_at=conversation.last_at,
                exchanges=showing.exchanges(
                    shown,
                    turns,
                    choices,
                    hit_turn=entry.turn_id if entry else None,
                    hit_message=entry.message_id if entry else None,
                    corrections=corrections,
                    cases=cases,
                ),
                earlier=shown[0][0].id - 1 if len(found) > WINDOW else None,
                later=to is not None,
                last_entry=last,
                new=words.NEW in marks.split(),
                version=review.version if review else 0,
                reviewed_by=review.reviewed_by if review else None,
                reviewed_at=review.reviewed_at if review else None,
                flagged_by=review.flagged_by if review else None,
                assigned_id=review.assigned_id if review else None,
                assigned_to=review.assigned_to if review else None,
                tags=(await queries.tags_of(db, [conversation.id])).get(conversation.id, []),
                notes=[
                    showing.note(row, account_id)
                    for row in await queries.notes(db, conversation.id, now - rules.UNDO_WITHIN)
                ],
                titles=await titles(db),
                sealed=await queries.has_sealed(db, conversation.person_id),
                previous=around[0],
                next=around[1],
                others=await queries.others(db, conversation.id, account_id, now - rules.OPEN_FOR),
            )

    async def _around(
        self, db: AsyncSession, filters: Filters | None, conversation_id: int, entry: int | None
    ) -> tuple[tuple[str, int] | None, tuple[str, int] | None]:
        """What stands before and after a conversation in a list, each with the entry it is found by."""
        if filters is None or filters.unsearchable:
            return None, None
        asked = await self._asked(db, filters)
        at = entry or (await finding.latest(db, asked, [conversation_id])).get(conversation_id)
        if at is None:
            return None, None
        hits = []
        for newest_first in (not filters.newest_first, filters.newest_first):
            found = await _walk(db, asked, 2, newest_first=newest_first, cursor=at)
            hits.append(next((hit for hit in found if hit.conversation_id != conversation_id), None))
        codes = await queries.codes(db, [hit.conversation_id for hit in hits if hit])
        before, after = ((codes[hit.conversation_id], hit.id) if hit else None for hit in hits)
        return before, after

    async def here(self, code: str, account_id: int, name: str) -> Here:
        """Note that somebody still has a conversation open; who else has, and how new it is. Raises Unknown."""
        now = self._clock()
        async with self._sessions.begin() as db:
            conversation, _, review = await _talk(db, code)
            await queries.look(db, conversation.id, account_id, name, now)
            return Here(
                others=await queries.others(db, conversation.id, account_id, now - rules.OPEN_FOR),
                version=review.version if review else 0,
                last_entry=(await queries.last_entry(db, conversation.id))[0],
                notes=await queries.note_count(db, conversation.id),
            )

    async def leave(self, code: str, account_id: int) -> None:
        """Note that somebody closed a conversation. Raises Unknown."""
        async with self._sessions.begin() as db:
            conversation, _, _ = await _talk(db, code)
            await queries.leave(db, conversation.id, account_id)

    # -- marking ---------------------------------------------------------------------------------------------------

    async def reviewed(self, code: str, by: str, *, to: int) -> None:
        """Mark a conversation as looked at, up to an entry: what was said later stays new. 0 takes the mark back.

        Raises Unknown.
        """
        async with self._sessions.begin() as db:
            conversation, _, _ = await _talk(db, code)
            review = await self._changing(db, conversation, by)
            review.reviewed_to = min(max(to, 0), (await queries.last_entry(db, conversation.id))[0])
            review.reviewed_by, review.reviewed_at = (by, self._clock()) if review.reviewed_to else (None, None)
            await _mark(db, review)

    async def flag(self, code: str, by: str, *, on: bool) -> None:
        """Flag a conversation for everybody, or take the flag away. Raises Unknown."""
        async with self._sessions.begin() as db:
            conversation, _, _ = await _talk(db, code)
            review = await self._changing(db, conversation, by)
            review.flagged_by = (review.flagged_by or by) if on else None
            await _mark(db, review)

    async def assign(self, code: str, by: str, *, account_id: int | None, name: str | None, was: int | None) -> None:
        """Let somebody look after a conversation, or nobody. `was`: who did when this was decided.

        Raises Unknown, or Changed where somebody else decided otherwise meanwhile; nothing is changed then.
        """
        async with self._sessions.begin() as db:
            conversation, _, _ = await _talk(db, code)
            review = await self._changing(db, conversation, by, touch=False)
            if review.assigned_id not in (was, account_id):
                raise Changed(review.changed_by, review.assigned_to or "", review.assigned_id or 0)
            self._touch(review, by)
            review.assigned_id, review.assigned_to = account_id, name
            await _mark(db, review)

    async def tag(self, code: str, tag: str, by: str) -> None:
        """Put a tag on a conversation; one that is there stays. Raises Unknown or Unfit."""
        tag = rules.clean_tag(tag)
        async with self._sessions.begin() as db:
            conversation, _, _ = await _talk(db, code)
            review = await self._changing(db, conversation, by)
            there = (await queries.tags_of(db, [conversation.id])).get(conversation.id, [])
            key = rules.tag_key(tag)
            if key in (one for one, _ in there):
                return
            if len(there) >= rules.TAGS_AT_MOST:
                raise Unfit("tag", "many", rules.TAGS_AT_MOST)
            db.add(ConversationTag(conversation_id=conversation.id, key=key, tag=tag, by=by, at=self._clock()))
            await db.flush()
            await _mark(db, review)

    async def untag(self, code: str, key: str, by: str) -> None:
        """Take a tag away. Raises Unknown."""
        async with self._sessions.begin() as db:
            conversation, _, _ = await _talk(db, code)
            review = await self._changing(db, conversation, by)
            if (row := await db.get(ConversationTag, (conversation.id, key))) is not None:
                await db.delete(row)
                await db.flush()
            await _mark(db, review)

    async def _changing(
        self, db: AsyncSession, conversation: Conversation, by: str, *, touch: bool = True
    ) -> ConversationReview:
        review = await queries.review_for_change(db, conversation.id, by, self._clock())
        if touch:
            self._touch(review, by)
        return review

    def _touch(self, review: ConversationReview, by: str) -> None:
        review.version, review.changed_by, review.changed_at = review.version + 1, by, self._clock()


async def _talk(db: AsyncSession, code: str) -> tuple[Conversation, str, ConversationReview | None]:
    found = await queries.talk(db, code)
    if found is None:
        raise Unknown
    return found


async def _mark(db: AsyncSession, review: ConversationReview) -> None:
    """Let the index have what stands on a conversation now."""
    tags = (await queries.tags_of(db, [review.conversation_id])).get(review.conversation_id, [])
    marks = [words.valued(words.TAG, key) for key, _ in tags]
    marks += [words.FLAGGED] if review.flagged_by else []
    marks += [words.valued(words.ASSIGNED, review.assigned_id)] if review.assigned_id else []
    review.marks = words.joined(marks)
    await db.flush()
    await search_index.marked(db, review.conversation_id, review.marks, review.reviewed_to)


def _first_of_each(hits: Sequence[Hit]) -> list[Hit]:
    """Each conversation once, by its first hit."""
    found: dict[int, Hit] = {}
    for hit in hits:
        found.setdefault(hit.conversation_id, hit)
    return list(found.values())


def _count(hits: Sequence[Hit], limit: int) -> Counted:
    return Counted(len({hit.conversation_id for hit in hits}), more=len(hits) == limit)


async def _walk(db: AsyncSession, asked: Asked, n: int, *, newest_first: bool, cursor: int | None) -> list[Hit]:
    """The next conversations from an entry on, each by the latest of its entries that fit."""
    found: list[Hit] = []
    while len(found) < n:
        bounds = {} if cursor is None else {"below": cursor} if newest_first else {"above": max(asked.above, cursor)}
        if newest_first and cursor is not None and asked.below is not None:
            bounds = {"below": min(asked.below, cursor)}
        chunk = await finding.hits(db, replace(asked, **bounds), _CHUNK, newest_first=newest_first)
        latest = await finding.latest(db, asked, {hit.conversation_id for hit in chunk}) if chunk else {}
        found += [hit for hit in chunk if latest.get(hit.conversation_id) == hit.id]
        if len(chunk) < _CHUNK:
            break
        cursor = chunk[-1].id
    return found[:n]


def _holds(found: Sequence[object], entry: object) -> bool:
    turn, message = entry.turn_id, entry.message_id  # type: ignore[attr-defined]
    return any(one.turn_id == turn if turn else one.id == message for one, _ in found[1:])  # type: ignore[misc]
