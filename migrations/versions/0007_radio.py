"""questions for the programme"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "radio_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("for_air", sa.Text(), nullable=True),
        sa.Column("consent", sa.String(length=5), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("selected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aired_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("guest", sa.String(length=40), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'aired') = (aired_on is not null)", name=op.f("ck_radio_question_aired")),
        sa.CheckConstraint("(state = 'aired') = (owner_id is null)", name=op.f("ck_radio_question_owner")),
        sa.CheckConstraint(
            "(state in ('withdrawn', 'declined')) = (closed_at is not null)", name=op.f("ck_radio_question_closed")
        ),
        sa.CheckConstraint(
            "consent = 'air' or state not in ('selected', 'aired')", name=op.f("ck_radio_question_for_air")
        ),
        sa.CheckConstraint("consent in ('air', 'reply')", name=op.f("ck_radio_question_consent")),
        sa.CheckConstraint("state <> 'declined' or reason is not null", name=op.f("ck_radio_question_declined")),
        sa.CheckConstraint(
            "state in ('received', 'selected', 'aired', 'withdrawn', 'declined')", name=op.f("ck_radio_question_state")
        ),
        sa.CheckConstraint(
            "state not in ('selected', 'aired') or selected_at is not null", name=op.f("ck_radio_question_selected")
        ),
        sa.CheckConstraint("(answer is null) = (answered_at is null)", name=op.f("ck_radio_question_answered")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_radio_question_text")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_radio_question_owner_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_radio_question")),
        sa.UniqueConstraint("code", name=op.f("uq_radio_question_code")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_radio_question_owner_id"), "radio_question", ["owner_id"], unique=False)
    op.create_index("ix_radio_question_state", "radio_question", ["state", "received_at"], unique=False)
    op.create_table(
        "radio_asker",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("nickname", sa.String(length=12), nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("tells", sa.Boolean(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(nickname) between 1 and 12", name=op.f("ck_radio_asker_nickname")),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identity.id"], name=op.f("fk_radio_asker_identity_id_identity"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_radio_asker_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["radio_question.id"],
            name=op.f("fk_radio_asker_question_id_radio_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_radio_asker")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_radio_asker_person_id")),
    )
    op.create_index(op.f("ix_radio_asker_identity_id"), "radio_asker", ["identity_id"], unique=False)


def downgrade():
    op.drop_index(op.f("ix_radio_asker_identity_id"), table_name="radio_asker")
    op.drop_table("radio_asker")
    op.drop_index("ix_radio_question_state", table_name="radio_question")
    op.drop_index(op.f("ix_radio_question_owner_id"), table_name="radio_question")
    op.drop_table("radio_question")
