"""A loan by paper is « prêté, à signer »: a text to print without a number, a numbered paper once the signed copy was seen, or drawn."""

import base64
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import update

from refurb.documents.models import Paper, SignatureWay, Signing
from refurb.documents.signatures import SignatureVoid
from refurb.documents.signing import AlreadySigned, printout, signing_for
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.history import broken_links, last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Conflict, Forbidden, Invalid
from refurb.lending.loans.actions import Departure, lend
from refurb.lending.loans.queries import Which, lines, unsigned_count
from refurb.lending.loans.signing import sign_loan
from refurb.lending.models import Loan
from tests.lending.counter.pressing import pressed, scanned
from tests.support.story import desk, families, people


def ink():
    return base64.b64decode(families.drawing().partition(",")[2])


def words(pdf):
    text = " ".join(each.extract_text() for each in PdfReader(BytesIO(pdf)).pages)
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'").split())


def signed(loan, role=Role.DESK, way=SignatureWay.SEEN, **told):
    with unit_of_work():
        return sign_loan(people.actor(role), loan, way=way, **told)


def photo():
    written = BytesIO()
    Image.new("RGB", (60, 80), "white").save(written, "PNG")
    return written.getvalue()


def test_nothing_is_numbered_before_it_is_signed(context):
    loan = desk.lent(desk.tablet())
    assert loan.paper is None
    assert not loan.is_signed
    assert db.session.query(Paper).count() == 0
    text = words(printout(signing_for(loan)))
    assert f"À signer · {loan.reference} · sans numéro" in text
    assert "Signé" not in text
    assert "CP-" not in text
    assert "vérifier" not in text.lower()
    who = people.actor(Role.DESK)
    assert [row.reference for row in lines(who, Which.UNSIGNED, "", 1).rows] == [loan.reference]
    assert unsigned_count(who) == 1


def test_the_paper_is_issued_when_the_signed_copy_was_seen(context):
    loan = desk.lent(desk.tablet())
    told = words(printout(signing_for(loan)))
    signed(loan, copy=photo())
    text = words(fetch(loan.paper.file))
    assert loan.paper.reference.startswith("CP-")
    assert "Exemplaire signé vu par Yann Le Goff" in text
    assert "220,50" in told
    assert "220,50" in text
    signing = signing_for(loan)
    assert fetch(signing.copy).startswith(b"\xff\xd8") or fetch(signing.copy).startswith(b"\x89PNG")
    assert last_event(loan).facts == {"way": "seen", "paper": loan.paper.reference, "digest": signing.digest}
    assert unsigned_count(people.actor(Role.DESK)) == 0
    assert list(broken_links(db.session)) == []


def test_it_says_what_was_read_even_when_names_change_meanwhile(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    with unit_of_work():
        tablet.name, loan.borrower.name = "Autre nom", "Autre personne"
    signed(loan)
    text = str(loan.paper.content)
    assert "Autre" not in text
    assert "Tablette n° 1" in text


def test_a_drawing_signs_at_once_or_later(context):
    tablet, kit, who = desk.tablet(), desk.kit(), desk.borrower()
    with unit_of_work():
        at_once = lend(people.actor(Role.DESK), who, [Departure(tablet, desk.all_there(tablet.components))], signature=ink())
    assert at_once.is_signed
    later = signed(desk.lent(kit, who), way=SignatureWay.DRAWN, signature=ink())
    for loan in (at_once, later):
        assert loan.signature_file == signing_for(loan).drawing
        assert any(page.images for page in PdfReader(BytesIO(fetch(loan.paper.file))).pages)


def test_once(context):
    loan = signed(desk.lent(desk.tablet()))
    with pytest.raises(AlreadySigned):
        signed(loan)
    assert db.session.query(Paper).count() == 1


def test_a_loan_that_is_back_can_still_be_signed(context):
    loan = desk.lent(desk.tablet())
    desk.back(loan)
    assert signed(loan).is_signed


@pytest.mark.parametrize("days", [-1, 1])
def test_nobody_signed_before_or_tomorrow(context, days):
    loan = desk.lent(desk.tablet())
    with pytest.raises(Invalid) as told:
        signed(loan, signed_on=today() + timedelta(days=days))
    assert "signed_on" in told.value.fields
    assert not loan.is_signed


def test_a_drawing_stands_for_the_text_that_was_shown(context):
    loan = desk.lent(desk.tablet())
    with pytest.raises(SignatureVoid):
        signed(loan, way=SignatureWay.DRAWN, signature=ink(), shown="0" * 64)


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PRESCRIBER, Role.OBSERVER])
def test_who_may_not_lend_does_not_witness(context, role):
    loan = desk.lent(desk.tablet())
    with pytest.raises(Forbidden):
        signed(loan, role)


def test_the_database_knows_no_signature_without_its_paper(context):
    desk.lent(desk.tablet())
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(update(Signing).values(way="seen"))


# --- the pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def story(app):
    with app.app_context():
        return {"tablet": desk.tablet().code, "who": desk.borrower().code, "other": desk.borrower("Berthe Seconde").code}


def test_from_departure_to_signed_copy(signed_in, story, app):
    agent = signed_in(Role.DESK)
    scanned(agent, story["who"], story["tablet"])
    pressed(agent, "paper")
    assert pressed(agent, "record").status_code == 303
    with app.app_context():
        address = f"/prets/{db.session.query(Loan).one().reference}"
    page = agent.get(address)
    assert "Prêté, à signer" in page.text
    assert "Convention CP-" not in page.text
    assert agent.get(f"{address}/a-signer.pdf").data.startswith(b"%PDF")
    assert address in agent.get("/prets?quoi=a-signer").text
    assert "à signer" in agent.get("/comptoir").text
    assert agent.submit(f"{address}/signer", {"way": "drawn", "signature": ""}).status_code == 422
    done = agent.submit(f"{address}/signer", {"way": "seen", "signed_on": "", "copy": (BytesIO(photo()), "copie.png")})
    assert done.status_code == 303, done.text
    shown = agent.get(address).text
    assert "Convention CP-" in shown
    assert "vu par Yann Le Goff" in shown
    assert agent.get(f"{address}/exemplaire.jpg").data
    assert address not in agent.get("/prets?quoi=a-signer").text
    assert agent.get(f"{address}/a-signer.pdf").status_code == 404


def test_what_was_issued_before_texts_were_prepared_is_not_said_to_be_signed(signed_in, story, app):
    with app.app_context():
        loan = signed(desk.lent(db.session.query(desk.Item).filter_by(code=story["tablet"]).one()))
        reference = loan.reference
        with unit_of_work():
            db.session.delete(signing_for(loan))
    page = signed_in(Role.DESK).get(f"/prets/{reference}").text
    assert "a noté avoir vu" in page
    assert "Convention CP-" in page


@pytest.mark.both_databases
def test_by_the_json_door(signed_in, story, app):
    agent = signed_in(Role.DESK)
    head = {"X-CSRFToken": agent.token()}
    with app.app_context():
        parts = [part.id for part in db.session.query(desk.Item).filter_by(code=story["tablet"]).one().components]
    body = {
        "borrower": story["who"],
        "lines": [{"item": story["tablet"], "counts": [{"component": part, "state": "complete"} for part in parts]}],
    }
    other = {"borrower": story["other"], "lines": [{"item": story["tablet"]}]}
    refused = agent.post("/api/v1/loans", json=body | {"signature": families.drawing(), "signed_for": other}, headers=head)
    assert (refused.status_code, refused.json["code"]) == (409, "signature.void")
    unbound = agent.post("/api/v1/loans", json=body | {"signature": families.drawing()}, headers=head)
    assert (unbound.status_code, unbound.json["fields"]["signed_for"][0]["code"]) == (422, "signature.unbound")
    lent = agent.post("/api/v1/loans", json=body | {"on_paper": True}, headers=head)
    drawn = {"way": "drawn", "signature": families.drawing()}
    unbound = agent.post(f"/api/v1/loans/{lent.json['reference']}/sign", json=drawn, headers=head)
    assert (unbound.status_code, unbound.json["fields"]["signature"][0]["code"]) == (422, "signature.unbound")
    assert (lent.json["agreement"], lent.json["signature"]["state"]) == (None, "to_sign")
    assert agent.get("/api/v1/loans?state=unsigned").json["total"] == 1
    done = agent.post(f"/api/v1/loans/{lent.json['reference']}/sign", json={"way": "seen"}, headers=head)
    assert done.json["signature"]["state"] == "seen"
    assert done.json["agreement"].startswith("CP-")
    again = agent.post(f"/api/v1/loans/{lent.json['reference']}/sign", json={"way": "seen"}, headers=head)
    assert (again.status_code, again.json["code"]) == (409, "signing.already_signed")
