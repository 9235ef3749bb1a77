"""The points of a first day: what has to be there before a territory works, each computed by the room that knows it; never ticked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from refurb.kernel.deeds.machine import Look
from refurb.kernel.speech.words import _lp

READY: Final = Look(_lp("first day", "Prêt"), "circle-check", "ok")
TO_DO: Final = Look(_lp("first day", "À faire"), "circle", "todo")
UNDER_WAY: Final = Look(_lp("first day", "En cours"), "loader", "work")
TO_READ: Final = Look(_lp("first day", "À relire"), "eye", "wait")
WAITING: Final = Look(_lp("first day", "En attente"), "hourglass", "wait")


@dataclass(frozen=True, kw_only=True)
class SetupPoint:
    """One point as it stands now.

    `now` says what is there, `opens` what it unlocks, `call` heads the panel when it is the next one. `lacks` says what cannot be done
    before, `allows` what can once it is ready. `since` is when it became ready, as far as the rows tell. One that is `optional` is shown
    until it is ready, and keeps nobody from having finished, unless it is broken.
    """

    key: str
    title: Any
    icon: str
    look: Look
    now: str
    opens: Any
    protects: bool = False
    """Whether it keeps what is there, rather than open something new."""
    call: Any
    endpoint: str
    button: Any
    minutes: int
    lacks: Any = ""
    allows: Any = ""
    since: datetime | None = None
    optional: bool = False
    waits: bool = False
    """Whether the next step is somebody else's, or the clock's: then another point comes first."""

    @property
    def is_ready(self) -> bool:
        """Whether all that it asks is there."""
        return self.look.tone == "ok"

    @property
    def is_broken(self) -> bool:
        """Whether it was there, or was tried, and does not work."""
        return self.look.tone == "stop"

    @property
    def is_open(self) -> bool:
        """Whether the first day is not over because of it."""
        return not self.is_ready and (self.is_broken or not self.optional)


PointOf = Callable[[], SetupPoint | None]
"""None where the territory did not ask for what the point is about."""

AGAIN: Final = _lp("first day", "Relire")
BEGIN: Final = _lp("first day", "Commencer")
GO_ON: Final = _lp("first day", "Continuer")
MEND: Final = _lp("first day", "Corriger")


def button_of(look: Look) -> Any:
    """What the button of a point says, by how it stands."""
    return {"ok": AGAIN, "wait": AGAIN, "work": GO_ON, "stop": MEND}.get(look.tone, BEGIN)
