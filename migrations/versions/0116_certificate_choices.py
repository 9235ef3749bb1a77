"""whether papers bear the organisation's certificate, chosen on screen"""

import sqlalchemy as sa
from alembic import op

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("signs", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_certificate_choices_numbers_begin_at_one")),
        sa.CheckConstraint("signs OR reason IS NOT NULL", name=op.f("ck_certificate_choices_stopped_for_a_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_choices")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_choices_number")),
    )


def downgrade() -> None:
    op.drop_table("certificate_choices")
