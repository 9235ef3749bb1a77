"""Receive a donor's list, understand its columns, confirm it: its machines become declared items."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, null, select, update

from refurb.inventory.lists.columns import DeclaredColumn, guess, heading_signature, known_headings, mapping_of
from refurb.inventory.lists.models import DonorList, ListMapping
from refurb.inventory.lists.queries import RowFate, plan_of, remembered, words_standing
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.progress import Work, WorkState, begin
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Fault, Invalid, Refusal
from refurb.kernel.speech.words import _l
from refurb.spreadsheets.table import SheetTable, read_table

# A column of these is needed before anything can be called a machine.
NAMING = frozenset({DeclaredColumn.KIND, DeclaredColumn.TAG, DeclaredColumn.SERIAL, DeclaredColumn.MODEL})
OVER = frozenset({DonationState.CLOSED, DonationState.REFUSED, DonationState.CANCELLED})
# A list that nobody confirms holds whatever its donor wrote in it, the names of those who used the machines too.
KEPT_FOR = timedelta(days=30)
ARRIVED = frozenset({DonationState.RECEIVED, DonationState.SORTED})


class DonationOver(Refusal):
    """The donation is closed, refused or cancelled: nothing more is declared in it."""

    code = "list.donation_over"


class AlreadyConfirmed(Conflict):
    """The list was confirmed already: a corrected one is sent as a new file."""

    code = "list.confirmed"


class NothingToImport(Refusal):
    """Every row of the list is left out."""

    code = "list.nothing_to_import"


class DevicesTooEarly(Refusal):
    """Devices are entered when the donation has arrived; until then the list only declares."""

    code = "list.devices_too_early"


@dataclass(frozen=True)
class SentList:
    """A donor's file, and the table in it."""

    content: bytes
    filename: str
    table: SheetTable


def read_list(content: bytes, filename: str) -> SentList:
    """The table in a donor's file: read before the unit of work that receives it. Raises `ListUnreadable` for a file that is no list."""
    return SentList(content, filename, read_table(content, known_headings))


def receive_list(actor: Actor, donation: Donation, sent: SentList) -> DonorList:
    """Keep what was read as a list that waits to be confirmed; its columns as this donor's last one was understood, else guessed.

    Nothing is declared yet.
    """
    check(actor, Permission.DONATION_WRITE)
    refuse_over(donation)
    table = sent.table
    signature = heading_signature(table.headings)
    known = remembered(donation.donor_id, signature)
    columns = known.columns if known else {**guess(table.headings, [cells for _, cells in table.rows])}
    found = DonorList(
        donation_id=donation.id,
        filename=sent.filename[:200],
        digest=hashlib.sha256(sent.content).hexdigest(),
        signature=signature,
        table=table.to_json(),
        columns={str(name): at for name, at in columns.items()},
        default_kind=known.default_kind if known else None,
        words=known.words if known else {},
        rows=len(table.rows),
        received_at=now(),
        actor_id=actor.id,
    )
    db.session.add(found)
    db.session.flush()
    return found


def understand_columns(
    actor: Actor, donation: Donation, found: DonorList, *, columns: Mapping[str, int], default_kind: DeviceKind | None
) -> None:
    """Say which column tells what; remembered for the next list of this donor with the same headings."""
    check(actor, Permission.DONATION_WRITE)
    lock(found)
    table = waiting_table(found)
    told = mapping_of(columns)
    if len(told) < len(columns) or any(not 0 <= at < len(table.headings) for at in told.values()):
        raise Invalid({"columns": [Fault("field.choice")]})
    if len(set(told.values())) < len(told):
        raise Invalid({"columns": [Fault("list.column_twice")]})
    if not NAMING & set(told):
        raise Invalid({"columns": [Fault("list.no_naming_column")]})
    found.columns = {str(name): at for name, at in told.items()}
    found.default_kind = default_kind
    remember(donation, found)


def remember(donation: Donation, found: DonorList) -> None:
    """Keep how the columns of a list are understood, for the next one of this donor with the same headings."""
    known = _mapping_for(donation, found)
    known.columns, known.default_kind = found.columns, found.default_kind


def remember_words(donation: Donation, found: DonorList, said: Mapping[str, DeviceKind | None]) -> None:
    """Keep what words, folded, were said to mean, for the donor's next list; what was said of others, in another list, stays.

    Only a word that stands in at least two rows of the list is kept: one that stands in a single row may be somebody's name. None forgets.
    """
    known, standing = _mapping_for(donation, found), words_standing(found)
    kept = dict(known.words)
    for word, kind in said.items():
        if kind is None:
            kept.pop(word, None)
        elif standing[word] > 1 or word in kept:
            kept[word] = kind.value
    known.words = kept


def _mapping_for(donation: Donation, found: DonorList) -> ListMapping:
    known = remembered(donation.donor_id, found.signature)
    if known is None:
        known = ListMapping(
            donor_id=donation.donor_id, signature=found.signature, columns=found.columns, default_kind=found.default_kind, words={}
        )
        db.session.add(known)
        db.session.flush()
    lock(known)
    return known


def confirm_list(
    actor: Actor,
    donation: Donation,
    found: DonorList,
    *,
    result_url: str,
    create_devices: bool = False,
    without_doubtful: bool = False,
    drop_missing: bool = False,
) -> Work:
    """Promise the import of a list; the work writes its rows a few hundred at a time, and can be watched.

    Rows with a grave problem are left out, doubtful ones only when told so. With `create_devices` each machine has its device at the end.
    """
    check(actor, Permission.DONATION_WRITE)
    lock(found)
    refuse_over(donation)
    waiting_table(found)
    if not NAMING & set(mapping_of(found.columns)):
        raise Invalid({"columns": [Fault("list.no_naming_column")]})
    if create_devices:
        check(actor, Permission.DEVICE_INTAKE)
        if donation.state not in ARRIVED:
            raise DevicesTooEarly
    planned = plan_of(found)
    if all(each.fate == RowFate.LEAVE or (without_doubtful and each.row.is_doubtful) for each in planned):
        raise NothingToImport
    told: dict[str, Any] = {"create_devices": create_devices, "without_doubtful": without_doubtful, "drop_missing": drop_missing}
    work = begin("import_list", actor, len(planned), result_url, list_id=found.id, **told)
    found.work_id, found.confirmed_at = work.id, now()
    return work


def drop_list(actor: Actor, found: DonorList) -> None:
    """Forget a list that was not confirmed, and all that it said."""
    check(actor, Permission.DONATION_WRITE)
    waiting_table(found)
    db.session.delete(found)


def _stopped() -> ColumnElement[bool]:
    """Of a list whose import was stopped half-way, what was imported remains."""
    stopped = select(Work.id).where(Work.finished_at.is_not(None), Work.fault.is_not(None))
    return DonorList.table.is_not(None) & DonorList.work_id.in_(stopped)


def _forget_lists(numbers: Sequence[int]) -> None:
    these = DonorList.id.in_(numbers)
    db.session.execute(update(DonorList).where(these, DonorList.confirmed_at.is_not(None)).values(table=null(), mended={}, words={}))
    db.session.execute(delete(DonorList).where(these, DonorList.confirmed_at.is_(None)))


forget_lists = Term(
    key="donations.lists",
    who=_l("Donateur qui envoie une liste que nous n'importons pas"),
    what=_l("le contenu du fichier, avec les noms qui pourraient y être"),
    lasts=KEPT_FOR,
    model=DonorList,
    past=lambda: DonorList.received_at < now() - KEPT_FOR,
    rest=lambda: DonorList.confirmed_at.is_(None) | _stopped(),
    forget=_forget_lists,
    hourly=True,
)


def refuse_over(donation: Donation) -> None:
    """Refuse what can no longer be declared."""
    if donation.state in OVER:
        raise DonationOver(reference=donation.reference)


def waiting_table(found: DonorList) -> SheetTable:
    """The table of a list that can still be confirmed. Raises `AlreadyConfirmed`."""
    work = db.session.get(Work, found.work_id) if found.work_id is not None else None
    # One that was stopped half-way is confirmed again: what it wrote is known by its tags and serials, and is not doubled.
    if found.table is None or (work is not None and work.state != WorkState.STOPPED):
        raise AlreadyConfirmed
    return SheetTable.from_json(found.table)
