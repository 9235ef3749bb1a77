"""lists from their indexes"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    active = sa.text("state = 'active'")
    op.create_index(
        "ix_allocations_active", "allocations", ["decided_at", "id"], unique=False, sqlite_where=active, postgresql_where=active
    )
    op.create_index("ix_handovers_handed_at", "handovers", ["handed_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_handovers_handed_at", table_name="handovers")
    op.drop_index("ix_allocations_active", table_name="allocations")
