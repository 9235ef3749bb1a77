"""committees"""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

BEFORE = ("AD", "AE", "BR", "CP", "BP")
KINDS = (*BEFORE, "CR")
VERDICTS = ("allocate", "reserve", "later", "refuse")
REASONS = (
    "in_order", "urgent", "postponed_before", "quota_full", "no_stock", "information", "next_time", "already_equipped",
    "outside_territory", "duplicate", "no_answer", "other",
)  # fmt: skip
OPEN = sa.text("is_open")
SEATED = sa.text("seat <> 'member'")


def _word(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _papers(kinds: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in kinds)
    for table, column in (("papers", "kind"), ("signings", "paper_kind")):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_paperkind"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_paperkind"), f"{column} IN ({said})")


def _committees() -> None:
    op.create_table(
        "committees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("least_present", sa.Integer(), nullable=False),
        sa.Column("state", _word("committeestate", ("prepared", "in_session", "closed", "cancelled")), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("policy_version", sa.String(length=12), nullable=True),
        sa.Column("quotas_version", sa.String(length=12), nullable=True),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_committees_closed_at_some_time")),
        sa.CheckConstraint("(state = 'closed') = (paper_id IS NOT NULL)", name=op.f("ck_committees_closed_with_minutes")),
        sa.CheckConstraint(
            "state NOT IN ('in_session', 'closed') OR opened_at IS NOT NULL", name=op.f("ck_committees_opened_at_some_time")
        ),
        sa.CheckConstraint("least_present > 0", name=op.f("ck_committees_somebody_decides")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_committees_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committees")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_committees_paper_id")),
    )
    op.create_index("ix_committees_starts_at", "committees", ["starts_at", "id"])


def _members() -> None:
    op.create_table(
        "committee_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("seat", _word("seat", ("chair", "secretary", "member")), nullable=False),
        sa.Column("comes", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_committee_members_account_id")),
        sa.ForeignKeyConstraint(["committee_id"], ["committees.id"], name=op.f("fk_committee_members_committee_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_committee_members_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_members")),
        sa.UniqueConstraint("committee_id", "account_id", name=op.f("uq_committee_members_committee_id_account_id")),
    )
    for column in ("account_id", "committee_id", "organisation_id"):
        op.create_index(f"ix_committee_members_{column}", "committee_members", [column])
    op.create_index(
        "uq_committee_members_seat", "committee_members", ["committee_id", "seat"], unique=True, sqlite_where=SEATED,
        postgresql_where=SEATED,
    )  # fmt: skip


def _lines() -> None:
    op.create_table(
        "committee_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("committee_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("proposal", _word("proposal", VERDICTS), nullable=False),
        sa.Column("proposal_reason", _word("proposal_reason", REASONS), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("added_because", sa.String(length=200), nullable=True),
        sa.Column("policy_version", sa.String(length=12), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("verdict", _word("verdict", VERDICTS), nullable=True),
        sa.Column("reason", _word("reason", REASONS), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("question", sa.String(length=500), nullable=True),
        sa.Column("over_quota", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("allocation_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("position > 0", name=op.f("ck_committee_lines_positions_begin_at_one")),
        sa.CheckConstraint("(verdict IS NULL) = (reason IS NULL)", name=op.f("ck_committee_lines_decided_with_a_reason")),
        sa.CheckConstraint("(verdict IS NULL) = (decided_at IS NULL)", name=op.f("ck_committee_lines_decided_at_some_time")),
        sa.CheckConstraint(
            "verdict IS NULL OR (verdict = 'allocate') = (device_id IS NOT NULL)", name=op.f("ck_committee_lines_allocates_a_device")
        ),
        sa.CheckConstraint(
            "NOT over_quota OR (note IS NOT NULL AND length(note) > 0)", name=op.f("ck_committee_lines_over_quota_has_reason")
        ),
        sa.CheckConstraint("allocation_id IS NULL OR verdict = 'allocate'", name=op.f("ck_committee_lines_allocated_by_decision")),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocations.id"], name=op.f("fk_committee_lines_allocation_id")),
        sa.ForeignKeyConstraint(["committee_id"], ["committees.id"], name=op.f("fk_committee_lines_committee_id")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_committee_lines_device_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_committee_lines_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_lines")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_committee_lines_allocation_id")),
        sa.UniqueConstraint("committee_id", "position", name=op.f("uq_committee_lines_committee_id_position")),
    )
    for column in ("device_id", "referral_id"):
        op.create_index(f"ix_committee_lines_{column}", "committee_lines", [column])
    for name, column in (("file", "referral_id"), ("device", "device_id")):
        op.create_index(
            f"uq_committee_lines_{name}", "committee_lines", [column], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        )  # fmt: skip


def _recusals() -> None:
    op.create_table(
        "committee_recusals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["committee_lines.id"], name=op.f("fk_committee_recusals_line_id")),
        sa.ForeignKeyConstraint(["member_id"], ["committee_members.id"], name=op.f("fk_committee_recusals_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_recusals")),
        sa.UniqueConstraint("line_id", "member_id", name=op.f("uq_committee_recusals_line_id_member_id")),
    )
    op.create_index("ix_committee_recusals_member_id", "committee_recusals", ["member_id"])


def upgrade() -> None:
    _papers(KINDS)
    _committees()
    _members()
    _lines()
    _recusals()


def downgrade() -> None:
    for table in ("committee_recusals", "committee_lines", "committee_members", "committees"):
        op.drop_table(table)
    # Minutes have no place in the numbers of before.
    for table, column in (("signings", "paper_kind"), ("papers", "kind"), ("paper_numbers", "kind")):
        kept = sa.table(table, sa.column(column))
        op.execute(kept.delete().where(kept.c[column] == "CR"))
    _papers(BEFORE)
