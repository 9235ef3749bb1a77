"""What is owed is settled once, and owed again only after that."""

from refurb.kernel.speech.errors import Conflict


class AlreadySettled(Conflict):
    """This is owed no more."""

    code = "debt.already_settled"


class NotSettled(Conflict):
    """Nobody has said of this debt that it is settled."""

    code = "debt.not_settled"
