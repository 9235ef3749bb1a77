"""which connection goes with a hand-over, who pays for it and until when"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

ACCESSORIES = ("charger", "mouse", "keyboard", "screen", "bag", "guide", "internet_box")
IS_OPEN = sa.text("closed_at IS NULL")
UNIQUE: dict[str, Any] = {"unique": True, "sqlite_where": IS_OPEN, "postgresql_where": IS_OPEN}
INDEXES = {"uq_handover_lines_device": ["device_id"], "uq_handover_lines_accessory": ["allocation_id", "accessory"]}


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _accessories_are(*words: str) -> None:
    """No trigger is on this table: it may be made anew, its partial indexes by hand."""
    for name in INDEXES:
        op.drop_index(name, table_name="handover_lines")
    said = ", ".join(f"'{each}'" for each in words)
    with op.batch_alter_table("handover_lines") as batch:
        batch.drop_constraint(op.f("ck_handover_lines_accessory"), type_="check")
        batch.create_check_constraint(op.f("ck_handover_lines_accessory"), f"accessory IN ({said})")
    for name, columns in INDEXES.items():
        op.create_index(name, "handover_lines", columns, **UNIQUE)


def upgrade() -> None:
    _accessories_are(*ACCESSORIES, "sim")
    op.add_column("handover_lines", sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "home_connections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("connected_by", _word("connectedby", "box", "sim", "tariff"), nullable=False),
        sa.Column("operator", sa.String(length=50), nullable=False),
        sa.Column("payer", _word("payer", "us", "partner", "family"), nullable=False),
        sa.Column("paid_until", sa.Date(), nullable=True),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("brought", sa.Boolean(), nullable=False),
        sa.CheckConstraint("payer = 'family' OR paid_until IS NOT NULL", name=op.f("ck_home_connections_paid_until_some_day")),
        sa.CheckConstraint("length(operator) > 0", name=op.f("ck_home_connections_operator_has_a_name")),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocations.id"], name=op.f("fk_home_connections_allocation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_connections")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_home_connections_allocation_id")),
    )
    op.create_index("ix_home_connections_paid_until", "home_connections", ["paid_until", "id"])


def downgrade() -> None:
    op.drop_table("home_connections")
    op.drop_column("handover_lines", "counted")
    op.execute("DELETE FROM handover_lines WHERE accessory = 'sim'")
    _accessories_are(*ACCESSORIES)
