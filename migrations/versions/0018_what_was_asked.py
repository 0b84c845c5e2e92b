"""what was asked"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at is null")


def upgrade():
    op.create_table(
        "asked_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.String(length=40), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("named_after", sa.String(length=40), nullable=True),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("centre", sa.LargeBinary(), nullable=True),
        sa.Column("near", sa.Double(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_asked_group_topic_id_topic"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["asked_group.id"],
            name=op.f("fk_asked_group_merged_into_asked_group"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_group")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_asked_group_topic_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_asked_group_merged_into"), "asked_group", ["merged_into"], unique=False)
    op.create_table(
        "asked_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["asked_group.id"], name=op.f("fk_asked_text_group_id_asked_group")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_text")),
        sa.UniqueConstraint("key", name=op.f("uq_asked_text_key")),
    )
    op.create_index(op.f("ix_asked_text_group_id"), "asked_text", ["group_id"], unique=False)
    op.create_table(
        "asked",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("district", sa.String(length=8), nullable=True),
        sa.Column("degree", sa.String(length=8), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=True),
        sa.CheckConstraint("(turn_id is null) <> (question_id is null)", name=op.f("ck_asked_source")),
        sa.ForeignKeyConstraint(["text_id"], ["asked_text.id"], name=op.f("fk_asked_text_id_asked_text")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_asked_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name=op.f("fk_asked_turn_id_turn"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["radio_question.id"], name=op.f("fk_asked_question_id_radio_question"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked")),
        sa.UniqueConstraint("turn_id", name=op.f("uq_asked_turn_id")),
        sa.UniqueConstraint("question_id", name=op.f("uq_asked_question_id")),
    )
    op.create_index("ix_asked_at", "asked", ["at", "text_id"], unique=False)
    op.create_index(op.f("ix_asked_text_id"), "asked", ["text_id"], unique=False)
    op.create_index(op.f("ix_asked_person_id"), "asked", ["person_id"], unique=False)
    op.create_table(
        "asked_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.String(length=40), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(closed_at is null) = (state = 'open')", name=op.f("ck_asked_request_closed")),
        sa.CheckConstraint("state in ('open', 'answered', 'declined')", name=op.f("ck_asked_request_state")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["asked_group.id"], name=op.f("fk_asked_request_group_id_asked_group"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_request")),
    )
    op.create_index(
        "uq_asked_request_open", "asked_request", ["group_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )


def downgrade():
    for table in ("asked_request", "asked", "asked_text", "asked_group"):
        op.drop_table(table)
