"""rota"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "odometer_readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kilometres", sa.Integer(), nullable=False),
        sa.Column("upkeep", sa.String(length=200), nullable=True),
        sa.Column("again_on", sa.Date(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kilometres >= 0", name=op.f("ck_odometer_readings_not_below_nothing")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_odometer_readings_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_odometer_readings")),
    )
    op.create_index("ix_odometer_readings_site_id", "odometer_readings", ["site_id", "day"], unique=False)
    op.create_table(
        "rotas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("anchor", sa.Date(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("cycle BETWEEN 1 AND 8", name=op.f("ck_rotas_so_many_weeks")),
        sa.CheckConstraint("until IS NULL OR until > since", name=op.f("ck_rotas_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["vehicle_id"], ["sites.id"], name=op.f("fk_rotas_vehicle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotas")),
        sa.UniqueConstraint("name", name=op.f("uq_rotas_name")),
    )
    op.create_index(op.f("ix_rotas_vehicle_id"), "rotas", ["vehicle_id"], unique=False)
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rota_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "moved", "cancelled", "done", name="passagestate", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("moved_to", sa.Date(), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(state = 'moved') = (moved_to IS NOT NULL)", name=op.f("ck_passages_moved_somewhere")),
        sa.CheckConstraint("opens >= 0 AND closes <= 1440 AND closes > opens", name=op.f("ck_passages_hours_in_order")),
        sa.ForeignKeyConstraint(["rota_id"], ["rotas.id"], name=op.f("fk_passages_rota_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_passages_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passages")),
        sa.UniqueConstraint("site_id", "day", name=op.f("uq_passages_site_id_day")),
    )
    op.create_index("ix_passages_day", "passages", ["day", "site_id"], unique=False)
    op.create_index(op.f("ix_passages_rota_id"), "passages", ["rota_id"], unique=False)
    op.create_table(
        "rota_advisers",
        sa.Column("rota_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_rota_advisers_account_id")),
        sa.ForeignKeyConstraint(["rota_id"], ["rotas.id"], name=op.f("fk_rota_advisers_rota_id")),
        sa.PrimaryKeyConstraint("rota_id", "account_id", name=op.f("pk_rota_advisers")),
    )
    op.create_index(op.f("ix_rota_advisers_account_id"), "rota_advisers", ["account_id"], unique=False)
    op.create_table(
        "rota_closures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rota_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column(
            "effect", sa.Enum("keep", "shift", name="closureeffect", native_enum=False, create_constraint=True, length=32), nullable=True
        ),
        sa.Column("why", sa.String(length=120), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "weeks >= 0 AND (weeks > 0 OR effect IS NULL OR effect = 'keep')", name=op.f("ck_rota_closures_shifts_whole_weeks")
        ),
        sa.CheckConstraint("until > first", name=op.f("ck_rota_closures_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["rota_id"], ["rotas.id"], name=op.f("fk_rota_closures_rota_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_closures")),
    )
    op.create_index(op.f("ix_rota_closures_rota_id"), "rota_closures", ["rota_id"], unique=False)
    op.create_index(
        "uq_rota_closures_first",
        "rota_closures",
        ["rota_id", "first"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "rota_stops",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rota_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=True),
        sa.Column("nth", sa.Integer(), nullable=True),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("nth IS NULL OR nth IN (1, 2, 3, 4, -1)", name=op.f("ck_rota_stops_a_week_of_the_month")),
        sa.CheckConstraint("opens >= 0 AND closes <= 1440 AND closes > opens", name=op.f("ck_rota_stops_hours_in_order")),
        sa.CheckConstraint("turn IS NULL OR (nth IS NULL AND turn BETWEEN 0 AND 7)", name=op.f("ck_rota_stops_one_rhythm")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_rota_stops_ends_after_it_begins")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_rota_stops_on_a_weekday")),
        sa.ForeignKeyConstraint(["rota_id"], ["rotas.id"], name=op.f("fk_rota_stops_rota_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_rota_stops_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_stops")),
    )
    op.create_index(op.f("ix_rota_stops_rota_id"), "rota_stops", ["rota_id"], unique=False)
    op.create_index(op.f("ix_rota_stops_site_id"), "rota_stops", ["site_id"], unique=False)


def downgrade() -> None:
    op.drop_table("rota_stops")
    op.drop_table("rota_closures")
    op.drop_table("rota_advisers")
    op.drop_table("passages")
    op.drop_table("rotas")
    op.drop_table("odometer_readings")
