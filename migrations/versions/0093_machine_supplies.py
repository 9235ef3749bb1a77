"""what a machine uses up comes from a stock"""

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("machines") as machines:
        machines.add_column(sa.Column("supply_id", sa.Integer(), nullable=True))
        machines.create_foreign_key(op.f("fk_machines_supply_id"), "supplies", ["supply_id"], ["id"])
    op.create_index(op.f("ix_machines_supply_id"), "machines", ["supply_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_machines_supply_id"), table_name="machines")
    with op.batch_alter_table("machines") as machines:
        machines.drop_constraint(op.f("fk_machines_supply_id"), type_="foreignkey")
        machines.drop_column("supply_id")
