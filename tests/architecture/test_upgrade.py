"""What a territory has written survives the migrations: rows of the first revision, carried to today's and back."""

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from refurb.kernel.deeds.counts import differences
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import broken_links
from refurb.referrals.cases.counts import COUNTS as REFERRAL_COUNTS
from tests.architecture.test_migrations import config, migrating

__all__ = ["migrating"]

WHEN = "2026-09-01 07:30:00+00:00"
# One row of each table of the workshop, as the first revision kept them; invented.
ROWS = {
    "organisations": {
        "id": 1, "name": "Vrai Semblant", "is_home": False, "is_donor": True, "is_partner": False, "is_borrower": False,
        "is_public_body": False, "created_at": WHEN, "search": "vrai semblant",
    },
    "accounts": {
        "id": 1, "email": "atelier@relais.example", "name": "Ali Boiseau", "role": "technician", "password_hash": "x", "stamp": "s",
        "language": "fr", "is_active": True, "created_at": WHEN,
    },
    "codes": {"code": "JQYDKZY9", "subject_kind": "device", "subject_id": 1},
    "donations": {
        "id": 1, "reference": "DN-2026-0001", "donor_id": 1, "legal_origin": "don_entreprise", "state": "sorted",
        "announced_on": "2026-08-26", "received_on": "2026-09-01",
    },
    "donation_lines": {"id": 1, "donation_id": 1, "kind": "laptop", "announced": 2, "received": 1},
    "devices": {
        "id": 1, "code": "JQYDKZY9", "donation_id": 1, "kind": "laptop", "state": "to_refurbish", "manufacturer": "Dell",
        "model": "Latitude 5490", "serial": "VS0001", "received_at": WHEN, "labelled_at": WHEN, "moved_at": WHEN,
        "search": "jqydkzy9 dell latitude 5490 vs0001",
    },
    "drives": {"id": 1, "serial": "MS79N771", "size_bytes": 256060514304, "medium": "ssd", "health": "good"},
    "drive_stays": {"id": 1, "drive_id": 1, "device_id": 1, "since": WHEN},
    "hardware_reports": {
        "id": 1, "device_id": 1, "tool": "lshw", "file": "a" * 64, "filename": "lshw.json", "size": 12, "facts": "{}", "received_at": WHEN,
    },
    "erasure_reports": {"id": 1, "tool": "nwipe", "file": "b" * 64, "filename": "nwipe.log", "size": 12, "received_at": WHEN},
    "erasures": {
        "id": 1, "report_id": 1, "drive_id": 1, "serial": "MS79N771", "size_bytes": 256060514304, "method": "PRNG Stream",
        "level": "clear", "rounds": 1, "verification": "last", "started_at": WHEN, "ended_at": WHEN, "outcome": "success", "errors": 0,
        "bytes_erased": 256060514304, "medium": "ssd", "status": "accepted",
    },
    "check_results": {
        "id": 1, "device_id": 1, "question": "shell", "answer": "yes", "passed": True, "policy_version": "244411fe49f0", "at": WHEN,
        "actor_id": 1,
    },
    "flags": {"id": 1, "device_id": 1, "kind": "second_look", "raised_at": WHEN},
}  # fmt: skip


# What follows from the rest of its row, the stamp that ended an account's sessions, and its one role: they are rows today.
MADE_ANEW = {("devices", "search"), ("accounts", "stamp"), ("accounts", "role")}


def kept(connection):
    """The rows as they stand, by table: what they said at first, less what is made anew."""
    found = {}
    for table, row in ROWS.items():
        columns = {each["name"] for each in inspect(connection).get_columns(table)}
        names = [name for name in row if name in columns and (table, name) not in MADE_ANEW]
        found[table] = [tuple(map(str, each)) for each in connection.execute(text(f"SELECT {', '.join(names)} FROM {table}"))]
    return found


@pytest.fixture
def lived_in(migrating):
    """A database of the first revision, with rows in it."""
    command.upgrade(config(migrating), "0001")
    with db.engine.begin() as connection:
        for table, row in ROWS.items():
            places = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"), row)
    return migrating


def test_rows_survive_the_way_up_and_down_with_walls_and_nothing_else_is_left_at_the_bottom(lived_in):
    with db.engine.connect() as connection:
        before = kept(connection)
    command.upgrade(config(lived_in), "head")
    with db.engine.connect() as connection:
        assert kept(connection) == before
    the_gate_stands()
    assert list(broken_links(db.session())) == []
    db.session.remove()
    addresses_go_on_opening_and_past_sessions_tell_their_spool(lived_in)
    command.downgrade(config(lived_in), "0001")
    with db.engine.connect() as connection:
        assert kept(connection) == before
    command.downgrade(config(lived_in), "base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    command.upgrade(config(lived_in), "head")


def addresses_go_on_opening_and_past_sessions_tell_their_spool(lived_in):
    """Of two addresses of one agenda both open, and no third is given; a session tells from which spool it was taken, if from any."""
    command.downgrade(config(lived_in), "0109")
    feed = {"account_id": 1, "kind": "site", "number": 1, "made_at": WHEN, "revoked_at": None}
    machine = {"site_id": 1, "slot_minutes": 60, "min_age": 0, "picture": "laser"}
    slot = {"machine_id": 1, "day": "2026-09-01", "until_minute": 60, "kind": "session", "state": "done", "borrower_id": 1, "made_at": WHEN,
            "material": "Fil PLA", "result": "good", "grams": 40}  # fmt: skip
    told = {"subject_kind": "machine_slot", "position": 0, "at": WHEN, "move": "finish", "previous": "", "digest": ""}
    with db.engine.begin() as connection:
        add(connection, "calendar_feeds", [feed | {"id": 1}, feed | {"id": 2, "revoked_at": WHEN}, feed | {"id": 3}])
        add(connection, "supplies", [{"id": 7, "name": "Fil", "search": "fil", "unit": "g"}])
        add(connection, "borrowers", [{"id": 1, "code": "JQYDKZY9", "name": "Ali", "is_adult": True, "created_at": WHEN, "search": "ali"}])
        add(connection, "machines", [machine | {"id": 1, "code": "JQYDKZY9", "name": "A", "supply_id": 7}])
        add(connection, "machine_slots", [slot | {"id": number, "from_minute": 0, "day": f"2026-09-0{number}"} for number in (1, 2)])
        facts = ('{"grams": 40, "from_stock": 0}', '{"grams": 40}')
        add(connection, "events", [told | {"subject_id": number, "facts": each} for number, each in enumerate(facts, start=1)])
    command.upgrade(config(lived_in), "0112")
    with db.engine.connect() as connection:
        feeds = connection.execute(text("SELECT id, is_double, revoked_at IS NULL FROM calendar_feeds ORDER BY id")).all()
        assert [tuple(map(bool, each[1:])) for each in feeds] == [(True, True), (False, False), (False, True)]
        assert connection.execute(text("SELECT id, supply_id FROM machine_slots ORDER BY id")).all() == [(1, 7), (2, None)]
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        add(connection, "calendar_feeds", [feed | {"id": 4, "is_double": False}])


def the_gate_stands():
    """A device is ready with its erasure, and not with one that is void; nothing of it is kept."""
    with db.engine.connect() as connection:
        connection.execute(text("UPDATE devices SET state = 'ready' WHERE id = 1"))
        connection.execute(text("UPDATE devices SET state = 'testing' WHERE id = 1"))
        connection.execute(text("UPDATE erasures SET voided_at = ended_at WHERE id = 1"))
        with pytest.raises(Exception, match="devices_ready_gate"):
            connection.execute(text("UPDATE devices SET state = 'ready' WHERE id = 1"))


def test_who_gave_as_a_person_is_kept_apart_and_the_others_get_a_reference(lived_in):
    command.upgrade(config(lived_in), "0021")
    with db.engine.begin() as connection:
        columns = "name, is_home, is_donor, is_partner, is_borrower, is_public_body, created_at, search"
        for number, name in ((2, "Une dame"), (3, "Une association")):
            values = f"'{name}', (1 = 0), (1 = 1), (1 = 0), (1 = 0), (1 = 0), '{WHEN}', '{name.lower()}'"
            connection.execute(text(f"INSERT INTO organisations (id, {columns}) VALUES ({number}, {values})"))
            origin = "don_particulier" if number == 2 else "don_association"
            connection.execute(
                text(
                    "INSERT INTO donations (id, reference, donor_id, legal_origin, state, announced_on) VALUES "
                    f"({number}, 'DN-2026-000{number}', {number}, '{origin}', 'announced', '2026-08-26')"
                )
            )
    command.upgrade(config(lived_in), "0027")
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT name, is_person, reference, in_qpv, postcode FROM organisations ORDER BY id")).all()
        assert [tuple(row) for row in rows] == [
            ("Vrai Semblant", False, "ST-2026-0001", None, None),
            ("Une dame", True, None, None, None),
            ("Une association", False, "ST-2026-0002", None, None),
        ]
        assert connection.scalar(text("SELECT last FROM reference_counters WHERE series = 'ST-2026'")) == 2


def test_what_was_written_before_takes_its_one_form(lived_in):
    command.upgrade(config(lived_in), "0006")
    reached = "UPDATE organisations SET phone = :phone, email = :email, search = :search"
    told = {"phone": "0549000000", "email": "Don@XN--MDIATHQUE-53AF.FR", "search": "l’atelier d’olena олена"}
    with db.engine.begin() as connection:
        connection.execute(text(reached), told)
        contact = "INSERT INTO contacts (id, organisation_id, name, email, phone) VALUES (1, 1, 'A', 'sans arobase', 'demander Léa')"
        connection.execute(text(contact))
        connection.execute(text("UPDATE devices SET search = 'jqydkzy9 œlł'"))
    command.upgrade(config(lived_in), "0007")
    with db.engine.connect() as connection:
        row = connection.execute(text("SELECT phone, email, search FROM organisations")).one()
        assert tuple(row) == ("+33549000000", "Don@médiathèque.fr", "l'atelier d'olena olena")
        assert tuple(connection.execute(text("SELECT email, phone FROM contacts")).one()) == ("sans arobase", "demander Léa")
        assert connection.scalar(text("SELECT search FROM devices")) == "jqydkzy9 oell"


def test_accounts_take_the_one_form_of_their_addresses_and_forms_of_two_tabs_become_one_again(lived_in):
    command.upgrade(config(lived_in), "0022")
    column = ", ".join(name for name in ROWS["accounts"] if name not in {"id", "email", "stamp"})
    another = f"INSERT INTO accounts (id, email, {column}) SELECT :id, :email, {column} FROM accounts WHERE id = 1"
    with db.engine.begin() as connection:
        for number, email in (
            (2, "ali@xn--mdiathque-53af.fr"),
            (3, "léa@xn--mdiathque-53af.fr"),
            (4, "x@xn--mdiathque-53af.fr"),
            (5, "x@médiathèque.fr"),
        ):
            connection.execute(text(another), {"id": number, "email": email})
        connection.execute(
            text("INSERT INTO kept_forms (id, account_id, action, page, typed, at) VALUES (1, 1, '/a', '/a', '[]', :at)"), {"at": WHEN}
        )
    command.upgrade(config(lived_in), "0023")
    with db.engine.begin() as connection:
        emails = list(connection.scalars(text("SELECT email FROM accounts ORDER BY id")))
        assert emails[1:] == ["ali@médiathèque.fr", "léa@xn--mdiathque-53af.fr", "x@xn--mdiathque-53af.fr", "x@médiathèque.fr"]
        assert connection.scalar(text("SELECT form FROM kept_forms")) == ""
        tab = "INSERT INTO kept_forms (id, account_id, action, form, page, typed, at) VALUES (2, 1, '/a', 'tab-2', '/a', '[]', :at)"
        connection.execute(text(tab), {"at": WHEN})
    command.downgrade(config(lived_in), "0022")
    with db.engine.connect() as connection:
        assert list(connection.scalars(text("SELECT id FROM kept_forms"))) == [2]


# A family as it was known before what is asked, tickets, appointments, committees and news: one that waits, one draft, one that was served.
FAMILIES = {
    "households": [{"id": number, "created_at": WHEN} for number in (1, 2, 3)],
    "beneficiaries": [
        {"id": number, "first_name": name, "last_name": "Essai", "birth_year": 1980, "commune": "Poitiers", "phone": "+33612345678",
         "household_id": number, "search": name.lower()}
        for number, name in ((1, "Zoë"), (2, "Ana"), (3, "Bao"))
    ],
    "referrals": [
        {"id": 1, "reference": "OR-2026-0001", "partner_id": 1, "prescriber_id": 1, "beneficiary_id": 1, "state": "waiting",
         "device_kind": "laptop", "usage": "job_search", "situation": "sans_emploi", "school_children": 2, "has_no_computer": True,
         "note": "Écran large", "eligibility_checked_on": "2026-09-01", "notice_given_on": "2026-09-01", "created_at": WHEN,
         "submitted_at": WHEN},
        {"id": 2, "reference": "OR-2026-0002", "partner_id": 1, "prescriber_id": 1, "beneficiary_id": 2, "state": "draft",
         "device_kind": "laptop", "school_children": 0, "has_no_computer": False, "created_at": WHEN},
        {"id": 3, "reference": "OR-2026-0003", "partner_id": 1, "prescriber_id": 1, "beneficiary_id": 3, "state": "served",
         "device_kind": "laptop", "usage": "job_search", "situation": "sans_emploi", "school_children": 0, "has_no_computer": False,
         "eligibility_checked_on": "2026-09-01", "notice_given_on": "2026-09-01", "created_at": WHEN, "submitted_at": WHEN},
    ],
    "referral_messages": [
        {"id": 1, "referral_id": 1, "kind": "question", "by_partner": False, "author_id": 1, "at": WHEN, "text": "Depuis quand ?"},
    ],
    "allocations": [
        {"id": 1, "device_id": 1, "referral_id": 3, "state": "fulfilled", "rank": 1, "out_of_order": False, "reason": "",
         "policy_version": "244411fe49f0", "over_quota": False, "decided_at": WHEN, "decided_by": 1},
    ],
    "handovers": [
        {"id": 1, "allocation_id": 1, "site_id": 1, "place": "Atelier", "handed_at": WHEN, "handed_by": 1,
         "accessories": '["charger"]', "signature_kind": "paper"},
    ],
}  # fmt: skip


def of_families(connection, *, but=()):
    """What was written of the families, by table, but for what has moved."""
    found = {}
    for table, rows in FAMILIES.items():
        names = ", ".join(dict.fromkeys(name for row in rows for name in row if name not in but))
        found[table] = [tuple(map(str, each)) for each in connection.execute(text(f"SELECT {names} FROM {table} ORDER BY id"))]
    return found


def test_families_that_were_referred_before_stay_as_they_were_and_counted(lived_in):
    command.upgrade(config(lived_in), "0070")
    with db.engine.begin() as connection:
        for table, rows in FAMILIES.items():
            for row in rows:
                places = ", ".join(f":{name}" for name in row)
                connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"), row)
        before, kept = of_families(connection), of_families(connection, but=("accessories",))
    command.upgrade(config(lived_in), "head")
    with db.engine.begin() as connection:
        assert of_families(connection, but=("accessories",)) == kept
        lines = connection.execute(text("SELECT handover_id, device_id, accessory FROM handover_lines")).all()
        assert {tuple(each) for each in lines} == {(1, 1, None), (1, None, "charger")}
        asked = "priority_area, connection, mobility, household_size, address, notice_language, link_id, joined_into_id"
        told = connection.execute(text(f"SELECT {asked} FROM referrals")).all()
        assert {tuple(each) for each in told} == {("unknown",) * 3 + (None,) * 5}, "nobody is said to have told what nobody asked"
        connection.execute(text("UPDATE referrals SET state = 'withdrawn' WHERE id = 1"))  # The triggers that count stand on the old rows.
    assert [each for count in REFERRAL_COUNTS for each in differences(count)] == []
    for wrong in ("address = '3 rue des Lilas' WHERE id = 1", "joined_into_id = 3 WHERE id = 2", "joined_into_id = 1 WHERE id = 1"):
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(text(f"UPDATE referrals SET {wrong}"))
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE referrals SET state = 'waiting' WHERE id = 1"))
    db.session.remove()
    command.downgrade(config(lived_in), "0070")
    with db.engine.connect() as connection:
        assert of_families(connection) == before


def test_families_on_the_list_of_a_ceremony_are_in_no_picture_and_only_who_is_expected_takes_a_place(lived_in):
    command.upgrade(config(lived_in), "0085")
    turns = ((1, 1, 1, "absent"), (2, 1, 2, "expected"), (3, 2, 1, "expected"))
    with db.engine.begin() as connection:
        for table, rows in FAMILIES.items():
            if table in {"households", "beneficiaries", "referrals"}:
                add(connection, table, rows)
        decided = FAMILIES["allocations"][0]
        add(connection, "allocations", [{**decided, "state": "active"}, {**decided, "id": 2, "referral_id": 2, "state": "cancelled"}])
        told = {"starts_at": WHEN, "place": "Mairie", "site_id": 1, "created_at": WHEN}
        add(
            connection,
            "ceremonies",
            [{"id": 1, "title": "Un", "state": "held", **told}, {"id": 2, "title": "Deux", "state": "planned", **told}],
        )
        names = ("id", "ceremony_id", "allocation_id", "state", "position")
        add(connection, "ceremony_turns", [dict(zip(names, (*turn, turn[0]), strict=True)) for turn in turns])
    command.upgrade(config(lived_in), "0087")
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT turn_id, allocation_id, state, no_photo FROM ceremony_invitations ORDER BY turn_id")).all()
        assert [(turn, allocation, state, bool(mark)) for turn, allocation, state, mark in found] == [
            (1, 1, "invited", True), (2, 2, "declined", True), (3, 1, "coming", True),
        ]  # fmt: skip
        assert list(connection.scalars(text("SELECT taken FROM ceremonies ORDER BY id"))) == [0, 1]


def add(connection, table, rows):
    for row in rows:
        places = ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"), row)
