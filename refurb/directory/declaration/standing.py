"""How far the service conforms, in the four words of the law, from the last audit and today's date."""

from datetime import date
from enum import StrEnum

from refurb.directory.declaration.models import AccessibilityDeclaration
from refurb.kernel.speech.words import _l

VALID_YEARS = 3
"""A declaration holds three years (https://accessibilite.numerique.gouv.fr/obligations/declaration-accessibilite/)."""


class Conformity(StrEnum):
    """The state that home pages mention; without an audit in force a service does not conform."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"
    UNKNOWN = "unknown"


MENTIONS = {
    Conformity.FULL: _l("Accessibilité : totalement conforme"),
    Conformity.PARTIAL: _l("Accessibilité : partiellement conforme"),
    Conformity.NONE: _l("Accessibilité : non conforme"),
    Conformity.UNKNOWN: _l("Accessibilité : non conforme"),
}


def conformity_of(declared: AccessibilityDeclaration | None, day: date) -> Conformity:
    """All criteria met: full; half of them: partial; less: none. UNKNOWN where no audit is in force, which counts as none."""
    if declared is None or declared.audited_on is None or not is_valid_on(declared, day):
        return Conformity.UNKNOWN
    met, applicable = declared.criteria_met or 0, declared.criteria_applicable or 1
    if met == applicable:
        return Conformity.FULL
    return Conformity.PARTIAL if 2 * met >= applicable else Conformity.NONE


def is_valid_on(declared: AccessibilityDeclaration, day: date) -> bool:
    """Whether the audit is less than three years old on a day."""
    audited = declared.audited_on
    return audited is not None and (day.year - audited.year, day.month, day.day) < (VALID_YEARS, audited.month, audited.day)


def rate_of(declared: AccessibilityDeclaration) -> float:
    """The share of criteria met among those that apply, in percent with one decimal, never rounded up."""
    return int(1000 * (declared.criteria_met or 0) / (declared.criteria_applicable or 1)) / 10
