"""what is given away or used up, counted at each place; debts told to the office are found"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from refurb.kernel.deeds.walls import install, statements_in

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "sql"
HANDED = sa.text("handed_at IS NOT NULL")
ITS_WAY = "(kind = 'received' AND delta > 0) OR (kind = 'given' AND delta < 0) OR kind = 'counted'"


def upgrade() -> None:
    op.create_table(
        "supplies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("search", sa.String(400), nullable=False),
        sa.Column("unit", sa.String(24), nullable=False),
        sa.Column("low_at", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("low_at >= 0", name=op.f("ck_supplies_low_at_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplies")),
        sa.UniqueConstraint("search", name=op.f("uq_supplies_search")),
    )
    op.create_table(
        "supply_stocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supply_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("here", sa.Integer(), nullable=False),
        sa.CheckConstraint("here >= 0", name=op.f("ck_supply_stocks_not_negative")),
        sa.ForeignKeyConstraint(["supply_id"], ["supplies.id"], name=op.f("fk_supply_stocks_supply_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_supply_stocks_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_stocks")),
        sa.UniqueConstraint("supply_id", "site_id", name=op.f("uq_supply_stocks_supply_id_site_id")),
    )
    kinds = sa.Enum("received", "given", "counted", name="supplymovekind", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "supply_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supply_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("here_after", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(ITS_WAY, name=op.f("ck_supply_moves_goes_its_way")),
        sa.CheckConstraint("kind <> 'counted' OR reason IS NOT NULL", name=op.f("ck_supply_moves_a_recount_says_why")),
        sa.CheckConstraint("here_after >= 0", name=op.f("ck_supply_moves_leaves_no_less_than_nothing")),
        sa.ForeignKeyConstraint(["supply_id"], ["supplies.id"], name=op.f("fk_supply_moves_supply_id")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_supply_moves_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_moves")),
    )
    op.create_index("ix_supply_moves_of", "supply_moves", ["supply_id", "id"])
    install(op.get_bind(), (statements_in(SQL, "supply_moves"),))
    op.create_index("ix_debts_handed", "debts", ["handed_at"], sqlite_where=HANDED, postgresql_where=HANDED)


def downgrade() -> None:
    op.drop_index("ix_debts_handed", table_name="debts")
    op.drop_table("supply_moves")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION supply_moves_refuse()")
    op.drop_table("supply_stocks")
    op.drop_table("supplies")
