"""the words of somebody, approved by her before anybody reads them"""

import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ceremony_testimonies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=1200), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("typed_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_link", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_picked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("approved_at IS NULL OR refused_at IS NULL", name=op.f("ck_ceremony_testimonies_yes_or_no")),
        sa.ForeignKeyConstraint(["consent_id"], ["ceremony_consents.id"], name=op.f("fk_ceremony_testimonies_consent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_testimonies")),
    )
    op.create_index(op.f("ix_ceremony_testimonies_consent_id"), "ceremony_testimonies", ["consent_id"])


def downgrade() -> None:
    op.drop_table("ceremony_testimonies")
