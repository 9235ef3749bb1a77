"""Looking up products, items and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders, steps_of
from refurb.kernel.web.search import Page, matches
from refurb.lending.models import Item, Loan, LoanLine, Product
from refurb.lending.words import UNDOABLE, ItemState


@dataclass(frozen=True)
class Shelf:
    """A product, how many of its items are here to be lent, and how many there are."""

    product: Product
    available: int
    count: int


def shelves() -> list[Shelf]:
    """Every product by name, with its numbers; what has left the pool is not counted."""
    here = func.count(Item.id).filter(Item.state == ItemState.AVAILABLE)
    all_of_them = func.count(Item.id).filter(Item.state != ItemState.RETIRED)
    query = select(Product, here, all_of_them).outerjoin(Item, Item.product_id == Product.id).group_by(Product.id).order_by(Product.name)
    return [Shelf(product, available, count) for product, available, count in db.session.execute(query)]


def products() -> Sequence[Product]:
    """Every product, by name."""
    return db.session.scalars(select(Product).order_by(Product.name)).all()


def product_by_id(product_id: int) -> Product:
    """A product, or `NotFound`."""
    found = db.session.get(Product, product_id)
    if found is None:
        raise NotFound
    return found


def owners() -> Sequence[Organisation]:
    """Who may own what we lend: every organisation that stands, by name; private donors are none."""
    query = select(Organisation).where(Organisation.merged_into_id.is_(None), Organisation.is_person.is_(False))
    return db.session.scalars(query.order_by(Organisation.name)).all()


ITEM_ORDERS = ListOrders(
    "produit",
    Item.id,
    (
        ListOrder("code", _l("Code"), (Item.code,)),
        ListOrder("nom", _l("Nom"), (Item.search,)),
        ListOrder("produit", _l("Produit"), (Product.name, Item.name)),
        ListOrder("etat", _l("État"), (steps_of(Item.state, ItemState),), Compared.STEPS),
        ListOrder("attendu", _l("Attendu le"), (LoanLine.due_on,), Compared.DATE),
    ),
)


def item_listing(typed: str, state: ItemState | None, product_id: int | None, site_id: int | None = None) -> Listing:
    """Items as rows of code, name, state, product and the day the current loan is due."""
    query = (
        select(Item.code, Item.name, Item.state, Product.name.label("product"), LoanLine.due_on)
        .join(Product, Product.id == Item.product_id)
        .outerjoin(LoanLine, (LoanLine.item_id == Item.id) & LoanLine.back_at.is_(None))
    )
    if typed:
        query = query.where(matches(Item.search, typed))
    query = query.where(Item.state == state) if state else query.where(Item.state != ItemState.RETIRED)
    if product_id:
        query = query.where(Item.product_id == product_id)
    if site_id:
        query = query.where(Item.site_id == site_id)
    return Listing(query, ITEM_ORDERS)


def items(typed: str, state: ItemState | None, product_id: int | None, number: int, asked: str = "", site_id: int | None = None) -> Page:
    """One page of `item_listing`, by product and name or as asked."""
    return item_listing(typed, state, product_id, site_id).page(number, asked)


def item_by_code(actor: Actor, code: str) -> Item:
    """An item by the code on its label, with its product, components and device; `NotFound` for whoever may not see items."""
    found = find_code(code) if any(map(actor.may, (Permission.LOAN_READ, Permission.DEVICE_READ))) else None
    item = (
        db.session.scalar(
            select(Item).where(Item.code == found).options(joinedload(Item.product), joinedload(Item.device), selectinload(Item.components))
        )
        if found
        else None
    )
    if item is None:
        raise NotFound
    return item


def items_by_codes(actor: Actor, codes: Sequence[str]) -> list[Item]:
    """Some items in the order of their codes, with product and components; codes that are none are passed over."""
    if not codes or not actor.may(Permission.LOAN_READ):
        return []
    query = select(Item).where(Item.code.in_(codes)).options(joinedload(Item.product), selectinload(Item.components))
    found = {item.code: item for item in db.session.scalars(query)}
    return [found[code] for code in dict.fromkeys(codes) if code in found]


def item_of_device(device_id: int) -> Item | None:
    """As what a device is, or was, lent."""
    return db.session.scalar(select(Item).where(Item.device_id == device_id))


def undoable_lines(loan: Loan) -> set[int]:
    """The lines of a loan whose return can still be undone: the thing is here, and has not left since."""
    ids = [line.item_id for line in loan.lines if line.back_at is not None and not line.lost and line.item.state in UNDOABLE]
    last = select(func.max(LoanLine.id)).where(LoanLine.item_id.in_(ids)).group_by(LoanLine.item_id)
    return {line.id for line in loan.lines} & set(db.session.scalars(last)) if ids else set()


def line_by_id(actor: Actor, reference: str, number: int) -> LoanLine:
    """A line of a loan; `NotFound` for whoever may not read loans."""
    line = (
        db.session.scalar(
            select(LoanLine)
            .join(LoanLine.loan)
            .where(Loan.reference == reference.upper(), LoanLine.id == number)
            .options(contains_eager(LoanLine.loan), joinedload(LoanLine.item), selectinload(LoanLine.counts))
        )
        if actor.may(Permission.LOAN_READ)
        else None
    )
    if line is None:
        raise NotFound
    return line


def missing_of(item: Item) -> list[str]:
    """What is missing of a thing and is not merely consumed, while it waits to be completed."""
    if item.state is not ItemState.INCOMPLETE:
        return []
    return [part.name for part in item.components if part.missing and not part.consumable]
