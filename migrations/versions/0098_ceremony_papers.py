"""the report of a ceremony and the receipt of a consent are papers; a link can be closed"""

import sqlalchemy as sa
from alembic import op

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None

BEFORE = ("AD", "AE", "BR", "CP", "BP", "CR", "DT", "RP")
KINDS = (*BEFORE, "RC", "RA")


def _papers(kinds: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in kinds)
    for table, column in (("papers", "kind"), ("signings", "paper_kind")):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_paperkind"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_paperkind"), f"{column} IN ({said})")


def upgrade() -> None:
    _papers(KINDS)
    op.add_column("ceremonies", sa.Column("next_steps", sa.String(length=600), nullable=True))
    op.add_column("ceremony_invitations", sa.Column("link_round", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("ceremony_invitations", "link_round")
    op.drop_column("ceremonies", "next_steps")
    _papers(BEFORE)
