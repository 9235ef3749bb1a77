"""kept counts"""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The triggers and the first count, frozen as they were: a statement a paragraph. What they are today is made from the declarations of
# the counts, and a test compares.
FROZEN = Path(__file__).parent.parent / "sql"


def _statements(name: str) -> list[str]:
    path = FROZEN / f"0003_{name}.{op.get_bind().dialect.name}.sql"
    return [each.strip() for each in path.read_text(encoding="utf-8").split("\n\n") if each.strip()]


def _run(statements: list[str]) -> None:
    for statement in statements:
        op.execute(sa.text(statement.replace(":", "\\:")))


def _counted(*columns: tuple[str, int]) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length), nullable=False) for name, length in columns]


def _fill_months(months: sa.Table) -> None:
    zone = ZoneInfo(current_app.config["TIMEZONE"])
    told = [{"starts_at": datetime(1900, 1, 1, tzinfo=UTC), "name": ""}]
    told += [
        {"starts_at": datetime(year, month, 1, tzinfo=zone).astimezone(UTC), "name": f"{year:04d}-{month:02d}"}
        for year in range(1970, 2101)
        for month in range(1, 13)
    ]
    op.bulk_insert(months, told)


def upgrade() -> None:
    op.create_table(
        "kept_counts",
        *_counted(("name", 32), ("a", 40), ("b", 40), ("c", 40)),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "a", "b", "c", name=op.f("pk_kept_counts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "count_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        *_counted(("name", 32), ("a", 40), ("b", 40), ("c", 40)),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_changes")),
    )
    months = op.create_table(
        "months",
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(7), nullable=False),
        sa.PrimaryKeyConstraint("starts_at", name=op.f("pk_months")),
    )
    _fill_months(months)
    op.create_index("ix_device_targets_best", "device_targets", ["category", "points", "device_id"], unique=False)
    op.drop_index("ix_devices_state_moved_at", table_name="devices")
    op.create_index("ix_devices_state_moved_at", "devices", ["state", "moved_at", "id"], unique=False)
    op.create_index("ix_devices_state_kind_moved_at", "devices", ["state", "kind", "moved_at", "id"], unique=False)
    op.create_index("ix_devices_kind_id", "devices", ["kind", "id"], unique=False)
    op.create_index("ix_donations_received_on", "donations", ["received_on", "id"], unique=False)
    op.create_index(
        "ix_flags_raised_at",
        "flags",
        ["raised_at", "id"],
        unique=False,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_index(
        "ix_referrals_waiting",
        "referrals",
        ["device_kind", "submitted_at", "id", "school_children", "situation", "usage"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    _run(_statements("first_count"))
    _run(_statements("triggers"))


def downgrade() -> None:
    made = "\n".join(_statements("triggers"))
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table in re.findall(r"^CREATE TRIGGER (\w+) .*? ON (\w+)", made, re.MULTILINE):
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")
    for name in re.findall(r"^CREATE FUNCTION (\w+)", made, re.MULTILINE):
        op.execute(f"DROP FUNCTION {name}()")
    for name, table in (
        ("ix_referrals_waiting", "referrals"),
        ("ix_flags_raised_at", "flags"),
        ("ix_donations_received_on", "donations"),
        ("ix_devices_kind_id", "devices"),
        ("ix_devices_state_kind_moved_at", "devices"),
        ("ix_devices_state_moved_at", "devices"),
        ("ix_device_targets_best", "device_targets"),
    ):
        op.drop_index(name, table_name=table)
    op.create_index("ix_devices_state_moved_at", "devices", ["state", "moved_at"], unique=False)
    for table in ("months", "count_changes", "kept_counts"):
        op.drop_table(table)
