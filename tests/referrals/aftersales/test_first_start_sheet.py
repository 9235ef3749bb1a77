"""The sheet that goes with a device: simple words, drawings, the label's code and QR, and nobody's name."""

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.cases.lines import add_machine
from refurb.referrals.models import Allocation
from tests.support.printed import codes_on, text_of
from tests.support.story import families, people
from tests.support.tagged import faults


def test_it_bears_the_steps_the_code_and_its_qr_and_nobody(signed_in, app):
    with app.app_context():
        allocation = families.allocated()
        reference, code = allocation.referral.reference, allocation.device.code
        db.session.remove()
    coordinator = signed_in(Role.COORDINATOR)
    assert f"/remises/{reference}/premiers-pas.pdf" in coordinator.get(f"/remises/{reference}").text
    sheet = coordinator.get(f"/remises/{reference}/premiers-pas.pdf")
    assert sheet.mimetype == "application/pdf"
    text = text_of(sheet.data)
    for told in ("Premiers pas", "Branchez le chargeur.", spell(code)):
        assert told in text
    for kept in ("Zoë", "Neil", reference):
        assert kept not in text
    (scanned,) = codes_on(sheet.data)
    assert scanned.endswith(f"/S/{code}")
    assert signed_in(Role.TECHNICIAN).get(f"/remises/{reference}/premiers-pas.pdf").status_code == 403


def test_each_machine_of_a_hand_over_has_its_own_before_and_after(signed_in, app):
    with app.app_context():
        allocation, other, coordinator = families.allocated(), families.ready(), people.actor(Role.COORDINATOR)
        number, reference, codes = allocation.id, allocation.referral.reference, [allocation.device.code, other.code]
        with unit_of_work():
            add_machine(coordinator, allocation, device=other.code, reason="Deux salles.")
    client, path = signed_in(Role.COORDINATOR), f"/remises/{reference}/premiers-pas.pdf"

    prepared = codes_on(client.get(path).data)
    with app.app_context(), unit_of_work():
        allocation = db.session.get_one(Allocation, number)
        hand_over(people.actor(Role.COORDINATOR), allocation, place="Atelier", signature_kind="drawn", signature=families.drawing())
    sheet = client.get(path).data

    assert [each.rpartition("/")[2] for each in prepared] == codes
    assert codes_on(sheet) == prepared
    assert all(spell(each) in text_of(sheet) for each in codes)
    assert not faults(sheet)
