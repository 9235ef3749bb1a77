"""some hours of a day are closed, and not the whole of it"""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None

HOURS = "(from_minute IS NULL AND until_minute IS NULL) OR (from_minute >= 0 AND from_minute < until_minute AND until_minute <= 1440)"


def upgrade() -> None:
    with op.batch_alter_table("closed_days") as closed:
        closed.add_column(sa.Column("from_minute", sa.Integer(), nullable=True))
        closed.add_column(sa.Column("until_minute", sa.Integer(), nullable=True))
        closed.create_check_constraint(op.f("ck_closed_days_hours_of_a_day"), HOURS)


def downgrade() -> None:
    op.execute("DELETE FROM closed_days WHERE from_minute IS NOT NULL")  # None of them closes more than it did.
    with op.batch_alter_table("closed_days") as closed:
        closed.drop_constraint(op.f("ck_closed_days_hours_of_a_day"), type_="check")
        closed.drop_column("until_minute")
        closed.drop_column("from_minute")
