"""Make products and items, take a device of the stock into the pool and out of it, look after things."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from refurb.directory.actions import fresh_code, lead_to
from refurb.directory.queries import code_row
from refurb.directory.sites.actions import move_to_site
from refurb.directory.sites.queries import usual_site
from refurb.directory.sites.rules import chosen_site
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.lending.claims.facts import change_pool, refuse_if_short
from refurb.lending.claims.pools import hold_for, pool_of
from refurb.lending.claims.settling import settle
from refurb.lending.claims.words import PoolKey
from refurb.lending.debts.actions import mend
from refurb.lending.debts.queries import open_damages
from refurb.lending.items import following
from refurb.lending.items.pieces import component_of, equip, equip_anew, move_pieces, refuse_unfit
from refurb.lending.items.queries import item_of_device, product_by_id
from refurb.lending.items.rules import DamageUnsaid, ItemOut, NotSoManyHere, NotWiped, ProductTaken
from refurb.lending.items.states import item_machine
from refurb.lending.models import Item, Product
from refurb.lending.queries import line_out
from refurb.lending.terms import loan_policy
from refurb.lending.words import DamageFate, ItemState, PieceWhy

# Loaded, so that no move of a thing passes its claims by.
assert following.WAITS_FOR_OTHERS

# Kinds of devices on which a borrower opens accounts.
WITH_ACCOUNTS = frozenset({DeviceKind.LAPTOP, DeviceKind.DESKTOP, DeviceKind.TABLET, DeviceKind.SMARTPHONE})


def add_product(actor: Actor, *, name: str, category: str, about: str | None = None) -> Product:
    """Enter something that can be asked for; its category decides its picture and its terms."""
    check(actor, Permission.ITEM_WRITE)
    terms = loan_policy().categories.get(category)
    if terms is None:
        raise Invalid({"category": [Fault("field.choice")]})
    if db.session.scalar(select(Product.id).where(Product.name == name)):
        raise ProductTaken(name=name)
    product = Product(name=name, category=category, picture=terms.picture, about=about or None)
    db.session.add(product)
    record(product, "entered", actor)
    return product


def add_item(actor: Actor, *, product_id: int, name: str, components: Iterable[dict[str, Any]]) -> Item:
    """Enter one thing to lend that is no device of the stock, under a fresh code."""
    check(actor, Permission.ITEM_WRITE)
    code = fresh_code()
    item = _make(actor, code.code, product_by_id(product_id), name, components)
    lead_to(code, item)
    return item


def correct_product(actor: Actor, product: Product, *, name: str, category: str, about: str | None = None) -> None:
    """Write a product anew. What is out keeps its day of return, agreements in force keep what they said."""
    check(actor, Permission.ITEM_WRITE)
    lock(product)
    terms = loan_policy().categories.get(category)
    if terms is None:
        raise Invalid({"category": [Fault("field.choice")]})
    if db.session.scalar(select(Product.id).where(Product.name == name, Product.id != product.id)):
        raise ProductTaken(name=name)
    before = {"name": product.name, "category": product.category, "about": product.about}
    product.name, product.category, product.picture, product.about = name, category, terms.picture, about or None
    after = {"name": product.name, "category": product.category, "about": product.about}
    changed = {field: [before[field], after[field]] for field in after if before[field] != after[field]}
    if changed:
        record(product, "corrected", actor, **changed)
    for item in db.session.scalars(select(Item).where(Item.product_id == product.id)):
        item.search = _search(item.name, product, item.code)


def correct_item(actor: Actor, item: Item, *, product_id: int, name: str, components: Iterable[dict[str, Any]] | None = None) -> None:
    """Write a thing to lend anew: its product, its name and, where they are told, its components: what is told no more goes to the stock.

    What is out comes back counted as it left.
    """
    check(actor, Permission.ITEM_WRITE)
    product = product_by_id(product_id)
    hold_for(item, also=[PoolKey(product.id, item.site_id)])
    lock(item)
    before, pool = _told(item), pool_of(item)
    item.product_id, item.name, item.search = product.id, name, _search(name, product, item.code)
    if components is not None:
        equip_anew(actor, item, components)
    db.session.flush()
    db.session.expire(item, ["product"])
    refuse_if_short(change_pool(item, pool), item.name)
    after = _told(item)
    changed = {field: [before[field], after[field]] for field in after if before[field] != after[field]}
    if changed:
        record(item, "corrected", actor, **changed)


def _told(item: Item) -> dict[str, Any]:
    return {
        "name": item.name,
        "product": item.product.name,
        "components": [[each.name, each.quantity, each.value_cents] for each in item.components],
    }


def _make(
    actor: Actor,
    code: str,
    product: Product,
    name: str,
    components: Iterable[dict[str, Any]],
    device: Device | None = None,
) -> Item:
    item = Item(code=code, product_id=product.id, device_id=device.id if device else None, name=name, search=_search(name, product, code))
    item.site_id = device.site_id if device else usual_site(actor)
    parts = list(components)
    refuse_unfit([each["name"] for each in parts])
    hold_for(also=[pool_of(item)])
    item_machine.begin(item, actor, device_id=item.device_id)
    equip(actor, item, parts)
    settle(pool_of(item))  # Whoever was short may have it.
    return item


def _search(name: str, product: Product, code: str) -> str:
    return fold(name, product.name, code)[:400]


@device_machine.does("join_pool")
def _join_pool(device: Device, actor: Actor, facts: dict[str, Any]) -> None:
    """The device becomes an item under its own code; one that was in the pool before takes up its item, and its history, again."""
    product, components = product_by_id(facts["product_id"]), facts.pop("components")
    facts["components"] = len(components)
    code = code_row(device.code)
    assert code is not None
    item = item_of_device(device.id)
    if item is None:
        item = _make(actor, device.code, product, facts["name"], components, device)
    else:
        hold_for(item, also=[PoolKey(product.id, device.site_id)])
        pool, item.site_id = pool_of(item), device.site_id  # It may have been moved while it was no thing to lend.
        item.product_id, item.name, item.search = product.id, facts["name"], _search(facts["name"], product, device.code)
        equip_anew(actor, item, components)
        change_pool(item, pool)
        item_machine.fire(item, "rejoin", actor)
    lead_to(code, item, instead_of=device)


@device_machine.does("leave_pool")
def _leave_pool(device: Device, actor: Actor, _facts: dict[str, Any]) -> None:
    """The item is put away, and the code leads to the device again; inventory has seen to it that the device is wiped and tested anew."""
    item, code = item_of_device(device.id), code_row(device.code)
    assert item is not None
    assert code is not None
    hold_for(item)
    lock(item)
    refuse_if_out(item)
    item_machine.fire(item, "leave", actor)
    lead_to(code, device, instead_of=item)


def move_item(actor: Actor, item: Item, site_id: int) -> None:
    """Say that a thing to lend is at another place of ours from now on, its device with it; one that is out comes back first."""
    check(actor, Permission.ITEM_WRITE)
    if item.device is not None:
        lock(item.device)
    hold_for(item, also=[PoolKey(item.product_id, chosen_site(actor, site_id))])
    lock(item)
    refuse_if_out(item)
    pool = pool_of(item)
    move_to_site(actor, item, site_id)
    if item.device is not None:
        move_to_site(actor, item.device, site_id)
    refuse_if_short(change_pool(item, pool), item.name)


def refuse_if_out(item: Item) -> None:
    """Say by which loan an item is out, and when it is expected; not with whom."""
    line = line_out(item) if item.state is ItemState.LENT else None
    if line is not None:
        raise ItemOut(name=item.name, loan=line.loan.reference, since=line.out_at, due=line.due_on)


@item_machine.does("check")
def _check(item: Item, actor: Actor, facts: dict[str, Any]) -> None:
    """What keeps its borrower's data waits until it is reset, what came back broken until somebody says what became of that."""
    if not keeps_data(item):
        facts.pop("wiped")
    elif not facts["wiped"]:
        raise NotWiped(name=item.name)
    fate, broken = facts.pop("damages"), open_damages(item)
    if broken and fate is None:
        raise DamageUnsaid(names=", ".join(each.component for each in broken))
    if broken:
        facts["damages"] = fate
    if fate is DamageFate.MENDED:
        mend(actor, item)


@item_machine.does("note_missing")
def _note_missing(item: Item, actor: Actor, facts: dict[str, Any]) -> None:
    """Pieces that somebody looked for in the thing and did not find."""
    component = component_of(item, facts["component"])
    if facts["quantity"] > component.here:
        raise NotSoManyHere(name=component.name, here=component.here)
    move_pieces(actor, component, -facts["quantity"], PieceWhy.NOTICED)
    facts["component"] = component.name


def keeps_data(item: Item) -> bool:
    """Whether a thing keeps what its borrower did on it: as the rules of its category say, else by what the device is."""
    told = loan_policy().terms(item.product.category).keeps_data
    return told if told is not None else item.device is not None and item.device.kind in WITH_ACCOUNTS
