"""whoever came to a ceremony is thanked once"""

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ceremonies", sa.Column("thanked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("ceremonies", "thanked_at")
