"""One hand-over gives several machines and accessories under one slip: all of them or none, and no machine twice."""

import re
from importlib import import_module

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from refurb.documents.models import SignatureWay
from refurb.documents.signatures import SignatureVoid
from refurb.documents.signing import signing_for
from refurb.inventory.devices.actions.flags import raise_flag
from refurb.inventory.devices.rules import Flagged
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceState, FlagKind
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Forbidden, Invalid, NotFound, WrongState
from refurb.referrals.aftersales.queries import family_of
from refurb.referrals.bags.actions import fill_bag
from refurb.referrals.cases.actions import cancel_allocation, hand_over, sign_handover, text_shown
from refurb.referrals.cases.lines import (
    FirstLine,
    SlipChanged,
    accessories_of,
    add_machine,
    drop_machine,
    lines_of,
    open_lines,
)
from refurb.referrals.cases.queries.allocations import still_out
from refurb.referrals.given import HandoverLine
from refurb.referrals.models import Allocation
from refurb.referrals.words import Accessory, AllocationState, ReferralState
from tests.referrals.cases.test_race import at_once
from tests.support.client import checking
from tests.support.story import evidence, families, people, places

WHY = "Salle en accès libre de la maison de quartier."


def added(allocation, device=None, role=Role.COORDINATOR):
    device = device or families.ready()
    with unit_of_work():
        return add_machine(people.actor(role), allocation, device=device.code, reason=WHY)


def given(allocation, **told):
    drawn = {"signature_kind": "drawn", "signature": families.drawing()}
    with unit_of_work():
        return hand_over(people.actor(Role.COORDINATOR), allocation, **{"place": "Atelier", **drawn, **told})


@pytest.fixture
def several(context):
    """An allocation with two more machines."""
    allocation = families.allocated()
    added(allocation)
    added(allocation)
    return allocation


def machines(allocation):
    return [
        each.device
        for each in db.session.scalars(select(HandoverLine).where(HandoverLine.allocation_id == allocation.id).order_by(HandoverLine.id))
        if each.device
    ]


@pytest.mark.both_databases
def test_one_slip_and_one_signature_for_all(several):
    handover = given(several, accessories=["charger", "internet_box"], fetched_by="Awa Traoré")

    devices = machines(several)
    assert [each.state for each in devices] == [DeviceState.HANDED_OVER] * 3
    content = str(handover.paper.content)
    assert all(spell(each.code) in content for each in devices)
    assert "les appareils décrits ci-dessous" in content.replace("\u00a0", " ")
    assert "Chargeur (3), Box 4G" in content.replace("\u00a0", " ")
    assert "Awa Traoré, pour Zoë O'Neil" in content.replace("’", "'")
    assert open_lines(several) == []
    assert {family_of(each) for each in devices} == {several.referral}


@pytest.mark.both_databases
def test_a_second_press_adds_nothing_and_nobody_else_gets_it(several):
    last = machines(several)[-1]

    added(several, last)

    assert len(machines(several)) == 3
    with pytest.raises(WrongState):
        added(families.allocated(), last)


@pytest.mark.both_databases
def test_the_database_knows_of_one_open_line_a_machine(several):
    other, device = families.allocated(), machines(several)[1]
    insert = "INSERT INTO handover_lines (allocation_id, device_id, number, put_at) VALUES (:allocation, :device, 1, :at)"

    with pytest.raises(IntegrityError):
        db.session.execute(text(insert), {"allocation": other.id, "device": device.id, "at": other.decided_at})


def test_one_machine_for_two_hand_overs_at_the_same_moment(app):
    with app.app_context():
        numbers, code = [families.allocated().id, families.allocated().id], families.ready().code

    def put(number):
        def prepare(actor):
            allocation = db.session.get_one(Allocation, number)
            return lambda: add_machine(actor, allocation, device=code, reason=WHY)

        return prepare

    answers = at_once(app, *map(put, numbers))

    assert sorted(each[0] is None for each in answers) == [False, True]
    with app.app_context():
        device = db.session.scalars(select(Device).where(Device.code == code)).one()
        assert len(db.session.scalars(select(HandoverLine).where(HandoverLine.device_id == device.id)).all()) == 1


@pytest.mark.both_databases
def test_all_leave_or_none(several):
    with unit_of_work():
        raise_flag(people.actor(Role.COORDINATOR), machines(several)[-1], FlagKind.MISSING_PART)

    with pytest.raises(Flagged):
        given(several)

    db.session.rollback()
    assert several.state is AllocationState.ACTIVE
    assert several.handover is None
    assert [each.state for each in machines(several)] == [DeviceState.RESERVED] * 3


def test_what_was_drawn_under_fewer_lines_is_void_and_what_was_printed_too(several):
    shown = text_shown(several)
    added(several)

    with pytest.raises(SignatureVoid):
        given(several, shown=shown)
    with pytest.raises(SlipChanged):
        given(several, shown=shown, signature_kind="paper", signature=None)
    assert several.state is AllocationState.ACTIVE


@pytest.mark.both_databases
def test_taken_off_and_cancelled_they_are_ready_again(several):
    first, second, third = machines(several)
    lines = open_lines(several)

    with unit_of_work():
        drop_machine(people.actor(Role.COORDINATOR), several, lines[1].id)
    with pytest.raises(FirstLine), unit_of_work():
        drop_machine(people.actor(Role.COORDINATOR), several, lines[0].id)
    assert (second.state, third.state) == (DeviceState.READY, DeviceState.RESERVED)

    with unit_of_work():
        cancel_allocation(people.actor(Role.COORDINATOR), several, reason="Plus besoin")
    assert [each.state for each in (first, second, third)] == [DeviceState.READY] * 3
    assert open_lines(several) == []


@pytest.mark.both_databases
def test_one_that_comes_back_unsigned_leaves_the_rest_to_sign_under_a_new_text(several):
    _first, second, third = machines(several)
    handover = given(several, signature_kind="paper", signature=None)
    shown = signing_for(handover).digest

    evidence.fire(third, "come_back", reason="Un de trop")

    told = {"way": SignatureWay.SEEN, "shown": shown}
    with pytest.raises(SlipChanged), unit_of_work():
        sign_handover(people.actor(Role.COORDINATOR), several, **told)
    with unit_of_work():
        sign_handover(people.actor(Role.COORDINATOR), several, **told | {"shown": signing_for(handover).digest})
    assert spell(second.code) in str(handover.paper.content)
    assert spell(third.code) not in str(handover.paper.content)
    assert several.referral.state is ReferralState.SERVED
    assert third.state is DeviceState.RECEIVED


@pytest.mark.both_databases
def test_the_machine_decided_on_may_come_back_first_and_the_others_stay_to_fetch(several):
    first, second, third = machines(several)
    given(several, signature_kind="paper", signature=None)

    evidence.fire(first, "come_back", reason="Ce n'était pas le bon")

    assert several.state is AllocationState.CANCELLED
    assert several.referral.state is ReferralState.WAITING
    assert (first.state, second.state) == (DeviceState.RECEIVED, DeviceState.HANDED_OVER)
    office = people.actor(Role.COORDINATOR)
    assert [row.code for row in still_out(office)] == [second.code, third.code]
    with pytest.raises(NotFound), unit_of_work():
        sign_handover(office, several, way=SignatureWay.SEEN)
    db.session.rollback()

    for each in (third, second):
        evidence.fire(each, "come_back", reason="Revenu aussi")
    assert (second.state, third.state) == (DeviceState.RECEIVED, DeviceState.RECEIVED)
    assert still_out(office) == []
    assert open_lines(several) == []


@pytest.mark.both_databases
def test_a_step_back_to_tables_without_lines_frees_what_was_added(several):
    db.session.execute(text(import_module("migrations.versions.0079_handover_lines").FREED))

    db.session.expire_all()
    assert [each.state for each in machines(several)] == [DeviceState.RESERVED, DeviceState.READY, DeviceState.READY]


def test_a_machine_that_stands_elsewhere_is_brought_here_first(context):
    allocation, elsewhere, there = families.allocated(), families.ready(), places.second().id
    with unit_of_work():
        elsewhere.site_id = there

    with pytest.raises(Invalid) as refused:
        added(allocation, elsewhere)

    assert refused.value.fields["device"][0].code == "handover.elsewhere"
    assert elsewhere.state is DeviceState.READY


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PRESCRIBER])
def test_who_decides_adds(context, role):
    with pytest.raises(Forbidden):
        added(families.allocated(), role=role)


@pytest.mark.both_databases
def test_left_out_the_accessories_are_those_in_the_bag(context):
    allocation, other = families.allocated(), families.allocated()
    for each in (allocation, other):
        with unit_of_work():
            fill_bag(people.actor(Role.TECHNICIAN), each.id, [Accessory.CHARGER, Accessory.BAG])

    assert accessories_of(lines_of(given(allocation))) == [Accessory.CHARGER, Accessory.BAG]
    assert accessories_of(lines_of(given(other, accessories=[]))) == []


@pytest.mark.both_databases
def test_what_was_put_into_the_bag_since_the_page_was_drawn_is_not_lost(app, signed_in):
    with app.app_context():
        allocation = families.allocated()
        number, where, workshop = allocation.id, f"/remises/{allocation.referral.reference}", people.actor(Role.TECHNICIAN)
    client = signed_in(Role.COORDINATOR)

    def hidden(page):
        return dict(re.findall(r'name="(packed|offered|shown)" value="([^"]*)"', page))

    told = {"place": "Chez Zoë", "signature_kind": "paper", "accessories": ["guide"], **hidden(client.get(where).text)}
    with app.app_context(), unit_of_work():
        fill_bag(workshop, number, [Accessory.CHARGER])
    refused = client.submit(where, told)
    assert refused.status_code == 409
    assert "Chez Zoë" in refused.text
    assert "Dans le sac : Chargeur." in refused.text.replace("\u00a0", " ")
    with app.app_context():
        assert accessories_of(open_lines(db.session.get_one(Allocation, number))) == [Accessory.CHARGER]
    none = {key: value for key, value in told.items() if key != "accessories"} | hidden(refused.text)
    assert client.submit(where, none).status_code == 303
    with app.app_context():
        assert accessories_of(lines_of(db.session.get_one(Allocation, number).handover)) == [], "nothing is ticked: nothing goes"


@pytest.mark.both_databases
def test_from_the_page(app, signed_in):
    with app.app_context():
        allocation, code, taken = families.allocated(), families.ready().code, families.allocated().device.code
        reference = allocation.referral.reference
    client = signed_in(Role.COORDINATOR)
    where = f"/remises/{reference}/appareils"

    refused = client.submit(where, {"device": taken, "reason": "Un écran de plus"})
    assert refused.status_code == 409
    assert "Un écran de plus" in refused.text
    unknown = client.submit(where, {"device": "ZZZZ-ZZZZ", "reason": "Un écran de plus"})
    assert unknown.status_code == 422
    assert client.submit(where, {"device": code, "reason": "Un écran de plus"}).status_code == 303
    assert spell(code) in client.get(f"/remises/{reference}").text
    assert client.get(f"/remises?code={code}").headers["Location"].endswith(f"/remises/{reference}")
    number = client.get("/api/v1/allocations/1").json["lines"][1]["id"]
    assert client.submit(f"{where}/{number}/retirer", {}).status_code == 303
    assert spell(code) not in client.get(f"/remises/{reference}").text


def test_whoever_handed_over_what_another_wrote_is_led_to_no_file_that_she_may_not_open(app, signed_in):
    with app.app_context():
        adviser = people.somebody(Grant(Role.ADVISER), email="conseil@refurb.example")
        allocation = families.allocated()
        with unit_of_work():
            hand_over(adviser, allocation, place="Bus", signature_kind="paper")
        reference = allocation.referral.reference
    client = checking(app)
    client.sign_in("conseil@refurb.example")
    page, file = f"/remises/{reference}", f'href="/orientations/{reference}"'

    assert client.get(f"/orientations/{reference}").status_code == 404
    assert file not in client.get(page).text
    assert file in signed_in(Role.COORDINATOR).get(page).text
