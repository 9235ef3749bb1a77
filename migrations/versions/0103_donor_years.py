"""donors' years and their papers, and which machines are told to be in use again"""

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None

BEFORE = ("AD", "AE", "BR", "CP", "BP", "CR", "DT", "RP", "RC", "RA")
KINDS = (*BEFORE, "BD", "AR", "RN")


def _papers(kinds: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in kinds)
    for table, column in (("papers", "kind"), ("signings", "paper_kind")):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_paperkind"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_paperkind"), f"{column} IN ({said})")


def upgrade() -> None:
    op.create_table(
        "donor_years",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("screens", sa.Integer(), nullable=True),
        sa.Column("small", sa.Integer(), nullable=True),
        sa.Column("too_old", sa.Integer(), nullable=False),
        sa.Column("is_protected", sa.Integer(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.CheckConstraint("year BETWEEN 2000 AND 2200", name=op.f("ck_donor_years_a_year")),
        sa.CheckConstraint(
            "(screens IS NULL) = (told_on IS NULL) AND (small IS NULL) = (told_on IS NULL)", name=op.f("ck_donor_years_told_whole")
        ),
        sa.CheckConstraint("COALESCE(screens, 0) >= 0 AND COALESCE(small, 0) >= 0", name=op.f("ck_donor_years_not_negative")),
        sa.CheckConstraint("too_old >= 0 AND is_protected >= 0", name=op.f("ck_donor_years_left_out_not_negative")),
        sa.ForeignKeyConstraint(["donor_id"], ["organisations.id"], name=op.f("fk_donor_years_donor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_years")),
        sa.UniqueConstraint("donor_id", "year", name=op.f("uq_donor_years_donor_id_year")),
    )
    op.create_table(
        "told_reuses",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.String(length=7), nullable=False),
        sa.Column("last_month", sa.String(length=7), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.CheckConstraint("first_month <= last_month", name=op.f("ck_told_reuses_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_told_reuses_device_id")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_told_reuses")),
    )
    _papers(KINDS)


def downgrade() -> None:
    for table, column in (("signings", "paper_kind"), ("papers", "kind"), ("paper_numbers", "kind")):
        kept = sa.table(table, sa.column(column))
        op.execute(kept.delete().where(kept.c[column].in_(("BD", "AR", "RN"))))
    _papers(BEFORE)
    op.drop_table("told_reuses")
    op.drop_table("donor_years")
