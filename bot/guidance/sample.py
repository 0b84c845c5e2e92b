"""Made-up advisers for a first look, out of data/sample/advisers.yml: each marked as a sample, removed at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.guidance import queries
from bot.guidance.tables import Adviser, AdviserHours, AdviserImport, Booking, Wait

SOURCE = "示例数据"
"""The name of the import that tells whether the sample was loaded or removed."""

Text = Annotated[str, Field(min_length=1)]


class SampleFileError(Exception):
    """A file of sample advisers that cannot be read; says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name}: {reason}")
        self.path, self.reason = path, reason


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class SampleHours(_Strict):
    """Hours of every week, in 大同."""

    weekday: int = Field(ge=1, le=7)
    from_: time = Field(alias="from")
    to: time

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ >= self.to or self.from_.minute % 5 or self.to.minute % 5:
            raise ValueError("hours end after they begin, in steps of five minutes")
        return self


class SampleAdviser(_Strict):
    """One made-up adviser."""

    name: Text
    full_name: Text
    topics: list[Text] = Field(min_length=1)
    modes: list[Literal["线下", "电话", "线上"]] = Field(min_length=1)
    base: str | None = None
    at_once: int = Field(1, ge=1, le=20)
    hours: list[SampleHours] = Field(min_length=1)
    session_minutes: int | None = Field(None, ge=5, le=480, multiple_of=5)
    note: str | None = None


@dataclass(frozen=True)
class LoadedAdvisers:
    """How many advisers are new, and whether somebody had removed the sample."""

    new: int = 0
    removed_before: bool = False


def read_sample_advisers(path: Path) -> list[SampleAdviser]:
    """The advisers of a file. Raises SampleFileError for one that is not of the form."""
    try:
        node = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["advisers"]
        advisers = TypeAdapter(list[SampleAdviser]).validate_python(node)
    except YAMLError as error:
        raise SampleFileError(path, f"not YAML: {error}") from error
    except (KeyError, TypeError) as error:
        raise SampleFileError(path, "not a list under “advisers”") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise SampleFileError(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    names = [name for adviser in advisers for name in (adviser.name, adviser.full_name)]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise SampleFileError(path, f"twice in the file: {doubled}")
    return advisers


async def load_sample_advisers(db: AsyncSession, clock: Clock, path: Path) -> LoadedAdvisers:
    """Bring the sample in where there is no adviser at all, and never again once it was loaded or removed.

    Raises SampleFileError; then nothing is loaded.
    """
    await queries.alone(db)
    batch = await db.scalar(select(AdviserImport).where(AdviserImport.file == SOURCE))
    if batch is not None:
        return LoadedAdvisers(removed_before=batch.removed_at is not None)
    if await db.scalar(select(func.count()).select_from(Adviser)):
        return LoadedAdvisers()
    advisers = read_sample_advisers(path)
    for sample in advisers:
        hours = [
            AdviserHours(weekday=one.weekday, start_minute=_minute(one.from_), end_minute=_minute(one.to))
            for one in sample.hours
        ]
        db.add(Adviser(**sample.model_dump(exclude={"hours"}), hours=hours, sample=True))
    db.add(AdviserImport(file=SOURCE, by="duihua", at=clock(), new=len(advisers)))
    await db.flush()
    return LoadedAdvisers(len(advisers))


async def remove_sample_advisers(db: AsyncSession, clock: Clock) -> int:
    """Take all sample advisers away with their bookings, for good; how many there were."""
    await queries.alone(db)
    batch = await db.scalar(select(AdviserImport).where(AdviserImport.file == SOURCE))
    if batch is None:
        batch = AdviserImport(file=SOURCE, by="duihua", at=clock())
        db.add(batch)
    batch.removed_at = batch.removed_at or clock()
    samples = select(Adviser.id).where(Adviser.sample)
    # Who was offered a place with one of them waits on: deleting the booking would take them out of the queue.
    offered = select(Booking.id).where(Booking.adviser_id.in_(samples))
    await db.execute(
        update(Wait)
        .where(Wait.booking_id.in_(offered), Wait.state == "offered")
        .values(state="waiting", booking_id=None)
        .execution_options(synchronize_session=False)
    )
    return (await db.execute(delete(Adviser).where(Adviser.sample))).rowcount


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
