"""which spool a session took from"""

import sqlalchemy as sa
from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # On SQLite a plain column keeps the triggers of the table, which a copy would lose.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE machine_slots ADD COLUMN supply_id INTEGER CONSTRAINT fk_machine_slots_supply_id REFERENCES supplies (id)")
    else:
        op.add_column("machine_slots", sa.Column("supply_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_machine_slots_supply_id"), "machine_slots", "supplies", ["supply_id"], ["id"])
    op.create_index(op.f("ix_machine_slots_supply_id"), "machine_slots", ["supply_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_machine_slots_supply_id"), table_name="machine_slots")
    # Plainly as well: the table that is made anew loses its triggers.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE machine_slots DROP COLUMN supply_id")
    else:
        op.drop_column("machine_slots", "supply_id")
