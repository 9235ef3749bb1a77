"""The bordereau de prise en charge: what changed hands, signed on the dock, numbered, sent to the donor, verifiable."""

import pytest

from refurb.documents.models import Paper, PaperStatus
from refurb.inventory.dock.actions.intake_slips import issue_intake_slip
from refurb.inventory.dock.actions.reception import refuse_on_arrival
from refurb.inventory.dock.words import SlipSigning
from refurb.inventory.donations.words import ArrivalRefusal, DrivesInside
from refurb.inventory.papers.actions import NothingChanged, NothingToAttest
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Forbidden
from tests.documents.papers import words
from tests.support.printed import codes_on
from tests.support.story import families, people, workshop

TOLD = {"place": "Quai rue arrière, Poitiers", "drives": DrivesInside.INSIDE, "given_by": "Inès Bâtard", "signing": SlipSigning.PAPER}


def said(paper):
    return " ".join(words(fetch(paper.file)))


def arrived():
    """Ten laptops announced, eight received, two refused."""
    donation = workshop.announced({DeviceKind.LAPTOP: 10})
    refused = [{"kind": "laptop", "count": 2, "reason": "dangerous", "note": "batterie en boule"}]
    return workshop.move(donation, "receive", received_on=today().isoformat(), counts={"laptop": 8}, refused=refused)


def issued(donation, **changes):
    with unit_of_work():
        return issue_intake_slip(people.actor(Role.COORDINATOR), donation, **{**TOLD, **changes})


def test_it_says_what_changed_hands_and_what_did_not(context):
    donation = arrived()
    paper = issued(donation)
    text = said(paper)
    assert paper.reference.startswith("BP-")
    for expected in (
        paper.reference, donation.reference, "Menuiseries Bâtard & Associés", "732 829 320", "8 unités", "Quai rue arrière, Poitiers",
        "Inès Bâtard", "Hélène Charrier", "Ordinateur portable 10 8 2 0", "Dangereux (batterie gonflée, arête coupante)",
        "Leur propriété et leur garde passent au Relais numérique", "à titre conservatoire", "Les disques sont dans les machines",
        "ni une attestation de don, ni une attestation d'effacement, ni un reçu fiscal",
    ):  # fmt: skip
        assert expected in text.replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'"), expected
    assert "Disques, d'après" not in said(issued(arrived(), drives=DrivesInside.UNKNOWN)).replace("’", "'"), "what nobody said is no fact"
    assert "boule" not in text, "what was noted for the team stays with the team"
    assert paper.code in str(codes_on(fetch(paper.file)))


def test_the_donor_is_sent_the_link(context):
    donation = arrived()
    issued(donation)
    assert [each.kind for each in db.session.query(Effect).order_by(Effect.id)] == ["tell_donor", "mail_donor_papers"]
    other = arrived()
    with unit_of_work():
        other.contact.email = None
    assert issued(other).reference.endswith("0002"), "a donor without an address has a slip all the same"


def test_drawn_on_the_telephone_the_signature_is_on_the_paper_and_on_the_page(app, signed_in):
    with app.app_context():
        reference = arrived().reference
    client = signed_in(Role.COORDINATOR)
    page = f"/dons/{reference}/bordereau"
    assert "Menuiseries" in client.get(page).text
    form = {"place": "Quai", "drives": "inside", "given_by": "Inès Bâtard", "signing": "drawn"}
    assert client.submit(page, form).status_code == 422, "said to be drawn, and nothing drawn"
    assert client.submit(page, {**form, "signing": "paper", "given_by": ""}).status_code == 422
    assert client.submit(page, {**form, "signature": families.drawing()}).status_code == 303
    shown = client.get(f"/dons/{reference}").text
    assert "BP-" in shown
    with app.app_context():
        paper = db.session.query(Paper).one()
        blocks = [block for block in paper.content["blocks"] if block["type"] == "signatures"]
        assert blocks[0]["items"][0]["image_sha256"]
    assert "Inès Bâtard" in client.get(f"/documents/{paper.reference}").text


def test_a_count_that_changed_replaces_it_and_one_that_did_not_refuses(context):
    donation = arrived()
    first = issued(donation)
    with pytest.raises(NothingChanged):
        issued(donation)
    with unit_of_work():
        refuse_on_arrival(workshop.technician(), donation, kind=DeviceKind.MONITOR, count=1, reason=ArrivalRefusal.TOO_OLD)
    second = issued(donation)
    assert second.replaces_id == first.id
    assert db.session.get(Paper, first.id).status is PaperStatus.REPLACED
    assert f"annule et remplace le bordereau {first.reference}" in said(second).replace("\u00a0", " ")


def test_without_anybody_to_sign_it_says_so(context):
    assert "Personne n'a signé" in said(issued(arrived(), signing=SlipSigning.NONE, given_by=None)).replace("’", "'")


def test_not_before_it_arrived_and_not_by_a_technician(context):
    with pytest.raises(NothingToAttest):
        issued(workshop.announced())
    donation = arrived()
    with pytest.raises(Forbidden), unit_of_work():
        issue_intake_slip(workshop.technician(), donation, **TOLD)


def test_anybody_can_check_it(app, client):
    with app.app_context():
        paper = issued(arrived())
        code, reference = paper.code, paper.reference
    page = client.get(f"/S/{code}", follow_redirects=True).text
    assert reference in page
    assert "Menuiseries" not in page
    assert spell(code)
