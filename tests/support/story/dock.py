"""What happens on the dock of the story: things are discarded, put into a batch, and taken away."""

from typing import Any

from refurb.inventory.models.devices import Device
from refurb.inventory.waste.actions import open_batch, scan_into
from refurb.inventory.waste.models import WasteBatch, WasteLine
from refurb.inventory.waste.states import waste_machine
from refurb.inventory.waste.words import WasteCode
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from tests.support.chapters import chapter
from tests.support.story import workshop

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n"


@chapter
def discarded() -> Device:
    """A laptop that was put on record as waste."""
    return workshop.fire(workshop.laptop(), "discard", reason="carte mère brûlée")


@chapter
def batch(**facts: Any) -> WasteBatch:
    """An open batch."""
    who = workshop.technician()
    with unit_of_work():
        return open_batch(who, **{"waste_code": WasteCode.HAZARDOUS, "operator": "Recyclage du Clain", **facts})


def scan(into: WasteBatch, what: str, who: Actor | None = None) -> WasteLine:
    """Put something into a batch."""
    actor = who or workshop.technician()
    with unit_of_work():
        return scan_into(actor, into, what)


def collect(of: WasteBatch, who: Actor | None = None, **facts: Any) -> WasteBatch:
    """The operator takes a batch away."""
    actor = who or workshop.technician()
    told = {"collected_on": today().isoformat(), "weight": "182,5", "slip_type": "bsdd", "slip_number": "BSD-20260401-ABC"}
    with unit_of_work():
        waste_machine.fire(of, "collect", actor, **{**told, **facts})
    return of


@chapter
def gone() -> WasteBatch:
    """A batch with a laptop in it, which was taken away."""
    found = batch()
    scan(found, discarded().code)
    return collect(found)
