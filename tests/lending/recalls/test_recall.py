"""A thing is asked back before its day: once, with notice, so that whoever is short is served; and that is undone, with a reason."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import last_event, notes_of
from refurb.kernel.deeds.letters import NobodyToWriteTo, NotTold, Repeated
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Forbidden
from refurb.lending.claims.facts import NewlyShort, claim_open
from refurb.lending.items.rules import NotOut
from refurb.lending.items.states import item_machine
from refurb.lending.loans.queries import Which, lines, recalled_count
from refurb.lending.models import Loan
from refurb.lending.recalls.actions import MAIL_RECALL, recall, undo_recall
from refurb.lending.recalls.models import Recall
from refurb.lending.recalls.queries import first_recall_day, recall_of
from refurb.lending.recalls.rules import (
    AlreadyRecalled,
    DueBefore,
    NotRecalled,
    RecallClosed,
    RecalledTooLate,
    RecalledTooSoon,
    SaidBack,
    may_be_recalled,
)
from refurb.lending.reminders.actions import say_back
from refurb.lending.reminders.effects import mail_recall, mail_recall_undone
from refurb.lending.reminders.own import own_link
from refurb.lending.renewals.queries import renewal_of
from refurb.lending.renewals.rules import RecalledBefore
from refurb.lending.reservations.queries import out_that_could_serve
from refurb.lending.shown import history_of
from refurb.lending.terms import loan_policy
from tests.lending.reserving import live, open_day, reserved
from tests.support.story import desk, people


def recalled(loan, due_on=None, role=Role.DESK):
    line = loan.lines[0]
    with unit_of_work():
        return recall(people.actor(role), line, due_on=due_on or first_recall_day(line), reason="Atelier du collège")


def undone(loan):
    with unit_of_work():
        return undo_recall(people.actor(Role.DESK), loan.lines[0], reason="L'atelier est reporté")


def lent_to_somebody_with_an_address(item):
    loan = desk.lent(item)
    with unit_of_work():
        loan.borrower.email = "aicha@chez.example"
    return loan


def test_it_serves_who_is_short_and_its_borrower_is_told_without_why(context):
    kit, other = desk.kit(), desk.kit("Robots mBot n° 4")
    loan = lent_to_somebody_with_an_address(kit)
    line, before = loan.lines[0], loan.lines[0].due_on
    found = reserved(other, who=desk.borrower("Berthe"), starts=15, ends=20)
    soon = reserved(other, who=desk.borrower("Carole"), starts=1, ends=2)
    with unit_of_work():
        item_machine.fire(other, "lose", people.actor(Role.DESK), reason="introuvable")
    assert [each.item_id for each in live(found)] == [None], "short"
    assert [row[1:] for row in out_that_could_serve(found)] == [(line.id, kit.name, before, False)]
    assert out_that_could_serve(soon) == [], "nobody is asked back for nobody"
    assert [row[1] for row in out_that_could_serve(found)] == [line.id]
    made = recalled(loan)
    assert (made.before, made.due_on, made.recalled_by) == (before, line.due_on, people.actor(Role.DESK).id)
    assert line.due_on == claim_open(kit).due_on == first_recall_day(line) < before
    assert [each.item_id for each in live(found)] == [kit.id], "served by what comes back sooner"
    event = last_event(loan)
    assert (event.move, notes_of([event])[event.id]) == ("recalled", {"reason": "Atelier du collège"})
    assert history_of(loan)[0].text.startswith("Rappelé avant la date")
    actor = people.actor(Role.DESK)
    assert recalled_count(actor) == 1
    assert [row.recalled for row in lines(actor, Which.RECALLED, "", 1).rows] == [True]
    assert isinstance(renewal_of(line).refusal, RecalledBefore)
    said = mail_recall(recall_id=made.id).text
    assert "plus tôt que convenu" in said
    assert kit.name in said
    assert "collège" not in said
    assert "garder" not in said
    with pytest.raises(NewlyShort):
        undone(loan)


def test_not_twice_not_without_notice_not_later_not_on_a_closed_day(context):
    loan = desk.lent(desk.kit())
    line, first = loan.lines[0], first_recall_day(loan.lines[0])
    assert may_be_recalled(line) == first >= today() + timedelta(days=loan_policy().terms("kit").recall)
    sunday = next(day for far in range(7) if (day := first + timedelta(days=far)).isoweekday() == 7)
    for day, refusal in (
        (first - timedelta(days=1), RecalledTooSoon),
        (line.due_on, RecalledTooLate),
        (sunday, RecallClosed),
    ):
        with pytest.raises(refusal):
            recalled(loan, day)
    with pytest.raises(Forbidden):
        recalled(loan, role=Role.TECHNICIAN)
    with pytest.raises(NotRecalled):
        undone(loan)
    assert db.session.query(Recall).count() == 0
    with unit_of_work():
        say_back(people.actor(Role.DESK), line)
    with pytest.raises(SaidBack):
        recalled(loan)
    with unit_of_work():
        line.said_back_at = None
    recalled(loan)
    with pytest.raises(AlreadyRecalled):
        recalled(loan, open_day(8))
    desk.back(loan)
    with pytest.raises(NotOut):
        undone(loan)
    soon = desk.lent(desk.kit("Robots mBot n° 4"), due_on=open_day(4))
    with pytest.raises(DueBefore):
        recalled(soon)


def test_it_may_stay_after_all_and_is_told_so_if_the_first_letter_left(context):
    loan = lent_to_somebody_with_an_address(desk.kit())
    before = loan.lines[0].due_on
    made = recalled(loan)
    found = undone(loan)
    assert (found.id, loan.lines[0].due_on, claim_open(loan.lines[0].item).due_on) == (made.id, before, before)
    assert recall_of(loan.lines[0]) is None
    assert last_event(loan).move == "recall_undone"
    for letter in (mail_recall, mail_recall_undone):
        with pytest.raises(NotTold):
            letter(recall_id=made.id)
    with unit_of_work():
        for each in db.session.scalars(select(Effect).where(Effect.kind == MAIL_RECALL)):
            each.done_at = now()
    assert "garder" in mail_recall_undone(recall_id=made.id).text
    again = recalled(loan)
    with pytest.raises(Repeated):
        mail_recall_undone(recall_id=made.id)
    with unit_of_work():
        loan.borrower.email = None
    with pytest.raises(NobodyToWriteTo):
        mail_recall(recall_id=again.id)


def test_on_screen_by_json_and_by_the_link_of_its_borrower(signed_in, client, app):
    with app.app_context():
        loan = desk.lent(desk.kit())
        reference, line, token = loan.reference, loan.lines[0].id, own_link(loan.borrower)
        first, due = first_recall_day(loan.lines[0]).isoformat(), loan.lines[0].due_on.isoformat()
    agent, path = signed_in(Role.DESK), f"/prets/{reference}/lignes/{line}"
    assert f"{path}/rappeler" in agent.get(f"/prets/{reference}").text
    assert first in agent.get(f"{path}/rappeler").text
    refused = agent.submit(f"{path}/rappeler", {"due_on": due, "reason": "atelier"})
    assert (refused.status_code, "un jour plus tôt" in refused.text) == (422, True)
    assert agent.submit(f"{path}/rappeler", {"due_on": first, "reason": "atelier"}).status_code == 303
    assert "Ne peut pas être rappelé" in agent.get(f"{path}/rappeler").text
    assert reference in agent.get("/prets?quoi=rappeles").text
    own = client.get(f"/mes-prets/{token}").text
    assert "Merci de le rapporter ce jour-là" in own
    assert "Prolonger jusqu" not in own
    assert "atelier" not in own
    assert agent.submit(f"{path}/annuler-le-rappel", {"reason": ""}).status_code == 422
    assert agent.submit(f"{path}/annuler-le-rappel", {"reason": "reporté"}).status_code == 303
    door, headers = f"/api/v1/loans/{reference}/lines/{line}", {"X-CSRFToken": agent.token()}
    made = agent.post(f"{door}/recall", json={"due_on": first, "reason": "atelier"}, headers=headers).json
    assert (made["due_on"], made["recalled"]["instead_of"]) == (first, due)
    assert agent.get(f"/api/v1/loans/{reference}").json["lines"][0]["recalled_from"] == due
    assert agent.post(f"{door}/undo_recall", json={"reason": "reporté"}, headers=headers).json["recalled"] is None
    with app.app_context():
        assert db.session.query(Loan).one().lines[0].due_on.isoformat() == due
