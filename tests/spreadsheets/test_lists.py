"""Every list that people work with: sorted by its headings, and taken out as it is shown."""

import csv
import io
import re
from dataclasses import dataclass
from html import unescape

import pytest
from openpyxl import load_workbook
from sqlalchemy import Row, select

from refurb.ceremonies.queries import ceremony_listing
from refurb.directory.actions import add_organisation
from refurb.documents.models import PaperKind
from refurb.documents.queries import papers_listed
from refurb.inventory.donations.queries.donations import DonationFilter, donations_listed
from refurb.inventory.evidence.queries.loose_drives import DriveFilter, drive_listing
from refurb.inventory.models.devices import Device
from refurb.inventory.pages.queries import DeviceFilter, devices, devices_listed
from refurb.inventory.parts.queries import PartFilter, parts_listed
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import GRANTS, SERVICE, Permission, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.security import SecurityEvent, SecurityKind, write_noted
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web import orders
from refurb.lending.borrowers.queries import borrower_listing
from refurb.lending.items.queries import item_listing
from refurb.lending.loans.queries import Which, line_listing
from refurb.referrals.cases.listings import handover_listing, referral_listing, waiting_listing, waiting_shown
from tests.support.chapters import chapter
from tests.support.story import desk, evidence, families, gala, gifts, people, spares, workshop

P = Permission


@dataclass(frozen=True)
class Shown:
    """A list: where it stands, who opens it, what may read it."""

    path: str
    role: Role
    permission: Permission
    asked: str = ""


LISTS = (
    Shown("/appareils", Role.TECHNICIAN, P.DEVICE_READ),
    Shown("/dons", Role.COORDINATOR, P.DONATION_READ, "etat=tous"),
    Shown("/supports", Role.TECHNICIAN, P.DEVICE_READ, "ou=tous"),
    Shown("/pieces", Role.TECHNICIAN, P.DEVICE_READ),
    Shown("/prets", Role.DESK, P.LOAN_READ),
    Shown("/materiel", Role.DESK, P.LOAN_READ),
    Shown("/emprunteurs", Role.DESK, P.BORROWER_READ),
    Shown("/orientations", Role.COORDINATOR, P.REFERRAL_READ),
    Shown("/orientations", Role.PRESCRIBER, P.REFERRAL_READ),
    Shown("/attente", Role.COORDINATOR, P.REFERRAL_DECIDE, "besoin=laptop"),
    Shown("/remises", Role.COORDINATOR, P.HANDOVER_WRITE),
    Shown("/ceremonies", Role.COORDINATOR, P.CEREMONY_READ),
    Shown("/documents", Role.COORDINATOR, P.PAPER_READ),
)
NAMES = [f"{each.path[1:]}-{each.role.value}" for each in LISTS]
HEADING = re.compile(r'<th role="columnheader"[^>]*>\s*<a href="([^"]+)"')


@chapter
def world() -> None:
    """Two rows at least of each list, and something unknown in some."""
    first, second = families.allocated(), families.allocated(DeviceKind.LAPTOP)
    gala.planned(first, title="Une")
    gala.planned(second, title="Deux")
    families.waiting(device_kind=DeviceKind.LAPTOP, first_name="Ousmane")
    families.waiting(device_kind=DeviceKind.LAPTOP, school_children=2)
    families.draft()
    with unit_of_work():
        schools = add_organisation(SERVICE, name="École du Poitou", is_donor=True, siren="552100554")
    gifts.announced(3, donor=schools.name)
    gift = gifts.received(2)
    gifts.wiped(gift, "WD-0001")
    gifts.issued(gift, PaperKind.DONATION)
    gifts.issued(gift, PaperKind.ERASURE)
    workshop.testing_laptop()
    spares.memory()
    spares.keyboard()
    desk.lent(desk.tablet(), desk.borrower("Élodie Ba"))
    desk.lent(desk.kit(), desk.borrower("Zoé Roux"))


def listings():
    coordinator, clerk = people.actor(Role.COORDINATOR), people.actor(Role.DESK)
    return {
        "devices": devices_listed(DeviceFilter()),
        "devices of a state": devices_listed(DeviceFilter(state=DeviceState.RECEIVED)),
        "donations": donations_listed(DonationFilter(everything=True)),
        "drives": drive_listing(DriveFilter(place=None)),
        "parts": parts_listed(PartFilter()),
        "lines out": line_listing(clerk, Which.OUT, ""),
        "lines unsigned": line_listing(clerk, Which.UNSIGNED, ""),
        "items": item_listing("", None, None),
        "borrowers": borrower_listing(clerk, ""),
        "referrals": referral_listing(coordinator, None, None),
        "own referrals": referral_listing(people.actor(Role.PRESCRIBER), None, None),
        "waiting": waiting_listing(DeviceKind.LAPTOP, None),
        "to hand over": handover_listing(coordinator),
        "ceremonies": ceremony_listing(),
        "papers": papers_listed(coordinator),
    }


def told_by(rows):
    """Each row as something to compare: what it holds, a record by its number."""
    return [str([getattr(each, "id", each) for each in (row if isinstance(row, Row) else [row])]) for row in rows]


def ways(listing):
    return [way for each in listing.orders.columns for way in ([each.name] if each.one_way else [each.name, f"-{each.name}"])]


def test_each_order_holds_every_row_once_and_is_that_of_its_page(context):
    world()
    for name, listing in listings().items():
        start = told_by(listing.every())
        assert len(start) > 1, name
        for way in ways(listing):
            rows = told_by(listing.every(way))
            assert sorted(rows) == sorted(start), (name, way)
            assert told_by(listing.page(1, way).rows) == rows, (name, way)
            assert rows == start or way != listing.orders.start, name


def test_what_is_not_known_comes_last_both_ways_and_letters_have_no_case_or_accent(context):
    world()
    listed = devices_listed(DeviceFilter())
    for way in ("serie", "-serie"):
        known = [row.serial is not None for row in listed.every(way)]
        assert known == sorted(known, reverse=True)
        assert True in known
        assert False in known
    names = [row.name for row in borrower_listing(people.actor(Role.DESK), "").every("nom")]
    assert names.index("Élodie Ba") < names.index("Zoé Roux")
    donors = [row.donor for row in donations_listed(DonationFilter(everything=True)).every("donateur")]
    assert donors[0] == "École du Poitou", donors
    states = [list(DeviceState).index(row.state) for row in listed.every("etat")]
    assert states == sorted(states)


def test_a_long_list_stands_only_in_the_orders_of_its_indexes(context, monkeypatch):
    world()
    monkeypatch.setattr(orders, "SORTED_AT_MOST", 1)
    newest = [row.code for row in devices(DeviceFilter(), 1).rows]
    asked = devices(DeviceFilter(), 1, "machine")
    assert ([row.code for row in asked.rows], asked.order.asked) == (newest, "")
    assert [row.code for row in devices(DeviceFilter(), 1, "entree").rows] == newest[::-1]
    assert set(asked.order.fits) == {"entree", "categorie"}
    assert "href" not in asked.order.head("machine")
    assert asked.order.has_all is False
    since = devices(DeviceFilter(state=DeviceState.RECEIVED), 1, "depuis")
    assert since.order.asked == "depuis"
    assert referral_listing(people.actor(Role.COORDINATOR), None, None).page(1).order.choices()


def test_many_pages_are_taken_out_whole(context):
    evidence.arrive(count=120)
    every = [row.code for row in devices_listed(DeviceFilter()).every()]
    assert every == list(db.session.scalars(select(Device.code).order_by(Device.id.desc())))
    pages = [row.code for number in (1, 2, 3) for row in devices(DeviceFilter(), number, "machine").rows]
    assert pages == [row.code for row in devices_listed(DeviceFilter()).every("machine")]


def test_the_waiting_list_keeps_its_ranks_in_another_order(context):
    world()
    for partner in (None, people.organisation("CCAS").id):
        ranked = [(row.rank, row.reference) for row in waiting_shown(DeviceKind.LAPTOP, partner, 1, "").rows]
        turned = [(row.rank, row.reference) for row in waiting_shown(DeviceKind.LAPTOP, partner, 1, "-rang").rows]
        assert ranked == sorted(ranked)
        assert turned == ranked[::-1]


@pytest.fixture
def house(app):
    with app.app_context():
        world()
    return app


def table_of(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("shown", LISTS, ids=NAMES)
def test_the_headings_sort_and_the_files_hold_what_is_shown(house, signed_in, shown):
    client = signed_in(shown.role)
    page = client.get(f"{shown.path}?{shown.asked}").text
    links = [unescape(each) for each in HEADING.findall(page)]
    assert len(links) > 2
    assert len(re.findall(r'aria-sort="(?:ascending|descending)"', page)) == 1
    options = re.findall(r'<option value="([^"]*)"', page[page.index('id="f-tri"') :].partition("</select>")[0])
    assert options.count("") == 1
    assert len(options) >= 2 * len(links) - 2
    for link in (links[0], links[-1]):
        assert client.get(link).text.count("aria-sort=") == 1
        keep = link.partition("?")[2]
        told = table_of(client.get(f"{shown.path}.csv?{keep}"))
        book = load_workbook(io.BytesIO(client.get(f"{shown.path}.xlsx?{keep}").data)).active
        assert len(told) == book.max_row > 2
        rows = page_rows(client.get(link).text)
        assert [key for key in told[1:] if not any(cell and cell in rows for cell in key)] == []
        firsts = [next(cell for cell in row if len(cell) > 2 and cell in rows) for row in told[1:]]
        assert [rows.index(each) for each in firsts] == sorted(rows.index(each) for each in firsts)


def page_rows(page):
    """What the rows of the first table say, without its marks."""
    return unescape(re.sub(r"<[^>]+>", " ", page[page.index("<tbody") :].partition("</tbody>")[0]))


def test_whoever_may_not_read_a_list_takes_none_out(signed_in):
    answers = {(each.path, role): signed_in(role).get(f"{each.path}.xlsx").status_code for each in LISTS for role in people.EMAIL}
    assert {pair for pair, status in answers.items() if status == 403} == {
        (each.path, role) for each in LISTS for role in people.EMAIL if each.permission not in GRANTS[role]
    }
    assert set(answers.values()) == {200, 403}


def test_each_file_is_noted_with_its_name_and_whose_it_is(house, signed_in):
    client = signed_in(Role.DESK)
    client.get("/emprunteurs.xlsx?q=zo")
    client.get("/emprunteurs.csv")
    with house.app_context():
        write_noted()
        kept = select(SecurityEvent.about).where(SecurityEvent.kind == SecurityKind.EXPORTED).order_by(SecurityEvent.id)
        assert list(db.session.scalars(kept)) == ["emprunteurs.xlsx", "emprunteurs.csv"]


def test_names_stay_with_those_who_read_them(house, signed_in):
    office = signed_in(Role.COORDINATOR)
    assert all("Ousmane" not in office.get(f"{path}.csv").text for path in ("/orientations", "/attente", "/remises"))
    assert "Ousmane" in signed_in(Role.PRESCRIBER).get("/orientations.csv").text
    assert "Donateur" not in signed_in(Role.TECHNICIAN).get("/appareils.csv").text.splitlines()[0]


def test_the_filter_of_the_page_is_that_of_the_file(house, signed_in):
    desk_client, office = signed_in(Role.DESK), signed_in(Role.COORDINATOR)
    assert [row[1] for row in table_of(desk_client.get("/emprunteurs.csv?q=zo"))[1:]] == ["Zoé Roux"]
    assert len(table_of(desk_client.get("/prets.csv?quoi=rendus"))) == 1
    page = office.get("/dons?etat=tous&tri=-donateur&page=2").text
    assert "/dons.xlsx?etat=tous&amp;tri=-donateur&#34;" not in page
    assert 'href="/dons.xlsx?etat=tous&amp;tri=-donateur"' in page
    hostile = office.get("/dons?tri=id%3Bdrop&_scheme=x&form=y&endpoint=z&q=%22%3E")
    assert (hostile.status_code, office.get("/dons.csv?form=xlsx&_external=1&tri=%00").status_code) == (200, 200)
