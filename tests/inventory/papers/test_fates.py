"""What donors are told of the fate of their machines: by the month, five at least, and never by fewer than five."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from refurb.directory.actions import add_organisation
from refurb.documents.models import PaperKind
from refurb.inventory.donations.donor import donor_url
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.models.devices import Device
from refurb.inventory.papers import fates as room
from refurb.inventory.papers.carbon import CARBON
from refurb.inventory.papers.fates import fates_of, step, tell_fates
from refurb.inventory.papers.models import FATES, ToldFates
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict
from tests.support.story import gifts, people
from tests.support.story.machines import devices_of

S = DeviceState


@pytest.fixture
def month(monkeypatch):
    """A month later than the donation, or so many."""

    def later(count=1):
        day = date(2027, 1, 1)
        for _ in range(count):
            day = (day + timedelta(days=32)).replace(day=1)
        monkeypatch.setattr(room, "today", lambda: day + timedelta(days=2))
        with unit_of_work():
            return tell_fates()

    return later


def put(donation, state, count):
    """So many of the donation's machines that are at the workshop stand there now."""
    free = [each.id for each in devices_of(donation) if each.state == S.RECEIVED][:count]
    assert len(free) == count
    with unit_of_work():  # Without a drive and with their labels: the gate of the database is open to them.
        db.session.execute(update(Device).where(Device.id.in_(free)).values(without_drive_since=now(), labelled_at=now()))
        db.session.execute(update(Device).where(Device.id.in_(free)).values(state=state))
    db.session.expire_all()


def told(donation):
    return dict(fates_of(donation, len(devices_of(donation))).told)


@given(st.lists(st.integers(0, 60), max_size=30))
@settings(deadline=None, max_examples=200)
def test_no_number_and_no_difference_is_between_one_and_four(counts):
    shown = [0]
    for count in counts:
        shown.append(step(shown[-1], count))
    assert not [each for each in shown if 0 < each < 5]
    assert not [(one, other) for one, other in pairwise(shown) if 0 < abs(one - other) < 5]


def test_small_numbers_wait_for_the_next_month(context, month):
    donation = gifts.received(20)
    put(donation, S.HANDED_OVER, 4)
    assert month(1) == 1
    assert told(donation) == {}
    put(donation, S.HANDED_OVER, 3)
    month(2)
    assert told(donation) == {"given": 7}
    put(donation, S.HANDED_OVER, 2)
    put(donation, S.WASTE, 5)
    month(3)
    assert told(donation) == {"given": 7, "waste": 5}, "two more would tell of two"
    put(donation, S.HANDED_OVER, 3)
    month(4)
    assert told(donation) == {"given": 12, "waste": 5}
    assert [count for _month, count in fates_of(donation, 20).months] == [7, 5]


def test_each_month_is_counted_once(context, month):
    donation = gifts.received(6)
    put(donation, S.HANDED_OVER, 5)
    assert [month(1), month(1)] == [1, 0]
    assert told(donation) == {"given": 5}


def test_nothing_is_counted_before_the_month_of_its_arrival_has_ended(context, monkeypatch):
    donation = gifts.received(6)
    monkeypatch.setattr(room, "today", lambda: donation.received_on.replace(day=28))
    with unit_of_work():
        assert tell_fates() == 0


def test_what_waits_for_a_signature_is_not_handed_over(context, month):
    donation = gifts.received(9)
    put(donation, S.HANDED_OVER, 6)
    with unit_of_work():
        one = select(Device.id).where(Device.state == S.HANDED_OVER).limit(2)
        db.session.execute(update(Device).where(Device.id.in_(one)).values(unsigned_since=now()))
    month()
    assert told(donation) == {}


def test_laptops_and_others_are_counted_apart(context, month):
    laptops, screens = gifts.received(6), gifts.received(6, kind=DeviceKind.MONITOR)
    for donation in (laptops, screens):
        put(donation, S.HANDED_OVER, 6)
    month()
    assert [fates_of(each, 6).laptops for each in (laptops, screens)] == [6, 0]
    assert CARBON.in_force().avoided(6) == 6 * 27 * 3


@pytest.mark.parametrize("fate", FATES)
def test_the_database_keeps_no_small_number(context, fate):
    donation = gifts.received(1)
    row = {"donation_id": donation.id, "month": "2026-11", "counted_on": date(2026, 12, 1), "settled": False, **dict.fromkeys(FATES, 0)}
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(insert(ToldFates).values(row | {fate: 4}))


def page_of(app, client, reference):
    with app.app_context():
        donation = donation_by_reference(people.actor(Role.COORDINATOR), reference)
        return client.get(donor_url(donation).removeprefix("http://refurb.example")).text


def test_the_page_tells_them_with_their_day_and_the_estimate_with_its_formula(app, client, month):
    with app.app_context():
        donation = gifts.received(9)
        reference = donation.reference
        put(donation, S.HANDED_OVER, 6)
        month(1)
    page = page_of(app, client, reference)
    for expected in ("Vos 9 machines\u00a0: 6 remises", "3 février 2027", "486\u202fkg CO₂e", "6 × 27 × 3", "ADEME, 2022", "janvier 2027"):
        assert expected in page, expected


def test_of_fewer_than_five_no_number_is_told(app, client, month):
    with app.app_context():
        donation = gifts.received(4)
        reference = donation.reference
        put(donation, S.HANDED_OVER, 3)
        month(1)
    assert "Leur parcours est en cours." in page_of(app, client, reference)
    with app.app_context():
        put(donation_by_reference(people.actor(Role.COORDINATOR), reference), S.PARTS, 1)
        month(2)
    page = page_of(app, client, reference)
    assert "Toutes ont une destination." in page
    assert "kg CO₂e" not in page


def test_the_same_by_json(app, signed_in, month):
    with app.app_context():
        donation = gifts.received(8)
        reference = donation.reference
        put(donation, S.IN_POOL, 8)
        month(1)
    told = signed_in(Role.COORDINATOR).get(f"/api/v1/donations/{reference}/fates").json
    assert told == {"accepted": 8, "counted_on": "2027-02-03", "settled": True, "told": {"lent": 8}, "given_by_month": {}}


def test_all_donations_reached_at_one_address_stand_on_one_page_with_their_papers(app, client):
    with app.app_context():
        first, second = gifts.received(2), gifts.received(3, of=5)
        _person()
        other = gifts.received(1, donor="Zoé", origin=LegalOrigin.INDIVIDUAL)
        references = [first.reference, second.reference, other.reference]
        paper = gifts.issued(second, PaperKind.DONATION).reference
        link = donor_url(first).removeprefix("http://refurb.example")
    page = client.get(link).text
    assert references[1] in page
    assert references[2] not in page
    assert paper in page
    assert client.get(f"{link}/{paper}").status_code == 200


def _person():
    with unit_of_work():
        add_organisation(SERVICE, name="Zoé d'Alès", is_donor=True, is_person=True, place="Ligugé", email="zoe@donateur.example")
