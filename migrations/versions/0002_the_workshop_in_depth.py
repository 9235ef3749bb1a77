"""the workshop in depth"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from refurb.kernel.deeds.walls import statements_in

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# The walls: frozen in migrations/sql, as they were; what they are today stands in the code, and a test compares.
SQL = Path(__file__).parents[1] / "sql"
WALLS = statements_in(SQL, "0002_walls")
TORN_DOWN = statements_in(SQL, "0002_torn_down")


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
        "label_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_label_runs_some_were_made")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_runs")),
    )
    op.create_table(
        "waste_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "collected", "certified", name="wastestate", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "waste_code",
            sa.Enum(
                "20 01 35*",
                "20 01 36",
                "16 02 13*",
                "16 02 14",
                "16 02 15*",
                "16 02 16",
                "16 06 01*",
                "16 06 02*",
                "16 06 04",
                "16 06 05",
                "08 03 18",
                "15 01 01",
                name="wastecode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("operator", sa.String(length=160), nullable=False),
        sa.Column("operator_siret", sa.String(length=14), nullable=True),
        sa.Column("operator_address", sa.String(length=300), nullable=True),
        sa.Column("eco_organisme", sa.String(length=120), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "slip_type",
            sa.Enum("bsdd", "eco", "other", name="sliptype", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("slip_number", sa.String(length=80), nullable=True),
        sa.Column("weight_g", sa.Integer(), nullable=True),
        sa.Column("collected_on", sa.Date(), nullable=True),
        sa.Column("carrier", sa.String(length=160), nullable=True),
        sa.Column("treatment", sa.String(length=8), nullable=True),
        sa.Column("certificate", sa.String(length=64), nullable=True),
        sa.Column("certificate_name", sa.String(length=200), nullable=True),
        sa.CheckConstraint("state <> 'certified' OR certificate IS NOT NULL", name=op.f("ck_waste_batches_certified_has_its_certificate")),
        sa.CheckConstraint(
            "state = 'open' OR (slip_type IS NOT NULL AND slip_number IS NOT NULL AND weight_g IS NOT NULL AND collected_on IS NOT NULL)",
            name=op.f("ck_waste_batches_collected_is_documented"),
        ),
        sa.CheckConstraint("weight_g IS NULL OR weight_g > 0", name=op.f("ck_waste_batches_weight_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waste_batches")),
        sa.UniqueConstraint("reference", name=op.f("uq_waste_batches_reference")),
    )
    with op.batch_alter_table("waste_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waste_batches_collected_on"), ["collected_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_waste_batches_state"), ["state"], unique=False)

    op.create_table(
        "works",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=80), nullable=True),
        sa.Column("fault_facts", sa.JSON(), nullable=True),
        sa.Column("result_url", sa.String(length=300), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_works_done_within_total")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_works")),
    )
    with op.batch_alter_table("works", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_works_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "label_run_codes",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["codes.code"], name=op.f("fk_label_run_codes_code")),
        sa.ForeignKeyConstraint(["run_id"], ["label_runs.id"], name=op.f("fk_label_run_codes_run_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_label_run_codes")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_label_run_codes_run_id_position")),
    )
    op.create_table(
        "list_mappings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column(
            "default_kind",
            sa.Enum(
                "laptop",
                "desktop",
                "tablet",
                "smartphone",
                "monitor",
                "printer",
                "other",
                name="mapping_default_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["donor_id"], ["organisations.id"], name=op.f("fk_list_mappings_donor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_mappings")),
        sa.UniqueConstraint("donor_id", "signature", name=op.f("uq_list_mappings_donor_id_signature")),
    )
    op.create_table(
        "destructions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("drive_id", sa.Integer(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "drilled",
                "broken",
                "shredded",
                "disintegrated",
                "molten",
                name="destructionmethod",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("slip", sa.String(length=80), nullable=True),
        sa.Column("photo", sa.String(length=64), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by", sa.Integer(), nullable=False),
        sa.Column("witness_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_destructions_confirmed_by_somebody")),
        sa.CheckConstraint("confirmed_at IS NULL OR declined_at IS NULL", name=op.f("ck_destructions_confirmed_or_declined")),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> declared_by", name=op.f("ck_destructions_confirmed_by_another")),
        sa.CheckConstraint("witness_id IS NULL OR witness_id <> declared_by", name=op.f("ck_destructions_witness_is_another")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["accounts.id"], name=op.f("fk_destructions_confirmed_by")),
        sa.ForeignKeyConstraint(["declared_by"], ["accounts.id"], name=op.f("fk_destructions_declared_by")),
        sa.ForeignKeyConstraint(["declined_by"], ["accounts.id"], name=op.f("fk_destructions_declined_by")),
        sa.ForeignKeyConstraint(["drive_id"], ["drives.id"], name=op.f("fk_destructions_drive_id")),
        sa.ForeignKeyConstraint(["witness_id"], ["accounts.id"], name=op.f("fk_destructions_witness_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destructions")),
    )
    with op.batch_alter_table("destructions", schema=None) as batch_op:
        batch_op.create_index(
            "uq_destructions_standing",
            ["drive_id"],
            unique=True,
            sqlite_where=sa.text("declined_at IS NULL"),
            postgresql_where=sa.text("declined_at IS NULL"),
        )

    op.create_table(
        "appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donation_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.Enum("pick_up", "drop_off", name="way", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "half_day",
            sa.Enum("morning", "afternoon", name="halfday", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_appointments_ends_after_it_begins")),
        sa.CheckConstraint("seat >= 1", name=op.f("ck_appointments_seats_begin_at_one")),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_appointments_donation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("donation_id", "sequence", name=op.f("uq_appointments_donation_id_sequence")),
    )
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointments_donation_id"), ["donation_id"], unique=False)
        batch_op.create_index(
            "uq_appointments_seat",
            ["day", "half_day", "seat"],
            unique=True,
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        )
        batch_op.create_index(
            "uq_appointments_standing",
            ["donation_id"],
            unique=True,
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        )

    op.create_table(
        "donor_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donation_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("table", sa.JSON(), nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column(
            "default_kind",
            sa.Enum(
                "laptop",
                "desktop",
                "tablet",
                "smartphone",
                "monitor",
                "printer",
                "other",
                name="list_default_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("work_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_donor_lists_donation_id")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_donor_lists_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_lists")),
    )
    with op.batch_alter_table("donor_lists", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_donor_lists_donation_id"), ["donation_id"], unique=False)

    op.create_table(
        "donor_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donation_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=1000), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_donor_questions_answered_whole")),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_donor_questions_donation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donor_questions")),
    )
    with op.batch_alter_table("donor_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_donor_questions_donation_id"), ["donation_id"], unique=False)
        batch_op.create_index(
            "uq_donor_questions_open",
            ["donation_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column(
            "origin",
            sa.Enum(
                "don_entreprise",
                "don_particulier",
                "don_association",
                "cession_gratuite_personne_publique",
                "propre_parc_reforme",
                "achat",
                name="legalorigin",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=True),
        sa.Column("rna", sa.String(length=10), nullable=True),
        sa.Column("contact_name", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column(
            "age",
            sa.Enum(
                "under_5", "from_5_to_10", "over_10", "mixed", "unknown", name="age", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "shape",
            sa.Enum("working", "partly", "broken", "unknown", name="shape", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "drives",
            sa.Enum("inside", "removed", "some", "unknown", name="drivesinside", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "chargers",
            sa.Enum("all", "some", "none", "unknown", name="chargers", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("way", sa.Enum("pick_up", "drop_off", name="way", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("conditions", sa.String(length=500), nullable=True),
        sa.Column("message", sa.String(length=2000), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("donation_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(confirmed_at IS NULL) = (donation_id IS NULL)", name=op.f("ck_proposals_confirmed_whole")),
        sa.CheckConstraint("siren IS NULL OR length(siren) = 9", name=op.f("ck_proposals_siren_has_nine_digits")),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_proposals_donation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("donation_id", name=op.f("uq_proposals_donation_id")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_source"), ["source"], unique=False)

    op.create_table(
        "refused_lots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "laptop",
                "desktop",
                "tablet",
                "smartphone",
                "monitor",
                "printer",
                "other",
                name="devicekind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "too_old",
                "broken",
                "incomplete",
                "dangerous",
                "wrong_kind",
                "locked",
                "other",
                name="arrivalrefusal",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("count > 0", name=op.f("ck_refused_lots_some_were_refused")),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_refused_lots_donation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_lots")),
    )
    with op.batch_alter_table("refused_lots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refused_lots_donation_id"), ["donation_id"], unique=False)

    op.create_table(
        "batch_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=48), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_batch_lines_account_id")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_batch_lines_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_lines")),
        sa.UniqueConstraint("account_id", "batch", "device_id", name=op.f("uq_batch_lines_account_id_batch_device_id")),
    )
    with op.batch_alter_table("batch_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_lines_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_lines_device_id"), ["device_id"], unique=False)

    op.create_table(
        "declared_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("donation_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "laptop",
                "desktop",
                "tablet",
                "smartphone",
                "monitor",
                "printer",
                "other",
                name="declared_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("tag", sa.String(length=120), nullable=True),
        sa.Column("serial", sa.String(length=120), nullable=True),
        sa.Column("serial_folded", sa.String(length=120), nullable=True),
        sa.Column("nth", sa.String(length=300), nullable=True),
        sa.Column("manufacturer", sa.String(length=120), nullable=True),
        sa.Column("model", sa.String(length=160), nullable=True),
        sa.Column("cpu", sa.String(length=160), nullable=True),
        sa.Column("ram_mb", sa.Integer(), nullable=True),
        sa.Column("storage_gb", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "tag IS NOT NULL OR serial_folded IS NOT NULL OR nth IS NOT NULL", name=op.f("ck_declared_items_can_be_known_again")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_declared_items_device_id")),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_declared_items_donation_id")),
        sa.ForeignKeyConstraint(["list_id"], ["donor_lists.id"], name=op.f("fk_declared_items_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_items")),
    )
    with op.batch_alter_table("declared_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declared_items_device_id"), ["device_id"], unique=False)
        batch_op.create_index("ix_declared_items_serial", ["serial_folded"], unique=False)
        batch_op.create_index(
            "uq_declared_items_nth",
            ["donation_id", "nth"],
            unique=True,
            sqlite_where=sa.text("nth IS NOT NULL"),
            postgresql_where=sa.text("nth IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_declared_items_serial",
            ["donation_id", "serial_folded"],
            unique=True,
            sqlite_where=sa.text("serial_folded IS NOT NULL"),
            postgresql_where=sa.text("serial_folded IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_declared_items_tag",
            ["donation_id", "tag"],
            unique=True,
            sqlite_where=sa.text("tag IS NOT NULL"),
            postgresql_where=sa.text("tag IS NOT NULL"),
        )

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
        "device_targets",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("policy", sa.String(length=12), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "PREMIUM", "A", "B", "C", "HC", "INVENDABLE", name="target_category", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column(
            "minimum",
            sa.Enum("yes", "no", "unknown", name="target_minimum", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column(
            "windows_11",
            sa.Enum("yes", "no", "unknown", name="target_windows", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("weighed", sa.JSON(), nullable=False),
        sa.Column("cpu_mark", sa.Integer(), nullable=True),
        sa.Column(
            "cosmetic",
            sa.Enum("A", "B", "C", "D", name="target_cosmetic", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("uefi", sa.Boolean(), nullable=True),
        sa.Column("secure_boot", sa.Boolean(), nullable=True),
        sa.Column("tpm", sa.Double(), nullable=True),
        sa.CheckConstraint("cpu_mark IS NULL OR cpu_mark > 0", name=op.f("ck_device_targets_cpu_mark_positive")),
        sa.CheckConstraint("tpm IS NULL OR tpm >= 0", name=op.f("ck_device_targets_tpm_not_negative")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_device_targets_device_id")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_device_targets")),
    )
    with op.batch_alter_table("device_targets", schema=None) as batch_op:
        batch_op.create_index("ix_device_targets_category", ["category", "device_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_device_targets_policy"), ["policy"], unique=False)

    op.create_table(
        "erasure_statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("erasure_id", sa.Integer(), nullable=True),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column(
            "technique",
            sa.Enum(
                "overwrite",
                "secure_erase",
                "enhanced_secure_erase",
                "ata_sanitize",
                "nvme_format",
                "nvme_sanitize",
                "crypto_erase",
                "factory_reset",
                "encrypted_reset",
                name="technique",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "medium",
            sa.Enum("hdd", "ssd", "nvme", "emmc", "unknown", name="statement_medium", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("tool", sa.String(length=64), nullable=False),
        sa.Column("tool_version", sa.String(length=64), nullable=True),
        sa.Column("verification", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("photo", sa.String(length=64), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_by", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_erasure_statements_confirmed_by_somebody")),
        sa.CheckConstraint("(erasure_id IS NULL) <> (device_id IS NULL)", name=op.f("ck_erasure_statements_about_one_thing")),
        sa.CheckConstraint("confirmed_at IS NULL OR declined_at IS NULL", name=op.f("ck_erasure_statements_confirmed_or_declined")),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name=op.f("ck_erasure_statements_confirmed_by_another")),
        sa.CheckConstraint("started_at IS NULL OR started_at <= ended_at", name=op.f("ck_erasure_statements_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["accounts.id"], name=op.f("fk_erasure_statements_confirmed_by")),
        sa.ForeignKeyConstraint(["declined_by"], ["accounts.id"], name=op.f("fk_erasure_statements_declined_by")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_erasure_statements_device_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["accounts.id"], name=op.f("fk_erasure_statements_entered_by")),
        sa.ForeignKeyConstraint(["erasure_id"], ["erasures.id"], name=op.f("fk_erasure_statements_erasure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_statements")),
        sa.UniqueConstraint("erasure_id", name=op.f("uq_erasure_statements_erasure_id")),
    )
    with op.batch_alter_table("erasure_statements", schema=None) as batch_op:
        batch_op.create_index(
            "uq_erasure_statements_open",
            ["device_id"],
            unique=True,
            sqlite_where=sa.text("confirmed_at IS NULL AND declined_at IS NULL AND voided_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL AND declined_at IS NULL AND voided_at IS NULL"),
        )

    op.create_table(
        "holdings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_holdings_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_holdings_account_id")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_holdings_device_id")),
        sa.ForeignKeyConstraint(["given_by"], ["accounts.id"], name=op.f("fk_holdings_given_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holdings")),
    )
    with op.batch_alter_table("holdings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_holdings_account_open",
            ["account_id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_holdings_device_id"), ["device_id"], unique=False)
        batch_op.create_index(
            "uq_holdings_open", ["device_id"], unique=True, sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL")
        )

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
        "told_apart",
        sa.Column("lower_id", sa.Integer(), nullable=False),
        sa.Column("higher_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("lower_id < higher_id", name=op.f("ck_told_apart_in_order")),
        sa.ForeignKeyConstraint(["higher_id"], ["devices.id"], name=op.f("fk_told_apart_higher_id")),
        sa.ForeignKeyConstraint(["lower_id"], ["devices.id"], name=op.f("fk_told_apart_lower_id")),
        sa.PrimaryKeyConstraint("lower_id", "higher_id", name=op.f("pk_told_apart")),
    )
    op.create_table(
        "waste_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("drive_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=120), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(device_id IS NOT NULL AND drive_id IS NULL AND what IS NULL) OR (device_id IS NULL AND drive_id IS NOT NULL AND what IS NULL) OR (device_id IS NULL AND drive_id IS NULL AND what IS NOT NULL)",
            name=op.f("ck_waste_lines_one_thing"),
        ),
        sa.CheckConstraint("count >= 1 AND (what IS NOT NULL OR count = 1)", name=op.f("ck_waste_lines_counted")),
        sa.ForeignKeyConstraint(["batch_id"], ["waste_batches.id"], name=op.f("fk_waste_lines_batch_id")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_waste_lines_device_id")),
        sa.ForeignKeyConstraint(["drive_id"], ["drives.id"], name=op.f("fk_waste_lines_drive_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waste_lines")),
        sa.UniqueConstraint("device_id", name=op.f("uq_waste_lines_device_id")),
        sa.UniqueConstraint("drive_id", name=op.f("uq_waste_lines_drive_id")),
    )
    with op.batch_alter_table("waste_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waste_lines_batch_id"), ["batch_id"], unique=False)

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

    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_devices_devicestate"), type_="check")
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            "ix_devices_merged_into",
            ["merged_into_id"],
            unique=False,
            sqlite_where=sa.text("merged_into_id IS NOT NULL"),
            postgresql_where=sa.text("merged_into_id IS NOT NULL"),
        )
        batch_op.create_index("ix_devices_state_moved_at", ["state", "moved_at"], unique=False)
        batch_op.create_index(
            "ix_devices_uuid",
            ["uuid"],
            unique=False,
            sqlite_where=sa.text("uuid IS NOT NULL"),
            postgresql_where=sa.text("uuid IS NOT NULL"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_devices_merged_into_id"), "devices", ["merged_into_id"], ["id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_devices_devicestate"),
            "state IN ('received', 'to_erase', 'erasing', 'to_refurbish', 'testing', 'ready', 'reserved', 'handed_over', 'in_pool', 'parts', 'waste', 'lost', 'refused', 'merged')",
        )
        batch_op.create_check_constraint(batch_op.f("ck_devices_merged_into_another"), "(state = 'merged') = (merged_into_id IS NOT NULL)")
        batch_op.create_check_constraint(batch_op.f("ck_devices_merged_names_nothing"), "state <> 'merged' OR serial IS NULL")

    with op.batch_alter_table("donations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_donations_donationstate"), type_="check")
        batch_op.add_column(
            sa.Column(
                "act_kind",
                sa.Enum(
                    "deliberation",
                    "decision_deleguee",
                    "decision_ca_ccas",
                    name="actkind",
                    native_enum=False,
                    create_constraint=False,
                    length=32,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("with_conditions", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("legal_basis", sa.String(length=300), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_donations_actkind"), "act_kind IN ('deliberation', 'decision_deleguee', 'decision_ca_ccas')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_donations_conditions_go_to_the_council"),
            "act_kind IS NULL OR act_kind <> 'decision_deleguee' OR with_conditions IS NULL OR NOT with_conditions",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_donations_donationstate"),
            "state IN ('announced', 'needs_information', 'accepted', 'scheduled', 'received', 'sorted', 'closed', 'refused', 'cancelled')",
        )

    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.add_column(sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_erasures_unmatched_has_no_drive"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_erasures_erasurestatus"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_erasures_erasurestatus"), "status IN ('accepted', 'refused', 'unmatched', 'pending', 'set_aside')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_erasures_unmatched_has_no_drive"), "status NOT IN ('unmatched', 'set_aside') OR drive_id IS NULL"
        )

    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_papers_paperkind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_papers_paperkind"), "kind IN ('AD', 'AE', 'BR', 'CP', 'BP')")
    _run(WALLS)


def downgrade() -> None:
    _run(TORN_DOWN)
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.drop_column("used_at")

    with op.batch_alter_table("donations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_donations_donationstate"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_donations_conditions_go_to_the_council"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_donations_actkind"), type_="check")
        batch_op.drop_column("legal_basis")
        batch_op.drop_column("with_conditions")
        batch_op.drop_column("act_kind")
        batch_op.create_check_constraint(
            batch_op.f("ck_donations_donationstate"),
            "state IN ('announced', 'scheduled', 'received', 'sorted', 'closed', 'refused', 'cancelled')",
        )

    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_devices_merged_names_nothing"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_devices_merged_into_another"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_devices_devicestate"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_devices_merged_into_id"), type_="foreignkey")
        batch_op.drop_index("ix_devices_uuid", sqlite_where=sa.text("uuid IS NOT NULL"), postgresql_where=sa.text("uuid IS NOT NULL"))
        batch_op.drop_index("ix_devices_state_moved_at")
        batch_op.drop_index(
            "ix_devices_merged_into",
            sqlite_where=sa.text("merged_into_id IS NOT NULL"),
            postgresql_where=sa.text("merged_into_id IS NOT NULL"),
        )
        batch_op.drop_column("merged_into_id")
        batch_op.create_check_constraint(
            batch_op.f("ck_devices_devicestate"),
            "state IN ('received', 'to_erase', 'erasing', 'to_refurbish', 'testing', 'ready', 'reserved', 'handed_over', 'in_pool', 'parts', 'waste', 'lost', 'refused')",
        )

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
    with op.batch_alter_table("waste_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_waste_lines_batch_id"))

    op.drop_table("waste_lines")
    op.drop_table("told_apart")
    with op.batch_alter_table("parts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parts_source_device_id"))
        batch_op.drop_index("ix_parts_kind_quantity")

    op.drop_table("parts")
    with op.batch_alter_table("holdings", schema=None) as batch_op:
        batch_op.drop_index("uq_holdings_open", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL"))
        batch_op.drop_index(batch_op.f("ix_holdings_device_id"))
        batch_op.drop_index("ix_holdings_account_open", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL"))

    op.drop_table("holdings")
    with op.batch_alter_table("erasure_statements", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_erasure_statements_open",
            sqlite_where=sa.text("confirmed_at IS NULL AND declined_at IS NULL AND voided_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL AND declined_at IS NULL AND voided_at IS NULL"),
        )

    op.drop_table("erasure_statements")
    with op.batch_alter_table("device_targets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_device_targets_policy"))
        batch_op.drop_index("ix_device_targets_category")

    op.drop_table("device_targets")
    with op.batch_alter_table("device_macs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_device_macs_mac"))

    op.drop_table("device_macs")
    with op.batch_alter_table("declared_items", schema=None) as batch_op:
        batch_op.drop_index("uq_declared_items_tag", sqlite_where=sa.text("tag IS NOT NULL"), postgresql_where=sa.text("tag IS NOT NULL"))
        batch_op.drop_index(
            "uq_declared_items_serial",
            sqlite_where=sa.text("serial_folded IS NOT NULL"),
            postgresql_where=sa.text("serial_folded IS NOT NULL"),
        )
        batch_op.drop_index("uq_declared_items_nth", sqlite_where=sa.text("nth IS NOT NULL"), postgresql_where=sa.text("nth IS NOT NULL"))
        batch_op.drop_index("ix_declared_items_serial")
        batch_op.drop_index(batch_op.f("ix_declared_items_device_id"))

    op.drop_table("declared_items")
    with op.batch_alter_table("batch_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_lines_device_id"))
        batch_op.drop_index(batch_op.f("ix_batch_lines_at"))

    op.drop_table("batch_lines")
    with op.batch_alter_table("refused_lots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refused_lots_donation_id"))

    op.drop_table("refused_lots")
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposals_source"))
        batch_op.drop_index(batch_op.f("ix_proposals_email"))
        batch_op.drop_index(batch_op.f("ix_proposals_created_at"))

    op.drop_table("proposals")
    with op.batch_alter_table("donor_questions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_donor_questions_open", sqlite_where=sa.text("answered_at IS NULL"), postgresql_where=sa.text("answered_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_donor_questions_donation_id"))

    op.drop_table("donor_questions")
    with op.batch_alter_table("donor_lists", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_donor_lists_donation_id"))

    op.drop_table("donor_lists")
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_appointments_standing", sqlite_where=sa.text("released_at IS NULL"), postgresql_where=sa.text("released_at IS NULL")
        )
        batch_op.drop_index(
            "uq_appointments_seat", sqlite_where=sa.text("released_at IS NULL"), postgresql_where=sa.text("released_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_appointments_donation_id"))

    op.drop_table("appointments")
    with op.batch_alter_table("destructions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_destructions_standing", sqlite_where=sa.text("declined_at IS NULL"), postgresql_where=sa.text("declined_at IS NULL")
        )

    op.drop_table("destructions")
    op.drop_table("list_mappings")
    op.drop_table("label_run_codes")
    with op.batch_alter_table("works", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_works_owner_id"))

    op.drop_table("works")
    with op.batch_alter_table("waste_batches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_waste_batches_state"))
        batch_op.drop_index(batch_op.f("ix_waste_batches_collected_on"))

    op.drop_table("waste_batches")
    op.drop_table("label_runs")
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_erasures_unmatched_has_no_drive"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_erasures_erasurestatus"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_erasures_erasurestatus"), "status IN ('accepted', 'refused', 'unmatched')")
        batch_op.create_check_constraint(batch_op.f("ck_erasures_unmatched_has_no_drive"), "status <> 'unmatched' OR drive_id IS NULL")

    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_papers_paperkind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_papers_paperkind"), "kind IN ('AD', 'AE', 'BR', 'CP')")
    _run(_before("WALLS"))
