"""How long a machine has stood where it is, in words, and whether that is long; the limits are policy (config/policy/bench.toml)."""

from dataclasses import dataclass
from datetime import datetime

from refurb.inventory.bench.policy import bench_policy
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _


@dataclass(frozen=True)
class TimeInState:
    """Time in a state: whole days, how it is written, its tone and icon, and the word that says what the tone says."""

    days: int
    text: str
    tone: str
    icon: str
    word: str


def limits(state: DeviceState) -> tuple[int, int] | None:
    """From how many days on a machine in this state is watched, and late; None where it never is."""
    return bench_policy().ageing.get(state)


def age_of(state: DeviceState, since: datetime) -> TimeInState:
    """The age of a machine that has been in a state since then."""
    days = max(0, (now() - since).days)
    text = _("%(days)s j", days=days) if days else _("moins d'un jour")
    known = limits(state)
    if known is not None and days >= known[1]:
        return TimeInState(days, text, "stop", "triangle-alert", _("en retard"))
    if known is not None and days >= known[0]:
        return TimeInState(days, text, "wait", "hourglass", _("à surveiller"))
    return TimeInState(days, text, "todo", "clock", "")
