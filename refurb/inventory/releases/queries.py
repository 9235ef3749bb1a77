"""What a donor has to release: the list of a donation, by console."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from refurb.inventory.devices.actions.held import MAIL_RELEASES, concerns
from refurb.inventory.donations.models.declared import DeclaredItem
from refurb.inventory.donations.models.releases import Release
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.releases import Lock
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect


@dataclass(frozen=True)
class ReleaseList:
    """What is asked, console by console; and how many machines these may claim that are not here and whose serial nobody has told."""

    by_lock: dict[Lock, list[Release]]
    nameless: int

    @property
    def all(self) -> list[Release]:
        """Every line of it."""
        return [each for rows in self.by_lock.values() for each in rows]

    @property
    def pending(self) -> int:
        """Of how many machines something is not proven."""
        return len({each.serial_folded for each in self.all if each.proven_at is None})

    @property
    def said(self) -> int:
        """Of how many of them the donor says that something is done."""
        return len({each.serial_folded for each in self.all if each.proven_at is None and each.said_at is not None})

    @property
    def open(self) -> bool:
        """Whether anything is neither proven nor said to be done."""
        return any(each.is_open for each in self.all)


def releases_of(donation: Donation) -> ReleaseList:
    """The list of a donation: what is still to be proven first."""
    rows: Sequence[Release] = db.session.scalars(
        select(Release)
        .where(Release.donation_id == donation.id)
        .order_by(Release.lock, Release.proven_at.is_not(None), Release.serial_folded)
    ).all()
    by_lock: dict[Lock, list[Release]] = {}
    for row in rows:
        by_lock.setdefault(row.lock, []).append(row)
    return ReleaseList(by_lock, _nameless(donation, by_lock) if by_lock else 0)


def _nameless(donation: Donation, locks: Collection[Lock]) -> int:
    """How many declared machines are asked for by no line, since no serial is told; of one that is here, the workshop reads it."""
    unknown = select(DeclaredItem.kind, DeclaredItem.manufacturer).where(
        DeclaredItem.donation_id == donation.id, DeclaredItem.serial_folded.is_(None), DeclaredItem.device_id.is_(None)
    )
    return sum(any(concerns(lock, kind, maker) for lock in locks) for kind, maker in db.session.execute(unknown))


def letters_about(donation: Donation) -> list[Effect]:
    """The letters that tell the donor of the list, the latest first: those that left, and those that are to leave."""
    query = select(Effect).where(Effect.kind == MAIL_RELEASES, Effect.facts["donation_id"].as_integer() == donation.id)
    return list(db.session.scalars(query.order_by(Effect.id.desc())))
