"""The enumerations of lending."""

from enum import StrEnum

from refurb.kernel.words import _l


class ItemState(StrEnum):
    """Where a thing to lend stands."""

    AVAILABLE = "available"
    LENT = "lent"
    TO_CHECK = "to_check"
    INCOMPLETE = "incomplete"
    IN_REPAIR = "in_repair"
    LOST = "lost"
    RETIRED = "retired"


class LoanState(StrEnum):
    """Where a loan stands; late is a question of date, not a state."""

    OPEN = "open"
    CLOSED = "closed"


class ComponentState(StrEnum):
    """How one component was found."""

    COMPLETE = "complete"
    DAMAGED = "damaged"
    MISSING = "missing"


COMPONENT_STATES = {
    ComponentState.COMPLETE: _l("Complet"),
    ComponentState.DAMAGED: _l("Abîmé"),
    ComponentState.MISSING: _l("Manque"),
}
