"""What other half-days or caps would change today: appointments that no half-day would hold, donations that show the caps."""

from typing import Any

from sqlalchemy import func, select

from refurb.directory.agenda.days import SiteDays
from refurb.directory.agenda.queries import days_of
from refurb.inventory.donations.cautions import SolidarityPrices
from refurb.inventory.donations.models.appointments import Appointment
from refurb.inventory.donations.queries.planned import OVER
from refurb.inventory.donations.slots import Slot, SlotPolicy
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.donations import LegalOrigin
from refurb.inventory.words.slots import HALF_DAYS
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import PolicyEffect
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _n, day

SHOWN = 8


def preview_slots(before: SlotPolicy, after: SlotPolicy) -> PolicyEffect:
    """The appointments to come that would lie in no half-day, or begin or end at other hours; none moves by itself."""
    rows, site_days = _to_come(), dict[int, SiteDays]()
    found = []
    for row in rows:
        slot, days = Slot(row.day, row.half_day), site_days.setdefault(row.site_id, days_of(row.site_id))
        if after.is_open(slot, days) and before.hours.get(slot.half) == after.hours.get(slot.half):
            continue
        then = _("aux nouvelles heures") if after.is_open(slot, days) else _("hors des créneaux : à convenir de nouveau")
        found.append((_("Don %(reference)s", reference=row.reference), f"{day(row.day)}, {HALF_DAYS[row.half_day]}", then))
    return PolicyEffect(len(found), _slots_said(len(found), len(rows)), tuple(found[:SHOWN]))


def _slots_said(count: int, to_come: int) -> str:
    if not count:
        return _("Aucun des %(to_come)s rendez-vous à venir n'est touché.", to_come=to_come)
    return _n(
        "%(num)s rendez-vous à venir, sur %(to_come)s, est touché.",
        "%(num)s rendez-vous à venir, sur %(to_come)s, sont touchés.",
        count,
        to_come=to_come,
    )


def _to_come() -> list[Any]:
    query = (
        select(Appointment.day, Appointment.half_day, Appointment.site_id, Donation.reference)
        .join(Donation, Donation.id == Appointment.donation_id)
        .where(Appointment.released_at.is_(None), Appointment.day >= today())
        .order_by(Appointment.day, Appointment.seat)
    )
    return list(db.session.execute(query))


def preview_prices(_before: SolidarityPrices, _after: SolidarityPrices) -> PolicyEffect:
    """How many donations that are not over show the caps."""
    shown = select(func.count()).where(Donation.legal_origin == LegalOrigin.PUBLIC_BODY, Donation.state.not_in(OVER))
    count = db.session.scalar(shown) or 0
    if not count:
        return PolicyEffect(0, _("Aucun don en cours ne montre ces prix."))
    return PolicyEffect(count, _n("%(num)s don en cours montre ces prix.", "%(num)s dons en cours montrent ces prix.", count))
