"""One sum over all the facts that a donation's attestations tell: while it is the same, none of them would say anything new.

It is told when a paper is issued and kept with it, so that a page need not write an attestation anew to know that nothing changed. It takes
in more than the words do: another sum alone proves nothing, and the words themselves are compared then. Another number of drives done,
which stands before the sum, is in the words of both. Between the two stands the wording: a paper of before a release that words them
otherwise is compared anew (`resumming.py`).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import String, case, func, select, type_coerce, union
from sqlalchemy.orm import aliased

from refurb.accounts.models import Account
from refurb.directory.models import Organisation
from refurb.documents.actions import issuer_today
from refurb.inventory.donations.models.refused_lots import RefusedLot
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.models.evidence import (
    ClockAcceptance,
    Destruction,
    Drive,
    DriveStay,
    Erasure,
    ErasureReport,
    ErasureStatement,
    HardwareReport,
)
from refurb.inventory.papers.queries import OUT_OF_REACH, came_again, came_first, was_elsewhere
from refurb.inventory.words.devices import DeviceState
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.database import db

# What each table tells, as it stands in it: names of columns, so that a test can show that none is missing.
TOLD: dict[type[Any], tuple[str, ...]] = {
    Organisation: ("id", "name", "place", "siren", "address", "postcode"),
    Donation: ("id", "reference", "donor_id", "legal_origin", "received_on", "accepted_by_act", "accepted_on"),
    DonationLine: ("id", "kind", "announced", "announced_first", "received"),
    RefusedLot: ("id", "kind", "count"),
    Device: ("id", "code", "kind", "manufacturer", "model", "serial", "without_drive_since", "merged_into_id"),
    Drive: (
        "id", "manufacturer", "model", "serial", "size_bytes", "medium", "interface", "destroyed_at", "destruction_note",
        "destruction_slip",
    ),
    Erasure: (
        "id", "report_id", "drive_id", "method", "level", "rounds", "verification", "started_at", "ended_at", "hidden_sectors",
    ),
    ErasureReport: ("id", "tool", "tool_version", "file", "received_at", "actor_id"),
    ErasureStatement: (
        "id", "erasure_id", "device_id", "technique", "level", "tool", "tool_version", "ended_at", "entered_by", "confirmed_by",
        "confirmed_at", "voided_at",
    ),
    ClockAcceptance: ("id", "erasure_id"),
    Destruction: ("id", "drive_id", "method", "declared_by", "confirmed_by", "confirmed_at"),
    Account: ("id", "name", "role"),
}  # fmt: skip

_REFUSED = "refused"


@lru_cache
def wording() -> str:
    """How this release words the papers, in eight signs: what they say themselves, and the words of what they name."""
    refurb = Path(__file__).parents[2]
    spoken = [*refurb.glob("inventory/papers/pdf/*.py"), *refurb.glob("inventory/words/*.py"), *refurb.glob("kernel/speech/*.py")]
    spoken += [refurb / "documents" / "wording.py", refurb / "inventory" / "donations" / "counts.py"]
    return hashlib.sha256(b"".join(each.read_bytes() for each in sorted(spoken))).hexdigest()[:8]


def facts_sum(donation: Donation, *besides: str | None) -> str:
    """How many drives are done, the wording, and the sum of all facts of a donation, and of what else a paper refers to."""
    found = {name: db.session.execute(query).all() for name, query in _queries(donation).items()}
    told = repr((besides, astuple(issuer_today()), [(name, [tuple(row) for row in rows]) for name, rows in found.items()]))
    return f"{_done(found)}.{wording()}.{hashlib.sha256(told.encode()).hexdigest()}"


def says_other(known: str) -> str:
    """The sum of a paper that was compared with these facts and does not say them: it equals no sum of facts."""
    return "-" + known[known.index(".") :]


def surely_differs(kept: str | None, known: str) -> bool:
    """Whether another number of drives is done than when the paper was summed, in the same wording: then its words differ, too."""
    before, now = (kept or "").split("."), known.split(".")
    return len(before) == 3 and before[1] == now[1] and before[0] not in {"-", now[0]}


def _done(found: dict[str, Sequence[Any]]) -> int:
    """How many drives on record have nothing left on them; those of machines that were refused are not on record."""
    came = {drive_id: device_id for name in ("again", "first") for drive_id, device_id in found[name]}
    refused = {row.id for row in found["standing"] if row.standing == _REFUSED}
    clean = {int(row.drive_id) for row in found["proofs"]} | {int(row.id) for row in found["drives"] if row.destroyed_at is not None}
    return sum(1 for drive_id, device_id in came.items() if device_id not in refused and drive_id in clean)


def _told(table: type[Any], *conditions: Any) -> Any:
    # As the database keeps them: nobody reads them, so nothing is made of them.
    columns = (type_coerce(getattr(table, name), String).label(name) for name in TOLD[table])
    return select(*columns).where(*conditions).order_by(table.id)


def _standing(shown: Any) -> Any:
    # Where a machine stands is told only as far as that: refused, or out of reach; of the many others, nothing.
    told = case((Device.state == DeviceState.REFUSED, _REFUSED), else_="out")
    return select(shown, told.label("standing")).where(Device.state.in_((DeviceState.REFUSED, *OUT_OF_REACH)))


def _queries(donation: Donation) -> dict[str, Any]:
    counted = aliased(Device)
    machines = select(Device.id).join(counted, Device.id == func.coalesce(counted.merged_into_id, counted.id))
    machines = machines.where(counted.donation_id == donation.id)
    first, again = came_first(donation.id, Drive.id), came_again(donation.id, Drive.id)
    came = union(first.with_only_columns(Drive.id), again.with_only_columns(Drive.id))
    count = (Erasure.drive_id.in_(came), Erasure.status == ErasureStatus.ACCEPTED, Erasure.voided_at.is_(None))
    proofs, reports = select(Erasure.id).where(*count), select(Erasure.report_id).where(*count)
    stated = ErasureStatement.erasure_id.in_(proofs) | ErasureStatement.device_id.in_(machines)
    people = union(
        select(ErasureReport.actor_id).where(ErasureReport.id.in_(reports)),
        *(select(each).where(stated) for each in (ErasureStatement.entered_by, ErasureStatement.confirmed_by)),
        *(select(each).where(Destruction.drive_id.in_(came)) for each in (Destruction.declared_by, Destruction.confirmed_by)),
    )
    return {
        "donor": _told(Organisation, Organisation.id == donation.donor_id),
        "donation": _told(Donation, Donation.id == donation.id),
        "lines": _told(DonationLine, DonationLine.donation_id == donation.id),
        "devices": _told(Device, (Device.donation_id == donation.id) | Device.id.in_(machines)),
        "lots": _told(RefusedLot, RefusedLot.donation_id == donation.id),
        "standing": _standing(Device.id).where((Device.donation_id == donation.id) | Device.id.in_(machines)).order_by(Device.id),
        "inside": _standing(DriveStay.drive_id)
        .join(DriveStay, DriveStay.device_id == Device.id)
        .where(DriveStay.drive_id.in_(came), DriveStay.until.is_(None))
        .order_by(DriveStay.drive_id),
        # A drive that was elsewhere before: by it a tool has read a machine in which none was first seen.
        "read": select(DriveStay.device_id)
        .where(
            DriveStay.device_id.in_(machines),
            was_elsewhere(),
            select(HardwareReport.id).where(HardwareReport.device_id == DriveStay.device_id).exists(),
        )
        .distinct()
        .order_by(DriveStay.device_id),
        "first": first.order_by(Drive.id),
        "again": again.order_by(Drive.id),
        "drives": _told(Drive, Drive.id.in_(came)),
        "proofs": _told(Erasure, *count),
        "reports": _told(ErasureReport, ErasureReport.id.in_(reports)),
        "statements": _told(ErasureStatement, stated),
        "clocks": _told(ClockAcceptance, ClockAcceptance.erasure_id.in_(proofs)),
        "destructions": _told(Destruction, Destruction.drive_id.in_(came)),
        "people": _told(Account, Account.id.in_(people)),
    }
