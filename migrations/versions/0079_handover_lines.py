"""what a hand-over gives, line by line, and who fetched it"""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("closed_at IS NULL")
ACCESSORIES = ("charger", "mouse", "keyboard", "screen", "bag", "guide", "internet_box")
BATCH = 5000

_allocations = sa.table(
    "allocations", sa.column("id", sa.Integer), sa.column("device_id", sa.Integer), sa.column("state", sa.String),
    sa.column("decided_at", sa.DateTime(timezone=True)),
)  # fmt: skip
_handovers = sa.table(
    "handovers", sa.column("id", sa.Integer), sa.column("allocation_id", sa.Integer), sa.column("handed_at", sa.DateTime(timezone=True)),
    sa.column("paper_id", sa.Integer), sa.column("accessories", sa.JSON),
)  # fmt: skip


def upgrade() -> None:
    word = sa.Enum(*ACCESSORIES, name="accessory", native_enum=False, create_constraint=True, length=32)
    lines = op.create_table(
        "handover_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=True),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("accessory", word, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(device_id IS NULL) <> (accessory IS NULL)", name=op.f("ck_handover_lines_machine_or_accessory")),
        sa.CheckConstraint("number > 0 AND (device_id IS NULL OR number = 1)", name=op.f("ck_handover_lines_a_machine_is_one")),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocations.id"], name=op.f("fk_handover_lines_allocation_id")),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"], name=op.f("fk_handover_lines_handover_id")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_handover_lines_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_lines")),
    )
    _fill(lines)
    op.create_index(op.f("ix_handover_lines_allocation_id"), "handover_lines", ["allocation_id"])
    op.create_index(op.f("ix_handover_lines_handover_id"), "handover_lines", ["handover_id"])
    op.create_index("ix_handover_lines_device", "handover_lines", ["device_id", "id"])
    unique: dict[str, Any] = {"unique": True, "sqlite_where": IS_OPEN, "postgresql_where": IS_OPEN}
    op.create_index("uq_handover_lines_device", "handover_lines", ["device_id"], **unique)
    op.create_index("uq_handover_lines_accessory", "handover_lines", ["allocation_id", "accessory"], **unique)
    # Said in SQL: made anew, the table would lose the triggers that keep it counted.
    op.execute("ALTER TABLE handovers ADD COLUMN fetched_by VARCHAR(120)")
    op.execute("ALTER TABLE handovers DROP COLUMN accessories")


def _fill(lines: sa.Table) -> None:
    """Each allocation that stands, and each hand-over that was, by its device; and each accessory that went with it."""
    query = (
        sa.select(
            _allocations.c.id, _allocations.c.device_id, _allocations.c.state, _allocations.c.decided_at, _handovers.c.id.label("handover"),
            _handovers.c.handed_at, _handovers.c.paper_id, _handovers.c.accessories,
        )
        .outerjoin(_handovers, _handovers.c.allocation_id == _allocations.c.id)
        .where(sa.or_(_allocations.c.state == "active", _handovers.c.id.is_not(None)))
        .order_by(_allocations.c.id)
    )  # fmt: skip
    made: list[dict[str, Any]] = []
    for row in op.get_bind().execute(query):
        made += _lines_of(row)
        if len(made) >= BATCH:
            op.bulk_insert(lines, made)
            made = []
    op.bulk_insert(lines, made)


def _lines_of(row: Any) -> list[dict[str, Any]]:
    waits = row.handover is None or (row.state == "fulfilled" and row.paper_id is None)
    closed: datetime | None = None if waits else row.handed_at
    line = {"allocation_id": row.id, "handover_id": row.handover, "number": 1, "put_at": row.decided_at, "packed_at": row.handed_at}
    things: list[dict[str, Any]] = [{"device_id": row.device_id, "accessory": None}]
    things += [{"device_id": None, "accessory": each} for each in dict.fromkeys(row.accessories or ())]
    return [line | thing | {"closed_at": closed} for thing in things]


# What an allocation is not for, stands for nothing in the older tables: a machine that is still here is ready for somebody else.
FREED = """
    UPDATE devices SET state = 'ready' WHERE state = 'reserved' AND id IN (
    SELECT handover_lines.device_id FROM handover_lines JOIN allocations ON allocations.id = handover_lines.allocation_id
    WHERE handover_lines.closed_at IS NULL AND handover_lines.handover_id IS NULL AND handover_lines.device_id IS NOT NULL
    AND handover_lines.device_id <> allocations.device_id)
"""


def downgrade() -> None:
    bind = op.get_bind()
    bind.execute(sa.text(FREED))
    op.execute("ALTER TABLE handovers ADD COLUMN accessories JSON DEFAULT '[]' NOT NULL")
    found = bind.execute(
        sa.text("SELECT handover_id, accessory FROM handover_lines WHERE handover_id IS NOT NULL AND accessory IS NOT NULL ORDER BY id")
    )
    went: dict[int, list[str]] = {}
    for row in found:
        went.setdefault(row.handover_id, []).append(row.accessory)
    for number, words in went.items():
        bind.execute(
            sa.text("UPDATE handovers SET accessories = :words WHERE id = :number"), {"words": json.dumps(words), "number": number}
        )
    op.execute("ALTER TABLE handovers DROP COLUMN fetched_by")
    op.drop_table("handover_lines")
