"""doubted proofs"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Word for word on both databases: with its column the check needs no new table, which on SQLite would lose its triggers.
    op.execute(
        "ALTER TABLE erasures ADD COLUMN doubt VARCHAR(48) "
        "CONSTRAINT ck_erasures_accepted_is_not_doubted CHECK (status <> 'accepted' OR doubt IS NULL)"
    )
    op.create_table(
        "clock_acceptances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("erasure_id", sa.Integer(), nullable=False),
        sa.Column("told_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=False),
        sa.Column("accepted_by", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("accepted_by <> sent_by", name=op.f("ck_clock_acceptances_accepted_by_another")),
        sa.ForeignKeyConstraint(["accepted_by"], ["accounts.id"], name=op.f("fk_clock_acceptances_accepted_by")),
        sa.ForeignKeyConstraint(["erasure_id"], ["erasures.id"], name=op.f("fk_clock_acceptances_erasure_id")),
        sa.ForeignKeyConstraint(["sent_by"], ["accounts.id"], name=op.f("fk_clock_acceptances_sent_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_acceptances")),
        sa.UniqueConstraint("erasure_id", name=op.f("uq_clock_acceptances_erasure_id")),
    )


def downgrade() -> None:
    op.drop_table("clock_acceptances")
    op.drop_column("erasures", "doubt")
