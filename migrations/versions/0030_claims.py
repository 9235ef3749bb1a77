"""claims"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from refurb.kernel.deeds.walls import install, statements_in

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# Frozen as they were. What they are today stands in `refurb.lending.claims.models`; a test compares.
SQL = Path(__file__).parent.parent / "sql"
PLANNED = sa.text("began_at IS NULL AND ended_at IS NULL")
OPEN = sa.text("began_at IS NOT NULL AND ended_at IS NULL")
LIVE = sa.text("ended_at IS NULL")

POOLS = "INSERT INTO pools (product_id, site_id, version) SELECT DISTINCT product_id, site_id, 0 FROM items"
# Of each loan that is out. What is late is taken until it is back; what was due on the day it left is taken for that day.
LOANS = """
INSERT INTO claims (item_id, product_id, site_id, starts_on, until_on, due_on, kind, began_at, pinned, loan_line_id)
SELECT items.id, items.product_id, items.site_id, {left},
    CASE WHEN loan_lines.due_on < CURRENT_DATE THEN {never} WHEN loan_lines.due_on > {left} THEN {after_due} ELSE {never} END,
    loan_lines.due_on, 'loan', loan_lines.out_at, TRUE, loan_lines.id
FROM loan_lines JOIN items ON items.id = loan_lines.item_id WHERE loan_lines.back_at IS NULL
"""
# Of each thing that is with us and not to be lent as it stands.
CARE = """
INSERT INTO claims (item_id, product_id, site_id, starts_on, until_on, due_on, kind, began_at, pinned)
SELECT id, product_id, site_id, CURRENT_DATE, CASE state WHEN 'to_check' THEN {in_three_days} ELSE {never} END,
    CASE state WHEN 'to_check' THEN {in_three_days} END, CASE state WHEN 'to_check' THEN 'check' ELSE 'repair' END, CURRENT_TIMESTAMP, TRUE
FROM items WHERE state IN ('to_check', 'incomplete', 'in_repair')
    AND NOT EXISTS (SELECT 1 FROM loan_lines WHERE loan_lines.item_id = items.id AND loan_lines.back_at IS NULL)
"""
OVERLAPPING = """
SELECT one.item_id FROM claims AS one JOIN claims AS other ON other.item_id = one.item_id AND other.id > one.id
    AND other.ended_at IS NULL AND other.starts_on < one.until_on AND other.until_on > one.starts_on
WHERE one.ended_at IS NULL LIMIT 1
"""
DIALECT = {
    "sqlite": {
        "left": "date(loan_lines.out_at)",
        "after_due": "date(loan_lines.due_on, '+1 day')",
        "in_three_days": "date('now', '+3 days')",
        "never": "'9999-12-31'",
    },
    "postgresql": {
        "left": "CAST(loan_lines.out_at AS date)",
        "after_due": "loan_lines.due_on + 1",
        "in_three_days": "CURRENT_DATE + 3",
        "never": "DATE '9999-12-31'",
    },
}


def _kind() -> sa.Enum:
    kinds = ("reservation", "loan", "repair", "check", "shipment", "maintenance")
    return sa.Enum(*kinds, name="claimkind", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "pools",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_pools_product_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_pools_site_id")),
        sa.PrimaryKeyConstraint("product_id", "site_id", name=op.f("pk_pools")),
    )
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("loan_line_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("until_on > starts_on OR ended_at IS NOT NULL", name=op.f("ck_claims_ends_after_it_starts")),
        sa.CheckConstraint("began_at IS NULL OR (item_id IS NOT NULL AND pinned)", name=op.f("ck_claims_begun_holds_a_thing")),
        sa.CheckConstraint("(kind = 'loan') = (loan_line_id IS NOT NULL)", name=op.f("ck_claims_loan_has_its_line")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_claims_item_id")),
        sa.ForeignKeyConstraint(["product_id", "site_id"], ["pools.product_id", "pools.site_id"], name="fk_claims_pool"),
        sa.ForeignKeyConstraint(["loan_line_id"], ["loan_lines.id"], name=op.f("fk_claims_loan_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    op.execute(POOLS)
    told = DIALECT[op.get_bind().dialect.name]
    op.execute(LOANS.format(**told))
    op.execute(CARE.format(**told))
    op.create_index(op.f("ix_claims_loan_line_id"), "claims", ["loan_line_id"], unique=False)
    op.create_index("ix_claims_live", "claims", ["item_id", "until_on"], sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_index("uq_claims_open", "claims", ["item_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(
        "ix_claims_open", "claims", ["site_id", "product_id", "until_on", "starts_on"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index(
        "ix_claims_planned", "claims", ["product_id", "site_id", "until_on", "starts_on"], sqlite_where=PLANNED, postgresql_where=PLANNED
    )
    op.create_index(
        "ix_claims_planned_at", "claims", ["site_id", "until_on", "starts_on", "product_id"], sqlite_where=PLANNED, postgresql_where=PLANNED
    )
    taken_twice = op.get_bind().execute(sa.text(OVERLAPPING)).scalar()
    if taken_twice is not None:
        raise SystemExit(f"the thing {taken_twice} would be taken twice on the same days")
    install(op.get_bind(), (statements_in(SQL, f"{revision}_claims"),))


def downgrade() -> None:
    op.drop_table("claims")
    op.drop_table("pools")
