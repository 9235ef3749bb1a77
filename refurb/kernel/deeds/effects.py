"""What follows a deed: promised in its transaction, kept after its commit by the worker, seen by the administrator."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, null, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from refurb.kernel.deeds import workers
from refurb.kernel.deeds.database import Base, String, db
from refurb.kernel.deeds.log import log
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import lock, unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.kernel.speech.words import _l

LEASE = timedelta(minutes=5)
# Waits before each new try; after the last one the effect is given up and stays visible.
BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))

# How long an effect waits for something that is not there, such as a mail server; it may wait for ever, in sight.
PATIENCE = timedelta(minutes=10)

Doer = Callable[..., None]
_DOERS: dict[str, Doer] = {}
_LABELS: dict[str, Any] = {}


class NotYet(Refusal):
    """What the effect needs is not there yet: nothing was tried, so no try is counted, and the effect stays due."""

    code = "effect.not_yet"


class Nothing(Refusal):
    """There was nothing to do when the turn of the effect came: that is noted with its reason, and nobody reads that it was done.

    `written` is what is shown instead of sent, where the reason is that nothing leaves from here.
    """

    code = "effect.nothing"
    written: dict[str, Any] | None = None


class Hopeless(Refusal):
    """What no further try would change, until somebody mends it: the effect is given up at once."""


class AlreadyDone(Conflict):
    """The effect was kept in the meantime: there is nothing to try again."""

    code = "effect.already_done"


class Effect(Base):
    """One thing promised. `facts` holds ids, never content."""

    __tablename__ = "effects"
    KIND = "effect"
    __table_args__ = (Index("ix_effects_due", "done_at", "given_up_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(48))
    facts: Mapped[dict[str, Any]]
    planned_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    fault: Mapped[str | None] = mapped_column(String(200))
    """Why it is not done, or why there was nothing to do: a refusal's code and what a server answered, or an error's class."""
    # What would have left, in a demonstration without a mail server; content is kept nowhere else.
    written: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


def effect(kind: str, label: Any = None) -> Callable[[Doer], Doer]:
    """Declare the function that keeps a promise of this kind; it gets the planned facts as keyword arguments.

    A `Refusal` that it raises is noted by its code, any other error by its class: never a message, which could quote content.
    """

    def declare(doer: Doer) -> Doer:
        if kind in _DOERS and _DOERS[kind] is not doer:
            raise ValueError(f"two effects are called {kind}")
        _DOERS[kind] = doer
        _LABELS[kind] = label or kind
        return doer

    return declare


def label_of(kind: str) -> Any:
    """How a kind of effect is called on screen."""
    return _LABELS.get(kind, kind)


def known_effects() -> frozenset[str]:
    """The kinds somebody keeps."""
    return frozenset(_DOERS)


def plan(kind: str, *, due_at: datetime | None = None, **facts: Any) -> Effect:
    """Promise an effect within the running unit of work. Facts are ids or plain words: a row may be gone when its turn comes."""
    if any(isinstance(value, Base) for value in facts.values()):
        raise TypeError("an effect gets ids, not rows")
    planned = Effect(kind=kind, facts=facts, planned_at=now(), due_at=due_at or now())
    db.session.add(planned)
    return planned


def _dead(session: Session) -> list[str]:
    """The workers of this machine that ended without letting go of what they had claimed: nobody waits for them."""
    holding = select(Effect.claimed_by).where(Effect.done_at.is_(None), Effect.given_up_at.is_(None), Effect.claimed_until >= now())
    return [each for each in session.scalars(holding.distinct()) if each is not None and workers.is_dead(each)]


def _claim(worker: str, most: int) -> list[int]:
    with unit_of_work() as session:
        due = (
            select(Effect)
            .where(Effect.done_at.is_(None), Effect.given_up_at.is_(None), Effect.due_at <= now())
            .where(or_(Effect.claimed_until.is_(None), Effect.claimed_until < now(), Effect.claimed_by.in_(_dead(session))))
            .order_by(Effect.due_at, Effect.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        claimed = list(session.scalars(due))
        for each in claimed:
            each.claimed_by, each.claimed_until = worker, now() + LEASE
            each.attempts += 1
        return [each.id for each in claimed]


def _anything_due() -> bool:
    query = select(Effect.id).where(Effect.done_at.is_(None), Effect.given_up_at.is_(None), Effect.due_at <= now()).limit(1)
    found = db.session.scalar(query) is not None
    db.session.rollback()
    return found


def run_due(most: int = 20) -> int:
    """Keep up to `most` promises that are due; each one fails or succeeds by itself. Returns how many were tried."""
    if not _anything_due():  # A look costs no write lock; on SQLite a claim does.
        return 0
    worker = workers.new_name()
    claimed = _claim(worker, most)
    for effect_id in claimed:
        _keep(effect_id, worker)
    return len(claimed)


def _hold(effect_id: int, worker: str) -> bool:
    """Renew the claim when the turn of an effect comes, since slow ones before it may have outlasted the lease; False when it is taken."""
    with unit_of_work() as session:
        renewed: Any = session.execute(
            update(Effect).where(Effect.id == effect_id, Effect.claimed_by == worker).values(claimed_until=now() + LEASE)
        )
        return bool(renewed.rowcount == 1)


def _keep(effect_id: int, worker: str) -> None:
    if not _hold(effect_id, worker):
        return
    planned = db.session.get_one(Effect, effect_id)
    kind, facts, attempts = planned.kind, dict(planned.facts), planned.attempts
    db.session.rollback()
    try:
        _DOERS[kind](**facts)
    except Nothing as nothing:
        db.session.rollback()
        log.info("effect_needless", effect=effect_id, kind=kind, why=nothing.code)
        _settle(effect_id, worker, {"done_at": now(), "fault": nothing.code, "written": nothing.written})
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in an effect is noted and tried again, never lost
        db.session.rollback()
        fault = _told(error)
        log.warning("effect_failed", effect=effect_id, kind=kind, attempt=attempts, fault=fault)
        _settle(effect_id, worker, {"fault": fault, **_next_try(error, attempts)})
    else:
        log.info("effect_done", effect=effect_id, kind=kind)
        _settle(effect_id, worker, {"fault": None, "done_at": now()})


def _told(error: Exception) -> str:
    """An error as it is noted: the refusal's code and the number a server answered, else the class."""
    return f"{error.code} {error.facts.get('reply', '')}".strip() if isinstance(error, Refusal) else type(error).__name__


def _next_try(error: Exception, attempts: int) -> dict[str, Any]:
    if isinstance(error, NotYet):
        return {"attempts": attempts - 1, "due_at": now() + PATIENCE}
    if isinstance(error, Hopeless) or attempts > len(BACK_OFF):
        return {"given_up_at": now()}
    return {"due_at": now() + BACK_OFF[attempts - 1]}


def _settle(effect_id: int, worker: str, values: dict[str, Any]) -> None:
    with unit_of_work() as session:
        released = {"claimed_by": None, "claimed_until": None}
        session.execute(update(Effect).where(Effect.id == effect_id, Effect.claimed_by == worker).values(released | values))


def try_again(planned: Effect) -> None:
    """Make an effect due now, with all its tries before it, whether it was given up or waits for its next one."""
    lock(planned)
    if planned.done_at is not None:
        raise AlreadyDone
    planned.given_up_at = None
    planned.attempts = 0
    planned.due_at = now()


def _erase_written(numbers: Sequence[int]) -> None:
    db.session.execute(update(Effect).where(Effect.id.in_(numbers)).values(written=null()))


WRITTEN_KEPT = timedelta(days=30)
# What left is kept nowhere; what would have left, in a demonstration, is forgotten too. The facts of an effect are ids, as history's are.
forget_written = Term(
    key="effects.written",
    who=_l("Personne à qui une lettre aurait été envoyée, sans serveur de courriel"),
    what=_l("le texte de la lettre ; ce qui part vraiment n'est gardé nulle part"),
    remains=_l("Qu'une lettre était prévue, et quand"),
    lasts=WRITTEN_KEPT,
    model=Effect,
    past=lambda: Effect.done_at < now() - WRITTEN_KEPT,
    rest=lambda: Effect.written.is_not(None),
    forget=_erase_written,
)
