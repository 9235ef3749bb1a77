"""the waiting list by priority neighbourhood too, which its order may ask"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from refurb.kernel.deeds.walls import install, statements_in

revision = "0114"
down_revision = "0113"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
WAITS = sa.text("state = 'waiting'")
BEFORE = ["device_kind", "submitted_at", "id", "school_children", "situation", "usage"]


def _indexed_by(columns: list[str]) -> None:
    op.drop_index("ix_referrals_waiting", table_name="referrals")
    op.create_index("ix_referrals_waiting", "referrals", columns, sqlite_where=WAITS, postgresql_where=WAITS)


def upgrade() -> None:
    _indexed_by([*BEFORE, "priority_area"])
    install(op.get_bind(), (statements_in(SQL, "waiting_by_neighbourhood"),))


def downgrade() -> None:
    install(op.get_bind(), (statements_in(SQL, "waiting_before_neighbourhood"),))
    _indexed_by(BEFORE)
