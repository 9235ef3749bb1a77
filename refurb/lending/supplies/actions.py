"""Keep account of what is used up: a supply, what comes, what goes, what is counted."""

from sqlalchemy import select

from refurb.directory.sites.rules import chosen_site
from refurb.kernel.deeds.access import Actor, Permission, check, check_site
from refurb.kernel.deeds.database import db, insert_into
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.folding import fold
from refurb.lending.supplies.models import Supply, SupplyMove, SupplyStock
from refurb.lending.supplies.queries import here_of
from refurb.lending.supplies.rules import NotSoMuchHere, SupplyRetired, SupplyTaken
from refurb.lending.supplies.words import SupplyMoveKind


def add_supply(actor: Actor, *, name: str, unit: str, low_at: int | None = None) -> Supply:
    """Enter something that is given away or used up."""
    check(actor, Permission.ITEM_WRITE)
    made = Supply(name=name, search=_searched(name), unit=unit, low_at=low_at)
    db.session.add(made)
    record(made, "created", actor)
    return made


def correct_supply(actor: Actor, supply: Supply, *, name: str, unit: str, low_at: int | None = None, retired: bool = False) -> None:
    """Write it anew, or keep it no more; its moves stay."""
    check(actor, Permission.ITEM_WRITE)
    lock(supply)
    supply.name, supply.search, supply.unit, supply.low_at = name, _searched(name, supply.id), unit, low_at
    supply.retired_at = (supply.retired_at or now()) if retired else None
    record(supply, "corrected", actor)


def _searched(name: str, but: int = 0) -> str:
    """A name as names are compared, or `SupplyTaken` where another supply is called so."""
    search = fold(name)[:400]
    if db.session.scalar(select(Supply.id).where(Supply.search == search, Supply.id != but)):
        raise SupplyTaken(name=name)
    return search


def move_supply(
    actor: Actor, supply: Supply, *, kind: SupplyMoveKind, quantity: int, site_id: int | None = None, reason: str | None = None
) -> SupplyMove:
    """So much was received or given at a place, or counted there: a count says what is really there, and why it differs.

    Two at the same moment wait for each other: nothing goes below nothing.
    """
    check(actor, Permission.LOAN_WRITE)
    place = chosen_site(actor, site_id)
    check_site(actor, place)
    if kind is SupplyMoveKind.RECEIVED and supply.retired_at is not None:
        raise SupplyRetired(name=supply.name)
    stock = _held(supply, place)
    delta = {SupplyMoveKind.RECEIVED: quantity, SupplyMoveKind.GIVEN: -quantity, SupplyMoveKind.COUNTED: quantity - stock.here}[kind]
    if kind is not SupplyMoveKind.COUNTED and not quantity:
        raise Invalid({"quantity": [Fault("supply.nothing")]})
    if kind is SupplyMoveKind.COUNTED and not reason:
        raise Invalid({"reason": [Fault("field.required")]})
    if stock.here + delta < 0:
        raise NotSoMuchHere(here=stock.here, unit=supply.unit)
    return _write(actor, supply, stock, kind, delta, reason)


def use_up(actor: Actor, supply: Supply, quantity: int, site_id: int) -> int:
    """So much was used at a place by a deed that is done already; returns how much of it the stock knew of: it never goes below nothing.

    Where nothing lies, nothing is begun. The deed that calls it has seen who may.
    """
    if not here_of(supply, site_id):
        return 0
    stock = _held(supply, site_id)
    taken = min(quantity, stock.here)
    if taken:
        _write(actor, supply, stock, SupplyMoveKind.GIVEN, -taken)
    return taken


def _write(actor: Actor, supply: Supply, stock: SupplyStock, kind: SupplyMoveKind, delta: int, reason: str | None = None) -> SupplyMove:
    stock.here += delta
    made = SupplyMove(
        supply_id=supply.id,
        site_id=stock.site_id,
        kind=kind,
        delta=delta,
        here_after=stock.here,
        reason=reason or None,
        at=now(),
        actor_id=actor.id,
    )
    db.session.add(made)
    db.session.flush()
    db.session.refresh(supply)
    return made


def _held(supply: Supply, place: int) -> SupplyStock:
    """The stock of a place, held; the first who tells of it makes it."""
    fresh = insert_into(SupplyStock).values(supply_id=supply.id, site_id=place, here=0)
    db.session.execute(fresh.on_conflict_do_nothing(index_elements=["supply_id", "site_id"]))
    stock = db.session.scalars(select(SupplyStock).where(SupplyStock.supply_id == supply.id, SupplyStock.site_id == place)).one()
    lock(stock)
    return stock
