"""guidance"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "adviser",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("full_name", sa.String(length=40), nullable=True),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("modes", sa.JSON(), nullable=False),
        sa.Column("base", sa.String(length=80), nullable=True),
        sa.Column("at_once", sa.Integer(), nullable=False),
        sa.Column("session_minutes", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("at_once between 1 and 20", name=op.f("ck_adviser_at_once")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_adviser_name")),
        sa.CheckConstraint(
            "session_minutes is null or (session_minutes between 5 and 480 and session_minutes % 5 = 0)",
            name=op.f("ck_adviser_session_minutes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adviser")),
        sa.UniqueConstraint("full_name", name=op.f("uq_adviser_full_name")),
        sa.UniqueConstraint("name", name=op.f("uq_adviser_name")),
    )
    op.create_table(
        "adviser_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adviser_import")),
    )
    op.create_table(
        "contact_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=7), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("what in ('contact', 'brief')", name=op.f("ck_contact_read_what")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_read")),
    )
    op.create_index(op.f("ix_contact_read_booking_id"), "contact_read", ["booking_id"], unique=False)
    op.create_table(
        "adviser_extra",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("adviser_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint("start_minute % 5 = 0 and end_minute % 5 = 0", name=op.f("ck_adviser_extra_fives")),
        sa.CheckConstraint(
            "start_minute >= 0 and start_minute < end_minute and end_minute <= 1440",
            name=op.f("ck_adviser_extra_minutes"),
        ),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["adviser.id"], name=op.f("fk_adviser_extra_adviser_id_adviser"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adviser_extra")),
        sa.UniqueConstraint("adviser_id", "day", "start_minute", name=op.f("uq_adviser_extra_adviser_id")),
    )
    op.create_index("ix_adviser_extra_day", "adviser_extra", ["day"], unique=False)
    op.create_table(
        "adviser_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("adviser_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_minute", sa.Integer(), nullable=False),
        sa.Column("end_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint("start_minute % 5 = 0 and end_minute % 5 = 0", name=op.f("ck_adviser_hours_fives")),
        sa.CheckConstraint(
            "start_minute >= 0 and start_minute < end_minute and end_minute <= 1440",
            name=op.f("ck_adviser_hours_minutes"),
        ),
        sa.CheckConstraint("weekday between 1 and 7", name=op.f("ck_adviser_hours_weekday")),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["adviser.id"], name=op.f("fk_adviser_hours_adviser_id_adviser"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adviser_hours")),
        sa.UniqueConstraint("adviser_id", "weekday", "start_minute", name=op.f("uq_adviser_hours_adviser_id")),
    )
    op.create_table(
        "adviser_leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("adviser_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_adviser_leave_order")),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["adviser.id"], name=op.f("fk_adviser_leave_adviser_id_adviser"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adviser_leave")),
    )
    op.create_index(op.f("ix_adviser_leave_adviser_id"), "adviser_leave", ["adviser_id"], unique=False)
    op.create_index(op.f("ix_adviser_leave_ends_at"), "adviser_leave", ["ends_at"], unique=False)
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("adviser_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mode", sa.String(length=2), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("shares_history", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_by", sa.String(length=7), nullable=True),
        sa.CheckConstraint("(state = 'cancelled') = (cancelled_by is not null)", name=op.f("ck_booking_cancelled")),
        sa.CheckConstraint("(state = 'held') = (held_until is not null)", name=op.f("ck_booking_held")),
        sa.CheckConstraint("cancelled_by in ('person', 'adviser')", name=op.f("ck_booking_cancelled_by")),
        sa.CheckConstraint("mode in ('线下', '电话', '线上')", name=op.f("ck_booking_mode")),
        sa.CheckConstraint(
            "state in ('held', 'expired', 'booked', 'cancelled', 'done', 'no_show')", name=op.f("ck_booking_state")
        ),
        sa.CheckConstraint("place >= 1", name=op.f("ck_booking_place")),
        sa.CheckConstraint("starts_at < ends_at and ends_at <= free_at", name=op.f("ck_booking_order")),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["adviser.id"], name=op.f("fk_booking_adviser_id_adviser"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_booking_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("number", name=op.f("uq_booking_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_booking_adviser", "booking", ["adviser_id", "starts_at"], unique=False)
    op.create_index("ix_booking_held", "booking", ["state", "held_until"], unique=False)
    op.create_index("ix_booking_person", "booking", ["person_id", "starts_at"], unique=False)
    op.create_index("ix_booking_starts_at", "booking", ["starts_at"], unique=False)
    op.create_index(
        "uq_booking_hold",
        "booking",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'held' and not offered"),
        postgresql_where=sa.text("state = 'held' and not offered"),
    )
    op.create_table(
        "adviser_busy",
        sa.Column("adviser_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["adviser.id"], name=op.f("fk_adviser_busy_adviser_id_adviser"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_adviser_busy_booking_id_booking"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("adviser_id", "place", "step", name=op.f("pk_adviser_busy")),
    )
    op.create_index(op.f("ix_adviser_busy_booking_id"), "adviser_busy", ["booking_id"], unique=False)
    op.create_table(
        "booking_contact",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_booking_contact_booking_id_booking"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_booking_contact")),
    )
    op.create_table(
        "booking_key",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=7), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("what in ('hold', 'confirm', 'move')", name=op.f("ck_booking_key_what")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_booking_key_booking_id_booking"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_booking_key_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "what", "key", name=op.f("pk_booking_key")),
    )
    op.create_index(op.f("ix_booking_key_booking_id"), "booking_key", ["booking_id"], unique=False)
    op.create_table(
        "guidance_outcome",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("done_what", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("follow_up", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_guidance_outcome_booking_id_booking"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_guidance_outcome")),
    )
    op.create_table(
        "guidance_rating",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stars between 1 and 5", name=op.f("ck_guidance_rating_stars")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_guidance_rating_booking_id_booking"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_guidance_rating")),
    )
    op.create_table(
        "guidance_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('day_before', 'hour_before', 'moved', 'cancelled_by_adviser', 'place_offered', 'rate')",
            name=op.f("ck_guidance_reminder_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_guidance_reminder_booking_id_booking"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_reminder")),
        sa.UniqueConstraint("booking_id", "kind", "due_at", name=op.f("uq_guidance_reminder_booking_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_guidance_reminder_due", "guidance_reminder", ["sent_at", "due_at"], unique=False)
    op.create_table(
        "guidance_wait",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.Column("mode", sa.String(length=2), nullable=True),
        sa.Column("adviser_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state <> 'offered' or booking_id is not null", name=op.f("ck_guidance_wait_offered")),
        sa.CheckConstraint("state in ('waiting', 'offered', 'over')", name=op.f("ck_guidance_wait_state")),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["adviser.id"], name=op.f("fk_guidance_wait_adviser_id_adviser"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_guidance_wait_booking_id_booking"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_guidance_wait_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_wait")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_guidance_wait_booking_id"), "guidance_wait", ["booking_id"], unique=False)
    op.create_index("ix_guidance_wait_queue", "guidance_wait", ["day", "state", "id"], unique=False)
    op.create_index(
        "uq_guidance_wait_queued",
        "guidance_wait",
        ["person_id", "day"],
        unique=True,
        sqlite_where=sa.text("state in ('waiting', 'offered')"),
        postgresql_where=sa.text("state in ('waiting', 'offered')"),
    )
    op.create_table(
        "person_busy",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["booking.id"], name=op.f("fk_person_busy_booking_id_booking"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_busy_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "step", name=op.f("pk_person_busy")),
    )
    op.create_index(op.f("ix_person_busy_booking_id"), "person_busy", ["booking_id"], unique=False)


def downgrade():
    op.drop_index(op.f("ix_person_busy_booking_id"), table_name="person_busy")
    op.drop_table("person_busy")
    op.drop_index(
        "uq_guidance_wait_queued",
        table_name="guidance_wait",
        sqlite_where=sa.text("state in ('waiting', 'offered')"),
        postgresql_where=sa.text("state in ('waiting', 'offered')"),
    )
    op.drop_index("ix_guidance_wait_queue", table_name="guidance_wait")
    op.drop_index(op.f("ix_guidance_wait_booking_id"), table_name="guidance_wait")
    op.drop_table("guidance_wait")
    op.drop_index("ix_guidance_reminder_due", table_name="guidance_reminder")
    op.drop_table("guidance_reminder")
    op.drop_table("guidance_rating")
    op.drop_table("guidance_outcome")
    op.drop_index(op.f("ix_booking_key_booking_id"), table_name="booking_key")
    op.drop_table("booking_key")
    op.drop_table("booking_contact")
    op.drop_index(op.f("ix_adviser_busy_booking_id"), table_name="adviser_busy")
    op.drop_table("adviser_busy")
    op.drop_index(
        "uq_booking_hold",
        table_name="booking",
        sqlite_where=sa.text("state = 'held' and not offered"),
        postgresql_where=sa.text("state = 'held' and not offered"),
    )
    op.drop_index("ix_booking_starts_at", table_name="booking")
    op.drop_index("ix_booking_person", table_name="booking")
    op.drop_index("ix_booking_held", table_name="booking")
    op.drop_index("ix_booking_adviser", table_name="booking")
    op.drop_table("booking")
    op.drop_index(op.f("ix_adviser_leave_ends_at"), table_name="adviser_leave")
    op.drop_index(op.f("ix_adviser_leave_adviser_id"), table_name="adviser_leave")
    op.drop_table("adviser_leave")
    op.drop_table("adviser_hours")
    op.drop_index("ix_adviser_extra_day", table_name="adviser_extra")
    op.drop_table("adviser_extra")
    op.drop_index(op.f("ix_contact_read_booking_id"), table_name="contact_read")
    op.drop_table("contact_read")
    op.drop_table("adviser_import")
    op.drop_table("adviser")
