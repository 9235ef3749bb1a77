"""what was reserved without an account"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "online_requests",
        sa.Column("reservation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("entered", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("language IN ('fr', 'en')", name=op.f("ck_online_requests_language_of_ours")),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservations.id"], name=op.f("fk_online_requests_reservation_id")),
        sa.PrimaryKeyConstraint("reservation_id", name=op.f("pk_online_requests")),
    )
    op.create_index(op.f("ix_online_requests_asked_at"), "online_requests", ["asked_at"], unique=False)
    op.create_index(op.f("ix_online_requests_source"), "online_requests", ["source"], unique=False)


def downgrade() -> None:
    op.drop_table("online_requests")
