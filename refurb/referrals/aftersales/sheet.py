"""The first-start sheet that goes with a device: simple words, a drawing beside each step, the label's QR, nobody's name."""

from collections.abc import Sequence

from flask import current_app
from flask_babel import force_locale

from refurb.directory.queries import home
from refurb.inventory.models.devices import Device
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import address, spell
from refurb.kernel.speech.telephones import spell_phone
from refurb.referrals.aftersales.family import FAMILY_PAGE, FRENCH


def first_start_sheet(devices: Sequence[Device]) -> bytes:
    """The sheet of some devices as PDF, a page each, in simple French; what draws it is loaded with the first one."""
    from refurb.referrals.aftersales.sheet_drawing import first_start_pdf  # noqa: PLC0415 - loaded where it is used

    words, card = FAMILY_PAGE.in_force().words(FRENCH), home()
    with force_locale(FRENCH):
        return first_start_pdf(
            house=card.full_name,
            title=words.plain("first_title"),
            steps=[line.strip() for line in words.plain("first").splitlines() if line.strip()],
            trouble=words.plain("title"),
            act=words.plain("scan"),
            labels=[(spell(each.code), address(each.code, current_app.config["BASE_URL"])) for each in devices],
            phone=spell_phone(card.phone) or "",
            on=today(),
        )
