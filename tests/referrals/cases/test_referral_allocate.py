import pytest

from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid, WrongState
from refurb.referrals.cases.actions import allocate
from refurb.referrals.cases.priority import order
from refurb.referrals.cases.queries.allocations import allocation_of
from refurb.referrals.cases.rules import OtherKind, OutOfOrder
from refurb.referrals.words import AllocationState, ReferralState
from tests.support.story import evidence, families, people


def give(referral, device, role=Role.COORDINATOR, **options):
    with unit_of_work():
        return allocate(people.actor(role), referral, device, **options)


def test_where_the_day_is_to_be_fixed_with_her_a_prescriber_is_not_told_that_there_is_nothing_to_do(app, signed_in):
    with app.app_context():
        allocated, waiting = families.allocated().referral.reference, families.waiting().reference
    client = signed_in(Role.PRESCRIBER)
    assert "Vous n’avez rien à faire" in client.get(f"/orientations/{waiting}").text
    page = client.get(f"/orientations/{allocated}").text
    assert "fixe la remise avec vous" in page
    assert "Vous n’avez rien à faire" not in page


def test_the_first_of_the_list_gets_a_ready_device(context):
    referral, device = families.waiting(), families.ready()

    allocation = give(referral, device)

    assert referral.state is ReferralState.ALLOCATED
    assert device.state is DeviceState.RESERVED
    assert allocation.state is AllocationState.ACTIVE
    assert (allocation.rank, allocation.out_of_order, allocation.policy_version) == (1, False, order().version)
    assert allocation_of(device) is allocation


def test_the_history_keeps_the_decision_and_no_name(context):
    referral, device = families.waiting(), families.ready()
    allocation = give(referral, device)

    facts = last_event(referral).facts
    assert facts["allocation"] == allocation.id
    assert facts["device"] == device.id
    assert (facts["rank"], facts["policy_version"]) == (1, order().version)
    assert set(facts) == {"allocation", "device", "rank", "out_of_order", "over_quota", "policy_version", "from", "to"}


def test_a_device_that_is_not_ready_is_not_given(context):
    referral = families.waiting()
    (device,) = evidence.arrive(DeviceKind.MONITOR)

    with pytest.raises(WrongState):
        give(referral, device)
    assert referral.state is ReferralState.WAITING


def test_a_given_device_is_not_given_again(context):
    device = families.allocated().device
    referral = families.waiting()

    with pytest.raises(WrongState) as told:
        give(referral, device)

    assert told.value.facts["last"] == "reserve"
    assert referral.state is ReferralState.WAITING


def test_a_referral_gets_one_device(context):
    referral, second = families.allocated().referral, families.ready()

    with pytest.raises(WrongState):
        give(referral, second)
    assert second.state is DeviceState.READY


def test_a_device_of_another_kind_is_not_what_was_asked(context):
    referral = families.waiting(device_kind=DeviceKind.TABLET)
    device = families.ready()

    with pytest.raises(OtherKind):
        give(referral, device)
    assert device.state is DeviceState.READY


def test_nobody_is_passed_over_silently(context):
    families.waiting()
    second, device = families.waiting(), families.ready()

    with pytest.raises(OutOfOrder) as told:
        give(second, device)

    assert told.value.facts == {"ahead": 1}
    assert second.state is ReferralState.WAITING
    assert device.state is DeviceState.READY


@pytest.mark.parametrize("half", [{"override": True}, {"override": True, "reason": "  "}, {"reason": "Formation le 7."}])
def test_half_an_override_is_none(context, half):
    families.waiting()
    second, device = families.waiting(), families.ready()

    with pytest.raises(OutOfOrder):
        give(second, device, **half)


def test_a_named_override_with_a_reason_is_kept_with_its_rank(context):
    families.waiting()
    second, device = families.waiting(), families.ready()

    allocation = give(second, device, override=True, reason="Formation qui commence le 7.")

    assert (allocation.rank, allocation.out_of_order) == (2, True)
    assert allocation.reason == "Formation qui commence le 7."
    assert allocation.decided_by == people.actor(Role.COORDINATOR).id
    assert "Formation" not in str(last_event(second).facts)


def test_a_code_that_is_nobodys_is_said_beside_the_field(context):
    referral = families.waiting()

    with pytest.raises(Invalid) as told:
        families.fire(referral, "allocate", device="1111-1111")
    assert "device" in told.value.fields


@pytest.mark.parametrize("role", [Role.PRESCRIBER, Role.TECHNICIAN, Role.DESK, Role.OBSERVER])
def test_only_the_coordination_decides(context, role):
    referral, device = families.waiting(), families.ready()

    with pytest.raises(Forbidden):
        give(referral, device, role)


def test_the_page_gives_it_in_one_press(app, signed_in):
    with app.app_context():
        reference, code = families.waiting().reference, families.ready().code
    client = signed_in(Role.COORDINATOR)

    page = client.get("/attente?besoin=monitor")
    assert f'name="device" value="{code}"' in page.text
    answer = client.submit(f"/orientations/{reference}/attribuer", {"device": code})

    assert answer.status_code == 303
    assert "Appareil attribué" in client.get(f"/orientations/{reference}").text


def test_the_page_asks_why_when_the_order_is_not_followed(app, signed_in):
    with app.app_context():
        families.waiting()
        second, code = families.waiting().reference, families.ready().code
    client = signed_in(Role.COORDINATOR)

    refused = client.submit(f"/orientations/{second}/attribuer", {"device": code})
    assert refused.status_code == 409
    assert 'name="reason"' in refused.text
    given = client.submit(f"/orientations/{second}/attribuer", {"device": code, "override": "1", "reason": "Formation."})

    assert given.status_code == 303


def test_the_api_says_no_with_the_same_code(app, signed_in):
    with app.app_context():
        families.waiting()
        second, code = families.waiting().reference, families.ready().code
    client = signed_in(Role.COORDINATOR)
    token = {"X-CSRFToken": client.token()}

    refused = client.post(f"/api/v1/referrals/{second}/allocate", json={"device": code}, headers=token)
    given = client.post(
        f"/api/v1/referrals/{second}/allocate", json={"device": code, "override": True, "reason": "Formation."}, headers=token
    )

    assert (refused.status_code, refused.json["code"]) == (409, "referral.out_of_order")
    assert (given.status_code, given.json["state"]) == (200, "allocated")
