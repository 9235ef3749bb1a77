"""counter"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

OPEN = sa.text("put_aside_at IS NULL AND recorded_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "counter_piles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), server_default="1", nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=True),
        sa.Column("by_card", sa.Boolean(), nullable=False),
        sa.Column("retained_id", sa.Integer(), nullable=True),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("drawing", sa.LargeBinary(), nullable=True),
        sa.Column("binding", sa.String(length=64), nullable=True),
        sa.Column("shown", sa.JSON(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard", sa.JSON(), nullable=True),
        sa.Column("loan_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(drawing IS NULL) = (binding IS NULL)", name=op.f("ck_counter_piles_a_drawing_is_bound")),
        sa.CheckConstraint("NOT asks OR retained_id IS NOT NULL", name=op.f("ck_counter_piles_asks_about_somebody")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_counter_piles_account_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_counter_piles_site_id")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_counter_piles_borrower_id")),
        sa.ForeignKeyConstraint(["retained_id"], ["borrowers.id"], name=op.f("fk_counter_piles_retained_id")),
        sa.ForeignKeyConstraint(["loan_id"], ["loans.id"], name=op.f("fk_counter_piles_loan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_piles")),
    )
    op.create_index(op.f("ix_counter_piles_account_id"), "counter_piles", ["account_id"], unique=False)
    op.create_index("uq_counter_piles_open", "counter_piles", ["account_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "counter_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pile_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("leaves", "returns", "found", name="pilelinekind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("override", sa.String(length=300), nullable=True),
        sa.Column("refusal", sa.JSON(), nullable=True),
        sa.Column("loan_line_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["pile_id"], ["counter_piles.id"], name=op.f("fk_counter_lines_pile_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_counter_lines_item_id")),
        sa.ForeignKeyConstraint(["loan_line_id"], ["loan_lines.id"], name=op.f("fk_counter_lines_loan_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_lines")),
        sa.UniqueConstraint("pile_id", "item_id", name=op.f("uq_counter_lines_pile_id_item_id")),
    )
    op.add_column("loan_lines", sa.Column("back_signature", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("loan_lines", "back_signature")
    op.drop_table("counter_lines")
    op.drop_table("counter_piles")
