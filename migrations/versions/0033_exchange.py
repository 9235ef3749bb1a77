"""exchange"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KINDS = ("people", "partners", "donors", "items", "borrowers")


def upgrade() -> None:
    op.create_table(
        "exchange_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="exchangekind", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("table", sa.JSON(), nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("work_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_exchange_files_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_files")),
    )
    op.create_table(
        "exchange_mappings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="exchangekind", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_mappings")),
        sa.UniqueConstraint("kind", "signature", name=op.f("uq_exchange_mappings_kind_signature")),
    )
    op.create_table(
        "exchange_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=140), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_marks")),
        sa.UniqueConstraint("subject_kind", "mark", name=op.f("uq_exchange_marks_subject_kind_mark")),
    )
    op.create_index("ix_exchange_marks_subject", "exchange_marks", ["subject_kind", "subject_id"], unique=False)


def downgrade() -> None:
    op.drop_table("exchange_marks")
    op.drop_table("exchange_mappings")
    op.drop_table("exchange_files")
