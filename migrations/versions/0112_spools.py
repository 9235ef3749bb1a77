"""which spool a session took from"""

import sqlalchemy as sa
from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None


# What a session weighed was taken from its machine's spool: the stock says so of each (`from_stock`), if only that it had none left.
TAKEN = (
    "UPDATE machine_slots SET supply_id = (SELECT machines.supply_id FROM machines WHERE machines.id = machine_slots.machine_id)"
    " WHERE state = 'done' AND grams > 0 AND EXISTS (SELECT 1 FROM events WHERE events.subject_kind = 'machine_slot'"
    " AND events.subject_id = machine_slots.id AND events.move = 'finish' AND CAST(events.facts AS TEXT) LIKE '%\"from_stock\"%')"
)


def upgrade() -> None:
    # On SQLite a plain column keeps the triggers of the table, which a copy would lose.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE machine_slots ADD COLUMN supply_id INTEGER CONSTRAINT fk_machine_slots_supply_id REFERENCES supplies (id)")
    else:
        op.add_column("machine_slots", sa.Column("supply_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_machine_slots_supply_id"), "machine_slots", "supplies", ["supply_id"], ["id"])
    op.create_index(op.f("ix_machine_slots_supply_id"), "machine_slots", ["supply_id"])
    op.execute(TAKEN)


def downgrade() -> None:
    op.drop_index(op.f("ix_machine_slots_supply_id"), table_name="machine_slots")
    # Plainly as well: the table that is made anew loses its triggers.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE machine_slots DROP COLUMN supply_id")
    else:
        op.drop_column("machine_slots", "supply_id")
