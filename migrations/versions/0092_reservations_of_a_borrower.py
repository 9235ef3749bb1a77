"""reservations of a borrower

What somebody has reserved on some days is asked at every reservation. By the borrower alone, or by the state alone, a database without statistics
reads every reservation to come instead.
"""

from alembic import op

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_reservations_of_borrower", "reservations", ["borrower_id", "state", "from_on"])
    op.drop_index("ix_reservations_borrower_id", table_name="reservations")


def downgrade() -> None:
    op.create_index("ix_reservations_borrower_id", "reservations", ["borrower_id"])
    op.drop_index("ix_reservations_of_borrower", table_name="reservations")
