"""What producer and host do while a programme is on air. One transaction a method; refusals are rules.Refusal.

What is sent to the host is an item of the sheet: so it has its checked answer, and stands among what was on air.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.radio.groups.counting import wordings
from bot.radio.groups.queries import topics_of
from bot.radio.groups.rules import wording
from bot.radio.groups.service import checked, names_of
from bot.radio.live import queries, rules
from bot.radio.live.rules import Side
from bot.radio.live.tables import LiveNote, LiveSent, LiveShow, LiveWindow
from bot.radio.live.views import Came, Incoming, NoteView, SentView, ShowView
from bot.radio.programme import queries as programme
from bot.radio.programme.items import Items, Mark
from bot.radio.programme.rules import OnIt, UnknownItem, UnknownProgramme
from bot.radio.programme.service import Programmes, to_change
from bot.radio.programme.showing import Measures
from bot.store import Sessions

_WORDINGS = 3


class Live:
    """Programmes on air."""

    def __init__(self, sessions: Sessions, clock: Clock, measures: Measures | None = None) -> None:
        self._sessions, self._clock = sessions, clock
        self._programmes = Programmes(sessions, clock, measures)
        self._items = Items(sessions, clock, measures)

    # -- on air and off it ---------------------------------------------------------------------------------------------

    async def show(self, programme_id: int) -> ShowView:
        """How a programme stands."""
        async with self._sessions() as db:
            show = await queries.show(db, programme_id)
            if show is None:
                return ShowView(programme_id, None, None, None, None)
            window = await queries.open_window(db, programme_id)
            air = None if show.on_air is None else "open" if window else "closed"
            return ShowView(programme_id, air, show.started_at, show.started_by, show.ended_at)

    async def on_air(self) -> int | None:
        """The programme that is on air."""
        async with self._sessions() as db:
            show = await queries.on_air(db)
            return show.programme_id if show else None

    async def go_on(self, programme_id: int, *, by: str) -> None:
        """Put a programme on air, open for questions; on air already: nothing changes.

        Raises UnknownProgramme, NotToAir or AnotherOnAir.
        """
        try:
            async with self._sessions.begin() as db:
                sheet = await to_change(db, programme_id)
                if sheet.template or sheet.archived_at is not None:
                    raise rules.NotToAir
                await self._check_alone(db, programme_id)
                show = await queries.show(db, programme_id)
                if show is not None and show.on_air:
                    return
                now = self._clock()
                if show is None:
                    db.add(LiveShow(programme_id=programme_id, on_air=1, started_at=now, started_by=by))
                else:
                    show.on_air, show.started_at, show.started_by = 1, now, by
                    show.ended_at = show.ended_by = None
                await db.flush()
                db.add(LiveWindow(programme_id=programme_id, opened_at=now, opened_by=by))
        except IntegrityError:  # another one went on air at the same moment
            async with self._sessions() as db:
                await self._check_alone(db, programme_id)
            raise

    @staticmethod
    async def _check_alone(db: AsyncSession, programme_id: int) -> None:
        other = await queries.on_air(db)
        if other is not None and other.programme_id != programme_id:
            raise rules.AnotherOnAir(other.programme_id)

    async def go_off(self, programme_id: int, *, by: str) -> None:
        """Take a programme off air. Raises NotOnAir."""
        async with self._sessions.begin() as db:
            now = self._clock()
            await queries.close_window(db, programme_id, at=now, by=by)
            if not await queries.off_air(db, programme_id, at=now, by=by):
                raise rules.NotOnAir

    async def take_questions(self, programme_id: int, *, open_: bool, by: str) -> None:
        """Let questions come in, or no more; as it is already: nothing changes. Raises NotOnAir."""
        async with self._sessions.begin() as db:
            await self._on_air(db, programme_id)
            if not open_:
                await queries.close_window(db, programme_id, at=self._clock(), by=by)
            elif await queries.open_window(db, programme_id) is None:
                db.add(LiveWindow(programme_id=programme_id, opened_at=self._clock(), opened_by=by))

    @staticmethod
    async def _on_air(db: AsyncSession, programme_id: int) -> LiveShow:
        await programme.sheet_to_change(db, programme_id)  # nobody else opens or closes it meanwhile
        show = await queries.show(db, programme_id)
        if show is None or not show.on_air:
            raise rules.NotOnAir
        return show

    # -- what comes in -------------------------------------------------------------------------------------------------

    async def incoming(self, programme_id: int) -> tuple[Incoming, ...]:
        """What came in while it was on air, by groups, those with most askers first."""
        async with self._sessions() as db:
            since = await _began(db, programme_id)
            if since is None:
                return ()
            rows = await queries.groups(db, programme_id, since, rules.SHOWN_GROUPS)
            ids = [group for group, *_ in rows]
            names, said = await names_of(db, ids), await wordings(db, ids, since=since)
            topics = await topics_of(db, ids)
            answered = {topic for topic in set(topics.values()) if await _holds(db, topic, self._clock)}
            items, had = await queries.items_of(db, programme_id), await queries.sent(db, programme_id)
            standing = await programme.standing_groups(db, [group for _, group, *_ in items if group])
            of_group = {
                standing.get(group): (item, aired) for item, group, question, aired in items if group and not question
            }
            of_question = {question: item for item, _, question, _ in items if question}
            came: dict[int, list[Came]] = {}
            for group, question, caller in await queries.questions(db, programme_id, since, ids):
                sent = of_question.get(question.id) in had
                came.setdefault(group, []).append(Came(question.code, question.for_air or question.text, caller, sent))
        found = []
        for group, askers, times, last in rows:
            item, aired = of_group.get(group, (None, None))
            shown = [text for _, one, _ in said[group] if (text := wording(one))]
            found.append(
                Incoming(
                    group, names[group], askers, times, last, tuple(dict.fromkeys(shown))[:_WORDINGS],
                    topics.get(group) in answered, tuple(came.get(group, ())), item, item in had, aired is not None,
                )
            )  # fmt: skip
        return tuple(found)

    # -- to the host ---------------------------------------------------------------------------------------------------

    async def send_group(self, programme_id: int, group_id: int, *, by: str) -> int:
        """Send a group that came in to the host, with its answer; the item. Again: the same one.

        Raises NotOnAir, NothingCame or Full.
        """
        await self._check_on_air(programme_id)
        try:
            item, added = await self._items.add_group(programme_id, group_id, by=by), True
        except OnIt:
            item, added = await self._item_of(programme_id, group=group_id), False
        except UnknownItem as error:
            raise rules.NothingCame from error
        return await self._send(programme_id, item, added, by)

    async def send_question(self, programme_id: int, code: str, *, by: str) -> int:
        """Send a listener's question to the host; the item. Again: the same one.

        Raises NotOnAir, NothingCame, NotUsable or Full.
        """
        await self._check_on_air(programme_id)
        try:
            item, added = await self._items.add_question(programme_id, code, by=by), True
        except OnIt:
            item, added = await self._item_of(programme_id, code=code), False
        except UnknownItem as error:
            raise rules.NothingCame from error
        return await self._send(programme_id, item, added, by)

    async def send_item(self, programme_id: int, item_id: int, *, by: str) -> int:
        """Send something that stands on the sheet to the host. Raises NotOnAir or UnknownItem."""
        await self._check_on_air(programme_id)
        return await self._send(programme_id, item_id, False, by)

    async def _check_on_air(self, programme_id: int) -> None:
        async with self._sessions() as db:
            show = await queries.show(db, programme_id)
            if show is None or not show.on_air:
                raise rules.NotOnAir

    async def _item_of(self, programme_id: int, *, group: int | None = None, code: str | None = None) -> int:
        """The item that a group or a question stands on the sheet as. Raises NothingCame."""
        async with self._sessions() as db:
            rows = await programme.items(db, programme_id)
            wanted = await programme.question_by_code(db, code) if code else None
            standing = await programme.standing_groups(
                db, [one.group_id for one in rows if one.group_id] + ([group] if group else [])
            )
            for one in rows:
                if wanted is not None and one.question_id == wanted.id:
                    return one.id
                if group and one.group_id and not one.question_id and standing.get(one.group_id) == standing.get(group):
                    return one.id
        raise rules.NothingCame

    async def _send(self, programme_id: int, item_id: int, added: bool, by: str) -> int:
        async with self._sessions.begin() as db:
            await self._on_air(db, programme_id)
            item = await programme.item(db, programme_id, item_id)
            if item is None or item.removed_at is not None:
                raise UnknownItem
            if await db.get(LiveSent, item_id) is None:
                db.add(LiveSent(item_id=item_id, sent_by=by, sent_at=self._clock(), added=added))
            return item_id

    async def take_back(self, programme_id: int, item_id: int) -> None:
        """Take something back from the host; off the sheet too where it came with that. On air already: it stays.

        Raises UnknownItem.
        """
        async with self._sessions.begin() as db:
            await programme.sheet_to_change(db, programme_id)
            item = await programme.item(db, programme_id, item_id)
            if item is None:
                raise UnknownItem
            if item.aired_at is None and await queries.take_back(db, item_id):
                item.removed_at = item.removed_at or self._clock()

    async def sent(self, programme_id: int) -> tuple[SentView, ...]:
        """What the host has, in the order in which it was sent. Raises UnknownProgramme."""
        sheet = await self._programmes.sheet(programme_id)
        items = {one.id: one for one in sheet.items}
        async with self._sessions() as db:
            had = await queries.sent(db, programme_id)
            groups = [one.group_id for one in sheet.items if one.id in had and one.group_id]
            askers = await queries.askers_of(db, programme_id, groups)
        return tuple(
            SentView(items[one.item_id], one.sent_by, one.sent_at, askers.get(items[one.item_id].group_id or 0, 0))
            for one in had.values()
            if one.item_id in items and not items[one.item_id].gone
        )

    async def aired(self, programme_id: int, item_id: int, *, aired: bool, by: str) -> None:
        """Put down that what the host has was on air, or was not after all. Raises UnknownItem."""
        if item_id not in await self._items.mark(programme_id, [Mark(item_id, aired)], by=by):
            raise UnknownItem

    # -- notes ---------------------------------------------------------------------------------------------------------

    async def write(self, programme_id: int, side: Side, text: str, *, by: str) -> int:
        """Write to the other side. Raises BadNote or UnknownProgramme."""
        text = rules.clean_note(text)
        async with self._sessions.begin() as db:
            if await programme.sheet(db, programme_id) is None:
                raise UnknownProgramme
            note = LiveNote(programme_id=programme_id, side=side, by=by, text=text, at=self._clock())
            db.add(note)
            await db.flush()
            return note.id

    async def notes(self, programme_id: int) -> tuple[NoteView, ...]:
        """What the two wrote last, in order."""
        async with self._sessions() as db:
            found = await queries.notes(db, programme_id, rules.SHOWN_NOTES)
            return tuple(NoteView(one.id, one.side, one.by, one.text, one.at) for one in found)  # type: ignore[arg-type]


async def _began(db: AsyncSession, programme_id: int) -> datetime | None:
    show = await queries.show(db, programme_id)
    return await queries.first_window(db, programme_id) if show else None


async def _holds(db: AsyncSession, topic: str, clock: Clock) -> bool:
    answer = await checked(db, topic, clock)
    return answer is not None and answer.holds
