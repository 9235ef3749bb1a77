"""The families of a year: whom it counts, and when."""

from datetime import timedelta

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.referrals.cases.actions import allocate, hand_over
from refurb.reporting.figures.definitions import FIGURES
from refurb.reporting.figures.evidence import behind
from refurb.reporting.figures.numbers import numbers
from refurb.reporting.figures.periods import FiguresAsked
from tests.support.story import evidence, families, people


def test_a_family_counts_in_the_year_it_is_served_whenever_it_was_referred(context):
    handover = families.handed_over()
    with unit_of_work():
        handover.allocation.referral.created_at = now() - timedelta(days=400)
    assert numbers(FiguresAsked(today().year)).families == 1


def test_a_family_that_was_served_another_year_counts_in_that_one(context):
    handover = families.handed_over()
    then = now() - timedelta(days=400)
    with unit_of_work():
        handover.handed_at = then
    assert [numbers(FiguresAsked(year)).families for year in (today().year, then.year)] == [0, 1]


def test_a_family_whose_first_machine_came_back_unsigned_counts_once(app, context):
    first = families.left_unsigned(DeviceKind.LAPTOP).allocation
    assert numbers(FiguresAsked(today().year)).families == 0, "its slip is not signed"
    evidence.fire(first.device, "come_back", reason="La famille n'en veut plus")
    office, device = people.actor(Role.COORDINATOR), families.ready(DeviceKind.LAPTOP)
    with unit_of_work():
        again = allocate(office, first.referral, device)
    with unit_of_work():
        hand_over(office, again, place="Atelier", signature_kind="drawn", signature=families.drawing())
    asked = FiguresAsked(today().year)
    told = numbers(asked)
    assert (told.families, told.given.total) == (1, 1)
    with app.test_request_context():
        assert behind(office, FIGURES["families"], asked, 1).total == 1
