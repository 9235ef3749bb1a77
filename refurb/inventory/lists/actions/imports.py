"""The long work behind a confirmed list: a few hundred rows at a time become declared items and, where wanted, devices."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from refurb.accounts.queries import actor_behind
from refurb.inventory.devices.actions.devices import refuse_same_serial, words_of
from refurb.inventory.devices.actions.entries import DeviceEntry, enter_devices
from refurb.inventory.devices.actions.held import complete_releases
from refurb.inventory.donations.models.declared import DeclaredItem
from refurb.inventory.lists.models import DonorList
from refurb.inventory.lists.queries import BEFORE_ARRIVAL, Planned, RowFate, blank_devices, listed, machine_of, plan_of
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.readers.serials import plain_serial, spellings_of
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record, record_each
from refurb.kernel.deeds.progress import Work, long_work
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l, _n

ROWS_AT_ONCE = 250


def import_outcome(work: Work) -> str:
    """What became of the rows so far."""
    counted = work.outcome.get
    parts = [_n("%(num)s machine ajoutée", "%(num)s machines ajoutées", counted("created", 0))]
    if counted("updated"):
        parts.append(_n("%(num)s mise à jour", "%(num)s mises à jour", counted("updated", 0)))
    if counted("same"):
        parts.append(_n("%(num)s inchangée", "%(num)s inchangées", counted("same", 0)))
    if counted("left"):
        parts.append(_n("%(num)s laissée de côté", "%(num)s laissées de côté", counted("left", 0)))
    if counted("devices"):
        parts.append(_n("%(num)s fiche d'appareil créée", "%(num)s fiches d'appareil créées", counted("devices", 0)))
    if counted("filled"):
        parts.append(_n("%(num)s fiche vide remplie", "%(num)s fiches vides remplies", counted("filled", 0)))
    if counted("dropped"):
        parts.append(_n("%(num)s retirée de la déclaration", "%(num)s retirées de la déclaration", counted("dropped", 0)))
    return _("%(all)s.", all=", ".join(parts))


@long_work("import_list", _l("Import de la liste du donateur"), outcome=import_outcome)
def import_rows(work: Work) -> int:
    """The next rows of a list, by whoever confirmed it and while they may; the last ones close it."""
    found = db.session.scalar(select(DonorList).options(undefer(DonorList.table)).where(DonorList.id == work.facts["list_id"]))
    if found is None or found.table is None:
        raise NotFound
    donation = db.session.get_one(Donation, found.donation_id)
    lock(donation)
    actor = actor_behind(work)
    check(actor, Permission.DONATION_WRITE)
    if work.facts["create_devices"]:
        check(actor, Permission.DEVICE_INTAKE)
    planned = plan_of(found)
    turn = planned[work.done : work.done + ROWS_AT_ONCE]
    taken = [each for each in turn if each.fate != RowFate.LEAVE and not (work.facts["without_doubtful"] and each.row.is_doubtful)]
    counts = {
        "created": sum(1 for each in taken if each.fate == RowFate.CREATE),
        "updated": sum(1 for each in taken if each.fate == RowFate.UPDATE),
        "same": sum(1 for each in taken if each.fate == RowFate.SAME),
        "left": len(turn) - len(taken),
    }
    items = _declare(found, taken)
    counts["met"] = _meet(donation, items)
    if work.facts["create_devices"]:
        waiting = [item for item in items if item.device_id is None]
        filled = _fill_blanks(actor, donation, found, waiting)
        counts |= {"filled": filled, "devices": _make_devices(actor, donation, found, waiting)}
    work.outcome = {name: work.outcome.get(name, 0) + count for name, count in counts.items()}
    if work.done + len(turn) >= work.total:
        _close(actor, donation, found, work, planned)
    return len(turn)


def _declare(found: DonorList, taken: Sequence[Planned]) -> list[DeclaredItem]:
    items: list[DeclaredItem] = []
    for each in taken:
        item = each.item or DeclaredItem(donation_id=found.donation_id)
        for name, value in machine_of(each).items():
            setattr(item, name, value)
        item.list_id = found.id
        items.append(item)
    db.session.add_all(items)
    db.session.flush()
    return items


def _meet(donation: Donation, items: Iterable[DeclaredItem]) -> int:
    """Join the items whose machine is here already, known by its serial."""
    waiting = {item.serial_folded: item for item in items if item.device_id is None and item.serial_folded and item.serial}
    if not waiting:
        return 0
    spellings = {spelling for item in waiting.values() if item.serial for spelling in spellings_of(item.serial)}
    here = db.session.execute(select(Device.id, Device.serial).where(Device.donation_id == donation.id, Device.serial.in_(spellings)))
    met = [(device_id, item) for device_id, serial in here if (item := waiting.get(plain_serial(serial or ""))) is not None]
    for device_id, item in met:
        item.device_id = device_id
    return len(met)


def _fill_blanks(actor: Actor, donation: Donation, found: DonorList, waiting: Sequence[DeclaredItem]) -> int:
    """Write items into the records that were counted and are still empty: no label says yet which machine is whose."""
    blanks: dict[Any, list[Device]] = {}
    for device in blank_devices(donation):
        blanks.setdefault(device.kind, []).append(device)
    happened = []
    for item in waiting:
        if not blanks.get(item.kind):
            continue
        device = blanks[item.kind].pop(0)
        lock(device)
        device.manufacturer, device.model, device.serial = item.manufacturer, item.model, item.serial
        refuse_same_serial(device)
        device.search = words_of(device)
        item.device_id = device.id
        happened.append((device, {"list": found.id, "row": item.row}))
    record_each(happened, "filled_from_list", actor)
    return len(happened)


def _make_devices(actor: Actor, donation: Donation, found: DonorList, waiting: Sequence[DeclaredItem]) -> int:
    left = [item for item in waiting if item.device_id is None]
    if not left:
        return 0
    entries = [DeviceEntry(item.kind, item.manufacturer, item.model, item.serial) for item in left]
    for item, device in zip(left, enter_devices(actor, donation, entries, list=found.id), strict=True):
        item.device_id = device.id
    return len(left)


def _close(actor: Actor, donation: Donation, found: DonorList, work: Work, planned: Sequence[Planned]) -> None:
    """After the last row: forget the table, take out what the file no longer declares, announce as many as it does."""
    db.session.flush()
    outcome = dict(work.outcome)
    if work.facts["drop_missing"]:
        outcome["dropped"] = _drop_missing(donation, found, planned)
    if donation.state in BEFORE_ARRIVAL:
        _announce(donation)
    complete_releases(donation)
    found.table, found.mended, found.words = None, {}, {}
    work.outcome = outcome
    record(donation, "list_imported", actor, list=found.id, rows=work.total, **outcome)


def _drop_missing(donation: Donation, found: DonorList, planned: Sequence[Planned]) -> int:
    kept = {each.item.id for each in planned if each.item is not None}
    dropped: Any = db.session.execute(
        delete(DeclaredItem)
        .where(DeclaredItem.donation_id == donation.id, DeclaredItem.list_id != found.id, DeclaredItem.device_id.is_(None))
        .where(DeclaredItem.id.not_in(kept))
        .execution_options(synchronize_session="fetch")
    )
    return int(dropped.rowcount)


def _announce(donation: Donation) -> None:
    """Announce as many of each kind as the list names, and keep what was announced before; a kind that it does not name stays as it was."""
    named = listed(donation)
    for line in donation.lines:
        first = line.announced if line.announced_first is None else line.announced_first
        line.announced = named.pop(line.kind, first)
        line.announced_first = None if line.announced == first else first
    donation.lines.extend(DonationLine(kind=kind, announced=count, announced_first=0) for kind, count in named.items())
