"""A suspension: after reminders in vain or by the desk, it keeps departures, reservations and renewals away, never a return."""

from datetime import datetime, time, timedelta

import pytest

from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event, notes_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, today, zone
from refurb.kernel.speech.errors import Forbidden
from refurb.lending.counter.actions.piles import hear
from refurb.lending.loans.actions import Departure, lend, undo_return
from refurb.lending.models import Loan
from refurb.lending.reminders.actions import plan_loan_reminders
from refurb.lending.reminders.effects import reminder_letter
from refurb.lending.reminders.suspending import reminders_in_vain, suspend_when_in_vain
from refurb.lending.renewals.queries import renewal_of
from refurb.lending.shown import history_of
from refurb.lending.suspensions.actions import end_on_return, lift_suspension, suspend, suspend_for_reminders
from refurb.lending.suspensions.models import Suspension
from refurb.lending.suspensions.queries import suspension_of
from refurb.lending.suspensions.rules import AlreadySuspended, NotSuspended, Suspended, is_not_suspended
from refurb.lending.suspensions.words import SuspendedWhy, SuspensionEnd
from tests.lending.reminders.test_reminders import lent_to
from tests.lending.reserving import reserved
from tests.support.story import desk, people


def suspended(who, role=Role.DESK):
    with unit_of_work():
        return suspend(people.actor(role), who, reason="Trois retards cette année")


def reminded_in_vain():
    """Somebody was reminded of a late thing on each day that the policy names."""
    loan = lent_to(late=1)
    for after in (0, 13, 27):
        with at(datetime.combine(today() + timedelta(days=after), time(10), zone())), unit_of_work():
            plan_loan_reminders()
    return loan


def test_the_desk_suspends_and_lifts_with_a_reason(context):
    who, agent = desk.borrower(), people.actor(Role.DESK)
    made = suspended(who)
    assert suspension_of(who) is made
    assert (made.why, made.suspended_by) == (SuspendedWhy.DESK, agent.id)
    event = last_event(who)
    assert (event.move, notes_of([event])[event.id]) == ("suspended", {"reason": "Trois retards cette année"})
    with pytest.raises(AlreadySuspended):
        suspended(who)
    with unit_of_work():
        lift_suspension(agent, who, reason="Tout est rapporté")
    assert suspension_of(who) is None
    assert (made.ended_how, made.ended_by) == (SuspensionEnd.LIFTED, agent.id)
    assert "Suspension levée" in history_of(who)[0].text
    with pytest.raises(NotSuspended), unit_of_work():
        lift_suspension(agent, who, reason="encore")
    with pytest.raises(Forbidden):
        suspended(who, Role.TECHNICIAN)


def test_nothing_leaves_is_reserved_or_goes_on_and_what_is_out_comes_back(context):
    kit, other = desk.kit(), desk.kit("Robots mBot n° 4")
    loan = desk.lent(kit)
    suspended(loan.borrower)
    with pytest.raises(Suspended):
        desk.lent(other, loan.borrower)
    with pytest.raises(Suspended):
        reserved(other, who=loan.borrower)
    assert isinstance(renewal_of(loan.lines[0]).refusal, Suspended)
    desk.back(loan)
    assert suspension_of(loan.borrower) is not None, "what the desk decided, the desk lifts"


def test_a_reason_stands_for_it_where_the_policy_allows(context):
    kit, who = desk.kit(), desk.borrower()
    suspended(who)
    is_not_suspended(who, "Rendez-vous d'emploi demain")
    with unit_of_work():
        loan = lend(
            people.actor(Role.DESK), who, [Departure(kit, desk.all_there(kit.components))],
            on_paper=True, despite_suspension="Rendez-vous d'emploi demain",
        )  # fmt: skip
    assert any("malgré la suspension" in each.text and "emploi demain" in each.text for each in history_of(loan))


def test_the_counter_refuses_the_departure_in_its_line(context):
    kit, who, agent = desk.kit(), desk.borrower(), people.actor(Role.DESK)
    suspended(who)
    with unit_of_work():
        hear(agent, who.code)
        pile = hear(agent, kit.code)
        assert [line.refusal["code"] for line in pile.lines] == ["borrower.suspended"]


def test_three_reminders_in_vain_suspend_and_the_return_lifts(context):
    loan = reminded_in_vain()
    assert reminders_in_vain(loan.borrower) == 3
    found = suspension_of(loan.borrower)
    assert found.why is SuspendedWhy.REMINDERS
    assert "suspendus" in reminder_letter(loan.borrower, "key", "aicha@chez.example", "https://x").text
    with pytest.raises(Suspended) as refused:
        is_not_suspended(loan.borrower)
    assert refused.value.ruling is not None
    desk.back(loan)
    assert suspension_of(loan.borrower) is None
    assert db.session.get_one(Suspension, found.id).ended_how is SuspensionEnd.RETURNED
    with unit_of_work():
        undo_return(people.actor(Role.DESK), db.session.get_one(Loan, loan.id).lines[0], reason="erreur")
    assert suspension_of(loan.borrower) is not None, "it was not back"


def test_what_the_desk_lifted_is_not_begun_anew_by_the_hour_and_two_suspend_once(context):
    who = desk.borrower()
    with unit_of_work():
        assert suspend_for_reminders(who, 3)
        assert not suspend_for_reminders(who, 3)
        assert not suspend_when_in_vain(who)
        end_on_return(SERVICE, who)
        end_on_return(SERVICE, who)
    assert suspension_of(who) is None


def test_on_screen_and_by_json(signed_in, app):
    with app.app_context():
        code = desk.borrower().code
    agent = signed_in(Role.DESK)
    assert agent.submit(f"/emprunteurs/{code}/suspendre", {"reason": ""}).status_code == 422
    assert agent.submit(f"/emprunteurs/{code}/suspendre", {"reason": "retards"}).status_code == 303
    assert "Prêts suspendus" in agent.get(f"/emprunteurs/{code}").text
    agent.submit("/comptoir/scan", {"code": code})
    assert "rapporter reste toujours possible" in agent.get("/comptoir").text
    assert "Prêts suspendus" in agent.get(f"/emprunteurs/{code}/lever-la-suspension").text
    assert agent.submit(f"/emprunteurs/{code}/lever-la-suspension", {"reason": "réglé"}).status_code == 303
    headers = {"X-CSRFToken": agent.token()}
    assert agent.post(f"/api/v1/borrowers/{code}/suspend", json={"reason": "x"}, headers=headers).json["suspended"]["why"] == "desk"
    assert agent.post(f"/api/v1/borrowers/{code}/lift", json={"reason": "x"}, headers=headers).json["suspended"] is None
