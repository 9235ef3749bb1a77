"""weighings"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "weighings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("weight_mg", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("weight_mg > 0", name=op.f("ck_weighings_weighs_something")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_weighings_item_id")),
        sa.ForeignKeyConstraint(["line_id"], ["loan_lines.id"], name=op.f("fk_weighings_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weighings")),
    )
    op.create_index("ix_weighings_of", "weighings", ["item_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("weighings")
