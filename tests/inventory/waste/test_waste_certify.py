"""The operator sends the certificate of treatment: it is kept with the batch, which is then certified."""

import io

import pytest

from refurb.inventory.waste.actions import keep_certificate
from refurb.inventory.waste.states import waste_machine
from refurb.inventory.waste.words import WasteState
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid, Refusal, WrongState
from tests.support.story import dock, people, workshop


def certify(batch, who=None, content=dock.PDF):
    with unit_of_work():
        actor = who or workshop.technician()
        if content:
            keep_certificate(actor, batch, content, "certificat.pdf")
        waste_machine.fire(batch, "certify", actor, treatment="r4")
    return batch


def test_it_is_kept_with_what_it_says(context):
    batch = certify(dock.gone())

    assert (batch.state, batch.treatment) == (WasteState.CERTIFIED, "R4")
    assert files.fetch(batch.certificate) == dock.PDF


def test_not_without_the_certificate(context):
    with pytest.raises(Refusal) as refused:
        certify(dock.gone(), content=None)
    assert refused.value.code == "waste.no_certificate"


def test_a_text_is_no_certificate(context):
    with pytest.raises(Invalid):
        certify(dock.gone(), content=b"tout va bien")


def test_not_before_it_left(context):
    batch = dock.batch()
    dock.scan(batch, dock.discarded().code)
    with pytest.raises(WrongState):
        certify(batch, content=None)


def test_a_desk_agent_may_not(context):
    batch = dock.gone()
    with pytest.raises(Forbidden):
        certify(batch, who=people.actor(Role.DESK))


def test_on_the_page(app, signed_in):
    with app.app_context():
        reference = dock.gone().reference
    client = signed_in(Role.TECHNICIAN)
    url = f"/dechets/{reference}"
    sent = {"file": (io.BytesIO(b"rien"), "a.pdf"), "treatment": "R4"}
    assert client.submit(f"{url}/certifier-le-traitement", sent, content_type="multipart/form-data").status_code == 422
    sent = {"file": (io.BytesIO(dock.PDF), "reçu – 2026.pdf"), "treatment": "R4"}
    assert client.submit(f"{url}/certifier-le-traitement", sent, content_type="multipart/form-data").status_code == 303
    again = client.get(f"{url}/certificat")
    assert again.data == dock.PDF
    assert again.headers["Content-Disposition"].endswith("filename*=UTF-8''re%C3%A7u%20%E2%80%93%202026.pdf")
    assert "Traitement certifié" in client.get(url).text
