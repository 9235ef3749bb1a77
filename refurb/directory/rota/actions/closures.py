"""Close a rota for some days, say what comes after, open it again."""

from collections.abc import Collection
from datetime import date, timedelta

from refurb.directory.agenda.rules import span_to_close
from refurb.directory.rota.models import Rota, RotaClosure
from refurb.directory.rota.planning import adopt, schedule_of
from refurb.directory.rota.rules import is_apart, is_to_decide
from refurb.directory.rota.turns import Schedule, ShutSpan
from refurb.directory.rota.words import ClosureEffect
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now


def closed_as(rota: Rota, span: ShutSpan, effect: ClosureEffect | None) -> Schedule:
    """A rota as it would be with a closure, and what comes after it."""
    return schedule_of(rota).with_shut(ShutSpan(span.first, span.until, effect is ClosureEffect.SHIFT, span.why))


def span_of_closure(rota: Rota, *, first: date, last: date, why: str) -> ShutSpan:
    """The days of a closure. Raises `Invalid` where it ends before it begins or lasts too long, `ClosuresOverlap`."""
    span_to_close(first, last)
    until = last + timedelta(days=1)
    is_apart(rota, first, until)
    return ShutSpan(first, until, why=why)


def close_rota(
    actor: Actor,
    rota: Rota,
    *,
    first: date,
    last: date,
    why: str,
    effect: ClosureEffect | None = None,
    seen: str | None = None,
    keeping: Collection[int] = (),
) -> RotaClosure:
    """A rota does not go from one day to another, both closed; `effect` is what comes after, None where that is decided later.

    Where both ways give the same dates, nothing is to be decided and the dates stay. What that changes was seen before.
    """
    check(actor, Permission.ROTA_WRITE)
    lock(rota)
    span = span_of_closure(rota, first=first, last=last, why=why)
    if not schedule_of(rota).asks(span):
        effect = ClosureEffect.KEEP
    row = RotaClosure(first=span.first, until=span.until, weeks=span.weeks, effect=effect, why=why, entered_at=now())
    rota.closures.append(row)
    db.session.flush()
    record(row, "closed", actor, first=first, last=last, weeks=span.weeks, effect=effect)
    adopt(actor, rota, schedule_of(rota), seen=seen, keeping=keeping)
    return row


def decide(actor: Actor, closure: RotaClosure, *, effect: ClosureEffect, seen: str | None = None, keeping: Collection[int] = ()) -> None:
    """Say what comes after a closure; said otherwise later, the passages to come follow."""
    check(actor, Permission.ROTA_WRITE)
    lock(closure.rota)
    lock(closure)
    is_to_decide(closure)
    closure.effect = effect
    record(closure, "decided", actor, effect=effect)
    adopt(actor, closure.rota, schedule_of(closure.rota), seen=seen, keeping=keeping)


def withdraw_rota_closure(actor: Actor, closure: RotaClosure, *, seen: str | None = None, keeping: Collection[int] = ()) -> None:
    """The rota goes on those days after all; what it shifted is shifted back."""
    check(actor, Permission.ROTA_WRITE)
    lock(closure.rota)
    lock(closure)
    if closure.withdrawn_at is None:
        closure.withdrawn_at = now()
        record(closure, "withdrawn", actor)
        adopt(actor, closure.rota, schedule_of(closure.rota), seen=seen, keeping=keeping)


def opened_again(closure: RotaClosure) -> Schedule:
    """A rota as it would be without a closure."""
    return schedule_of(closure.rota).without_shut(closure.first)


def decided_as(closure: RotaClosure, effect: ClosureEffect) -> Schedule:
    """A rota as it would be once it is said what comes after a closure."""
    return closed_as(closure.rota, closure.span, effect)
