"""The one search box: every kind of thing, by whatever stands on it or is said of it, within what the role may read."""

import pytest
from sqlalchemy import column, select, table

from refurb.directory.models import Contact, Organisation
from refurb.documents.models import PaperKind
from refurb.inventory.evidence.queries.loose_drives import mark_of
from refurb.inventory.models.evidence import Drive
from refurb.kernel.deeds.access import Permission, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.pieces import has_pieces, ids_holding
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.folding import fold
from refurb.kernel.speech.references import read_reference
from refurb.lending.models import BORROWER_PIECES
from refurb.referrals.models import BENEFICIARY_PIECES
from tests.lending.loans.test_sign import signed
from tests.support.story import desk, dock, families, gifts, lists, people, workshop

OFFICE = Role.COORDINATOR


def spellings(reference):
    """How people type a reference."""
    kind, year, number = reference.split("-")
    return (
        reference, reference.lower(), f"{kind}-{year}-{int(number)}", f"{kind}{year}{number}", f"{year}-{number}",
        f" {kind} {year} / {int(number)} ", f"{kind}–{year}–{number}",
    )  # fmt: skip


@pytest.mark.parametrize(
    "typed,read",
    [
        ("or-2026-19", ("OR", "2026-0019")),
        ("2026-0013", (None, "2026-0013")),
        ("DN20260013", ("DN", "2026-0013")),
        ("20260013", (None, "2026-0013")),
        ("AD-2026-12345", ("AD", "2026-12345")),
        ("202613", None),
        ("EliteBook 2026", None),
        ("S-44", None),
    ],
)
def test_a_reference_is_read_as_people_type_it(typed, read):
    assert read_reference(typed) == read


def found(client, typed):
    return client.get("/recherche", query_string={"q": typed}).text


@pytest.mark.both_databases
def test_every_reference_is_found_however_it_is_typed(app, signed_in):
    with app.app_context():
        donation = gifts.received(1)
        batch = dock.batch().reference
        paper = issued_paper(donation)
        things = {donation.reference: f"/dons/{donation.reference}", batch: f"/dechets/{batch}", paper: f"/documents/{paper}"}
        referral = families.waiting().reference
        things[referral] = f"/orientations/{referral}"
    client = signed_in(OFFICE)
    for reference, page in things.items():
        for typed in spellings(reference):
            assert f'href="{page}"' in found(client, typed), typed
    assert "Rien ne répond" in found(signed_in(Role.DESK), referral)


def issued_paper(donation):
    return gifts.issued(donation, PaperKind.DONATION).reference


def lent():
    """A loan: its reference, and that of its agreement."""
    loan = signed(desk.lent(desk.tablet()))
    return loan.reference, loan.paper.reference


def test_a_loan_is_found_by_its_reference_and_by_that_of_its_agreement(app, signed_in):
    with app.app_context():
        loan, agreement = lent()
    for role in (Role.DESK, OFFICE):
        for reference in (loan, agreement):
            for typed in spellings(reference):
                assert f'href="/prets/{loan}"' in found(signed_in(role), typed), typed
    assert f"/prets/{loan}" not in found(signed_in(Role.TECHNICIAN), loan)


def test_a_drive_in_the_hand_is_found_by_its_serial_number_and_by_its_mark(app, signed_in):
    with app.app_context():
        drive = workshop.put_drive_in(workshop.laptop(), "WD-WCARW0244414")
        drive_id = db.session.scalars(select(Drive.id)).one()
        del drive
    client = signed_in(Role.TECHNICIAN)
    page = f'href="/supports/{drive_id}"'
    mark = mark_of(drive_id)
    for typed in ("WD-WCARW0244414", "wcarw0244414", "WDWCARW0244414", "WD-WCARW02", mark, mark.lower(), mark.replace("-", "")):
        assert page in found(client, typed), typed
        scanned = client.get("/scanner", query_string={"code": typed})
        assert (scanned.status_code, scanned.location) == (302, f"/supports/{drive_id}"), typed
    listed = client.get("/supports?ou=stock&q=WCARW0244414").text
    assert page in listed, "the place is set beforehand; whoever types a number wants that drive"
    assert "voici ce qui répond ailleurs" in listed
    assert page not in found(signed_in(Role.PRESCRIBER), mark)


def test_what_a_donor_declared_is_found_before_it_is_there(app, signed_in):
    with app.app_context():
        donation = workshop.announced()
        lists.imported(donation)
        reference, (tag, *_, serial, _, _) = donation.reference, lists.ROWS[1]
    for typed in (serial.lower(), f"{serial[:3]} {serial[3:]}", tag):
        assert f'href="/dons/{reference}"' in found(signed_in(OFFICE), typed), typed
    assert signed_in(Role.TECHNICIAN).get(f"/scanner?code={serial}").location == f"/dons/{reference}"
    assert reference not in found(signed_in(Role.DESK), serial)


@pytest.mark.both_databases
def test_names_are_found_whatever_the_keyboard(app, signed_in):
    with app.app_context():
        donation = workshop.announced()
        with unit_of_work():
            donation.donor.name = "L’Atelier de l’œuf"
            donation.donor.search = fold(donation.donor.name)
            donation.donor.phone = "05 49 00 00 01"
            contact = db.session.get(Contact, donation.contact_id)
            contact.phone = "0639980077"
        reference = donation.reference
        assert db.session.scalar(select(Organisation.phone).where(Organisation.id == donation.donor_id)) == "+33549000001"
    client = signed_in(OFFICE)
    assert f'href="/dons/{reference}"' in client.get("/dons?q=" + reference.replace("-", "").lower()).text
    for typed in ("L'Atelier", "L’Atelier", "l atelier", "oeuf", "œuf", "l'œuf", "0549000001", "+33 5 49 00 00 01", "06 39 98 00 77"):
        assert f'href="/dons/{reference}"' in found(client, typed), typed


@pytest.mark.both_databases
def test_a_person_is_found_by_name_and_telephone_where_the_role_may(app, signed_in):
    with app.app_context():
        reference = families.waiting(first_name="Đặng", last_name="O’Connor-Lefèvre", phone="06 39 98 00 42").reference
    for typed in ("dang", "o'connor", "connor lefevre", "06 39 98 00 42", "+33639980042", "063998"):
        assert f'href="/orientations/{reference}"' in found(signed_in(OFFICE), typed), typed
        assert f'href="/orientations/{reference}"' in found(signed_in(Role.PRESCRIBER), typed), "of her own organisation"
        for role in (Role.TECHNICIAN, Role.DESK, Role.OBSERVER):
            page = found(signed_in(role), typed)
            assert reference not in page
            assert "Connor" not in page
    with app.app_context():
        stranger = people.other_prescriber()
    assert stranger.organisations_for(Permission.REFERRAL_READ)


def test_a_reference_scanned_goes_on_to_the_search(signed_in):
    assert signed_in(Role.TECHNICIAN).get("/scanner?code=dn-2026-13").location == "/recherche?q=dn-2026-13"
    assert signed_in(Role.TECHNICIAN).get("/scanner?code=ZZZZZZZ").status_code == 404


@pytest.mark.both_databases
def test_people_are_found_among_many_by_pieces_of_their_names(app, context, backend):
    families.waiting(first_name="Zoé", last_name="Lefèvre-Quémener")
    desk.borrower("Zoé Quémener")
    for index in (BENEFICIARY_PIECES, BORROWER_PIECES):
        (one,) = ids_holding(index, ["quemen"], 9)
        assert ids_holding(index, ["zoe", "quemener"], 9) == [one]
        assert ids_holding(index, ["quemener", "introuvable"], 9) == ids_holding(index, [], 9) == []
        assert backend == "postgresql" or has_pieces(index)
        with unit_of_work() as session:
            session.execute(table(index.table, column("search")).update().values(search="effacee"))
        assert ids_holding(index, ["quemener"], 9) == []
        assert ids_holding(index, ["efface"], 9) == [one]
