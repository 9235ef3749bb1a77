"""when what is known of people was forgotten, the nights that did it, and the files that are frozen"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

OPEN = sa.text("lifted_at IS NULL")
FORGOTTEN = ("papers", "signings", "beneficiaries", "handovers", "borrowers", "loans", "organisations", "accounts")


def upgrade() -> None:
    for table in FORGOTTEN:
        op.add_column(table, sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("beneficiaries", sa.Column("birth_decade", sa.Integer(), nullable=True))
    op.create_table(
        "files_to_erase",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_files_to_erase")),
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_by", sa.Integer(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("(lifted_at IS NULL) OR (lifted_at >= held_at)", name=op.f("ck_holds_lifted_after_it_was_held")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index("uq_holds_open", "holds", ["subject_kind", "subject_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("worker", sa.String(length=32), nullable=False),
        sa.Column("interruptions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
        sa.UniqueConstraint("night", name=op.f("uq_retention_runs_night")),
    )
    op.create_table(
        "retention_tallies",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=48), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["retention_runs.id"], name=op.f("fk_retention_tallies_run_id")),
        sa.PrimaryKeyConstraint("run_id", "term", name=op.f("pk_retention_tallies")),
    )


def downgrade() -> None:
    for table in ("retention_tallies", "retention_runs", "holds", "files_to_erase"):
        op.drop_table(table)
    op.drop_column("beneficiaries", "birth_decade")
    for table in reversed(FORGOTTEN):
        op.drop_column(table, "forgotten_at")
