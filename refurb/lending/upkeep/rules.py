"""What must hold of plans and tickets."""

from refurb.kernel.speech.errors import Conflict


class PlanOver(Conflict):
    """The plan has ended."""

    code = "upkeep.plan_over"


class ThingGone(Conflict):
    """What has left the pool, or is lost, is looked after no more."""

    code = "upkeep.thing_gone"
