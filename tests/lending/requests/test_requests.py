"""Deciding about requests: what each would leave for others, accepting as far as it takes nothing from who waits."""

from datetime import timedelta

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.errors import NotFound
from refurb.lending.items.actions import add_item
from refurb.lending.models import Product
from refurb.lending.requests.actions import NothingLeftToAccept, accept_fairly, fair_share
from refurb.lending.requests.queries import left_by, queues_of, reasons_of, requests_to_decide, standing_of
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.queries import count_pending
from refurb.lending.reservations.words import ReservationState
from refurb.lending.suspensions.actions import lift_suspension, suspend
from refurb.lending.waits.queries import standing_waits
from refurb.lending.waits.words import WaitState
from tests.lending.reserving import reserved
from tests.lending.waiting import waiting
from tests.support.story import desk, people, promises

DAYS = {"starts": 10, "ends": 14}


def printers():
    """Two printers, of a category for which somebody has to agree."""
    first = promises.printer()
    parts = [{"name": "Imprimante", "quantity": 1, "value_cents": None, "picture": None}]
    with unit_of_work():
        second = add_item(people.actor(Role.DESK), product_id=first.product_id, name="Imprimante 3D n° 2", components=parts)
    return first, second


def asked_and_waited_for():
    """Both printers are asked for, and somebody else waits for one."""
    one, two = printers()
    request = reserved(one, two, who=desk.borrower("Aïcha"), **DAYS)
    return request, waiting(one, "Berthe", **DAYS)


def test_what_a_request_would_leave_is_told_with_who_waits(context):
    request, wait = asked_and_waited_for()
    agent = people.actor(Role.DESK)
    assert [each.reference for each in requests_to_decide(agent, 1)] == [request.reference]
    assert count_pending(agent) == 1
    (line,) = left_by(request)
    assert (line.quantity, line.count, line.free, line.left) == (2, 2, 2, 0)
    assert list(line.waits) == [wait]
    assert line.takes_the_last
    assert reasons_of(request) == ["Imprimante 3D"]
    assert (standing_of(request.borrower).loans, standing_of(request.borrower).late) == (0, 0)
    assert fair_share(request) == {request.lines[0].product_id: 1}
    (queue,) = queues_of(standing_waits(agent))
    assert (queue.waits, queue.offered) == ([wait], None)


def test_accepting_fairly_leaves_what_somebody_waits_for(context):
    request, wait = asked_and_waited_for()
    with unit_of_work():
        accept_fairly(people.actor(Role.DESK), request)
    assert (request.state, request.lines[0].quantity) == (ReservationState.APPROVED, 1)
    assert wait.state is WaitState.OFFERED
    assert promises.taken_twice() == []


def test_where_nothing_would_be_left_it_is_accepted_whole_or_refused(context):
    printer = promises.printer()
    request = reserved(printer, who=desk.borrower("Aïcha"), **DAYS)
    waiting(printer, "Berthe", **DAYS)
    with pytest.raises(NothingLeftToAccept), unit_of_work():
        accept_fairly(people.actor(Role.DESK), request)
    assert request.state is ReservationState.PENDING


def test_what_has_lapsed_is_decided_no_more_and_strangers_see_nothing(context):
    request, _wait = asked_and_waited_for()
    with clock.at(request.expires_at + timedelta(minutes=1)):
        assert list(requests_to_decide(people.actor(Role.DESK))) == []
    with pytest.raises(NotFound):
        requests_to_decide(people.actor(Role.TECHNICIAN))
    assert count_pending(people.actor(Role.TECHNICIAN)) == 0


def test_the_page_decides(app, signed_in):
    with app.app_context():
        people.settle()
        request, _wait = asked_and_waited_for()
        reference = request.reference
        db.session.remove()
    client = signed_in(Role.DESK)
    with app.app_context():
        who = db.session.query(Reservation).filter_by(reference=reference).one().borrower
        with unit_of_work():
            suspend(people.actor(Role.DESK), who, reason="retards")
    assert "Prêts suspendus depuis le" in client.get("/demandes").text
    assert client.submit("/demandes", {"reference": reference, "answer": "whole"}).status_code == 409
    with app.app_context(), unit_of_work():
        lift_suspension(
            people.actor(Role.DESK), db.session.query(Reservation).filter_by(reference=reference).one().borrower, reason="réglé"
        )
    page = client.get("/demandes").text
    assert "1 demande à décider" in page
    assert "Accepter 1 sur 2" in page
    assert client.submit("/demandes", {"reference": reference, "answer": "fairly"}).status_code == 303
    with app.app_context():
        assert db.session.query(Reservation).filter_by(reference=reference).one().state is ReservationState.APPROVED
        assert db.session.query(Product).count() == 1
    assert f"Demande {reference}" not in client.get("/demandes").text, "what was waited for is asked of the desk now"
