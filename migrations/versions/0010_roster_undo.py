"""roster undo"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("adviser_import", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "adviser_before",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("adviser_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["adviser.id"], name=op.f("fk_adviser_before_adviser_id_adviser"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["adviser_import.id"],
            name=op.f("fk_adviser_before_import_id_adviser_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "adviser_id", name=op.f("pk_adviser_before")),
    )
    op.create_index(op.f("ix_adviser_before_adviser_id"), "adviser_before", ["adviser_id"], unique=False)


def downgrade():
    op.drop_table("adviser_before")
    op.drop_column("adviser_import", "undone_at")
