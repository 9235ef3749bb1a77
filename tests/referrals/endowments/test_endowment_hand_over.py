"""All the machines of an organisation leave by one hand-over, under one signature and one slip; with its convention, or none of them."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from refurb.directory.durations import durations
from refurb.documents.models import SignatureWay
from refurb.documents.signatures import SignatureVoid
from refurb.documents.signing import signing_for
from refurb.inventory.devices.states import device_machine
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.codes import spell
from refurb.referrals.aftersales.queries import family_of
from refurb.referrals.endowed import EndowmentState
from refurb.referrals.endowments.actions import drop_from_endowment, sign_endowment
from refurb.referrals.endowments.persons import SIGNED_FOR
from refurb.referrals.endowments.queries import endowment_lines, machines_of_endowment
from refurb.referrals.endowments.retention import ENDOWMENTS_TERM
from refurb.referrals.endowments.rules import NoEndowmentConvention, NothingGranted
from tests.support.story import endowed, evidence, families, people

S = EndowmentState


@pytest.mark.both_databases
def test_one_slip_and_one_signature_for_all(context):
    endowment = endowed.given()
    devices = machines_of_endowment(endowment)
    content = json.dumps(endowment.paper.content, ensure_ascii=False).replace("\u00a0", " ")

    assert [each.state for each in devices] == [DeviceState.HANDED_OVER] * 2
    assert (endowment.reference[:3], endowment.paper.reference[:3]) == ("DA-", "DT-")
    assert all(spell(each.code) in content for each in devices)
    assert f"{endowed.SIGNS}, pour CCAS de Poitiers" in content
    assert "ne les revend pas" in content
    assert all(each.serial is None or each.serial not in content for each in devices)


def test_nothing_leaves_without_a_convention_in_force(context):
    endowment = endowed.granted()
    with pytest.raises(NoEndowmentConvention):
        endowed.fire(endowment, "hand_over", **endowed.handing())
    assert endowment.state is S.GRANTED


def test_nothing_is_handed_over_where_nothing_is_reserved(context):
    endowment = endowed.granted(1)
    endowed.agreed()
    with unit_of_work():
        drop_from_endowment(people.actor(Role.COORDINATOR), endowment, endowment_lines(endowment)[0].id)
    with pytest.raises(NothingGranted):
        endowed.fire(endowment, "hand_over", **endowed.handing())


def test_what_was_signed_is_what_was_read(context):
    endowment = endowed.granted()
    endowed.agreed()
    told = {**endowed.handing(), "shown": "0" * 64}
    with pytest.raises(SignatureVoid):
        endowed.fire(endowment, "hand_over", **told)


def test_on_paper_it_is_signed_later_once(context):
    endowment = endowed.given(drawn=False)
    assert (endowment.is_signed, machines_of_endowment(endowment)[0].unsigned_since is not None) == (False, True)
    with unit_of_work():
        sign_endowment(people.actor(Role.COORDINATOR), endowment, way=SignatureWay.SEEN, shown=signing_for(endowment).digest)
    assert endowment.is_signed
    assert machines_of_endowment(endowment)[0].unsigned_since is None


def test_a_machine_that_was_a_family_s_before_is_no_family_s_any_more(context):
    device = families.handed_over().allocation.device
    assert family_of(device) is not None
    with unit_of_work():
        device_machine.fire(device, "come_back", people.actor(Role.COORDINATOR), reason="Rendu.")
    evidence.fire(device, "accept", "finish_erasure", "start_tests")
    evidence.pass_checks(device)
    evidence.fire(device, "pass_tests")
    endowment = endowed.asked(1)
    endowed.fire(endowment, "grant", monitor=1, reason=endowed.WHY)
    endowed.agreed()
    endowed.fire(endowment, "hand_over", **endowed.handing())
    assert machines_of_endowment(endowment) == [device]
    assert family_of(device) is None


@pytest.mark.both_databases
def test_who_signed_is_forgotten_at_the_term_and_the_numbers_stay(context):
    endowment = endowed.given()
    assert ENDOWMENTS_TERM.count_due() == 0
    with at(now() + timedelta(days=31 * durations().agreed.count + 40)), unit_of_work():
        assert ENDOWMENTS_TERM() == 1
    db.session.expire_all()
    stored = db.session.execute(text("SELECT received_by, place, words FROM endowments")).one()
    assert tuple(stored) == ("–", "–", "–")
    assert endowed.SIGNS not in str(endowment.paper.content)
    assert len(machines_of_endowment(endowment)) == 2


def test_who_signed_has_a_copy_of_what_is_known_and_is_erased_early_once_it_is_signed(context):
    endowment = endowed.given(drawn=False)
    assert SIGNED_FOR.find(endowment.reference).name == endowed.SIGNS
    assert SIGNED_FOR.ties(endowment.id) != []
    with unit_of_work():
        sign_endowment(people.actor(Role.COORDINATOR), endowment, way=SignatureWay.SEEN)
    known = [str(each.value) for part in SIGNED_FOR.known(endowment.id) for each in part.facts]
    assert {endowed.SIGNS, "Atelier", endowment.paper.reference} <= set(known)
    assert SIGNED_FOR.ties(endowment.id) == []
    with unit_of_work():
        SIGNED_FOR.erase(endowment.id)
    db.session.expire_all()
    assert SIGNED_FOR.find(endowment.reference) is None


def test_from_the_page(app, signed_in):
    with app.app_context():
        reference = endowed.granted().reference
        endowed.agreed()
    client = signed_in(Role.COORDINATOR)
    path = f"/dotations/{reference}/remettre"
    assert "ne les revend pas" in client.get(path).text.replace("\u00a0", " ")
    wrong = client.submit(path, {"place": "Atelier", "signature_kind": "paper", "received_by": ""})
    assert wrong.status_code == 422
    assert client.submit(path, {"place": "Atelier", "signature_kind": "paper", "received_by": endowed.SIGNS}).status_code == 303
    page = client.get(f"/dotations/{reference}").text
    assert "Remis, à signer" in page.replace("\u00a0", " ")
    assert client.get(f"/dotations/{reference}/a-signer.pdf").status_code == 200
    assert client.submit(f"/dotations/{reference}/signer", {"way": "seen", "signed_on": ""}).status_code == 303
    assert client.get(f"/dotations/{reference}/bon.pdf").status_code == 200
