"""The pages of privacy: tonight first, a file frozen, a request until its answer, who read what, a paper whose term is past."""

import io
from datetime import timedelta

import pytest

from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.retention import run_now
from refurb.kernel.deeds.security import write_noted
from refurb.kernel.speech.clock import at, now, today
from tests.support.story import desk, families, people
from tests.support.tagged import faults

LATER = timedelta(days=800)


@pytest.mark.both_databases
def test_what_goes_tonight_is_read_by_reference_and_frozen(app, signed_in):
    with app.app_context():
        handover = families.handed_over()
        reference, code = handover.allocation.referral.reference, handover.paper.code
        content, number = fetch(handover.paper.file), handover.paper.reference
        day = (today() + LATER + timedelta(days=60)).isoformat()
    client = signed_in(Role.COORDINATOR)
    with at(now() + LATER):
        client.sign_in(people.EMAIL[Role.COORDINATOR])
        page = client.get("/vie-privee").text
        assert "1 dossier sera effacé" in page
        listed = client.get("/vie-privee/cette-nuit/referrals.served").text
        assert reference in listed
        assert "O'Neil" not in listed
        refused = client.submit("/vie-privee/geler", {"file": "OR-1999-0001", "reason": "Recours", "review_on": day})
        assert (refused.status_code, "Recours" in refused.text) == (422, True)
        client.submit("/vie-privee/geler", {"file": reference, "reason": "Recours", "review_on": day})
        page = client.get("/vie-privee").text
        assert "Rien à effacer" in page
        assert "1 est gelé" in page
        client.submit("/vie-privee/gels/1/lever")
        assert "1 dossier sera effacé" in client.get("/vie-privee").text
        assert client.get("/vie-privee/archive.zip").data.startswith(b"PK")
        with app.app_context():
            run_now(SERVICE)
        page = client.get("/vie-privee").text
        assert "comptes avant et après" in page
        assert client.get(f"/documents/{number}.pdf").status_code == 410
        assert "Contenu effacé" in client.get(f"/documents/{number}").text
        assert "Nom effacé" in client.get(f"/orientations/{reference}").text
        compared = client.submit(f"/verifier/{code}", {"file": (io.BytesIO(content), "bon.pdf")})
        assert "à l’octet près" in compared.text
        assert "Contenu effacé à l’échéance" in compared.text


def test_a_request_from_its_arrival_to_its_answer(app, signed_in):
    with app.app_context():
        reference, day = families.submitted().reference, today().isoformat()
    client = signed_in(Role.ADMIN)
    told = {"file": reference, "kind": "access", "way": "counter", "received_on": day, "words": ""}
    assert client.submit("/vie-privee/demandes/nouvelle", {**told, "kind": "x"}).status_code == 422
    place = client.submit("/vie-privee/demandes/nouvelle", told).headers["Location"]
    assert client.get(f"{place}/donnees.pdf").status_code == 409
    client.submit(f"{place}/reconnue")
    page = client.get(place).text
    assert "Lui remettre ses données" in page
    assert "elle se retire d’abord" in page
    assert faults(client.get(f"{place}/donnees.pdf").data) == []
    assert client.get(f"{place}/donnees.json").json["dossier"] == reference
    client.submit(f"{place}/remises")
    assert client.submit(f"{place}/effacer").status_code == 409
    assert client.submit(f"{place}/repondre", {"answer": ""}).status_code == 422
    client.submit(f"{place}/repondre", {"answer": "Données remises en main propre."})
    assert "Répondu le" in client.get("/vie-privee/demandes").text
    assert "en main propre" in client.get(place).text
    assert client.submit(f"{place}/repondre", {"answer": "Encore"}).status_code == 409


def test_who_read_what_is_told_to_the_administration_and_lists_of_names_are_in_it(app, signed_in):
    with app.app_context():
        who = desk.borrower()
        reference, code = families.submitted().reference, who.code
    reader = signed_in(Role.COORDINATOR)
    reader.get(f"/orientations/{reference}")
    reader.get(f"/emprunteurs/{code}")
    reader.get("/emprunteurs")
    reader.get("/emprunteurs")
    with app.app_context():
        write_noted()
    client = signed_in(Role.ADMIN)
    page = client.get("/vie-privee/acces").text
    assert page.count("Nom et moyens de contact") == 3
    assert all(each in page for each in (reference, code, "/emprunteurs", people.NAME[Role.COORDINATOR], "Hors des lieux connus"))
    assert "Aïcha" not in page
    with app.app_context():
        write_noted()
    assert "Journal des accès lu" in client.get("/vie-privee/acces").text
    assert reference not in client.get("/vie-privee/acces?dossier=OR-2026-0999&depuis=2026-01-01&compte=x").text
    assert reference in client.get("/vie-privee/acces?depuis=0001-01-01").text, "a day before every calendar asks for nothing"
    assert signed_in(Role.COORDINATOR).get("/vie-privee/acces").status_code == 403
