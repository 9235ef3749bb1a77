"""accessibility declarations"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

CHECKS = {
    "numbers_begin_at_one": "number > 0",
    "audit_is_somebodys": "(audited_on IS NULL) = (audited_by IS NULL)",
    "audit_counts_what_is_met": "(audited_on IS NULL) = (criteria_met IS NULL)",
    "audit_counts_what_applies": "(criteria_met IS NULL) = (criteria_applicable IS NULL)",
    "no_more_met_than_apply": "criteria_met IS NULL OR criteria_met BETWEEN 0 AND criteria_applicable",
    "criteria_of_the_rgaa": "criteria_applicable IS NULL OR criteria_applicable BETWEEN 1 AND 106",
}


def upgrade() -> None:
    op.create_table(
        "accessibility_declarations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("audited_on", sa.Date(), nullable=True),
        sa.Column("audited_by", sa.String(length=200), nullable=True),
        sa.Column("criteria_met", sa.Integer(), nullable=True),
        sa.Column("criteria_applicable", sa.Integer(), nullable=True),
        sa.Column("shortcomings", sa.String(length=4000), nullable=True),
        sa.Column("exemptions", sa.String(length=4000), nullable=True),
        sa.Column("out_of_scope", sa.String(length=4000), nullable=True),
        sa.Column("environment", sa.String(length=2000), nullable=True),
        sa.Column("plan_url", sa.String(length=400), nullable=True),
        sa.Column("contact_email", sa.String(length=200), nullable=True),
        sa.Column("contact_phone", sa.String(length=20), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_accessibility_declarations_{name}")) for name, rule in CHECKS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility_declarations")),
        sa.UniqueConstraint("number", name=op.f("uq_accessibility_declarations_number")),
    )


def downgrade() -> None:
    op.drop_table("accessibility_declarations")
