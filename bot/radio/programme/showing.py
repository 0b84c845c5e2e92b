"""A running sheet read whole: names as groups have them now, reading times, and what on it needs a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.radio.groups.service import checked, names_of
from bot.radio.groups.views import Checked
from bot.radio.programme import queries, rules
from bot.radio.programme.speech import reading_seconds, source_said
from bot.radio.programme.tables import Programme, ProgrammeItem, RadioGuest
from bot.radio.programme.views import GuestView, ItemView, Outdated, SheetView
from bot.radio.tables import RadioQuestion


@dataclass(frozen=True)
class Measures:
    """How quickly is read, in characters a minute, and for how many weeks a question is not to come again."""

    speed: int = 240
    weeks: int = 8


def guest_view(guest: RadioGuest) -> GuestView:
    """A guest as others get it."""
    return GuestView(
        guest.id, guest.name, guest.title, guest.company, guest.note, guest.version, guest.gone_at is not None
    )


def spoken(answer: Checked, form: str | None) -> str:
    """The spoken form of an answer; where it has none the answer itself."""
    return (answer.s60 if form == "s60" else answer.s30) or answer.s30 or answer.answer


def source_of(answer: Checked) -> str:
    """Where an answer comes from, for the ear."""
    return source_said(answer.sources)


async def sheet_view(db: AsyncSession, sheet: Programme, clock: Clock, measures: Measures) -> SheetView:
    """A sheet with everything on it; `sheet.guest` must be loaded."""
    rows = await queries.items(db, sheet.id)
    removed = await queries.items(db, sheet.id, removed=True)
    seen = await _Around.of(db, sheet, [*rows, *removed], clock)
    return SheetView(
        id=sheet.id,
        title=sheet.title,
        day=sheet.day,
        minutes=sheet.minutes,
        guest=guest_view(sheet.guest) if sheet.guest else None,
        note=sheet.note,
        template=sheet.template,
        version=sheet.version,
        created_by=sheet.created_by,
        changed_by=sheet.changed_by,
        changed_at=sheet.changed_at,
        archived=sheet.archived_at is not None,
        items=tuple(seen.view(one, place, measures) for place, one in enumerate(rows, 1)),
        removed=tuple(seen.view(one, 0, measures) for one in removed),
    )


async def item_view(
    db: AsyncSession, sheet: Programme, item: ProgrammeItem, clock: Clock, measures: Measures
) -> ItemView:
    """One item of a sheet."""
    return (await _Around.of(db, sheet, [item], clock)).view(item, item.place, measures)


@dataclass(frozen=True)
class _Around:
    """What has to be known of a sheet's items besides their rows."""

    day: date | None
    names: dict[int, str]
    standing: dict[int, int]
    questions: dict[int, tuple[RadioQuestion, str | None]]
    answers: dict[str, Checked]
    by_group: dict[int, set[date]]
    by_topic: dict[str, set[date]]

    @classmethod
    async def of(cls, db: AsyncSession, sheet: Programme, items: Sequence[ProgrammeItem], clock: Clock) -> _Around:
        standing = await queries.standing_groups(db, [one.group_id for one in items if one.group_id])
        groups = list(dict.fromkeys(standing.values()))
        topics = list(dict.fromkeys(one.topic_id for one in items if one.topic_id))
        by_group, by_topic = await queries.on_air_elsewhere(db, groups, topics, sheet.id)
        answers = {topic: answer for topic in topics if (answer := await checked(db, topic, clock)) is not None}
        return cls(
            day=sheet.day,
            names=await names_of(db, groups) if groups else {},
            standing=standing,
            questions=await queries.questions(db, [one.question_id for one in items if one.question_id]),
            answers=answers,
            by_group=by_group,
            by_topic=by_topic,
        )

    def view(self, item: ProgrammeItem, place: int, measures: Measures) -> ItemView:
        group = self.standing.get(item.group_id) if item.group_id else None
        question, caller = self.questions.get(item.question_id or 0, (None, None))
        hidden = item.question_id is not None and question is None
        answer = self.answers.get(item.topic_id) if item.topic_id else None
        heading = "" if hidden else self._heading(item, group, question, answer)
        source_line, script = ("", "") if hidden else (item.source_line, item.script)
        used = self.by_group.get(group or 0, set()) | self.by_topic.get(item.topic_id or "", set())
        return ItemView(
            id=item.id,
            place=place,
            group_id=group,
            question=question.code if question else None,
            topic=item.topic_id,
            answer_version=item.answer_version,
            form=item.form,
            heading=heading,
            wording="" if hidden else item.wording or "",
            original=question.text if question else None,
            caller=caller,
            script=script,
            script_before=item.script_before,
            source_line=source_line,
            seconds=sum(reading_seconds(part, measures.speed) for part in (heading, source_line, script)),
            version=item.version,
            changed_by=item.changed_by,
            changed_at=item.changed_at,
            aired_at=item.aired_at,
            aired_by=item.aired_by,
            used=rules.near(used, self.day, measures.weeks),
            expired=item.answer_version is not None and (answer is None or not answer.holds),
            gone=hidden or rules.is_gone(question.state if question else None),
            outdated=self._outdated(item, answer),
            answer=answer,
        )

    def _heading(
        self, item: ProgrammeItem, group: int | None, question: RadioQuestion | None, answer: Checked | None
    ) -> str:
        if item.wording:
            return item.wording
        if question is not None:
            return question.for_air or question.text
        if group is not None:
            return self.names.get(group, "")
        return answer.title if answer else ""

    @staticmethod
    def _outdated(item: ProgrammeItem, answer: Checked | None) -> Outdated | None:
        if answer is None or not answer.holds or item.answer_version in (None, answer.version):
            return None
        return Outdated(item.answer_version or 0, answer.version, item.taken, spoken(answer, item.form))
