"""The sheet that goes with a device: simple words, drawings, the label's code and QR, and nobody's name."""

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.codes import spell
from tests.support.printed import codes_on, text_of
from tests.support.story import families


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
