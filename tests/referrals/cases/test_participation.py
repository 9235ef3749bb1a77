"""What whoever receives pays: nothing unless the territory decides it, within what the law caps; receipted once the slip is signed."""

import json

import pytest

from refurb.documents.models import SignatureWay
from refurb.inventory.devices.states import device_machine
from refurb.inventory.donations.cautions import solidarity_prices
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.policy import PolicyError
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Invalid, Refusal
from refurb.referrals.cases.actions import hand_over, sign_handover, text_shown
from refurb.referrals.cases.lines import NothingToPrepare, add_machine, drop_machine
from refurb.referrals.cases.participation import (
    AskedOtherwise,
    FreelyCeded,
    NothingToPay,
    SwapIsFree,
    drop_participation,
    may_be_asked,
    note_participation,
    participation_of,
)
from refurb.referrals.paid import PaidBy
from refurb.referrals.persons import REFERRED
from refurb.referrals.retention import erase_beneficiaries
from tests.directory.policies.trying import adopted
from tests.support.story import families, people, troubles
from tests.support.tagged import faults

OFF, REGIE = 'basis = "none"', 'basis = "regie"\nregie = "Régie de recettes du CCAS"'
AMOUNTS = ("# [amounts]\n# laptop = 40", "[amounts]\nmonitor = 12")


def on(basis=REGIE, amounts=AMOUNTS):
    adopted("participation", (OFF, basis), amounts)


def note(allocation, cents=1200, role=Role.COORDINATOR):
    with unit_of_work():
        return note_participation(people.actor(role), allocation, cents=cents, paid_by=PaidBy.CASH)


def given(allocation, kind="drawn"):
    drawn = {"signature": families.drawing()} if kind == "drawn" else {}
    with unit_of_work():
        return hand_over(people.actor(Role.COORDINATOR), allocation, place="Atelier", signature_kind=kind, **drawn)


def added(allocation, device):
    with unit_of_work():
        return add_machine(people.actor(Role.COORDINATOR), allocation, device=device.code, reason="Deux écrans.")


def said(paper):
    return json.dumps(paper.content, ensure_ascii=False).replace("\u00a0", " ").replace("\u202f", " ")


def test_nothing_unless_the_territory_decides_it(context):
    allocation = families.allocated()
    with pytest.raises(NothingToPay):
        note(allocation)
    assert "rien n'est demandé en échange" in said(given(allocation).paper).replace("’", "'")


@pytest.mark.both_databases
def test_it_stands_on_the_slip_and_is_receipted_once_that_is_signed(context):
    allocation = families.allocated()
    on()
    before = text_shown(allocation)
    note(allocation)
    assert text_shown(allocation) != before

    handover = given(allocation, "paper")

    found = participation_of(allocation)
    assert found.paper is None
    with unit_of_work():
        sign_handover(people.actor(Role.COORDINATOR), allocation, way=SignatureWay.SEEN)
    slip = said(handover.paper)
    assert "12,00 €, en espèces. Qui reçoit : Régie de recettes du CCAS" in slip
    assert "à titre gratuit" not in slip
    assert "ni argent" not in slip
    assert found.paper.reference.startswith("RP-")
    assert "12,00 €" in said(found.paper)
    assert not faults(fetch(found.paper.file))
    known = [str(fact.value) for part in REFERRED.known(allocation.referral_id) for fact in part.facts]
    assert any("12,00" in each for each in known), "in the copy of what is known of her"
    with unit_of_work():
        erase_beneficiaries([allocation.referral.beneficiary_id])
    assert "O'Neil" not in said(found.paper)
    with pytest.raises(NothingToPrepare):
        note(allocation, 900)


@pytest.mark.both_databases
def test_a_slip_that_is_signed_on_the_screen_is_receipted_at_once(context):
    allocation = families.allocated()
    on()
    note(allocation)
    given(allocation)
    found = participation_of(allocation)
    assert found.paper.reference.startswith("RP-")
    assert "12,00 €" in said(found.paper)


def test_it_is_asked_again_as_the_machines_leave(context):
    allocation, more, public = families.allocated(), families.ready(), families.ready()
    on()
    line = added(allocation, more)
    note(allocation, 2400)
    with unit_of_work():
        drop_machine(people.actor(Role.COORDINATOR), allocation, line.id)
    with pytest.raises(AskedOtherwise):
        given(allocation)
    note(allocation, 1200)
    with unit_of_work():
        public.donation.legal_origin = LegalOrigin.PUBLIC_BODY
    added(allocation, public)
    with pytest.raises(FreelyCeded):
        given(allocation)
    assert allocation.handover is None


def test_what_a_rule_that_is_off_asked_is_taken_off_before_the_hand_over(app, signed_in):
    with app.app_context():
        allocation = families.allocated()
        reference = allocation.referral.reference
        on()
        note(allocation, 500)
        adopted("participation", (REGIE, OFF))
        with pytest.raises(NothingToPay):
            given(allocation)
    client, path = signed_in(Role.COORDINATOR), f"/remises/{reference}/participation"
    assert path in client.get(f"/remises/{reference}").text
    assert "Remettre gratuitement" in client.get(path).text
    assert client.submit(f"{path}/retirer", {}).status_code == 303
    assert client.get(path).status_code == 404


def test_what_comes_back_before_it_was_signed_for_is_not_paid(context):
    allocation = families.allocated()
    on()
    note(allocation)
    given(allocation, "paper")
    with unit_of_work():
        device_machine.fire(allocation.device, "come_back", people.actor(Role.COORDINATOR), reason="Écran rayé.")
    assert participation_of(allocation) is None


def test_nothing_is_asked_for_a_kind_that_the_rule_does_not_name(context):
    on(amounts=("# [amounts]\n# laptop = 40", "[amounts]\nlaptop = 12"))
    assert not may_be_asked(families.allocated())


@pytest.mark.parametrize("cents", [0, 1201, 100_000])
def test_no_more_than_the_policy_asks(context, cents):
    allocation = families.allocated()
    on()
    with pytest.raises(Invalid) as refused:
        note(allocation, cents)
    assert refused.value.fields["euros"][0].code == "participation.amount"


def test_it_is_taken_off_again_and_the_hand_over_is_free(context):
    allocation = families.allocated()
    on()
    note(allocation, 500)
    with unit_of_work():
        drop_participation(people.actor(Role.COORDINATOR), allocation)
    assert "ni argent" in said(given(allocation).paper)


def test_what_a_public_body_gave_for_free_is_not_paid_to_a_regie_and_a_swap_is_free(context):
    on()
    allocation = families.allocated()
    with unit_of_work():
        allocation.device.donation.legal_origin = LegalOrigin.PUBLIC_BODY
    with pytest.raises(FreelyCeded):
        note(allocation)
    with pytest.raises(SwapIsFree):
        note(troubles.swapping().swap)


@pytest.mark.parametrize(
    ("basis", "amounts"),
    [
        ('basis = "association"', AMOUNTS),  # The story's territory is a public body.
        ('basis = "regie"', AMOUNTS),
        (REGIE, (AMOUNTS[0], "[amounts]\nmonitor = 31")),
    ],
)
def test_a_policy_beyond_the_law_is_not_adopted(context, basis, amounts):
    assert solidarity_prices().caps[DeviceKind.MONITOR] == 30
    with pytest.raises((Refusal, PolicyError)):
        on(basis, amounts)


def test_from_the_page_and_the_json_door(app, signed_in):
    with app.app_context():
        on()
        allocation = families.allocated()
        reference, number = allocation.referral.reference, allocation.id
    client = signed_in(Role.COORDINATOR)
    path = f"/remises/{reference}/participation"
    assert "Participation" in client.get(f"/remises/{reference}").text
    assert 'value="12,00"' in client.get(path).text
    wrong = client.submit(path, {"euros": "13", "paid_by": "cash"})
    assert wrong.status_code == 422
    assert 'value="13"' in wrong.text
    assert client.submit(path, {"euros": "10,50", "paid_by": "cheque"}).status_code == 303
    assert client.get(f"/api/v1/allocations/{number}").get_json()["participation"]["cents"] == 1050
    assert "10,50" in client.get(f"/remises/{reference}").text
