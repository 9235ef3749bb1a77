"""new adapted equipment that is bought for a hand-over, and who pays for it"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0113"
down_revision = "0112"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("closed_at IS NULL")
ONE_THING = (
    "(CASE WHEN device_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN accessory IS NULL THEN 0 ELSE 1 END) "
    "+ (CASE WHEN purchase_id IS NULL THEN 0 ELSE 1 END) = 1"
)


UNIQUE: dict[str, Any] = {"unique": True, "sqlite_where": IS_OPEN, "postgresql_where": IS_OPEN}
PARTIAL = {"uq_handover_lines_device": ["device_id"], "uq_handover_lines_accessory": ["allocation_id", "accessory"]}


def _drop_partial() -> None:
    """The table is made anew on SQLite: no trigger is on it, and its partial indexes are made again by hand."""
    for name in PARTIAL:
        op.drop_index(name, table_name="handover_lines")


def _make_partial() -> None:
    for name, columns in PARTIAL.items():
        op.create_index(name, "handover_lines", columns, **UNIQUE)


def upgrade() -> None:
    op.create_table(
        "purchases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("share_cents", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(what) > 0", name=op.f("ck_purchases_has_a_name")),
        sa.CheckConstraint("cents > 0", name=op.f("ck_purchases_has_a_price")),
        sa.CheckConstraint("share_cents >= 0 AND share_cents <= cents", name=op.f("ck_purchases_share_within_the_price")),
        sa.CheckConstraint("received_on IS NULL OR ordered_on IS NOT NULL", name=op.f("ck_purchases_ordered_before_it_came")),
        sa.CheckConstraint("received_on IS NULL OR received_on >= ordered_on", name=op.f("ck_purchases_came_after_the_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchases")),
    )
    op.create_index("ix_purchases_received", "purchases", ["received_on", "id"])
    op.create_table(
        "purchase_funders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.CheckConstraint("cents > 0", name=op.f("ck_purchase_funders_pays_something")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_purchase_funders_organisation_id")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchases.id"], name=op.f("fk_purchase_funders_purchase_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_funders")),
    )
    op.create_index(op.f("ix_purchase_funders_purchase_id"), "purchase_funders", ["purchase_id"])
    op.create_index(op.f("ix_purchase_funders_organisation_id"), "purchase_funders", ["organisation_id"])
    _drop_partial()
    with op.batch_alter_table("handover_lines") as batch:
        batch.add_column(sa.Column("purchase_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_handover_lines_purchase_id"), "purchases", ["purchase_id"], ["id"])
        batch.drop_constraint(op.f("ck_handover_lines_machine_or_accessory"), type_="check")
        batch.create_check_constraint(op.f("ck_handover_lines_one_thing"), ONE_THING)
        batch.drop_constraint(op.f("ck_handover_lines_a_machine_is_one"), type_="check")
        batch.create_check_constraint(op.f("ck_handover_lines_a_machine_is_one"), "number > 0 AND (accessory IS NOT NULL OR number = 1)")
    _make_partial()
    op.create_index("uq_handover_lines_purchase", "handover_lines", ["purchase_id"], **UNIQUE)
    op.create_index("ix_handover_lines_purchase", "handover_lines", ["purchase_id", "id"])


def downgrade() -> None:
    op.execute("DELETE FROM handover_lines WHERE purchase_id IS NOT NULL")
    op.drop_index("ix_handover_lines_purchase", table_name="handover_lines")
    op.drop_index("uq_handover_lines_purchase", table_name="handover_lines")
    _drop_partial()
    with op.batch_alter_table("handover_lines") as batch:
        batch.drop_constraint(op.f("ck_handover_lines_a_machine_is_one"), type_="check")
        batch.create_check_constraint(op.f("ck_handover_lines_a_machine_is_one"), "number > 0 AND (device_id IS NULL OR number = 1)")
        batch.drop_constraint(op.f("ck_handover_lines_one_thing"), type_="check")
        batch.create_check_constraint(op.f("ck_handover_lines_machine_or_accessory"), "(device_id IS NULL) <> (accessory IS NULL)")
        batch.drop_constraint(op.f("fk_handover_lines_purchase_id"), type_="foreignkey")
        batch.drop_column("purchase_id")
    _make_partial()
    op.drop_table("purchase_funders")
    op.drop_table("purchases")
