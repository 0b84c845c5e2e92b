"""jobs"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def full_text():
    """What searching reads: bot.jobs.words writes `search_text`, the databases keep its words by themselves.

    Neither form can be told to the mapped classes; bot.tables.is_mapped leaves both out of comparisons.
    """
    if op.get_bind().dialect.name == "postgresql":
        # Words have no positions, so nothing found has to be looked at again. PostgreSQL collects every match before
        # it sorts: the two blocks that the id lies in (of 4,096 and of 65,536) let a search stop at the newest ones.
        op.execute(
            "CREATE INDEX ix_posting_fts ON posting USING gin (array_to_tsvector(array_remove(string_to_array("
            "search_text || ' b' || (id >> 12)::text || ' a' || (id >> 16)::text, ' '), ''))) "
            "WITH (gin_pending_list_limit = 1024) WHERE status = 'open'"
        )
        # Long texts move out of the way: a search that looks at a thousand rows reads their short columns only.
        op.execute("ALTER TABLE posting SET (toast_tuple_target = 256)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE posting_fts USING fts5(search_text, content='', columnsize=0, detail=none, "
        "tokenize=\"ascii tokenchars '+#='\")"
    )
    add = "INSERT INTO posting_fts (rowid, search_text) SELECT new.id, new.search_text WHERE new.status = 'open'"
    remove = (
        "INSERT INTO posting_fts (posting_fts, rowid, search_text) "
        "SELECT 'delete', old.id, old.search_text WHERE old.status = 'open'"
    )
    changed = "old.search_text IS NOT new.search_text OR old.status IS NOT new.status"
    op.execute(f"CREATE TRIGGER posting_added AFTER INSERT ON posting BEGIN {add}; END")
    op.execute(f"CREATE TRIGGER posting_removed AFTER DELETE ON posting BEGIN {remove}; END")
    op.execute(
        "CREATE TRIGGER posting_changed AFTER UPDATE OF search_text, status ON posting "
        f"WHEN {changed} BEGIN {remove}; {add}; END"
    )


def upgrade():
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("industry", sa.String(length=1), nullable=True),
        sa.Column("trade", sa.String(length=40), nullable=True),
        sa.Column("district", sa.String(length=8), nullable=True),
        sa.Column("size", sa.String(length=20), nullable=True),
        sa.Column("alliance_member", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("industry is null or industry between 'A' and 'T'", name=op.f("ck_company_industry")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_company_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("name", name=op.f("uq_company_name")),
    )
    op.create_table(
        "job_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("folded", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("companies", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_import")),
    )
    op.create_table(
        "posting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("job_type", sa.String(length=2), nullable=False),
        sa.Column("district", sa.String(length=8), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("pay_min", sa.Integer(), nullable=True),
        sa.Column("pay_max", sa.Integer(), nullable=True),
        sa.Column("pay_months", sa.Integer(), nullable=False),
        sa.Column("pay_note", sa.String(length=80), nullable=True),
        sa.Column("education", sa.String(length=2), nullable=False),
        sa.Column("majors", sa.JSON(), nullable=False),
        sa.Column("experience_years", sa.Integer(), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("duties", sa.Text(), nullable=True),
        sa.Column("requirements", sa.Text(), nullable=True),
        sa.Column("benefits", sa.JSON(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("apply_how", sa.Text(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("scam_signs", sa.JSON(), nullable=False),
        sa.Column("first_seen", sa.Date(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("folded_into", sa.Integer(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "education in ('不限', '高中', '大专', '本科', '硕士', '博士')", name=op.f("ck_posting_education")
        ),
        sa.CheckConstraint("job_type in ('全职', '实习', '见习', '兼职')", name=op.f("ck_posting_job_type")),
        sa.CheckConstraint("status in ('open', 'withdrawn', 'folded')", name=op.f("ck_posting_status")),
        sa.CheckConstraint(
            "(pay_min is null) = (pay_max is null) and (pay_min is null or pay_min <= pay_max)",
            name=op.f("ck_posting_pay"),
        ),
        sa.CheckConstraint("headcount is null or headcount > 0", name=op.f("ck_posting_headcount")),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_posting_title")),
        sa.CheckConstraint("pay_min is null or pay_min >= 0", name=op.f("ck_posting_pay_positive")),
        sa.CheckConstraint("pay_months between 1 and 24", name=op.f("ck_posting_pay_months")),
        sa.ForeignKeyConstraint(["batch_id"], ["job_import.id"], name=op.f("fk_posting_batch_id_job_import")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_posting_company_id_company"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["folded_into"], ["posting.id"], name=op.f("fk_posting_folded_into_posting"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.UniqueConstraint("key", name=op.f("uq_posting_key")),
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posting_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_posting_company_id"), ["company_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_posting_folded_into"), ["folded_into"], unique=False)

    op.create_table(
        "job_favourite",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_job_favourite_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_job_favourite_posting_id_posting"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "posting_id", name=op.f("pk_job_favourite")),
    )
    with op.batch_alter_table("job_favourite", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_favourite_posting_id"), ["posting_id"], unique=False)

    op.create_table(
        "job_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_posting_id", sa.Integer(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["identity.id"], name=op.f("fk_job_subscription_identity_id_identity"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_job_subscription_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_subscription")),
    )
    with op.batch_alter_table("job_subscription", schema=None) as batch_op:
        batch_op.create_index("ix_job_subscription_due", ["active", "told_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_subscription_identity_id"), ["identity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_subscription_person_id"), ["person_id"], unique=False)

    op.create_table(
        "posting_before",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["job_import.id"], name=op.f("fk_posting_before_batch_id_job_import"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_posting_before_posting_id_posting"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("batch_id", "posting_id", name=op.f("pk_posting_before")),
    )
    with op.batch_alter_table("posting_before", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posting_before_posting_id"), ["posting_id"], unique=False)

    full_text()


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.drop_table("posting_fts")
    with op.batch_alter_table("posting_before", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posting_before_posting_id"))

    op.drop_table("posting_before")
    with op.batch_alter_table("job_subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_subscription_person_id"))
        batch_op.drop_index(batch_op.f("ix_job_subscription_identity_id"))
        batch_op.drop_index("ix_job_subscription_due")

    op.drop_table("job_subscription")
    with op.batch_alter_table("job_favourite", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_favourite_posting_id"))

    op.drop_table("job_favourite")
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posting_folded_into"))
        batch_op.drop_index(batch_op.f("ix_posting_company_id"))
        batch_op.drop_index(batch_op.f("ix_posting_batch_id"))

    op.drop_table("posting")
    op.drop_table("job_import")
    op.drop_table("company")
