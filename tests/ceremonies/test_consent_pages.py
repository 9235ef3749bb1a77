"""The pages of a consent: asked and signed at the desk, read and withdrawn by the person's own link."""

import json

import pytest

from refurb.ceremonies.consents.actions import ask_consent, close_link
from refurb.ceremonies.consents.effects import own_address
from refurb.ceremonies.consents.models import Consent
from refurb.ceremonies.consents.voices import voice_address
from refurb.ceremonies.consents.words import ConsentChannel, Showing
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from tests.support.client import checking
from tests.support.story import agreed, families, gala, people


@pytest.fixture
def invited(app):
    """The page of a family's invitation."""
    with app.app_context():
        people.settle()
        invitation = gala.family(gala.planned(families.allocated()))
        return f"/ceremonies/{invitation.ceremony_id}", f"/ceremonies/{invitation.ceremony_id}/invites/{invitation.id}", invitation.id


def own(app, consent_id):
    with app.app_context():
        return "/mon-accord/" + own_address(db.session.get(Consent, consent_id)).rsplit("/", 1)[1]


def test_asked_signed_and_read_again_by_the_link(app, invited, signed_in):
    path, invitation, _id = invited
    client = signed_in(Role.COORDINATOR)
    assert "Je ne veux rien montrer" in client.get(f"{invitation}/accord").text
    told = {"name": "Awa Diagne", "shown": ["photo:poster", "words:site"], "naming": "Awa"}
    page = client.submit(f"{invitation}/accord", told).location
    number = int(page.rsplit("/", 1)[1])
    with app.app_context():
        consent = db.session.get(Consent, number)
        assert "mon nom, écrit « Awa »" in consent.sentence.replace("\u00a0", " ")
        digest = consent.digest
    signature = {"way": "drawn", "signature": families.drawing(), "shown": digest}
    assert client.submit(f"{page}/signer/1", {**signature, "shown": "0" * 64}).status_code == 409
    assert client.submit(f"{page}/signer/1", signature).status_code == 303
    assert client.get(f"{page}/recu.pdf").mimetype == "application/pdf"
    assert client.get(f"{page}/lien.pdf").mimetype == "application/pdf"
    link = own(app, number)
    mine = checking(app)
    said = mine.get(link).text
    assert ("Ce que vous montrez" in said, said.count("Retirer<") >= 3) == (True, True)
    record = json.loads(mine.get(f"{link}/recu.json").text)
    assert (record["schema_version"], record["consent_state"]) == ("ISO/IEC TS 27560:2023", "given")
    assert {each["purpose"] for each in record["purposes"]} == {"show:photo:poster", "show:words:site", "show:name:beside"}
    assert client.get(path + "/accords").text.count("Awa Diagne") >= 1


def test_a_channel_that_does_not_exist_is_refused_and_what_was_typed_stays(app, invited, signed_in):
    _path, invitation, _id = invited
    client = signed_in(Role.COORDINATOR)
    answer = client.submit(f"{invitation}/accord", {"name": "Awa Diagne", "shown": ["photo:poster", "hologram:site"]})
    assert (answer.status_code, "hologram" in answer.text, 'value="Awa Diagne"' in answer.text) == (422, True, True)
    assert client.submit(f"{invitation}/accord", {"name": "Awa"}).status_code == 422
    both = {"name": "Léna", "shown": "photo:poster", "is_minor": "true", "first_guardian": "Karine"}
    assert "Écrivez aussi" in client.submit(f"{invitation}/accord", both).text


def test_withdrawn_by_the_link_at_once_and_taken_back_within_an_hour(app, invited):
    with app.app_context():
        consent = agreed.given(gala_family(invited), agreed.POSTER, agreed.REPORT)
        number, grant = consent.id, consent.grants[0].id
    link = own(app, number)
    mine = checking(app)
    assert mine.submit(f"{link}/retirer", {"grants": str(grant)}).status_code == 303
    with app.app_context():
        assert [each.channel.value for each in db.session.get(Consent, number).live] == ["words"]
    assert "C’est retiré" in mine.get(link).text
    assert mine.submit(f"{link}/erreur").status_code == 303
    assert mine.submit(f"{link}/retirer").status_code == 303
    assert mine.submit(f"{link}/retirer").status_code == 409


def gala_family(invited):
    return db.session.get(CeremonyInvitation, invited[2])


def test_a_closed_link_opens_nothing(app, invited, signed_in):
    path, _invitation, _id = invited
    with app.app_context():
        number = agreed.given(gala_family(invited)).id
    former = own(app, number)
    client = signed_in(Role.COORDINATOR)
    assert client.submit(f"{path}/accords/{number}/fermer-ce-lien").status_code == 303
    assert [checking(app).get(each).status_code for each in (former, own(app, number))] == [404, 200]


def test_nothing_at_all_is_one_press(app, invited, signed_in):
    _path, invitation, _id = invited
    assert signed_in(Role.COORDINATOR).submit(f"{invitation}/rien").status_code == 303


def test_a_use_without_a_consent_is_refused_beside_its_persons(app, invited, signed_in):
    path, _invitation, _id = invited
    with app.app_context():
        number, day = agreed.given(gala_family(invited)).id, today().isoformat()
    client = signed_in(Role.COORDINATOR)
    told = {"what": "Affiche A3", "channel": "photo", "showing": "poster", "spot": "Vitrine", "keeper": "Samira", "published_on": day}
    assert client.get(f"{path}/usages/nouveau").status_code == 200
    answer = client.submit(f"{path}/usages/nouveau", {**told, "showing": "site", "consents": str(number)})
    assert (answer.status_code, "Awa Diagne" in answer.text) == (422, True)
    assert client.submit(f"{path}/usages/nouveau", {**told, "consents": "99"}).status_code == 422
    assert client.submit(f"{path}/usages/nouveau", {**told, "consents": str(number)}).status_code == 303
    assert client.submit(f"{path}/usages/1/enleve").status_code == 303
    assert client.submit(f"{path}/usages/1/encore-la").status_code == 303


@pytest.mark.both_databases
def test_both_guardians_then_the_child_each_by_a_link_of_their_own(app, invited, signed_in):
    with app.app_context():
        invitation = db.session.get(CeremonyInvitation, invited[2])
        with unit_of_work():
            consent = ask_consent(
                people.actor(Role.COORDINATOR), invitation, name="Léna Diagne", shown=[(ConsentChannel.PHOTO, Showing.POSTER)],
                is_minor=True, first_guardian="Karine Diagne", second_guardian="Omar Diagne",
            )  # fmt: skip
        number, digest = consent.id, consent.digest
        first, second, child = ("/accord-a-donner/" + voice_address(each).rsplit("/", 1)[1] for each in consent.voices)
        db.session.remove()
    mine, signature = checking(app), {"signature": families.drawing(), "shown": digest}
    path, staff = f"{invited[0]}/accords/{number}", signed_in(Role.COORDINATOR)
    assert "Fermer les liens" in staff.get(path).text, "while nobody has signed"
    assert "Karine Diagne" in mine.get(first).text
    assert "pas encore votre tour" in mine.get(child).text
    assert mine.submit(f"{child}/signer", signature).status_code == 409, "the child is last"
    assert mine.submit(f"{first}/signer", {"shown": digest}).status_code == 422
    assert mine.submit(f"{first}/signer", {**signature, "shown": "0" * 64}).status_code == 409
    for each in (first, second, child):
        assert mine.submit(f"{each}/signer", signature).status_code == 303
    assert mine.submit(f"{first}/non").status_code == 409, "answered, once"
    signed = mine.get(child).text
    assert ("Tous ont signé" in signed, "/mon-accord/" in signed) == (True, False), "it hands on no link that does more and lasts longer"
    assert "Fermer ce lien" in staff.get(path).text
    with app.app_context():
        given = db.session.get(Consent, number)
        assert (given.given_at is not None, [each.by_link for each in given.voices]) == (True, [True] * 3)
        assert "Signé par son lien" in str(given.paper.content)
        with unit_of_work():
            close_link(people.actor(Role.COORDINATOR), given)
        db.session.remove()
    assert mine.get(first).status_code == 404


def test_a_link_that_went_astray_is_closed_while_it_matters_and_a_yes_is_taken_back_by_it(app, invited, signed_in):
    with app.app_context():
        given = agreed.given(gala_family(invited))
        path = f"{invited[0]}/accords/{given.id}"
        link = "/accord-a-donner/" + voice_address(given.voices[0]).rsplit("/", 1)[1]
        db.session.remove()
    mine = checking(app)
    assert "Retirer mon accord" in mine.get(link).text
    assert mine.submit(f"{link}/retirer").status_code == 303
    assert "Plus rien n’est montré" in mine.get(link).text
    assert mine.submit(f"{link}/retirer").status_code == 409
    assert "Plus rien" in signed_in(Role.COORDINATOR).get(path).text


def test_one_no_by_a_link_is_a_no(app, invited):
    with app.app_context():
        invitation = db.session.get(CeremonyInvitation, invited[2])
        with unit_of_work():
            consent = ask_consent(
                people.actor(Role.COORDINATOR), invitation, name="Léna Diagne", shown=[(ConsentChannel.PHOTO, Showing.POSTER)],
                is_minor=True, first_guardian="Karine Diagne", second_guardian="Omar Diagne",
            )  # fmt: skip
        first, second, _child = ("/accord-a-donner/" + voice_address(each).rsplit("/", 1)[1] for each in consent.voices)
        db.session.remove()
    mine = checking(app)
    assert mine.submit(f"{second}/non").status_code == 303
    assert "C’est non" in mine.get(first).text
