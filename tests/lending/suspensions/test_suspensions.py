"""A suspension: after reminders in vain or by the desk, it keeps departures, reservations and renewals away, never a return."""

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import last_event, notes_of
from refurb.kernel.deeds.mail import OnlyWritten
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today, zone
from refurb.kernel.speech.errors import Forbidden
from refurb.lending.counter.actions.exceptions import lend_despite_suspension
from refurb.lending.counter.actions.piles import hand_over, hear
from refurb.lending.counter.actions.recording import record
from refurb.lending.counter.shown import shown_pile
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import Departure, lend, undo_return
from refurb.lending.models import Loan
from refurb.lending.reminders.actions import plan_loan_reminders, say_back
from refurb.lending.reminders.effects import remind_borrower, reminder_letter
from refurb.lending.reminders.models import REMIND
from refurb.lending.reminders.suspending import reminders_in_vain, suspend_all_in_vain, suspend_when_in_vain
from refurb.lending.renewals.queries import renewal_of
from refurb.lending.renewals.rules import WaitedFor
from refurb.lending.shown import history_of
from refurb.lending.suspensions.actions import end_on_return, lift_suspension, suspend, suspend_for_reminders
from refurb.lending.suspensions.models import Suspension
from refurb.lending.suspensions.queries import suspension_of
from refurb.lending.suspensions.rules import AlreadySuspended, NotSuspended, Suspended, is_not_suspended
from refurb.lending.suspensions.words import SuspendedWhy, SuspensionEnd
from refurb.lending.terms import LOANS, loan_policy
from tests.lending.reminders.test_reminders import lent_to
from tests.lending.reserving import fire, open_day, reserved
from tests.lending.waiting import waiting
from tests.support.story import desk, people, promises


def suspended(who, role=Role.DESK):
    with unit_of_work():
        return suspend(people.actor(role), who, reason="Trois retards cette année")


def hour(after=0):
    """The work of an hour, so many days from now."""
    with at(datetime.combine(today() + timedelta(days=after), time(10), zone())), unit_of_work():
        plan_loan_reminders()


def letters_leave(fault=None):
    """What was planned leaves, or ends with why it did not."""
    with unit_of_work():
        for each in db.session.scalars(select(Effect).where(Effect.kind == REMIND, Effect.done_at.is_(None))):
            each.done_at, each.fault = now(), fault


def reminded_in_vain(loan=None):
    """Somebody was reminded of a late thing on each day that the policy names."""
    loan = loan or lent_to(late=1)
    for after in (0, 13, 27):
        hour(after)
        letters_leave()
    hour(27)
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


def test_a_reason_that_nobody_needed_is_not_in_the_history(context):
    kit, who = desk.kit(), desk.borrower()
    with unit_of_work():
        lines = [Departure(kit, desk.all_there(kit.components))]
        loan = lend(people.actor(Role.DESK), who, lines, on_paper=True, despite_suspension="au cas où")
    assert not any("malgré la suspension" in each.text for each in history_of(loan))


def test_nothing_is_promised_to_who_was_suspended_since(context):
    who, kit = desk.borrower(), desk.kit()
    held, asked = reserved(kit, who=who, to_confirm=True), reserved(promises.printer(), who=who)
    suspended(who)
    for reservation, move in ((held, "confirm"), (asked, "approve"), (asked, "offer")):
        with pytest.raises(Suspended):
            fire(reservation, move)


def test_who_is_suspended_and_waits_keeps_nobody_from_renewing(context):
    kit = desk.kit()
    loan = desk.lent(kit, due_on=open_day(5))
    wait = waiting(kit, starts=3, ends=30)
    assert isinstance(renewal_of(loan.lines[0]).refusal, WaitedFor)
    with at(datetime.combine(wait.from_on + timedelta(days=1), time(0, 5), zone())):
        assert renewal_of(loan.lines[0]).refusal is None, "its days have begun: it is offered nothing"
    suspended(wait.borrower)
    assert renewal_of(loan.lines[0]).refusal is None


def test_the_counter_refuses_the_departure_in_its_line(context):
    kit, who, agent = desk.kit(), desk.borrower(), people.actor(Role.DESK)
    suspended(who)
    with unit_of_work():
        hear(agent, who.code)
        pile = hear(agent, kit.code)
        assert [line.refusal["code"] for line in pile.lines] == ["borrower.suspended"]


def test_the_counter_lends_in_spite_of_it_for_a_reason_where_the_policy_allows(context):
    kit, other, who, agent = desk.kit(), desk.kit("Robots mBot n° 4"), desk.borrower(), people.actor(Role.DESK)
    berthe = desk.borrower("Berthe")
    suspended(who)
    with unit_of_work():
        hear(agent, who.code)
        pile = hear(agent, kit.code)
        with LOANS.as_if(replace(loan_policy(), suspension_override=False)), pytest.raises(Suspended):
            lend_despite_suspension(pile, "Rendez-vous d'emploi demain")
        assert pile.despite_suspension is None
        lend_despite_suspension(pile, "Rendez-vous d'emploi demain")
        assert [line.refusal for line in pile.lines] == [None]
        pile.lines[0].answers = {str(each.key): {"state": "complete"} for each in shown_pile(pile).lines[0].counted}
        pile.on_paper = True
        loan = record(agent, pile)
    assert any("emploi demain" in each.text for each in history_of(loan))
    assert suspension_of(who) is not None, "the suspension goes on"
    with unit_of_work():
        hear(agent, who.code)
        pile = hear(agent, other.code)
        lend_despite_suspension(pile, "encore")
        hear(agent, berthe.code)
        hand_over(pile)
        assert pile.despite_suspension is None, "it was for somebody else"


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


@pytest.mark.parametrize("fault", [None, "letter.repeated", OnlyWritten.code])
def test_a_letter_counts_once_it_left(context, fault):
    loan = lent_to(late=1)
    for after in (0, 13, 27):
        hour(after)
    assert suspension_of(loan.borrower) is None, "three letters wait for a mail server"
    letters_leave(fault)
    hour(27)
    assert (suspension_of(loan.borrower) is None) is (fault == "letter.repeated")
    assert suspend_all_in_vain() == 0, "once"


def test_the_last_letter_says_what_it_leads_to(context):
    loan = lent_to(late=1)
    for after in (0, 13):
        hour(after)
        letters_leave()
    hour(27)
    assert suspension_of(loan.borrower) is None
    (last,) = db.session.scalars(select(Effect).where(Effect.kind == REMIND, Effect.done_at.is_(None))).all()
    assert "ici au retour" in remind_borrower(**last.facts).text
    with unit_of_work():
        say_back(SERVICE, loan.lines[0])
    letters_leave()
    hour(27)
    assert suspension_of(loan.borrower) is None, "it is looked for"


def test_who_was_suspended_by_the_desk_reads_that_the_desk_lifts_it(context):
    loan = lent_to(late=1)
    suspended(loan.borrower)
    said = reminder_letter(loan.borrower, "key", "aicha@chez.example", "https://x").text
    assert "accueil lève la suspension" in said
    assert "ici au retour" not in said


def test_what_the_desk_lifted_is_not_begun_anew_by_what_was_lifted(context):
    loan = reminded_in_vain()
    with at(datetime.combine(today() + timedelta(days=27), time(12), zone())), unit_of_work():
        lift_suspension(people.actor(Role.DESK), loan.borrower, reason="hospitalisée")
    other = desk.lent(desk.kit("Robots mBot n° 4"), loan.borrower)
    desk.made_due(other, today() + timedelta(days=29))
    hour(28)
    assert suspension_of(loan.borrower) is None
    desk.back(other)
    with unit_of_work():
        undo_return(people.actor(Role.DESK), db.session.get_one(Loan, other.id).lines[0], reason="erreur")
    assert suspension_of(loan.borrower) is None


def test_what_is_lost_keeps_it_and_what_is_found_ends_it(context):
    kit, other, agent = desk.kit(), desk.kit("Robots mBot n° 4"), people.actor(Role.DESK)
    loan = lent_to("Aïcha", kit, late=1)
    later = desk.lent(other, loan.borrower)
    reminded_in_vain(loan)
    with unit_of_work():
        item_machine.fire(kit, "lose", agent, reason="introuvable")
    desk.back(later)
    assert suspension_of(loan.borrower) is not None, "what is lost is not back"
    with unit_of_work():
        item_machine.fire(kit, "find", agent)
    assert suspension_of(loan.borrower) is None
    shelved = desk.kit("Robots mBot n° 5")
    for move, facts in (("lose", {"reason": "au dépôt ?"}), ("find", {})):
        with unit_of_work():
            item_machine.fire(shelved, move, agent, **facts)


def test_two_suspend_once(context):
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
        code, kit = desk.borrower().code, desk.kit().code
    agent = signed_in(Role.DESK)
    assert agent.submit(f"/emprunteurs/{code}/suspendre", {"reason": ""}).status_code == 422
    assert agent.submit(f"/emprunteurs/{code}/suspendre", {"reason": "retards"}).status_code == 303
    assert "Prêts suspendus" in agent.get(f"/emprunteurs/{code}").text
    agent.submit("/comptoir/scan", {"code": code})
    agent.submit("/comptoir/scan", {"code": kit})
    number = re.search(r'value="despite:(\d+)"', agent.get("/comptoir").text)[1]
    pile = re.search(r'name="pile" value="(\d+)"', agent.get("/comptoir").text)[1]
    assert "pourquoi" in agent.submit("/comptoir", {"pile": pile, "do": f"despite:{number}"}).text.lower()
    assert agent.submit("/comptoir", {"pile": pile, "do": f"despite:{number}", f"o{number}": "emploi"}).status_code == 303
    assert "Malgré la suspension" in agent.get("/comptoir").text
    assert "rapporter reste toujours possible" in agent.get("/comptoir").text
    assert "Prêts suspendus" in agent.get(f"/emprunteurs/{code}/lever-la-suspension").text
    assert agent.submit(f"/emprunteurs/{code}/lever-la-suspension", {"reason": "réglé"}).status_code == 303
    headers = {"X-CSRFToken": agent.token()}
    assert agent.post(f"/api/v1/borrowers/{code}/suspend", json={"reason": "x"}, headers=headers).json["suspended"]["why"] == "desk"
    assert agent.post(f"/api/v1/borrowers/{code}/lift", json={"reason": "x"}, headers=headers).json["suspended"] is None
