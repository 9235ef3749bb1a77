"""prepared, then signed"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

OPEN = sa.text("paper_id IS NULL AND called_off_at IS NULL")
STANDS = sa.text("called_off_at IS NULL")
UNSIGNED = sa.text("unsigned_since IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "signings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "paper_kind",
            sa.Enum("AD", "AE", "BR", "CP", "BP", name="paperkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_by", sa.Integer(), nullable=True),
        sa.Column(
            "way", sa.Enum("drawn", "seen", name="signatureway", native_enum=False, create_constraint=True, length=32), nullable=True
        ),
        sa.Column("drawing", sa.String(length=64), nullable=True),
        sa.Column("copy", sa.String(length=64), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(paper_id IS NULL) = (way IS NULL)", name=op.f("ck_signings_signed_is_issued")),
        sa.CheckConstraint("(paper_id IS NULL) = (signed_at IS NULL)", name=op.f("ck_signings_signed_at_some_time")),
        sa.CheckConstraint("(paper_id IS NULL) = (signed_on IS NULL)", name=op.f("ck_signings_signed_on_some_day")),
        sa.CheckConstraint("COALESCE(way = 'drawn', (1 = 0)) = (drawing IS NOT NULL)", name=op.f("ck_signings_drawn_has_a_drawing")),
        sa.CheckConstraint("called_off_at IS NULL OR paper_id IS NULL", name=op.f("ck_signings_not_signed_once_called_off")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_signings_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signings")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_signings_paper_id")),
    )
    op.create_index(
        "uq_signings_subject", "signings", ["subject_kind", "subject_id"], unique=True, sqlite_where=STANDS, postgresql_where=STANDS
    )
    op.create_index("ix_signings_open", "signings", ["subject_kind", "prepared_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.add_column("devices", sa.Column("unsigned_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_devices_unsigned", "devices", ["id"], sqlite_where=UNSIGNED, postgresql_where=UNSIGNED)


def downgrade() -> None:
    op.drop_index("ix_devices_unsigned", table_name="devices")
    op.drop_column("devices", "unsigned_since")
    op.drop_table("signings")
