"""where drives are"""

import re
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The triggers and the first count, frozen as they were, a statement a paragraph. What they are today stands in
# `refurb.inventory.models`, and a test compares.
FROZEN = Path(__file__).parent.parent / "sql"


def _statements() -> list[str]:
    text = (FROZEN / f"0005_inside.{op.get_bind().dialect.name}.sql").read_text(encoding="utf-8")
    return [each.strip() for each in text.split("\n\n")]


def upgrade() -> None:
    op.add_column("drives", sa.Column("inside", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE drives SET inside = (1 = 1) WHERE id IN (SELECT drive_id FROM drive_stays WHERE until IS NULL)")
    for name, columns, where in (
        ("ix_drives_present", ["inside", "id"], sa.text("destroyed_at IS NULL")),
        ("ix_drives_destroyed", ["id"], sa.text("destroyed_at IS NOT NULL")),
    ):
        op.create_index(name, "drives", columns, unique=False, sqlite_where=where, postgresql_where=where)
    for statement in _statements():
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    made, postgresql = "\n".join(_statements()), op.get_bind().dialect.name == "postgresql"
    for name, table in re.findall(r"^CREATE TRIGGER (\w+) .*? ON (\w+)", made, re.MULTILINE):
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")
    for name in re.findall(r"^CREATE FUNCTION (\w+)", made, re.MULTILINE):
        op.execute(f"DROP FUNCTION {name}()")
    op.execute("DELETE FROM kept_counts WHERE name = 'drives'")
    op.execute("DELETE FROM count_changes WHERE name = 'drives'")
    for name in ("ix_drives_destroyed", "ix_drives_present"):
        op.drop_index(name, table_name="drives")
    op.drop_column("drives", "inside")
