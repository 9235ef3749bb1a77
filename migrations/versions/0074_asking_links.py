"""links by which people without an account refer"""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asking_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > created_at", name=op.f("ck_asking_links_lasts")),
        sa.CheckConstraint("(revoked_at IS NULL) OR revoked_at >= created_at", name=op.f("ck_asking_links_revoked_after_it_was_made")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_asking_links_organisation_id")),
        sa.ForeignKeyConstraint(["made_by"], ["accounts.id"], name=op.f("fk_asking_links_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asking_links")),
    )
    op.create_index("ix_asking_links_organisation", "asking_links", ["organisation_id", "id"], unique=False)
    # Said in SQL: made anew, the table would lose the triggers that keep it counted.
    op.execute(f"ALTER TABLE referrals ADD COLUMN link_id INTEGER CONSTRAINT {op.f('fk_referrals_link_id')} REFERENCES asking_links (id)")
    op.create_index(op.f("ix_referrals_link_id"), "referrals", ["link_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_referrals_link_id"), table_name="referrals")
    op.execute("ALTER TABLE referrals DROP COLUMN link_id")
    op.drop_index("ix_asking_links_organisation", table_name="asking_links")
    op.drop_table("asking_links")
