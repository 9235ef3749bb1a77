"""A machine whose donor has not released it is held: the flag is raised as soon as its serial is known, and lifted by the proof alone.

What is listed is told to the donor by one letter, once nothing more was added for a while, and once more where nothing was done since.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from sqlalchemy import select

from refurb.inventory.donations.models.declared import DeclaredItem
from refurb.inventory.donations.models.releases import Release
from refurb.inventory.models.devices import Device, Flag
from refurb.inventory.models.donations import Donation
from refurb.inventory.readers.serials import plain_serial
from refurb.inventory.words.devices import DeviceKind, DeviceState, FlagKind
from refurb.inventory.words.releases import Lock
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, plan
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock as hold_row
from refurb.kernel.speech.clock import now

MAIL_RELEASES = "mail_donor_releases"
"""Tell the donor what is to be released; `first` is the number of the first line that no letter has told."""

ASKED, REMINDED = "asked", "reminded"
GATHERED, GATHERED_AT_THE_BENCH = timedelta(minutes=10), timedelta(hours=3)
"""So long after the last line that was added a letter leaves: several consoles, or a day's readings, are one letter."""

REMIND_AFTER = timedelta(days=7)
_GONE = (DeviceState.REFUSED, DeviceState.MERGED)
_WITH_A_BIOS = frozenset({DeviceKind.LAPTOP, DeviceKind.DESKTOP})
_BY_APPLE = frozenset({*_WITH_A_BIOS, DeviceKind.TABLET, DeviceKind.SMARTPHONE})


def concerns(lock: Lock, kind: DeviceKind, manufacturer: str | None) -> bool:
    """Whether a console may claim a machine of this kind and maker: Apple's its own, the others computers that are not Apple's."""
    is_apple = (manufacturer or "").strip().casefold().startswith("apple")
    if lock is Lock.APPLE:
        return kind in _BY_APPLE and (is_apple or not manufacturer)
    return kind in _WITH_A_BIOS and not is_apple


def meet_release(device: Device) -> None:
    """Join a device whose serial is known to what its donor was asked to release, and hold it until that is proven.

    A machine that nobody had announced is asked for too, from the consoles that the donor has.
    """
    if not device.serial or device.donation_id is None:
        return
    folded = plain_serial(device.serial)[:120]
    with db.session.no_autoflush:
        asked = db.session.scalars(select(Release).where(Release.donation_id == device.donation_id)).all()
    if not asked:
        return
    own, new = {each.lock: each for each in asked if each.serial_folded == folded}, list[Release]()
    for lock in sorted({each.lock for each in asked}):
        found = own.get(lock)
        if found is None and concerns(lock, device.kind, device.manufacturer):
            new.append(release_of(device, lock))
        elif found is not None and found.device_id is None:
            found.device_id = device.id
    db.session.add_all(new)
    db.session.flush()
    hold(device)
    tell_releases(new, GATHERED_AT_THE_BENCH)


def release_of(device: Device, lock: Lock) -> Release:
    """What is asked of the donor of a machine that is here."""
    serial = device.serial or ""
    return Release(
        donation_id=device.donation_id, lock=lock, serial=serial, serial_folded=plain_serial(serial)[:120],
        manufacturer=device.manufacturer, model=device.model, device_id=device.id, asked_at=now(),
    )  # fmt: skip


def list_releases(donation: Donation, locks: Collection[Lock]) -> tuple[list[Release], int]:
    """Add to a donation's list what some consoles may claim of its machines: those on the donor's list, and those that are here.

    The lines that are new, and how many there are to claim in all. A machine that is here is held at once.
    """
    items = db.session.scalars(
        select(DeclaredItem).where(DeclaredItem.donation_id == donation.id, DeclaredItem.serial.is_not(None)).order_by(DeclaredItem.id)
    ).all()
    here = select(Device).where(Device.donation_id == donation.id, Device.serial.is_not(None), Device.state.not_in(_GONE))
    devices = db.session.scalars(here.order_by(Device.id)).all()
    wanted: dict[tuple[Lock, str], Release] = {}
    for lock in sorted(locks):
        for device in devices:
            if concerns(lock, device.kind, device.manufacturer):
                made = release_of(device, lock)
                wanted.setdefault((lock, made.serial_folded), made)
        for item in items:
            folded = plain_serial(item.serial or "")[:120]
            if concerns(lock, item.kind, item.manufacturer) and (lock, folded) not in wanted:
                wanted[lock, folded] = Release(
                    donation_id=donation.id, lock=lock, serial=item.serial or "", serial_folded=folded, manufacturer=item.manufacturer,
                    model=item.model, device_id=item.device_id, asked_at=now(),
                )  # fmt: skip
    known = {(each.lock, each.serial_folded) for each in db.session.scalars(select(Release).where(Release.donation_id == donation.id))}
    new = [made for key, made in wanted.items() if key not in known]
    db.session.add_all(new)
    db.session.flush()
    hold_all(new)
    tell_releases(new, GATHERED)
    return new, len(wanted)


def tell_releases(new: Sequence[Release], after: timedelta) -> None:
    """Promise the letter about lines that are new, and its reminder; one that has not left yet waits for them and tells them, too."""
    if not new:
        return
    donation_id, due = new[0].donation_id, now() + after
    waiting = select(Effect).where(
        Effect.kind == MAIL_RELEASES, Effect.facts["donation_id"].as_integer() == donation_id, Effect.done_at.is_(None),
        Effect.given_up_at.is_(None), Effect.claimed_by.is_(None), Effect.attempts == 0, Effect.due_at > now(),
    )  # fmt: skip
    by_word = {each.facts["told"]: each for each in db.session.scalars(waiting.order_by(Effect.id).with_for_update(skip_locked=True))}
    if ASKED in by_word:
        for told, later in ((ASKED, due), (REMINDED, due + REMIND_AFTER)):
            if told in by_word:
                by_word[told].due_at = max(by_word[told].due_at, later)
        return
    first = min(each.id for each in new)
    plan(MAIL_RELEASES, due_at=due, donation_id=donation_id, first=first, told=ASKED)
    plan(MAIL_RELEASES, due_at=due + REMIND_AFTER, donation_id=donation_id, first=first, told=REMINDED)


def complete_releases(donation: Donation) -> None:
    """A list of the donor came since the consoles were asked for: what it names is asked for, too."""
    locks = set(db.session.scalars(select(Release.lock).where(Release.donation_id == donation.id).distinct()))
    if locks:
        list_releases(donation, locks)


def hold_all(rows: Iterable[Release]) -> None:
    """Hold, or let go of, each machine that is here and of which these lines speak."""
    numbers = sorted({each.device_id for each in rows if each.device_id is not None})
    if not numbers:
        return
    for device in db.session.scalars(select(Device).where(Device.id.in_(numbers)).order_by(Device.id)).all():
        hold_row(device)
        hold(device)


def is_pending(device_id: int) -> bool:
    """Whether anything is still to be released of a machine."""
    return db.session.scalar(select(Release.id).where(Release.device_id == device_id, Release.proven_at.is_(None)).limit(1)) is not None


def hold(device: Device) -> None:
    """Raise the flag of a machine of which something is to be released, lift it where nothing is any more; nothing where it is so."""
    raised = db.session.scalar(
        select(Flag).where(Flag.device_id == device.id, Flag.kind == FlagKind.NOT_RELEASED, Flag.lifted_at.is_(None))
    )
    pending = is_pending(device.id)
    if pending and raised is None:
        db.session.add(Flag(device_id=device.id, kind=FlagKind.NOT_RELEASED, raised_at=now()))
        record(device, "flag_raised", SERVICE, flag=FlagKind.NOT_RELEASED)
    elif raised is not None and not pending:
        raised.lifted_at = now()
        record(device, "flag_lifted", SERVICE, flag=FlagKind.NOT_RELEASED)
    db.session.flush()
