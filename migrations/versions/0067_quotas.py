"""places within quotas"""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

HELD = sa.text("state <> 'cancelled'")
CHECKS = {
    "quota_has_a_place": "(quota IS NULL) = (quota_place IS NULL) AND (quota IS NULL) = (quota_most IS NULL)",
    "within_its_quota": "quota IS NULL OR over_quota OR (quota_place > 0 AND quota_place <= quota_most)",
    "over_quota_has_reason": "NOT over_quota OR length(reason) > 0",
}


def upgrade() -> None:
    checked = {op.f(f"ck_allocations_{name}"): f"CHECK ({check})" for name, check in CHECKS.items()}
    # Added one by one: made anew, the table would lose the triggers that keep it counted.
    op.add_column("allocations", sa.Column("public", sa.String(length=24), nullable=True))
    op.add_column("allocations", sa.Column("quota", sa.String(length=72), nullable=True))
    op.add_column("allocations", sa.Column("quota_place", sa.Integer(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        has_a_place, within, has_reason = (f"CONSTRAINT {name} {check}" for name, check in checked.items())
        op.execute(f"ALTER TABLE allocations ADD COLUMN over_quota BOOLEAN DEFAULT 0 NOT NULL\n{has_reason}")
        op.execute(f"ALTER TABLE allocations ADD COLUMN quota_most INTEGER\n{has_a_place}\n{within}")
    else:
        op.add_column("allocations", sa.Column("over_quota", sa.Boolean(), server_default=sa.false(), nullable=False))
        op.add_column("allocations", sa.Column("quota_most", sa.Integer(), nullable=True))
        for name, check in checked.items():
            op.execute(f"ALTER TABLE allocations ADD CONSTRAINT {name} {check}")
    op.create_index("uq_allocations_quota", "allocations", ["quota", "quota_place"], unique=True, sqlite_where=HELD, postgresql_where=HELD)
    op.create_index("ix_allocations_decided", "allocations", ["decided_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_allocations_decided", table_name="allocations")
    op.drop_index("uq_allocations_quota", table_name="allocations")
    for name in ("quota_most", "over_quota", "quota_place", "quota", "public"):
        op.execute(f"ALTER TABLE allocations DROP COLUMN {name}")
