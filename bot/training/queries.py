"""Every statement of training. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer, selectinload

from bot.knowledge.loading import REVIEW
from bot.knowledge.tables import PhrasingRow, TopicRow, TopicVersion
from bot.review.tables import Correction
from bot.training.rules import OPEN
from bot.training.tables import ModelActivation, TrainingDifference, TrainingRun

_PARTS = (TopicRow.texts, TopicRow.figures, TopicRow.sources, TopicRow.terms, TopicRow.phrasings)


# -- what there is to learn --------------------------------------------------------------------------------------------


async def topics_beside_files(db: AsyncSession, files: set[str]) -> Sequence[TopicRow]:
    """Topics that say something else than their file, or have none, with all their parts."""
    other = TopicRow.loaded_version.is_(None) | (TopicRow.loaded_version != TopicRow.version)
    found = select(TopicRow).where(other | TopicRow.id.not_in(files)).order_by(TopicRow.id)
    return (await db.scalars(found.options(*(selectinload(part) for part in _PARTS)))).all()


async def reviewed_phrasings(db: AsyncSession) -> Sequence[PhrasingRow]:
    """Ways to ask that staff took out of conversations."""
    return (await db.scalars(select(PhrasingRow).where(PhrasingRow.origin == REVIEW))).all()


async def corrections_of(db: AsyncSession, texts: Sequence[str]) -> Sequence[Correction]:
    """Corrections of sentences, undone ones too, in order."""
    return (await db.scalars(select(Correction).where(Correction.text.in_(texts)).order_by(Correction.id))).all()


async def versions_of(db: AsyncSession, topics: Sequence[str]) -> Sequence[TopicVersion]:
    """The version of each topic that is served now."""
    found = select(TopicVersion).join(TopicRow, TopicRow.id == TopicVersion.topic_id)
    return (await db.scalars(found.where(TopicRow.id.in_(topics), TopicVersion.version == TopicRow.version))).all()


async def history_of(db: AsyncSession, topics: Sequence[str]) -> Sequence[TopicVersion]:
    """All versions of topics, the first of each before its later ones."""
    found = select(TopicVersion).where(TopicVersion.topic_id.in_(topics))
    return (await db.scalars(found.order_by(TopicVersion.topic_id, TopicVersion.version))).all()


# -- runs --------------------------------------------------------------------------------------------------------------


async def open_run(db: AsyncSession) -> TrainingRun | None:
    """The run that has not ended."""
    return await db.scalar(select(TrainingRun).where(TrainingRun.open.is_not(None)))


async def runs(db: AsyncSession, limit: int) -> Sequence[TrainingRun]:
    """The latest runs, without what they changed."""
    found = select(TrainingRun).options(defer(TrainingRun.changes)).order_by(TrainingRun.id.desc()).limit(limit)
    return (await db.scalars(found)).all()


async def latest_ready(db: AsyncSession) -> TrainingRun | None:
    """The latest run that came to a model."""
    found = select(TrainingRun).where(TrainingRun.state == "ready").order_by(TrainingRun.id.desc()).limit(1)
    return await db.scalar(found)


async def claim(db: AsyncSession, holder: str, *, now: datetime, until: datetime) -> TrainingRun | None:
    """Take the run that waits; None where none does or another gateway was faster."""
    return await db.scalar(
        update(TrainingRun)
        .where(TrainingRun.state == "waiting")
        .values(state="training", holder=holder, until=until, started_at=now)
        .returning(TrainingRun),
        execution_options={"synchronize_session": False},
    )


async def hold(db: AsyncSession, run_id: int, holder: str, **values: Any) -> bool:
    """Change a run that this holder works on; False where it is no longer theirs."""
    done = await db.execute(
        update(TrainingRun)
        .where(TrainingRun.id == run_id, TrainingRun.holder == holder, TrainingRun.state.in_(OPEN))
        .values(**values)
    )
    return done.rowcount == 1


async def stop(db: AsyncSession, run_id: int, by: str, *, now: datetime) -> bool:
    """End a run in the middle; False where it has ended."""
    done = await db.execute(
        update(TrainingRun)
        .where(TrainingRun.id == run_id, TrainingRun.state.in_(OPEN))
        .values(state="interrupted", open=None, stopped_by=by, finished_at=now)
    )
    return done.rowcount == 1


async def interrupt(db: AsyncSession, *, now: datetime) -> int:
    """End runs whose gateway was not heard of in time; how many."""
    done = await db.execute(
        update(TrainingRun)
        .where(TrainingRun.state.in_(("training", "comparing")), TrainingRun.until < now)
        .values(state="interrupted", open=None, finished_at=now)
    )
    return done.rowcount


# -- what a comparison found -------------------------------------------------------------------------------------------

_D = TrainingDifference
_VERDICT = case(
    (_D.before_right & ~_D.after_right, "worse"), (~_D.before_right & _D.after_right, "better"), else_="same"
)  # fmt: skip


async def found(db: AsyncSession, run_id: int) -> Sequence[TrainingDifference]:
    """What the models of a run differ in, the worse first, then the better."""
    order = case((_VERDICT == "worse", 0), (_VERDICT == "better", 1), else_=2)
    return (await db.scalars(select(_D).where(_D.run_id == run_id).order_by(order, _D.kind, _D.id))).all()


async def counts(db: AsyncSession, run_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many sentences became better and worse in each run."""
    verdict = _VERDICT.label("verdict")
    grouped = select(_D.run_id, verdict, func.count()).where(_D.run_id.in_(run_ids)).group_by(_D.run_id, verdict)
    told = {(run, what): n for run, what, n in await db.execute(grouped)}
    return {run: (told.get((run, "better"), 0), told.get((run, "worse"), 0)) for run in run_ids}


# -- which model the engine has ----------------------------------------------------------------------------------------


async def activations(db: AsyncSession, limit: int) -> Sequence[ModelActivation]:
    """When the engine was given which model, the latest first."""
    return (await db.scalars(select(ModelActivation).order_by(ModelActivation.id.desc()).limit(limit))).all()


async def run_of_model(db: AsyncSession, model: str) -> int | None:
    """The latest run that came to a model."""
    found = select(func.max(TrainingRun.id)).where(TrainingRun.model == model, TrainingRun.state == "ready")
    return await db.scalar(found)


async def was_given(db: AsyncSession, run_id: int) -> bool:
    """Whether the model of a run was ever live."""
    return bool(await db.scalar(select(func.count()).where(ModelActivation.run_id == run_id)))
