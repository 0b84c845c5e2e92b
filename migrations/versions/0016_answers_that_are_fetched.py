"""answers that are fetched"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("address", sa.Column("fetched_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "handed_out",
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_handed_out_identity_id_identity")),
        sa.PrimaryKeyConstraint("identity_id", "key", name=op.f("pk_handed_out")),
    )
    op.create_index("ix_handed_out_latest", "handed_out", ["identity_id", "given_at"], unique=False)
    op.create_table(
        "seen",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seen")),
    )
    op.create_index(op.f("ix_seen_until"), "seen", ["until"], unique=False)


def downgrade():
    op.drop_table("seen")
    op.drop_table("handed_out")
    with op.batch_alter_table("address") as table:
        table.drop_column("fetched_until")
