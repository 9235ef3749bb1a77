"""the workshop in depth"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# The walls: frozen here as they were; what they are today stands in the models' packages, and a test compares.
WALLS = {
    "sqlite": (
        """
        CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
        """,
        """
        CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
        """,
        """
        CREATE TRIGGER devices_ready_gate_update BEFORE UPDATE OF state ON devices WHEN ((NEW.state = 'ready' AND OLD.state <> 'ready') OR (NEW.state IN ('ready', 'reserved', 'handed_over', 'in_pool') AND OLD.state NOT IN ('ready', 'reserved', 'handed_over', 'in_pool'))) AND (EXISTS (
            SELECT 1 FROM drive_stays AS stay JOIN drives AS drive ON drive.id = stay.drive_id
            WHERE stay.device_id = NEW.id AND
            drive.destroyed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM erasures AS erasure
                WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
            )

        ) OR (NEW.kind NOT IN ('monitor', 'printer') AND NEW.without_drive_since IS NULL AND NOT EXISTS (SELECT 1 FROM drive_stays AS stay WHERE stay.device_id = NEW.id)) OR NEW.labelled_at IS NULL) BEGIN SELECT RAISE(ABORT, 'devices_ready_gate'); END
        """,
        """
        CREATE TRIGGER devices_ready_gate_insert BEFORE INSERT ON devices WHEN NEW.state IN ('ready', 'reserved', 'handed_over', 'in_pool') AND (EXISTS (
            SELECT 1 FROM drive_stays AS stay JOIN drives AS drive ON drive.id = stay.drive_id
            WHERE stay.device_id = NEW.id AND
            drive.destroyed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM erasures AS erasure
                WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
            )

        ) OR (NEW.kind NOT IN ('monitor', 'printer') AND NEW.without_drive_since IS NULL AND NOT EXISTS (SELECT 1 FROM drive_stays AS stay WHERE stay.device_id = NEW.id)) OR NEW.labelled_at IS NULL) BEGIN SELECT RAISE(ABORT, 'devices_ready_gate'); END
        """,
        """
        CREATE TRIGGER drive_stays_ready_gate BEFORE INSERT ON drive_stays WHEN EXISTS (SELECT 1 FROM devices AS device WHERE device.id = NEW.device_id AND device.state IN ('ready', 'reserved', 'handed_over', 'in_pool')) AND EXISTS (SELECT 1 FROM drives AS drive WHERE drive.id = NEW.drive_id AND
            drive.destroyed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM erasures AS erasure
                WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
            )
        ) BEGIN SELECT RAISE(ABORT, 'drive_stays_ready_gate'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$
        """,
        """
        CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()
        """,
        """
        CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()
        """,
        """
        CREATE FUNCTION devices_ready_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (
            SELECT 1 FROM drive_stays AS stay JOIN drives AS drive ON drive.id = stay.drive_id
            WHERE stay.device_id = NEW.id AND
            drive.destroyed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM erasures AS erasure
                WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
            )

        ) OR (NEW.kind NOT IN ('monitor', 'printer') AND NEW.without_drive_since IS NULL AND NOT EXISTS (SELECT 1 FROM drive_stays AS stay WHERE stay.device_id = NEW.id)) OR NEW.labelled_at IS NULL THEN RAISE EXCEPTION 'devices_ready_gate' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
        """,
        """
        CREATE TRIGGER devices_ready_gate_update BEFORE UPDATE OF state ON devices FOR EACH ROW WHEN ((NEW.state = 'ready' AND OLD.state <> 'ready') OR (NEW.state IN ('ready', 'reserved', 'handed_over', 'in_pool') AND OLD.state NOT IN ('ready', 'reserved', 'handed_over', 'in_pool'))) EXECUTE FUNCTION devices_ready_gate()
        """,
        """
        CREATE TRIGGER devices_ready_gate_insert BEFORE INSERT ON devices FOR EACH ROW WHEN (NEW.state IN ('ready', 'reserved', 'handed_over', 'in_pool')) EXECUTE FUNCTION devices_ready_gate()
        """,
        """
        CREATE FUNCTION drive_stays_ready_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM devices WHERE id = NEW.device_id FOR SHARE; IF EXISTS (SELECT 1 FROM devices AS device WHERE device.id = NEW.device_id AND device.state IN ('ready', 'reserved', 'handed_over', 'in_pool')) AND EXISTS (SELECT 1 FROM drives AS drive WHERE drive.id = NEW.drive_id AND
            drive.destroyed_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM erasures AS erasure
                WHERE erasure.drive_id = drive.id AND erasure.status = 'accepted' AND erasure.voided_at IS NULL
            )
        ) THEN RAISE EXCEPTION 'drive_stays_ready_gate' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$
        """,
        """
        CREATE TRIGGER drive_stays_ready_gate BEFORE INSERT ON drive_stays FOR EACH ROW EXECUTE FUNCTION drive_stays_ready_gate()
        """,
    ),
}

TORN_DOWN = {
    "sqlite": (
        "DROP TRIGGER events_no_update",
        "DROP TRIGGER events_no_delete",
        "DROP TRIGGER devices_ready_gate_update",
        "DROP TRIGGER devices_ready_gate_insert",
        "DROP TRIGGER drive_stays_ready_gate",
    ),
    "postgresql": (
        "DROP TRIGGER events_append_only ON events",
        "DROP TRIGGER events_no_truncate ON events",
        "DROP TRIGGER devices_ready_gate_update ON devices",
        "DROP TRIGGER devices_ready_gate_insert ON devices",
        "DROP TRIGGER drive_stays_ready_gate ON drive_stays",
        "DROP FUNCTION refuse_rewriting()",
        "DROP FUNCTION devices_ready_gate()",
        "DROP FUNCTION drive_stays_ready_gate()",
    ),
}


def _run(statements: dict[str, tuple[str, ...]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def _before(name: str) -> dict[str, tuple[str, ...]]:
    """The walls as the revision before put them up, or took them down."""
    statements: dict[str, tuple[str, ...]] = getattr(op.get_context().script.get_revision(down_revision).module, name)
    return statements


def upgrade() -> None:
    _run(_before("TORN_DOWN"))
    op.create_table(
        "device_macs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("mac", sa.String(length=17), nullable=False),
        sa.CheckConstraint("length(mac) = 17 AND mac = lower(mac)", name=op.f("ck_device_macs_mac_as_read")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_device_macs_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_macs")),
        sa.UniqueConstraint("device_id", "mac", name=op.f("uq_device_macs_device_id_mac")),
    )
    with op.batch_alter_table("device_macs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_macs_mac"), ["mac"], unique=False)

    op.create_table(
        "parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ram",
                "battery",
                "charger",
                "screen",
                "keyboard",
                "touchpad",
                "webcam",
                "wifi",
                "fan",
                "board",
                "psu",
                "shell",
                "cable",
                "other",
                name="partkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("is_lot", sa.Boolean(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("bought", "donated", "harvested", name="partorigin", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("source_device_id", sa.Integer(), nullable=True),
        sa.Column("cost_cents", sa.Integer(), nullable=True),
        sa.Column("supplier", sa.String(length=160), nullable=True),
        sa.Column("invoice", sa.String(length=80), nullable=True),
        sa.Column("funder", sa.String(length=80), nullable=True),
        sa.Column("fits", sa.String(length=300), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("low_at", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("search", sa.String(length=800), nullable=False),
        sa.CheckConstraint("(origin = 'harvested') = (source_device_id IS NOT NULL)", name=op.f("ck_parts_harvested_from_a_device")),
        sa.CheckConstraint("cost_cents IS NULL OR cost_cents >= 0", name=op.f("ck_parts_cost_not_negative")),
        sa.CheckConstraint("is_lot OR quantity <= 1", name=op.f("ck_parts_piece_is_one")),
        sa.CheckConstraint("low_at IS NULL OR low_at >= 0", name=op.f("ck_parts_threshold_not_negative")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_parts_stock_not_negative")),
        sa.ForeignKeyConstraint(["code"], ["codes.code"], name=op.f("fk_parts_code")),
        sa.ForeignKeyConstraint(["source_device_id"], ["devices.id"], name=op.f("fk_parts_source_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parts")),
        sa.UniqueConstraint("code", name=op.f("uq_parts_code")),
    )
    with op.batch_alter_table("parts", schema=None) as batch_op:
        batch_op.create_index("ix_parts_kind_quantity", ["kind", "quantity"], unique=False)
        batch_op.create_index(batch_op.f("ix_parts_source_device_id"), ["source_device_id"], unique=False)

    op.create_table(
        "part_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column(
            "deed",
            sa.Enum("entered", "fitted", "taken_back", "counted", name="partdeed", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("unit_cents", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(deed IN ('fitted', 'taken_back')) = (device_id IS NOT NULL)", name=op.f("ck_part_moves_device_where_fitted")),
        sa.CheckConstraint("deed <> 'fitted' OR delta < 0", name=op.f("ck_part_moves_fitted_leaves_stock")),
        sa.CheckConstraint("deed <> 'taken_back' OR delta > 0", name=op.f("ck_part_moves_taken_back_enters_stock")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_part_moves_device_id")),
        sa.ForeignKeyConstraint(["part_id"], ["parts.id"], name=op.f("fk_part_moves_part_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_moves")),
    )
    with op.batch_alter_table("part_moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_part_moves_device_id"), ["device_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_part_moves_part_id"), ["part_id"], unique=False)

    with op.batch_alter_table("check_results", schema=None) as batch_op:
        batch_op.add_column(sa.Column("photo", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("confirmed_by", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_check_results_confirmed_by_another"),
            "confirmed_by IS NULL OR (actor_id IS NOT NULL AND confirmed_by <> actor_id)",
        )
        batch_op.create_check_constraint(batch_op.f("ck_check_results_confirmed_whole"), "(confirmed_by IS NULL) = (confirmed_at IS NULL)")
    _run(WALLS)


def downgrade() -> None:
    _run(TORN_DOWN)
    with op.batch_alter_table("check_results", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_check_results_confirmed_whole"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_check_results_confirmed_by_another"), type_="check")
        batch_op.drop_column("confirmed_by")
        batch_op.drop_column("confirmed_at")
        batch_op.drop_column("photo")

    with op.batch_alter_table("part_moves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_part_moves_part_id"))
        batch_op.drop_index(batch_op.f("ix_part_moves_device_id"))

    op.drop_table("part_moves")
    with op.batch_alter_table("parts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parts_source_device_id"))
        batch_op.drop_index("ix_parts_kind_quantity")

    op.drop_table("parts")
    with op.batch_alter_table("device_macs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_device_macs_mac"))

    op.drop_table("device_macs")
    _run(_before("WALLS"))
