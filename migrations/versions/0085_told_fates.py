"""what donors are told of the fate of their machines, by month"""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

FATES = ("given", "ready", "lent", "parts", "waste", "given_laptops")


def upgrade() -> None:
    op.create_table(
        "told_fates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donation_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        *(sa.Column(fate, sa.Integer(), nullable=False) for fate in FATES),
        sa.Column("settled", sa.Boolean(), nullable=False),
        *(sa.CheckConstraint(f"{fate} >= 0 AND {fate} / 5 * 5 = {fate}", name=op.f(f"ck_told_fates_{fate}_in_fives")) for fate in FATES),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_told_fates_donation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_fates")),
        sa.UniqueConstraint("donation_id", "month", name=op.f("uq_told_fates_donation_id_month")),
    )


def downgrade() -> None:
    op.drop_table("told_fates")
