"""waits"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    states = ("waiting", "offered", "taken", "lapsed", "withdrawn")
    op.create_table(
        "waits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), server_default="1", nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum(*states, name="waitstate", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("to_on > from_on", name=op.f("ck_waits_ends_after_it_starts")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_waits_for_something")),
        sa.CheckConstraint("state NOT IN ('offered', 'taken') OR reservation_id IS NOT NULL", name=op.f("ck_waits_offered_what")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_waits_borrower_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_waits_product_id")),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservations.id"], name=op.f("fk_waits_reservation_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_waits_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waits")),
        sa.UniqueConstraint("reference", name=op.f("uq_waits_reference")),
    )
    op.create_index(op.f("ix_waits_borrower_id"), "waits", ["borrower_id"], unique=False)
    op.create_index(op.f("ix_waits_reservation_id"), "waits", ["reservation_id"], unique=False)
    op.create_index(
        "ix_waits_waiting", "waits", ["product_id", "site_id", "id"], unique=False, sqlite_where=WAITING, postgresql_where=WAITING
    )


def downgrade() -> None:
    op.drop_table("waits")
