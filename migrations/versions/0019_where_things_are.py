"""where things are"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# What is somewhere, or takes place there, with the columns of its index where a list filters by it.
PLACED = {
    "devices": ("site_id", "id"),
    "donations": ("site_id",),
    "appointments": (),
    "items": ("site_id",),
    "loans": ("site_id",),
    "handovers": ("site_id",),
    "ceremonies": (),
}
STANDING = sa.text("released_at IS NULL")
IN_FORCE = sa.text("withdrawn_at IS NULL")

# Nobody could enter a site before, and nothing pointed to one: were there any, the first of them is the place where everything is.
THE_FIRST = """UPDATE sites SET id = 1 WHERE id = (SELECT min(id) FROM sites)"""
ONE = """INSERT INTO sites (id, name) SELECT 1, 'Atelier' WHERE NOT EXISTS (SELECT 1 FROM sites)"""


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _place(table: str) -> None:
    """A column whose default is the same for all rows is added without touching any of them, whatever their number, on both databases.

    Said in SQL on SQLite, which would otherwise make the table anew, without its triggers.
    """
    key = f"fk_{table}_site_id"
    if _is_sqlite():
        op.execute(f"ALTER TABLE {table} ADD COLUMN site_id INTEGER DEFAULT '1' NOT NULL CONSTRAINT {key} REFERENCES sites (id)")
        return
    op.add_column(table, sa.Column("site_id", sa.Integer(), server_default="1", nullable=False))
    op.create_foreign_key(key, table, "sites", ["site_id"], ["id"])


def upgrade() -> None:
    with op.batch_alter_table("sites") as batch:
        batch.add_column(
            sa.Column(
                "kind",
                sa.Enum("workshop", "desk", "depot", "van", "stop", name="sitekind", native_enum=False, create_constraint=True, length=32),
                server_default="workshop",
                nullable=False,
            )
        )
        batch.add_column(sa.Column("address", sa.String(length=300), nullable=True))
        batch.add_column(sa.Column("postcode", sa.String(length=5), nullable=True))
        batch.add_column(sa.Column("phone", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("hours", sa.String(length=400), nullable=True))
        batch.add_column(sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_check_constraint(op.f("ck_sites_postcode_has_five_digits"), "postcode IS NULL OR length(postcode) = 5")
        batch.create_check_constraint(op.f("ck_sites_the_first_stays"), "id <> 1 OR archived_at IS NULL")
    op.execute(THE_FIRST)
    op.execute(ONE)
    if not _is_sqlite():
        op.execute("SELECT setval(pg_get_serial_sequence('sites', 'id'), (SELECT max(id) FROM sites))")
    for table, columns in PLACED.items():
        _place(table)
        if columns:
            op.create_index(f"ix_{table}_site_id", table, list(columns))
    op.drop_index("uq_appointments_seat", table_name="appointments")
    op.create_index(
        "uq_appointments_seat",
        "appointments",
        ["site_id", "day", "half_day", "seat"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_table(
        "closed_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last >= first", name=op.f("ck_closed_days_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_closed_days_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_days")),
    )
    op.create_index("ix_closed_days_site_id", "closed_days", ["site_id"])
    op.create_index("ix_closed_days_in_force", "closed_days", ["first"], sqlite_where=IN_FORCE, postgresql_where=IN_FORCE)


def downgrade() -> None:
    op.drop_table("closed_days")
    op.drop_index("uq_appointments_seat", table_name="appointments")
    # Two places may have filled one half-day: its seats are counted anew, so that each is one again.
    op.execute(
        "UPDATE appointments SET seat = (SELECT count(*) FROM appointments AS other WHERE other.released_at IS NULL AND "
        "other.day = appointments.day AND other.half_day = appointments.half_day AND other.id <= appointments.id) WHERE released_at IS NULL"
    )
    op.create_index(
        "uq_appointments_seat", "appointments", ["day", "half_day", "seat"], unique=True, sqlite_where=STANDING, postgresql_where=STANDING
    )
    for table, columns in PLACED.items():
        if columns:
            op.drop_index(f"ix_{table}_site_id", table_name=table)
        if _is_sqlite():
            op.execute(f"ALTER TABLE {table} DROP COLUMN site_id")
            continue
        op.drop_constraint(f"fk_{table}_site_id", table, type_="foreignkey")
        op.drop_column(table, "site_id")
    with op.batch_alter_table("sites") as batch:
        batch.drop_constraint(op.f("ck_sites_the_first_stays"), type_="check")
        batch.drop_constraint(op.f("ck_sites_postcode_has_five_digits"), type_="check")
        batch.drop_constraint("sitekind", type_="check")
        for column in ("archived_at", "hours", "phone", "postcode", "address", "kind"):
            batch.drop_column(column)
