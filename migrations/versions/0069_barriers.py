"""what stopped requests, kept counted; the files of a partner by their state"""

import re
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

# The triggers and the first count, frozen as they were, a statement a paragraph. What they are today stands in
# `refurb.referrals.cases.counts`, and a test compares.
FROZEN = Path(__file__).parent.parent / "sql"
HERE = Path(__file__).stem


def _statements() -> list[str]:
    text = (FROZEN / f"{HERE}.{op.get_bind().dialect.name}.sql").read_text(encoding="utf-8")
    return [each.strip() for each in text.split("\n\n")]


def upgrade() -> None:
    op.create_index("ix_referrals_partner_state", "referrals", ["partner_id", "state", "submitted_at", "id"], unique=False)
    for statement in _statements():
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    made, postgresql = "\n".join(_statements()), op.get_bind().dialect.name == "postgresql"
    for name, table in re.findall(r"^CREATE TRIGGER (\w+) .*? ON (\w+)", made, re.MULTILINE):
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")
    for name in re.findall(r"^CREATE FUNCTION (\w+)", made, re.MULTILINE):
        op.execute(f"DROP FUNCTION {name}()")
    op.execute("DELETE FROM kept_counts WHERE name = 'barriers'")
    op.execute("DELETE FROM count_changes WHERE name = 'barriers'")
    op.drop_index("ix_referrals_partner_state", table_name="referrals")
