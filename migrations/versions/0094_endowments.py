"""what organisations ask for their own places, and are given"""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None

PAPERS = ("AD", "AE", "BR", "CP", "BP", "CR")
CONVENTIONS = ("partner", "donor", "loan", "other")
STATES = ("asked", "granted", "given", "refused", "withdrawn")
USES = ("free_access", "school", "centre", "hosting", "training", "other")
REFUSALS = ("no_stock", "not_ours", "equipped", "no_convention", "other")
KINDS = (
    "laptop", "desktop", "tablet", "smartphone", "monitor", "printer", "other",
)  # fmt: skip
IS_OPEN = sa.text("closed_at IS NULL")


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _said(table: str, column: str, constraint: str, words: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in words)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{constraint}"), type_="check")
        batch.create_check_constraint(op.f(f"ck_{table}_{constraint}"), f"{column} IN ({said})")


def _papers(kinds: tuple[str, ...]) -> None:
    for table, column in (("papers", "kind"), ("signings", "paper_kind")):
        _said(table, column, "paperkind", kinds)


def _endowments() -> None:
    op.create_table(
        "endowments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", _word("endowmentstate", *STATES), nullable=False),
        sa.Column("use", _word("endowmentuse", *USES), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("refusal", _word("endowmentrefusal", *REFUSALS), nullable=True),
        sa.Column("reason", sa.String(length=300), server_default="", nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("held_until", sa.Date(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=160), nullable=True),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_by", sa.Integer(), nullable=True),
        sa.Column("received_by", sa.String(length=120), nullable=True),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('granted', 'given', 'refused') OR decided_at IS NOT NULL", name=op.f("ck_endowments_decided_some_time")
        ),
        sa.CheckConstraint(
            "state NOT IN ('granted', 'given') OR committee_id IS NOT NULL OR length(reason) > 0",
            name=op.f("ck_endowments_decided_by_somebody"),
        ),
        sa.CheckConstraint("state <> 'refused' OR refusal IS NOT NULL", name=op.f("ck_endowments_refused_with_a_reason")),
        sa.CheckConstraint("state <> 'granted' OR held_until IS NOT NULL", name=op.f("ck_endowments_held_until_some_day")),
        sa.CheckConstraint("state <> 'given' OR handed_at IS NOT NULL", name=op.f("ck_endowments_given_some_time")),
        sa.CheckConstraint("paper_id IS NULL OR handed_at IS NOT NULL", name=op.f("ck_endowments_signed_once_given")),
        sa.ForeignKeyConstraint(["asked_by"], ["accounts.id"], name=op.f("fk_endowments_asked_by")),
        sa.ForeignKeyConstraint(["committee_id"], ["committees.id"], name=op.f("fk_endowments_committee_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_endowments_organisation_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_endowments_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endowments")),
        sa.UniqueConstraint("reference", name=op.f("uq_endowments_reference")),
    )
    for column in ("asked_by", "committee_id", "held_until"):
        op.create_index(op.f(f"ix_endowments_{column}"), "endowments", [column])
    op.create_index("ix_endowments_state", "endowments", ["state", "asked_at", "id"])
    op.create_index("ix_endowments_organisation", "endowments", ["organisation_id", "id"])


def _wishes() -> None:
    op.create_table(
        "endowment_wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endowment_id", sa.Integer(), nullable=False),
        sa.Column("device_kind", _word("devicekind", *KINDS), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("granted", sa.Integer(), nullable=True),
        sa.CheckConstraint("asked >= 0", name=op.f("ck_endowment_wishes_asks_no_less_than_none")),
        sa.CheckConstraint("granted IS NULL OR granted >= 0", name=op.f("ck_endowment_wishes_grants_no_less_than_none")),
        sa.ForeignKeyConstraint(["endowment_id"], ["endowments.id"], name=op.f("fk_endowment_wishes_endowment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endowment_wishes")),
    )
    op.create_index("uq_endowment_wishes_kind", "endowment_wishes", ["endowment_id", "device_kind"], unique=True)


def _lines() -> None:
    op.create_table(
        "endowment_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endowment_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("came_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("came_back_at IS NULL OR closed_at IS NOT NULL", name=op.f("ck_endowment_lines_back_and_closed")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_endowment_lines_device_id")),
        sa.ForeignKeyConstraint(["endowment_id"], ["endowments.id"], name=op.f("fk_endowment_lines_endowment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endowment_lines")),
    )
    op.create_index(op.f("ix_endowment_lines_endowment_id"), "endowment_lines", ["endowment_id"])
    op.create_index("ix_endowment_lines_device", "endowment_lines", ["device_id", "id"])
    op.create_index(
        "uq_endowment_lines_device", "endowment_lines", ["device_id"], unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )


def upgrade() -> None:
    _papers((*PAPERS, "DT"))
    _said("conventions", "kind", "conventionkind", (*CONVENTIONS, "endowment"))
    _endowments()
    _wishes()
    _lines()


def downgrade() -> None:
    for table in ("endowment_lines", "endowment_wishes", "endowments"):
        op.drop_table(table)
    # What was signed about them has no place in the numbers of before; their conventions are about something else.
    for table, column in (("signings", "paper_kind"), ("papers", "kind"), ("paper_numbers", "kind")):
        kept = sa.table(table, sa.column(column))
        op.execute(kept.delete().where(kept.c[column] == "DT"))
    op.execute("UPDATE conventions SET kind = 'other' WHERE kind = 'endowment'")
    _said("conventions", "kind", "conventionkind", CONVENTIONS)
    _papers(PAPERS)
