"""The life cycle of a batch of waste: open on the dock, collected by its operator, certified when the treatment is proven."""

from refurb.inventory.waste.models import WasteBatch
from refurb.inventory.waste.schemas import WasteCertified, WasteCollected
from refurb.inventory.waste.words import WasteState
from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _l, _lp

W = WasteState


class BatchEmpty(Refusal):
    """There is nothing in the batch."""

    code = "waste.empty"


class CertificateMissing(Refusal):
    """The operator's certificate is not kept with the batch yet."""

    code = "waste.no_certificate"


def something_is_in_it(batch: WasteBatch) -> None:
    """An operator takes something away."""
    if not batch.lines:
        raise BatchEmpty


def certificate_is_kept(batch: WasteBatch) -> None:
    """What is called certified has its certificate on record."""
    if batch.certificate is None:
        raise CertificateMissing


waste_machine: Machine[WasteState] = Machine(
    "waste",
    WasteState,
    {
        W.OPEN: Look(_l("Sur le quai"), "package-open", "work"),
        W.COLLECTED: Look(_lp("waste", "Enlevé"), "truck", "wait"),
        W.CERTIFIED: Look(_lp("waste", "Traitement certifié"), "badge-check", "ok"),
    },
    (
        move("collect", W.OPEN, W.COLLECTED, P.DEVICE_DISCARD, _l("Noter l'enlèvement"), _l("Enlevé par l'opérateur"), something_is_in_it,
             icon="truck", facts=WasteCollected),
        move("certify", W.COLLECTED, W.CERTIFIED, P.DEVICE_DISCARD, _l("Certifier le traitement"), _l("Traitement certifié"),
             certificate_is_kept, icon="badge-check", facts=WasteCertified),
    ),
)  # fmt: skip
