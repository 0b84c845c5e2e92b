"""linking"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "signed_link",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(browser is null) = (opened_at is null)", name=op.f("ck_signed_link_opened")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_signed_link_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_signed_link")),
    )
    op.create_index("ix_signed_link_browser", "signed_link", ["browser", "opened_at"], unique=False)
    op.create_index("ix_signed_link_expires_at", "signed_link", ["expires_at"], unique=False)
    op.create_index("ix_signed_link_person", "signed_link", ["person_id", "path"], unique=False)
    op.create_table(
        "join_code",
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identity.id"], name=op.f("fk_join_code_identity_id_identity"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["typed_by"], ["identity.id"], name=op.f("fk_join_code_typed_by_identity"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("identity_id", name=op.f("pk_join_code")),
        sa.UniqueConstraint("code", name=op.f("uq_join_code_code")),
    )
    op.create_index("ix_join_code_expires_at", "join_code", ["expires_at"], unique=False)
    op.create_index("ix_join_code_typed_by", "join_code", ["typed_by"], unique=False)
    op.create_table(
        "join_guess",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_join_guess_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_join_guess")),
    )
    op.create_table(
        "joined",
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("was", sa.Integer(), nullable=False),
        sa.Column("was_code", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("things", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identity.id"], name=op.f("fk_joined_identity_id_identity"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("identity_id", name=op.f("pk_joined")),
    )
    op.create_index("ix_joined_code", "joined", ["code"], unique=False)
    op.create_index("ix_joined_was", "joined", ["was"], unique=False)
    op.create_index("ix_joined_was_code", "joined", ["was_code"], unique=False)


def downgrade():
    op.drop_table("joined")
    op.drop_table("join_guess")
    op.drop_table("join_code")
    op.drop_table("signed_link")
