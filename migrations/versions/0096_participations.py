"""what whoever receives a device pays towards it, where a territory asks that"""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None

BEFORE = ("AD", "AE", "BR", "CP", "BP", "CR", "DT")


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _papers(kinds: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in kinds)
    for table, column in (("papers", "kind"), ("signings", "paper_kind")):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_paperkind"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_paperkind"), f"{column} IN ({said})")


def upgrade() -> None:
    _papers((*BEFORE, "RP"))
    op.create_table(
        "participations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("paid_by", _word("paidby", "cash", "cheque", "transfer"), nullable=False),
        sa.Column("basis", _word("basis", "none", "association", "regie"), nullable=False),
        sa.Column("regie", sa.String(length=120), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("cents > 0", name=op.f("ck_participations_something")),
        sa.CheckConstraint("basis <> 'none'", name=op.f("ck_participations_on_some_basis")),
        sa.CheckConstraint("(basis = 'regie') = (regie IS NOT NULL)", name=op.f("ck_participations_public_money_has_a_regie")),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocations.id"], name=op.f("fk_participations_allocation_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_participations_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participations")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_participations_allocation_id")),
    )


def downgrade() -> None:
    op.drop_table("participations")
    for table, column in (("signings", "paper_kind"), ("papers", "kind"), ("paper_numbers", "kind")):
        kept = sa.table(table, sa.column(column))
        op.execute(kept.delete().where(kept.c[column] == "RP"))
    _papers(BEFORE)
