"""what a donor says of the data inside, and what a wipe has to reach for them"""

from pathlib import Path

from alembic import op

from refurb.kernel.deeds.walls import install, statements_in

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    # In SQL: made anew, the table would lose the triggers that keep it counted.
    op.execute(
        f"ALTER TABLE donations ADD COLUMN data_impact VARCHAR(32) CONSTRAINT {op.f('ck_donations_dataimpact')} "
        "CHECK (data_impact IN ('1', '2', '3'))"
    )
    op.execute(
        f"ALTER TABLE donations ADD COLUMN least_level VARCHAR(8) CONSTRAINT {op.f('ck_donations_least_level_is_one')} "
        "CHECK (least_level IN ('clear', 'purge', 'destroy')) "
        f"CONSTRAINT {op.f('ck_donations_impact_asks_for_a_level')} CHECK ((data_impact IS NULL) = (least_level IS NULL))"
    )
    op.execute("ALTER TABLE donations ADD COLUMN reads_all_back BOOLEAN DEFAULT false NOT NULL")
    install(op.get_bind(), (statements_in(SQL, "0102_data_impact"),))


def downgrade() -> None:
    for wall in ("erasures_data_impact", "erasures_data_impact_at_once"):
        op.execute(f"DROP TRIGGER {wall}" + (" ON erasures" if op.get_bind().dialect.name == "postgresql" else ""))
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {wall}()")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE donations DROP CONSTRAINT ck_donations_impact_asks_for_a_level")
    for column in ("reads_all_back", "least_level", "data_impact"):
        op.execute(f"ALTER TABLE donations DROP COLUMN {column}")
