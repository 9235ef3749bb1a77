"""The log of security: what is in it, who reads it, and when it is forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from refurb.accounts.models import Account
from refurb.kernel.deeds import worker
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.security import KEPT_FOR, SecurityEvent, SecurityKind, forget_security_events
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from tests.support.story import families, people

K = SecurityKind
EMAIL = people.EMAIL[Role.TECHNICIAN]


def lines(app):
    """The log, written as the worker of the process writes it."""
    with app.app_context():
        worker.write_notes(app)
        rows = db.session.execute(
            select(SecurityEvent.kind, Account.email, SecurityEvent.about)
            .outerjoin(Account, Account.id == SecurityEvent.account_id)
            .order_by(SecurityEvent.id)
        )
        return [tuple(row) for row in rows]


def test_signing_in_and_out(app, client):
    client.submit("/connexion", {"email": EMAIL, "password": "non"})
    client.submit("/connexion", {"email": "personne@refurb.example", "password": "non"})
    client.submit("/connexion", {"email": EMAIL, "password": people.PASSWORD})
    client.submit("/deconnexion")
    found = lines(app)
    assert sorted(found, key=str) == sorted(
        [
            (K.SIGN_IN_FAILED, EMAIL, None),
            (K.SIGN_IN_FAILED, None, None),
            (K.SIGNED_IN, EMAIL, None),
            (K.SIGNED_OUT, EMAIL, None),
        ],
        key=str,
    )


def test_a_refusal_by_role_on_both_doors(app, signed_in):
    client = signed_in(Role.TECHNICIAN)
    assert client.get("/orientations").status_code == 403
    assert client.get("/api/v1/referrals").status_code == 403
    assert lines(app)[1:] == [(K.REFUSED, EMAIL, "referral:read")] * 2


def test_tokens(app, signed_in):
    client = signed_in(Role.TECHNICIAN)
    client.submit("/postes", {"name": "Clé verte", "role": "station"})
    client.submit("/postes/1/revoquer")
    assert lines(app)[1:] == [(K.KEY_MADE, EMAIL, "token 1"), (K.KEY_REVOKED, EMAIL, "token 1")]


def test_an_export_and_a_persons_file(app, signed_in):
    with app.app_context():
        reference = families.submitted().reference
    client, email = signed_in(Role.COORDINATOR), people.EMAIL[Role.COORDINATOR]
    client.get("/pieces.csv")
    client.get(f"/orientations/{reference}")
    client.get(f"/api/v1/referrals/{reference}")
    assert [line[0] for line in lines(app)[1:]] == [K.EXPORTED, K.FILE_OPENED, K.FILE_OPENED]
    assert lines(app)[-1] == (K.FILE_OPENED, email, reference)


def test_the_page_is_the_administrators(app, signed_in):
    signed_in(Role.TECHNICIAN).get("/orientations")
    lines(app)
    client = signed_in(Role.ADMIN)
    shown = client.get("/securite?quoi=refused").text
    assert "Droit refusé" in shown
    assert people.NAME[Role.TECHNICIAN] in shown
    assert "referral:read" in shown
    assert client.get("/securite?quoi=nonsense&compte=1&page=2").status_code == 200
    for role in (Role.COORDINATOR, Role.TECHNICIAN, Role.DESK, Role.PRESCRIBER, Role.OBSERVER):
        assert signed_in(role).get("/securite").status_code == 403


def test_the_administrator_signs_somebody_out(app, signed_in):
    other = signed_in(Role.TECHNICIAN)
    with app.app_context():
        number = db.session.scalar(select(Account.id).where(Account.email == EMAIL))
    signed_in(Role.ADMIN).submit(f"/securite/comptes/{number}/fermer")
    assert other.get("/scanner").status_code == 303
    assert other.submit(f"/securite/comptes/{number}/fermer").status_code == 303


def test_it_is_forgotten_at_its_term(context):
    with unit_of_work() as session:
        session.add_all(SecurityEvent(at=now(), kind=K.SIGNED_IN, by_token=False) for _ in range(2))
        session.flush()
        first = session.scalar(select(SecurityEvent.id))
        session.execute(update(SecurityEvent).where(SecurityEvent.id == first).values(at=now() - KEPT_FOR - timedelta(seconds=1)))
        assert forget_security_events() == 1


@pytest.mark.parametrize("column", SecurityEvent.__table__.columns.keys())
def test_it_has_no_place_for_a_person(column):
    assert column in {"id", "at", "kind", "account_id", "by_token", "about", "part", "network", "as_role"}
