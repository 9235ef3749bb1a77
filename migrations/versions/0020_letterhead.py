"""letterhead"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

FORMS = (
    "association", "commune", "ccas", "epci", "departement", "region", "syndicat_mixte", "etablissement_public", "gip", "scic",
    "fondation", "autre",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "letterheads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("restored_from", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=22), nullable=False),
        sa.Column("legal_form", sa.Enum(*FORMS, name="legalform", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=True),
        sa.Column("rna", sa.String(length=10), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("postcode", sa.String(length=5), nullable=True),
        sa.Column("commune", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("dpo_name", sa.String(length=160), nullable=True),
        sa.Column("dpo_email", sa.String(length=200), nullable=True),
        sa.Column("dpo_address", sa.String(length=300), nullable=True),
        sa.Column("publisher", sa.String(length=160), nullable=True),
        sa.Column("host", sa.String(length=300), nullable=True),
        sa.Column("logo", sa.String(length=64), nullable=True),
        sa.Column("accent", sa.String(length=7), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_letterheads_numbers_begin_at_one")),
        sa.CheckConstraint("siret IS NULL OR length(siret) = 14", name=op.f("ck_letterheads_siret_has_fourteen_digits")),
        sa.CheckConstraint("rna IS NULL OR (length(rna) = 10 AND rna LIKE 'W%')", name=op.f("ck_letterheads_rna_is_w_and_nine")),
        sa.CheckConstraint("postcode IS NULL OR length(postcode) = 5", name=op.f("ck_letterheads_postcode_has_five_digits")),
        sa.CheckConstraint("accent IS NULL OR (length(accent) = 7 AND accent LIKE '#%')", name=op.f("ck_letterheads_accent_is_a_colour")),
        sa.CheckConstraint("length(short_name) <= 22", name=op.f("ck_letterheads_short_name_fits_a_label")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letterheads")),
        sa.UniqueConstraint("number", name=op.f("uq_letterheads_number")),
    )
    op.create_table(
        "letterhead_signatories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letterhead_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("function", sa.String(length=120), nullable=False),
        sa.Column("griffe", sa.String(length=64), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("signs_donations", sa.Boolean(), nullable=False),
        sa.Column("signs_erasures", sa.Boolean(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_letterhead_signatories_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["letterhead_id"], ["letterheads.id"], name=op.f("fk_letterhead_signatories_letterhead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letterhead_signatories")),
        sa.UniqueConstraint("letterhead_id", "key", name=op.f("uq_letterhead_signatories_letterhead_id_key")),
    )


def downgrade() -> None:
    op.drop_table("letterhead_signatories")
    op.drop_table("letterheads")
