"""machines that stand here already come from a table"""

from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

BEFORE = ("people", "partners", "donors", "items", "borrowers")
SINCE = ("people", "partners", "donors", "devices", "items", "borrowers")


def _kinds(kinds: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in kinds)
    for table in ("exchange_files", "exchange_mappings"):
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(op.f(f"ck_{table}_exchangekind"), type_="check")
            changed.create_check_constraint(op.f(f"ck_{table}_exchangekind"), f"kind IN ({said})")


def upgrade() -> None:
    _kinds(SINCE)


def downgrade() -> None:
    op.execute("DELETE FROM exchange_files WHERE kind = 'devices'")
    op.execute("DELETE FROM exchange_mappings WHERE kind = 'devices'")
    _kinds(BEFORE)
