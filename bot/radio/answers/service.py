"""What becomes of a guest's words: written down, sent, approved by a second person, told. One transaction a method."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, today
from bot.radio.answers import queries, rules
from bot.radio.answers.rules import Editor
from bot.radio.answers.tables import ProgrammeAnswer, ProgrammeAnswerVersion
from bot.radio.answers.views import AiredItem, AnswerView, VersionView, Waiting
from bot.radio.groups import queries as groups
from bot.radio.groups import request_queries as asking
from bot.radio.groups.service import names_of
from bot.radio.programme import queries as programme
from bot.radio.programme.service import Programmes
from bot.radio.programme.showing import Measures, item_view
from bot.store import Sessions

_LISTED = 100
_AT_ONCE = 200


class ProgrammeAnswers:
    """What guests said. Refusals are rules.Refusal."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    # -- looking -------------------------------------------------------------------------------------------------------

    async def listed(self, state: str) -> tuple[AnswerView, ...]:
        """Those in a state, the latest first; `served`, `stopped` or `all`."""
        async with self._sessions() as db:
            return tuple(view_of(one) for one in await queries.listed(db, state, _LISTED))

    async def to_approve(self, editor: Editor) -> int:
        """How many wait for the approval of somebody."""
        return sum(rules.may_approve(editor, one.editors) for one in await self.listed(rules.WAITING))

    async def one(self, answer_id: int) -> AnswerView:
        """One of them. Raises UnknownAnswer."""
        async with self._sessions() as db:
            return view_of(await _answer(db, answer_id))

    async def of_group(self, group_id: int) -> tuple[AnswerView, ...]:
        """What guests said to a group, the latest first."""
        async with self._sessions() as db:
            return tuple(view_of(one) for one in await queries.of_group(db, group_id))

    async def versions(self, answer_id: int) -> tuple[VersionView, ...]:
        """What was served, the latest first."""
        async with self._sessions() as db:
            found = await queries.versions(db, answer_id)
            return tuple(VersionView(one.version, one.text, one.author, one.approved_by, one.at) for one in found)

    async def waiting_for(self, answer_id: int) -> Waiting:
        """How many wait to be told, and how many were."""
        async with self._sessions() as db:
            return Waiting(*await queries.waiting_for(db, answer_id))

    async def of_programme(self, programme_id: int) -> tuple[AiredItem, ...]:
        """What was on air, each with what was written down of it. Raises UnknownProgramme."""
        sheet = await Programmes(self._sessions, self._clock).sheet(programme_id)
        async with self._sessions() as db:
            had = await queries.of_items(db, [one.id for one in sheet.items])
        return tuple(
            AiredItem(one.id, one.heading, one.aired_at, view_of(had[one.id]) if one.id in had else None)
            for one in sheet.items
            if not one.gone
        )

    async def beginning(self, *, item_id: int | None = None, group_id: int | None = None) -> dict[str, str]:
        """The fields of a new one, as they are known of an item of a sheet or of a group. Raises UnknownAnswer."""
        async with self._sessions() as db:
            fields = dict.fromkeys(rules.FIELDS, "") | {"day": today(self._clock).isoformat()}
            if item_id is not None:
                item = await programme.item_by_id(db, item_id)
                sheet = await programme.sheet(db, item.programme_id) if item else None
                if item is None or sheet is None:
                    raise rules.UnknownAnswer
                seen = await item_view(db, sheet, item, self._clock, Measures())
                fields["question"] = seen.heading
                if sheet.day is not None and sheet.day <= today(self._clock):
                    fields["day"] = sheet.day.isoformat()
                if sheet.guest is not None:
                    said = f"{sheet.guest.company}{sheet.guest.title}{sheet.guest.name}"
                    fields["guest"] = said if len(said) <= rules.LIMITS["guest"] else sheet.guest.name
            elif group_id is not None:
                group = await groups.standing_group(db, group_id)
                if group is None:
                    raise rules.UnknownAnswer
                fields["question"] = (await names_of(db, [group.id]))[group.id]
            return fields

    # -- writing -------------------------------------------------------------------------------------------------------

    async def write(
        self, fields: Mapping[str, str], *, item_id: int | None = None, group_id: int | None = None, by: Editor
    ) -> int:
        """Write down what a guest said to an item of a sheet, or to a group; its number.

        Raises BadFields, or UnknownAnswer where there is no such item or group.
        """
        values = rules.values_of(fields, today=today(self._clock))
        async with self._sessions.begin() as db:
            item = await programme.item_by_id(db, item_id) if item_id is not None else None
            wanted = item.group_id if item is not None else group_id
            group = await groups.standing_group(db, wanted) if wanted is not None else None
            if group is None and (item is None or item.question_id is None):
                raise rules.UnknownAnswer
            now = self._clock()
            made = ProgrammeAnswer(
                **values,
                group_id=group.id if group else None,
                topic_id=group.topic_id if group else item.topic_id if item else None,
                item_id=item.id if item else None,
                programme_id=item.programme_id if item else None,
                editors=[by.id],
                made_by=by.name,
                made_at=now,
                changed_by=by.name,
                changed_at=now,
            )
            db.add(made)
            await db.flush()
            return made.id

    async def save(self, answer_id: int, fields: Mapping[str, str], *, revision: int, by: Editor) -> None:
        """Change it; what is in service stays so until the next approval. Raises BadFields, Changed, NotNow or UnknownAnswer."""
        values = rules.values_of(fields, today=today(self._clock))
        async with self._sessions.begin() as db:
            one = await self._seen(db, answer_id, revision)
            if one.state == rules.WAITING:
                raise rules.NotNow(one.state)
            before = set(one.editors) if one.state == rules.EDITING else set()
            for name, value in values.items():
                setattr(one, name, value)
            one.state, one.editors = rules.EDITING, sorted(before | {by.id})
            self._touch(one, by)

    async def send(self, answer_id: int, *, revision: int, by: Editor) -> None:
        """Ask for approval. Raises Changed, NotNow or UnknownAnswer."""
        async with self._sessions.begin() as db:
            one = await self._seen(db, answer_id, revision)
            if one.state != rules.EDITING:
                raise rules.NotNow(one.state)
            one.state, one.editors = rules.WAITING, sorted({*one.editors, by.id})
            self._touch(one, by)

    async def give_back(self, answer_id: int, reason: str, *, revision: int, by: Editor) -> None:
        """Let it be written at again, with a reason; whoever sent it takes it back so, too.

        Raises BadFields, Changed, NotNow or UnknownAnswer.
        """
        reason = " ".join(reason.split())
        if not reason or len(reason) > rules.LIMITS["reason"]:
            raise rules.BadFields({"reason": "long" if reason else "empty"})
        async with self._sessions.begin() as db:
            one = await self._seen(db, answer_id, revision)
            if one.state != rules.WAITING:
                raise rules.NotNow(one.state)
            one.state, one.reason = rules.EDITING, reason
            one.decided_by, one.decided_at = by.name, self._clock()
            one.revision += 1

    async def approve(self, answer_id: int, *, revision: int, by: Editor) -> AnswerView:
        """Serve it from the next question on, as its next version; whoever asked and agreed is told from now on.

        Raises OwnWork, Changed, NotNow or UnknownAnswer.
        """
        async with self._sessions.begin() as db:
            one = await self._seen(db, answer_id, revision)
            if one.state != rules.WAITING:
                raise rules.NotNow(one.state)
            if not rules.may_approve(by, one.editors):
                raise rules.OwnWork
            now = self._clock()
            one.version, one.served, one.state = one.version + 1, one.text, rules.APPROVED
            one.decided_by, one.decided_at, one.reason, one.stopped_at = by.name, now, None, None
            db.add(
                ProgrammeAnswerVersion(
                    answer_id=one.id, version=one.version, text=one.text, author=one.changed_by, approved_by=by.name, at=now
                )
            )  # fmt: skip
            one.changed_at, one.revision, one.editors = now, one.revision + 1, []
            await db.flush()
            await queries.renew_answers(db, one, now)
            if one.group_id is not None:
                group = await groups.standing_group(db, one.group_id)
                request = await asking.latest_request(db, group.id) if group else None
                if request is not None and request.state == "open":
                    await asking.close_request(db, request.id, state="answered", by=by.name, at=now, reason=None)
            await self._spread(db)
            return view_of(one)

    async def stop(self, answer_id: int, *, stopped: bool, by: Editor) -> None:
        """Take it out of service, also from those who were not told yet; or put it back. Raises UnknownAnswer or NotNow."""
        async with self._sessions.begin() as db:
            one = await _answer(db, answer_id)
            if not one.version:
                raise rules.NotNow(one.state)
            one.stopped_at = self._clock() if stopped else None
            one.changed_by, one.changed_at = by.name, self._clock()
            one.revision += 1
            await db.flush()
            if stopped:
                await queries.take_answers_back(db, one.id)
            else:
                await self._spread(db)

    # -- whoever asked -------------------------------------------------------------------------------------------------

    async def spread(self) -> int:
        """Answer listeners' questions that came into an answered group since; how many."""
        async with self._sessions.begin() as db:
            return await self._spread(db)

    async def _spread(self, db: AsyncSession) -> int:
        count = 0
        for question, answer_id in await queries.unanswered(db, _AT_ONCE):
            one = await db.get(ProgrammeAnswer, answer_id)
            count += one is not None and await queries.put_answer(db, question, one, self._clock())
        return count

    async def _seen(self, db: AsyncSession, answer_id: int, revision: int) -> ProgrammeAnswer:
        one = await _answer(db, answer_id)
        if one.revision != revision:
            raise rules.Changed(view_of(one))
        return one

    def _touch(self, one: ProgrammeAnswer, by: Editor) -> None:
        one.revision += 1
        one.changed_by, one.changed_at = by.name, self._clock()


async def _answer(db: AsyncSession, answer_id: int) -> ProgrammeAnswer:
    one = await queries.answer(db, answer_id)
    if one is None:
        raise rules.UnknownAnswer
    return one


def view_of(one: ProgrammeAnswer) -> AnswerView:
    """One as others get it."""
    return AnswerView(
        id=one.id,
        group_id=one.group_id,
        topic_id=one.topic_id,
        item_id=one.item_id,
        programme_id=one.programme_id,
        day=one.day,
        guest=one.guest,
        question=one.question,
        said=one.said,
        text=one.text,
        state=one.state,
        revision=one.revision,
        editors=tuple(one.editors),
        version=one.version,
        served=None if one.stopped_at else one.served,
        made_by=one.made_by,
        changed_by=one.changed_by,
        changed_at=one.changed_at,
        decided_by=one.decided_by,
        decided_at=one.decided_at,
        reason=one.reason,
        stopped=one.stopped_at is not None,
    )
