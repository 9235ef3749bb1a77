"""What is free again is offered to the first who waits for it, in the transaction that frees it, and kept for some open hours."""

from datetime import timedelta

from refurb.directory.agenda.queries import days_of
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import now
from refurb.lending.loans.actions import Departure, lend
from refurb.lending.reservations.words import ReservationState
from refurb.lending.terms import loan_policy
from refurb.lending.waits.words import WaitState
from tests.lending.reserving import fire, live, open_day, reserved
from tests.lending.waiting import offer_of, taken_and_waited_for, waiting
from tests.support.story import desk, people, promises


def test_it_works(context):
    taken, (first, second) = taken_and_waited_for("Berthe", "Chloé")
    fire(taken, "cancel", reason="plus besoin")
    offered = offer_of(first)
    assert (first.state, second.state) == (WaitState.OFFERED, WaitState.WAITING)
    assert (offered.state, len(live(offered))) == (ReservationState.HELD, 1)
    assert (offered.from_on, offered.to_on) == (first.from_on, first.to_on)


def test_the_answer_is_waited_for_during_open_hours(context):
    taken, (first,) = taken_and_waited_for()
    fire(taken, "cancel", reason="plus besoin")
    loans, days = loan_policy(), days_of(1)
    due = loans.after_open_hours(now(), 48, days)
    assert abs(offer_of(first).expires_at - due) < timedelta(minutes=5)
    monday = loans.next_open(open_day(1), days)
    shut = monday
    while loans.is_open(shut + timedelta(days=1), days):
        shut += timedelta(days=1)
    noon = clock.midnight(shut) + timedelta(hours=12)
    opens = clock.midnight(loans.next_open(shut + timedelta(days=1), days))
    assert loans.after_open_hours(noon, 24, days) == opens + timedelta(hours=12)


def test_whoever_waits_for_more_than_is_free_is_passed_over_and_stays_first(context):
    kits = [desk.kit("Malle 1"), desk.kit("Malle 2")]
    taken = [reserved(each, who=desk.borrower(name)) for each, name in zip(kits, ("Aïcha", "Zoé"), strict=True)]
    both, one = waiting(kits[0], "Berthe", quantity=2), waiting(kits[0], "Chloé")
    fire(taken[0], "cancel", reason="plus besoin")
    assert (both.state, one.state) == (WaitState.WAITING, WaitState.OFFERED)
    assert offer_of(one).borrower.name == "Chloé"
    assert promises.taken_twice() == []


def test_who_is_short_comes_before_who_waits_though_only_some_of_their_days_are_free(context):
    kit = desk.kit()
    taken = reserved(kit, starts=5, ends=20, who=desk.borrower("Aïcha"))
    leaving, agent = desk.borrower("Zoé"), people.actor(Role.DESK)
    with unit_of_work():
        lend(agent, leaving, [Departure(kit, desk.all_there(kit.components), open_day(8), "à titre exceptionnel")], on_paper=True)
    wait = waiting(kit, "Berthe", starts=12, ends=15)
    assert live(taken)[0].item_id is None, "it is out when she would fetch it"
    assert wait.state is WaitState.WAITING, "the kit is back by then, and asked for all the same"
    fire(taken, "cancel", reason="plus besoin")
    assert wait.state is WaitState.OFFERED


def test_what_was_asked_of_the_desk_is_asked_again(context):
    printer = promises.printer()
    taken = reserved(printer, starts=10, ends=14, who=desk.borrower("Aïcha"))
    wait = waiting(printer, starts=10, ends=14)
    fire(taken, "refuse", reason="pas cette fois")
    assert offer_of(wait).state is ReservationState.PENDING
