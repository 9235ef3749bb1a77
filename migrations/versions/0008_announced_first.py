"""announced first"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("donation_lines") as table:
        table.add_column(sa.Column("announced_first", sa.Integer(), nullable=True))
        table.create_check_constraint(
            op.f("ck_donation_lines_announced_first_not_negative"), "announced_first IS NULL OR announced_first >= 0"
        )


def downgrade() -> None:
    with op.batch_alter_table("donation_lines") as table:
        table.drop_constraint(op.f("ck_donation_lines_announced_first_not_negative"), type_="check")
        table.drop_column("announced_first")
