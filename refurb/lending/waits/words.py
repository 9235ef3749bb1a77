"""The enumerations of waiting lists."""

from enum import StrEnum


class WaitState(StrEnum):
    """Where somebody who waits stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"

    @property
    def is_waiting(self) -> bool:
        """Whether nothing was offered yet."""
        return self is WaitState.WAITING

    @property
    def is_offered(self) -> bool:
        """Whether something is kept until the answer."""
        return self is WaitState.OFFERED
