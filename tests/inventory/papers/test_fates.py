"""What donors are told of the fate of their machines: by the month, in fives, and nothing that can be worked out of fewer."""

from datetime import date, timedelta
from itertools import pairwise, product

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
from refurb.inventory.papers.fates import by_month, fates_of, tell, tell_fates
from refurb.inventory.papers.models import APART, FATES, FEWEST, SETTLED, ToldFates
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


ACCEPTED = 30
LOOKS = st.lists(st.lists(st.sampled_from((*APART, "at work")), min_size=ACCEPTED, max_size=ACCEPTED), min_size=1, max_size=8)
"""Where each of a donation's machines stands, at the end of each month."""


@given(LOOKS)
@settings(deadline=None, max_examples=200)
def test_no_number_no_difference_and_no_sum_tells_of_fewer_than_five(looks):
    shown = [tell(ACCEPTED, {fate: machines.count(fate) for fate in APART}) for machines in looks]
    for one, other in product(shown, [*shown, dict.fromkeys(FATES, 0)]):  # However far apart the looks are.
        assert not [fate for fate in FATES if 0 < abs(one[fate] - other[fate]) < FEWEST]
    for each, machines in zip(shown, looks, strict=True):
        assert sum(each[fate] for fate in APART) <= ACCEPTED
        assert not [fate for fate in APART if not each[fate] <= machines.count(fate) < each[fate] + FEWEST], "what is told is so"
    months = by_month((date(2027, 1 + number, 1), each["given"]) for number, each in enumerate(shown))
    assert sum(count for _month, count in months) == shown[-1]["given"]
    assert not [count for _month, count in months if count < FEWEST]


def worlds(accepted, fates):
    """Every way in which so many machines may stand: the count of each fate, and what is left at work."""
    return [each for each in product(range(accepted + 1), repeat=len(fates)) if sum(each) <= accepted]


@pytest.mark.parametrize(
    ("accepted", "known_none"), [(5, ()), (6, ()), (9, ("parts",)), (8, ("lent", "parts")), (12, ("parts", "ready")), (16, ("ready",))]
)
def test_whoever_works_it_out_finds_no_small_number(accepted, known_none):
    """All that is told is solved by trying: for each thing told, no fate has one possible count only, but nought or fives."""
    fates = [fate for fate in APART if fate not in known_none]
    possible = {}
    for counts in worlds(accepted, fates):
        told = tuple(tell(accepted, dict(zip(fates, counts, strict=True))).values())
        ranges = possible.setdefault(told, [(count, count) for count in counts])
        possible[told] = [(min(low, count), max(high, count)) for (low, high), count in zip(ranges, counts, strict=True)]
    solved = [(told, low) for told, ranges in possible.items() for low, high in ranges if low == high and low % FEWEST]
    assert not solved
    # Two looks differ by a known small number only where both are known: both are nought or fives, and so is what lies between.
    known = [[low for low, high in ranges if low == high] for ranges in possible.values()]
    assert not [1 for one, other in pairwise(known) for low, high in product(one, other) if 0 < abs(low - high) < FEWEST]


def test_of_the_twelve_machines_of_one_donation_no_seventeen_are_told():
    """One number falls by few while another grows."""
    looks = [{"ready": 12}, {"given": 6, "ready": 6}, {"given": 11, "ready": 1}, {"given": 12}]
    assert [tuple(tell(12, each)[name] for name in ("given", "ready")) for each in looks] == [(0, 10), (5, 5), (10, 0), (10, 0)]


def test_machines_that_came_back_are_counted_in_no_month():
    months = [date(2027, number, 1) for number in range(1, 5)]
    assert by_month(zip(months, (10, 5, 10), strict=False)) == ((months[0], 5), (months[2], 5))
    assert by_month(zip(months, (10, 20, 5, 5), strict=True)) == ((months[0], 5),)
    assert by_month(zip(months, (10, 0), strict=False)) == ()


def test_that_all_are_settled_is_not_told_where_it_would_tell_the_numbers():
    """Eight machines, four of each of two fates: nothing else would be in no number and yet settled."""
    assert tell(8, {"given": 4, "waste": 4}) == dict.fromkeys(FATES, 0) | {"settled": False}
    assert tell(16, dict.fromkeys(SETTLED, 4)) == dict.fromkeys(FATES, 0) | {"settled": False}
    assert tell(7, {"given": 4, "waste": 3})["settled"]


def test_small_numbers_wait_for_the_next_month(context, month):
    donation = gifts.received(20)
    put(donation, S.HANDED_OVER, 4)
    assert month(1) == 1
    assert told(donation) == {}
    put(donation, S.HANDED_OVER, 3)
    month(2)
    assert told(donation) == {"given": 5}
    put(donation, S.HANDED_OVER, 2)
    put(donation, S.WASTE, 5)
    month(3)
    assert told(donation) == {"given": 5, "waste": 5}, "nine are at least five"
    put(donation, S.HANDED_OVER, 3)
    month(4)
    assert told(donation) == {"given": 10, "waste": 5}
    assert [count for _month, count in fates_of(donation, 20).months] == [5, 5]


def test_an_arrival_that_is_counted_anew_tells_nothing_until_the_next_count(context, month):
    donation = gifts.received(12)
    put(donation, S.HANDED_OVER, 11)
    month(1)
    assert fates_of(donation, 12).given == 10
    after = fates_of(donation, 9)
    assert (after.told, after.given, after.months, after.settled) == ((), 0, (), False), "ten of nine is no sentence"


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
    assert [(fates_of(each, 6).given, fates_of(each, 6).laptops) for each in (laptops, screens)] == [(5, 5), (5, 0)]
    assert CARBON.in_force().avoided(6) == 6 * 27 * 3


@pytest.mark.parametrize("number", [4, 7, -5])
@pytest.mark.parametrize("fate", FATES)
def test_the_database_keeps_fives_alone(context, fate, number):
    donation = gifts.received(1)
    row = {"donation_id": donation.id, "month": "2026-11", "counted_on": date(2026, 12, 1), "settled": False, **dict.fromkeys(FATES, 0)}
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(insert(ToldFates).values(row | {fate: number}))


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
    for expected in (
        "Vos 9 machines\u00a0: au moins 5 remises",
        "3 février 2027",
        "405\u202fkg CO₂e",
        "5 × 27 × 3",
        "ADEME, 2022",
        "janvier 2027",
    ):
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
    assert told == {"accepted": 8, "counted_on": "2027-02-03", "settled": True, "told": {"lent": 5}, "given_by_month": {}}


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
