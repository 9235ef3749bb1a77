"""certificates of insurance and training, deposits"""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kinds = sa.Enum("insurance", "honour", "training", name="certificatekind", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(32), nullable=True),
        sa.Column("said", sa.String(160), nullable=True),
        sa.Column("valid_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("file", sa.String(64), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(borrower_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_certificates_is_somebodys")),
        sa.CheckConstraint("(kind = 'training') = (category IS NOT NULL)", name=op.f("ck_certificates_training_is_for_something")),
        sa.CheckConstraint("kind <> 'training' OR borrower_id IS NOT NULL", name=op.f("ck_certificates_people_are_trained")),
        sa.CheckConstraint("kind = 'training' OR until_on IS NOT NULL", name=op.f("ck_certificates_insurance_ends")),
        sa.CheckConstraint("until_on IS NULL OR until_on >= valid_on", name=op.f("ck_certificates_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_certificates_borrower_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_certificates_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
    )
    for column in ("borrower_id", "organisation_id"):
        op.create_index(op.f(f"ix_certificates_{column}"), "certificates", [column])
    left = sa.Enum("cheque", "cash", "employer", name="depositkind", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "deposits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("kind", left, nullable=False),
        sa.Column("cents", sa.Integer(), nullable=True),
        sa.Column("regie", sa.String(50), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("left_by", sa.Integer(), nullable=False),
        sa.Column("given_back_on", sa.Date(), nullable=True),
        sa.Column("given_back_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind = 'employer' OR (cents IS NOT NULL AND regie IS NOT NULL)", name=op.f("ck_deposits_money_is_counted")),
        sa.CheckConstraint("cents IS NULL OR cents > 0", name=op.f("ck_deposits_is_something")),
        sa.CheckConstraint("given_back_on IS NULL OR given_back_on >= left_on", name=op.f("ck_deposits_back_after_it_was_left")),
        sa.CheckConstraint("(given_back_on IS NULL) = (given_back_by IS NULL)", name=op.f("ck_deposits_somebody_gave_it_back")),
        sa.CheckConstraint("withdrawn_at IS NULL OR given_back_on IS NULL", name=op.f("ck_deposits_given_back_or_never_left")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_deposits_borrower_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposits")),
    )
    op.create_index(op.f("ix_deposits_borrower_id"), "deposits", ["borrower_id"])


def downgrade() -> None:
    op.drop_table("deposits")
    op.drop_table("certificates")
