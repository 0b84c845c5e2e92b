"""What hosts do with the items of a running sheet. One transaction a method; refusals are rules.Refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SHANGHAI, Clock
from bot.radio import rules as radio
from bot.radio.groups.service import checked
from bot.radio.groups.views import Checked
from bot.radio.programme import queries, rules
from bot.radio.programme.rules import Fields
from bot.radio.programme.service import to_change
from bot.radio.programme.showing import Measures, item_view, source_of, spoken
from bot.radio.programme.tables import Programme, ProgrammeItem
from bot.radio.programme.views import ItemView
from bot.radio.tables import RadioQuestion
from bot.store import Sessions

TEXTS = ("wording", "script", "source_line")


@dataclass(frozen=True)
class Mark:
    """That an item was on air, or not after all; `at` as the presenter's page says it."""

    item: int
    aired: bool
    at: datetime | None = None


class Items:
    """The items of sheets."""

    def __init__(self, sessions: Sessions, clock: Clock, measures: Measures | None = None) -> None:
        self._sessions, self._clock = sessions, clock
        self.measures = measures or Measures()

    async def item(self, sheet_id: int, item_id: int) -> ItemView:
        """One item. Raises UnknownProgramme or UnknownItem."""
        async with self._sessions() as db:
            sheet = await queries.sheet(db, sheet_id)
            if sheet is None:
                raise rules.UnknownProgramme
            return await item_view(db, sheet, await _item(db, sheet_id, item_id), self._clock, self.measures)

    # -- onto the sheet and off it -------------------------------------------------------------------------------------

    async def add_group(self, sheet_id: int, group_id: int, *, by: str, form: str = "s30") -> int:
        """Put a group on a sheet with its checked answer, if it has one; the item.

        Raises UnknownProgramme, OnIt, Full, or UnknownItem where there is no such group.
        """
        async with self._sessions.begin() as db:
            await self._room(db, sheet_id)
            standing = (await queries.standing_groups(db, [group_id])).get(group_id)
            if standing is None:
                raise rules.UnknownItem
            on_it = [one.group_id for one in await queries.items(db, sheet_id) if one.group_id and not one.question_id]
            if standing in (await queries.standing_groups(db, on_it)).values():
                raise rules.OnIt
            return await self._add(db, sheet_id, by, form=form, group_id=standing)

    async def add_question(self, sheet_id: int, code: str, *, by: str) -> int:
        """Put a listener's question on a sheet; it is selected with that. The item.

        Raises UnknownProgramme, UnknownItem, NotUsable, NotToAir for a template, OnIt or Full.
        """
        async with self._sessions.begin() as db:
            sheet = await self._room(db, sheet_id)
            if sheet.template:
                raise rules.NotToAir
            question = await queries.question_by_code(db, code)
            if question is None:
                raise rules.UnknownItem
            rules.check_usable(question.state, question.consent)
            if any(one.question_id == question.id for one in await queries.items(db, sheet_id)):
                raise rules.OnIt
            if question.state == radio.RECEIVED:
                question.state, question.selected_at = radio.SELECTED, self._clock()
            group = await queries.group_of_question(db, question.id)
            return await self._add(db, sheet_id, by, question_id=question.id, group_id=group)

    async def add_own(self, sheet_id: int, fields: Fields, *, by: str) -> int:
        """Put something on a sheet that the host wrote; the item. Raises UnknownProgramme, BadFields or Full."""
        values = _texts(fields)
        if not values["wording"]:
            raise rules.BadFields({"wording": "empty"})
        async with self._sessions.begin() as db:
            await self._room(db, sheet_id)
            return await self._add(db, sheet_id, by, **values)

    async def _room(self, db: AsyncSession, sheet_id: int) -> Programme:
        sheet = await to_change(db, sheet_id)
        if len(await queries.items(db, sheet_id)) >= rules.MOST_ITEMS:
            raise rules.Full
        return sheet

    async def _add(
        self,
        db: AsyncSession,
        sheet_id: int,
        by: str,
        *,
        group_id: int | None = None,
        form: str = "s30",
        **values: object,
    ) -> int:
        values["group_id"] = group_id
        answer = await self._answer(db, group_id)
        if answer is not None and answer.holds:
            text = spoken(answer, form)
            values |= {
                "topic_id": answer.topic, "answer_version": answer.version, "form": form,
                "script": text, "taken": text, "source_line": source_of(answer),
            }  # fmt: skip
        now, place = self._clock(), await queries.last_place(db, sheet_id) + 1
        item = ProgrammeItem(
            programme_id=sheet_id, place=place, added_by=by, added_at=now, changed_by=by, changed_at=now, **values
        )
        db.add(item)
        await db.flush()
        return item.id

    async def _answer(self, db: AsyncSession, group_id: int | None) -> Checked | None:
        """The answer to a group, or to the one that it is part of now."""
        if group_id is None:
            return None
        standing = (await queries.standing_groups(db, [group_id])).get(group_id, group_id)
        topic = (await queries.group_topics(db, [standing])).get(standing)
        return await checked(db, topic, self._clock)

    async def take_off(self, sheet_id: int, item_id: int) -> None:
        """Take an item off; it can be put back. Raises UnknownProgramme, UnknownItem, or NotToAir for one that was on air."""
        async with self._sessions.begin() as db:
            await to_change(db, sheet_id)
            item = await _item(db, sheet_id, item_id)
            if item.aired_at is not None:
                raise rules.NotToAir
            item.removed_at = item.removed_at or self._clock()

    async def put_back(self, sheet_id: int, item_id: int) -> None:
        """Put an item back that was taken off, where it was. Raises UnknownProgramme, UnknownItem or Full."""
        async with self._sessions.begin() as db:
            await self._room(db, sheet_id)
            (await _item(db, sheet_id, item_id)).removed_at = None

    async def move(self, sheet_id: int, item_id: int, steps: int) -> None:
        """Move an item up (fewer than 0) or down by some places; no further than the ends.

        Raises UnknownProgramme or UnknownItem.
        """
        async with self._sessions.begin() as db:
            await to_change(db, sheet_id)
            rows = await queries.items(db, sheet_id)
            at = next((n for n, one in enumerate(rows) if one.id == item_id), None)
            if at is None:
                raise rules.UnknownItem
            rows.insert(min(max(at + steps, 0), len(rows) - 1), rows.pop(at))
            for place, one in enumerate(rows, 1):
                one.place = place

    # -- its texts -----------------------------------------------------------------------------------------------------

    async def edit(self, sheet_id: int, item_id: int, fields: Fields, *, version: int, by: str) -> None:
        """Change wording, script and source line. Raises UnknownProgramme, UnknownItem, BadFields or Changed."""
        values = _texts(fields)
        async with self._sessions.begin() as db:
            item = await _item(db, sheet_id, item_id)
            if item.group_id is None and item.question_id is None and item.topic_id is None and not values["wording"]:
                raise rules.BadFields({"wording": "empty"})
            if item.wording is None and values["wording"] == await self._called(db, sheet_id, item):
                values["wording"] = ""  # what it is called by itself is not copied
            stamped = {**values, "wording": values["wording"] or None, "changed_by": by, "changed_at": self._clock()}
            if not await queries.edit_item(db, item_id, version, stamped):
                raise rules.Changed(await self._now(db, sheet_id, item_id))

    async def take_form(self, sheet_id: int, item_id: int, form: str, *, version: int, by: str) -> None:
        """Take the script from the answer as it is now, in one of FORMS; the script before it is kept.

        Raises UnknownProgramme, UnknownItem, NoAnswer or Changed.
        """
        async with self._sessions.begin() as db:
            item = await _item(db, sheet_id, item_id)
            answer = await checked(db, item.topic_id, self._clock) or await self._answer(db, item.group_id)
            if answer is None or not answer.holds or form not in rules.FORMS:
                raise rules.NoAnswer
            text = spoken(answer, form)
            values = {
                "topic_id": answer.topic, "answer_version": answer.version, "form": form, "script": text, "taken": text,
                "source_line": source_of(answer), "script_before": item.script or None,
                "changed_by": by, "changed_at": self._clock(),
            }  # fmt: skip
            if not await queries.edit_item(db, item_id, version, values):
                raise rules.Changed(await self._now(db, sheet_id, item_id))

    async def script_back(self, sheet_id: int, item_id: int, *, version: int, by: str) -> None:
        """Change the script and the one before it. Raises UnknownProgramme, UnknownItem or Changed."""
        async with self._sessions.begin() as db:
            item = await _item(db, sheet_id, item_id)
            values = {
                "script": item.script_before or item.script, "script_before": item.script or None,
                "changed_by": by, "changed_at": self._clock(),
            }  # fmt: skip
            if not await queries.edit_item(db, item_id, version, values):
                raise rules.Changed(await self._now(db, sheet_id, item_id))

    async def _called(self, db: AsyncSession, sheet_id: int, item: ProgrammeItem) -> str:
        sheet = await queries.sheet(db, sheet_id)
        return (await item_view(db, sheet, item, self._clock, self.measures)).heading if sheet else ""

    async def _now(self, db: AsyncSession, sheet_id: int, item_id: int) -> ItemView | None:
        item = await queries.item(db, sheet_id, item_id)
        sheet = await queries.sheet(db, sheet_id)
        if item is None or sheet is None or item.removed_at is not None:
            return None
        return await item_view(db, sheet, item, self._clock, self.measures)

    # -- on air --------------------------------------------------------------------------------------------------------

    async def mark(self, sheet_id: int, marks: Sequence[Mark], *, by: str) -> dict[int, datetime | None]:
        """Put down what was on air, in the order in which it was said; how each stands then. Again: nothing changes.

        What is no longer on the sheet, and what was withdrawn, is left out. Raises UnknownProgramme, or NotToAir for a
        template.
        """
        async with self._sessions.begin() as db:
            sheet = await to_change(db, sheet_id)
            if sheet.template:
                raise rules.NotToAir
            stands: dict[int, datetime | None] = {}
            for one in marks:
                item = await queries.item(db, sheet_id, one.item)
                if item is None or item.removed_at is not None:
                    continue
                at = rules.moment_of_mark(one.at, self._clock()) if one.aired else None
                if one.aired != (item.aired_at is not None) and await self._on_air(db, item, at):
                    await queries.mark_aired(db, item.id, at=at, by=by if one.aired else None)
                    await db.refresh(item)
                stands[item.id] = item.aired_at
            return stands

    async def _on_air(self, db: AsyncSession, item: ProgrammeItem, at: datetime | None) -> bool:
        """Do to a listener's question what goes with it; False where it is not read out, or its asker is gone."""
        if item.question_id is None:
            return True
        found = (await queries.questions(db, [item.question_id])).get(item.question_id)
        if found is None:
            return False
        question: RadioQuestion = found[0]
        if at is not None:
            if question.state != radio.SELECTED:
                return question.state == radio.AIRED
            question.state, question.aired_on, question.owner_id = radio.AIRED, at.astimezone(SHANGHAI).date(), None
        elif question.answered_at is None and not await queries.aired_besides(db, question.id, item.id):
            owner = await queries.caller_of(db, question.id)
            if owner is None:
                return False
            question.state, question.aired_on, question.owner_id = radio.SELECTED, None, owner
        await db.flush()
        return True


async def _item(db: AsyncSession, sheet_id: int, item_id: int) -> ProgrammeItem:
    item = await queries.item(db, sheet_id, item_id)
    if item is None:
        raise rules.UnknownItem
    return item


def _texts(fields: Fields) -> dict[str, str]:
    values = rules.typed(fields, TEXTS)
    if errors := rules.too_long(values):
        raise rules.BadFields(errors)
    return values
