"""organisations"""

from collections import defaultdict
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from refurb.kernel.deeds.walls import install, statements_in

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
NATURES = ("funder", "recycler", "host")
STANDS = "merged_into_id IS NULL"
TYPOLOGIES = (
    "CCAS", "CIAS", "ML", "MQ", "CS", "CSC", "EVS", "RFS", "BIB", "MUNI", "EPCI", "DEPT", "REG", "ASSO", "MJC", "EPN", "FABLAB",
    "TIERS_LIEUX", "RESSOURCERIE", "E2C", "FT", "PIMMS", "RS_FJT", "AUTRE",
)  # fmt: skip
CHECKS = {
    "siret_has_fourteen_digits": "siret IS NULL OR length(siret) = 14",
    "rna_has_its_form": "rna IS NULL OR (length(rna) = 10 AND substr(rna, 1, 1) = 'W')",
    "postcode_has_five_digits": "postcode IS NULL OR length(postcode) = 5",
    "commune_is_named": "commune_code IS NULL OR (postcode IS NOT NULL AND place IS NOT NULL)",
    "has_a_reference": "reference IS NOT NULL OR is_person OR is_home",
    "a_person_only_gives": "NOT is_person OR NOT (is_home OR is_partner OR is_borrower OR is_funder OR is_recycler OR is_host OR is_public_body "
    "OR siren IS NOT NULL OR siret IS NOT NULL OR rna IS NOT NULL OR typology IS NOT NULL)",
    "home_stays": "NOT is_home OR archived_at IS NULL",
    "merged_into_another": "merged_into_id IS NULL OR (merged_into_id <> id AND archived_at IS NOT NULL)",
}
# Whoever once gave as a private person, and has nothing that only an organisation has.
PERSONS = """
UPDATE organisations SET is_person = :yes
WHERE is_donor AND NOT (is_home OR is_partner OR is_borrower OR is_public_body) AND siren IS NULL AND siret IS NULL
    AND EXISTS (SELECT 1 FROM donations WHERE donations.donor_id = organisations.id AND donations.legal_origin = 'don_particulier')
    AND NOT EXISTS (SELECT 1 FROM role_grants WHERE role_grants.organisation_id = organisations.id)
"""


def _number() -> None:
    """Give each organisation a reference of the year in which it was entered."""
    table = sa.table("organisations", *(sa.column(each) for each in ("id", "reference", "is_home", "is_person")))
    entered = sa.text(
        "SELECT id, substr(CAST(created_at AS VARCHAR), 1, 4) AS year FROM organisations WHERE NOT is_home AND NOT is_person ORDER BY id"
    )
    last: defaultdict[str, int] = defaultdict(int)
    for row in op.get_bind().execute(entered).all():
        last[row.year] += 1
        op.get_bind().execute(sa.update(table).where(table.c.id == row.id).values(reference=f"ST-{row.year}-{last[row.year]:04d}"))
    counters = sa.table("reference_counters", sa.column("series"), sa.column("last"))
    if last:
        op.bulk_insert(counters, [{"series": f"ST-{year}", "last": number} for year, number in last.items()])


def upgrade() -> None:
    with op.batch_alter_table("organisations") as batch:
        batch.add_column(sa.Column("reference", sa.String(length=16), nullable=True))
        batch.add_column(sa.Column("rna", sa.String(length=10), nullable=True))
        batch.add_column(sa.Column("postcode", sa.String(length=5), nullable=True))
        batch.add_column(sa.Column("commune_code", sa.String(length=5), nullable=True))
        batch.add_column(sa.Column("in_qpv", sa.Boolean(), nullable=True))
        kind = sa.Enum(*TYPOLOGIES, name="typology", native_enum=False, create_constraint=True, length=32)
        batch.add_column(sa.Column("typology", kind, nullable=True))
        for each in ("person", *NATURES):
            batch.add_column(sa.Column(f"is_{each}", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
    op.get_bind().execute(sa.text(PERSONS).bindparams(sa.bindparam("yes", True, sa.Boolean())))
    _number()
    with op.batch_alter_table("organisations") as batch:
        for each in ("person", *NATURES):
            batch.alter_column(f"is_{each}", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        batch.create_foreign_key(op.f("fk_organisations_merged_into_id"), "organisations", ["merged_into_id"], ["id"])
        batch.create_unique_constraint(op.f("uq_organisations_reference"), ["reference"])
        for name, condition in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_organisations_{name}"), condition)
    op.drop_index("uq_organisations_siren", table_name="organisations")
    for number in ("siren", "rna"):
        where = sa.text(f"{number} IS NOT NULL AND {STANDS}")
        op.create_index(f"uq_organisations_{number}", "organisations", [number], unique=True, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_organisations_search", "organisations", ["search"])
    op.create_index(op.f("ix_organisations_merged_into_id"), "organisations", ["merged_into_id"])

    purposes = sa.Enum(
        "general",
        "referrals",
        "donations",
        "loans",
        "accounting",
        "technical",
        name="purpose",
        native_enum=False,
        create_constraint=True,
        length=32,
    )
    with op.batch_alter_table("contacts") as batch:
        batch.add_column(sa.Column("function", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("purpose", purposes, nullable=False, server_default="general"))
        batch.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
    with op.batch_alter_table("contacts") as batch:
        batch.alter_column("purpose", existing_type=purposes, existing_nullable=False, server_default=None)

    op.create_table(
        "conventions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("partner", "donor", "loan", "other", name="conventionkind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at_days", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name=op.f("ck_conventions_ends_after_it_starts")
        ),
        sa.CheckConstraint("signed_on IS NULL OR starts_on IS NOT NULL", name=op.f("ck_conventions_signed_has_a_first_day")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_conventions_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conventions")),
        sa.UniqueConstraint("reference", name=op.f("uq_conventions_reference")),
    )
    op.create_index(op.f("ix_conventions_organisation_id"), "conventions", ["organisation_id"])
    op.create_index(op.f("ix_conventions_ends_on"), "conventions", ["ends_on"])
    install(op.get_bind(), (statements_in(SQL, "0027_merge"),))


def downgrade() -> None:
    install(op.get_bind(), (statements_in(SQL, "0027_torn_down"),))
    op.drop_table("conventions")
    with op.batch_alter_table("contacts") as batch:
        batch.drop_constraint(op.f("ck_contacts_purpose"), type_="check")
    with op.batch_alter_table("contacts") as batch:
        for each in ("ended_on", "purpose", "function"):
            batch.drop_column(each)
    for each in ("ix_organisations_search", "ix_organisations_merged_into_id", "uq_organisations_siren", "uq_organisations_rna"):
        op.drop_index(each, table_name="organisations")
    # What was merged has no record of its own any more: its number stays with the one that stands.
    op.execute("UPDATE organisations SET siren = NULL WHERE merged_into_id IS NOT NULL")
    op.execute("DELETE FROM reference_counters WHERE series LIKE 'ST-%' OR series LIKE 'CV-%'")
    with op.batch_alter_table("organisations") as batch:
        for name in (*CHECKS, "typology"):
            batch.drop_constraint(op.f(f"ck_organisations_{name}"), type_="check")
        batch.drop_constraint(op.f("uq_organisations_reference"), type_="unique")
        batch.drop_constraint(op.f("fk_organisations_merged_into_id"), type_="foreignkey")
    with op.batch_alter_table("organisations") as batch:
        for each in (
            "merged_into_id",
            "archived_at",
            *(f"is_{each}" for each in ("person", *NATURES)),
            "typology",
            "in_qpv",
            "commune_code",
            "postcode",
            "rna",
            "reference",
        ):
            batch.drop_column(each)
    where = sa.text("siren IS NOT NULL")
    op.create_index("uq_organisations_siren", "organisations", ["siren"], unique=True, sqlite_where=where, postgresql_where=where)
