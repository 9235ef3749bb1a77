"""pieces of kits"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from refurb.kernel.deeds.walls import install, statements_in

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
WHY = ("entered", "missing", "noticed", "used", "undone", "found", "brought", "replaced", "to_stock", "lost", "renamed")
FACTS = ("here", "indispensable", "consumable", "weight_mg")

# What waits to be completed lacks what its last return lacked; everything else is there.
SHORT = """
UPDATE components SET here = quantity - coalesce((
    SELECT count.quantity_out - count.quantity_back FROM component_counts AS count
    WHERE count.name = components.name AND count.line_id = (SELECT max(line.id) FROM loan_lines AS line WHERE line.item_id = components.item_id)
), 0)
WHERE item_id IN (SELECT id FROM items WHERE state = 'incomplete') AND quantity >= coalesce((
    SELECT count.quantity_out - count.quantity_back FROM component_counts AS count
    WHERE count.name = components.name AND count.line_id = (SELECT max(line.id) FROM loan_lines AS line WHERE line.item_id = components.item_id)
), 0)
"""
ENTERED = """
INSERT INTO piece_moves (item_id, component, delta, why, at) SELECT item_id, name, quantity, 'entered', CURRENT_TIMESTAMP FROM components
"""
MISSING = """
INSERT INTO piece_moves (item_id, component, delta, why, line_id, at)
SELECT item_id, name, here - quantity, 'missing', (SELECT max(line.id) FROM loan_lines AS line WHERE line.item_id = components.item_id),
    CURRENT_TIMESTAMP
FROM components WHERE here < quantity
"""


def upgrade() -> None:
    with op.batch_alter_table("components") as parts:
        parts.add_column(sa.Column("here", sa.Integer(), nullable=True))
        parts.add_column(sa.Column("indispensable", sa.Boolean(), server_default=sa.false(), nullable=False))
        parts.add_column(sa.Column("consumable", sa.Boolean(), server_default=sa.false(), nullable=False))
        parts.add_column(sa.Column("weight_mg", sa.Integer(), nullable=True))
    op.execute("UPDATE components SET here = quantity")
    op.execute(SHORT)
    with op.batch_alter_table("components") as parts:
        parts.alter_column("here", existing_type=sa.Integer(), nullable=False)
        parts.alter_column("indispensable", existing_type=sa.Boolean(), server_default=None)
        parts.alter_column("consumable", existing_type=sa.Boolean(), server_default=None)
        parts.create_check_constraint(op.f("ck_components_not_more_here_than_belong"), "here BETWEEN 0 AND quantity")
        parts.create_check_constraint(op.f("ck_components_weighs_something"), "weight_mg > 0")
    op.add_column("component_counts", sa.Column("consumable", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "piece_codes",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("component_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["codes.code"], name=op.f("fk_piece_codes_code")),
        sa.ForeignKeyConstraint(["component_id"], ["components.id"], name=op.f("fk_piece_codes_component_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_piece_codes")),
    )
    op.create_index(op.f("ix_piece_codes_component_id"), "piece_codes", ["component_id"], unique=False)
    op.create_table(
        "piece_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("component", sa.String(length=120), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("why", sa.Enum(*WHY, name="piecewhy", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("delta <> 0", name=op.f("ck_piece_moves_of_something")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_piece_moves_item_id")),
        sa.ForeignKeyConstraint(["line_id"], ["loan_lines.id"], name=op.f("fk_piece_moves_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece_moves")),
    )
    op.create_index("ix_piece_moves_of", "piece_moves", ["item_id", "component", "id"], unique=False)
    op.create_index(op.f("ix_piece_moves_line_id"), "piece_moves", ["line_id"], unique=False)
    op.execute(ENTERED)
    op.execute(MISSING)
    install(op.get_bind(), (statements_in(SQL, "piece_moves"),))


def downgrade() -> None:
    op.drop_table("piece_moves")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION piece_moves_refuse()")
    op.execute("UPDATE codes SET subject_kind = NULL, subject_id = NULL WHERE subject_kind = 'component'")
    op.drop_table("piece_codes")
    op.drop_column("component_counts", "consumable")
    with op.batch_alter_table("components") as parts:
        parts.drop_constraint(op.f("ck_components_weighs_something"), type_="check")
        parts.drop_constraint(op.f("ck_components_not_more_here_than_belong"), type_="check")
        for name in FACTS:
            parts.drop_column(name)
