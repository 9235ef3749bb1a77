"""papers bear a signed code, which is checked without us"""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0099"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("papers", sa.Column("signed_code", sa.String(length=280), nullable=True))


def downgrade() -> None:
    op.drop_column("papers", "signed_code")
