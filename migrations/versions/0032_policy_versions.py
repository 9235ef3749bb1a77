"""policy versions"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from refurb.kernel.deeds.walls import statements_in

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

SQL = Path(__file__).resolve().parents[1] / "sql"


def upgrade() -> None:
    op.create_table(
        "policy_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=12), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(length=160), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("adopted_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_from", sa.Integer(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_policy_versions_numbers_begin_at_one")),
        sa.CheckConstraint("(reason IS NULL) = (decided_by IS NULL)", name=op.f("ck_policy_versions_decided_with_a_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_versions")),
        sa.UniqueConstraint("name", "number", name=op.f("uq_policy_versions_name_number")),
        sa.ForeignKeyConstraint(
            ["name", "restored_from"],
            ["policy_versions.name", "policy_versions.number"],
            name=op.f("fk_policy_versions_name_restored_from"),
        ),
    )
    op.create_table(
        "policy_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_policy_drafts_revisions_begin_at_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_drafts")),
        sa.UniqueConstraint("name", name=op.f("uq_policy_drafts_name")),
    )
    for statement in statements_in(SQL, "policy_versions")[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("policy_drafts")
    op.drop_table("policy_versions")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION policy_versions_refuse()")
