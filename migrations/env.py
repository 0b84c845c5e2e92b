"""Alembic's entry: runs on the connection it is handed (bot.migrating)."""

from alembic import context

import bot.tables  # noqa: F401 - fills the metadata
from bot.store import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
