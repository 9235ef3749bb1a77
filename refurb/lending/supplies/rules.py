"""What must hold of what is used up."""

from refurb.kernel.speech.errors import Conflict


class SupplyTaken(Conflict):
    """A supply of this name exists."""

    code = "supply.taken"


class NotSoMuchHere(Conflict):
    """More cannot go than is there."""

    code = "supply.not_so_much_here"


class SupplyRetired(Conflict):
    """It is kept no more; what is left of it can be counted, and nothing comes."""

    code = "supply.retired"
