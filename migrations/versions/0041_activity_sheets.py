"""activity sheets"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

LICENCES = ("cc0", "cc_by", "cc_by_sa", "cc_by_nc_sa", "etalab")


def upgrade() -> None:
    op.create_table(
        "activity_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("public", sa.String(length=80), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=160), nullable=False),
        sa.Column("licence", sa.Enum(*LICENCES, name="licence", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=8000), nullable=True),
        sa.Column("file", sa.String(length=64), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("file_bytes", sa.Integer(), nullable=True),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(file IS NULL) <> (text IS NULL)", name=op.f("ck_activity_sheets_page_or_pdf")),
        sa.CheckConstraint(
            "(file IS NULL) = (pages IS NULL) AND (file IS NULL) = (file_bytes IS NULL)", name=op.f("ck_activity_sheets_pdf_is_measured")
        ),
        sa.CheckConstraint("minutes IS NULL OR minutes > 0", name=op.f("ck_activity_sheets_takes_time")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_activity_sheets_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_sheets")),
    )
    op.create_index(op.f("ix_activity_sheets_organisation_id"), "activity_sheets", ["organisation_id"], unique=False)
    op.create_table(
        "activity_sheet_products",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_activity_sheet_products_product_id")),
        sa.ForeignKeyConstraint(["sheet_id"], ["activity_sheets.id"], name=op.f("fk_activity_sheet_products_sheet_id")),
        sa.PrimaryKeyConstraint("sheet_id", "product_id", name=op.f("pk_activity_sheet_products")),
    )
    op.create_index(op.f("ix_activity_sheet_products_product_id"), "activity_sheet_products", ["product_id"], unique=False)


def downgrade() -> None:
    op.drop_table("activity_sheet_products")
    op.drop_table("activity_sheets")
