"""A wrong return is undone by somebody, with a reason: both stay in the history, and the line is out again."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import broken_links, events_of, notes_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from refurb.lending.claims.models import ItemClaim
from refurb.lending.debts.actions import settle_debt
from refurb.lending.debts.queries import debts_of_loan, open_damages, standing_of
from refurb.lending.items.rules import NotBack
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import take_back, undo_return
from refurb.lending.loans.rules import GoneSince
from refurb.lending.shown import history_of
from refurb.lending.words import DebtEnd, ItemState, LoanState
from tests.lending.counter.pressing import pressed, scanned
from tests.lending.moves import WHY, fire
from tests.support.story import desk, people, places

REASON = "La mauvaise tablette"


def undone(line, role=Role.DESK):
    with unit_of_work():
        return undo_return(people.actor(role), line, reason=REASON)


def test_it_works(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    desk.back(loan, Chargeur=("missing", 0), Housse=("damaged", None))
    assert loan.state is LoanState.CLOSED
    (line,) = loan.lines
    undone(line)
    assert (loan.state, tablet.state, line.back_at) == (LoanState.OPEN, ItemState.LENT, None)
    assert [count.state_back for count in line.counts] == [None, None, None]
    assert standing_of(loan.borrower).is_clear
    assert (debts_of_loan(loan), open_damages(tablet)) == ([], [])
    events = events_of(tablet)
    assert [event.move for event in events][:2] == ["undo_return", "take_back_incomplete"]
    assert events[0].facts["counts"][1] == ["Chargeur", 0, "missing"]
    assert notes_of(events)[events[0].id] == {"reason": REASON}
    assert list(broken_links(db.session)) == []


def test_then_it_comes_back_as_any_other(context):
    loan = desk.lent(desk.tablet())
    desk.back(loan, Chargeur=("missing", 0))
    undone(loan.lines[0])
    desk.back(loan, Chargeur=("missing", 0))
    assert loan.state is LoanState.CLOSED
    assert len(standing_of(loan.borrower).debts) == 1


def test_a_day_of_return_that_was_closed_meanwhile_moves(context):
    loan, day = desk.lent(desk.tablet()), places.monday()
    desk.made_due(loan, day)
    desk.back(loan)
    places.closed(day)
    assert loan.lines[0].due_on == day, "it was back"
    undone(loan.lines[0])
    assert loan.lines[0].due_on > day
    assert db.session.query(ItemClaim).filter_by(loan_line_id=loan.lines[0].id).one().due_on == loan.lines[0].due_on
    moved = next(event for event in events_of(loan) if event.move == "due_moved")
    assert moved.facts["before"] == day.isoformat()


@pytest.mark.parametrize("how", [DebtEnd.REPAID, DebtEnd.WAIVED])
def test_what_was_settled_is_not_asked_twice(context, how):
    loan = desk.lent(desk.tablet())
    desk.back(loan, Chargeur=("missing", 0))
    (debt,) = standing_of(loan.borrower).debts
    with unit_of_work():
        settle_debt(people.actor(Role.DESK), debt, how=how)
    undone(loan.lines[0])
    desk.back(loan, Chargeur=("missing", 0), Housse=("missing", 0))
    assert [each.name for each in standing_of(loan.borrower).debts] == ["Housse"]


def test_what_was_noted_at_the_return_is_kept_beside(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    (line,) = loan.lines
    counts = desk.all_there(line.counts, Housse=("damaged", None))
    counts[-1 if line.counts[-1].name.startswith("Housse") else 1]["note"] = "déchirée"
    with unit_of_work():
        take_back(people.actor(Role.DESK), line, counts, note="rendu mouillé")
    undone(line)
    events = events_of(tablet)
    assert (line.note, [each.note_back for each in line.counts]) == (None, [None, None, None])
    assert sorted(notes_of(events)[events[0].id].values()) == sorted([REASON, "rendu mouillé", "Housse : déchirée"])
    told = history_of(tablet, item_machine)[0].text
    assert "rendu mouillé" in told
    assert "déchirée" in told


def test_not_once_it_has_left_again(context):
    kit = desk.kit()
    first = desk.lent(kit)
    desk.back(first)
    fire(kit, "check")
    desk.lent(kit)
    with pytest.raises(GoneSince):
        undone(first.lines[0])


def test_not_an_older_return(context):
    kit = desk.kit()
    first = desk.lent(kit)
    desk.back(first)
    fire(kit, "check")
    desk.back(desk.lent(kit))
    with pytest.raises(GoneSince):
        undone(first.lines[0])


def test_not_what_was_lost(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    fire(tablet, "lose", **WHY)
    with pytest.raises(GoneSince):
        undone(loan.lines[0])


def test_not_what_is_still_out(context):
    loan = desk.lent(desk.tablet())
    with pytest.raises(NotBack):
        undone(loan.lines[0])


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PRESCRIBER, Role.OBSERVER])
def test_not_by_who_may_not_lend(context, role):
    loan = desk.lent(desk.tablet())
    desk.back(loan)
    with pytest.raises(Forbidden):
        undone(loan.lines[0], role)


@pytest.mark.both_databases
def test_from_the_counter(app, signed_in):
    with app.app_context():
        tablet = desk.tablet()
        loan = desk.lent(tablet)
        code, reference, line = tablet.code, loan.reference, loan.lines[0].id
    agent = signed_in(Role.DESK)
    scanned(agent, code)
    back = pressed(agent, "record")
    address = f"/prets/{reference}/lignes/{line}/annuler-retour"
    assert address in agent.get(back.headers["Location"]).text
    assert address in agent.get(f"/prets/{reference}").text
    assert agent.submit(address, {"reason": ""}).status_code == 422
    assert agent.submit(address, {"reason": REASON}).status_code == 303
    shown = agent.get(f"/prets/{reference}").text
    assert "Retour annulé" in agent.get(f"/materiel/{code}").text
    assert REASON in agent.get(f"/materiel/{code}").text
    assert address not in shown
    assert "À rendre le" in shown.replace("\u00a0", " ")


def test_by_the_json_door(app, signed_in):
    with app.app_context():
        loan = desk.lent(desk.tablet())
        desk.back(loan)
        reference, line = loan.reference, loan.lines[0].id
    agent = signed_in(Role.DESK)
    head = {"X-CSRFToken": agent.token()}
    done = agent.post(f"/api/v1/loans/{reference}/lines/{line}/undo_return", json={"reason": REASON}, headers=head)
    assert done.json["state"] == "open"
    again = agent.post(f"/api/v1/loans/{reference}/lines/{line}/undo_return", json={"reason": REASON}, headers=head)
    assert (again.status_code, again.json["code"]) == (409, "item.not_back")
