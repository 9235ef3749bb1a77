"""lists are mended"""

from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

COLUMNS = (("donor_lists", "words"), ("donor_lists", "mended"), ("list_mappings", "words"))


def upgrade() -> None:
    for table, column in COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} JSON DEFAULT '{{}}' NOT NULL")


def downgrade() -> None:
    for table, column in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
