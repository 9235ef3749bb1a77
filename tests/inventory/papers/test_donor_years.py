"""The papers of a donor's year: bilan, attestation de réemploi, REEN report; what they may tell, and what they never do."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from refurb.directory.actions import add_contact, add_organisation
from refurb.directory.models import Organisation
from refurb.directory.organisations.actions.merging import merge_organisations
from refurb.directory.organisations.actions.parting import part_organisations
from refurb.directory.words import Purpose
from refurb.documents.models import PaperKind, PaperStatus
from refurb.documents.queries import papers_about
from refurb.inventory.donations.donor import donor_token
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import NothingChanged
from refurb.inventory.papers.fates import tell_fates
from refurb.inventory.papers.years import queries, reuse
from refurb.inventory.papers.years.actions import NothingReused, NotPublic, StockUntold, YearNotOver, issue_yearly, note_stock, stock_told
from refurb.inventory.papers.years.models import ToldReuse
from refurb.inventory.papers.years.queries import donors_of, record_of, year_papers_within
from refurb.inventory.papers.years.reuse import tell_reuse
from refurb.inventory.papers.years.views import reen_rows
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Forbidden
from tests.support.story import people, workshop
from tests.support.story.machines import devices_of
from tests.support.tagged import faults

S = DeviceState


@pytest.fixture
def gift(context):
    """Twelve laptops and three monitors that came this year, from a public body."""
    donation = workshop.received({DeviceKind.LAPTOP: 12, DeviceKind.MONITOR: 3})
    with unit_of_work():
        donation.donor.is_public_body, donation.donor.siren = True, "200000172"
    return donation


@pytest.fixture
def year(gift):
    return gift.received_on.year


@pytest.fixture
def next_year(monkeypatch, year):
    """It is the second of January that follows."""
    for room in (queries, reuse):
        monkeypatch.setattr(room, "today", lambda: date(year + 1, 1, 2))


def put(donation, state, count, *, moved=None):
    """So many of the donation's laptops that are at the workshop stand there now, since a moment of the month before the next one."""
    free = [each.id for each in devices_of(donation) if each.state == S.RECEIVED and each.kind == DeviceKind.LAPTOP][:count]
    assert len(free) == count
    with unit_of_work():
        db.session.execute(update(Device).where(Device.id.in_(free)).values(without_drive_since=now(), labelled_at=now()))
        facts = {"state": state, "moved_at": moved or now()}
        for number in free:
            db.session.execute(update(Device).where(Device.id == number).values(**facts, serial=f"PF{number:06d}"))
    db.session.expire_all()


def tell():
    with unit_of_work():
        return tell_reuse()


def give(donor, year, kind, who=None):
    with unit_of_work():
        return issue_yearly(who or workshop.coordinator(), donor, year, kind)


def told_stock(donor, year, **facts):
    with unit_of_work():
        note_stock(workshop.coordinator(), donor, year, **{"screens": 30, "small": 10, "too_old": 2, "is_protected": 1, **facts})


def words(paper):
    return json.dumps(paper.content, ensure_ascii=False)


def test_four_are_told_of_to_nobody_and_five_at_once(gift, next_year):
    put(gift, S.HANDED_OVER, 4)
    assert tell() == 0
    put(gift, S.HANDED_OVER, 1)
    assert tell() == 5
    put(gift, S.IN_POOL, 4)
    assert tell() == 0, "of nine, four wait: two lists differ by five or by none"
    assert tell() == 0


def test_what_left_this_month_waits_for_its_end(gift, next_year, year):
    put(gift, S.HANDED_OVER, 5, moved=datetime(year + 1, 1, 1, 9, tzinfo=UTC))
    assert tell() == 0


def test_what_is_not_signed_is_not_told(gift, next_year):
    put(gift, S.HANDED_OVER, 5)
    with unit_of_work():
        db.session.execute(update(Device).where(Device.state == S.HANDED_OVER).values(unsigned_since=now()))
    assert tell() == 0


def test_told_once_it_stays_told_though_it_came_back(gift, next_year, year):
    put(gift, S.HANDED_OVER, 5)
    tell()
    with unit_of_work():
        one = db.session.scalars(select(Device).where(Device.state == S.HANDED_OVER)).first()
        one.state = S.TO_ERASE
    assert len(record_of(gift.donor, year).reused) == 5


def test_the_attestation_lists_serials_and_months_and_no_day_and_no_code(gift, next_year, year):
    with pytest.raises(NothingReused):
        give(gift.donor, year, PaperKind.REUSE)
    put(gift, S.HANDED_OVER, 5)
    tell()
    paper = give(gift.donor, year, PaperKind.REUSE)
    assert paper.reference.startswith("AR-")
    said = words(paper)
    told = db.session.scalars(select(Device).join(ToldReuse, ToldReuse.device_id == Device.id)).all()
    assert all(each.serial in said for each in told)
    assert not [each.code for each in devices_of(gift) if each.code in said]
    others = [each.serial for each in devices_of(gift) if each.serial and each not in told]
    assert not [serial for serial in others if serial in said]
    with pytest.raises(NothingChanged):
        give(gift.donor, year, PaperKind.REUSE)


def test_a_year_that_goes_on_has_no_bilan(gift, year):
    if year == today().year:
        with pytest.raises(YearNotOver):
            give(gift.donor, year, PaperKind.BILAN)


def test_the_bilan_says_what_came_and_no_fate_of_fewer_than_five(gift, next_year, year):
    put(gift, S.HANDED_OVER, 3)
    paper = give(gift.donor, year, PaperKind.BILAN)
    assert gift.reference in words(paper)
    assert "Aucun nombre ne peut encore être dit" in words(paper)
    assert "ne dit pas que le donateur remplit une obligation" in words(paper)


def test_the_reen_report_counts_what_was_received_less_what_was_scrapped_rounded_up(gift, next_year, year):
    with pytest.raises(StockUntold):
        give(gift.donor, year, PaperKind.REEN)
    told_stock(gift.donor, year)
    assert [each.a for each in record_of(gift.donor, year).reen] == [15, 0]
    put(gift, S.WASTE, 1)
    screens, _small = record_of(gift.donor, year).reen
    assert (screens.a, screens.b, round(screens.share, 1)) == (10, 30, 33.3), "one scrapped is told as five: A is a minimum"
    paper = give(gift.donor, year, PaperKind.REEN)
    assert "n’a pas été vérifié" in words(paper) or "n'a pas été vérifié" in words(paper)
    told_stock(gift.donor, year, screens=40)
    assert faults(files.fetch(paper.file)) == [], "tagged, and to be kept"
    replaced = give(gift.donor, year, PaperKind.REEN)
    assert (paper.status, replaced.replaces) == (PaperStatus.REPLACED, paper)


def test_a_company_owes_no_reen_report(context, next_year_of_company):
    donor, year = next_year_of_company
    with pytest.raises(NotPublic):
        told_stock(donor, year)
    with pytest.raises(NotPublic):
        give(donor, year, PaperKind.REEN)


@pytest.fixture
def next_year_of_company(context):
    donation = workshop.received()
    return donation.donor, donation.received_on.year


def test_a_donor_of_three_is_told_of_no_serial(context, next_year_of_company, monkeypatch):
    donor, year = next_year_of_company
    monkeypatch.setattr(reuse, "today", lambda: date(year + 1, 1, 2))
    monkeypatch.setattr("refurb.inventory.papers.fates.today", lambda: date(year + 1, 1, 2))
    donation = db.session.scalars(select(Donation).where(Donation.donor_id == donor.id)).one()
    put(donation, S.HANDED_OVER, 1)
    with unit_of_work():
        tell_fates()
    assert tell() == 0, "its number would tell of each"
    with pytest.raises(NothingReused):
        give(donor, year, PaperKind.REUSE)


def test_who_waits_for_a_fifth_takes_nobody_s_turn(gift, next_year, monkeypatch):
    monkeypatch.setattr(reuse, "AT_ONCE", 1)
    put(gift, S.HANDED_OVER, 4)
    other = workshop.received({DeviceKind.LAPTOP: 6})
    donor = db.session.scalars(select(Organisation).where(Organisation.id != gift.donor_id)).first()
    with unit_of_work():
        other.donor_id = donor.id
    put(other, S.HANDED_OVER, 5)
    assert tell() == 5


def test_the_table_names_the_proof_beside_the_serials_that_it_lists(gift, next_year, year):
    put(gift, S.HANDED_OVER, 5)
    tell()
    first = give(gift.donor, year, PaperKind.REUSE)
    put(gift, S.HANDED_OVER, 5)
    tell()
    rows = list(reen_rows(record_of(gift.donor, year)))
    assert sum(device.serial in listed for _known, device, _gift, _proof, listed in rows) == 5
    assert {proof for _known, _device, _gift, proof, _listed in rows} == {first.reference}


def test_the_desk_may_issue_nothing(gift, next_year, year):
    with pytest.raises(Forbidden):
        give(gift.donor, year, PaperKind.BILAN, people.actor(Role.DESK))


def test_pages_table_and_json(app, signed_in, monkeypatch):
    with app.app_context():
        people.settle()
        donation = workshop.received({DeviceKind.LAPTOP: 6})
        with unit_of_work():
            donation.donor.is_public_body, donation.donor.siren = True, "200000172"
        donor, year = donation.donor_id, donation.received_on.year
        put(donation, S.HANDED_OVER, 5, moved=now() - timedelta(days=1))
        db.session.remove()
    for room in (queries, reuse):
        monkeypatch.setattr(room, "today", lambda: date(year + 1, 1, 2))
    client = signed_in(Role.COORDINATOR)
    with app.app_context():
        tell()
        assert [each.received for each in donors_of(year)] == [6]
        db.session.remove()
    base = f"/dons/annees/{year}"
    assert "Menuiseries" in client.get("/dons/annees").text
    assert client.get(f"{base}/{donor}").status_code == 200
    refused = client.submit(f"{base}/{donor}/stock", {"screens": "-1", "small": "x", "too_old": "", "is_protected": "0"})
    assert refused.status_code == 422
    assert client.submit(f"{base}/{donor}/stock", {"screens": "8", "small": "0", "too_old": "0", "is_protected": "0"}).status_code == 303
    for path in ("reemploi", "reen", "bilan"):
        assert client.submit(f"{base}/{donor}/documents/{path}", {}).status_code == 303
    table = client.get(f"{base}/{donor}/reen.csv").get_data(as_text=True)
    assert table.count("AR-") == 5
    told = client.get(f"/api/v1/donors/{donor}/years/{year}").get_json()
    assert (told["reused"], told["reen"]["2"]["a"], len(told["papers"])) == (5, 6, 3)
    again = client.post(f"/api/v1/donors/{donor}/years/{year}/papers", json={"kind": "BD"}, headers={"X-CSRFToken": client.token()})
    assert again.get_json()["code"] == "paper.nothing_changed"
    assert client.get(f"{base}/999999").status_code == 404
    for never in (0, 1999, 2201, 10**9):
        assert client.get(f"/dons/annees/{never}").status_code == 404
        assert client.get(f"/dons/annees/{never}/{donor}").status_code == 404
        assert client.get(f"/api/v1/donors/{donor}/years/{never}").status_code == 404
        assert client.submit(f"/dons/annees/{never}/documents/bilan", {}).status_code == 404


def test_the_donor_reads_a_year_by_the_link_where_the_link_opens_all_of_it(app, signed_in, monkeypatch):
    with app.app_context():
        people.settle()
        donation = workshop.received({DeviceKind.LAPTOP: 6})
        with unit_of_work():
            donation.donor.email = "dons@menuiseries.example"
        year, donor = donation.received_on.year, donation.donor
        monkeypatch.setattr(queries, "today", lambda: date(year + 1, 1, 2))
        paper, token = give(donor, year, PaperKind.BILAN).reference, donor_token(donation)
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    assert paper in client.get(f"/dons/suivi/{token}").text
    assert client.get(f"/dons/suivi/{token}/{paper}").status_code == 200
    with app.app_context():
        other = workshop.announced(contact_name="Kévin", contact_email="kevin@ailleurs.example")
        workshop.move(other, "receive", received_on=date(year, 11, 30).isoformat(), counts={DeviceKind.LAPTOP: 1})
        db.session.remove()
    assert paper not in client.get(f"/dons/suivi/{token}").text, "what came by another contact is in that paper, too"
    assert client.get(f"/dons/suivi/{token}/{paper}").status_code == 404


def two_years_of_one_donor(year):
    """Two records of one organisation, each with its bilan of the year, made after its end."""
    donations = [workshop.received({DeviceKind.LAPTOP: 2}), workshop.received({DeviceKind.LAPTOP: 3})]
    with unit_of_work():
        second = add_organisation(SERVICE, name="Menuiseries du bord", is_donor=True)
        donations[1].donor_id = second.id
        for each, address in zip(donations, ("un@menuiseries.example", "deux@menuiseries.example"), strict=True):
            each.contact_id = add_contact(SERVICE, each.donor, name="Contact", email=address, purpose=Purpose.DONATIONS).id
    db.session.expire_all()
    return donations, [give(each.donor, year, PaperKind.BILAN) for each in donations]


def test_merged_donors_keep_their_papers_of_a_year_and_each_link_its_own(gift, next_year, year):
    (kept, gone), (of_kept, of_gone) = two_years_of_one_donor(year)
    into, other = kept.donor, gone.donor
    with unit_of_work():
        merge_organisations(people.actor(Role.ADMIN), other, into)
    db.session.expire_all()
    known = record_of(into, year)
    assert {each.reference for each in papers_about(known.year)} == {of_kept.reference, of_gone.reference}
    for shown, paper in (([gift, kept], of_kept), ([gone], of_gone)):
        assert [each.reference for each in year_papers_within(shown)] == [paper.reference]
    assert year_papers_within([kept]) == []
    with unit_of_work():
        part_organisations(people.actor(Role.ADMIN), other)
    db.session.expire_all()
    for donation, paper in ((kept, of_kept), (gone, of_gone)):
        assert [each.reference for each in papers_about(record_of(donation.donor, year).year)] == [paper.reference]


def test_one_paper_about_both_annuls_one_and_the_other_still_speaks_of_its_own(context, next_year, year):
    (kept, gone), (of_kept, of_gone) = two_years_of_one_donor(year)
    with unit_of_work():
        merge_organisations(people.actor(Role.ADMIN), gone.donor, kept.donor)
    db.session.expire_all()
    both = give(db.session.get(Organisation, kept.donor_id), year, PaperKind.BILAN)
    assert {of_kept.status, of_gone.status} == {PaperStatus.REPLACED}
    assert all(each.reference in words(both) for each in (kept, gone, of_kept, of_gone))
    assert {of_kept.successor, of_gone.successor} == {both}, "neither leads nowhere"
    with pytest.raises(NothingChanged):
        give(db.session.get(Organisation, kept.donor_id), year, PaperKind.BILAN)


def test_parted_again_neither_link_opens_what_speaks_of_the_other(gift, next_year, year):
    (kept, gone), (of_kept, of_gone) = two_years_of_one_donor(year)
    into, other = kept.donor, gone.donor
    with unit_of_work():
        merge_organisations(people.actor(Role.ADMIN), other, into)
    db.session.expire_all()
    both = give(into, year, PaperKind.BILAN)
    with unit_of_work():
        part_organisations(people.actor(Role.ADMIN), other)
    db.session.expire_all()
    for donations, paper in (([gift, kept], of_kept), ([gone], of_gone)):
        assert [each.reference for each in year_papers_within(donations)] == [paper.reference]
    after = [give(each.donor, year, PaperKind.BILAN) for each in (kept, gone)]
    assert both.successor == after[0]
    assert gone.reference not in words(after[0])
    assert not [each.reference for each in (of_kept, of_gone, both) if each.reference in words(after[1])]


STOCK = {"screens": 30, "small": 10, "too_old": 2, "is_protected": 1}


def stock_after_merging(year, *, both_told):
    donations, _papers = two_years_of_one_donor(year)
    into, other = (each.donor for each in donations)
    with unit_of_work():
        for each, siren in ((into, "200000172"), (other, "200000180")):
            each.is_public_body, each.siren = True, siren
    for each in (into, other)[: 2 if both_told else 1]:
        told_stock(each, year)
    with unit_of_work():
        other.siren = None
        merge_organisations(people.actor(Role.ADMIN), other, into)
    db.session.expire_all()
    return into, other


def test_the_stock_of_two_is_added_up_where_both_told_it_and_is_that_of_neither_afterwards(context, next_year, year):
    into, other = stock_after_merging(year, both_told=True)
    assert stock_told(record_of(into, year).year) == {name: 2 * count for name, count in STOCK.items()}
    with unit_of_work():
        part_organisations(people.actor(Role.ADMIN), other)
    db.session.expire_all()
    assert [record_of(each, year).reen for each in (into, other)] == [None, None]


def test_what_one_told_of_its_stock_is_not_that_of_two(context, next_year, year):
    into, other = stock_after_merging(year, both_told=False)
    with pytest.raises(StockUntold):
        give(into, year, PaperKind.REEN)
    told_stock(into, year)
    with unit_of_work():
        part_organisations(people.actor(Role.ADMIN), other)
    db.session.expire_all()
    assert [record_of(each, year).reen for each in (into, other)] == [None, None]


def test_the_stock_told_of_two_without_any_paper_is_that_of_neither_afterwards(context, next_year, year):
    donations = [workshop.received({DeviceKind.LAPTOP: 2}), workshop.received({DeviceKind.LAPTOP: 3})]
    with unit_of_work():
        other = add_organisation(SERVICE, name="Menuiseries du bord", is_donor=True)
        donations[1].donor_id, into = other.id, donations[0].donor
        into.is_public_body, into.siren = True, "200000172"
        db.session.flush()
        merge_organisations(people.actor(Role.ADMIN), other, into)
    db.session.expire_all()
    told_stock(into, year)
    with unit_of_work():
        part_organisations(people.actor(Role.ADMIN), other)
    db.session.expire_all()
    assert [record_of(each, year).reen for each in (into, other)] == [None, None]


def test_what_a_year_tells_by_month_and_of_its_stock(gift, next_year, year, monkeypatch):
    monkeypatch.setattr("refurb.inventory.papers.fates.today", lambda: date(year + 1, 1, 2))
    put(gift, S.HANDED_OVER, 7)
    with unit_of_work():
        tell_fates()
    assert [count for _month, count in record_of(gift.donor, year).months] == [5], "by five, at the end of the month"
    told_stock(gift.donor, year)
    assert stock_told(record_of(gift.donor, year).year) == {"screens": 30, "small": 10, "too_old": 2, "is_protected": 1}
