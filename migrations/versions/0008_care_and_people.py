"""alerts of care, and questions handed over to a person"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BEFORE = "kind in ('text', 'choice', 'media', 'reply', 'holding', 'apology')"
_AFTER = "kind in ('text', 'choice', 'media', 'reply', 'holding', 'apology', 'staff')"
_OPEN_ALERT = sa.text("released_at is null")
_OPEN_HANDOVER = sa.text("state in ('asking', 'waiting', 'taken')")


def upgrade():
    op.create_table(
        "care_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("found_by", sa.String(length=5), nullable=False),
        sa.Column("stops", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=40), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.String(length=40), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('self', 'other', 'harm')", name=op.f("ck_care_alert_kind")),
        sa.CheckConstraint("found_by in ('rule', 'model')", name=op.f("ck_care_alert_found_by")),
        sa.CheckConstraint(
            "(acknowledged_at is null) = (acknowledged_by is null)", name=op.f("ck_care_alert_acknowledged")
        ),
        sa.CheckConstraint("(released_at is null) = (released_by is null)", name=op.f("ck_care_alert_released")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_care_alert_conversation_id_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_care_alert_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name=op.f("fk_care_alert_turn_id_turn"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_alert")),
        sa.UniqueConstraint("turn_id", name=op.f("uq_care_alert_turn_id")),
    )
    op.create_index(op.f("ix_care_alert_conversation_id"), "care_alert", ["conversation_id"], unique=False)
    op.create_index(
        "ix_care_alert_open",
        "care_alert",
        ["person_id"],
        unique=False,
        sqlite_where=_OPEN_ALERT,
        postgresql_where=_OPEN_ALERT,
    )
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(length=40), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_staff_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state in ('asking', 'waiting', 'taken', 'message', 'done', 'expired', 'left')",
            name=op.f("ck_handover_state"),
        ),
        sa.CheckConstraint(
            "state <> 'taken' or (taken_by is not null and taken_at is not null and last_staff_at is not null)",
            name=op.f("ck_handover_taken"),
        ),
        sa.CheckConstraint(
            "(closed_at is not null) = (state in ('done', 'expired', 'left'))", name=op.f("ck_handover_closed")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_handover_conversation_id_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identity.id"], name=op.f("fk_handover_identity_id_identity"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_handover_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(
        "uq_handover_open",
        "handover",
        ["person_id"],
        unique=True,
        sqlite_where=_OPEN_HANDOVER,
        postgresql_where=_OPEN_HANDOVER,
    )
    op.create_index("ix_handover_state", "handover", ["state", "opened_at"], unique=False)
    op.create_index("ix_handover_person", "handover", ["person_id", "opened_at"], unique=False)
    op.create_table(
        "handover_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_read")),
    )
    op.create_index(op.f("ix_handover_read_handover_id"), "handover_read", ["handover_id"], unique=False)
    _kinds_of_messages(_BEFORE, _AFTER)


def downgrade():
    op.execute("UPDATE message SET kind = 'reply' WHERE kind = 'staff'")
    _kinds_of_messages(_AFTER, _BEFORE)
    op.drop_table("handover_read")
    op.drop_table("handover")
    op.drop_table("care_alert")


def _kinds_of_messages(before, after):
    """Another check constraint on message.kind.

    SQLite cannot alter one, and a new table in the place of this one would break the keys that lead to it. What is
    stored stays as it is, so the table's text is replaced, in the way that SQLite's own documents give for this case.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_message_kind"), "message", type_="check")
        op.create_check_constraint(op.f("ck_message_kind"), "message", after)
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'message'", (before, after)
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
