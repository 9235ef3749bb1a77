"""what a merger of two organisations moved is known, so that it can be undone"""

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mergers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("siren", sa.String(length=9), nullable=True),
        sa.Column("rna", sa.String(length=10), nullable=True),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("parted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("gone_id <> into_id", name=op.f("ck_mergers_two_records")),
        sa.ForeignKeyConstraint(["gone_id"], ["organisations.id"], name=op.f("fk_mergers_gone_id")),
        sa.ForeignKeyConstraint(["into_id"], ["organisations.id"], name=op.f("fk_mergers_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mergers")),
    )
    op.create_index(op.f("ix_mergers_into_id"), "mergers", ["into_id"])
    holds = sa.text("parted_at IS NULL")
    op.create_index("uq_mergers_gone", "mergers", ["gone_id"], unique=True, sqlite_where=holds, postgresql_where=holds)
    op.create_table(
        "merger_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merger_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=48), nullable=False),
        sa.Column("column_name", sa.String(length=48), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=56), nullable=False),
        sa.Column("is_twin", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["merger_id"], ["mergers.id"], name=op.f("fk_merger_rows_merger_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merger_rows")),
        sa.UniqueConstraint(
            "merger_id", "table_name", "column_name", "row_id", name=op.f("uq_merger_rows_merger_id_table_name_column_name_row_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("merger_rows")
    op.drop_table("mergers")
