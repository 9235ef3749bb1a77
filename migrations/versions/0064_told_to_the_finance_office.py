"""what the finance office was told of"""

from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Said in SQL: the table is not made anew.
    moment = "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    op.execute(f"ALTER TABLE debts ADD COLUMN handed_at {moment}")
    op.execute(
        "ALTER TABLE debts ADD COLUMN handed_by INTEGER"
        " CONSTRAINT ck_debts_handed_by_somebody CHECK ((handed_at IS NULL) = (handed_by IS NULL))"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_debts_handed_by_somebody"), "debts", type_="check")
    op.execute("ALTER TABLE debts DROP COLUMN handed_by")
    op.execute("ALTER TABLE debts DROP COLUMN handed_at")
