"""The workshop puts together what is handed over, who comes first first, by reference and hour, never by a name."""

import pytest

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.referrals.bags.actions import OtherBag, fill_bag, pack_machine
from refurb.referrals.bags.queries import bags_to_prepare
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.cases.bag_policy import BAGS
from refurb.referrals.cases.connections import set_connection
from refurb.referrals.cases.contents import usual_accessories
from refurb.referrals.cases.lines import NothingToPrepare, add_machine
from refurb.referrals.connected import ConnectedBy, Payer
from refurb.referrals.words import Accessory, Connection
from tests.support.story import appointments, families, people

A = Accessory


def only():
    (bag,) = bags_to_prepare()
    return bag


def fill(bag, *accessories, role=Role.TECHNICIAN):
    with unit_of_work():
        fill_bag(people.actor(role), bag.allocation_id, accessories)


def pack(bag, code, role=Role.TECHNICIAN):
    with unit_of_work():
        pack_machine(people.actor(role), bag.allocation_id, code=code)


@pytest.mark.both_databases
def test_who_comes_first_is_prepared_first_and_who_has_no_hour_last(context):
    without, late, early = families.allocated(), families.allocated(email="a@b.example"), families.allocated(email="c@d.example")
    first, second = appointments.opened()
    appointments.chosen(appointments.invite_to(late), second)
    appointments.chosen(appointments.invite_to(early), first)

    found = bags_to_prepare()

    assert [each.allocation_id for each in found] == [early.id, late.id, without.id]
    assert [each.minute for each in found] == [first.from_minute, second.from_minute, None]


def test_what_a_bag_holds_follows_the_kind_and_the_connection():
    policy = BAGS.in_force()

    assert policy.expected([DeviceKind.LAPTOP], Connection.NONE) == [A.CHARGER, A.MOUSE, A.BAG, A.GUIDE]
    assert policy.expected([DeviceKind.DESKTOP, DeviceKind.MONITOR], Connection.FIXED) == [A.CHARGER, A.MOUSE, A.KEYBOARD, A.GUIDE]


@pytest.mark.both_databases
def test_it_is_ready_once_each_machine_was_scanned_and_each_thing_ticked(context):
    allocation, more = families.allocated(), families.ready()
    with unit_of_work():
        add_machine(people.actor(Role.COORDINATOR), allocation, device=more.code, reason="Deux écrans.")
    assert only().missing == 3

    pack(only(), allocation.device.code)
    pack(only(), allocation.device.code)
    assert (only().missing, only().is_begun) == (2, True)
    pack(only(), spell(more.code))
    fill(only(), A.CHARGER, A.GUIDE)

    assert only().is_ready
    fill(only(), A.GUIDE)
    assert only().to_put == [A.CHARGER]


@pytest.mark.both_databases
def test_a_bag_is_kept_half_full_while_the_box_of_a_connection_is_not_in_it(context):
    allocation = families.allocated()
    with unit_of_work():
        told = {"connected_by": ConnectedBy.BOX, "operator": "Réseau Exemple", "payer": Payer.FAMILY}
        set_connection(people.actor(Role.COORDINATOR), allocation, **told)
    assert (only().held, A.INTERNET_BOX in only().to_put) == ([], True)
    assert usual_accessories(allocation) == [A.CHARGER, A.INTERNET_BOX]

    fill(only(), A.CHARGER)

    assert (only().held, only().to_put) == ([A.CHARGER], [A.INTERNET_BOX])
    fill(only(), A.CHARGER, A.INTERNET_BOX)
    pack(only(), allocation.device.code)
    assert only().is_ready
    fill(only(), A.CHARGER)
    assert (only().is_ready, [each.accessory for each in only().things]) == (False, [A.CHARGER, A.INTERNET_BOX])


@pytest.mark.both_databases
def test_what_goes_elsewhere_is_refused(context):
    bag, other, loose = families.allocated(), families.allocated(), families.ready()

    with pytest.raises(OtherBag):
        pack(bags_to_prepare()[0], other.device.code)
    with pytest.raises(Invalid):
        pack(bags_to_prepare()[0], loose.code)
    with pytest.raises(Forbidden):
        pack(bags_to_prepare()[0], bag.device.code, role=Role.PRESCRIBER)


def test_what_left_is_prepared_no_more(context):
    allocation = families.allocated()
    bag = only()
    with unit_of_work():
        hand_over(people.actor(Role.COORDINATOR), allocation, place="Atelier", signature_kind="paper")

    assert bags_to_prepare() == []
    with pytest.raises(NothingToPrepare):
        fill(bag, A.GUIDE)


@pytest.mark.both_databases
def test_the_pages_and_the_json_door_show_no_name(app, signed_in):
    with app.app_context():
        allocation = families.allocated(email=appointments.EMAIL)
        appointments.chosen(appointments.invite_to(allocation), appointments.opened()[0])
        code, reference, name = allocation.device.code, allocation.referral.reference, allocation.referral.beneficiary.last_name[:6]
        partner = allocation.referral.partner.name
    client = signed_in(Role.TECHNICIAN)
    where = f"/remises/sacs/{reference}"

    listed, page = client.get("/remises/sacs").text, client.get(where).text
    for text in (listed, page):
        assert reference in text
        assert "14\u202fh" in text
        assert name not in text
        assert partner not in text
    assert "Finir le sac : il manque 2 choses" in page.replace("\u202f", " ").replace("\u00a0", " ")
    assert client.get(f"/remises/sacs?code={code}").headers["Location"].endswith(where)
    assert client.submit(where, {"code": "AAAA-AAAA"}).status_code == 422
    assert client.submit(where, {"code": code}).headers["Location"].endswith(where)
    assert client.submit(where, {"accessories": ["charger"]}).headers["Location"].endswith("/remises/sacs")
    (told,) = client.get("/api/v1/bags").json["items"]
    assert (told["ready"], told["missing"], told["reference"]) == (True, [], reference)
    assert 'value="charger" checked' in signed_in(Role.COORDINATOR).get(f"/remises/{reference}").text
