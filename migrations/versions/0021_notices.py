"""notices that people agree to"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("delivery", sa.Column("notice", sa.String(length=12), nullable=True))
    op.create_table(
        "notice_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_for", sa.Integer(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("receipt", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_notice_consent_identity_id_identity")),
        sa.ForeignKeyConstraint(["used_for"], ["message.id"], name=op.f("fk_notice_consent_used_for_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_consent")),
        sa.UniqueConstraint("identity_id", "event", "template", name=op.f("uq_notice_consent_identity_id")),
        sa.UniqueConstraint("used_for", name=op.f("uq_notice_consent_used_for")),
    )
    op.create_index("ix_notice_consent_unused", "notice_consent", ["identity_id", "kind", "used_at"], unique=False)


def downgrade():
    op.drop_table("notice_consent")
    with op.batch_alter_table("delivery") as table:
        table.drop_column("notice")
