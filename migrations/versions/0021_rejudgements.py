"""proofs judged again"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("erasure_reports", sa.Column("judged_by", sa.String(length=8), nullable=True))
    op.create_table(
        "rejudgements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("erasure_id", sa.Integer(), nullable=False),
        sa.Column("drive_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=48), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column(
            "fate", sa.Enum("kept", "dropped", name="prooffate", native_enum=False, create_constraint=True, length=32), nullable=True
        ),
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_rejudgements_decided_by_somebody")),
        sa.CheckConstraint("(decided_at IS NULL) = (fate IS NULL)", name=op.f("ck_rejudgements_decided_one_way")),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_rejudgements_decided_by")),
        sa.ForeignKeyConstraint(["drive_id"], ["drives.id"], name=op.f("fk_rejudgements_drive_id")),
        sa.ForeignKeyConstraint(["erasure_id"], ["erasures.id"], name=op.f("fk_rejudgements_erasure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejudgements")),
        sa.UniqueConstraint("erasure_id", "reason", name=op.f("uq_rejudgements_erasure_id_reason")),
    )
    op.create_index(op.f("ix_rejudgements_drive_id"), "rejudgements", ["drive_id"], unique=False)
    op.create_index(
        "ix_rejudgements_open",
        "rejudgements",
        ["id"],
        unique=False,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("rejudgements")
    op.drop_column("erasure_reports", "judged_by")
