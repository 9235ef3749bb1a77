"""what is asked back before its day"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

STANDS = sa.text("undone_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "recalls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recalled_by", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("due_on < before", name=op.f("ck_recalls_a_recall_is_sooner")),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_recalls_somebody_undid")),
        sa.ForeignKeyConstraint(["line_id"], ["loan_lines.id"], name=op.f("fk_recalls_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recalls")),
    )
    op.create_index(op.f("ix_recalls_line_id"), "recalls", ["line_id"], unique=False)
    op.create_index("uq_recalls_standing", "recalls", ["line_id"], unique=True, sqlite_where=STANDS, postgresql_where=STANDS)


def downgrade() -> None:
    op.drop_table("recalls")
