import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from refurb.documents.models import Paper, PaperKind
from refurb.inventory.devices.queries.devices import answers_of
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.models import Handover
from refurb.referrals.words import AllocationState, SignatureKind
from tests.support.story import families, people


def give(allocation, role=Role.COORDINATOR, **facts):
    with unit_of_work():
        drawn = {"signature_kind": "drawn", "signature": families.drawing()}
        return hand_over(people.actor(role), allocation, **{"place": "Atelier", **drawn, **facts})


def text_of(paper):
    return "\n".join(each.extract_text() for each in PdfReader(BytesIO(fetch(paper.file))).pages).replace("\u202f", " ").replace("’", "'")


def test_the_device_leaves_with_a_numbered_slip(context):
    allocation = families.allocated()

    handover = give(allocation, accessories=["charger", "guide"])

    assert allocation.device.state is DeviceState.HANDED_OVER
    assert allocation.state is AllocationState.FULFILLED
    assert handover.paper.kind is PaperKind.HANDOVER
    assert handover.paper.reference.startswith("BR-")
    slip = text_of(handover.paper)
    assert "à titre gratuit" in slip
    assert spell(allocation.device.code) in slip
    assert "Chargeur, Fiche de prise en main" in slip
    assert "Zoë O'Neil" in slip


def test_the_slip_keeps_the_name_as_it_was_typed_less_its_pictures(context):
    paper = families.handed_over().paper

    assert "Zoë O'Neil" in str(paper.content)
    assert "🙂" not in str(paper.content)


def test_the_slip_names_neither_serial_nor_donor(context):
    handover = families.handed_over(DeviceKind.LAPTOP)
    device = handover.allocation.device

    assert device.serial
    for told in (text_of(handover.paper), str(handover.paper.content)):
        assert device.serial not in told
        assert "Menuiseries" not in told
        assert device.donation.reference not in told


def test_reconditioned_is_said_where_tests_and_erasure_are_on_record(context):
    assert "reconditionné" in text_of(families.handed_over(DeviceKind.LAPTOP).paper)


def test_reconditioned_is_not_said_without_the_tests(context):
    allocation = families.allocated(DeviceKind.LAPTOP)
    with unit_of_work():
        for check in answers_of(allocation.device).values():
            check.voided_at = allocation.decided_at

    assert "reconditionné" not in text_of(give(allocation).paper)


def test_a_drawn_signature_is_kept_and_printed(context):
    allocation = families.allocated()

    handover = give(allocation, signature_kind="drawn", signature=families.drawing())

    assert handover.signature_kind is SignatureKind.DRAWN
    assert fetch(handover.signature_file).startswith(b"\x89PNG")
    pages = PdfReader(BytesIO(fetch(handover.paper.file))).pages
    assert any(page.images for page in pages)


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "data:image/png;base64,AAAA",
        "https://example.org/x.png",
        "data:image/svg+xml;base64,PHN2Zy8+",
        families.drawing(ink=False),
    ],
    ids=["none", "empty", "no picture", "an address", "another kind", "nothing drawn"],
)
def test_what_is_said_to_be_drawn_is_drawn(context, signature):
    allocation = families.allocated()

    with pytest.raises(Invalid) as told:
        give(allocation, signature_kind="drawn", signature=signature)

    assert "signature" in told.value.fields
    assert allocation.state is AllocationState.ACTIVE
    assert db.session.scalars(select(Paper)).all() == []


def test_a_place_is_told(context):
    with pytest.raises(Invalid):
        give(families.allocated(), place="")


def test_it_is_handed_over_once(context):
    allocation = families.handed_over().allocation

    with pytest.raises(WrongState):
        give(allocation)
    assert len(db.session.scalars(select(Handover)).all()) == 1


@pytest.mark.parametrize("role", [Role.PRESCRIBER, Role.TECHNICIAN])
def test_only_the_coordination_hands_over(context, role):
    with pytest.raises(Forbidden):
        give(families.allocated(), role)


def test_no_event_names_anybody(context):
    handover = give(families.allocated(), place="Chez Zoë O'Neil", signature_kind="drawn", signature=families.drawing())
    allocation = handover.allocation

    for subject in (handover, allocation, allocation.referral, allocation.device, handover.paper):
        for event in events_of(subject):
            assert "Zoë" not in str(event.facts)
            assert "Neil" not in str(event.facts)


def test_from_the_page_and_its_paper(app, signed_in):
    with app.app_context():
        allocation = families.allocated()
        reference, code = allocation.referral.reference, allocation.device.code
    client = signed_in(Role.COORDINATOR)

    assert reference in client.get("/remises").text
    assert client.get(f"/remises?code={code}").headers["Location"].endswith(f"/remises/{reference}")
    page = client.get(f"/remises/{reference}")
    assert "à titre gratuit" in page.text
    told = {"place": "Atelier", "signature_kind": "drawn", "signature": families.drawing(), "accessories": ["charger"]}
    shown = re.search(r'name="shown" value="(\w+)"', page.text)[1]
    assert client.submit(f"/remises/{reference}", told).status_code == 409, "not under this text"
    answer = client.submit(f"/remises/{reference}", told | {"shown": shown})
    assert answer.status_code == 303
    assert client.get(f"/remises/{reference}/bon.pdf").data.startswith(b"%PDF")
    assert "Bon de remise" in signed_in(Role.PRESCRIBER).get(f"/orientations/{reference}").text.replace("\u202f", " ")


def test_a_refused_slip_is_asked_again_with_what_was_typed(app, signed_in):
    with app.app_context():
        reference = families.allocated().referral.reference

    answer = signed_in(Role.COORDINATOR).submit(f"/remises/{reference}", {"place": "Salle O'Hara", "signature_kind": "drawn"})

    assert answer.status_code == 422
    assert "Salle O&#39;Hara" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Device)).one().state is DeviceState.RESERVED


@pytest.mark.both_databases
def test_a_label_that_is_not_to_be_handed_over_is_said(app, signed_in):
    with app.app_context():
        code = families.ready().code

    assert "est pas un appareil à remettre" in signed_in(Role.COORDINATOR).get(f"/remises?code={code}").text


def test_names_closed_what_is_signed_on_paper_is_refused_for_what_it_is(signed_in, app):
    with app.app_context():
        reference = families.allocated().referral.reference
    client = signed_in(Role.COORDINATOR)
    client.lose_proof()
    shown = re.search(r'name="shown" value="(\w+)"', client.get(f"/remises/{reference}").text)[1]

    told = {"place": "Salle O'Hara", "signature_kind": "paper", "shown": shown}
    refused = client.submit(f"/remises/{reference}", told)

    assert (refused.status_code, "Les noms sont fermés" in refused.text) == (403, True)
    assert "O&#39;Hara" in refused.text
    assert "remis a changé" not in refused.text
