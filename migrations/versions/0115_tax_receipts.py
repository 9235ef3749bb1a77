"""tax receipts: on which basis, what a gift is worth, the register, what was declared"""

import sqlalchemy as sa
from alembic import op

revision = "0115"
down_revision = "0114"
branch_labels = None
depends_on = None

BEFORE = ("AD", "AE", "BR", "CP", "BP", "CR", "DT", "RP", "RC", "RA", "BD", "AR", "RN")
KINDS = (*BEFORE, "RF")


def _papers(kinds: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in kinds)
    for table, column in (("papers", "kind"), ("signings", "paper_kind")):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_paperkind"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_paperkind"), f"{column} IN ({said})")


def _word(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "fiscal_bases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column(
            "standing", _word("fiscalstanding", "general_interest", "public_utility", "endowment_fund", "public_body"), nullable=False
        ),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("individuals", sa.Boolean(), nullable=False),
        sa.Column("companies", sa.Boolean(), nullable=False),
        sa.Column("ruling", _word("fiscalruling", "obtained", "asked", "none"), nullable=False),
        sa.Column("ruling_reference", sa.String(length=80), nullable=True),
        sa.Column("ruling_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(length=160), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_fiscal_bases_numbers_begin_at_one")),
        sa.CheckConstraint("individuals OR companies", name=op.f("ck_fiscal_bases_for_somebody")),
        sa.CheckConstraint("(ruling = 'obtained') = (ruling_on IS NOT NULL)", name=op.f("ck_fiscal_bases_ruling_has_its_day")),
        sa.CheckConstraint("(ruling = 'obtained') = (ruling_reference IS NOT NULL)", name=op.f("ck_fiscal_bases_ruling_has_its_number")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fiscal_bases")),
        sa.UniqueConstraint("number", name=op.f("uq_fiscal_bases_number")),
    )
    op.create_table(
        "gift_valuations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donation_id", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("valued_by", _word("valuedby", "donor", "receiver"), nullable=False),
        sa.Column("method", _word("method", "book", "stock"), nullable=True),
        sa.Column("donor_form", sa.String(length=80), nullable=True),
        sa.Column("letter", sa.String(length=64), nullable=True),
        sa.Column("basis", sa.String(length=300), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cents > 0", name=op.f("ck_gift_valuations_something")),
        sa.CheckConstraint(
            "forgotten_at IS NOT NULL OR (valued_by = 'donor') = (letter IS NOT NULL)", name=op.f("ck_gift_valuations_declared_by_a_letter")
        ),
        sa.CheckConstraint("(valued_by = 'donor') = (method IS NOT NULL)", name=op.f("ck_gift_valuations_declared_by_a_method")),
        sa.CheckConstraint("(valued_by = 'receiver') = (basis IS NOT NULL)", name=op.f("ck_gift_valuations_checked_on_a_basis")),
        sa.CheckConstraint("(valued_by = 'donor') = (donor_form IS NOT NULL)", name=op.f("ck_gift_valuations_a_company_has_its_form")),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_gift_valuations_donation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_valuations")),
    )
    op.create_index(op.f("ix_gift_valuations_donation_id"), "gift_valuations", ["donation_id"])
    live = sa.text("withdrawn_at IS NULL")
    op.create_index("uq_gift_valuations_live", "gift_valuations", ["donation_id"], unique=True, sqlite_where=live, postgresql_where=live)
    op.create_table(
        "tax_receipts",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("donation_id", sa.Integer(), nullable=False),
        sa.Column("valuation_id", sa.Integer(), nullable=False),
        sa.Column("article", _word("article", "200", "238bis"), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("donor", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cents > 0", name=op.f("ck_tax_receipts_something")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_tax_receipts_paper_id")),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_tax_receipts_donation_id")),
        sa.ForeignKeyConstraint(["valuation_id"], ["gift_valuations.id"], name=op.f("fk_tax_receipts_valuation_id")),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_tax_receipts")),
    )
    for column in ("donation_id", "valuation_id", "issued_on", "given_on"):
        op.create_index(op.f(f"ix_tax_receipts_{column}"), "tax_receipts", [column])
    standing = sa.text("ended_at IS NULL")
    op.create_index("uq_tax_receipts_live", "tax_receipts", ["donation_id"], unique=True, sqlite_where=standing, postgresql_where=standing)
    op.create_table(
        "receipt_declarations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("receipts", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("receipts >= 0 AND cents >= 0", name=op.f("ck_receipt_declarations_not_negative")),
        sa.CheckConstraint("year BETWEEN 2021 AND 2200", name=op.f("ck_receipt_declarations_a_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_declarations")),
        sa.UniqueConstraint("year", name=op.f("uq_receipt_declarations_year")),
    )
    op.execute("ALTER TABLE letterhead_signatories ADD COLUMN signs_receipts BOOLEAN DEFAULT false NOT NULL")
    _papers(KINDS)


def downgrade() -> None:
    for table in ("receipt_declarations", "tax_receipts", "gift_valuations", "fiscal_bases"):
        op.drop_table(table)
    for table, column in (("signings", "paper_kind"), ("papers", "kind"), ("paper_numbers", "kind")):
        kept = sa.table(table, sa.column(column))
        op.execute(kept.delete().where(kept.c[column] == "RF"))
    _papers(BEFORE)
    op.execute("ALTER TABLE letterhead_signatories DROP COLUMN signs_receipts")
