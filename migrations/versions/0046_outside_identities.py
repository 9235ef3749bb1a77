"""identities at other services"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

BEFORE = (
    "signed_in", "sign_in_failed", "sign_in_slowed", "signed_out", "sessions_ended", "refused", "key_made", "key_revoked", "exported",
    "file_opened", "invited", "invitation_withdrawn", "invitation_accepted", "roles_changed", "account_closed", "account_reopened",
    "rights_reviewed", "password_changed", "password_forgotten", "factor_added", "factor_removed", "factor_refused", "factor_reset",
    "password_link_given", "address_asked", "address_changed",
)  # fmt: skip
KINDS = (*BEFORE, "identity_linked", "identity_unlinked")


def _logs(kinds: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in kinds)
    with op.batch_alter_table("security_events") as log:
        log.drop_constraint(op.f("ck_security_events_securitykind"), type_="check")
        log.create_check_constraint(op.f("ck_security_events_securitykind"), f"kind IN ({said})")


def upgrade() -> None:
    op.create_table(
        "outside_identities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("subject <> ''", name=op.f("ck_outside_identities_is_somebody")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_outside_identities_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_identities")),
        sa.UniqueConstraint("account_id", "issuer", name=op.f("uq_outside_identities_account_id_issuer")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_outside_identities_issuer_subject")),
    )
    op.create_index("ix_outside_identities_account_id", "outside_identities", ["account_id"], unique=False)
    _logs(KINDS)


def downgrade() -> None:
    log_then = sa.table("security_events", sa.column("kind"))
    op.execute(log_then.delete().where(log_then.c.kind.not_in(BEFORE)))
    _logs(BEFORE)
    op.drop_table("outside_identities")
