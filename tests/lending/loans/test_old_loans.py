"""What loans of before left is owed, and broken, as far as the rows say so; what was issued stays signed as it was."""

from alembic import command
from sqlalchemy import text

from refurb.kernel.deeds.database import db
from tests.architecture.test_migrations import config, migrating

__all__ = ["migrating"]

WHEN = "2026-09-01 07:30:00+00:00"


def put(connection, table, **row):
    names = ", ".join(row)
    places = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), row)


def old_loans(connection):
    """Five things that came back: whole, less a charger, broken, lost, lost and found again."""
    put(connection, "products", id=1, name="Tablette", category="tablet")
    put(connection, "codes", code="JQYDKZY9", subject_kind="borrower", subject_id=1)
    put(connection, "borrowers", id=1, code="JQYDKZY9", name="Ali", is_adult=True, phone="+33549000000", created_at=WHEN, search="ali")
    put(connection, "loans", id=1, reference="PR-2026-0001", borrower_id=1, state="closed", started_at=WHEN, policy_version="x")
    states = ("available", "incomplete", "to_check", "lost", "available")
    for number, (code, state) in enumerate(zip(("2222222B", "3333333C", "4444444D", "5555555F", "6666666G"), states, strict=True), start=1):
        lost = number > 3
        put(connection, "codes", code=code, subject_kind="item", subject_id=number)
        put(connection, "items", id=number, code=code, product_id=1, state=state, name=f"T{number}", search="t")
        put(connection, "loan_lines", id=number, loan_id=1, item_id=number, out_at=WHEN, due_on="2026-10-01", back_at=WHEN, lost=lost)
        gone = lost or number == 2
        put(
            connection, "component_counts", id=number, line_id=number, name="Chargeur", value_cents=1900 if number != 4 else None,
            quantity_expected=2, quantity_out=2, state_out="complete", quantity_back=0 if lost else 1 if gone else 2,
            state_back="missing" if gone else "damaged" if number == 3 else "complete", note_back="cassé" if number == 3 else None,
        )  # fmt: skip


def test_what_they_left_is_told_as_it_stands(migrating):
    command.upgrade(config(migrating), "0009")
    with db.engine.begin() as connection:
        old_loans(connection)
    command.upgrade(config(migrating), "0010")
    with db.engine.connect() as connection:
        debts = "SELECT line_id, kind, name, quantity, value_cents, settled_how FROM debts ORDER BY line_id"
        assert [tuple(row) for row in connection.execute(text(debts))] == [
            (2, "missing", "Chargeur", 1, 1900, None),
            (4, "lost", "Chargeur", 2, None, None),
            (5, "lost", "Chargeur", 2, 3800, "found"),
        ]
        damages = "SELECT item_id, component, note, ended_how FROM damages"
        assert [tuple(row) for row in connection.execute(text(damages))] == [(3, "Chargeur", "cassé", None)]
