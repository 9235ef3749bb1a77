"""pictures at the counter"""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counter_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("count_id", sa.Integer(), nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["counter_lines.id"], name=op.f("fk_counter_photos_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_photos")),
        sa.UniqueConstraint("line_id", "count_id", name=op.f("uq_counter_photos_line_id_count_id")),
    )


def downgrade() -> None:
    op.drop_table("counter_photos")
