"""which version of its text a paper follows"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("papers", sa.Column("wording", sa.String(12), nullable=True))
    op.add_column("signings", sa.Column("wording", sa.String(12), nullable=True))


def downgrade() -> None:
    op.drop_column("signings", "wording")
    op.drop_column("papers", "wording")
