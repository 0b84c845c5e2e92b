"""review"""

import json

import sqlalchemy as sa
from alembic import op

from bot.review.words import facets_of, grams, joined

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BATCH = 2000
DOC = "{0}.words || ' ' || {0}.facets || ' ' || {0}.marks || ' ' || {0}.standing"
STANDING = (
    "CASE WHEN EXISTS (SELECT 1 FROM handover h WHERE h.conversation_id = {0} AND h.state IN ('waiting', 'message')) "
    "THEN '=h =w' WHEN EXISTS (SELECT 1 FROM handover h WHERE h.conversation_id = {0} AND h.state <> 'asking') "
    "THEN '=h' ELSE '' END"
)
RESTATE = f"UPDATE search_entry SET standing = {STANDING} WHERE conversation_id = {{0}} AND standing <> {STANDING}"


def full_text():
    """What searching reads: bot.review.words writes the columns, the databases keep their words by themselves.

    Neither form can be told to the mapped classes; bot.tables.is_mapped leaves both out of comparisons.
    """
    if op.get_bind().dialect.name == "postgresql":
        # PostgreSQL collects every match before it sorts: the block that the id lies in (of 16,384) lets a search stop
        # at the newest ones.
        op.execute(
            "CREATE INDEX ix_search_entry_fts ON search_entry USING gin (array_to_tsvector(array_remove(string_to_array("
            "words || ' ' || facets || ' ' || marks || ' ' || standing || ' =b.' || (id >> 14)::text, ' '), ''))) "
            "WITH (gin_pending_list_limit = 1024)"
        )
        op.execute(
            "CREATE FUNCTION handover_restated() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF TG_OP = 'DELETE' THEN "
            f"{RESTATE.format('old.conversation_id')}; RETURN old; END IF; "
            f"{RESTATE.format('new.conversation_id')}; RETURN new; END $$"
        )
        op.execute(
            "CREATE TRIGGER handover_restated AFTER INSERT OR DELETE OR UPDATE OF state ON handover "
            "FOR EACH ROW EXECUTE FUNCTION handover_restated()"
        )
        return
    op.execute(
        "CREATE VIRTUAL TABLE search_entry_fts USING fts5(doc, content='', columnsize=0, detail=none, prefix='1', "
        "tokenize=\"ascii tokenchars '=+#.-_'\")"
    )
    add = f"INSERT INTO search_entry_fts (rowid, doc) SELECT new.id, {DOC.format('new')}"
    remove = f"INSERT INTO search_entry_fts (search_entry_fts, rowid, doc) SELECT 'delete', old.id, {DOC.format('old')}"
    op.execute(f"CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN {add}; END")
    op.execute(f"CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN {remove}; END")
    op.execute(
        "CREATE TRIGGER search_entry_changed AFTER UPDATE OF words, facets, marks, standing ON search_entry "
        f"WHEN {DOC.format('old')} <> {DOC.format('new')} BEGIN {remove}; {add}; END"
    )
    for name, event, row in (
        ("added", "INSERT", "new"),
        ("removed", "DELETE", "old"),
        ("moved", "UPDATE OF state", "new"),
    ):
        op.execute(
            f"CREATE TRIGGER handover_{name} AFTER {event} ON handover "
            f"BEGIN {RESTATE.format(f'{row}.conversation_id')}; END"
        )


def enter_what_is_there():
    """Turns and messages that were stored before there was an index."""
    db = op.get_bind()
    last = 0
    while True:
        found = db.execute(
            sa.text(
                "SELECT m.id, m.conversation_id, m.turn_id, m.at, c.channel FROM message m "
                "JOIN conversation c ON c.id = m.conversation_id "
                "WHERE m.id > :last AND (m.turn_id IS NULL OR m.direction = 'in') ORDER BY m.id LIMIT :batch"
            ),
            {"last": last, "batch": BATCH},
        ).all()
        if not found:
            return
        last = found[-1].id
        turns = [row.turn_id for row in found if row.turn_id is not None]
        texts = _texts(db, [row.id for row in found], turns)
        facets = _facets(db, turns)
        db.execute(
            sa.text(
                "INSERT INTO search_entry (conversation_id, turn_id, message_id, at, facets, marks, standing, words) "
                "VALUES (:conversation_id, :turn_id, :message_id, :at, :facets, '=n', "
                f"{STANDING.format(':conversation_id')}, :words)"
            ),
            [
                {
                    "conversation_id": row.conversation_id,
                    "turn_id": row.turn_id,
                    "message_id": None if row.turn_id else row.id,
                    "at": row.at,
                    "facets": facets_of(channel=row.channel, **facets.get(row.turn_id, {})),
                    "words": joined(set().union(*map(grams, texts[row.turn_id or -row.id]))),
                }
                for row in found
            ],
        )


def _texts(db, messages, turns):
    """What was said, by turn, or by message with a minus before it."""
    asked = sa.text("SELECT id, turn_id, text FROM message WHERE id IN :messages OR turn_id IN :turns").bindparams(
        sa.bindparam("messages", expanding=True), sa.bindparam("turns", expanding=True)
    )
    texts = {}
    for row in db.execute(asked, {"messages": messages, "turns": turns}):
        texts.setdefault(row.turn_id or -row.id, []).append(row.text)
    return texts


def _facets(db, turns):
    asked = sa.text(
        "SELECT id, intent, confidence, outcome, state, topic, offered, scam_signs, actions FROM turn WHERE id IN :turns"
    ).bindparams(sa.bindparam("turns", expanding=True))
    rated = sa.text(
        "SELECT m.turn_id, f.verdict, f.reasons FROM feedback f JOIN message m ON m.id = f.message_id "
        "WHERE m.turn_id IN :turns ORDER BY f.at"
    ).bindparams(sa.bindparam("turns", expanding=True))
    facets = {}
    for row in db.execute(asked, {"turns": turns}):
        facets[row.id] = {
            "intent": row.intent,
            "confidence": row.confidence,
            "outcome": "failed" if row.state == "failed" else row.outcome,
            "topics": [topic for topic in (row.topic, *(_json(row.offered) or ())) if topic],
            "scam": bool(_json(row.scam_signs)) or row.intent == "scam_report",
            "distress": row.intent == "distress_serious" or "care_danger" in (_json(row.actions) or ()),
        }
    for row in db.execute(rated, {"turns": turns}):
        facets[row.turn_id] |= {"verdict": row.verdict, "reasons": _json(row.reasons) or ()}
    return facets


def _json(value):
    return json.loads(value) if isinstance(value, str) else value


def upgrade():
    op.add_column("topic_phrasing", sa.Column("origin", sa.String(length=6), server_default="files", nullable=False))
    op.create_table(
        "export_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("per", sa.String(length=12), nullable=False),
        sa.Column("form", sa.String(length=4), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("conversations", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=80), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('making', 'ready', 'failed', 'gone')", name=op.f("ck_export_run_state")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_export_run_account_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_run")),
    )
    op.create_index(op.f("ix_export_run_account_id"), "export_run", ["account_id"], unique=False)
    op.create_index(op.f("ix_export_run_state"), "export_run", ["state"], unique=False)
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_saved_view_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_view_account_id")),
    )
    op.create_table(
        "conversation_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_conversation_note_account_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_conversation_note_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_note")),
    )
    op.create_index(
        op.f("ix_conversation_note_conversation_id"), "conversation_note", ["conversation_id"], unique=False
    )
    op.create_index(op.f("ix_conversation_note_deleted_at"), "conversation_note", ["deleted_at"], unique=False)
    op.create_table(
        "conversation_review",
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reviewed_to", sa.Integer(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=40), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("flagged_by", sa.String(length=40), nullable=True),
        sa.Column("assigned_id", sa.Integer(), nullable=True),
        sa.Column("assigned_to", sa.String(length=40), nullable=True),
        sa.Column("changed_by", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_id"],
            ["account.id"],
            name=op.f("fk_conversation_review_assigned_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_conversation_review_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_conversation_review")),
    )
    op.create_index(op.f("ix_conversation_review_assigned_id"), "conversation_review", ["assigned_id"], unique=False)
    op.create_table(
        "conversation_tag",
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("tag", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_conversation_tag_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "key", name=op.f("pk_conversation_tag")),
    )
    op.create_index(op.f("ix_conversation_tag_key"), "conversation_tag", ["key"], unique=False)
    op.create_table(
        "conversation_viewing",
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_conversation_viewing_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_conversation_viewing_conversation_id_conversation")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "account_id", name=op.f("pk_conversation_viewing")),
    )
    op.create_index(op.f("ix_conversation_viewing_seen_at"), "conversation_viewing", ["seen_at"], unique=False)
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("intent", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.Column("aspect", sa.String(length=12), nullable=True),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("was_intent", sa.String(length=40), nullable=True),
        sa.Column("was_topic", sa.String(length=40), nullable=True),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(length=40), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(kind = 'topic') = (topic is not null)", name=op.f("ck_correction_topic")),
        sa.CheckConstraint("kind in ('topic', 'intent')", name=op.f("ck_correction_kind")),
        sa.CheckConstraint("(undone_at is null) = (undone_by is null)", name=op.f("ck_correction_undone")),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name=op.f("fk_correction_turn_id_turn"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_topic"), "correction", ["topic"], unique=False)
    op.create_index(op.f("ix_correction_turn_id"), "correction", ["turn_id"], unique=False)
    op.create_table(
        "regression_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("current_topic", sa.String(length=40), nullable=True),
        sa.Column("current_aspect", sa.String(length=12), nullable=True),
        sa.Column("expects", sa.String(length=10), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.Column("aspect", sa.String(length=12), nullable=True),
        sa.Column("intent", sa.String(length=40), nullable=True),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.String(length=40), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(expects in ('served', 'offered')) = (topic is not null)", name=op.f("ck_regression_case_topic")
        ),
        sa.CheckConstraint("expects <> 'understood' or intent is not null", name=op.f("ck_regression_case_intent")),
        sa.CheckConstraint(
            "expects in ('served', 'offered', 'refused', 'understood')", name=op.f("ck_regression_case_expects")
        ),
        sa.CheckConstraint("(removed_at is null) = (removed_by is null)", name=op.f("ck_regression_case_removed")),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turn.id"], name=op.f("fk_regression_case_turn_id_turn"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regression_case")),
    )
    op.create_index(op.f("ix_regression_case_topic"), "regression_case", ["topic"], unique=False)
    op.create_index(op.f("ix_regression_case_turn_id"), "regression_case", ["turn_id"], unique=False)
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facets", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("(turn_id is null) <> (message_id is null)", name=op.f("ck_search_entry_one")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_search_entry_conversation_id_conversation")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_search_entry_message_id_message"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turn.id"], name=op.f("fk_search_entry_turn_id_turn"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("message_id", name=op.f("uq_search_entry_message_id")),
        sa.UniqueConstraint("turn_id", name=op.f("uq_search_entry_turn_id")),
    )
    op.create_index("ix_search_entry_at", "search_entry", ["at", "id"], unique=False)
    op.create_index("ix_search_entry_conversation", "search_entry", ["conversation_id", "id"], unique=False)
    enter_what_is_there()
    full_text()


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER handover_restated ON handover")
        op.execute("DROP FUNCTION handover_restated")
    else:
        for name in ("added", "removed", "moved"):
            op.execute(f"DROP TRIGGER handover_{name}")
        op.drop_table("search_entry_fts")
    op.drop_table("search_entry")
    op.drop_table("export_run")
    op.drop_table("regression_case")
    op.drop_table("correction")
    op.drop_table("saved_view")
    op.drop_table("conversation_viewing")
    op.drop_table("conversation_note")
    op.drop_table("conversation_tag")
    op.drop_table("conversation_review")
    op.drop_column("topic_phrasing", "origin")
