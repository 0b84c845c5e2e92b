"""The database is brought to the form that the mapped classes have, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.migrating import upgrade
from bot.store import Base, open_engine
from bot.tables import is_mapped  # importing it fills the metadata

TRIGGERED = ("topic", "topic_text", "topic_term", "topic_phrasing")


async def differences(address: str) -> list[object]:
    engine = open_engine(address)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(
                lambda c: compare_metadata(
                    MigrationContext.configure(c, opts={"compare_type": True, "include_name": is_mapped}), Base.metadata
                )
            )
    finally:
        await engine.dispose()


@pytest.fixture
async def damaged(database):
    """Leaves nothing of the database for the next test, which migrates it anew."""
    yield
    if not database.startswith("sqlite"):
        engine = open_engine(database)
        async with engine.begin() as connection:
            await connection.execute(text("DROP SCHEMA public CASCADE"))
            await connection.execute(text("CREATE SCHEMA public"))
        await engine.dispose()


async def test_the_migrated_database_is_that_of_the_mapped_classes(database):
    assert await differences(database) == []


async def test_the_comparison_sees_a_column_that_is_missing(database, damaged):
    engine = open_engine(database)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE turn DROP COLUMN milliseconds"))
    await engine.dispose()

    assert [kind for kind, *_ in await differences(database)] == ["add_column"]


async def test_upgrading_again_changes_nothing_and_loses_nothing(database, sessions):
    async with sessions.begin() as db:
        await db.execute(text("UPDATE knowledge_revision SET n = 41"))

    await upgrade(database)
    await upgrade(database)

    async with sessions() as db:
        assert (await db.execute(text("SELECT id, n FROM knowledge_revision"))).all() == [(1, 41)]
    assert await differences(database) == []


@pytest.mark.parametrize("table", TRIGGERED)
async def test_every_edit_of_what_finding_reads_is_counted(sessions, table):
    row = {
        "topic": "id, position, title, group_name, scope, region, aliases, related, state, checked_on, check_status, version",
        "topic_text": "topic_id, key, text, applies, sources",
        "topic_term": "topic_id, term, aliases, text",
        "topic_phrasing": "topic_id, aspect, text",
    }[table]
    values = {
        "topic": "'t', 1, 't', 'g', 's', 'r', '[]', '[]', 'current', '2026-11-24', 'verified', 1",
        "topic_text": "'base', 'answer', 't', true, '[]'",
        "topic_term": "'base', 't', '[]', 't'",
        "topic_phrasing": "'base', 'who', 't'",
    }[table]
    own = "id = 't'" if table == "topic" else "topic_id = 'base'"
    base = (
        "INSERT INTO topic (id, position, title, group_name, scope, region, aliases, related, state, checked_on, "
        "check_status, version) VALUES ('base', 0, 't', 'g', 's', 'r', '[]', '[]', 'current', '2026-11-24', 'verified', 1)"
    )
    word = "title" if table == "topic" else "text"

    async def edited(statement: str) -> int:
        async with sessions.begin() as db:
            before = await db.scalar(text("SELECT n FROM knowledge_revision"))
            await db.execute(text(statement))
            return await db.scalar(text("SELECT n FROM knowledge_revision")) - before

    await edited(base)

    assert await edited(f"INSERT INTO {table} ({row}) VALUES ({values})") >= 1
    assert await edited(f"UPDATE {table} SET {word} = 'anders' WHERE {own}") >= 1
    assert await edited(f"DELETE FROM {table} WHERE {own}") >= 1


async def test_moments_and_foreign_keys_are_kept_on_both_databases(sessions):
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with sessions.begin() as db:
            await db.execute(text("INSERT INTO topic_phrasing (topic_id, aspect, text) VALUES ('none', 'who', 't')"))
