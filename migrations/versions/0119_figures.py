"""figures by month: what became of machines, what was given and lent, families and barriers by month instead of by year"""

import re
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0119"
down_revision = "0118"
branch_labels = None
depends_on = None

# The triggers and the first count, frozen as they were, a statement a paragraph; `0119_before` is what stood until then.
FROZEN = Path(__file__).parent.parent / "sql"
NAMES = ("devices_by_year", "families", "barriers", "given_families", "given_places", "fates", "lent")


def _statements(name: str) -> list[str]:
    text = (FROZEN / f"{name}.{op.get_bind().dialect.name}.sql").read_text(encoding="utf-8")
    return [each.strip() for each in text.split("\n\n")]


def _instead(old: Sequence[str], new: Sequence[str]) -> None:
    made, postgresql = "\n".join(old), op.get_bind().dialect.name == "postgresql"
    for name, table in re.findall(r"^CREATE TRIGGER (\w+) .*? ON (\w+)", made, re.MULTILINE):
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")
    for name in re.findall(r"^CREATE FUNCTION (\w+)", made, re.MULTILINE):
        op.execute(f"DROP FUNCTION {name}()")
    for table in ("kept_counts", "count_changes"):
        rows = sa.table(table, sa.column("name"))
        op.execute(rows.delete().where(rows.c.name.in_(NAMES)))
    for statement in new:
        op.execute(sa.text(statement.replace(":", "\\:")))


def upgrade() -> None:
    _instead(_statements("0119_before"), _statements("0119_figures"))


def downgrade() -> None:
    _instead(_statements("0119_figures"), _statements("0119_before"))
