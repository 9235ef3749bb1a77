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
    op.add_column("ceremonies", sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ceremony_invitations", sa.Column("posted", sa.String(length=24), nullable=True))
    op.add_column("ceremony_invitations", sa.Column("link_round", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("ceremony_invitations", "link_round")
    op.drop_column("ceremony_invitations", "posted")
    op.drop_column("ceremonies", "moved_at")
    op.drop_column("ceremonies", "next_steps")
    # Reports and receipts have no place in the numbers of before; a consent is given by its receipt, a use is shown by a consent.
    for table in ("ceremony_use_grants", "ceremony_uses", "ceremony_consent_grants", "ceremony_consent_voices", "ceremony_consents"):
        op.execute(sa.table(table).delete())
    for table, column in (("signings", "paper_kind"), ("papers", "kind"), ("paper_numbers", "kind")):
        kept = sa.table(table, sa.column(column))
        op.execute(kept.delete().where(kept.c[column].in_(("RC", "RA"))))
    _papers(BEFORE)
