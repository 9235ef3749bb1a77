"""papers may be signed with the organisation's certificate"""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("papers", sa.Column("sealed_by", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column("papers", "sealed_by")
