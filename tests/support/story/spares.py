"""The spare parts of the story."""

from typing import Any

from refurb.inventory.models.devices import Device
from refurb.inventory.parts.actions import enter_part, fit_part, take_out_part
from refurb.inventory.parts.models import Part
from refurb.inventory.words.parts import PartKind, PartOrigin
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.chapters import chapter
from tests.support.story import workshop


@chapter
def memory(quantity: int = 5, **facts: Any) -> Part:
    """A lot of memory modules at 18 € each, paid by a grant."""
    told = {"kind": PartKind.RAM, "name": "DDR4 SO-DIMM 8 Go", "cost_cents": 1800, "funder": "FEDER 2026", "low_at": 2, **facts}
    who = workshop.technician()
    with unit_of_work():
        return enter_part(who, origin=PartOrigin.BOUGHT, is_lot=True, quantity=quantity, **told)


@chapter
def keyboard(**facts: Any) -> Part:
    """One labelled keyboard, donated."""
    who = workshop.technician()
    with unit_of_work():
        return enter_part(
            who, kind=PartKind.KEYBOARD, name="Clavier Latitude 5490", origin=PartOrigin.DONATED, fits="Latitude 5490", **facts
        )


def fit(part: Part, device: Device, quantity: int = 1) -> int:
    who = workshop.technician()
    with unit_of_work():
        return fit_part(who, part, device, quantity)


def take_out(device: Device, kind: PartKind = PartKind.BATTERY, **facts: Any) -> Part | None:
    who = workshop.technician()
    with unit_of_work():
        return take_out_part(who, device, kind=kind, **facts)
