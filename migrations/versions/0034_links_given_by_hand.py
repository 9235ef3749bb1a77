"""links given by hand"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

BEFORE = (
    "signed_in", "sign_in_failed", "sign_in_slowed", "signed_out", "sessions_ended", "refused", "key_made", "key_revoked", "exported",
    "file_opened", "invited", "invitation_withdrawn", "invitation_accepted", "roles_changed", "account_closed", "account_reopened",
    "rights_reviewed", "password_changed", "password_forgotten", "factor_added", "factor_removed", "factor_refused", "factor_reset",
)  # fmt: skip
KINDS = (*BEFORE, "password_link_given")


def _logs(kinds: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in kinds)
    with op.batch_alter_table("security_events") as log:
        log.drop_constraint(op.f("ck_security_events_securitykind"), type_="check")
        log.create_check_constraint(op.f("ck_security_events_securitykind"), f"kind IN ({said})")


def upgrade() -> None:
    with op.batch_alter_table("password_links") as links:
        links.add_column(sa.Column("given_by", sa.Integer(), nullable=True))
        links.create_foreign_key(op.f("fk_password_links_given_by"), "accounts", ["given_by"], ["id"])
    _logs(KINDS)


def downgrade() -> None:
    log_then = sa.table("security_events", sa.column("kind"))
    op.execute(log_then.delete().where(log_then.c.kind.not_in(BEFORE)))
    _logs(BEFORE)
    with op.batch_alter_table("password_links") as links:
        links.drop_constraint(op.f("fk_password_links_given_by"), type_="foreignkey")
        links.drop_column("given_by")
