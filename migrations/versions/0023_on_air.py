"""on air, what guests said, feeds"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "radio_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_radio_token_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_radio_token")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "radio_host_chat",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("tied_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_radio_host_chat_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identity.id"], name=op.f("fk_radio_host_chat_identity_id_identity"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_radio_host_chat")),
        sa.UniqueConstraint("identity_id", name=op.f("uq_radio_host_chat_identity_id")),
    )
    op.create_table(
        "radio_host_code",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_radio_host_code_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_radio_host_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_radio_host_code_digest")),
    )
    op.create_table(
        "radio_live",
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("on_air", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint("(on_air is null) = (ended_at is not null)", name=op.f("ck_radio_live_ended")),
        sa.CheckConstraint("on_air = 1", name=op.f("ck_radio_live_on_air")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_radio_live_programme_id_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_radio_live")),
        sa.UniqueConstraint("on_air", name=op.f("uq_radio_live_on_air")),
    )
    op.create_table(
        "radio_live_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("side in ('producer', 'host')", name=op.f("ck_radio_live_note_side")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_radio_live_note_text")),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_radio_live_note_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_radio_live_note")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_radio_live_note_programme_id", "radio_live_note", ["programme_id", "id"], unique=False)
    op.create_table(
        "radio_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.String(length=40), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("guest", sa.String(length=180), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("editors", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("served", sa.Text(), nullable=True),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('editing', 'waiting', 'approved')", name=op.f("ck_radio_answer_state")),
        sa.CheckConstraint("(version = 0) = (served is null)", name=op.f("ck_radio_answer_served")),
        sa.CheckConstraint("length(guest) > 0", name=op.f("ck_radio_answer_guest")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["asked_group.id"], name=op.f("fk_radio_answer_group_id_asked_group"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["programme_item.id"], name=op.f("fk_radio_answer_item_id_programme_item"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_radio_answer_programme_id_programme"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_radio_answer_topic_id_topic"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_radio_answer")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_radio_answer_group_id"), "radio_answer", ["group_id"], unique=False)
    op.create_index(op.f("ix_radio_answer_item_id"), "radio_answer", ["item_id"], unique=False)
    op.create_index(op.f("ix_radio_answer_programme_id"), "radio_answer", ["programme_id"], unique=False)
    op.create_index(op.f("ix_radio_answer_state"), "radio_answer", ["state"], unique=False)
    op.create_index(op.f("ix_radio_answer_topic_id"), "radio_answer", ["topic_id"], unique=False)
    op.create_table(
        "radio_live_sent",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("sent_by", sa.String(length=40), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["programme_item.id"],
            name=op.f("fk_radio_live_sent_item_id_programme_item"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_radio_live_sent")),
    )
    op.create_table(
        "radio_live_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=40), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["radio_live.programme_id"],
            name=op.f("fk_radio_live_window_programme_id_radio_live"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_radio_live_window")),
    )
    op.create_index("ix_radio_live_window_programme_id", "radio_live_window", ["programme_id"], unique=False)
    op.create_index(
        "uq_radio_live_window_open",
        "radio_live_window",
        ["programme_id"],
        unique=True,
        sqlite_where=sa.text("closed_at is null"),
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "radio_answer_version",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("approved_by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["radio_answer.id"],
            name=op.f("fk_radio_answer_version_answer_id_radio_answer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("answer_id", "version", name=op.f("pk_radio_answer_version")),
    )
    op.add_column("radio_question", sa.Column("programme_answer", sa.Integer(), nullable=True))
    op.add_column("radio_question", sa.Column("programme_version", sa.Integer(), nullable=True))
    op.add_column("radio_question", sa.Column("said_on", sa.Date(), nullable=True))


def downgrade():
    with op.batch_alter_table("radio_question") as table:
        for name in ("said_on", "programme_version", "programme_answer"):
            table.drop_column(name)
    op.drop_table("radio_answer_version")
    op.drop_table("radio_live_window")
    op.drop_table("radio_live_sent")
    op.drop_table("radio_answer")
    op.drop_table("radio_live_note")
    op.drop_table("radio_live")
    op.drop_table("radio_host_code")
    op.drop_table("radio_host_chat")
    op.drop_table("radio_token")
