"""lent at the counter in spite of a suspension"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("counter_piles", sa.Column("despite_suspension", sa.String(length=300), nullable=True))


def downgrade() -> None:
    op.drop_column("counter_piles", "despite_suspension")
