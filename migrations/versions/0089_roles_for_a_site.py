"""a role that is done at a place may be given for one site alone"""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

PLACED = "site_id IS NULL OR role IN ('technician', 'dock', 'desk', 'adviser', 'organiser', 'trainer')"
NOWHERE = sa.text("organisation_id IS NULL")
NEITHER = sa.text("organisation_id IS NULL AND site_id IS NULL")
AT_SITE = sa.text("site_id IS NOT NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":  # Where a table that is built anew would lose its walls.
        op.execute(
            "ALTER TABLE role_grants ADD COLUMN site_id INTEGER CONSTRAINT fk_role_grants_site_id REFERENCES sites (id) "
            f"CONSTRAINT ck_role_grants_done_at_a_place CHECK ({PLACED})"
        )
    else:
        op.add_column("role_grants", sa.Column("site_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_role_grants_site_id"), "role_grants", "sites", ["site_id"], ["id"])
        op.create_check_constraint(op.f("ck_role_grants_done_at_a_place"), "role_grants", PLACED)
    op.create_index(op.f("ix_role_grants_site_id"), "role_grants", ["site_id"], unique=False)
    op.drop_index("uq_role_grants_unbound", "role_grants")
    op.create_index(
        "uq_role_grants_unbound", "role_grants", ["account_id", "role"], unique=True, sqlite_where=NEITHER, postgresql_where=NEITHER
    )
    op.create_index(
        "uq_role_grants_at_site",
        "role_grants",
        ["account_id", "role", "site_id"],
        unique=True,
        sqlite_where=AT_SITE,
        postgresql_where=AT_SITE,
    )


def downgrade() -> None:
    op.execute("DELETE FROM role_grants WHERE site_id IS NOT NULL")  # None of them reaches further than it was given.
    op.drop_index("uq_role_grants_at_site", "role_grants")
    op.drop_index("uq_role_grants_unbound", "role_grants")
    op.drop_index(op.f("ix_role_grants_site_id"), "role_grants")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE role_grants DROP COLUMN site_id")
    else:
        op.drop_constraint(op.f("ck_role_grants_done_at_a_place"), "role_grants", type_="check")
        op.drop_column("role_grants", "site_id")
    op.create_index(
        "uq_role_grants_unbound", "role_grants", ["account_id", "role"], unique=True, sqlite_where=NOWHERE, postgresql_where=NOWHERE
    )
