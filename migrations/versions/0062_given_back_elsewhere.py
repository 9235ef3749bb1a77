"""things that were given back elsewhere"""

from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

HOME = "stands_at_id IS NULL OR (stands_at_id <> site_id AND state NOT IN ('available', 'lent'))"


def upgrade() -> None:
    # Said in SQL, which both databases read alike: the table is not made anew, and keeps its triggers.
    op.execute(
        "ALTER TABLE items ADD COLUMN stands_at_id INTEGER CONSTRAINT fk_items_stands_at_id REFERENCES sites (id)"
        f" CONSTRAINT ck_items_nobody_gets_it_before_it_is_home CHECK ({HOME})"
    )
    op.create_index(op.f("ix_items_stands_at_id"), "items", ["stands_at_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_items_stands_at_id"), table_name="items")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_items_nobody_gets_it_before_it_is_home"), "items", type_="check")
        op.drop_constraint(op.f("fk_items_stands_at_id"), "items", type_="foreignkey")
    op.execute("ALTER TABLE items DROP COLUMN stands_at_id")
