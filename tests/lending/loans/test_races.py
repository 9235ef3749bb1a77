"""No double loan, whatever arrives at the same time: one wins, the other is told; and the database holds if the code did not."""

import threading
from time import sleep

import pytest
from sqlalchemy.exc import IntegrityError

from refurb.directory.agenda.rules import MovesOtherThings
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import lock, unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Conflict
from refurb.lending.items.rules import ItemOut, NotOut
from refurb.lending.loans.actions import Departure, lend, take_back
from refurb.lending.models import Borrower, Item, Loan, LoanLine
from refurb.lending.reminders.actions import say_back
from refurb.lending.words import LoanState
from tests.support.story import desk, people, places


def at_once(app, *deeds):
    """Do some deeds at the same moment, each with a connection of its own; what each answered or raised."""
    answers, gate = [None] * len(deeds), threading.Barrier(len(deeds))

    def do(place, deed):
        with app.app_context():
            gate.wait()
            try:
                answers[place] = deed()
            except Conflict as refusal:
                answers[place] = refusal
            finally:
                db.session.remove()

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_two_loans_of_one_thing_at_the_same_moment(app):
    with app.app_context():
        desk.tablet()
        names = [desk.borrower("Aïcha").name, desk.borrower("Berthe").name]

    def lend_to(name):
        def deed():
            who = db.session.query(Borrower).filter_by(name=name).one()
            item = db.session.query(Item).one()
            counts = desk.all_there(item.components)
            with unit_of_work():
                return lend(people.actor(Role.DESK), who, [Departure(item, counts)], on_paper=True).reference

        return deed

    answers = at_once(app, *map(lend_to, names))
    assert sorted(type(each) for each in answers if not isinstance(each, str)) == [ItemOut]
    with app.app_context():
        assert db.session.query(Loan).count() == 1
        assert db.session.query(LoanLine).count() == 1


def test_two_returns_of_one_thing_at_the_same_moment(app):
    with app.app_context():
        desk.lent(desk.tablet())

    def deed():
        line = db.session.query(LoanLine).one()
        counts = desk.all_there(line.counts)
        with unit_of_work():
            return take_back(people.actor(Role.DESK), line, counts).id

    answers = at_once(app, deed, deed)
    assert [type(each) for each in answers if not isinstance(each, int)] == [NotOut]


def test_the_last_two_lines_of_a_loan_at_the_same_moment_close_it_once(app):
    with app.app_context():
        things, who = [desk.kit("Malle 1"), desk.kit("Malle 2")], desk.borrower()
        with unit_of_work():
            lend(people.actor(Role.DESK), who, [Departure(each, desk.all_there(each.components)) for each in things], on_paper=True)

    def bring_back(place):
        def deed():
            line = db.session.query(LoanLine).order_by(LoanLine.id).all()[place]
            counts = desk.all_there(line.counts)
            with unit_of_work():
                return take_back(people.actor(Role.DESK), line, counts).id

        return deed

    answers = at_once(app, bring_back(0), bring_back(1))
    assert all(isinstance(each, int) for each in answers)
    with app.app_context():
        assert db.session.query(Loan).one().state is LoanState.CLOSED


@pytest.mark.parametrize("how", ["say_back", "take_back"])
def test_the_loan_is_held_before_its_line(app, how):
    """Whoever records a pile or renews holds the loan and asks for its lines next: nobody holds a line and asks for its loan."""
    with app.app_context():
        desk.lent(desk.tablet())
    held = threading.Event()

    def the_desk():
        line = db.session.query(LoanLine).one()
        with unit_of_work():
            lock(line.loan)
            held.set()
            sleep(0.4)  # The other has come as far as it gets.
            lock(line)
            return "done"

    def the_other():
        line = db.session.query(LoanLine).one()
        counts = desk.all_there(line.counts)
        held.wait(5)
        with unit_of_work():
            if how == "say_back":
                say_back(SERVICE, line, by_borrower=True)
            else:
                take_back(people.actor(Role.DESK), line, counts)
            return "done"

    assert at_once(app, the_desk, the_other) == ["done", "done"]


def test_what_leaves_while_its_day_of_return_is_closed_moves_too(app):
    """Whoever closes waits for what is being lent; on SQLite they come one after the other, and the second is told."""
    lent = threading.Event()
    with app.app_context():
        day = places.monday()
        desk.kit()
        desk.borrower()
        people.actor(Role.COORDINATOR)

    def the_desk():
        who, item = db.session.query(Borrower).one(), db.session.query(Item).one()
        with unit_of_work():
            lend(people.actor(Role.DESK), who, [Departure(item, desk.all_there(item.components), day)], on_paper=True)
            lent.set()
            sleep(0.4)  # The other has come as far as it gets.
            return "lent"

    def the_other():
        lent.wait(5)
        places.closed(day)
        return "closed"

    desk_said, closing = at_once(app, the_desk, the_other)
    assert desk_said == "lent"
    with app.app_context():
        due_on = db.session.query(LoanLine).one().due_on
    assert due_on > day if closing == "closed" else isinstance(closing, MovesOtherThings)


def test_the_database_refuses_a_second_line_for_what_is_out(context):
    loan = desk.lent(desk.tablet())
    with pytest.raises(Conflict) as refused, unit_of_work() as session:
        session.add(LoanLine(loan_id=loan.id, item_id=loan.lines[0].item_id, out_at=now(), due_on=today()))
    assert isinstance(refused.value.__cause__, IntegrityError)
