"""The enumerations of upkeep."""

from enum import StrEnum

from refurb.kernel.speech.words import _lp


class UpkeepState(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def is_done(self) -> bool:
        """Whether it was done, rather than dropped."""
        return self is UpkeepState.DONE


class PlanScope(StrEnum):
    """What a plan is for: one thing, or every thing of its product."""

    ITEM = "item"
    PRODUCT = "product"


PLAN_SCOPES = {
    PlanScope.ITEM: _lp("upkeep", "Ce matériel"),
    PlanScope.PRODUCT: _lp("upkeep", "Tous ceux de ce produit"),
}
