"""usual sites"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usual_sites",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_usual_sites_account_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_usual_sites_site_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_usual_sites")),
    )


def downgrade() -> None:
    op.drop_table("usual_sites")
