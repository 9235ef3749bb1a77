"""Looking up parts: the stock, what runs low, what was fitted into which device, what it cost and who paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, null, or_, select, union_all
from sqlalchemy.orm import joinedload

from refurb.inventory.models.devices import Device
from refurb.inventory.parts.models import Part, PartMove
from refurb.inventory.parts.policy import low_stock
from refurb.inventory.words.parts import PartDeed, PartKind, PartOrigin
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders, steps_of
from refurb.kernel.web.search import Page, matches

USES = (PartDeed.FITTED, PartDeed.TAKEN_BACK)


@dataclass(frozen=True)
class PartFilter:
    """Which parts a list shows; without `gone`, those of which none is left are left out unless they run low."""

    words: str = ""
    kind: PartKind | None = None
    origin: PartOrigin | None = None
    funder: str = ""
    low: bool = False
    gone: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on the parts."""
        found: list[ColumnElement[bool]] = []
        if self.words:
            code = find_code(self.words)
            found.append(Part.code == code if code else matches(Part.search, self.words))
        if self.kind:
            found.append(Part.kind == self.kind)
        if self.origin:
            found.append(Part.origin == self.origin)
        if self.funder:
            found.append(Part.funder == self.funder)
        if self.low:
            found.append(_runs_low())
        elif not self.gone and not self.words:
            found.append(or_(Part.quantity > 0, _runs_low()))
        return found


def _runs_low() -> ColumnElement[bool]:
    return and_(Part.low_at.is_not(None), Part.quantity <= Part.low_at)


@dataclass(frozen=True)
class Low:
    """What runs low: a kind of part as a whole, or one lot of it (then `code` and `name`); how many are left, and from how many on."""

    kind: PartKind
    left: int
    threshold: int
    code: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Fitted:
    """A part as it is in a device: how many pieces, since when, what they cost together in euro cents (None where it is not known)."""

    part: Part
    quantity: int
    since: datetime
    cents: int | None


@dataclass(frozen=True)
class Spent:
    """What a funder (None: nobody named) paid: pieces fitted, devices they are in, euro cents fitted, euro cents still in stock."""

    funder: str | None
    pieces: int
    devices: int
    fitted_cents: int
    stock_cents: int


def part_by_code(actor: Actor, code: str) -> Part:
    """The row of a part; `NotFound` for a stranger, and for a code that is none."""
    found = find_code(code)
    if found is None or not actor.may(Permission.DEVICE_READ):
        raise NotFound
    part = db.session.scalar(select(Part).where(Part.code == found))
    if part is None:
        raise NotFound
    return part


PART_ORDERS = ListOrders(
    "piece",
    Part.id,
    (
        ListOrder("piece", _l("Pièce"), (Part.kind, Part.name)),
        ListOrder("stock", _l("En stock"), (Part.quantity,), Compared.NUMBER),
        ListOrder("provenance", _l("Provenance"), (steps_of(Part.origin, PartOrigin),), Compared.STEPS),
        ListOrder("cout", _l("Coût unitaire"), (Part.cost_cents,), Compared.NUMBER),
        ListOrder("rangement", _l("Rangement"), (func.lower(Part.place),)),
    ),
)


def parts_listed(wanted: PartFilter) -> Listing:
    """The parts that a filter leaves, with the devices they came from."""
    query = select(Part).options(joinedload(Part.source)).where(*wanted.conditions())
    return Listing(query, PART_ORDERS, scalars=True)


def parts(wanted: PartFilter, number: int, asked: str = "") -> Page:
    """One page of the parts, by kind and name or as asked."""
    return parts_listed(wanted).page(number, asked)


def funders() -> Sequence[str]:
    """The words by which grants and budget lines are known."""
    return [
        each for each in db.session.scalars(select(Part.funder).where(Part.funder.is_not(None)).distinct().order_by(Part.funder)) if each
    ]


def running_low() -> list[Low]:
    """What is to be bought or harvested: the lots at their own threshold, then the kinds at that of the policy."""
    thresholds = low_stock()
    lots = select(Part.kind, Part.quantity, Part.low_at, Part.code, Part.name).where(_runs_low())
    # A kind of which nothing was ever entered is not stocked here.
    kinds = select(Part.kind, func.sum(Part.quantity), null(), null(), null()).where(Part.kind.in_(thresholds)).group_by(Part.kind)
    rows: Sequence[Any] = db.session.execute(union_all(lots, kinds)).all()
    found = [Low(kind, int(left), thresholds[kind] if code is None else least or 0, code, name) for kind, left, least, code, name in rows]
    return sorted((each for each in found if each.left <= each.threshold), key=lambda each: (each.code is None, each.kind, each.name or ""))


def fitted_count(part: Part, device: Device) -> int:
    """How many pieces of a part are in a device."""
    query = select(func.coalesce(func.sum(PartMove.delta), 0)).where(
        PartMove.part_id == part.id, PartMove.device_id == device.id, PartMove.deed.in_(USES)
    )
    return -int(db.session.scalar(query) or 0)


def cost_when_fitted(part: Part, device: Device) -> int | None:
    """What a piece of a part cost when it was last fitted into a device, in euro cents."""
    return db.session.scalar(
        select(PartMove.unit_cents)
        .where(PartMove.part_id == part.id, PartMove.device_id == device.id, PartMove.deed == PartDeed.FITTED)
        .order_by(PartMove.id.desc())
        .limit(1)
    )


def fitted_in(device_id: int) -> list[Fitted]:
    """The parts that are in a device."""
    rows = db.session.execute(
        select(Part, func.sum(PartMove.delta), func.max(PartMove.at), func.sum(PartMove.delta * PartMove.unit_cents))
        .join(PartMove, PartMove.part_id == Part.id)
        .where(PartMove.device_id == device_id, PartMove.deed.in_(USES))
        .group_by(Part.id)
        .having(func.sum(PartMove.delta) < 0)
        .order_by(Part.id)
    )
    return [Fitted(part, -int(delta), at, _cents(cents)) for part, delta, at, cents in rows]


def _cents(summed: Any) -> int | None:
    return None if summed is None else -int(summed)


def taken_from(device_id: int) -> Sequence[Part]:
    """The parts of the stock that came out of a device."""
    return db.session.scalars(select(Part).where(Part.source_device_id == device_id).order_by(Part.id)).all()


def that_may_fit(kind: PartKind | None, model: str | None, most: int = 30) -> Sequence[Part]:
    """The parts in stock of a kind, those that name a word of the model first."""
    query = select(Part).where(Part.quantity > 0).order_by(Part.kind, Part.name, Part.id).limit(200)
    found = list(db.session.scalars(query.where(Part.kind == kind) if kind else query))
    words = {word for word in (model or "").casefold().split() if len(word) > 2}
    return sorted(found, key=lambda part: -sum(word in (part.fits or "").casefold() for word in words))[:most]


def moves_of(part: Part) -> Sequence[Any]:
    """The moves of a part's stock, newest first, each with the code of its device: at, deed, delta, actor_id, code."""
    return db.session.execute(
        select(PartMove.at, PartMove.deed, PartMove.delta, PartMove.actor_id, Device.code)
        .outerjoin(Device, Device.id == PartMove.device_id)
        .where(PartMove.part_id == part.id)
        .order_by(PartMove.id.desc())
    ).all()


def stock_totals() -> tuple[int, int]:
    """How many pieces are in stock, and their worth in euro cents where a cost is known."""
    pieces, cents = db.session.execute(select(func.sum(Part.quantity), func.sum(Part.quantity * Part.cost_cents))).one()
    return int(pieces or 0), int(cents or 0)


def spent_by_funder() -> list[Spent]:
    """What each funder paid for, the dearest first; donated and harvested parts cost nothing and stand under nobody's name."""
    inside = (
        select(
            Part.funder,
            PartMove.device_id,
            func.sum(-PartMove.delta).label("pieces"),
            func.coalesce(func.sum(-PartMove.delta * PartMove.unit_cents), 0).label("cents"),
        )
        .join(Part, Part.id == PartMove.part_id)
        .where(PartMove.deed.in_(USES))
        .group_by(Part.funder, PartMove.device_id)
        .subquery()
    )
    used = select(inside.c.funder, func.sum(inside.c.pieces), func.count().filter(inside.c.pieces > 0), func.sum(inside.c.cents))
    fitted = {funder: told for funder, *told in db.session.execute(used.group_by(inside.c.funder))}
    worth = select(Part.funder, func.coalesce(func.sum(Part.quantity * Part.cost_cents), 0)).group_by(Part.funder)
    rows = []
    for funder, left in db.session.execute(worth):
        pieces, devices, cents = fitted.get(funder, (0, 0, 0))
        rows.append(Spent(funder, int(pieces), int(devices), int(cents), int(left)))
    return sorted(rows, key=lambda each: (each.funder is None, -each.fitted_cents, each.funder or ""))
