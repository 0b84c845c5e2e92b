"""What hosts do with guests and running sheets. One transaction a method; refusals are rules.Refusal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, today
from bot.radio.programme import queries, rules
from bot.radio.programme.rules import TITLE, Fields
from bot.radio.programme.showing import Measures, guest_view, sheet_view
from bot.radio.programme.tables import Programme, ProgrammeItem, RadioGuest
from bot.radio.programme.views import GuestView, SheetRow, SheetView
from bot.radio.rules import OPEN
from bot.store import Sessions

_LISTED = 100
_COPIED = (
    "place", "group_id", "question_id", "topic_id", "answer_version", "form", "wording", "script", "taken", "source_line",
)  # fmt: skip


class Programmes:
    """Guests and sheets; what is on a sheet is changed by Items."""

    def __init__(self, sessions: Sessions, clock: Clock, measures: Measures | None = None) -> None:
        self._sessions, self._clock = sessions, clock
        self.measures = measures or Measures()

    # -- guests --------------------------------------------------------------------------------------------------------

    async def guests(self, *, gone: bool = False) -> tuple[GuestView, ...]:
        """Guests, the latest first."""
        async with self._sessions() as db:
            return tuple(guest_view(one) for one in await queries.guests(db, gone=gone))

    async def days_of_guests(self) -> Mapping[int, tuple[int, date]]:
        """How often each guest was or will be on, and the last day."""
        async with self._sessions() as db:
            return await queries.days_of_guests(db)

    async def guest(self, guest_id: int) -> GuestView:
        """One guest. Raises UnknownGuest."""
        async with self._sessions() as db:
            return guest_view(await _guest(db, guest_id))

    async def add_guest(self, fields: Fields) -> int:
        """Put a guest on the list; its id. Raises BadFields."""
        values = _guest_values(fields)
        async with self._sessions.begin() as db:
            guest = RadioGuest(**values, created_at=self._clock())
            db.add(guest)
            await db.flush()
            return guest.id

    async def change_guest(self, guest_id: int, fields: Fields, *, version: int) -> None:
        """Change a guest. Raises UnknownGuest, BadFields or Changed."""
        values = _guest_values(fields)
        async with self._sessions.begin() as db:
            guest = await _guest(db, guest_id)
            if guest.version != version:
                raise rules.Changed(guest_view(guest))
            for name, value in values.items():
                setattr(guest, name, value)
            guest.version += 1

    async def offer_guest(self, guest_id: int, *, offered: bool) -> None:
        """Offer a guest for sheets, or no longer. Raises UnknownGuest."""
        async with self._sessions.begin() as db:
            (await _guest(db, guest_id)).gone_at = None if offered else self._clock()

    # -- sheets --------------------------------------------------------------------------------------------------------

    async def sheets(self, kind: str = "coming") -> tuple[SheetRow, ...]:
        """Sheets to come, `past`, `templates` or `archived`."""
        async with self._sessions() as db:
            found = await queries.sheets(db, kind, today(self._clock), _LISTED)
            counts = await queries.counts_of(db, [one.id for one in found])
            return tuple(_row(one, *counts.get(one.id, (0, 0))) for one in found)

    async def sheet(self, sheet_id: int) -> SheetView:
        """A sheet with everything on it. Raises UnknownProgramme."""
        async with self._sessions() as db:
            sheet = await queries.sheet(db, sheet_id)
            if sheet is None:
                raise rules.UnknownProgramme
            return await sheet_view(db, sheet, self._clock, self.measures)

    async def make(self, fields: Fields, *, by: str, template: bool = False) -> int:
        """Make a sheet; `from` in the fields is the sheet or template that it begins with. Raises BadFields or UnknownProgramme."""
        async with self._sessions.begin() as db:
            values = await _values(db, fields, template=template)
            now = self._clock()
            sheet = Programme(**values, template=template, created_by=by, created_at=now, changed_by=by, changed_at=now)
            db.add(sheet)
            await db.flush()
            if source := fields.get("from", ""):
                if not source.isdecimal() or await queries.sheet(db, int(source)) is None:
                    raise rules.UnknownProgramme
                await self._copy_items(db, int(source), sheet.id, by=by, template=template)
            return sheet.id

    async def _copy_items(self, db: AsyncSession, source: int, target: int, *, by: str, template: bool) -> None:
        """Listeners' questions come along where they may still be read out, and into a template never."""
        rows = await queries.items(db, source)
        questions = await queries.questions(db, [one.question_id for one in rows if one.question_id])
        now = self._clock()
        for one in rows:
            if one.question_id is not None:
                question = questions.get(one.question_id, (None, None))[0]
                if template or question is None or question.state not in OPEN:
                    continue
            values = {name: getattr(one, name) for name in _COPIED}
            db.add(
                ProgrammeItem(programme_id=target, **values, added_by=by, added_at=now, changed_by=by, changed_at=now)
            )

    async def change(self, sheet_id: int, fields: Fields, *, version: int, by: str) -> None:
        """Change a sheet's title, day, slot, guest and note. Raises UnknownProgramme, BadFields or Changed."""
        async with self._sessions.begin() as db:
            sheet = await to_change(db, sheet_id)
            values = await _values(db, fields, template=sheet.template)
            if sheet.version != version:
                await db.refresh(sheet, ["guest"])
                raise rules.Changed(await sheet_view(db, sheet, self._clock, self.measures))
            for name, value in values.items():
                setattr(sheet, name, value)
            sheet.version, sheet.changed_by, sheet.changed_at = sheet.version + 1, by, self._clock()

    async def put_away(self, sheet_id: int, *, away: bool) -> None:
        """Put a sheet into the archive, or take it out again. Raises UnknownProgramme."""
        async with self._sessions.begin() as db:
            sheet = await to_change(db, sheet_id)
            sheet.archived_at = self._clock() if away else None

    async def with_group(self, group_id: int) -> tuple[tuple[int, str, date], ...]:
        """Sheets of today and later that a group is on."""
        async with self._sessions() as db:
            return tuple(await queries.sheets_with(db, group_id, today(self._clock)))


async def to_change(db: AsyncSession, sheet_id: int) -> Programme:
    """A sheet that nobody else changes meanwhile. Raises UnknownProgramme."""
    sheet = await queries.sheet_to_change(db, sheet_id)
    if sheet is None:
        raise rules.UnknownProgramme
    return sheet


async def _guest(db: AsyncSession, guest_id: int) -> RadioGuest:
    guest = await queries.guest(db, guest_id)
    if guest is None:
        raise rules.UnknownGuest
    return guest


def _guest_values(fields: Fields) -> dict[str, str]:
    values = rules.typed(fields, ("name", "title", "company", "note"))
    errors = rules.too_long(values)
    if not values["name"]:
        errors["name"] = "empty"
    if errors:
        raise rules.BadFields(errors)
    return values


async def _values(db: AsyncSession, fields: Fields, *, template: bool) -> dict[str, object]:
    values = rules.typed(fields, ("title", "note"))
    errors = rules.too_long(values)
    day, minutes = rules.day_of(fields.get("day", "")), rules.minutes_of(fields.get("minutes", "").strip())
    if day is None and not template:
        errors["day"] = "day"
    if minutes is None:
        errors["minutes"] = "minutes"
    guest: int | None = None
    if said := fields.get("guest", ""):
        if not said.isdecimal() or len(said) > 9 or await db.get(RadioGuest, int(said)) is None:
            errors["guest"] = "guest"
        else:
            guest = int(said)
    if errors:
        raise rules.BadFields(errors)
    return {
        "title": values["title"] or TITLE,
        "note": values["note"],
        "day": None if template else day,
        "minutes": minutes,
        "guest_id": guest,
    }


def _row(sheet: Programme, items: int, aired: int) -> SheetRow:
    return SheetRow(
        sheet.id,
        sheet.title,
        sheet.day,
        sheet.minutes,
        guest_view(sheet.guest) if sheet.guest else None,
        sheet.template,
        items,
        aired,
        sheet.archived_at is not None,
    )
