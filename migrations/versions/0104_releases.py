"""what a donor has to release, console by console, and the flag that holds a machine until it is proven"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from refurb.kernel.deeds.walls import install, statements_in

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
BEFORE = ("bios_locked", "activation_lock", "missing_part", "second_look")
PENDING = sa.text("proven_at IS NULL")
WALLS = (("flags_held_by_releases", "flags"), ("releases_stay_proven", "releases"))


def _word(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _flags(kinds: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in kinds)
    with op.batch_alter_table("flags") as batch:
        batch.drop_constraint(op.f("ck_flags_flagkind"), type_="check")
        batch.create_check_constraint(op.f("ck_flags_flagkind"), f"kind IN ({said})")


def upgrade() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donation_id", sa.Integer(), nullable=False),
        sa.Column("lock", _word("lock", ("autopilot", "apple", "absolute", "bios")), nullable=False),
        sa.Column("serial", sa.String(length=120), nullable=False),
        sa.Column("serial_folded", sa.String(length=120), nullable=False),
        sa.Column("manufacturer", sa.String(length=120), nullable=True),
        sa.Column("model", sa.String(length=160), nullable=True),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proven_by", sa.Integer(), nullable=True),
        sa.Column("proof", _word("releaseproof", ("started", "console", "bios_opened")), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.CheckConstraint(
            "(proven_at IS NULL) = (proof IS NULL) AND (proven_at IS NULL) = (proven_by IS NULL)",
            name=op.f("ck_releases_proven_by_somebody_somehow"),
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_releases_device_id")),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_releases_donation_id")),
        sa.ForeignKeyConstraint(["proven_by"], ["accounts.id"], name=op.f("fk_releases_proven_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sa.UniqueConstraint("donation_id", "lock", "serial_folded", name=op.f("uq_releases_donation_id_lock_serial_folded")),
    )
    op.create_index(op.f("ix_releases_device_id"), "releases", ["device_id"])
    op.create_index("ix_releases_pending", "releases", ["device_id"], sqlite_where=PENDING, postgresql_where=PENDING)
    _flags((*BEFORE, "not_released"))
    install(op.get_bind(), (statements_in(SQL, "0104_releases"),))


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for wall, table in WALLS:
        op.execute(f"DROP TRIGGER {wall}" + (f" ON {table}" if on_postgresql else ""))
        if on_postgresql:
            op.execute(f"DROP FUNCTION {wall}()")
    kept = sa.table("flags", sa.column("kind"))
    op.execute(kept.delete().where(kept.c.kind == "not_released"))
    _flags(BEFORE)
    op.drop_table("releases")
