"""which consents were signed by a link of one's own"""

import sqlalchemy as sa
from alembic import op

revision = "0118"
down_revision = "0117"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ceremony_consent_voices", sa.Column("by_link", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("ceremony_consent_voices", "by_link")
