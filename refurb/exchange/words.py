"""What can be brought in, and what would become of a row, as pages say it."""

from enum import StrEnum

from refurb.kernel.deeds.machine import Look
from refurb.kernel.speech.words import _l


class ExchangeKind(StrEnum):
    """What the rows of a table are."""

    PEOPLE = "people"
    PARTNERS = "partners"
    DONORS = "donors"
    DEVICES = "devices"
    ITEMS = "items"
    BORROWERS = "borrowers"


class ExchangeFate(StrEnum):
    """What the import would do with a row."""

    CREATE = "create"
    COMPLETE = "complete"
    KNOWN = "known"
    LEAVE = "leave"


FATE_LOOKS = {
    ExchangeFate.CREATE: Look(_l("Sera ajouté"), "circle-plus", "ok"),
    ExchangeFate.COMPLETE: Look(_l("Déjà là, sera complété"), "refresh-cw", "work"),
    ExchangeFate.KNOWN: Look(_l("Déjà là, rien à faire"), "circle-check", "todo"),
    ExchangeFate.LEAVE: Look(_l("Laissé de côté"), "octagon-x", "stop"),
}
