"""several roles"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BEFORE = ("admin", "coordinator", "technician", "desk", "prescriber", "observer", "station")
ROLES = (
    "admin", "coordinator", "technician", "dock", "desk", "adviser", "organiser", "visitor", "trainer", "member", "prescriber", "referent",
    "facilitator", "observer", "station",
)  # fmt: skip
UNBOUND = sa.text("organisation_id IS NULL")
# What is left where there was one role for each: the first that was given, of those that there were.
FIRST = """
UPDATE accounts SET
    role = COALESCE((SELECT role FROM role_grants WHERE account_id = accounts.id AND role IN ({roles}) ORDER BY id LIMIT 1), 'observer'),
    organisation_id = (SELECT organisation_id FROM role_grants
        WHERE account_id = accounts.id AND organisation_id IS NOT NULL ORDER BY id LIMIT 1)
"""


def _one_of(roles: tuple[str, ...]) -> str:
    return ", ".join(f"'{each}'" for each in roles)


def _role(roles: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*roles, name="role", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "role_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", _role(ROLES), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(role IN ('prescriber', 'referent', 'facilitator')) = (organisation_id IS NOT NULL)",
            name=op.f("ck_role_grants_bound_to_organisation"),
        ),
        sa.CheckConstraint("role <> 'station'", name=op.f("ck_role_grants_no_person_is_a_bench")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_role_grants_account_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_role_grants_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
        sa.UniqueConstraint("account_id", "role", "organisation_id", name=op.f("uq_role_grants_account_id_role_organisation_id")),
    )
    op.create_index("ix_role_grants_organisation_id", "role_grants", ["organisation_id"], unique=False)
    op.create_index(
        "uq_role_grants_unbound", "role_grants", ["account_id", "role"], unique=True, sqlite_where=UNBOUND, postgresql_where=UNBOUND
    )
    op.execute(
        "INSERT INTO role_grants (account_id, role, organisation_id, granted_at) "
        "SELECT id, role, CASE WHEN role = 'prescriber' THEN organisation_id END, created_at FROM accounts WHERE role <> 'station' ORDER BY id"
    )
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_constraint(op.f("ck_accounts_prescriber_has_organisation"), type_="check")
        accounts.drop_constraint(op.f("ck_accounts_role"), type_="check")
        accounts.drop_constraint(op.f("fk_accounts_organisation_id"), type_="foreignkey")
        accounts.drop_column("organisation_id")
        accounts.drop_column("role")
        accounts.add_column(sa.Column("working_role", sa.String(length=32), nullable=True))
        accounts.create_check_constraint(op.f("ck_accounts_role"), f"working_role IN ({_one_of(ROLES)})")
    with op.batch_alter_table("tokens") as tokens:
        tokens.drop_constraint(op.f("ck_tokens_role"), type_="check")
        tokens.create_check_constraint(op.f("ck_tokens_role"), f"role IN ({_one_of(ROLES)})")
    op.add_column("events", sa.Column("as_role", sa.String(length=24), nullable=True))


def downgrade() -> None:
    # The events keep what they say and lose the title; a chain that was written with one does not verify any more.
    op.drop_column("events", "as_role")
    tokens_then = sa.table("tokens", sa.column("role"), sa.column("door"), sa.column("door_kept"))
    op.execute(tokens_then.delete().where(tokens_then.c.role.not_in(BEFORE)))
    # Made anew, SQLite's table has the door's CHECK apart from its column, where the revision that added both does not take it away.
    op.add_column("tokens", sa.Column("door_kept", sa.String(length=32), nullable=True))
    op.execute(tokens_then.update().values(door_kept=tokens_then.c.door))
    with op.batch_alter_table("tokens") as tokens:
        tokens.drop_constraint(op.f("ck_tokens_role"), type_="check")
        tokens.create_check_constraint(op.f("ck_tokens_role"), f"role IN ({_one_of(BEFORE)})")
        tokens.drop_constraint(op.f("ck_tokens_door"), type_="check")
        tokens.drop_column("door")
    op.execute(
        "ALTER TABLE tokens ADD COLUMN door VARCHAR(32) DEFAULT 'agent' NOT NULL CONSTRAINT ck_tokens_door CHECK (door IN ('agent', 'api'))"
    )
    op.execute(tokens_then.update().values(door=tokens_then.c.door_kept))
    op.drop_column("tokens", "door_kept")
    with op.batch_alter_table("accounts") as accounts:
        accounts.drop_constraint(op.f("ck_accounts_role"), type_="check")
        accounts.drop_column("working_role")
        accounts.add_column(sa.Column("role", sa.String(length=32), nullable=False, server_default="observer"))
        accounts.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
    op.execute(FIRST.format(roles=_one_of(BEFORE)))
    with op.batch_alter_table("accounts") as accounts:
        accounts.alter_column("role", server_default=None)
        accounts.create_foreign_key(op.f("fk_accounts_organisation_id"), "organisations", ["organisation_id"], ["id"])
        accounts.create_check_constraint(op.f("ck_accounts_role"), f"role IN ({_one_of(BEFORE)})")
        accounts.create_check_constraint(
            op.f("ck_accounts_prescriber_has_organisation"), "role <> 'prescriber' OR organisation_id IS NOT NULL"
        )
    op.drop_table("role_grants")
