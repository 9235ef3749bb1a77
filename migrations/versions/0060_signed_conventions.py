"""the signed copy of a convention"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conventions") as conventions:
        conventions.add_column(sa.Column("signed_copy", sa.String(length=64), nullable=True))
        conventions.add_column(sa.Column("signed_copy_pages", sa.Integer(), nullable=True))
        conventions.create_check_constraint(op.f("ck_conventions_signed_copy_is_signed"), "signed_copy IS NULL OR signed_on IS NOT NULL")
        conventions.create_check_constraint(
            op.f("ck_conventions_signed_copy_is_measured"), "(signed_copy IS NULL) = (signed_copy_pages IS NULL)"
        )


def downgrade() -> None:
    with op.batch_alter_table("conventions") as conventions:
        conventions.drop_constraint(op.f("ck_conventions_signed_copy_is_measured"), type_="check")
        conventions.drop_constraint(op.f("ck_conventions_signed_copy_is_signed"), type_="check")
        conventions.drop_column("signed_copy_pages")
        conventions.drop_column("signed_copy")
