"""the house"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from refurb.kernel.deeds.walls import statements_in

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# The walls: frozen in migrations/sql, as they were; what they are today stands in the code, and a test compares.
SQL = Path(__file__).parents[1] / "sql"
WALLS = statements_in(SQL, "0001_walls")
TORN_DOWN = statements_in(SQL, "0001_torn_down")


def _run(statements: dict[str, tuple[str, ...]]) -> None:
    for statement in statements[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def upgrade() -> None:
    op.create_table(
        "answered_keys",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("asked", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answered_keys")),
    )
    with op.batch_alter_table("answered_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answered_keys_at"), ["at"], unique=False)

    op.create_table(
        "beneficiaries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("commune", sa.String(length=120), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beneficiaries")),
    )
    op.create_table(
        "ceremonies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "held", "closed", "cancelled", name="ceremonystate", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremonies")),
    )
    op.create_table(
        "codes",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(subject_kind IS NULL) = (subject_id IS NULL)", name=op.f("ck_codes_claimed_whole")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_codes")),
    )
    with op.batch_alter_table("codes", schema=None) as batch_op:
        batch_op.create_index("ix_codes_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "drives",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manufacturer", sa.String(length=120), nullable=True),
        sa.Column("model", sa.String(length=160), nullable=True),
        sa.Column("serial", sa.String(length=120), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column(
            "medium",
            sa.Enum("hdd", "ssd", "nvme", "emmc", "unknown", name="medium", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("interface", sa.String(length=32), nullable=True),
        sa.Column(
            "health",
            sa.Enum("good", "watch", "failing", "unknown", name="health", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("power_on_hours", sa.Integer(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("destruction_note", sa.String(length=300), nullable=True),
        sa.Column("destruction_slip", sa.String(length=80), nullable=True),
        sa.CheckConstraint("size_bytes IS NULL OR size_bytes > 0", name=op.f("ck_drives_size_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drives")),
        sa.UniqueConstraint("serial", name=op.f("uq_drives_serial")),
    )
    op.create_table(
        "effects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effects")),
    )
    with op.batch_alter_table("effects", schema=None) as batch_op:
        batch_op.create_index("ix_effects_due", ["done_at", "given_up_at", "due_at"], unique=False)

    op.create_table(
        "erasure_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(length=32), nullable=False),
        sa.Column("tool_version", sa.String(length=64), nullable=True),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_reports")),
        sa.UniqueConstraint("file", name=op.f("uq_erasure_reports_file")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=48), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("subject_kind", "subject_id", "position", name=op.f("uq_events_subject_kind_subject_id_position")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_at"), ["at"], unique=False)

    op.create_table(
        "failed_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_tries")),
    )
    with op.batch_alter_table("failed_tries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_failed_tries_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_failed_tries_source"), ["source"], unique=False)
        batch_op.create_index(batch_op.f("ix_failed_tries_who"), ["who"], unique=False)

    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=True),
        sa.Column("siren", sa.String(length=9), nullable=True),
        sa.Column("siret", sa.String(length=14), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("is_home", sa.Boolean(), nullable=False),
        sa.Column("is_donor", sa.Boolean(), nullable=False),
        sa.Column("is_partner", sa.Boolean(), nullable=False),
        sa.Column("is_borrower", sa.Boolean(), nullable=False),
        sa.Column("is_public_body", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("search", sa.String(length=600), nullable=False),
        sa.CheckConstraint("siren IS NULL OR length(siren) = 9", name=op.f("ck_organisations_siren_has_nine_digits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index(
            "uq_organisations_home", ["is_home"], unique=True, sqlite_where=sa.text("is_home"), postgresql_where=sa.text("is_home")
        )
        batch_op.create_index(
            "uq_organisations_siren",
            ["siren"],
            unique=True,
            sqlite_where=sa.text("siren IS NOT NULL"),
            postgresql_where=sa.text("siren IS NOT NULL"),
        )

    op.create_table(
        "paper_numbers",
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", name=op.f("pk_paper_numbers")),
    )
    op.create_table(
        "papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("AD", "AE", "BR", "CP", name="paperkind", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column(
            "status",
            sa.Enum("issued", "replaced", name="paperstatus", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("search", sa.String(length=600), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_papers_numbers_begin_at_one")),
        sa.ForeignKeyConstraint(["replaces_id"], ["papers.id"], name=op.f("fk_papers_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("code", name=op.f("uq_papers_code")),
        sa.UniqueConstraint("kind", "year", "number", name=op.f("uq_papers_kind_year_number")),
        sa.UniqueConstraint("reference", name=op.f("uq_papers_reference")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_papers_replaces_id")),
    )
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.create_index("ix_papers_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("picture", sa.String(length=64), nullable=True),
        sa.Column("about", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("name", name=op.f("uq_products_name")),
    )
    op.create_table(
        "reference_counters",
        sa.Column("series", sa.String(length=16), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_reference_counters")),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("commune", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("name", name=op.f("uq_sites_name")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "coordinator",
                "technician",
                "desk",
                "prescriber",
                "observer",
                "station",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role <> 'prescriber' OR organisation_id IS NOT NULL", name=op.f("ck_accounts_prescriber_has_organisation")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_accounts_email_in_lower_case")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_accounts_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    op.create_table(
        "borrowers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("is_adult", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("search", sa.String(length=400), nullable=False),
        sa.CheckConstraint("is_adult", name=op.f("ck_borrowers_of_age")),
        sa.ForeignKeyConstraint(["code"], ["codes.code"], name=op.f("fk_borrowers_code")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_borrowers_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_borrowers")),
        sa.UniqueConstraint("code", name=op.f("uq_borrowers_code")),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_contacts_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contacts_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("drive_id", sa.Integer(), nullable=True),
        sa.Column("serial", sa.String(length=120), nullable=True),
        sa.Column("model", sa.String(length=160), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("method", sa.String(length=80), nullable=True),
        sa.Column("level", sa.String(length=16), nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=True),
        sa.Column("verification", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("bytes_erased", sa.BigInteger(), nullable=True),
        sa.Column("hidden_sectors", sa.Boolean(), nullable=True),
        sa.Column(
            "medium",
            sa.Enum("hdd", "ssd", "nvme", "emmc", "unknown", name="erasure_medium", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum("accepted", "refused", "unmatched", name="erasurestatus", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=48), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status <> 'accepted' OR (drive_id IS NOT NULL AND level IS NOT NULL AND outcome = 'success' AND ended_at IS NOT NULL AND verification <> 'none')",
            name=op.f("ck_erasures_accepted_is_proven"),
        ),
        sa.CheckConstraint("status <> 'unmatched' OR drive_id IS NULL", name=op.f("ck_erasures_unmatched_has_no_drive")),
        sa.CheckConstraint("status = 'accepted' OR reason IS NOT NULL", name=op.f("ck_erasures_refusal_says_why")),
        sa.ForeignKeyConstraint(["drive_id"], ["drives.id"], name=op.f("fk_erasures_drive_id")),
        sa.ForeignKeyConstraint(["report_id"], ["erasure_reports.id"], name=op.f("fk_erasures_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasures_drive_id"), ["drive_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_erasures_report_id"), ["report_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_erasures_serial"), ["serial"], unique=False)
        batch_op.create_index(batch_op.f("ix_erasures_status"), ["status"], unique=False)

    op.create_table(
        "event_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=48), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_notes_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_notes")),
        sa.UniqueConstraint("event_id", "name", name=op.f("uq_event_notes_event_id_name")),
    )
    op.create_table(
        "donations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("donor_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column(
            "legal_origin",
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
        sa.Column(
            "state",
            sa.Enum(
                "announced",
                "scheduled",
                "received",
                "sorted",
                "closed",
                "refused",
                "cancelled",
                name="donationstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("announced_on", sa.Date(), nullable=False),
        sa.Column("scheduled_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.Column("accepted_by_act", sa.String(length=200), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_donations_contact_id")),
        sa.ForeignKeyConstraint(["donor_id"], ["organisations.id"], name=op.f("fk_donations_donor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donations")),
        sa.UniqueConstraint("reference", name=op.f("uq_donations_reference")),
    )
    with op.batch_alter_table("donations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_donations_donor_id"), ["donor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_donations_state"), ["state"], unique=False)

    op.create_table(
        "loans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("borrower_id", sa.Integer(), nullable=False),
        sa.Column(
            "state", sa.Enum("open", "closed", name="loanstate", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy_version", sa.String(length=12), nullable=False),
        sa.Column("signature_file", sa.String(length=64), nullable=True),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["borrower_id"], ["borrowers.id"], name=op.f("fk_loans_borrower_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_loans_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
        sa.UniqueConstraint("reference", name=op.f("uq_loans_reference")),
    )
    with op.batch_alter_table("loans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loans_borrower_id"), ["borrower_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loans_state"), ["state"], unique=False)

    op.create_table(
        "referrals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("prescriber_id", sa.Integer(), nullable=False),
        sa.Column("beneficiary_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "needs_information",
                "waiting",
                "allocated",
                "served",
                "refused",
                "withdrawn",
                name="referralstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "device_kind",
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
        sa.Column(
            "usage",
            sa.Enum(
                "school", "job_search", "studies", "paperwork", "other", name="usage", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column(
            "situation",
            sa.Enum(
                "sans_emploi",
                "en_emploi",
                "scolarise",
                "retraite",
                "non_communique",
                name="situation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("school_children", sa.Integer(), nullable=False),
        sa.Column("has_no_computer", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("eligibility_checked_on", sa.Date(), nullable=True),
        sa.Column("notice_given_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "refusal_reason",
            sa.Enum(
                "already_equipped",
                "outside_territory",
                "duplicate",
                "no_answer",
                name="refusalreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("question", sa.String(length=500), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.CheckConstraint("submitted_at IS NOT NULL OR state IN ('draft', 'withdrawn')", name=op.f("ck_referrals_waits_once_submitted")),
        sa.CheckConstraint("school_children >= 0", name=op.f("ck_referrals_school_children_not_negative")),
        sa.CheckConstraint(
            "submitted_at IS NULL OR (eligibility_checked_on IS NOT NULL AND notice_given_on IS NOT NULL AND usage IS NOT NULL AND situation IS NOT NULL)",
            name=op.f("ck_referrals_submitted_is_complete"),
        ),
        sa.ForeignKeyConstraint(["beneficiary_id"], ["beneficiaries.id"], name=op.f("fk_referrals_beneficiary_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["organisations.id"], name=op.f("fk_referrals_partner_id")),
        sa.ForeignKeyConstraint(["prescriber_id"], ["accounts.id"], name=op.f("fk_referrals_prescriber_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("reference", name=op.f("uq_referrals_reference")),
    )
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referrals_partner_id"), ["partner_id"], unique=False)
        batch_op.create_index("ix_referrals_state_submitted", ["state", "submitted_at"], unique=False)

    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "coordinator",
                "technician",
                "desk",
                "prescriber",
                "observer",
                "station",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_tokens_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_tokens_digest")),
    )
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tokens_account_id"), ["account_id"], unique=False)

    op.create_table(
        "devices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
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
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "to_erase",
                "erasing",
                "to_refurbish",
                "testing",
                "ready",
                "reserved",
                "handed_over",
                "in_pool",
                "parts",
                "waste",
                "lost",
                "refused",
                name="devicestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("manufacturer", sa.String(length=120), nullable=True),
        sa.Column("model", sa.String(length=160), nullable=True),
        sa.Column("serial", sa.String(length=120), nullable=True),
        sa.Column("uuid", sa.String(length=36), nullable=True),
        sa.Column("cpu", sa.String(length=160), nullable=True),
        sa.Column("ram_mb", sa.Integer(), nullable=True),
        sa.Column("gpu", sa.String(length=160), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("without_drive_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("labelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("search", sa.String(length=800), nullable=False),
        sa.CheckConstraint("ram_mb IS NULL OR ram_mb >= 0", name=op.f("ck_devices_ram_not_negative")),
        sa.ForeignKeyConstraint(["code"], ["codes.code"], name=op.f("fk_devices_code")),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_devices_donation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("code", name=op.f("uq_devices_code")),
    )
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_devices_donation_id"), ["donation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_devices_serial"), ["serial"], unique=False)
        batch_op.create_index("ix_devices_state_id", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_devices_serial",
            ["manufacturer", "serial"],
            unique=True,
            sqlite_where=sa.text("serial IS NOT NULL"),
            postgresql_where=sa.text("serial IS NOT NULL"),
        )

    op.create_table(
        "donation_lines",
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
        sa.Column("announced", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=True),
        sa.CheckConstraint("announced >= 0", name=op.f("ck_donation_lines_announced_not_negative")),
        sa.CheckConstraint("received IS NULL OR received >= 0", name=op.f("ck_donation_lines_received_not_negative")),
        sa.ForeignKeyConstraint(["donation_id"], ["donations.id"], name=op.f("fk_donation_lines_donation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donation_lines")),
        sa.UniqueConstraint("donation_id", "kind", name=op.f("uq_donation_lines_donation_id_kind")),
    )
    op.create_table(
        "allocations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "fulfilled", "cancelled", name="allocationstate", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("out_of_order", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("policy_version", sa.String(length=12), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("cancelled_because", sa.String(length=300), nullable=True),
        sa.CheckConstraint("NOT out_of_order OR length(reason) > 0", name=op.f("ck_allocations_exception_has_reason")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_allocations_device_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_allocations_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
    )
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_allocations_device_id"), ["device_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_allocations_referral_id"), ["referral_id"], unique=False)
        batch_op.create_index(
            "uq_allocations_device",
            ["device_id"],
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
        batch_op.create_index(
            "uq_allocations_referral",
            ["referral_id"],
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )

    op.create_table(
        "check_results",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=48), nullable=False),
        sa.Column("answer", sa.String(length=120), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("policy_version", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_check_results_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_results")),
    )
    with op.batch_alter_table("check_results", schema=None) as batch_op:
        batch_op.create_index("ix_check_results_device_question", ["device_id", "question"], unique=False)

    op.create_table(
        "drive_stays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("drive_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_drive_stays_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_drive_stays_device_id")),
        sa.ForeignKeyConstraint(["drive_id"], ["drives.id"], name=op.f("fk_drive_stays_drive_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drive_stays")),
    )
    with op.batch_alter_table("drive_stays", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drive_stays_device_id"), ["device_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_drive_stays_drive_id"), ["drive_id"], unique=False)
        batch_op.create_index(
            "uq_drive_stays_now",
            ["drive_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "bios_locked",
                "activation_lock",
                "missing_part",
                "second_look",
                name="flagkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_flags_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
    )
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flags_device_id"), ["device_id"], unique=False)
        batch_op.create_index(
            "uq_flags_raised",
            ["device_id", "kind"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.create_table(
        "hardware_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(length=32), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_hardware_reports_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hardware_reports")),
        sa.UniqueConstraint("device_id", "file", name=op.f("uq_hardware_reports_device_id_file")),
    )
    with op.batch_alter_table("hardware_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hardware_reports_device_id"), ["device_id"], unique=False)

    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "available",
                "lent",
                "to_check",
                "incomplete",
                "in_repair",
                "lost",
                "retired",
                name="itemstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("search", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["codes.code"], name=op.f("fk_items_code")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_items_device_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_items_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("code", name=op.f("uq_items_code")),
        sa.UniqueConstraint("device_id", name=op.f("uq_items_device_id")),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_items_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_items_state"), ["state"], unique=False)

    op.create_table(
        "ceremony_turns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ceremony_id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("expected", "served", "absent", name="attendance", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.CheckConstraint("position > 0", name=op.f("ck_ceremony_turns_positions_begin_at_one")),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocations.id"], name=op.f("fk_ceremony_turns_allocation_id")),
        sa.ForeignKeyConstraint(["ceremony_id"], ["ceremonies.id"], name=op.f("fk_ceremony_turns_ceremony_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ceremony_turns")),
        sa.UniqueConstraint("ceremony_id", "allocation_id", name=op.f("uq_ceremony_turns_ceremony_id_allocation_id")),
        sa.UniqueConstraint("ceremony_id", "position", name=op.f("uq_ceremony_turns_ceremony_id_position")),
    )
    with op.batch_alter_table("ceremony_turns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ceremony_turns_allocation_id"), ["allocation_id"], unique=False)
        batch_op.create_index(
            "uq_ceremony_turns_expected",
            ["allocation_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'absent'"),
            postgresql_where=sa.text("state <> 'absent'"),
        )

    op.create_table(
        "components",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("value_cents", sa.Integer(), nullable=True),
        sa.Column("picture", sa.String(length=64), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_components_at_least_one")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_components_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_components")),
        sa.UniqueConstraint("item_id", "name", name=op.f("uq_components_item_id_name")),
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_by", sa.Integer(), nullable=True),
        sa.Column("accessories", sa.JSON(), nullable=False),
        sa.Column(
            "signature_kind",
            sa.Enum("drawn", "paper", name="signaturekind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("signature_file", sa.String(length=64), nullable=True),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(signature_kind = 'drawn') = (signature_file IS NOT NULL)", name=op.f("ck_handovers_drawn_has_a_drawing")),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocations.id"], name=op.f("fk_handovers_allocation_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_handovers_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_handovers_allocation_id")),
    )
    op.create_table(
        "loan_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loan_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lost", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.CheckConstraint("NOT lost OR back_at IS NOT NULL", name=op.f("ck_loan_lines_lost_is_over")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_loan_lines_item_id")),
        sa.ForeignKeyConstraint(["loan_id"], ["loans.id"], name=op.f("fk_loan_lines_loan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_lines")),
    )
    with op.batch_alter_table("loan_lines", schema=None) as batch_op:
        batch_op.create_index("ix_loan_lines_due", ["back_at", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_loan_lines_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loan_lines_loan_id"), ["loan_id"], unique=False)
        batch_op.create_index(
            "uq_loan_lines_out",
            ["item_id"],
            unique=True,
            sqlite_where=sa.text("back_at IS NULL"),
            postgresql_where=sa.text("back_at IS NULL"),
        )

    op.create_table(
        "component_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("value_cents", sa.Integer(), nullable=True),
        sa.Column("quantity_expected", sa.Integer(), nullable=False),
        sa.Column("quantity_out", sa.Integer(), nullable=False),
        sa.Column(
            "state_out",
            sa.Enum("complete", "damaged", "missing", name="componentstate", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("quantity_back", sa.Integer(), nullable=True),
        sa.Column("note_out", sa.String(length=200), nullable=True),
        sa.Column(
            "state_back",
            sa.Enum("complete", "damaged", "missing", name="state_back", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("note_back", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "quantity_out >= 0 AND (quantity_back IS NULL OR quantity_back BETWEEN 0 AND quantity_out)",
            name=op.f("ck_component_counts_not_more_back_than_out"),
        ),
        sa.ForeignKeyConstraint(["line_id"], ["loan_lines.id"], name=op.f("fk_component_counts_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component_counts")),
        sa.UniqueConstraint("line_id", "name", name=op.f("uq_component_counts_line_id_name")),
    )
    _run(WALLS)


def downgrade() -> None:
    _run(TORN_DOWN)
    op.drop_table("component_counts")
    with op.batch_alter_table("loan_lines", schema=None) as batch_op:
        batch_op.drop_index("uq_loan_lines_out", sqlite_where=sa.text("back_at IS NULL"), postgresql_where=sa.text("back_at IS NULL"))
        batch_op.drop_index(batch_op.f("ix_loan_lines_loan_id"))
        batch_op.drop_index(batch_op.f("ix_loan_lines_item_id"))
        batch_op.drop_index("ix_loan_lines_due")

    op.drop_table("loan_lines")
    op.drop_table("handovers")
    op.drop_table("components")
    with op.batch_alter_table("ceremony_turns", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_ceremony_turns_expected", sqlite_where=sa.text("state <> 'absent'"), postgresql_where=sa.text("state <> 'absent'")
        )
        batch_op.drop_index(batch_op.f("ix_ceremony_turns_allocation_id"))

    op.drop_table("ceremony_turns")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_items_state"))
        batch_op.drop_index(batch_op.f("ix_items_product_id"))

    op.drop_table("items")
    with op.batch_alter_table("hardware_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hardware_reports_device_id"))

    op.drop_table("hardware_reports")
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.drop_index("uq_flags_raised", sqlite_where=sa.text("lifted_at IS NULL"), postgresql_where=sa.text("lifted_at IS NULL"))
        batch_op.drop_index(batch_op.f("ix_flags_device_id"))

    op.drop_table("flags")
    with op.batch_alter_table("drive_stays", schema=None) as batch_op:
        batch_op.drop_index("uq_drive_stays_now", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL"))
        batch_op.drop_index(batch_op.f("ix_drive_stays_drive_id"))
        batch_op.drop_index(batch_op.f("ix_drive_stays_device_id"))

    op.drop_table("drive_stays")
    with op.batch_alter_table("check_results", schema=None) as batch_op:
        batch_op.drop_index("ix_check_results_device_question")

    op.drop_table("check_results")
    with op.batch_alter_table("allocations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_allocations_referral", sqlite_where=sa.text("state = 'active'"), postgresql_where=sa.text("state = 'active'")
        )
        batch_op.drop_index("uq_allocations_device", sqlite_where=sa.text("state = 'active'"), postgresql_where=sa.text("state = 'active'"))
        batch_op.drop_index(batch_op.f("ix_allocations_referral_id"))
        batch_op.drop_index(batch_op.f("ix_allocations_device_id"))

    op.drop_table("allocations")
    op.drop_table("donation_lines")
    with op.batch_alter_table("devices", schema=None) as batch_op:
        batch_op.drop_index("uq_devices_serial", sqlite_where=sa.text("serial IS NOT NULL"), postgresql_where=sa.text("serial IS NOT NULL"))
        batch_op.drop_index("ix_devices_state_id")
        batch_op.drop_index(batch_op.f("ix_devices_serial"))
        batch_op.drop_index(batch_op.f("ix_devices_donation_id"))

    op.drop_table("devices")
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tokens_account_id"))

    op.drop_table("tokens")
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.drop_index("ix_referrals_state_submitted")
        batch_op.drop_index(batch_op.f("ix_referrals_partner_id"))

    op.drop_table("referrals")
    with op.batch_alter_table("loans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_loans_state"))
        batch_op.drop_index(batch_op.f("ix_loans_borrower_id"))

    op.drop_table("loans")
    with op.batch_alter_table("donations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_donations_state"))
        batch_op.drop_index(batch_op.f("ix_donations_donor_id"))

    op.drop_table("donations")
    op.drop_table("event_notes")
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_erasures_status"))
        batch_op.drop_index(batch_op.f("ix_erasures_serial"))
        batch_op.drop_index(batch_op.f("ix_erasures_report_id"))
        batch_op.drop_index(batch_op.f("ix_erasures_drive_id"))

    op.drop_table("erasures")
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contacts_organisation_id"))

    op.drop_table("contacts")
    op.drop_table("borrowers")
    op.drop_table("accounts")
    op.drop_table("sites")
    op.drop_table("reference_counters")
    op.drop_table("products")
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.drop_index("ix_papers_subject")

    op.drop_table("papers")
    op.drop_table("paper_numbers")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_organisations_siren", sqlite_where=sa.text("siren IS NOT NULL"), postgresql_where=sa.text("siren IS NOT NULL")
        )
        batch_op.drop_index("uq_organisations_home", sqlite_where=sa.text("is_home"), postgresql_where=sa.text("is_home"))

    op.drop_table("organisations")
    with op.batch_alter_table("failed_tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_failed_tries_who"))
        batch_op.drop_index(batch_op.f("ix_failed_tries_source"))
        batch_op.drop_index(batch_op.f("ix_failed_tries_at"))

    op.drop_table("failed_tries")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_events_at"))

    op.drop_table("events")
    op.drop_table("erasure_reports")
    with op.batch_alter_table("effects", schema=None) as batch_op:
        batch_op.drop_index("ix_effects_due")

    op.drop_table("effects")
    op.drop_table("drives")
    with op.batch_alter_table("codes", schema=None) as batch_op:
        batch_op.drop_index("ix_codes_subject")

    op.drop_table("codes")
    op.drop_table("ceremonies")
    op.drop_table("beneficiaries")
    with op.batch_alter_table("answered_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answered_keys_at"))

    op.drop_table("answered_keys")
