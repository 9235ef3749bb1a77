"""Who goes to homes hands over what she brings that day and has it signed there; nothing else opens for her."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from refurb.accounts.models import Account
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at
from refurb.kernel.speech.errors import Forbidden
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.handovers.queries import invitation_of
from refurb.referrals.handovers.words import InvitationState
from refurb.referrals.models import Allocation
from refurb.referrals.words import ReferralState
from tests.referrals.bags.test_today import ADDRESS, expected
from tests.support.client import checking
from tests.support.story import appointments, families, people, places

EMAIL = "visite@refurb.example"


def visited(slot):
    """A family that is visited at an hour."""
    allocation = families.allocated(email=appointments.EMAIL)
    appointments.chosen(appointments.invite_to(allocation), slot, people.actor(Role.COORDINATOR), address=ADDRESS)
    return allocation


@pytest.fixture
def visitor_client(app):
    """Who makes the visits, signed in."""

    def sign_in():
        with app.app_context():
            if db.session.scalar(select(Account.id).where(Account.email == EMAIL)) is None:
                people.somebody(Grant(Role.VISITOR), email=EMAIL)
        client = checking(app)
        client.sign_in(EMAIL)
        return client

    return sign_in


def of_page(page):
    return dict(re.findall(r'name="(packed|offered|shown)" value="([^"]*)"', page))


@pytest.mark.both_databases
def test_it_is_signed_on_the_telephone_or_on_paper(app, visitor_client):
    with app.app_context():
        slots = appointments.opened(at_home=True)
        drawn, paper = (visited(each) for each in slots[-2:])
        drawn_as, paper_as = drawn.referral.reference, paper.referral.reference
        numbers, begins, drawing = (drawn.id, paper.id), slots[-1].starts_at, families.drawing()
    with at(begins):
        visitor = visitor_client()
        seen = visitor.get("/remises/visites").text
        assert f"/remises/visites/{drawn_as}" in seen
        one = f"/remises/visites/{drawn_as}"
        page = visitor.get(one).text
        told = {"place": "Chez elle", "signature_kind": "drawn", "signature": drawing, **of_page(page)}
        answer = visitor.submit(one, told)
        assert answer.status_code == 303, answer.text
        other = f"/remises/visites/{paper_as}"
        assert (
            visitor.submit(other, {"place": "Chez elle", "signature_kind": "paper", **of_page(visitor.get(other).text)}).status_code == 303
        )
        assert visitor.get(f"{other}/a-signer.pdf").status_code == 200
        day = begins.date().isoformat()
        assert visitor.submit(f"{other}/signer", {"way": "seen", "signed_on": day}).status_code == 303
        with app.app_context():
            for number in numbers:
                found = db.session.get_one(Allocation, number)
                assert found.handover.is_signed
                assert found.referral.state is ReferralState.SERVED
                assert invitation_of(found).state is InvitationState.CAME


def test_who_is_also_at_the_desk_of_another_place_visits_all_the_same_and_hands_over_nothing_else(app, visitor_client):
    with app.app_context():
        slots = appointments.opened(at_home=True)
        drawn, paper = (visited(each) for each in slots[-2:])
        drawn_as, paper_as, numbers = drawn.referral.reference, paper.referral.reference, (drawn.id, paper.id)
        begins, drawing = slots[-1].starts_at, families.drawing()
        people.somebody(Grant(Role.VISITOR), Grant(Role.DESK, site_id=places.second().id), email=EMAIL)
    with at(begins):
        visitor = visitor_client()
        told = {"place": "Chez elle", "signature_kind": "paper"}
        refused = visitor.submit(f"/remises/{drawn_as}", {**told, **of_page(visitor.get(f"/remises/{drawn_as}").text)})
        assert refused.status_code == 409, "the desk of another place hands over nothing here"
        for reference, sent in (
            (drawn_as, {**told, "signature_kind": "drawn", "signature": drawing}),
            (paper_as, told),
        ):
            one = f"/remises/visites/{reference}"
            answer = visitor.submit(one, {**sent, **of_page(visitor.get(one).text)})
            assert answer.status_code == 303, answer.text
        signed = {"way": "seen", "signed_on": begins.date().isoformat()}
        assert visitor.submit(f"/remises/visites/{paper_as}/signer", signed).status_code == 303
        with app.app_context():
            assert all(db.session.get_one(Allocation, number).handover.is_signed for number in numbers)


@pytest.mark.both_databases
def test_nothing_else_opens(app, visitor_client):
    with app.app_context():
        allocation, slot = expected(at_home=True)
        elsewhere, _slot = expected()
        reference, desk_as = allocation.referral.reference, elsewhere.referral.reference
        number, begins = elsewhere.id, slot.starts_at
    with at(begins - dt.timedelta(days=1)):
        assert visitor_client().get(f"/remises/visites/{reference}").status_code == 404, "not before the day"
    with at(begins):
        visitor = visitor_client()
        assert visitor.get(f"/remises/visites/{desk_as}").status_code == 404, "nobody is visited there"
        closed = (
            "/remises", "/remises/du-jour", f"/remises/{reference}", f"/remises/{reference}/connexion", f"/orientations/{reference}",
            "/remises/sacs", "/rendez-vous", "/dotations", "/ceremonies", f"/api/v1/allocations/{number}", "/remises/achats",
        )  # fmt: skip
        for path in closed:
            assert visitor.get(path).status_code in {403, 404}, path
        sent = {"place": "Ici", "signature_kind": "paper"}
        headers = {"X-CSRFToken": visitor.token()}
        assert visitor.post(f"/api/v1/allocations/{number}/hand_over", json=sent, headers=headers).status_code == 403
    with at(begins + dt.timedelta(days=1)):
        assert visitor_client().get(f"/remises/visites/{reference}").status_code == 404, "gone at midnight"


def test_nobody_opens_once_the_hour_has_come(app, visitor_client):
    with app.app_context():
        allocation, slot = expected(at_home=True)
        path, number, begins = f"/remises/visites/{allocation.referral.reference}/personne", allocation.id, slot.starts_at
    with at(begins - dt.timedelta(minutes=20)):
        visitor = visitor_client()
        assert "Personne n’ouvre" not in visitor.get("/remises/visites").text
        assert visitor.submit(path, {}).status_code == 409
    with at(begins + dt.timedelta(minutes=10)):
        visitor = visitor_client()
        assert visitor.submit(path, {}).status_code == 303
        assert "Absente" in visitor.get("/remises/visites").text
        with app.app_context():
            assert invitation_of(db.session.get_one(Allocation, number)).state is InvitationState.ABSENT


def test_only_who_makes_visits_or_hands_over_may(context):
    allocation, _slot = expected(at_home=True)
    with pytest.raises(Forbidden), unit_of_work():
        hand_over(people.actor(Role.TECHNICIAN), allocation, place="Ici", signature_kind="paper")
