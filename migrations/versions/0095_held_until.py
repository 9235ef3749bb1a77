"""until when an allocated device waits for its family, and whether the end was told"""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None

IS_ACTIVE = sa.text("state = 'active'")


def upgrade() -> None:
    # What was allocated before is given a whole term by the worker.
    op.add_column("allocations", sa.Column("held_until", sa.Date(), nullable=True))
    op.add_column("allocations", sa.Column("hold_told_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_allocations_held", "allocations", ["held_until", "id"], sqlite_where=IS_ACTIVE, postgresql_where=IS_ACTIVE)


def downgrade() -> None:
    op.drop_index("ix_allocations_held", table_name="allocations")
    op.drop_column("allocations", "hold_told_at")
    op.drop_column("allocations", "held_until")
