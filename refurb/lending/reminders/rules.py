"""What must hold before somebody says that a thing is back, and before we say that it is not."""

from refurb.kernel.speech.errors import Conflict


class NotSaidBack(Conflict):
    """Nobody says that it was brought back: there is nothing to look for."""

    code = "reminder.not_said_back"
