"""eligibility"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("topic", sa.Column("eligibility", sa.JSON(), nullable=True))
    op.create_table(
        "eligibility_facts",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("agreed_in", sa.String(length=24), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_eligibility_facts_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_eligibility_facts")),
    )


def downgrade():
    op.drop_table("eligibility_facts")
    op.drop_column("topic", "eligibility")
