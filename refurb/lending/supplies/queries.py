"""Looking up what is used up, how much lies where, and what runs low."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from refurb.directory.sites.queries import kept_at
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.folding import fold
from refurb.lending.supplies.models import Supply, SupplyMove, SupplyStock


@dataclass(frozen=True)
class SupplyHere:
    """How much of a supply lies at a place."""

    supply: Supply
    site_id: int
    here: int
    is_kept: bool = True

    @property
    def is_low(self) -> bool:
        """Whether it runs low there, where some of it was ever kept."""
        return self.is_kept and self.supply.low_at is not None and self.here <= self.supply.low_at


def supplies(*, retired: bool = False) -> Sequence[Supply]:
    """What is used up, by name."""
    query = select(Supply).options(selectinload(Supply.stocks)).order_by(Supply.search, Supply.id)
    return db.session.scalars(query if retired else query.where(Supply.retired_at.is_(None))).all()


_GRAMS = frozenset({"g", "gramme", "grammes"})


def counted_in_grams() -> Sequence[Supply]:
    """What is used up and weighed in grams: what a machine's sessions can take from."""
    return [each for each in supplies() if fold(each.unit) in _GRAMS]


def spools_at(site_id: int, usual: Supply | None = None) -> list[SupplyHere]:
    """What is weighed in grams and kept at a place, by name; with what is usually taken there, though none of it ever came."""
    kept = [(each, next((stock.here for stock in each.stocks if stock.site_id == site_id), None)) for each in counted_in_grams()]
    return [SupplyHere(each, site_id, here or 0) for each, here in kept if here is not None or each == usual]


def here_of(supply: Supply, site_id: int) -> int:
    """How much of it lies at a place."""
    return db.session.scalar(select(SupplyStock.here).where(SupplyStock.supply_id == supply.id, SupplyStock.site_id == site_id)) or 0


def supply_by_id(number: int) -> Supply:
    """One of them, or `NotFound`."""
    found = db.session.get(Supply, number)
    if found is None:
        raise NotFound
    return found


def stocks_of(supply: Supply) -> list[SupplyHere]:
    """How much of it lies at each place that keeps things; nothing where nothing was ever told."""
    here: Mapping[int, int] = {each.site_id: each.here for each in supply.stocks}
    places = dict.fromkeys([each.id for each in kept_at()] + [number for number, left in here.items() if left])
    return [SupplyHere(supply, number, here.get(number, 0), number in here) for number in places]


def moves_of(supply: Supply) -> Sequence[SupplyMove]:
    """Its last fifty moves, the latest first."""
    return db.session.scalars(select(SupplyMove).where(SupplyMove.supply_id == supply.id).order_by(SupplyMove.id.desc()).limit(50)).all()


def runs_low(site_id: int | None = None) -> list[SupplyHere]:
    """What runs low where some of it was ever kept, by name; of one place, or of all."""
    query = select(SupplyStock).join(SupplyStock.supply).options(selectinload(SupplyStock.supply))
    query = query.where(Supply.retired_at.is_(None), Supply.low_at.is_not(None), SupplyStock.here <= Supply.low_at)
    if site_id is not None:
        query = query.where(SupplyStock.site_id == site_id)
    found = db.session.scalars(query.order_by(Supply.search, SupplyStock.site_id))
    return [SupplyHere(each.supply, each.site_id, each.here) for each in found]
