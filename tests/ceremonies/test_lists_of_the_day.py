import pytest

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.speech.codes import spell
from tests.support.story import families, gala


@pytest.fixture
def day(app):
    with app.app_context():
        allocation = families.allocated(DeviceKind.LAPTOP)
        ceremony = gala.planned(allocation)
        gala.fire(ceremony, "hold")
        device = allocation.device
        return ceremony.id, allocation.referral.reference, device.code, device.serial, device.donation.reference


def test_the_hand_over_list_has_references_and_codes_and_no_name(day, signed_in):
    number, reference, code, serial, donation = day
    told = signed_in(Role.COORDINATOR).get(f"/ceremonies/{number}").text

    assert reference in told
    assert spell(code) in told
    for never in ("Zoë", "Neil", serial, donation, "Menuiseries"):
        assert never not in told


def test_the_call_list_has_names_and_nothing_else(day, signed_in):
    number, reference, code, serial, donation = day
    told = signed_in(Role.COORDINATOR).get(f"/ceremonies/{number}/appel").text

    assert "Zoë O&#39;Neil 🙂" in told
    for never in (reference, code, spell(code), serial, donation, "Menuiseries"):
        assert never not in told


def test_the_turn_names_neither_serial_nor_donor(day, signed_in):
    number, _reference, _code, serial, donation = day
    told = signed_in(Role.COORDINATOR).get(f"/ceremonies/{number}/tours/1").text

    for never in (serial, donation, "Menuiseries"):
        assert never not in told


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PRESCRIBER, Role.DESK])
def test_nobody_else_sees_the_day(day, signed_in, role):
    client = signed_in(role)

    for path in ("", "/appel", "/tours/1", "/familles"):
        assert client.get(f"/ceremonies/{day[0]}{path}").status_code in {403, 404}
    assert client.get("/ceremonies").status_code == 403
    assert client.get(f"/api/v1/ceremonies/{day[0]}").status_code == 403


def test_no_ceremony_yet_says_what_it_is_for(signed_in):
    assert "Aucune cérémonie prévue" in signed_in(Role.COORDINATOR).get("/ceremonies").text


def test_a_ceremony_that_is_not_there(signed_in):
    assert signed_in(Role.COORDINATOR).get("/ceremonies/99").status_code == 404
