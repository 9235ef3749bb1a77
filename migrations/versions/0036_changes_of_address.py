"""changes of address"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

BEFORE = (
    "signed_in", "sign_in_failed", "sign_in_slowed", "signed_out", "sessions_ended", "refused", "key_made", "key_revoked", "exported",
    "file_opened", "invited", "invitation_withdrawn", "invitation_accepted", "roles_changed", "account_closed", "account_reopened",
    "rights_reviewed", "password_changed", "password_forgotten", "factor_added", "factor_removed", "factor_refused", "factor_reset",
    "password_link_given",
)  # fmt: skip
KINDS = (*BEFORE, "address_asked", "address_changed")


def _logs(kinds: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in kinds)
    with op.batch_alter_table("security_events") as log:
        log.drop_constraint(op.f("ck_security_events_securitykind"), type_="check")
        log.create_check_constraint(op.f("ck_security_events_securitykind"), f"kind IN ({said})")


def upgrade() -> None:
    op.create_table(
        "address_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_address_changes_email_in_lower_case")),
        sa.CheckConstraint("email <> before", name=op.f("ck_address_changes_to_another")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_address_changes_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_changes")),
        sa.UniqueConstraint("digest", name=op.f("uq_address_changes_digest")),
    )
    op.create_index("ix_address_changes_account_id", "address_changes", ["account_id"], unique=False)
    op.create_index("ix_address_changes_ends_at", "address_changes", ["ends_at"], unique=False)
    _logs(KINDS)


def downgrade() -> None:
    log_then = sa.table("security_events", sa.column("kind"))
    op.execute(log_then.delete().where(log_then.c.kind.not_in(BEFORE)))
    _logs(BEFORE)
    op.drop_table("address_changes")
