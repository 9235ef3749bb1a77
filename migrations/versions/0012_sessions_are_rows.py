"""sessions are rows"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KINDS = (
    "signed_in", "sign_in_failed", "sign_in_slowed", "signed_out", "sessions_ended", "refused", "key_made", "key_revoked", "exported",
    "file_opened",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("browser", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_sessions_digest")),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"], unique=False)
    op.create_table(
        "sign_in_lanes",
        sa.Column("lane", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_sign_in_lanes")),
    )
    op.create_index("ix_sign_in_lanes_last_at", "sign_in_lanes", ["last_at"], unique=False)
    op.create_table(
        "security_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Enum(*KINDS, name="securitykind", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("by_token", sa.Boolean(), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_events")),
    )
    op.create_index("ix_security_events_at", "security_events", ["at"], unique=False)
    op.create_index("ix_security_events_account_id", "security_events", ["account_id"], unique=False)
    op.drop_table("failed_tries")
    # Sessions end with their rows: the stamp that ended all of an account's has nothing left to do.
    op.drop_column("accounts", "stamp")
    # In one statement, as both databases understand it: SQLite adds no constraint to a table that stands.
    op.execute(
        "ALTER TABLE tokens ADD COLUMN door VARCHAR(32) DEFAULT 'agent' NOT NULL CONSTRAINT ck_tokens_door CHECK (door IN ('agent', 'api'))"
    )
    op.add_column("tokens", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
    tokens = sa.table("tokens", sa.column("role"), sa.column("door"), sa.column("ends_at", sa.DateTime(timezone=True)))
    op.execute(tokens.update().where(tokens.c.role != "station").values(door="api"))
    op.execute(tokens.update().values(ends_at=datetime.now(UTC) + timedelta(days=365)))


def downgrade() -> None:
    op.drop_column("tokens", "ends_at")
    op.drop_column("tokens", "door")
    op.add_column("accounts", sa.Column("stamp", sa.String(length=32), nullable=False, server_default=""))
    op.create_table(
        "failed_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_tries")),
    )
    for column in ("at", "source", "who"):
        op.create_index(f"ix_failed_tries_{column}", "failed_tries", [column], unique=False)
    op.drop_table("security_events")
    op.drop_table("sign_in_lanes")
    op.drop_table("sessions")
