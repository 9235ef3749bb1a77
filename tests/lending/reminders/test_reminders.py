"""Reminders: one letter a day for each borrower, with all that is late and due soon; nothing is said of what is looked for."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.letters import NobodyToWriteTo, NotTold, Repeated, about_letter
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, today, zone
from refurb.kernel.speech.errors import Forbidden
from refurb.lending.items.rules import NotOut
from refurb.lending.loans.actions import MAIL_AGREEMENT, Departure, lend
from refurb.lending.loans.queries import Which, lines, said_back_count
from refurb.lending.reminders.actions import REMIND, note_not_found, plan_loan_reminders, say_back
from refurb.lending.reminders.effects import mail_agreement, remind_borrower
from refurb.lending.reminders.models import Reminder
from refurb.lending.reminders.queries import is_last_reminder, reminder_on, reminders_of, step_holds, steps_due
from refurb.lending.reminders.rules import NotSaidBack
from tests.lending.loans.test_sign import ink
from tests.support.story import desk, people


def lent_to(name="Aïcha", *things, late=0, email="aicha@chez.example"):
    """What somebody has of ours, due so many days ago."""
    who = desk.borrower(name)
    with unit_of_work():
        who.email = email
    loans = [desk.lent(each, who) for each in things or (desk.kit(),)]
    for loan in loans:
        desk.made_due(loan, today() - timedelta(days=late))
        with unit_of_work():
            loan.lines[0].out_at -= timedelta(days=40)
    return loans[0]


def remind(after=0):
    """The hourly work, so many days from now."""
    with at(datetime.combine(today() + timedelta(days=after), time(10), zone())), unit_of_work():
        return plan_loan_reminders()


def planned(kind=REMIND):
    return [each.facts for each in db.session.scalars(select(Effect).where(Effect.kind == kind).order_by(Effect.id))]


def test_one_letter_a_day_with_all_that_is_late_and_due_soon(context):
    loan = lent_to("Aïcha", desk.kit(), desk.kit("Robots mBot n° 4"), late=1)
    soon = desk.lent(desk.tablet(), loan.borrower)
    desk.made_due(soon, today() + timedelta(days=2))
    assert remind() == 1
    assert remind() == 0, "not twice a day"
    (facts,) = planned()
    letter = remind_borrower(**facts)
    assert letter.to == "aicha@chez.example"
    assert letter.subject.startswith("Vos prêts")
    late, _, later = letter.text.partition("Bientôt à rendre")
    assert "Robots mBot n° 3" in late
    assert "Robots mBot n° 4" in late
    assert "Tablette n° 1" in later
    assert "/mes-prets/" in letter.text
    assert about_letter(REMIND, facts).recipient == letter.to
    reminder = reminder_on(loan.borrower_id, today())
    assert [line.step for line in reminder.lines] == [1, 1]
    assert list(reminders_of(loan.lines[0])) == [reminder]


def test_each_step_once_and_the_last_of_those_that_have_passed(context):
    loan = lent_to(late=20)
    assert [step for _line, step in steps_due(today(), (-3, 1, 14, 28))[loan.borrower_id]] == [14]
    assert [remind(after) for after in (0, 1, 7, 8, 9)] == [1, 0, 0, 1, 0]
    with at(datetime.combine(today() + timedelta(days=8), time(10), zone())):
        assert [line.step for line in reminder_on(loan.borrower_id, today()).lines] == [28]


def test_a_letter_that_waited_is_carried_by_the_later_one(context):
    lent_to(late=13)
    assert [remind(after) for after in (0, 1)] == [1, 1]
    first, second = planned()
    with pytest.raises(Repeated):
        remind_borrower(**first)
    assert "Robots mBot" in remind_borrower(**second).text
    assert is_last_reminder(db.session.get_one(Reminder, second["reminder_id"]))


def test_what_is_back_meanwhile_is_not_asked_for(context):
    loan = lent_to(late=1)
    remind()
    desk.back(loan)
    with pytest.raises(NotTold):
        remind_borrower(**planned()[0])


def test_who_has_no_address_is_called(context):
    lent_to(late=1, email=None)
    remind()
    assert not db.session.scalars(select(Reminder)).one().reached
    with pytest.raises(NobodyToWriteTo):
        remind_borrower(**planned()[0])


@pytest.mark.parametrize(("step", "late", "holds"), [(-3, -2, True), (-3, 0, True), (-3, 1, False), (1, 1, True)])
def test_that_something_is_due_soon_is_said_until_it_is_due(step, late, holds):
    day = date(2026, 12, 1)
    assert step_holds(step, day - timedelta(days=late), day) is holds


def test_what_is_said_to_be_back_is_looked_for_without_reminders_and_they_go_on_where_it_is_not_found(context):
    loan, agent = lent_to(late=1), people.actor(Role.DESK)
    line = loan.lines[0]
    for _twice in range(2):
        with unit_of_work():
            say_back(SERVICE, line, by_borrower=True)
    assert (last_event(loan).move, remind(), said_back_count(agent)) == ("said_back", 0, 1)
    assert [row.reference for row in lines(agent, Which.SAID_BACK, "", 1).rows] == [loan.reference]
    with unit_of_work():
        note_not_found(agent, line)
    assert (last_event(loan).move, remind(), said_back_count(agent)) == ("not_found", 1, 0)
    with pytest.raises(NotSaidBack), unit_of_work():
        note_not_found(agent, line)
    with pytest.raises(Forbidden), unit_of_work():
        say_back(people.actor(Role.TECHNICIAN), line)
    assert said_back_count(people.actor(Role.TECHNICIAN)) == 0


def test_what_is_found_is_back(context):
    loan = lent_to(late=1)
    with unit_of_work():
        say_back(SERVICE, loan.lines[0])
    desk.back(loan)
    assert said_back_count(people.actor(Role.DESK)) == 0
    with pytest.raises(NotOut), unit_of_work():
        say_back(SERVICE, loan.lines[0])


def test_a_signed_agreement_is_sent_with_the_link(context):
    kit, who = desk.kit(), desk.borrower()
    with unit_of_work():
        who.email = "aicha@chez.example"
        loan = lend(people.actor(Role.DESK), who, [Departure(kit, desk.all_there(kit.components))], signature=ink())
    (facts,) = planned(MAIL_AGREEMENT)
    letter = mail_agreement(**facts)
    assert [each.name for each in letter.enclosures] == [f"{loan.paper.reference}.pdf"]
    assert letter.enclosures[0].content.startswith(b"%PDF")
    assert "/mes-prets/" in letter.text
    desk.back(loan)
    with pytest.raises(NotTold):
        mail_agreement(**facts)
