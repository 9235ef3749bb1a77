"""suspensions"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    why = sa.Enum("reminders", "desk", name="suspended_why", native_enum=False, create_constraint=True, length=32)
    end = sa.Enum("returned", "lifted", name="suspension_end", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "suspensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("why", why, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_how", end, nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name=op.f("ck_suspensions_ended_somehow")),
        sa.CheckConstraint("why = 'reminders' OR suspended_by IS NOT NULL", name=op.f("ck_suspensions_somebody_decided")),
        sa.CheckConstraint("ended_how <> 'lifted' OR ended_by IS NOT NULL", name=op.f("ck_suspensions_somebody_lifted")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_suspensions_borrower_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    op.create_index(op.f("ix_suspensions_borrower_id"), "suspensions", ["borrower_id"], unique=False)
    op.create_index("uq_suspensions_open", "suspensions", ["borrower_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_table("suspensions")
