"""what a decision looked at, kept with it"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("allocations", sa.Column("grounds", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("allocations", "grounds")
