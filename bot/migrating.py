"""The database brought to the form that this code needs. Alembic keeps the steps in migrations/."""

from __future__ import annotations

import logging

logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of its plugins when it is imported

from alembic import command  # noqa: E402
from alembic.config import Config  # noqa: E402
from sqlalchemy import Connection  # noqa: E402

from bot.settings import ROOT  # noqa: E402
from bot.store import open_engine  # noqa: E402


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _upgrade(connection: Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def upgrade(address: str, revision: str = "head") -> None:
    """Carry out the steps that the database has not seen; nothing when it is up to date."""
    engine = open_engine(address)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, revision)
    finally:
        await engine.dispose()
