"""what is waited for at a stop of the vehicle"""

import sqlalchemy as sa
from alembic import op

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Said in SQL: the table is not made anew, and keeps its triggers.
        op.execute("ALTER TABLE waits ADD COLUMN handover_id INTEGER CONSTRAINT fk_waits_handover_id REFERENCES sites (id)")
    else:
        op.add_column("waits", sa.Column("handover_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_waits_handover_id"), "waits", "sites", ["handover_id"], ["id"])
    op.create_index(op.f("ix_waits_handover_id"), "waits", ["handover_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_waits_handover_id"), table_name="waits")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE waits DROP COLUMN handover_id")
    else:
        op.drop_column("waits", "handover_id")
