"""what goes wrong once a device is with its family, and the device that stands in for another"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from refurb.kernel.deeds.walls import install, statements_in

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
IS_OPEN = sa.text("state <> 'closed'")


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE allocations ADD COLUMN replaces_id INTEGER CONSTRAINT fk_allocations_replaces_id REFERENCES allocations (id)"
        )
    else:
        op.add_column("allocations", sa.Column("replaces_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f("fk_allocations_replaces_id"), "allocations", "allocations", ["replaces_id"], ["id"])
    op.create_index(op.f("ix_allocations_replaces_id"), "allocations", ["replaces_id"], unique=False)
    # A swap serves nobody anew: families are counted without it.
    install(op.get_bind(), (statements_in(SQL, "families_with_swaps"),))
    state = _word("ticketstate", "open", "advised", "appointed", "repair", "swap", "taken_back", "closed")
    trouble = _word("symptom", "no_start", "no_charge", "screen", "internet", "slow", "keyboard", "lost", "other")
    cause = _word(
        "cause", "battery", "charger", "screen", "keyboard", "storage", "system", "connection", "bios_locked", "account_locked", "use",
        "fall", "gone", "other", "unknown",
    )  # fmt: skip
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("trouble", trouble, nullable=False),
        sa.Column("via", _word("ticketvia", "label", "staff", "partner", "news"), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("own_machine", sa.String(length=120), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("photo", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("appointment_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appointment_place", sa.String(length=120), nullable=True),
        sa.Column("swap_id", sa.Integer(), nullable=True),
        sa.Column("cause", cause, nullable=True),
        sa.Column("outcome", _word("outcome", "solved", "mended", "swapped", "taken_back", "unsolved", "no_news"), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(device_id IS NULL) = (own_machine IS NOT NULL)", name=op.f("ck_tickets_of_one_machine")),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_tickets_closed_some_time")),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_tickets_closed_with_an_outcome")),
        sa.CheckConstraint("state <> 'swap' OR swap_id IS NOT NULL", name=op.f("ck_tickets_swapped_for_something")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_tickets_device_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_tickets_referral_id")),
        sa.ForeignKeyConstraint(["swap_id"], ["allocations.id"], name=op.f("fk_tickets_swap_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("reference", name=op.f("uq_tickets_reference")),
    )
    op.create_index("ix_tickets_open", "tickets", ["opened_at", "id"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
    op.create_index("ix_tickets_closed", "tickets", ["closed_at", "id"])
    for column in ("device_id", "referral_id", "swap_id"):
        op.create_index(op.f(f"ix_tickets_{column}"), "tickets", [column])


def downgrade() -> None:
    op.drop_table("tickets")
    install(op.get_bind(), (statements_in(SQL, "families_before_swaps"),))
    op.drop_index(op.f("ix_allocations_replaces_id"), table_name="allocations")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE allocations DROP COLUMN replaces_id")
    else:
        op.drop_column("allocations", "replaces_id")
