"""signs of a scam on turns"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("turn") as turn:
        turn.add_column(sa.Column("scam_signs", sa.JSON(none_as_null=True), nullable=True))


def downgrade():
    with op.batch_alter_table("turn") as turn:
        turn.drop_column("scam_signs")
