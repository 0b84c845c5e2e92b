"""What the desk and the commands do with groups of questions. One transaction a method; refusals are rules.Refusal."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, today
from bot.figures.rules import Period
from bot.knowledge import queries as knowledge
from bot.knowledge.rules import standing
from bot.knowledge.tables import TopicRow
from bot.radio.answers import queries as answers
from bot.radio.groups import counting, queries, rules
from bot.radio.groups import request_queries as asking
from bot.radio.groups.placing import Centres, unpacked
from bot.radio.groups.tables import Asked, AskedGroup, AskedRequest
from bot.radio.groups.views import Checked, Filter, GroupCount, GroupView, Request, Source, Wording
from bot.radio.programme import queries as programme
from bot.store import Sessions

EVERYTHING = Filter()
_RELATED = 5
_SHOWN = 12  # wordings of a group


class Groups:
    """What was asked, by groups. Needs no encoder: bot.radio.groups.collecting puts questions in."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def counted(
        self, period: Period, only: Filter = EVERYTHING, *, limit: int = 50, offset: int = 0
    ) -> tuple[GroupCount, ...]:
        """Groups of a period by different askers, the most first."""
        async with self._sessions() as db:
            rows = await counting.counts(db, period, only, limit, offset)
            return await _counts(db, rows, period, only)

    async def group(self, group_id: int, period: Period) -> GroupView:
        """Everything of one group; of the one it was put into, where it was. Raises UnknownGroup."""
        async with self._sessions() as db:
            group = await _standing(db, group_id)
            rows = list(await counting.counts(db, period, EVERYTHING, 1, 0, group=group.id))
            count = (await _counts(db, rows or [(group.id, 0, 0, 0, 0, 0, 0)], period, EVERYTHING))[0]
            said = (await counting.wordings(db, [group.id]))[group.id]
            request = await asking.latest_request(db, group.id)
            merged = await queries.parts_of(db, group.id)
            aired = {*await counting.aired(db, group.id), *await programme.aired_of(db, [group.id, *merged])}
            return GroupView(
                count=count,
                wordings=_shown(said),
                answer=await checked(db, group.topic_id, self._clock),
                aired_on=tuple(sorted(aired, reverse=True)),
                related=await _related(db, group),
                channels=await counting.by(db, Asked.channel, period, group.id),
                districts=await counting.by(db, Asked.district, period, group.id),
                degrees=await counting.by(db, Asked.degree, period, group.id),
                request=_request(request, count.name) if request else None,
                merged=merged,
            )

    # -- by hand, for good ---------------------------------------------------------------------------------------------

    async def rename(self, group_id: int, name: str | None) -> str | None:
        """Call a group something, or by what it is called by itself again; the name by hand before. Raises UnknownGroup."""
        async with self._sessions.begin() as db:
            group = await _standing(db, group_id)
            was = group.name
            group.name = (name or "").strip() or None
            return was

    async def merge(self, into: int, gone: int) -> int:
        """Put a group into another one; the group that is left. One of a topic is always the one that is left.

        Raises UnknownGroup, or CannotMerge for a group with itself and for two topics.
        """
        async with self._sessions.begin() as db:
            await queries.alone(db)
            kept, other = await _standing(db, into), await _standing(db, gone)
            if kept.id == other.id or (kept.topic_id and other.topic_id):
                raise rules.CannotMerge(kept.id, other.id)
            if other.topic_id:
                kept, other = other, kept
            await queries.move_group(db, other.id, kept.id)
            return kept.id

    async def take_apart(self, group_id: int) -> int:
        """Undo that a group was put into another one. Raises UnknownGroup or NotMerged."""
        async with self._sessions.begin() as db:
            await queries.alone(db)
            group = await queries.group(db, group_id)
            if group is None:
                raise rules.UnknownGroup(group_id)
            if group.merged_into is None:
                raise rules.NotMerged(group_id)
            await queries.move_back(db, group_id)
            return group_id

    async def split(self, group_id: int, keys: Sequence[str], name: str | None = None) -> int:
        """Move some wordings into a group of their own, for good; its id. Raises UnknownGroup or CannotSplit."""
        async with self._sessions.begin() as db:
            await queries.alone(db)
            group = await _standing(db, group_id)
            whole = await queries.count_texts(db, group.id)
            made = AskedGroup(created_at=self._clock(), name=(name or "").strip() or None)
            db.add(made)
            await db.flush()
            moved = await queries.move_texts(db, group.id, list(dict.fromkeys(keys)), made.id)
            if not 0 < moved < whole:
                raise rules.CannotSplit(group.id)
            return made.id

    # -- asking the editors --------------------------------------------------------------------------------------------

    async def request_answer(self, group_id: int, *, by: str, note: str | None = None) -> int:
        """Ask the editors for an answer; the request. Raises UnknownGroup, HasAnswer or AlreadyRequested."""
        try:
            async with self._sessions.begin() as db:
                group = await _standing(db, group_id)
                answer = await checked(db, group.topic_id, self._clock)
                if answer is not None and answer.holds:
                    raise rules.HasAnswer(group.id)
                request = AskedRequest(
                    group_id=group.id, state="open", asked_by=by, asked_at=self._clock(), note=note or None
                )
                db.add(request)
                await db.flush()
                return request.id
        except IntegrityError as error:
            raise rules.AlreadyRequested(group_id) from error

    async def requests(self, state: str | None = "open", limit: int = 100) -> tuple[Request, ...]:
        """What the editors are asked for, the latest first."""
        async with self._sessions() as db:
            found = await asking.requests(db, state, limit)
            names = await names_of(db, [one.group_id for one in found])
            return tuple(_request(one, names[one.group_id]) for one in found)

    async def answered(self, request_id: int, topic_id: str, *, by: str) -> int:
        """Close a request with the topic that answers it: its group is that topic's from now on; the group.

        Raises UnknownRequest, or UnknownGroup where there is no such topic.
        """
        async with self._sessions.begin() as db:
            await queries.alone(db)
            group_id = await self._close(db, request_id, "answered", by, None)
            if await knowledge.topic(db, topic_id) is None:
                raise rules.UnknownGroup(group_id)
            group = await _standing(db, group_id)
            of_topic = (await queries.topic_groups(db)).get(topic_id)
            if of_topic is None:
                group.topic_id = topic_id
            elif of_topic != group.id:
                await queries.move_group(db, group.id, of_topic)
                return of_topic
            return group.id

    async def declined(self, request_id: int, reason: str, *, by: str) -> None:
        """Close a request without an answer, with the reason. Raises UnknownRequest."""
        async with self._sessions.begin() as db:
            await self._close(db, request_id, "declined", by, reason)

    async def _close(self, db: AsyncSession, request_id: int, state: str, by: str, reason: str | None) -> int:
        group_id = await asking.close_request(db, request_id, state=state, by=by, at=self._clock(), reason=reason)
        if group_id is None:
            raise rules.UnknownRequest(request_id)
        return group_id


async def checked(db: AsyncSession, topic_id: str | None, clock: Clock) -> Checked | None:
    """The answer of a topic as the bot serves it now; None where there is no such topic."""
    topic = await knowledge.topic(db, topic_id) if topic_id else None
    if topic is None:
        return None
    texts = {text.key: text for text in topic.texts}
    held = standing(topic.valid_until, topic.state, today=today(clock))
    answer = texts.get("after_expiry" if held == "ended" else "answer") or texts.get("answer")
    return Checked(
        topic=topic.id,
        title=topic.title,
        version=topic.version,
        standing=held,
        check_status=topic.check_status,
        checked_on=topic.checked_on,
        answer=answer.text if answer else "",
        s30=texts["s30"].text if "s30" in texts else None,
        s60=texts["s60"].text if "s60" in texts else None,
        sources=_sources(topic, answer.sources if answer else []),
    )


async def _standing(db: AsyncSession, group_id: int) -> AskedGroup:
    group = await queries.standing_group(db, group_id)
    if group is None:
        raise rules.UnknownGroup(group_id)
    return group


async def _counts(db: AsyncSession, rows: Sequence, period: Period, only: Filter) -> tuple[GroupCount, ...]:
    ids = [row[0] for row in rows]
    before = await counting.askers(db, period.before, only, ids)
    names = await names_of(db, ids)
    topics = await queries.topics_of(db, ids)
    requested = await asking.open_requests_of(db, ids)
    by_guest = await answers.answered_groups(db, ids)
    return tuple(
        GroupCount(
            id=group,
            name=names[group],
            topic=topics.get(group),
            askers=askers,
            before=before.get(group, 0),
            questions=n,
            **{key: round((part or 0) / n, 4) if n else 0.0 for key, part in zip(_SHARES, parts, strict=True)},
            requested=group in requested,
            by_guest=group in by_guest,
        )
        for group, askers, n, *parts in rows
    )


_SHARES = ("served", "offered", "refused", "down")


async def names_of(db: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    """What groups are called: by hand, by their topic, or by a wording that somebody still stands behind."""
    named = await queries.named(db, ids)
    wanting = [group for group in ids if not named.get(group, (None, None))[0]]
    said = await counting.wordings(db, wanting)
    names = {group: name for group, (name, _) in named.items() if name}
    for group in wanting:
        shown = _shown(said.get(group, []))
        kept = next((one.text for one in shown if one.key == named.get(group, (None, None))[1]), None)
        names[group] = kept or (shown[0].text if shown else f"第 {group} 组")
    return names


def _shown(said: Sequence[tuple[str, str, int]]) -> tuple[Wording, ...]:
    """Cleared wordings, the shortest clear one first."""
    by_text: dict[str, Wording] = {}
    for key, text, askers in said:
        if (shown := rules.wording(text)) is not None:
            by_text.setdefault(shown, Wording(key, shown, askers))
    order = rules.clearest_first((one.text, one.askers) for one in by_text.values())
    return tuple(by_text[text] for text in order)[:_SHOWN]


async def _related(db: AsyncSession, group: AskedGroup) -> tuple[tuple[int, str], ...]:
    topic = await knowledge.topic(db, group.topic_id) if group.topic_id else None
    found: list[int] = []
    if topic is not None:
        of_topics = await queries.topic_groups(db)
        found = [of_topics[other] for other in topic.related if other in of_topics]
    elif group.centre is not None:
        near = Centres(await queries.centres(db)).nearest(unpacked(group.centre), _RELATED + 1)
        found = [other for other in near if other != group.id]
    found = list(dict.fromkeys(found))[:_RELATED]
    names = await names_of(db, found)
    return tuple((other, names[other]) for other in found)


def _sources(topic: TopicRow, cited: Sequence[int]) -> tuple[Source, ...]:
    chosen = [one for one in topic.sources if one.n in cited] or topic.sources
    return tuple(Source(one.title, one.number, one.issuer, one.date, one.url) for one in chosen)


def _request(one: AskedRequest, name: str) -> Request:
    return Request(
        one.id, one.group_id, name, one.state, one.asked_by, one.asked_at, one.note, one.closed_by, one.closed_at, one.reason
    )  # fmt: skip
