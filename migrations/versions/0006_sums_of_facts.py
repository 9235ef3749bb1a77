"""sums of facts"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("papers", sa.Column("facts_sum", sa.String(length=80), nullable=True))


def downgrade() -> None:
    op.drop_column("papers", "facts_sum")
