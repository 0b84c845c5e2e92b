"""Alembic's entry: runs on the connection it is handed (bot.migrating)."""

from alembic import context

from bot.store import Base
from bot.tables import is_mapped  # importing it fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    include_name=is_mapped,
)
with context.begin_transaction():
    context.run_migrations()
