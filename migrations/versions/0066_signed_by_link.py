"""agreements accepted by the link of a letter"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

WAY, BY_LINK = "ck_signings_signatureway", "ck_signings_accepted_by_link"


def upgrade() -> None:
    with op.batch_alter_table("signings") as signings:
        signings.drop_constraint(op.f(WAY), type_="check")
        signings.create_check_constraint(op.f(WAY), "way IN ('drawn', 'seen', 'accepted')")
        signings.add_column(sa.Column("by_link", sa.Boolean(), server_default=sa.text("false"), nullable=False))
        signings.create_check_constraint(op.f(BY_LINK), "way <> 'accepted' OR by_link")


def downgrade() -> None:
    """What was accepted by a link is said to have been seen: the paper goes on saying how it was."""
    op.execute("UPDATE signings SET way = 'seen', by_link = false WHERE way = 'accepted'")
    with op.batch_alter_table("signings") as signings:
        signings.drop_constraint(op.f(BY_LINK), type_="check")
        signings.drop_constraint(op.f(WAY), type_="check")
        signings.drop_column("by_link")
        signings.create_check_constraint(op.f(WAY), "way IN ('drawn', 'seen')")
