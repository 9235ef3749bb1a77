"""second factor"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

BEFORE = (
    "signed_in", "sign_in_failed", "sign_in_slowed", "signed_out", "sessions_ended", "refused", "key_made", "key_revoked", "exported",
    "file_opened", "invited", "invitation_withdrawn", "invitation_accepted", "roles_changed", "account_closed", "account_reopened",
    "rights_reviewed", "password_changed", "password_forgotten",
)  # fmt: skip
KINDS = (*BEFORE, "factor_added", "factor_removed", "factor_refused", "factor_reset")
PROOF = "proved_at IS NULL OR proved"


def _logs(kinds: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in kinds)
    with op.batch_alter_table("security_events") as log:
        log.drop_constraint(op.f("ck_security_events_securitykind"), type_="check")
        log.create_check_constraint(op.f("ck_security_events_securitykind"), f"kind IN ({said})")


def upgrade() -> None:
    op.create_table(
        "authenticators",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(length=400), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_step >= 0", name=op.f("ck_authenticators_steps_are_counted")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_authenticators_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_authenticators")),
    )
    op.create_table(
        "card_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_card_codes_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_codes")),
        sa.UniqueConstraint("account_id", "digest", name=op.f("uq_card_codes_account_id_digest")),
    )
    op.create_index("ix_card_codes_account_id", "card_codes", ["account_id"], unique=False)
    op.create_table(
        "trusted_browsers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_trusted_browsers_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_browsers")),
        sa.UniqueConstraint("digest", name=op.f("uq_trusted_browsers_digest")),
    )
    op.create_index("ix_trusted_browsers_account_id", "trusted_browsers", ["account_id"], unique=False)
    op.create_index("ix_trusted_browsers_ends_at", "trusted_browsers", ["ends_at"], unique=False)
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("proved", sa.Boolean(), server_default=sa.false(), nullable=False))
        sessions.add_column(sa.Column("proved_at", sa.DateTime(timezone=True), nullable=True))
        sessions.create_check_constraint(op.f("ck_sessions_proof_has_its_hour"), PROOF)
    _logs(KINDS)


def downgrade() -> None:
    log_then = sa.table("security_events", sa.column("kind"))
    op.execute(log_then.delete().where(log_then.c.kind.not_in(BEFORE)))
    _logs(BEFORE)
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_constraint(op.f("ck_sessions_proof_has_its_hour"), type_="check")
        sessions.drop_column("proved_at")
        sessions.drop_column("proved")
    op.drop_table("trusted_browsers")
    op.drop_table("card_codes")
    op.drop_table("authenticators")
