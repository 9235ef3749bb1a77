"""The enumerations of the public catalogue."""

from enum import StrEnum

from refurb.kernel.speech.words import _l


class Facet(StrEnum):
    """What narrows the catalogue besides a category."""

    AT_ONCE = "sans-accord"
    RENEWABLE = "prolongeable"


FACETS = {
    Facet.AT_ONCE: _l("Réservé tout de suite"),
    Facet.RENEWABLE: _l("Peut se prolonger"),
}
