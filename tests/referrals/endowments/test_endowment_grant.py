"""Machines are granted to an organisation: decided by somebody else, within what is ready, reserved at once."""

import pytest

from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid, NotFound, WrongState
from refurb.referrals.cases.holding import HOLDING
from refurb.referrals.committees.pdf import _for_places
from refurb.referrals.endowed import Endowment, EndowmentState, EndowmentUse
from refurb.referrals.endowments.actions import add_to_endowment, ask_endowment, drop_from_endowment
from refurb.referrals.endowments.queries import endowment_for, endowment_lines
from refurb.referrals.endowments.rules import OwnEndowment
from refurb.referrals.endowments.states import endowment_machine
from tests.referrals.cases.test_race import at_once
from tests.support.story import endowed, families, people, places, sittings

S = EndowmentState


def coordinator():
    return people.actor(Role.COORDINATOR)


def plain(text):
    return text.replace("&#39;", "'").replace("’", "'").replace("\u00a0", " ")


def faults(refused):
    return {name: [each.code for each in told] for name, told in refused.value.fields.items()}


@pytest.mark.both_databases
def test_what_has_been_ready_for_longest_is_reserved_at_once(context):
    endowment = endowed.asked(2)
    first, second, third = families.ready(), families.ready(), families.ready()

    endowed.fire(endowment, "grant", monitor=2, reason=endowed.WHY)

    assert [each.device for each in endowment_lines(endowment)] == [first, second]
    assert [each.state for each in (first, second, third)] == [DeviceState.RESERVED, DeviceState.RESERVED, DeviceState.READY]
    assert (endowment.state, endowment.held_until) == (S.GRANTED, HOLDING.in_force().until())
    assert [(each.asked, each.granted) for each in endowment.wishes] == [(2, 2)]


def test_no_more_than_is_ready_and_then_nothing_is_reserved(context):
    endowment, device = endowed.asked(2), families.ready()
    with pytest.raises(Invalid) as refused:
        endowed.fire(endowment, "grant", monitor=2, reason=endowed.WHY)
    assert faults(refused) == {"monitor": ["endowment.fewer_ready"]}
    db.session.expire_all()
    assert (endowment.state, device.state) == (S.ASKED, DeviceState.READY)


def test_what_a_committee_keeps_for_a_family_is_not_taken(context):
    endowment = endowed.asked(2)
    sittings.prepared(files=2, devices=2)
    with pytest.raises(Invalid):
        endowed.fire(endowment, "grant", monitor=2, reason=endowed.WHY)


@pytest.mark.parametrize(
    ("told", "beside"),
    [
        ({"monitor": 1}, {"reason": ["endowment.reason"]}),
        ({"reason": "x"}, {"laptop": ["endowment.none_asked"]}),
        ({"monitor": 50, "laptop": 50, "reason": "x"}, {"laptop": ["endowment.too_many"]}),
        ({"monitor": 1, "committee": 999}, {"committee": ["field.choice"]}),
    ],
)
def test_somebody_decides_with_a_reason_or_a_session_decided(context, told, beside):
    endowment = endowed.asked(1)
    families.ready()
    with pytest.raises(Invalid) as refused:
        endowed.fire(endowment, "grant", **told)
    assert faults(refused) == beside


def test_a_session_that_sits_decides_without_another_reason(context):
    endowment = endowed.asked(1)
    committee = sittings.sitting(files=1, devices=2)
    endowed.fire(endowment, "grant", monitor=1, committee=committee.id)
    assert (endowment.committee_id, endowment.reason) == (committee.id, "")


def test_the_minutes_of_the_session_say_what_it_granted(context):
    committee = sittings.sitting(files=1, devices=3)
    assert not _for_places(committee)
    granted = endowed.asked(2)
    endowed.fire(granted, "grant", monitor=2, committee=committee.id)
    (table,) = _for_places(committee)
    assert [(row[0], row[2]) for row in table.rows] == [(granted.reference, "Accordé\u00a0: 2 × écran")]


def test_nobody_decides_on_what_she_wrote(context):
    with unit_of_work():
        told = {"use": EndowmentUse.SCHOOL, "words": "Une classe.", "monitor": 1}
        endowment = ask_endowment(coordinator(), organisation_id=people.organisation("Mission").id, **told)
    with pytest.raises(OwnEndowment):
        endowed.fire(endowment, "grant", monitor=1, reason=endowed.WHY)


def test_a_partner_asks_for_her_own_organisation_alone_and_sees_no_other(context):
    with unit_of_work(), pytest.raises(Invalid):
        ask_endowment(
            people.actor(Role.PRESCRIBER), organisation_id=people.organisation("Mission").id, use=EndowmentUse.OTHER, words="x", monitor=1
        )
    endowment = endowed.asked()
    with pytest.raises(NotFound):
        endowment_for(people.other_prescriber(), endowment.reference)
    with pytest.raises(Forbidden):
        endowed.fire(endowment, "grant", Role.PRESCRIBER, monitor=1, reason="x")


def test_one_more_is_added_once_and_taken_off_again(context):
    endowment, device = endowed.granted(1), families.ready()
    for _ in range(2):
        with unit_of_work():
            add_to_endowment(coordinator(), endowment, device=device.code)
    lines = endowment_lines(endowment)
    assert [each.device for each in lines][1:] == [device]
    assert endowment.wishes[0].granted == 2
    for _ in range(2):
        with unit_of_work():
            drop_from_endowment(coordinator(), endowment, lines[1].id)
    assert (device.state, len(endowment_lines(endowment))) == (DeviceState.READY, 1)


@pytest.mark.both_databases
def test_what_nobody_asked_for_is_granted_as_such_and_leaves_no_trace_once_it_is_called_off(context):
    endowment, device = endowed.granted(1), families.ready(kind=DeviceKind.LAPTOP)
    with unit_of_work():
        add_to_endowment(coordinator(), endowment, device=device.code)
    assert [(each.device_kind, each.asked, each.granted) for each in endowment.wishes][1:] == [(DeviceKind.LAPTOP, 0, 1)]
    assert endowment.asked == 1
    endowed.fire(endowment, "call_off", reason="Plus tard.")
    assert [each.device_kind for each in endowment.wishes] == [DeviceKind.MONITOR]


def test_the_machines_of_another_place_are_granted_by_saying_which(context):
    endowment, devices = endowed.asked(1), [families.ready(), families.ready()]
    annex = places.second()
    with unit_of_work():
        devices[1].site_id = annex.id
    endowed.fire(endowment, "grant", monitor=1, reason=endowed.WHY, site_id=annex.id)
    assert [each.device for each in endowment_lines(endowment)] == [devices[1]]
    with pytest.raises(Invalid) as refused:
        endowed.fire(endowed.asked(2), "grant", monitor=2, reason=endowed.WHY)
    assert faults(refused) == {"monitor": ["endowment.fewer_ready"]}


def test_the_coordination_sees_at_home_what_is_asked_and_what_is_to_be_signed(app, signed_in):
    with app.app_context():
        endowed.asked()
        waits = endowed.given(drawn=False).reference
    office = signed_in(Role.COORDINATOR)
    home = office.get("/").text
    assert "1 demande d'appareils pour une structure" in plain(home)
    assert "1 bon de dotation à signer" in plain(home)
    assert waits in office.get("/dotations").text
    assert waits not in office.get("/dotations?etat=closes").text


def test_one_machine_for_two_organisations_at_the_same_moment(app):
    with app.app_context():
        first, second = endowed.asked(1).id, endowed.asked(1).id
        families.ready()

    def give(number):
        def prepare(actor):
            endowment = db.session.get_one(Endowment, number)
            return lambda: endowment_machine.fire(endowment, "grant", actor, monitor=1, reason=endowed.WHY)

        return prepare

    answers = at_once(app, give(first), give(second))
    refused = [each[0] for each in answers if each[0] is not None]
    assert len(refused) == 1
    assert isinstance(refused[0], WrongState | Invalid)


def test_the_form_keeps_what_was_typed_and_the_page_shows_what_is_ready(app, signed_in):
    client = signed_in(Role.PRESCRIBER)
    wrong = client.submit("/dotations/nouvelle", {"use": "free_access", "words": "Six postes.", "monitor": ""})
    assert wrong.status_code == 422
    assert "Six postes." in wrong.text
    sent = client.submit("/dotations/nouvelle", {"use": "free_access", "words": "Six postes.", "monitor": "2"})
    assert sent.status_code == 303
    with app.app_context():
        families.ready()
        families.ready()
        reference = db.session.query(Endowment).one().reference
    office = signed_in(Role.COORDINATOR)
    assert "Décider de cette demande" in office.get(f"/dotations/{reference}").text
    few = office.submit(f"/dotations/{reference}/accorder", {"monitor": "5", "reason": "Elle est prête."})
    assert few.status_code == 422
    assert "Elle est prête." in few.text
    assert office.submit(f"/dotations/{reference}/accorder", {"monitor": "2", "reason": "Elle est prête."}).status_code == 303
    assert "Réservés jusqu" in office.get(f"/dotations/{reference}").text
    assert office.get("/dotations").text.count(reference) >= 1
    told = office.get(f"/api/v1/endowments/{reference}").get_json()
    assert (told["state"], len(told["lines"]), told["wishes"]) == ("granted", 2, {"monitor": {"asked": 2, "granted": 2}})
