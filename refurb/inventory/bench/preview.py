"""What other delays of the workshop would change today: how many machines of each state would be late, or would be no longer."""

from datetime import timedelta

from sqlalchemy import func, select

from refurb.inventory.bench.policy import BenchPolicy
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import PolicyEffect
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _, _n


def preview_bench(before: BenchPolicy, after: BenchPolicy) -> PolicyEffect:
    """How many machines are late in each state, before and after; and which batches would be too large is for nobody to mend."""
    states = [state for state in {**before.ageing, **after.ageing} if before.ageing.get(state) != after.ageing.get(state)]
    counted = [(state, _late(state, before), _late(state, after)) for state in states]
    moved = [(str(device_machine.looks[state].word), _said(old), _said(new)) for state, old, new in counted if old != new]
    count = sum(abs(old - new) for _state, old, new in counted)
    if not count:
        return PolicyEffect(0, _("Aucune machine ne devient en retard ni ne cesse de l'être."))
    return PolicyEffect(count, _n("%(num)s machine change de délai.", "%(num)s machines changent de délai.", count), tuple(moved))


def _late(state: DeviceState, policy: BenchPolicy) -> int:
    known = policy.ageing.get(state)
    if known is None:
        return 0
    since = now() - timedelta(days=known[1])
    return db.session.scalar(select(func.count()).where(Device.state == state, Device.moved_at <= since)) or 0


def _said(count: int) -> str:
    return _n("%(num)s machine en retard", "%(num)s machines en retard", count)
