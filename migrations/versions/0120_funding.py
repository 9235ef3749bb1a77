"""what a year costs, and who pays"""

import sqlalchemy as sa
from alembic import op

revision = "0120"
down_revision = "0119"
branch_labels = None
depends_on = None

STANDS = sa.text("withdrawn_at IS NULL")


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "costs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", _word("costkind", "staff", "equipment", "travel", "premises", "services", "other"), nullable=False),
        sa.Column("activity", _word("activity", "visits", "computers", "loans", "all"), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_costs_of_a_year")),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_costs_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_costs")),
    )
    op.create_index("ix_costs_year", "costs", ["year"], sqlite_where=STANDS, postgresql_where=STANDS)
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("funder_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("rate", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_grants_of_a_year")),
        sa.CheckConstraint("rate BETWEEN 0 AND 100", name=op.f("ck_grants_no_more_than_the_whole")),
        sa.CheckConstraint("amount_cents >= 0", name=op.f("ck_grants_not_negative")),
        sa.ForeignKeyConstraint(["funder_id"], ["organisations.id"], name=op.f("fk_grants_funder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index(op.f("ix_grants_funder_id"), "grants", ["funder_id"])
    op.create_index("ix_grants_year", "grants", ["year", "funder_id"], sqlite_where=STANDS, postgresql_where=STANDS)


def downgrade() -> None:
    op.drop_table("grants")
    op.drop_table("costs")
