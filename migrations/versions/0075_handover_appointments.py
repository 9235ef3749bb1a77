"""slots of hand-overs, their seats, and who was invited to take one"""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _partial(where: str) -> dict[str, sa.TextClause]:
    return {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}


def upgrade() -> None:
    op.create_table(
        "handover_slots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), server_default="1", nullable=False),
        sa.Column("at_home", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("until_minute", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "from_minute >= 0 AND until_minute > from_minute AND until_minute <= 1440", name=op.f("ck_handover_slots_within_the_day")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_handover_slots_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_slots")),
    )
    op.create_index(op.f("ix_handover_slots_site_id"), "handover_slots", ["site_id"])
    op.create_index("ix_handover_slots_day", "handover_slots", ["day", "from_minute"])
    op.create_index(
        "uq_handover_slots_hour",
        "handover_slots",
        ["site_id", "at_home", "day", "from_minute"],
        unique=True,
        **_partial("withdrawn_at IS NULL"),
    )
    op.create_table(
        "handover_seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_handover_seats_counted_from_one")),
        sa.ForeignKeyConstraint(["slot_id"], ["handover_slots.id"], name=op.f("fk_handover_seats_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_seats")),
        sa.UniqueConstraint("slot_id", "number", name=op.f("uq_handover_seats_slot_id_number")),
    )
    state = _words("invitationstate", "invited", "chosen", "declined", "came", "absent", "expired", "closed")
    op.create_table(
        "handover_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("invited_by", _words("invitedby", "email", "sms", "letter", "partner"), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("times_moved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("declined_because", _words("declinedbecause", "call", "cannot_travel", "not_this_time"), nullable=True),
        sa.Column("lift", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("lift_words", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('chosen', 'absent') OR seat_id IS NOT NULL", name=op.f("ck_handover_invitations_chosen_has_a_seat")
        ),
        sa.CheckConstraint(
            "state NOT IN ('invited', 'declined', 'expired', 'closed') OR seat_id IS NULL",
            name=op.f("ck_handover_invitations_seat_is_let_go"),
        ),
        sa.CheckConstraint(
            "(state = 'declined') = (declined_because IS NOT NULL)", name=op.f("ck_handover_invitations_declined_for_a_reason")
        ),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocations.id"], name=op.f("fk_handover_invitations_allocation_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["handover_seats.id"], name=op.f("fk_handover_invitations_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_invitations")),
        sa.UniqueConstraint("seat_id", name=op.f("uq_handover_invitations_seat_id")),
    )
    op.create_index(op.f("ix_handover_invitations_allocation_id"), "handover_invitations", ["allocation_id"])
    op.create_index("ix_handover_invitations_state", "handover_invitations", ["state", "answer_by"])
    op.create_index(
        "uq_handover_invitations_open",
        "handover_invitations",
        ["allocation_id"],
        unique=True,
        **_partial("state IN ('invited', 'chosen', 'declined')"),
    )


def downgrade() -> None:
    op.drop_table("handover_invitations")
    op.drop_table("handover_seats")
    op.drop_table("handover_slots")
