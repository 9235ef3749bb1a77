"""what people ask about their own data, and more of each look at a file"""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")
BEFORE = (
    "signed_in", "sign_in_failed", "sign_in_slowed", "signed_out", "sessions_ended", "refused", "key_made", "key_revoked", "exported",
    "file_opened", "two_files_opened", "household_looked_up", "invited", "invitation_withdrawn", "invitation_accepted", "roles_changed", "account_closed", "account_reopened",
    "rights_reviewed", "password_changed", "password_forgotten", "factor_added", "factor_removed", "factor_refused", "factor_reset",
    "password_link_given", "address_asked", "address_changed", "identity_linked", "identity_unlinked",
)  # fmt: skip
KINDS = (*BEFORE, "names_listed", "journal_read")


def _logs(kinds: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in kinds)
    with op.batch_alter_table("security_events") as log:
        log.drop_constraint(op.f("ck_security_events_securitykind"), type_="check")
        log.create_check_constraint(op.f("ck_security_events_securitykind"), f"kind IN ({said})")


def upgrade() -> None:
    kind = sa.Enum("access", "rectify", "object", "erase", name="rightkind", native_enum=False, create_constraint=True, length=32)
    way = sa.Enum("counter", "letter", "mail", "phone", name="askedway", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "person_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("way", way, nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=24), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("known_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.CheckConstraint("answer_by >= received_on", name=op.f("ck_person_requests_answered_after_it_came")),
        sa.CheckConstraint("(ended_at IS NULL) = (answer IS NULL)", name=op.f("ck_person_requests_ended_with_an_answer")),
        sa.CheckConstraint("given_at IS NULL OR known_at IS NOT NULL", name=op.f("ck_person_requests_given_to_whoever_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_requests")),
        sa.UniqueConstraint("reference", name=op.f("uq_person_requests_reference")),
    )
    op.create_index("ix_person_requests_open", "person_requests", ["answer_by"], sqlite_where=OPEN, postgresql_where=OPEN)
    _logs(KINDS)
    part = sa.Enum("names", "sheet", name="lookpart", native_enum=False, create_constraint=True, length=32)
    with op.batch_alter_table("security_events") as log:
        log.add_column(sa.Column("part", part, nullable=True))
        log.add_column(sa.Column("network", sa.String(length=60), nullable=True))
        log.add_column(sa.Column("as_role", sa.String(length=24), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("security_events") as log:
        log.drop_constraint(op.f("ck_security_events_lookpart"), type_="check")
        for column in ("as_role", "network", "part"):
            log.drop_column(column)
    op.execute("DELETE FROM security_events WHERE kind IN ('names_listed', 'journal_read')")
    _logs(BEFORE)
    op.drop_table("person_requests")
