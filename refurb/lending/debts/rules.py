"""What is owed is settled once, and owed again only after that; the finance office is told of it once."""

from refurb.kernel.speech.errors import Conflict, Refusal


class AlreadySettled(Conflict):
    """This is owed no more."""

    code = "debt.already_settled"


class NotSettled(Conflict):
    """Nobody has said of this debt that it is settled."""

    code = "debt.not_settled"


class NothingToHand(Refusal):
    """None of what is owed was named."""

    code = "debt.nothing_to_hand"
    status = 422


class AlreadyHanded(Conflict):
    """The finance office was told of this already."""

    code = "debt.already_handed"


class NotHanded(Conflict):
    """The finance office was not told of this."""

    code = "debt.not_handed"
