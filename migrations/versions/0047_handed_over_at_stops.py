"""handed over at stops"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

TABLES = ("loans", "reservations")


def upgrade() -> None:
    for table in TABLES:
        if op.get_bind().dialect.name == "sqlite":
            # Said in SQL: the table is not made anew, and keeps its triggers.
            op.execute(f"ALTER TABLE {table} ADD COLUMN handover_id INTEGER CONSTRAINT fk_{table}_handover_id REFERENCES sites (id)")
        else:
            op.add_column(table, sa.Column("handover_id", sa.Integer(), nullable=True))
            op.create_foreign_key(op.f(f"fk_{table}_handover_id"), table, "sites", ["handover_id"], ["id"])
        op.create_index(op.f(f"ix_{table}_handover_id"), table, ["handover_id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(op.f(f"ix_{table}_handover_id"), table_name=table)
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"ALTER TABLE {table} DROP COLUMN handover_id")
        else:
            op.drop_column(table, "handover_id")
