"""papers packed together in a ZIP"""

import sqlalchemy as sa
from alembic import op

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bundles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("holds", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=True),
        sa.Column("file", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_bundles_size_not_negative")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_bundles_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundles")),
        sa.UniqueConstraint("subject_kind", "subject_id", "holds", name=op.f("uq_bundles_subject_kind_subject_id_holds")),
    )


def downgrade() -> None:
    op.drop_table("bundles")
