"""who is invited to a ceremony, and how many places the room has"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

KINDS = ("donor", "partner", "official", "press", "visitor")
ANSWERS = ("to_send", "invited", "coming", "waiting", "declined", "off")
BEFORE, NOW = ("expected", "served", "absent"), ("expected", "served", "absent", "alone")
REACHED = sa.text("email IS NOT NULL")
# Each wall stands with the column that it holds, after those that it names.
PLAN = {
    "minutes": "INTEGER DEFAULT 90 NOT NULL CONSTRAINT ck_ceremonies_lasts CHECK (minutes > 0)",
    "capacity": "INTEGER CONSTRAINT ck_ceremonies_room_for_somebody CHECK (capacity IS NULL OR capacity > 0)",
    "taken": "INTEGER DEFAULT 0 NOT NULL"
    " CONSTRAINT ck_ceremonies_within_the_room CHECK (taken >= 0 AND (capacity IS NULL OR taken <= capacity))",
    "sequence": "INTEGER DEFAULT 0 NOT NULL",
    "answer_by": "DATE",
    "access": "VARCHAR(300)",
    "programme": "VARCHAR(2000)",
    "step_free": "BOOLEAN DEFAULT false NOT NULL",
    "room_booked": "BOOLEAN DEFAULT false NOT NULL",
    "interpreter_booked": "BOOLEAN DEFAULT false NOT NULL",
}


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _attend(words: tuple[str, ...], once: str) -> None:
    """Let a turn stand in these states, and be expected in one ceremony while it stands in none of some."""
    said = ", ".join(f"'{word}'" for word in words)
    op.drop_index("uq_ceremony_turns_expected", table_name="ceremony_turns")
    with op.batch_alter_table("ceremony_turns") as turns:
        turns.drop_constraint(op.f("ck_ceremony_turns_attendance"), type_="check")
        turns.create_check_constraint(op.f("ck_ceremony_turns_attendance"), f"state IN ({said})")
    where = sa.text(once)
    op.create_index(
        "uq_ceremony_turns_expected", "ceremony_turns", ["allocation_id"], unique=True, sqlite_where=where, postgresql_where=where
    )


# Codes as they are made since the first labels: the eighth symbol checks the seven others.
SYMBOLS = "123456789BCDFGHJKMNPQRSTVWXYZ"
TURNS = """SELECT ceremony_turns.id, ceremony_turns.ceremony_id, ceremony_turns.allocation_id, ceremony_turns.state AS turn,
allocations.state AS allocation FROM ceremony_turns JOIN ceremonies ON ceremonies.id = ceremony_turns.ceremony_id
JOIN allocations ON allocations.id = ceremony_turns.allocation_id
WHERE ceremonies.state IN ('planned', 'held') ORDER BY ceremony_turns.id"""
COUNTED = """UPDATE ceremonies SET taken = (SELECT count(*) FROM ceremony_invitations
WHERE ceremony_invitations.ceremony_id = ceremonies.id AND ceremony_invitations.state = 'coming')"""


def _code() -> str:
    body = "".join(secrets.choice(SYMBOLS) for _ in range(7))
    return body + SYMBOLS[sum(weight * SYMBOLS.index(symbol) for weight, symbol in enumerate(body, start=1)) % len(SYMBOLS)]


def _answer(turn: str, allocation: str) -> str:
    """Whoever is on the list of a ceremony to come said yes to it: before, nobody else was written there.

    Who was called and did not come keeps no place, and may still come late; who has nothing to fetch any more is not expected.
    """
    if turn == "served" or (turn == "expected" and allocation == "active"):
        return "coming"
    return "invited" if turn == "absent" and allocation == "active" else "declined"


def _invite(invitations: sa.Table) -> None:
    """Nobody was asked about pictures before: whoever is a family is in none."""
    rows = [
        {
            "ceremony_id": row.ceremony_id, "allocation_id": row.allocation_id, "turn_id": row.id, "code": _code(),
            "state": _answer(row.turn, row.allocation), "needs": [], "no_photo": True,
        }
        for row in op.get_bind().execute(sa.text(TURNS))
    ]  # fmt: skip
    op.bulk_insert(invitations, rows)
    op.execute(COUNTED)


def upgrade() -> None:
    # Said in SQL: made anew, the table would tie its place otherwise than the migration that takes the place away again knows.
    for name, kind in PLAN.items():
        op.execute(f"ALTER TABLE ceremonies ADD COLUMN {name} {kind}")
    _attend(NOW, "state NOT IN ('absent', 'alone')")
    op.create_table(
        "ceremony_guests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ceremony_id", sa.Integer(), nullable=False),
        sa.Column("kind", _word("guestkind", *KINDS), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("is_named", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind <> 'donor' OR organisation_id IS NOT NULL", name=op.f("ck_ceremony_guests_a_donor_gave")),
        sa.ForeignKeyConstraint(["ceremony_id"], ["ceremonies.id"], name=op.f("fk_ceremony_guests_ceremony_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_ceremony_guests_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_guests")),
    )
    op.create_index(op.f("ix_ceremony_guests_ceremony_id"), "ceremony_guests", ["ceremony_id"])
    op.create_index(op.f("ix_ceremony_guests_organisation_id"), "ceremony_guests", ["organisation_id"])
    op.create_index(
        "uq_ceremony_guests_email", "ceremony_guests", ["ceremony_id", "email"], unique=True, sqlite_where=REACHED, postgresql_where=REACHED
    )
    invitations = op.create_table(
        "ceremony_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ceremony_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column("allocation_id", sa.Integer(), nullable=True),
        sa.Column("turn_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("state", _word("guestanswer", *ANSWERS), nullable=False),
        sa.Column("companions", sa.Integer(), server_default="0", nullable=False),
        sa.Column("needs", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("no_photo", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived", sa.Integer(), server_default="0", nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("(guest_id IS NULL) <> (allocation_id IS NULL)", name=op.f("ck_ceremony_invitations_of_a_guest_or_a_family")),
        sa.CheckConstraint("turn_id IS NULL OR allocation_id IS NOT NULL", name=op.f("ck_ceremony_invitations_a_turn_is_a_familys")),
        sa.CheckConstraint("companions >= 0", name=op.f("ck_ceremony_invitations_companions_not_negative")),
        sa.CheckConstraint("arrived >= 0 AND arrived <= 1 + companions", name=op.f("ck_ceremony_invitations_in_by_its_places")),
        sa.CheckConstraint("(arrived = 0) = (arrived_at IS NULL)", name=op.f("ck_ceremony_invitations_arrived_at_an_hour")),
        sa.CheckConstraint("arrived = 0 OR state = 'coming'", name=op.f("ck_ceremony_invitations_in_by_a_place")),
        sa.CheckConstraint("(state = 'waiting') = (waits_since IS NOT NULL)", name=op.f("ck_ceremony_invitations_waits_since_when")),
        sa.ForeignKeyConstraint(["ceremony_id"], ["ceremonies.id"], name=op.f("fk_ceremony_invitations_ceremony_id")),
        sa.ForeignKeyConstraint(["guest_id"], ["ceremony_guests.id"], name=op.f("fk_ceremony_invitations_guest_id")),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocations.id"], name=op.f("fk_ceremony_invitations_allocation_id")),
        sa.ForeignKeyConstraint(["turn_id"], ["ceremony_turns.id"], name=op.f("fk_ceremony_invitations_turn_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_invitations")),
        sa.UniqueConstraint("ceremony_id", "allocation_id", name=op.f("uq_ceremony_invitations_ceremony_id_allocation_id")),
        sa.UniqueConstraint("code", name=op.f("uq_ceremony_invitations_code")),
        sa.UniqueConstraint("guest_id", name=op.f("uq_ceremony_invitations_guest_id")),
        sa.UniqueConstraint("turn_id", name=op.f("uq_ceremony_invitations_turn_id")),
    )
    op.create_index(op.f("ix_ceremony_invitations_ceremony_id"), "ceremony_invitations", ["ceremony_id"])
    op.create_index(op.f("ix_ceremony_invitations_allocation_id"), "ceremony_invitations", ["allocation_id"])
    _invite(invitations)


def downgrade() -> None:
    op.drop_table("ceremony_invitations")
    op.drop_table("ceremony_guests")
    # Whoever would come alone was free for another date: before, that was said by not being on the list.
    op.execute("DELETE FROM ceremony_turns WHERE state = 'alone'")
    _attend(BEFORE, "state <> 'absent'")
    for name in reversed(PLAN):
        op.execute(f"ALTER TABLE ceremonies DROP COLUMN {name}")
