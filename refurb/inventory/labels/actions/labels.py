"""Printing labels: what stands on a device's label, and noting that it was printed."""

import re
from collections.abc import Sequence

from flask import current_app
from sqlalchemy import select

from refurb.directory.queries import home
from refurb.inventory.devices.queries.devices import storage_of
from refurb.inventory.labels.formats import LabelFormat
from refurb.inventory.labels.printing import Label, printed
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import address
from refurb.kernel.speech.words import _, memory, size

# What makers add around a processor's name, and nobody needs on a label.
_CPU_NOISE = re.compile(r"\((?:R|TM|C)\)|\bCPU\b|\bProcessor\b|@.*|\bwith Radeon.*|\b(?:Intel|AMD)\b", re.IGNORECASE)


def short_cpu(cpu: str | None) -> str:
    """A processor as people call it: « Core i5-8350U » for « Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz »."""
    return " ".join(_CPU_NOISE.sub(" ", cpu or "").split())[:40]


def labels_of(devices: Sequence[Device]) -> list[Label]:
    """What the labels of some devices say, in their order."""
    base, owner, help_line = current_app.config["BASE_URL"], home().name, _("Besoin d'aide ? Scannez.")
    storage = storage_of([device.id for device in devices])
    return [
        Label(
            code=device.code,
            url=address(device.code, base),
            title=device.name or str(DEVICE_KINDS[device.kind]),
            facts=tuple(
                fact
                for fact in (
                    short_cpu(device.cpu),
                    memory(device.ram_mb) if device.ram_mb else "",
                    size(storage[device.id]) if device.id in storage else "",
                )
                if fact
            ),
            organisation=owner,
            help_line=help_line,
        )
        for device in devices
    ]


def draw_labels(devices: Sequence[Device], made: LabelFormat, first_cell: int = 0) -> bytes:
    """The PDF of the labels of some devices; on a sheet, the first `first_cell` cells stay empty."""
    return printed(labels_of(devices), made, first_cell)


def print_labels(actor: Actor, devices: Sequence[Device], made: LabelFormat, first_cell: int = 0) -> bytes:
    """Draw the labels of some devices and note that each was printed; returns the PDF. A label may be printed again."""
    check(actor, Permission.LABEL_PRINT)
    pdf = draw_labels(devices, made, first_cell)
    for device in sorted(devices, key=lambda each: each.id):
        lock(device)
        if device.labelled_at is None:
            device.labelled_at = now()
        record(device, "label_printed", actor, format=made.key)
    return pdf


def devices_to_label(donation_id: int, *, only_new: bool) -> Sequence[Device]:
    """The devices of a donation, all or those that have no label yet."""
    query = select(Device).where(Device.donation_id == donation_id, Device.merged_into_id.is_(None)).order_by(Device.id)
    return db.session.scalars(query.where(Device.labelled_at.is_(None)) if only_new else query).all()
