"""events that move"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KIND = op.f("ck_event_reminder_kind")
ONE = op.f("uq_event_reminder_registration_id")
OPEN = sa.text("sent_at IS NULL AND kind <> 'changed'")


def upgrade():
    with op.batch_alter_table("event_reminder") as table:
        table.drop_constraint(ONE, type_="unique")
        table.drop_constraint(KIND, type_="check")
        table.create_check_constraint(KIND, "kind in ('day_before', 'moved_up', 'changed', 'cancelled')")
    op.create_index(
        "uq_event_reminder_open",
        "event_reminder",
        ["registration_id", "kind"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade():
    op.drop_index("uq_event_reminder_open", table_name="event_reminder", sqlite_where=OPEN, postgresql_where=OPEN)
    op.execute("DELETE FROM event_reminder WHERE kind = 'changed'")
    op.execute(
        "DELETE FROM event_reminder WHERE id NOT IN (SELECT max(id) FROM event_reminder GROUP BY registration_id, kind)"
    )
    with op.batch_alter_table("event_reminder") as table:
        table.drop_constraint(KIND, type_="check")
        table.create_check_constraint(KIND, "kind in ('day_before', 'moved_up', 'cancelled')")
        table.create_unique_constraint(ONE, ["registration_id", "kind"])
