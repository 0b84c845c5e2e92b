"""The database: mapped base class, column types, engine and sessions. SQLite by default, PostgreSQL by address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, DateTime, MetaData, event
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

_WRITES = "duihua_writes"
LOCK_WAIT = 60.0  # seconds; a large import holds the lock of SQLite for a quarter of it


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone; keep the rest in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Parent of all mapped classes; names constraints so that migrations can."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _on_connect(connection: Any, _record: Any, lock_wait: float) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    cursor = connection.cursor()
    # What is deleted is written over: a record that was taken out is to be gone from the file as well.
    for pragma in (
        "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON",
        f"busy_timeout={round(lock_wait * 1000)}",
    ):  # fmt: skip
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    # A writer takes SQLite's one lock at once: a transaction that reads first and then wants to write fails without
    # waiting when somebody else has written in between.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def open_engine(address: str, lock_wait: float = LOCK_WAIT) -> AsyncEngine:
    """An async engine; on SQLite with WAL and foreign keys.

    Who waits `lock_wait` seconds for a row or a file that somebody else holds gets an error of the driver instead of
    waiting on; a transaction of PostgreSQL that is left open without a statement ends after a quarter of an hour.
    """
    # What people wrote goes into no log: not with an error, nor with every statement when all is logged.
    logging.getLogger("aiosqlite").setLevel(logging.INFO)
    if not address.startswith("sqlite"):
        limits = {
            "lock_timeout": f"{round(lock_wait * 1000)}ms",
            "idle_in_transaction_session_timeout": "15min",
        }
        return create_async_engine(
            address, pool_pre_ping=True, hide_parameters=True, connect_args={"server_settings": limits}
        )
    engine = create_async_engine(address, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", partial(_on_connect, lock_wait=lock_wait))
    event.listen(engine.sync_engine, "begin", _on_begin)
    return engine


class Sessions:
    """Opens database sessions: call it to read, `begin()` for one transaction that writes.

    Objects stay readable after the commit. On SQLite the writers of this process queue up in order instead of
    competing for the file's lock.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._reading = async_sessionmaker(engine, expire_on_commit=False)
        self._writing = async_sessionmaker(engine.execution_options(**{_WRITES: True}), expire_on_commit=False)
        self._queue: AbstractAsyncContextManager[Any] = (
            asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        )

    def __call__(self) -> AsyncSession:
        """A session to read with; closes at the end of its `async with`."""
        return self._reading()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end of the block, or rolled back with whatever was raised in it."""
        async with self._queue, self._writing.begin() as session:
            yield session
