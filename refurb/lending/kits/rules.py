"""What must hold of the contents of a kit and of the labels on its pieces."""

from refurb.kernel.speech.errors import Conflict, Refusal


class Untold(Refusal):
    """A component of the kit was passed over: what goes is said to go."""

    code = "kit.component_untold"
    status = 422


class FateUntold(Refusal):
    """Pieces belong to the kit no more, and nobody has said where they go."""

    code = "kit.fate_untold"
    status = 422


class NothingChanges(Refusal):
    """The contents are what they were."""

    code = "kit.nothing_changes"
    status = 422


class NotSoManyMissing(Conflict):
    """More pieces cannot come back than are missing."""

    code = "kit.not_so_many_missing"


class NoSister(Refusal):
    """What is corrected alike is another thing of the same product."""

    code = "kit.no_sister"
    status = 422


class AllLabelled(Conflict):
    """Every piece of the component has its label."""

    code = "kit.all_labelled"


class PieceElsewhere(Conflict):
    """The label is on a piece of a kit already: one piece is in one kit."""

    code = "kit.piece_elsewhere"
