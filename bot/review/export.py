"""Taking a list away: CSV or XLSX, a row for each conversation or message, written while it is read."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SHANGHAI, Clock, today
from bot.review import export_queries, finding, wording
from bot.review.finding import Asked, Hit
from bot.review.rules import Filters, Refusal, Unknown
from bot.review.showing import facets
from bot.review.tables import ExportRun
from bot.sheets.writing import writing
from bot.store import Sessions

logger = logging.getLogger(__name__)

PER = {"conversation": "每段对话一行", "message": "每条消息一行"}
FORMS = {"csv": "CSV", "xlsx": "XLSX（Excel）"}
MOST = {"xlsx": 1_048_575}  # rows that a sheet of Excel has below its header
KEPT_FOR = timedelta(hours=1)
BATCH = 1000  # turns

_PER_MESSAGE = (
    ("时间", 17), ("对话", 18), ("渠道", 9), ("谁", 8), ("说了什么", 60), ("意图", 12), ("把握", 7), ("结果", 9), ("主题", 24),
    ("方面", 10), ("答案版本", 9), ("毫秒", 8), ("评价", 6), ("评价原因", 14), ("骗局苗头", 9), ("危险信号", 9),
)  # fmt: skip
_PER_CONVERSATION = (
    ("对话", 18), ("渠道", 9), ("开始", 17), ("最近", 17), ("轮数", 7), ("没答上", 7), ("差评", 7), ("符合的最近一句", 50), ("意图", 12),
    ("结果", 9), ("主题", 24), ("转人工", 8), ("骗局苗头", 9), ("危险信号", 9), ("标记", 7), ("派给", 10), ("看过", 10),
)  # fmt: skip


class TooMany(Refusal):
    """More rows than the form can hold."""


class Exports:
    """Files of what filters find. `file_of` gives one; what was begun goes on in the background."""

    def __init__(self, sessions: Sessions, clock: Clock, folder: Path) -> None:
        self._sessions, self._clock, self._folder = sessions, clock, folder

    async def begin(self, filters: Filters, *, per: str, form: str, by: str, account_id: int) -> int:
        """Put a list down that is to be made; its id. Raises Unknown for another form."""
        if per not in PER or form not in FORMS:
            raise Unknown
        async with self._sessions.begin() as db:
            run = ExportRun(
                account_id=account_id,
                by=by,
                query=filters.query(),
                per=per,
                form=form,
                state="making",
                at=self._clock(),
            )
            db.add(run)
            await db.flush()
            return run.id

    async def make(self, run_id: int) -> None:
        """Write a list's file; many transactions. What goes wrong is logged and put down."""
        async with self._sessions() as db:
            run = await db.get_one(ExportRun, run_id)
        name = f"{run_id}-{secrets.token_hex(8)}.{run.form}"
        try:
            rows, conversations = await self._write(run, self._folder / name)
        except Exception:
            logger.exception("export %s broke off", run_id)
            await self._put_down(run_id, state="failed", finished_at=self._clock())
            return
        await self._put_down(
            run_id, state="ready", rows=rows, conversations=conversations, file=name, finished_at=self._clock()
        )

    async def _write(self, run: ExportRun, path: Path) -> tuple[int, int]:
        self._folder.mkdir(parents=True, exist_ok=True)
        columns = _PER_MESSAGE if run.per == "message" else _PER_CONVERSATION
        filters = Filters.read(dict(parse_qsl(run.query)))
        rows, seen = 0, _Seen()
        with writing(path, name="对话", widths=[width for _, width in columns]) as sheet:
            sheet.row([name for name, _ in columns])
            async for batch in self._batches(run.per, filters, seen):
                if rows + len(batch) > MOST.get(run.form, rows + len(batch)):
                    raise TooMany
                await asyncio.to_thread(lambda done=batch: [sheet.row(row) for row in done])
                rows += len(batch)
                await self._put_down(run.id, rows=rows, conversations=len(seen))
        return rows, len(seen)

    async def _batches(self, per: str, filters: Filters, seen: _Seen) -> AsyncIterator[Sequence[Sequence[object]]]:
        """The rows of a list from the oldest on, some at a time, each time in a transaction of its own."""
        async with self._sessions() as db:
            since, until = filters.between(today(self._clock))
            above, below = await finding.ids_between(db, since, until) if since or until else (0, None)
            # What comes in meanwhile is not of this list.
            below = below or await finding.top(db) + 1
            names = await export_queries.titles(db)
        asked = Asked(tuple(filters.words()), above, below)
        while not filters.unsearchable:
            async with self._sessions() as db:
                hits = await finding.hits(db, asked, BATCH, newest_first=False)
                if not hits:
                    return
                if per == "message":
                    for hit in hits:
                        seen.add(hit.conversation_id)
                    yield await _message_rows(db, hits, names)
                else:
                    yield await _conversation_rows(db, asked, hits, seen, names)
            asked = replace(asked, above=hits[-1].id)

    async def _put_down(self, run_id: int, **values: object) -> None:
        async with self._sessions.begin() as db:
            await db.execute(update(ExportRun).where(ExportRun.id == run_id).values(**values))

    async def run(self, run_id: int, account_id: int) -> ExportRun:
        """One's own list. Raises Unknown."""
        async with self._sessions() as db:
            run = await db.get(ExportRun, run_id)
        if run is None or run.account_id != account_id:
            raise Unknown
        return run

    async def file_of(self, run_id: int, account_id: int) -> tuple[ExportRun, Path]:
        """One's own list with its file. Raises Unknown, also where the file is gone."""
        run = await self.run(run_id, account_id)
        path = self._folder / (run.file or "-")
        if run.state != "ready" or not path.is_file():
            raise Unknown
        return run, path

    async def tend(self, *, started: bool = False) -> None:
        """Delete files that have stood long enough; `started`: what an earlier process was at broke off."""
        before = self._clock() - KEPT_FOR
        async with self._sessions.begin() as db:
            if started:
                broken = update(ExportRun).where(ExportRun.state == "making")
                await db.execute(broken.values(state="failed", finished_at=self._clock()))
            old = (ExportRun.state == "ready", ExportRun.finished_at < before)
            await db.execute(update(ExportRun).where(*old).values(state="gone", file=None))
            kept = set(await db.scalars(select(ExportRun.file).where(ExportRun.file.is_not(None))))
            making = await db.scalar(select(ExportRun.id).where(ExportRun.state == "making").limit(1))
        if making is None and self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.name not in kept:
                    path.unlink(missing_ok=True)


class _Seen:
    """Ids that came up, a bit for each, so that a million of them take little room."""

    def __init__(self) -> None:
        self._bits, self._count = bytearray(), 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, number: int) -> bool:
        return number >> 3 < len(self._bits) and bool(self._bits[number >> 3] & 1 << (number & 7))

    def add(self, number: int) -> None:
        if number in self:
            return
        if (missing := (number >> 3) + 1 - len(self._bits)) > 0:
            self._bits.extend(bytes(missing + 4096))
        self._bits[number >> 3] |= 1 << (number & 7)
        self._count += 1


async def _message_rows(db: AsyncSession, hits: Sequence[Hit], names: dict[str, str]) -> list[list[object]]:
    rows = []
    for one in await export_queries.messages(db, [hit.id for hit in hits]):
        found = facets(one.facets)
        understood = one.direction == "in"
        rows.append(
            [
                _local(one.at),
                one.code,
                wording.CHANNELS.get(one.channel, one.channel),
                "对方" if one.direction == "in" else "工作人员" if one.kind == "staff" else "小同",
                one.text,
                wording.INTENTS.get(one.intent, one.intent) if understood else None,
                round(one.confidence, 3) if understood and one.confidence is not None else None,
                wording.OUTCOMES.get(one.outcome, one.outcome) if understood else None,
                names.get(one.topic, one.topic) if understood else None,
                wording.ASPECTS.get(one.aspect, one.aspect) if understood else None,
                one.answer_version if understood else None,
                one.milliseconds if understood else None,
                {"up": "👍", "down": "👎"}.get(one.verdict),
                "、".join(one.reasons or ()),
                "是" if understood and found.scam else None,
                "是" if understood and found.distress else None,
            ]
        )
    return rows


async def _conversation_rows(
    db: AsyncSession, asked: Asked, hits: Sequence[Hit], seen: _Seen, names: dict[str, str]
) -> list[list[object]]:
    """A row for each conversation that came up first here, by the latest of its turns that fits."""
    new = [hit.conversation_id for hit in hits if hit.conversation_id not in seen]
    for conversation in new:
        seen.add(conversation)
    latest = await finding.latest(db, replace(asked, above=0), set(new))
    rows = []
    for one in await export_queries.conversations(db, latest.values()):
        found = facets(one.facets, one.marks, one.standing)
        rows.append(
            [
                one.code,
                wording.CHANNELS.get(one.channel, one.channel),
                _local(one.started_at),
                _local(one.last_at),
                one.turns,
                one.refused,
                one.downs,
                one.said,
                wording.INTENTS.get(found.intent or "", found.intent),
                wording.OUTCOMES.get(found.outcome or "", found.outcome),
                "、".join(names.get(topic, topic) for topic in found.topics),
                "等着" if found.waits else "转过" if found.handed else None,
                "是" if found.scam else None,
                "是" if found.distress else None,
                "是" if found.flagged else None,
                one.assigned_to,
                None if found.new else one.reviewed_by,
            ]
        )
    return rows


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
