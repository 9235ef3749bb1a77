"""A wrong return that is undone takes its reservation out again."""

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.loans.actions import undo_return
from refurb.lending.reservations.words import ReservationState
from tests.lending.reserving import live, refused_from_here, reserved
from tests.support.story import desk, people


def test_it_works(context):
    kit, who = desk.kit(), desk.borrower()
    made = reserved(kit, who=who, starts=1)
    loan = desk.lent(kit, who)
    desk.back(loan)
    with unit_of_work():
        undo_return(people.actor(Role.DESK), loan.lines[0], reason="c'était l'autre")
    assert (made.state, len(live(made))) == (ReservationState.OUT, 1)


def test_not_what_never_left(context):
    refused_from_here(reserved(desk.kit()), "leave_again")
