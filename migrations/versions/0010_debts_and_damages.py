"""debts and damages"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OWED = sa.text("settled_at IS NULL")
BROKEN = sa.text("ended_at IS NULL")

# What is known of loans that are over. What was lost and is no longer so was found: on the day of its history, else when it was declared.
# One name stands once on a line. How much of a set is broken nobody has counted.
OLD_DEBTS = """
INSERT INTO debts (borrower_id, line_id, kind, name, quantity, value_cents, since, settled_at, settled_how)
SELECT loans.borrower_id, line.id, CASE WHEN line.lost THEN 'lost' ELSE 'missing' END, counted.name,
    counted.quantity_out - counted.quantity_back, counted.value_cents * (counted.quantity_out - counted.quantity_back), line.back_at,
    CASE WHEN line.lost AND items.state NOT IN ('lost', 'retired') THEN COALESCE((SELECT max(events.at) FROM events
        WHERE events.subject_kind = 'item' AND events.subject_id = items.id AND events.move = 'find'), line.back_at) END,
    CASE WHEN line.lost AND items.state NOT IN ('lost', 'retired') THEN 'found' END
FROM component_counts AS counted
JOIN loan_lines AS line ON line.id = counted.line_id
JOIN loans ON loans.id = line.loan_id
JOIN items ON items.id = line.item_id
WHERE line.back_at IS NOT NULL AND counted.quantity_back < counted.quantity_out
"""
# Broken, and nobody has said since that the thing works.
OLD_DAMAGES = """
INSERT INTO damages (item_id, line_id, component, note, found_at)
SELECT line.item_id, line.id, counted.name, counted.note_back, line.back_at
FROM component_counts AS counted
JOIN loan_lines AS line ON line.id = counted.line_id
JOIN items ON items.id = line.item_id
WHERE line.back_at IS NOT NULL AND counted.state_back = 'damaged' AND counted.state_out <> 'damaged'
    AND items.state IN ('to_check', 'incomplete', 'in_repair')
    AND line.id = (SELECT max(other.id) FROM loan_lines AS other WHERE other.item_id = line.item_id)
"""


def upgrade() -> None:
    op.create_table(
        "damages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("component", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column(
            "ended_how", sa.Enum("mended", "mistake", name="damageend", native_enum=False, create_constraint=True, length=32), nullable=True
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name=op.f("ck_damages_ended_somehow")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_damages_item_id")),
        sa.ForeignKeyConstraint(["line_id"], ["loan_lines.id"], name=op.f("fk_damages_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_damages")),
    )
    op.create_index("ix_damages_open", "damages", ["item_id"], sqlite_where=BROKEN, postgresql_where=BROKEN)
    op.create_table(
        "debts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("missing", "damaged", "lost", name="debtkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("value_cents", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column(
            "settled_how",
            sa.Enum(
                "found", "brought", "repaid", "waived", "mistake", name="debtend", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_debts_of_something")),
        sa.CheckConstraint("value_cents >= 0", name=op.f("ck_debts_value_not_negative")),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_how IS NULL)", name=op.f("ck_debts_settled_somehow")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_debts_borrower_id")),
        sa.ForeignKeyConstraint(["line_id"], ["loan_lines.id"], name=op.f("fk_debts_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debts")),
    )
    op.create_index("ix_debts_line_id", "debts", ["line_id"])
    op.create_index("ix_debts_owed", "debts", ["borrower_id"], sqlite_where=OWED, postgresql_where=OWED)
    op.create_index("uq_debts_open", "debts", ["line_id", "kind", "name"], unique=True, sqlite_where=OWED, postgresql_where=OWED)
    op.execute(OLD_DEBTS)
    op.execute(OLD_DAMAGES)


def downgrade() -> None:
    op.drop_table("debts")
    op.drop_table("damages")
