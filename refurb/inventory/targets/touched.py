"""Which devices a unit of work touched in what their worth depends on: they are weighed once, at its end, whoever wrote."""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, DriveStay, HardwareReport
from refurb.inventory.targets.actions import weigh
from refurb.inventory.targets.queries import devices_holding
from refurb.kernel.deeds.database import db

_WEIGHED = {
    Device: ("kind", "cpu", "ram_mb"),
    Drive: ("size_bytes", "medium", "destroyed_at"),
    DriveStay: ("device_id", "until"),
    HardwareReport: ("device_id",),
}
_KEY = "touched_rows"


def begin(session: Session) -> None:
    """Begin to note what is touched, and forget what a unit that failed had touched."""
    session.info[_KEY] = []


@event.listens_for(db.session, "before_flush")
def _note(session: Any, _context: Any, _instances: Any) -> None:
    touched = session.info.get(_KEY)
    if touched is not None:
        # A drive that is new weighs by its first stay, which is new as well.
        touched += [row for row in session.new if type(row) in _WEIGHED and not isinstance(row, Drive)]
        touched += [row for row in session.dirty if _has_changed(row)]


def _has_changed(row: Any) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in _WEIGHED.get(type(row), ()))


def finish(session: Session) -> None:
    """Weigh what was touched, within the unit."""
    session.flush()
    rows = session.info.pop(_KEY, [])
    if rows:
        devices = {row.id for row in rows if isinstance(row, Device)}
        devices |= {row.device_id for row in rows if isinstance(row, DriveStay | HardwareReport)}
        devices |= devices_holding({row.id for row in rows if isinstance(row, Drive)})
        weigh(devices)
