"""donor statements"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "donor_statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donation_id", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(length=32), nullable=True),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_donor_statements_donation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_statements")),
        sa.UniqueConstraint("donation_id", "file", name=op.f("uq_donor_statements_donation_id_file")),
    )


def downgrade() -> None:
    op.drop_table("donor_statements")
