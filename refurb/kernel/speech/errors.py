"""How the service says no: typed refusals with a stable code and facts; their sentences live in the translations."""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """A deed that cannot be done, for a reason that somebody can act upon.

    `code` is stable (API clients and translations rely on it), `facts` fill the sentence's places. `about` is the number of the thing
    that is in the way, where a deed is done on several at once.
    """

    code = "refused"
    status = 409
    about: int | None = None
    ruling: Any = None
    """The `Ruling` that it rests on, where it rests on a rule of the territory."""

    def __init__(self, code: str | None = None, /, **facts: Any) -> None:
        super().__init__(code or self.code)
        self.code = code or self.code
        self.facts = facts


class Forbidden(Refusal):
    """The actor's role does not include this deed."""

    code = "forbidden"
    status = 403


class NotFound(Refusal):
    """Nothing here, or nothing that this actor may know of: the two answer alike."""

    code = "not_found"
    status = 404


class Conflict(Refusal):
    """Somebody else was faster, or the same thing exists already."""

    code = "conflict"


class WrongState(Conflict):
    """The move does not start from the state the subject is in."""

    code = "wrong_state"


class Invalid(Refusal):
    """What came in is not usable; `fields` maps each field's name to its faults, as codes with facts."""

    code = "invalid"
    status = 422

    def __init__(self, fields: Mapping[str, list["Fault"]], **facts: Any) -> None:
        super().__init__(**facts)
        self.fields = dict(fields)


class Fault:
    """What is wrong with one field: a code of the refusals catalogue and its facts."""

    __slots__ = ("code", "facts")

    def __init__(self, code: str, /, **facts: Any) -> None:
        self.code = code
        self.facts = facts

    def __repr__(self) -> str:
        return f"Fault({self.code!r}, {self.facts!r})"


class StrayWrite(RuntimeError):
    """Something tried to write outside a unit of work; a fault of ours, never of the user."""
