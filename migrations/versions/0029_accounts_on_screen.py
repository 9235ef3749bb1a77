"""accounts on screen"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OPEN = sa.text("accepted_at IS NULL AND withdrawn_at IS NULL")
BEFORE = (
    "signed_in", "sign_in_failed", "sign_in_slowed", "signed_out", "sessions_ended", "refused", "key_made", "key_revoked", "exported",
    "file_opened",
)  # fmt: skip
KINDS = (
    *BEFORE, "invited", "invitation_withdrawn", "invitation_accepted", "roles_changed", "account_closed", "account_reopened",
    "rights_reviewed", "password_changed", "password_forgotten",
)  # fmt: skip

SOMEBODY = (
    "EXISTS (SELECT 1 FROM role_grants JOIN accounts ON accounts.id = role_grants.account_id "
    "WHERE role_grants.role = 'admin' AND accounts.is_active)"
)
HERS = "EXISTS (SELECT 1 FROM role_grants WHERE role_grants.account_id = OLD.id AND role_grants.role = 'admin')"
REFUSED = "BEGIN SELECT RAISE(ABORT, 'last_administrator'); END"
WALLS = {
    "sqlite": (
        f"CREATE TRIGGER last_administrator_gone AFTER DELETE ON role_grants WHEN OLD.role = 'admin' AND NOT {SOMEBODY} {REFUSED}",
        (
            "CREATE TRIGGER last_administrator_changed AFTER UPDATE OF role, account_id ON role_grants "
            f"WHEN OLD.role = 'admin' AND NOT {SOMEBODY} {REFUSED}"
        ),
        (
            "CREATE TRIGGER last_administrator_closed AFTER UPDATE OF is_active ON accounts "
            f"WHEN OLD.is_active AND NOT NEW.is_active AND {HERS} AND NOT {SOMEBODY} {REFUSED}"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION keep_an_administrator() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF TG_TABLE_NAME = 'accounts' AND NOT {HERS} THEN RETURN NULL; END IF; "
            f"IF NOT {SOMEBODY} THEN RAISE EXCEPTION 'last_administrator' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "RETURN NULL; END $$"
        ),
        (
            "CREATE TRIGGER last_administrator_gone AFTER DELETE OR UPDATE OF role, account_id ON role_grants FOR EACH ROW "
            "WHEN (OLD.role = 'admin') EXECUTE FUNCTION keep_an_administrator()"
        ),
        (
            "CREATE TRIGGER last_administrator_closed AFTER UPDATE OF is_active ON accounts FOR EACH ROW "
            "WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION keep_an_administrator()"
        ),
    ),
}
TORN_DOWN = {
    "sqlite": (
        "DROP TRIGGER last_administrator_closed", "DROP TRIGGER last_administrator_changed", "DROP TRIGGER last_administrator_gone",
    ),
    "postgresql": (
        "DROP TRIGGER last_administrator_closed ON accounts", "DROP TRIGGER last_administrator_gone ON role_grants",
        "DROP FUNCTION keep_an_administrator()",
    ),
}  # fmt: skip


def _logs(kinds: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in kinds)
    with op.batch_alter_table("security_events") as log:
        log.drop_constraint(op.f("ck_security_events_securitykind"), type_="check")
        log.create_check_constraint(op.f("ck_security_events_securitykind"), f"kind IN ({said})")


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_invitations_email_in_lower_case")),
        sa.CheckConstraint("(accepted_at IS NULL) = (account_id IS NULL)", name=op.f("ck_invitations_accepted_by_somebody")),
        sa.CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_invitations_ended_once")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_invitations_account_id")),
        sa.ForeignKeyConstraint(["invited_by"], ["accounts.id"], name=op.f("fk_invitations_invited_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitations_digest")),
    )
    op.create_index("uq_invitations_open", "invitations", ["email"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "password_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_password_links_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_password_links_digest")),
    )
    op.create_index("ix_password_links_account_id", "password_links", ["account_id"], unique=False)
    op.create_index("ix_password_links_ends_at", "password_links", ["ends_at"], unique=False)
    op.add_column("accounts", sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
    _logs(KINDS)
    for statement in WALLS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in TORN_DOWN[op.get_bind().dialect.name]:
        op.execute(statement)
    log_then = sa.table("security_events", sa.column("kind"))
    op.execute(log_then.delete().where(log_then.c.kind.not_in(BEFORE)))
    _logs(BEFORE)
    op.drop_column("accounts", "reviewed_at")
    op.drop_table("password_links")
    op.drop_table("invitations")
