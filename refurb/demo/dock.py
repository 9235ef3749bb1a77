"""The dock of the demonstration: batches of waste that were taken away, certified or not yet, and the one that waits for the next lorry."""

import io
from functools import partial

from reportlab.pdfgen.canvas import Canvas

from refurb.demo.diary import Cast, Diary
from refurb.inventory.waste.actions import add_loose, keep_certificate, open_batch, scan_into
from refurb.inventory.waste.models import WasteBatch
from refurb.inventory.waste.queries import waiting_on_dock
from refurb.inventory.waste.states import waste_machine
from refurb.inventory.waste.words import SlipType, WasteCode
from refurb.kernel.speech.clock import today

_OPERATOR = {
    "operator": "Recyclage du Clain (démonstration)", "operator_address": "12 rue des Forges, 86000 Poitiers", "eco_organisme": "ecologic",
}  # fmt: skip


def plan_dock(cast: Cast, diary: Diary) -> None:
    """Note in the diary what is put on the dock, taken away, and certified."""
    batches: dict[str, WasteBatch] = {}
    diary.note(8, "16:30", partial(_load, cast, batches, "gone", WasteCode.HAZARDOUS, "Câbles et blocs hors d'usage", 38))
    diary.note(7, "09:15", partial(_collect, cast, batches, "gone", "46,5", "ECO-86-004417"))
    diary.note(3, "16:20", partial(_load, cast, batches, "awaited", WasteCode.EQUIPMENT, "Souris hors d'usage", 24))
    diary.note(2, "09:05", partial(_collect, cast, batches, "awaited", "8", "ECO-86-004502"))
    diary.note(2, "11:40", partial(_certify, cast, batches))
    diary.note(1, "16:45", partial(_load, cast, batches, "waiting", WasteCode.EQUIPMENT, "Claviers et souris hors d'usage", 12))


def _load(cast: Cast, batches: dict[str, WasteBatch], key: str, code: WasteCode, what: str, count: int) -> None:
    hands = cast.actors["technician"]
    batch = batches[key] = open_batch(hands, waste_code=code, **_OPERATOR)
    for device in waiting_on_dock():
        scan_into(hands, batch, device.code)
    add_loose(hands, batch, what=what, count=count)


def _collect(cast: Cast, batches: dict[str, WasteBatch], key: str, weight: str, slip: str) -> None:
    waste_machine.fire(
        batches[key], "collect", cast.actors["technician"], collected_on=today().isoformat(), weight=weight, slip_type=SlipType.ECO,
        slip_number=slip,
    )  # fmt: skip


def _certify(cast: Cast, batches: dict[str, WasteBatch]) -> None:
    hands, batch = cast.actors["technician"], batches["gone"]
    keep_certificate(hands, batch, _certificate(batch), "certificat-de-traitement.pdf")
    waste_machine.fire(batch, "certify", hands, treatment="R4")


def _certificate(batch: WasteBatch) -> bytes:
    stream = io.BytesIO()
    sheet = Canvas(stream, invariant=1)
    for number, line in enumerate(("Certificat de traitement (démonstration)", batch.operator, f"Bon {batch.slip_number}", "46,5 kg, R4")):
        sheet.drawString(72, 760 - 24 * number, line)
    sheet.save()
    return stream.getvalue()
