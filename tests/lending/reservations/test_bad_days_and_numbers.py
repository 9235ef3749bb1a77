"""What is typed about reservations and cannot be: numbers, days that there are not, a thing of another place, one day too many."""

from datetime import date, timedelta

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.errors import Invalid
from refurb.lending.items.actions import move_item
from refurb.lending.loans.actions import Departure, lend
from refurb.lending.reservations.packing import NotOfTheBag, pack
from refurb.lending.reservations.rules import ClosedThatDay, NotFree, TooManyAtOnce
from refurb.lending.reservations.schemas import NewReservation
from refurb.lending.reservations.words import ReservationState
from refurb.lending.terms import loan_policy
from tests.lending.reserving import claims_of, live, reserved
from tests.support.story import desk, people, places, rota

SOUND = {"borrower": "Berthe", "from_on": "2028-02-28", "to_on": "2028-02-29", "lines": [{"product_id": 1, "quantity": 1}]}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"lines": [{"product_id": 1, "quantity": 0}]}, "lines"),
        ({"lines": [{"product_id": 1, "quantity": -1}]}, "lines"),
        ({"lines": [{"product_id": 1, "quantity": 10_000}]}, "lines"),
        ({"lines": [{"product_id": 1, "quantity": "deux"}]}, "lines"),
        ({"from_on": "2027-02-29"}, "from_on"),
        ({"to_on": "2028-02-30"}, "to_on"),
        ({"to_on": "2026-W54-1"}, "to_on"),
        ({"to_on": "9999-12-31"}, "to_on"),
    ],
)
def test_what_is_no_number_and_no_day_is_said_beside_its_field(context, told, field):
    assert load(NewReservation, SOUND)["to_on"] == date(2028, 2, 29)
    with pytest.raises(Invalid) as refused:
        load(NewReservation, SOUND | told)
    assert list(refused.value.fields) == [field]


def test_ten_thousand_of_a_product_are_refused_by_the_rule_that_says_how_many(context):
    kit = desk.kit()
    with pytest.raises(TooManyAtOnce) as refused:
        reserved(*[kit] * 11)
    facts = refused.value.facts
    assert (facts["rule"], facts["version"], facts["most"], facts["held"]) == ("Malle pédagogique", loan_policy().version, 10, 0)


def test_a_day_before_and_a_day_after_are_one_too_many(context):
    """It is looked after on the day of its return, so it leaves again on the next."""
    kit, berthe = desk.kit(), desk.borrower("Berthe")
    with clock.at(rota.noon(date(2027, 3, 1))):
        reserved(kit, from_on=date(2027, 3, 9), to_on=date(2027, 3, 16))
        with pytest.raises(NotFree):
            reserved(kit, who=berthe, from_on=date(2027, 3, 2), to_on=date(2027, 3, 9))
        with pytest.raises(NotFree) as refused:
            reserved(kit, who=berthe, from_on=date(2027, 3, 16), to_on=date(2027, 3, 23))
        assert refused.value.facts["nearest"] == date(2027, 3, 17)
        assert live(reserved(kit, who=berthe, from_on=date(2027, 3, 2), to_on=date(2027, 3, 8)))
        assert live(reserved(kit, who=berthe, from_on=date(2027, 3, 17), to_on=date(2027, 3, 24)))


def test_a_thing_of_another_place_is_packed_for_nobody_here_and_leaves_by_no_reservation_of_here(context):
    here, other, place = desk.kit("Malle 1"), desk.kit("Malle 2"), places.second()
    with unit_of_work():
        move_item(people.actor(Role.COORDINATOR), other, place.id)
    who = desk.borrower("Berthe")
    made = reserved(here, who=who)
    with pytest.raises(NotOfTheBag), unit_of_work():
        pack(people.actor(Role.DESK), made, other)
    with unit_of_work():
        lend(people.actor(Role.DESK), who, [Departure(other, desk.all_there(other.components))], on_paper=True)
    assert (made.state, live(made)[0].item_id) == (ReservationState.APPROVED, here.id)


@pytest.mark.parametrize(
    ("first", "last", "closed"),
    [
        (date(2028, 2, 28), date(2028, 2, 29), None),
        (date(2028, 2, 29), date(2028, 3, 1), None),
        (date(2026, 12, 18), date(2027, 1, 5), date(2027, 1, 1)),  # over week 53 into week 1, and New Year
        (date(2027, 3, 26), date(2027, 3, 30), date(2027, 3, 29)),  # over the hour that there is not, and Easter Monday
        (date(2026, 10, 23), date(2026, 10, 27), date(2026, 10, 25)),  # over the hour that there is twice
    ],
)
def test_days_are_counted_whole_over_leap_days_new_years_and_the_hours_of_the_clock(context, first, last, closed):
    kit = desk.kit()
    with clock.at(rota.noon(first - timedelta(days=3))):
        made = reserved(kit, from_on=first, to_on=last)
        (claim,) = claims_of(made)
        assert (claim.starts_on, claim.due_on, claim.until_on) == (first, last, last + timedelta(days=1))
        if closed:
            with pytest.raises(ClosedThatDay) as refused:
                reserved(kit, who=desk.borrower("Berthe"), from_on=closed, to_on=closed + timedelta(days=30))
            assert refused.value.facts["nearest"] > closed
