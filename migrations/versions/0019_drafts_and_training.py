"""drafts of topics, and training from the console"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_FILES = "EXISTS (SELECT 1 FROM topic_version v WHERE v.topic_id = topic.id AND v.version = topic.version AND v.author = 'files')"


def upgrade():
    # a column that may be empty needs no table written anew, which would lose the triggers on it
    op.add_column("topic", sa.Column("loaded_version", sa.Integer(), nullable=True))
    op.add_column("topic_version", sa.Column("approved_by", sa.String(length=40), nullable=True))
    op.add_column("topic_version", sa.Column("note", sa.Text(), nullable=True))
    op.execute(f"UPDATE topic SET loaded_version = version WHERE {_FILES}")
    op.create_table(
        "topic_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.String(length=40), nullable=False),
        sa.Column("open", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("editors", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=40), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("became", sa.Integer(), nullable=True),
        sa.CheckConstraint("state in ('editing', 'waiting', 'approved', 'dropped')", name=op.f("ck_topic_draft_state")),
        sa.CheckConstraint("(state in ('editing', 'waiting')) = (open is not null)", name=op.f("ck_topic_draft_open")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_draft")),
        sa.UniqueConstraint("topic_id", "open", name=op.f("uq_topic_draft_topic_id")),
    )
    op.create_index(op.f("ix_topic_draft_state"), "topic_draft", ["state"], unique=False)
    op.create_table(
        "training_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=11), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=True),
        sa.Column("before", sa.String(length=60), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("compared", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'training', 'comparing', 'ready', 'failed', 'interrupted')",
            name=op.f("ck_training_run_state"),
        ),
        sa.CheckConstraint(
            "(state in ('waiting', 'training', 'comparing')) = (open is not null)", name=op.f("ck_training_run_open")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_run")),
        sa.UniqueConstraint("open", name=op.f("uq_training_run_open")),
    )
    op.create_table(
        "training_difference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("said_before", sa.Text(), nullable=True),
        sa.Column("expected", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("before_right", sa.Boolean(), nullable=False),
        sa.Column("after_right", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["training_run.id"], name=op.f("fk_training_difference_run_id_training_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_difference")),
    )
    op.create_index(op.f("ix_training_difference_run_id"), "training_difference", ["run_id"], unique=False)
    op.create_table(
        "model_activation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("before", sa.String(length=60), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["training_run.id"], name=op.f("fk_model_activation_run_id_training_run"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_activation")),
    )
    op.create_index(op.f("ix_model_activation_run_id"), "model_activation", ["run_id"], unique=False)


def downgrade():
    for table in ("model_activation", "training_difference", "training_run", "topic_draft"):
        op.drop_table(table)
    op.drop_column("topic_version", "note")
    op.drop_column("topic_version", "approved_by")
    op.drop_column("topic", "loaded_version")
