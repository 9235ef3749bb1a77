"""reminders to borrowers, and what they say is back"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("loan_lines", sa.Column("said_back_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_reminders_borrower_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("borrower_id", "on_day", name=op.f("uq_reminders_borrower_id_on_day")),
    )
    op.create_table(
        "reminder_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["loan_lines.id"], name=op.f("fk_reminder_lines_line_id")),
        sa.ForeignKeyConstraint(["reminder_id"], ["reminders.id"], name=op.f("fk_reminder_lines_reminder_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_lines")),
        sa.UniqueConstraint("line_id", "due_on", "step", name=op.f("uq_reminder_lines_line_id_due_on_step")),
    )
    op.create_index("ix_reminder_lines_reminder_id", "reminder_lines", ["reminder_id"], unique=False)


def downgrade() -> None:
    op.drop_table("reminder_lines")
    op.drop_table("reminders")
    op.drop_column("loan_lines", "said_back_at")
