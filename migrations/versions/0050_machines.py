"""machines by the hour"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from refurb.kernel.deeds.walls import install, statements_in

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
KINDS = ("session", "introduction", "upkeep")
STATES = ("held", "booked", "running", "done", "cancelled", "missed")
RESULTS = ("good", "machine_failed", "file_failed")
LIVE = sa.text("freed_at IS NULL")


def _words(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "machines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("site_id", sa.Integer(), server_default="1", nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=True),
        sa.Column("picture", sa.String(length=32), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=False),
        sa.Column("training_minutes", sa.Integer(), nullable=True),
        sa.Column("training_months", sa.Integer(), nullable=True),
        sa.Column("material", sa.String(length=80), nullable=True),
        sa.Column("cents_per_gram", sa.Integer(), nullable=True),
        sa.Column("upkeep_hours", sa.Integer(), nullable=True),
        sa.Column("out_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("out_until", sa.Date(), nullable=True),
        sa.Column("out_reason", sa.String(length=200), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("slot_minutes BETWEEN 10 AND 600", name=op.f("ck_machines_slots_last")),
        sa.CheckConstraint("(training_minutes IS NULL) = (training_months IS NULL)", name=op.f("ck_machines_training_lasts")),
        sa.CheckConstraint("(out_since IS NULL) = (out_reason IS NULL)", name=op.f("ck_machines_out_for_a_reason")),
        sa.ForeignKeyConstraint(["code"], ["codes.code"], name=op.f("fk_machines_code")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_machines_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machines")),
        sa.UniqueConstraint("code", name=op.f("uq_machines_code")),
        sa.UniqueConstraint("name", name=op.f("uq_machines_name")),
    )
    op.create_index(op.f("ix_machines_site_id"), "machines", ["site_id"], unique=False)
    op.create_table(
        "machine_qualifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("machine_id", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("minor", sa.String(length=160), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_machine_qualifications_borrower_id")),
        sa.ForeignKeyConstraint(["machine_id"], ["machines.id"], name=op.f("fk_machine_qualifications_machine_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_qualifications")),
    )
    op.create_index(op.f("ix_machine_qualifications_borrower_id"), "machine_qualifications", ["borrower_id"], unique=False)
    op.create_index("ix_machine_qualifications_live", "machine_qualifications", ["machine_id", "borrower_id"], unique=False)
    op.create_table(
        "machine_slots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("machine_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("until_minute", sa.Integer(), nullable=False),
        sa.Column("kind", _words(KINDS, "slotkind"), nullable=False),
        sa.Column("state", _words(STATES, "slotstate"), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=True),
        sa.Column("minor", sa.String(length=160), nullable=True),
        sa.Column("minor_age", sa.Integer(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("freed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("grams", sa.Integer(), nullable=True),
        sa.Column("material", sa.String(length=80), nullable=True),
        sa.Column("result", _words(RESULTS, "result"), nullable=True),
        sa.CheckConstraint(
            "from_minute >= 0 AND until_minute > from_minute AND until_minute <= 1440", name=op.f("ck_machine_slots_within_the_day")
        ),
        sa.CheckConstraint("(kind = 'session') = (borrower_id IS NOT NULL)", name=op.f("ck_machine_slots_session_is_somebodys")),
        sa.CheckConstraint("(kind = 'introduction') = (places IS NOT NULL)", name=op.f("ck_machine_slots_introduction_has_places")),
        sa.CheckConstraint("(minor IS NULL) = (minor_age IS NULL)", name=op.f("ck_machine_slots_minor_has_an_age")),
        sa.CheckConstraint("(state = 'done' AND kind = 'session') = (result IS NOT NULL)", name=op.f("ck_machine_slots_done_has_a_result")),
        sa.CheckConstraint("(state IN ('cancelled', 'missed')) = (freed_at IS NOT NULL)", name=op.f("ck_machine_slots_freed_when_let_go")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_machine_slots_borrower_id")),
        sa.ForeignKeyConstraint(["machine_id"], ["machines.id"], name=op.f("fk_machine_slots_machine_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_slots")),
    )
    op.create_index("ix_machine_slots_day", "machine_slots", ["machine_id", "day"], unique=False)
    op.create_index("ix_machine_slots_state", "machine_slots", ["state", "day"], unique=False)
    op.create_index(op.f("ix_machine_slots_borrower_id"), "machine_slots", ["borrower_id"], unique=False)
    op.create_index(op.f("ix_machine_slots_made_at"), "machine_slots", ["made_at"], unique=False)
    op.create_index(op.f("ix_machine_slots_source"), "machine_slots", ["source"], unique=False)
    op.create_table(
        "machine_seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("freed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_machine_seats_counted_from_one")),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_machine_seats_borrower_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["machine_slots.id"], name=op.f("fk_machine_seats_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_seats")),
    )
    op.create_index(op.f("ix_machine_seats_borrower_id"), "machine_seats", ["borrower_id"], unique=False)
    live = {"unique": True, "sqlite_where": LIVE, "postgresql_where": LIVE}
    op.create_index("uq_machine_seats_number", "machine_seats", ["slot_id", "number"], **live)
    op.create_index("uq_machine_seats_borrower", "machine_seats", ["slot_id", "borrower_id"], **live)
    op.create_table(
        "machine_watches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("machine_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["machine_id"], ["machines.id"], name=op.f("fk_machine_watches_machine_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_watches")),
    )
    op.create_index(op.f("ix_machine_watches_machine_id"), "machine_watches", ["machine_id"], unique=False)
    op.create_index(op.f("ix_machine_watches_source"), "machine_watches", ["source"], unique=False)
    op.create_index(op.f("ix_machine_watches_asked_at"), "machine_watches", ["asked_at"], unique=False)
    install(op.get_bind(), (statements_in(SQL, f"{revision}_machines"),))


def downgrade() -> None:
    for table in ("machine_watches", "machine_seats", "machine_slots", "machine_qualifications", "machines"):
        op.drop_table(table)
