"""trainings that somebody stopped"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("training_run", sa.Column("stopped_by", sa.String(40)))


def downgrade():
    op.drop_column("training_run", "stopped_by")
