"""keeping runs"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "keeping_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("backup", "rehearsal", name="keepingkind", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=32), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome", sa.Enum("done", "failed", name="keepingoutcome", native_enum=False, create_constraint=True, length=32), nullable=True
        ),
        sa.Column("archive", sa.String(length=120), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("fault", sa.String(length=80), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_keeping_runs_ended_has_its_outcome")),
        sa.CheckConstraint("outcome <> 'done' OR archive IS NOT NULL", name=op.f("ck_keeping_runs_done_names_its_archive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keeping_runs")),
    )
    open_runs = sa.text("ended_at IS NULL")
    op.create_index("uq_keeping_runs_open", "keeping_runs", ["kind"], unique=True, sqlite_where=open_runs, postgresql_where=open_runs)
    op.create_index("ix_keeping_runs_kind_ended_at", "keeping_runs", ["kind", "ended_at"], unique=False)


def downgrade() -> None:
    op.drop_table("keeping_runs")
