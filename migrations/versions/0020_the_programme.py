"""guests, running sheets, calls and tags"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "radio_guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("company", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_radio_guest_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_radio_guest")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("template", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minutes between 1 and 300", name=op.f("ck_programme_minutes")),
        sa.CheckConstraint("template = (day is null)", name=op.f("ck_programme_template")),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["radio_guest.id"], name=op.f("fk_programme_guest_id_radio_guest"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_programme_day", "programme", ["day"], unique=False)
    op.create_index(op.f("ix_programme_guest_id"), "programme", ["guest_id"], unique=False)
    op.create_table(
        "programme_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.String(length=40), nullable=True),
        sa.Column("answer_version", sa.Integer(), nullable=True),
        sa.Column("form", sa.String(length=3), nullable=True),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("taken", sa.Text(), nullable=False),
        sa.Column("script_before", sa.Text(), nullable=True),
        sa.Column("source_line", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=40), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("aired_by", sa.String(length=40), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("form in ('s30', 's60')", name=op.f("ck_programme_item_form")),
        sa.CheckConstraint("(aired_at is null) = (aired_by is null)", name=op.f("ck_programme_item_aired")),
        sa.CheckConstraint("(removed_at is null) or (aired_at is null)", name=op.f("ck_programme_item_removed")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["asked_group.id"], name=op.f("fk_programme_item_group_id_asked_group"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_programme_item_programme_id_programme"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["radio_question.id"],
            name=op.f("fk_programme_item_question_id_radio_question"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_programme_item_topic_id_topic"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_item")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_programme_item_group_id"), "programme_item", ["group_id"], unique=False)
    op.create_index("ix_programme_item_place", "programme_item", ["programme_id", "place"], unique=False)
    op.create_index(op.f("ix_programme_item_question_id"), "programme_item", ["question_id"], unique=False)
    op.create_index(op.f("ix_programme_item_topic_id"), "programme_item", ["topic_id"], unique=False)
    op.create_table(
        "radio_call",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("caller", sa.String(length=12), nullable=True),
        sa.Column("typed_by", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_radio_call_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["radio_question.id"],
            name=op.f("fk_radio_call_question_id_radio_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_radio_call")),
    )
    op.create_index(op.f("ix_radio_call_person_id"), "radio_call", ["person_id"], unique=False)
    op.create_table(
        "radio_tag",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["radio_question.id"],
            name=op.f("fk_radio_tag_question_id_radio_question"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "tag", name=op.f("pk_radio_tag")),
    )


def downgrade():
    op.drop_table("radio_tag")
    op.drop_index(op.f("ix_radio_call_person_id"), table_name="radio_call")
    op.drop_table("radio_call")
    op.drop_index(op.f("ix_programme_item_topic_id"), table_name="programme_item")
    op.drop_index(op.f("ix_programme_item_question_id"), table_name="programme_item")
    op.drop_index("ix_programme_item_place", table_name="programme_item")
    op.drop_index(op.f("ix_programme_item_group_id"), table_name="programme_item")
    op.drop_table("programme_item")
    op.drop_index(op.f("ix_programme_guest_id"), table_name="programme")
    op.drop_index("ix_programme_day", table_name="programme")
    op.drop_table("programme")
    op.drop_table("radio_guest")
