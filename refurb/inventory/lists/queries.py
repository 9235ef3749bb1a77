"""Looking up donors' lists, and what would become of each of their rows."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from refurb.inventory.devices.states import device_machine
from refurb.inventory.donations.models.declared import DeclaredItem
from refurb.inventory.lists.columns import DeclaredColumn, mapping_of
from refurb.inventory.lists.kinds import folded_word
from refurb.inventory.lists.models import DonorList, ListMapping
from refurb.inventory.lists.rows import Level, ListedMachine, ListReading, Mending, ReadRow, read_rows, typed_text
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.readers.brands import brand
from refurb.inventory.readers.serials import plain_serial, spellings_of
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import NotFound
from refurb.spreadsheets.grid import CellDoubt
from refurb.spreadsheets.table import SheetTable

# What a declared item keeps of a row, beside what names it.
DECLARED = ("kind", "tag", "serial", "manufacturer", "model", "cpu", "ram_mb", "storage_gb", "note")
_UNBELIEVED = frozenset(f"list.cell_{doubt}" for doubt in CellDoubt)
_OVER = frozenset({DonationState.REFUSED, DonationState.CANCELLED})
# Until it has arrived, what is announced is what the list declares.
BEFORE_ARRIVAL = frozenset({DonationState.ANNOUNCED, DonationState.NEEDS_INFORMATION, DonationState.ACCEPTED, DonationState.SCHEDULED})


class RowFate(StrEnum):
    """What the confirmation of a list would do with a row."""

    CREATE = "create"
    UPDATE = "update"
    SAME = "same"
    LEAVE = "leave"


@dataclass(frozen=True)
class Planned:
    """A row of a list, what would become of it, the declared item that it is about, and the device with its serial that we know."""

    row: ReadRow
    fate: RowFate
    item: DeclaredItem | None
    known_code: str | None = None


@dataclass
class _Known:
    """What is on record about the machines of a list."""

    by_tag: dict[str, DeclaredItem] = field(default_factory=dict)
    by_serial: dict[str, DeclaredItem] = field(default_factory=dict)
    by_nth: dict[str, DeclaredItem] = field(default_factory=dict)
    # By serial: a device, and whether it came with this donation.
    devices: dict[str, list[tuple[Any, bool]]] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)


def donor_list(actor: Actor, donation: Donation, number: int) -> DonorList:
    """One list of a donation with its table; `NotFound` for a stranger."""
    found = db.session.scalar(
        select(DonorList).options(undefer(DonorList.table)).where(DonorList.id == number, DonorList.donation_id == donation.id)
    )
    if found is None or not actor.may(Permission.DONATION_READ):
        raise NotFound
    return found


def lists_of(donation: Donation) -> Sequence[DonorList]:
    """The lists of a donation, the newest first."""
    return db.session.scalars(select(DonorList).where(DonorList.donation_id == donation.id).order_by(DonorList.id.desc())).all()


def remembered(donor_id: int, signature: str) -> ListMapping | None:
    """How this donor's lists with these headings were understood."""
    return db.session.scalar(select(ListMapping).where(ListMapping.donor_id == donor_id, ListMapping.signature == signature))


def reading_of(found: DonorList) -> ListReading:
    """What a list that waits for its confirmation says, with its columns as they are understood now."""
    return read_rows(SheetTable.from_json(found.table or {}), mapping_of(found.columns), found.default_kind, mending_of(found))


def row_alone(found: DonorList, number: int, *, as_sent: bool = False) -> ReadRow | None:
    """What one row says, without what the others say of it; `as_sent` without what a person wrote in it. None where it says no machine."""
    table = SheetTable.from_json(found.table or {})
    alone = replace(table, rows=tuple(row for row in table.rows if row[0] == number), hidden=())
    mending = replace(mending_of(found), rows={}) if as_sent else mending_of(found)
    return next(iter(read_rows(alone, mapping_of(found.columns), found.default_kind, mending).rows), None)


def doubted_columns(found: DonorList, number: int) -> set[DeclaredColumn]:
    """The columns whose cell, as it was sent, a spreadsheet or a hand may have changed: all of a line whose quotation mark stays open."""
    read = row_alone(found, number, as_sent=True)
    problems = [each for each in read.problems if each.fault.code.startswith("list.cell_")] if read is not None else []
    if any(each.fault.code == "list.cell_quote" for each in problems):
        return set(mapping_of(found.columns))
    return {each.column for each in problems if each.column is not None and each.fault.code != "list.cell_cut"}


def row_start(found: DonorList, number: int) -> dict[DeclaredColumn, str]:
    """What stands in a row now, as a person can type it: the file's words or those written in their place, and the kind as it is read.

    A cell that is not believed is empty, so that whoever writes it as it stands in the file has said something.
    """
    columns, mended, cells = mapping_of(found.columns), mended_row(found, number), cells_of(found, number) or ()
    sent_as = row_alone(found, number, as_sent=True)
    empty = {each.column for each in sent_as.problems if each.fault.code in _UNBELIEVED} if sent_as is not None else set()
    sent = {column: typed_text(cells[at]) for column, at in columns.items() if at < len(cells) and column not in empty}
    read = row_alone(found, number)
    kind = read.machine.kind.value if read is not None and read.machine.kind is not None else ""
    return {**{column: mended.get(column, sent.get(column, "")) for column in DeclaredColumn}, DeclaredColumn.KIND: kind}


def touched(found: DonorList, number: int, facts: Mapping[str, Any]) -> dict[DeclaredColumn, str]:
    """What a form says of a row's columns: a kind where one was chosen, and no cell in doubt that nobody touched, which stays in doubt."""
    told = {column: facts[column] or "" for column in DeclaredColumn if column != DeclaredColumn.KIND or facts[column]}
    begun, same = row_start(found, number), doubted_columns(found, number) - set(mended_row(found, number))
    return {column: text for column, text in told.items() if column not in same or text != begun[column]}


def row_digest(found: DonorList, number: int) -> str:
    """By what it is known whether a row is still as it was shown."""
    return hashlib.sha256(json.dumps(row_start(found, number), sort_keys=True).encode()).hexdigest()


def mending_of(found: DonorList) -> Mending:
    """What a person said of a list beside what stands in the file."""
    return Mending(
        {word: DeviceKind(kind) for word, kind in found.words.items()},
        {int(number): mended_row(found, int(number)) for number in found.mended},
    )


def cells_of(found: DonorList, number: int) -> tuple[str, ...] | None:
    """The cells of a row as the file has them; None where it has no such row."""
    return dict(SheetTable.from_json(found.table).rows).get(number) if found.table else None


def mended_row(found: DonorList, number: int) -> dict[DeclaredColumn, str]:
    """What a person wrote in place of a row's cells."""
    return {DeclaredColumn(name): text for name, text in found.mended.get(str(number), {}).items()}


def words_standing(found: DonorList) -> Counter[str]:
    """In how many rows each word, folded, stands in the column that tells the kind."""
    at = mapping_of(found.columns).get(DeclaredColumn.KIND)
    if at is None or found.table is None:
        return Counter()
    return Counter(word for _, cells in SheetTable.from_json(found.table).rows if at < len(cells) and (word := folded_word(cells[at])))


@dataclass(frozen=True)
class KindWord:
    """A word of the donor's that we do not know, in how many rows it stands, and the kind that it was said to mean."""

    word: str
    rows: int
    kind: DeviceKind | None


def kind_words(found: DonorList, planned: Iterable[Planned]) -> list[KindWord]:
    """The words that leave rows out because we do not know them, the most frequent first; after them those that somebody explained."""
    at = mapping_of(found.columns).get(DeclaredColumn.KIND)
    if at is None:
        return []
    unknown = {each.row.number for each in planned for problem in each.row.problems if problem.fault.code == "list.kind_unknown"}
    spelt: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for number, cells in SheetTable.from_json(found.table or {}).rows:
        word = folded_word(cells[at]) if at < len(cells) else ""
        if number in unknown or (word and word in found.words):
            spelt.setdefault(word, cells[at])
            counts[word] += 1
    meant = mending_of(found).words
    words = [KindWord(spelt[word], rows, meant.get(word)) for word, rows in counts.most_common()]
    return sorted(words, key=lambda each: each.kind is not None)


def plan_of(found: DonorList) -> list[Planned]:
    """Every machine of a list that waits for its confirmation, and what would become of it now."""
    if found.table is None:
        return []
    rows = reading_of(found).rows
    known = _known(found, rows)
    return [_planned(row, known) for row in rows]


def _known(found: DonorList, rows: Iterable[ReadRow]) -> _Known:
    serials = {row.machine.serial for row in rows if row.machine.serial}
    known = _Known()
    for item in db.session.scalars(select(DeclaredItem).where(DeclaredItem.donation_id == found.donation_id)):
        if item.tag:
            known.by_tag[item.tag.casefold()] = item
        if item.serial_folded:
            known.by_serial[item.serial_folded] = item
        if item.nth:
            known.by_nth[item.nth] = item
    if serials:
        _look_elsewhere(found, serials, known)
    return known


def _look_elsewhere(found: DonorList, serials: set[str], known: _Known) -> None:
    spellings = {spelling for each in serials for spelling in spellings_of(each)}
    devices = db.session.execute(
        select(Device.code, Device.serial, Device.manufacturer, Device.state, Device.donation_id).where(Device.serial.in_(spellings))
    )
    for device in devices:
        ours = device.donation_id == found.donation_id
        known.devices.setdefault(plain_serial(device.serial or ""), []).append((device, ours))
    declared = db.session.execute(
        select(DeclaredItem.serial_folded, Donation.reference)
        .join(Donation, Donation.id == DeclaredItem.donation_id)
        .where(
            DeclaredItem.serial_folded.in_({plain_serial(each) for each in serials}),
            DeclaredItem.donation_id != found.donation_id,
            Donation.state.not_in(_OVER),
        )
    )
    known.elsewhere = {serial: reference for serial, reference in declared if serial}


def _planned(row: ReadRow, known: _Known) -> Planned:
    machine = row.machine
    serial = plain_serial(machine.serial) if machine.serial else None
    by_tag = known.by_tag.get(machine.tag.casefold()) if machine.tag else None
    by_serial = known.by_serial.get(serial) if serial else None
    if by_tag is not None and by_serial is not None and by_tag is not by_serial:
        row = row.but(DeclaredColumn.SERIAL, Level.STOP, "list.two_machines", tag=machine.tag, serial=machine.serial)
    item = by_tag or by_serial or (known.by_nth.get(machine.nth) if machine.nth else None)
    row, code = _met(row, serial, known)
    if row.is_stopped:
        return Planned(row, RowFate.LEAVE, item, code)
    if item is None:
        return Planned(row, RowFate.CREATE, None, code)
    changed = any(getattr(item, name) != getattr(machine, name) for name in DECLARED)
    return Planned(row, RowFate.UPDATE if changed else RowFate.SAME, item, code)


def _met(row: ReadRow, serial: str | None, known: _Known) -> tuple[ReadRow, str | None]:
    """A machine that we know already is not entered a second time: its row says where it is."""
    if serial is None:
        return row, None
    maker = fold(brand(row.machine.manufacturer) or "")
    for device, ours in known.devices.get(serial, ()):
        if maker and device.manufacturer and fold(device.manufacturer) != maker:
            continue
        if ours:
            return row, device.code
        state = device_machine.looks[device.state].word
        return row.but(DeclaredColumn.SERIAL, Level.STOP, "list.known_device", code=spell(device.code), state=state), device.code
    if serial in known.elsewhere:
        row = row.but(DeclaredColumn.SERIAL, Level.DOUBT, "list.declared_elsewhere", reference=known.elsewhere[serial])
    return row, None


@dataclass(frozen=True)
class Differences:
    """What was declared against what is here: how many of each, and the first of those that miss their other half."""

    declared: int
    met: int
    missing: Sequence[DeclaredItem]
    unexpected: int

    @property
    def not_met(self) -> int:
        """How many declared machines no device here has turned out to be."""
        return self.declared - self.met


def differences(donation: Donation, most: int = 200) -> Differences:
    """Declared and not received, received and not declared; nothing was declared where `declared` is nought."""
    declared, met = db.session.execute(
        select(func.count(), func.count(DeclaredItem.device_id)).where(DeclaredItem.donation_id == donation.id)
    ).one()
    missing = (
        db.session.scalars(
            select(DeclaredItem)
            .where(DeclaredItem.donation_id == donation.id, DeclaredItem.device_id.is_(None))
            .order_by(DeclaredItem.list_id, DeclaredItem.row, DeclaredItem.id)
            .limit(most)
        ).all()
        if declared > met
        else []
    )
    unexpected = 0
    if declared:
        taken = select(DeclaredItem.device_id).where(DeclaredItem.donation_id == donation.id, DeclaredItem.device_id.is_not(None))
        unexpected = (
            db.session.scalar(
                select(func.count())
                .select_from(Device)
                .where(Device.donation_id == donation.id, Device.merged_into_id.is_(None), Device.id.not_in(taken))
            )
            or 0
        )
    return Differences(declared, met, missing, unexpected)


def listed(donation: Donation) -> Counter[DeviceKind]:
    """How many machines of each kind the donor named one by one."""
    rows = db.session.execute(
        select(DeclaredItem.kind, func.count()).where(DeclaredItem.donation_id == donation.id).group_by(DeclaredItem.kind)
    )
    return Counter({kind: int(count) for kind, count in rows})


@dataclass(frozen=True)
class Reannounced:
    """A kind of which the import of a list would announce another number than stands now."""

    kind: DeviceKind
    announced: int
    listed: int


def reannounced(donation: Donation, planned: Iterable[Planned]) -> list[Reannounced]:
    """The announced numbers that a list would replace if all its rows were taken; none once the donation has arrived."""
    if donation.state not in BEFORE_ARRIVAL:
        return []
    named = listed(donation)
    for each in planned:
        if each.fate in {RowFate.CREATE, RowFate.UPDATE} and each.row.machine.kind is not None:
            named[each.row.machine.kind] += 1
            if each.item is not None:
                named[each.item.kind] -= 1
    announced = {line.kind: line.announced for line in donation.lines}
    kinds = [kind for kind in DeviceKind if named[kind] and named[kind] != announced.get(kind, 0)]
    return [Reannounced(kind, announced.get(kind, 0), named[kind]) for kind in kinds]


def declared_of(donation: Donation) -> Sequence[DeclaredItem]:
    """Every machine that was declared, in the list's order."""
    of_it = select(DeclaredItem).where(DeclaredItem.donation_id == donation.id)
    return db.session.scalars(of_it.order_by(DeclaredItem.list_id, DeclaredItem.row, DeclaredItem.id)).all()


def blank_devices(donation: Donation) -> Sequence[Device]:
    """Devices that were counted and of which nothing else is known, not even by a label stuck on one of them: any machine may be theirs."""
    taken = select(DeclaredItem.device_id).where(DeclaredItem.device_id == Device.id)
    return db.session.scalars(
        select(Device)
        .where(
            Device.donation_id == donation.id,
            Device.state == DeviceState.RECEIVED,
            Device.labelled_at.is_(None),
            Device.serial.is_(None),
            Device.manufacturer.is_(None),
            Device.model.is_(None),
            Device.uuid.is_(None),
            ~taken.exists(),
        )
        .order_by(Device.id)
    ).all()


def machine_of(planned: Planned) -> Mapping[str, Any]:
    """What a declared item keeps of a planned row."""
    machine: ListedMachine = planned.row.machine
    return {
        **{name: getattr(machine, name) for name in DECLARED},
        "nth": machine.nth,
        "serial_folded": plain_serial(machine.serial)[:120] if machine.serial else None,
        "row": planned.row.number,
    }
