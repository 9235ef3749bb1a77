"""households"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from refurb.kernel.deeds.walls import install, statements_in

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

BEFORE = (
    "signed_in", "sign_in_failed", "sign_in_slowed", "signed_out", "sessions_ended", "refused", "key_made", "key_revoked", "exported",
    "file_opened", "invited", "invitation_withdrawn", "invitation_accepted", "roles_changed", "account_closed", "account_reopened",
    "rights_reviewed", "password_changed", "password_forgotten", "factor_added", "factor_removed", "factor_refused", "factor_reset",
    "password_link_given", "address_asked", "address_changed", "identity_linked", "identity_unlinked",
)  # fmt: skip
KINDS = (*BEFORE[:10], "two_files_opened", "household_looked_up", *BEFORE[10:])
HASHES = ("name", "reach", "sound", "first_name", "sound_and_reach")
OPEN = sa.text("verdict IS NULL")
KEY = "fk_beneficiaries_household_id"
SQL = Path(__file__).parents[1] / "sql"


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _logs(kinds: tuple[str, ...]) -> None:
    said = ", ".join(f"'{each}'" for each in kinds)
    with op.batch_alter_table("security_events") as log:
        log.drop_constraint(op.f("ck_security_events_securitykind"), type_="check")
        log.create_check_constraint(op.f("ck_security_events_securitykind"), f"kind IN ({said})")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _one_for_each() -> None:
    """Whoever was written down before has a household of her own, of the same number; the worker makes its hashes, since it has the key.

    On SQLite the column is said in SQL: the table would be made anew otherwise, without its triggers. Its default is no household.
    """
    op.execute("INSERT INTO households (id, created_at) SELECT person.id, coalesce((SELECT min(asked.created_at) FROM referrals AS asked "
               "WHERE asked.beneficiary_id = person.id), CURRENT_TIMESTAMP) FROM beneficiaries AS person")  # fmt: skip
    if _is_sqlite():
        op.execute(
            f"ALTER TABLE beneficiaries ADD COLUMN household_id INTEGER DEFAULT '0' NOT NULL CONSTRAINT {KEY} REFERENCES households (id)"
        )
        op.execute("UPDATE beneficiaries SET household_id = id")
    else:
        op.execute("SELECT setval(pg_get_serial_sequence('households', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM households), false)")
        op.add_column("beneficiaries", sa.Column("household_id", sa.Integer(), nullable=True))
        op.execute("UPDATE beneficiaries SET household_id = id")
        op.alter_column("beneficiaries", "household_id", nullable=False)
        op.create_foreign_key(KEY, "beneficiaries", "households", ["household_id"], ["id"])
    op.create_index("ix_beneficiaries_household_id", "beneficiaries", ["household_id"])


def upgrade() -> None:
    op.create_table(
        "households",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("hashed_by", sa.String(length=8), nullable=True),
        sa.Column("hashes_forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_households_merged_into_another")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["households.id"], name=op.f("fk_households_merged_into_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
    )
    op.create_index("ix_households_merged_into", "households", ["merged_into_id"])
    op.create_table(
        "household_hashes",
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", _words("hashkind", *HASHES), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["households.id"], name=op.f("fk_household_hashes_household_id")),
        sa.PrimaryKeyConstraint("household_id", "digest", name=op.f("pk_household_hashes")),
    )
    op.create_index("ix_household_hashes_digest", "household_hashes", ["digest"])
    op.create_table(
        "household_likenesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", _words("householdverdict", "one", "two"), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_household_likenesses_in_order")),
        sa.CheckConstraint("(verdict IS NULL) = (settled_at IS NULL)", name=op.f("ck_household_likenesses_settled_at_some_time")),
        sa.ForeignKeyConstraint(["first_id"], ["households.id"], name=op.f("fk_household_likenesses_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["households.id"], name=op.f("fk_household_likenesses_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_likenesses")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_household_likenesses_first_id_second_id")),
    )
    op.create_index("ix_household_likenesses_open", "household_likenesses", ["found_at", "id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_household_likenesses_second", "household_likenesses", ["second_id"])
    op.create_table(
        "likenesses_told",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", _words("householdanswer", "same", "other", "unknown"), nullable=True),
        sa.Column("word", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_likenesses_told_referral_id")),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_likenesses_told")),
    )
    _one_for_each()
    install(op.get_bind(), (statements_in(SQL, f"{revision}_households"),))
    _logs(KINDS)


def downgrade() -> None:
    log_then = sa.table("security_events", sa.column("kind"))
    op.execute(log_then.delete().where(log_then.c.kind.not_in(BEFORE)))
    _logs(BEFORE)
    op.drop_index("ix_beneficiaries_household_id", table_name="beneficiaries")
    if _is_sqlite():
        op.execute("ALTER TABLE beneficiaries DROP COLUMN household_id")
        op.execute("DROP TRIGGER households_merge")
    else:
        op.drop_constraint(KEY, "beneficiaries", type_="foreignkey")
        op.drop_column("beneficiaries", "household_id")
        op.execute("DROP TRIGGER households_merge ON households")
        op.execute("DROP FUNCTION households_merge()")
    for table in ("likenesses_told", "household_likenesses", "household_hashes", "households"):
        op.drop_table(table)
