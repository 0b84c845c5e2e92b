"""events"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def count_places():
    """Triggers that keep event.taken: whoever writes a registration, and also when a deleted person takes theirs along.

    The write that would give a place too many breaks event's constraint `capacity` and is refused.
    """
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """
            CREATE FUNCTION registration_counted() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE change integer := 0;
            BEGIN
                IF TG_OP <> 'INSERT' AND OLD.state IN ('registered', 'came') THEN change := change - 1; END IF;
                IF TG_OP <> 'DELETE' AND NEW.state IN ('registered', 'came') THEN change := change + 1; END IF;
                IF change <> 0 THEN
                    UPDATE event SET taken = taken + change WHERE id = COALESCE(NEW.event_id, OLD.event_id);
                END IF;
                RETURN NULL;
            END $$
            """
        )
        op.execute(
            "CREATE TRIGGER registration_counted AFTER INSERT OR UPDATE OF state OR DELETE ON registration "
            "FOR EACH ROW EXECUTE FUNCTION registration_counted()"
        )
        return
    op.execute(
        "CREATE TRIGGER registration_counted_insert AFTER INSERT ON registration "
        "WHEN NEW.state IN ('registered', 'came') "
        "BEGIN UPDATE event SET taken = taken + 1 WHERE id = NEW.event_id; END"
    )
    op.execute(
        "CREATE TRIGGER registration_counted_update AFTER UPDATE OF state ON registration "
        "WHEN (NEW.state IN ('registered', 'came')) <> (OLD.state IN ('registered', 'came')) "
        "BEGIN UPDATE event SET taken = taken + (CASE WHEN NEW.state IN ('registered', 'came') THEN 1 ELSE -1 END) "
        "WHERE id = NEW.event_id; END"
    )
    op.execute(
        "CREATE TRIGGER registration_counted_delete AFTER DELETE ON registration "
        "WHEN OLD.state IN ('registered', 'came') "
        "BEGIN UPDATE event SET taken = taken - 1 WHERE id = OLD.event_id; END"
    )


def upgrade():
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("mode", sa.String(length=7), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("district", sa.String(length=8), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=9), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("reported_companies", sa.Integer(), nullable=True),
        sa.Column("reported_posts", sa.Integer(), nullable=True),
        sa.Column("reported_registered", sa.Integer(), nullable=True),
        sa.Column("reported_came", sa.Integer(), nullable=True),
        sa.Column("reported_intents", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind in ('job_fair', 'experience_day', 'training')", name=op.f("ck_event_kind")),
        sa.CheckConstraint("mode in ('offline', 'online')", name=op.f("ck_event_mode")),
        sa.CheckConstraint("status in ('planned', 'cancelled')", name=op.f("ck_event_status")),
        sa.CheckConstraint("capacity is null or capacity > 0", name=op.f("ck_event_capacity_positive")),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_event_title")),
        sa.CheckConstraint("reported_came is null or reported_came >= 0", name=op.f("ck_event_reported_came")),
        sa.CheckConstraint(
            "reported_companies is null or reported_companies >= 0", name=op.f("ck_event_reported_companies")
        ),
        sa.CheckConstraint("reported_intents is null or reported_intents >= 0", name=op.f("ck_event_reported_intents")),
        sa.CheckConstraint("reported_posts is null or reported_posts >= 0", name=op.f("ck_event_reported_posts")),
        sa.CheckConstraint(
            "reported_registered is null or reported_registered >= 0", name=op.f("ck_event_reported_registered")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_event_order")),
        sa.CheckConstraint("taken >= 0 and (capacity is null or taken <= capacity)", name=op.f("ck_event_capacity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_starts_at"), "event", ["starts_at"], unique=False)
    op.create_index("ix_event_status_ends", "event", ["status", "ends_at"], unique=False)
    op.create_table(
        "event_company",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_event_company_company_id_company"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_company_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "company_id", name=op.f("pk_event_company")),
    )
    op.create_index(op.f("ix_event_company_company_id"), "event_company", ["company_id"], unique=False)
    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ticket", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint("(state = 'came') = (checked_in_at is not null)", name=op.f("ck_registration_checked_in")),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_at is not null)", name=op.f("ck_registration_cancelled")
        ),
        sa.CheckConstraint(
            "state in ('registered', 'waiting', 'cancelled', 'came')", name=op.f("ck_registration_state")
        ),
        sa.CheckConstraint("(checked_in_at is null) = (checked_by is null)", name=op.f("ck_registration_checked_by")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_registration_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_registration_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("event_id", "person_id", "key", name="uq_registration_key"),
        sa.UniqueConstraint("ticket", name=op.f("uq_registration_ticket")),
    )
    op.create_index(op.f("ix_registration_person_id"), "registration", ["person_id"], unique=False)
    op.create_index("ix_registration_queue", "registration", ["event_id", "state", "id"], unique=False)
    op.create_index(
        "uq_registration_active",
        "registration",
        ["event_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'cancelled'"),
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.create_table(
        "event_posting",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_posting_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_event_posting_posting_id_posting"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "posting_id", name=op.f("pk_event_posting")),
    )
    op.create_index(op.f("ix_event_posting_posting_id"), "event_posting", ["posting_id"], unique=False)
    op.create_table(
        "event_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('day_before', 'moved_up', 'cancelled')", name=op.f("ck_event_reminder_kind")),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_event_reminder_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_reminder")),
        sa.UniqueConstraint("registration_id", "kind", name=op.f("uq_event_reminder_registration_id")),
    )
    op.create_index("ix_event_reminder_due", "event_reminder", ["sent_at", "due_at"], unique=False)

    count_places()


def downgrade():
    op.drop_index("ix_event_reminder_due", table_name="event_reminder")
    op.drop_table("event_reminder")
    op.drop_index(op.f("ix_event_posting_posting_id"), table_name="event_posting")
    op.drop_table("event_posting")
    op.drop_index(
        "uq_registration_active",
        table_name="registration",
        sqlite_where=sa.text("state <> 'cancelled'"),
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    op.drop_index("ix_registration_queue", table_name="registration")
    op.drop_index(op.f("ix_registration_person_id"), table_name="registration")
    op.drop_table("registration")
    op.drop_index(op.f("ix_event_company_company_id"), table_name="event_company")
    op.drop_table("event_company")
    op.drop_index("ix_event_status_ends", table_name="event")
    op.drop_index(op.f("ix_event_starts_at"), table_name="event")
    op.drop_table("event")

    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION registration_counted")
