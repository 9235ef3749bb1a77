"""A device that left against a slip on paper is « remis, à signer »: no number, no figure, until the signed copy was seen or drawn."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from refurb.documents.models import Paper, SignatureWay
from refurb.documents.signatures import SignatureVoid
from refurb.documents.signing import AlreadySigned, printout, signing_for, signing_of
from refurb.inventory.devices.queries.counts import unsigned_now
from refurb.inventory.papers.queries import donation_record
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.counts import differences
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import broken_links, events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Forbidden
from refurb.referrals.cases.actions import hand_over, sign_handover
from refurb.referrals.cases.counts import COUNTS
from refurb.referrals.cases.unsigned import count_to_sign, to_sign
from refurb.referrals.words import AllocationState, ReferralState
from refurb.reporting.figures.numbers import numbers
from refurb.reporting.figures.periods import FiguresAsked
from refurb.reporting.queries.throughput import all_together, months
from tests.support.story import evidence, families, gala, people
from tests.support.tagged import faults


def words(pdf):
    text = " ".join(each.extract_text() for each in PdfReader(BytesIO(pdf)).pages)
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'").split())


def signed(handover, role=Role.COORDINATOR, way=SignatureWay.SEEN, **told):
    with unit_of_work():
        return sign_handover(people.actor(role), handover.allocation, way=way, **told)


def figures():
    """Every number in which a device that was handed over counts."""
    counted = numbers(FiguresAsked(today().year))
    return counted.given.by_kind.total(), counted.families, all_together().fates["handed_over"], months()[-1].handed_over


def test_it_left_and_nothing_says_that_it_was_signed(context):
    handover = families.left_unsigned()
    allocation = handover.allocation

    assert allocation.device.state is DeviceState.HANDED_OVER
    assert allocation.state is AllocationState.FULFILLED
    assert allocation.referral.state is ReferralState.ALLOCATED
    assert handover.paper is None
    assert db.session.query(Paper).count() == 0
    text = words(printout(signing_for(handover)))
    assert f"À signer · {allocation.referral.reference} · sans numéro" in text
    assert "BR-" not in text
    assert "Signé" not in text
    assert [row.reference for row in to_sign(people.actor(Role.COORDINATOR))] == [allocation.referral.reference]
    assert count_to_sign(people.actor(Role.COORDINATOR)) == 1


def test_it_counts_in_no_figure_before_it_is_signed_and_in_all_afterwards(context):
    handover = families.left_unsigned()
    record = donation_record(handover.allocation.device.donation)

    assert figures() == (0, 0, 0, 0)
    assert (record.standing_in({DeviceState.HANDED_OVER}), record.standing_in({DeviceState.RESERVED})) == (0, 1)

    signed(handover)

    assert figures() == (1, 1, 1, 1)
    assert unsigned_now() == 0
    assert donation_record(handover.allocation.device.donation).standing_in({DeviceState.HANDED_OVER}) == 1
    assert numbers(FiguresAsked(today().year)).families == 1
    assert [each for count in COUNTS for each in differences(count)] == []


def test_signed_once_seen(context):
    handover = signed(families.left_unsigned())

    assert handover.paper.reference.startswith("BR-")
    assert "Exemplaire signé vu par Hélène Charrier" in str(handover.paper.content)
    assert handover.allocation.referral.state is ReferralState.SERVED
    assert [event.move for event in events_of(handover.allocation.device)][:2] == ["hand_over", "let_go"]
    assert list(broken_links(db.session)) == []
    with pytest.raises(AlreadySigned):
        signed(handover)


def test_or_drawn_under_the_text_that_was_shown(context):
    handover = families.left_unsigned()
    drawing = families.drawing().encode()

    with pytest.raises(SignatureVoid):
        signed(handover, way=SignatureWay.DRAWN, signature=drawing, shown="0" * 64)


def test_a_drawing_at_the_hand_over_stands_for_the_text_that_was_shown(context):
    allocation = families.allocated()
    told = {"place": "Atelier", "signature_kind": "drawn", "signature": families.drawing()}

    with pytest.raises(SignatureVoid), unit_of_work():
        hand_over(people.actor(Role.COORDINATOR), allocation, **told, shown="0" * 64)
    assert allocation.state is AllocationState.ACTIVE
    assert allocation.device.state is DeviceState.RESERVED


def test_what_comes_back_unsigned_was_never_handed_over(context):
    handover = families.left_unsigned()
    allocation = handover.allocation

    evidence.fire(allocation.device, "come_back", reason="La famille n'en veut plus")

    assert allocation.device.state is DeviceState.RECEIVED
    assert allocation.state is AllocationState.CANCELLED
    assert allocation.referral.state is ReferralState.WAITING
    assert signing_of(handover) is None
    assert figures() == (0, 0, 0, 0)
    assert to_sign(people.actor(Role.COORDINATOR)) == []


def test_what_comes_back_signed_stays_handed_over_in_the_books(context):
    handover = families.handed_over()
    evidence.fire(handover.allocation.device, "come_back", reason="En panne")

    assert handover.allocation.state is AllocationState.FULFILLED
    assert signing_of(handover) is not None


@pytest.mark.parametrize("role", [Role.PRESCRIBER, Role.TECHNICIAN])
def test_only_who_hands_over_witnesses(context, role):
    with pytest.raises(Forbidden):
        signed(families.left_unsigned(), role)


def test_at_a_ceremony_too(app, signed_in):
    with app.app_context():
        ceremony = gala.held(2)
        number, reference = ceremony.id, ceremony.turns[0].allocation.referral.reference
    client = signed_in(Role.COORDINATOR)

    page = client.submit(f"/ceremonies/{number}/tours/1", {"signature_kind": "paper"}, follow_redirects=True)

    assert "Remis, à signer" in page.text
    assert client.get(f"/api/v1/ceremonies/{number}").json["turns"][0]["to_sign"] is True
    assert "à signer" in client.get(f"/ceremonies/{number}/tours/1").text
    assert "1 à signer" in client.get("/ceremonies").text.replace("\u202f", " ")
    assert client.submit(f"/remises/{reference}/signer", {"way": "seen"}).status_code == 303
    assert "Remis, à signer" not in client.get(f"/ceremonies/{number}").text


def test_from_the_desk_to_the_signed_copy(app, signed_in):
    with app.app_context():
        reference, day = families.allocated().referral.reference, today().isoformat()
    client = signed_in(Role.COORDINATOR)

    told = {"place": "Atelier", "signature_kind": "paper", "accessories": ["charger"]}
    assert client.submit(f"/remises/{reference}", told).status_code == 303
    left = client.get(f"/remises/{reference}").text
    assert "Remis, à signer" in left
    assert client.get(f"/remises/{reference}/bon.pdf").status_code == 404
    assert faults(client.get(f"/remises/{reference}/a-signer.pdf").data) == []
    assert f"/remises/{reference}/signer" in client.get("/remises").text
    assert "1 bon de remise à signer" in client.get("/").text.replace("\u00a0", " ").replace("\u202f", " ")
    partner = signed_in(Role.PRESCRIBER).get(f"/orientations/{reference}").text
    assert "Remis, à signer" in partner
    assert client.submit(f"/remises/{reference}/signer", {"way": "seen", "signed_on": day}).status_code == 303
    assert client.get(f"/remises/{reference}/a-signer.pdf").status_code == 404
    done = client.get(f"/remises/{reference}").text
    assert "vu par Hélène Charrier" in done
    assert client.get(f"/remises/{reference}/bon.pdf").data.startswith(b"%PDF")
    assert "à signer" not in client.get("/").text


@pytest.mark.parametrize("change", [{"place": "Ailleurs"}, {"accessories": ["bag"]}])
def test_what_changes_after_the_drawing_voids_it_on_the_page(app, signed_in, change):
    with app.app_context():
        reference = families.allocated().referral.reference
    client = signed_in(Role.COORDINATOR)
    shown = re.search(r'name="shown" value="(\w+)"', client.get(f"/remises/{reference}").text)[1]
    fields = [["place", "Atelier"], ["accessories", "charger"], ["shown", shown]]
    told = {"place": "Atelier", "accessories": ["charger"], "shown": shown, "signature_kind": "drawn", "signature": families.drawing(),
            "signed_for": str({"at": "14:07", "fields": fields}).replace("'", '"')}  # fmt: skip

    refused = client.submit(f"/remises/{reference}", told | change)

    assert refused.status_code == 409
    assert "La signature de 14\u202fh\u202f07 est effacée" in refused.text
    assert client.submit(f"/remises/{reference}", told).status_code == 303


def test_by_the_json_door(app, signed_in):
    with app.app_context():
        number = families.allocated().id
    client = signed_in(Role.COORDINATOR)
    head = {"X-CSRFToken": client.token()}

    shown = client.get(f"/api/v1/allocations/{number}").json["shown"]
    drawn = {"place": "Atelier", "signature_kind": "drawn", "signature": families.drawing(), "shown": shown[::-1]}
    refused = client.post(f"/api/v1/allocations/{number}/hand_over", json=drawn, headers=head)
    assert (refused.status_code, refused.json["code"]) == (409, "signature.void")
    left = client.post(f"/api/v1/allocations/{number}/hand_over", json={"place": "Atelier", "signature_kind": "paper"}, headers=head)
    assert left.json["handover"]["paper"] is None
    assert left.json["handover"]["signature"]["state"] == "to_sign"
    assert client.get("/api/v1/handovers?state=unsigned").json["total"] == 1
    done = client.post(f"/api/v1/allocations/{number}/sign", json={"way": "seen"}, headers=head)
    assert done.json["handover"]["paper"].startswith("BR-")
    assert client.get("/api/v1/handovers?state=signed").json["total"] == 1
