"""Which of our machines a report speaks of, when nobody typed the code on its label."""

from sqlalchemy import ColumnElement, or_, select

from refurb.inventory.models.devices import Device
from refurb.inventory.readers.brands import brand
from refurb.inventory.readers.identity import real, real_uuid
from refurb.inventory.readers.serials import spellings_of
from refurb.kernel.deeds.database import db, fold

# More than this many of the same name is no machine of ours but a factory's oversight.
MOST = 5


def devices_like(*, manufacturer: str | None, serial: str | None, uuid: str | None) -> list[Device]:
    """The devices that have this product UUID, or this serial number under the same maker or under none; the newest first.

    What a factory left empty names nothing. A serial is looked for in each spelling of it.
    """
    named, unique = real(serial), real_uuid(uuid)
    wanted: list[ColumnElement[bool]] = []
    if named:
        wanted.append(Device.serial.in_(spellings_of(named)))
    if unique:
        wanted.append(Device.uuid == unique)
    if not wanted:
        return []
    found = db.session.scalars(select(Device).where(or_(*wanted)).order_by(Device.id.desc()).limit(MOST)).all()
    maker = fold(brand(manufacturer) or "")
    return [
        each
        for each in found
        if (unique is not None and each.uuid == unique) or not maker or not each.manufacturer or fold(each.manufacturer) == maker
    ]
