"""No page of daily work reads a table that grows from one end to the other: every plan goes by an index, on both databases."""

import re

import pytest
from sqlalchemy import event, text

from refurb.kernel.deeds import reads
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from tests.support.story import families, workshop

# The tables that grow with the years. A count of pending changes, a few people, a few parts may be read whole.
GROWING = (
    *("devices", "events", "device_targets", "drives", "drive_stays", "donations", "kept_counts"),
    *("referrals", "allocations", "handovers", "loans", "loan_lines"),
)
PAGES = {
    Role.TECHNICIAN: ("/", "/atelier/tableau", "/atelier/tableau?nature=laptop", "/atelier/tableau?vue=liste"),
    Role.COORDINATOR: (
        "/",
        "/attente",
        "/remises",
        "/chiffres",
        "/chiffres/atelier",
        "/appareils",
        "/appareils?etat=ready",
        "/appareils?nature=laptop",
        "/appareils?categorie=B",
        "/appareils?tri=categorie",
        "/appareils?tri=entree",
        "/appareils?etat=ready&tri=depuis",
        "/appareils?etat=ready&nature=laptop&tri=-depuis",
        "/supports?ou=tous&tri=repere",
        "/remises?tri=-attribue",
    ),
    Role.DESK: ("/prets", "/prets?quoi=en-retard", "/prets?quoi=rendus", "/prets?tri=-echeance", "/prets?quoi=rendus&tri=rendu"),
    Role.OBSERVER: ("/",),
    Role.PRESCRIBER: ("/",),
}


@pytest.fixture
def stock(app):
    with app.app_context():
        workshop.ready_laptop()
        workshop.laptop()
        families.handed_over()
        families.waiting()
    return app


def asked(app, client, path):
    """The statements that a page asks, with what it asks for: by the ORM's session, and by the prepared reads beside it."""
    heard = []

    def hear(_connection, _cursor, statement, parameters, _context, _many):
        heard.append((statement, parameters))

    def hear_read(connection, dialect, statement, values, take):
        heard.append((statement, tuple(values) if isinstance(values, list) else values))
        return read(connection, dialect, statement, values, take)

    with app.app_context():
        engine = db.engine
    read, reads._on = reads._on, hear_read
    event.listen(engine, "before_cursor_execute", hear)
    try:
        client.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", hear)
        reads._on = read
    return [each for each in heard if each[0].lstrip().upper().startswith(("SELECT", "WITH"))]


def scans(connection, statement, parameters):
    """The growing tables that the plan of a statement reads whole."""
    if connection.dialect.name == "sqlite":
        aliases = dict(re.findall(r"(?:FROM|JOIN|,) (\w+) AS (\w+)", statement))
        names = {alias: table for table, alias in aliases.items()}
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        if "LIMIT" in statement and not any("ORDER BY" in step or "GROUP BY" in step for step in plan):
            return []  # The newest: the table is read from its end, as far as a page goes.
        read = [found[1] for step in plan if (found := re.match(r"SCAN (\w+)", step)) and " USING " not in step]
        return [table for each in read if (table := names.get(each, each)) in GROWING]
    plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
    return [found[1] for (line,) in plan if (found := re.search(r"Seq Scan on (\w+)", line)) and found[1] in GROWING]


def test_no_page_of_daily_work_reads_a_growing_table_whole(stock, signed_in):
    found = {}
    for role, paths in PAGES.items():
        client = signed_in(role)
        for path in paths:
            client.get(path)
            statements = asked(stock, client, path)
            assert statements, path
            with stock.app_context(), db.engine.connect() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SET enable_seqscan = off"))  # Of three rows, a scan is the better plan.
                found |= {(path, table, each[0]): each for each in statements for table in scans(connection, *each)}
    assert sorted(found) == []
