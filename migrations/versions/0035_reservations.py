"""reservations"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

HAS_LINE = "kind <> 'reservation' OR line_id IS NOT NULL"


def _state() -> sa.Enum:
    states = ("pending", "held", "approved", "out", "done", "cancelled", "refused", "expired", "missed")
    return sa.Enum(*states, name="reservationstate", native_enum=False, create_constraint=True, length=32)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    op.create_table(
        "reservations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), server_default="1", nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("state", _state(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_until", sa.Date(), nullable=False),
        sa.Column("policy_version", sa.String(length=12), nullable=False),
        sa.CheckConstraint("to_on > from_on", name=op.f("ck_reservations_ends_after_it_starts")),
        sa.CheckConstraint("state NOT IN ('pending', 'held') OR expires_at IS NOT NULL", name=op.f("ck_reservations_unanswered_expires")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_reservations_borrower_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_reservations_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
        sa.UniqueConstraint("reference", name=op.f("uq_reservations_reference")),
    )
    op.create_index(op.f("ix_reservations_borrower_id"), "reservations", ["borrower_id"], unique=False)
    op.create_index(op.f("ix_reservations_site_id"), "reservations", ["site_id"], unique=False)
    op.create_index("ix_reservations_state", "reservations", ["state", "from_on"], unique=False)
    op.create_table(
        "reservation_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservation_lines_of_something")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_reservation_lines_product_id")),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservations.id"], name=op.f("fk_reservation_lines_reservation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation_lines")),
        sa.UniqueConstraint("reservation_id", "product_id", name=op.f("uq_reservation_lines_reservation_id_product_id")),
    )
    if _is_sqlite():
        # Said in SQL: the table is not made anew, and keeps its triggers.
        op.execute(
            "ALTER TABLE claims ADD COLUMN line_id INTEGER CONSTRAINT fk_claims_line_id REFERENCES reservation_lines (id) "
            f"CONSTRAINT ck_claims_reservation_has_its_line CHECK ({HAS_LINE})"
        )
    else:
        op.add_column("claims", sa.Column("line_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_claims_line_id"), "claims", "reservation_lines", ["line_id"], ["id"])
        op.create_check_constraint(op.f("ck_claims_reservation_has_its_line"), "claims", HAS_LINE)
    op.create_index(op.f("ix_claims_line_id"), "claims", ["line_id"], unique=False)


def downgrade() -> None:
    op.execute("DELETE FROM claims WHERE kind = 'reservation'")
    op.drop_index(op.f("ix_claims_line_id"), table_name="claims")
    if _is_sqlite():
        op.execute("ALTER TABLE claims DROP COLUMN line_id")
    else:
        op.drop_constraint(op.f("ck_claims_reservation_has_its_line"), "claims", type_="check")
        op.drop_constraint(op.f("fk_claims_line_id"), "claims", type_="foreignkey")
        op.drop_column("claims", "line_id")
    op.drop_table("reservation_lines")
    op.drop_table("reservations")
