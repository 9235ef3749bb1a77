"""days of return that change while a thing is out"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "due_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Enum("renewal", name="due_why", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("why <> 'renewal' OR due_on > before", name=op.f("ck_due_changes_a_renewal_is_later")),
        sa.ForeignKeyConstraint(["line_id"], ["loan_lines.id"], name=op.f("fk_due_changes_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_changes")),
    )
    op.create_index(op.f("ix_due_changes_line_id"), "due_changes", ["line_id"], unique=False)


def downgrade() -> None:
    op.drop_table("due_changes")
