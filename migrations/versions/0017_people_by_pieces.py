"""people by pieces"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from refurb.kernel.deeds.walls import install, statements_in

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Frozen as they were. What they are today stands in `refurb.kernel.deeds.pieces`; a test compares.
SQL = Path(__file__).parent.parent / "sql"
MADE = statements_in(SQL, "0017_people")
TORN_DOWN = statements_in(SQL, "0017_torn_down")


def _can_index() -> bool:
    """A SQLite that was built without FTS5 searches without."""
    bind = op.get_bind()
    return (
        bind.dialect.name != "sqlite" or bind.execute(sa.text("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'")).first() is not None
    )


def upgrade() -> None:
    op.create_index(op.f("ix_referrals_beneficiary_id"), "referrals", ["beneficiary_id"], unique=False)
    if _can_index():
        install(op.get_bind(), [MADE])


def downgrade() -> None:
    install(op.get_bind(), [TORN_DOWN])
    op.drop_index(op.f("ix_referrals_beneficiary_id"), table_name="referrals")
