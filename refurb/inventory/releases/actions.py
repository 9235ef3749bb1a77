"""Ask a donor to release machines, note what the donor says, prove that one is free."""

from collections.abc import Collection

from sqlalchemy import select

from refurb.inventory.devices.actions.held import hold_all, list_releases
from refurb.inventory.donations.models.releases import Release
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.releases import Lock, ReleaseProof
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock as hold_row
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Fault, Invalid


class NothingToRelease(Conflict):
    """No machine of the donation has a serial that such a console may claim: neither the donor's list nor a reading tells one."""

    code = "release.no_serials"


def ask_releases(actor: Actor, donation: Donation, *, locks: Collection[Lock]) -> int:
    """List the serials that the donor has to release from some consoles; how many are new.

    They are those of the donor's list, before anything comes, and those that were read in the machines since. What is on the list stays, so
    that a second press only adds. A machine that is here is held at once. Raises `NothingToRelease`.
    """
    check(actor, Permission.DONATION_WRITE)
    hold_row(donation)
    new, found = list_releases(donation, set(locks))
    if not found:
        raise NothingToRelease
    if new:
        record(donation, "releases_asked", actor, count=len(new), locks=sorted({each.lock.value for each in new}))
    return len(new)


def say_released(actor: Actor, donation: Donation, *, numbers: Collection[int]) -> int:
    """Note which lines the donor says are done, by ticking them; one that is unticked is not. It opens nothing. How many changed."""
    check(actor, Permission.DONATION_WRITE)
    hold_row(donation)
    rows = db.session.scalars(select(Release).where(Release.donation_id == donation.id, Release.proven_at.is_(None))).all()
    changed = [each for each in rows if (each.id in numbers) != (each.said_at is not None)]
    for each in changed:
        each.said_at = now() if each.id in numbers else None
    if changed:
        record(donation, "releases_said", actor, count=sum(1 for each in changed if each.said_at is not None))
    return len(changed)


def prove_releases(actor: Actor, donation: Donation, *, numbers: Collection[int], proof: ReleaseProof, note: str | None = None) -> int:
    """Note, as somebody of the workshop, by what machines are known to be free: from then on nothing holds them. How many were not before.

    Raises `Invalid` where a line is not of this donation, or a password of the BIOS is said to be gone because a console knows nothing.
    """
    check(actor, Permission.DEVICE_FLAG)
    hold_row(donation)
    rows = db.session.scalars(select(Release).where(Release.donation_id == donation.id, Release.id.in_(list(numbers)))).all()
    if len(rows) != len(set(numbers)) or actor.id is None:
        raise Invalid({"numbers": [Fault("field.choice")]})
    if any((each.lock is Lock.BIOS) != (proof is ReleaseProof.BIOS_OPENED) for each in rows):
        raise Invalid({"proof": [Fault("release.proof_does_not_fit")]})
    new = [each for each in rows if each.proven_at is None]
    for each in new:
        each.proven_at, each.proven_by, each.proof, each.note = now(), actor.id, proof, note or None
    db.session.flush()
    if new:
        record(donation, "releases_proven", actor, count=len(new), proof=proof.value, releases=[each.id for each in new])
        hold_all(new)
    return len(new)
