"""workshops of partners"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

REFERENCES = ("series_id", "asked_by")


def upgrade() -> None:
    # Added one by one: the table is not made anew, and what points to it stays.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE reservations ADD COLUMN series_id INTEGER CONSTRAINT fk_reservations_series_id REFERENCES reservations (id)"
        )
        op.execute("ALTER TABLE reservations ADD COLUMN asked_by INTEGER CONSTRAINT fk_reservations_asked_by REFERENCES accounts (id)")
    else:
        op.add_column("reservations", sa.Column("series_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_reservations_series_id"), "reservations", "reservations", ["series_id"], ["id"])
        op.add_column("reservations", sa.Column("asked_by", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_reservations_asked_by"), "reservations", "accounts", ["asked_by"], ["id"])
    op.add_column("reservations", sa.Column("purpose", sa.String(length=160), nullable=True))
    op.add_column("reservations", sa.Column("word", sa.String(length=500), nullable=True))
    op.create_index(op.f("ix_reservations_series_id"), "reservations", ["series_id"], unique=False)
    op.create_table(
        "workshop_drafts",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_workshop_drafts_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_workshop_drafts")),
    )


def downgrade() -> None:
    op.drop_table("workshop_drafts")
    op.drop_index(op.f("ix_reservations_series_id"), table_name="reservations")
    # One by one again: made anew, the table would bear its references otherwise than the revisions before expect.
    for name in ("word", "purpose", "asked_by", "series_id"):
        if name in REFERENCES and op.get_bind().dialect.name != "sqlite":
            op.drop_constraint(op.f(f"fk_reservations_{name}"), "reservations", type_="foreignkey")
        op.execute(f"ALTER TABLE reservations DROP COLUMN {name}")
