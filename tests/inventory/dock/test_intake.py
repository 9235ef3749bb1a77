"""Entering one more device of a donation, by itself or under a label printed in advance."""

import pytest

from refurb.directory.actions import CodeTaken, CodeUnknown, fresh_code
from refurb.inventory.devices.actions.devices import NotReceived, intake_device
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import UnreadableCode, new_code
from refurb.kernel.speech.errors import Forbidden
from tests.support.story import people, workshop


def one_more(donation, who=None, **facts):
    who = who or workshop.technician()
    with unit_of_work():
        return intake_device(who, donation, DeviceKind.LAPTOP, **facts)


def printed():
    with unit_of_work():
        return fresh_code().code


def test_it_is_counted_on_its_line(context):
    donation = workshop.received()
    device = one_more(donation)
    assert [(line.announced, line.received) for line in donation.lines] == [(1, 2)]
    assert device.labelled_at is None


def test_under_a_label_printed_in_advance(context):
    code = printed()
    device = one_more(workshop.received(), code=f"http://autre.example/s/{code.lower()}")
    assert device.code == code
    assert device.labelled_at is not None


def test_not_under_a_label_of_another(context):
    donation = workshop.received()
    taken = workshop.devices_of(donation)[0].code
    with pytest.raises(CodeTaken):
        one_more(donation, code=taken)


def test_not_under_a_code_never_printed(context):
    with pytest.raises(CodeUnknown):
        one_more(workshop.received(), code=new_code())


def test_not_under_what_is_no_code(context):
    with pytest.raises(UnreadableCode):
        one_more(workshop.received(), code="BONJOUR")


def test_not_before_the_donation_arrived(context):
    with pytest.raises(NotReceived):
        one_more(workshop.announced())


def test_the_desk_may_not(context):
    with pytest.raises(Forbidden):
        one_more(workshop.received(), people.actor(Role.DESK))


def test_through_the_page(app, signed_in):
    with app.app_context():
        reference = workshop.received().reference
    client = signed_in(Role.TECHNICIAN)
    answer = client.submit(f"/dons/{reference}/appareil", {"kind": "desktop", "code": ""})
    assert answer.status_code == 303
    assert "Ordinateur fixe" in client.get(answer.headers["Location"]).text
    assert client.submit(f"/dons/{reference}/appareil", {"kind": "desktop", "code": "XXXX"}).status_code == 422
