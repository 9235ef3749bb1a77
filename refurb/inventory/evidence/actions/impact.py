"""A donor says how sensitive the data of a donation are: from then on the gate asks that much of every wipe, by whichever door it comes."""

from sqlalchemy import select

from refurb.inventory.evidence.actions.erasures import stop
from refurb.inventory.evidence.actions.former_holders import lock_holders
from refurb.inventory.evidence.actions.judged_again import WITHIN_REACH, let_go_of_weak_proofs
from refurb.inventory.evidence.impact import DATA_IMPACT, needed_for
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.models.evidence import Drive, DriveStay, ErasureStatement
from refurb.inventory.words.devices import SOLDERED
from refurb.inventory.words.donations import DataImpact
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict
from refurb.kernel.speech.words import _


class OnlyRaised(Conflict):
    """Once machines have come, what the donor said of their data is raised, never lowered: they were wiped by it."""

    code = "impact.only_raised"


def declare_impact(actor: Actor, donation: Donation, *, impact: DataImpact) -> None:
    """Note what the donor says of the data inside: 1, 2 or 3. What was proven with less counts no more, where it is still in the workshop.

    What a level asks for is read from the policy on that day and kept with the donation. Raises `OnlyRaised`.
    """
    check(actor, Permission.DONATION_WRITE)
    lock(donation)
    before = donation.data_impact
    if before == impact:
        return
    if donation.received_on is not None and before is not None and impact < before:
        raise OnlyRaised(impact=before.value)
    needed = DATA_IMPACT.in_force().needed(impact)
    donation.data_impact, donation.least_level, donation.reads_all_back = impact, needed.level, needed.reads_all_back
    record(donation, "impact_declared", actor, impact=impact.value, level=needed.level)
    db.session.flush()
    came = select(DriveStay.drive_id).join(Device, Device.id == DriveStay.device_id).where(Device.donation_id == donation.id)
    for drive in db.session.scalars(select(Drive).where(Drive.id.in_(came)).order_by(Drive.id)).all():
        lock_holders(drive)
        lock(drive)
        let_go_of_weak_proofs(drive)
    _ask_resets_again(donation)


def _ask_resets_again(donation: Donation) -> None:
    """A memory that was reset with less, in a tablet or a telephone that is still here, is reset again; one that is out is flagged."""
    needed = needed_for(donation)
    rows = select(Device, ErasureStatement).join(ErasureStatement, ErasureStatement.device_id == Device.id)
    rows = rows.where(Device.donation_id == donation.id, Device.kind.in_(SOLDERED), ErasureStatement.voided_at.is_(None))
    for device, statement in db.session.execute(rows.order_by(Device.id)).all():
        if needed is None or needed.is_met_by(statement.level, statement.verification):
            continue
        lock(device)
        stop(device, _("Les données de ce don demandent un effacement plus fort que celui de sa mémoire."))
        if device.state in WITHIN_REACH:
            statement.voided_at, device.without_drive_since = now(), None
            record(device, "no_drive_withdrawn", SERVICE)
