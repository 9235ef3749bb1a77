"""Make products and items, take a device of the stock into the pool and out of it, look after things."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from refurb.directory.actions import fresh_code, lead_to
from refurb.directory.queries import code_row
from refurb.directory.sites.actions import move_to_site
from refurb.directory.sites.queries import site_name, usual_site
from refurb.directory.sites.rules import chosen_site
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.files import keep
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid, NotFound
from refurb.lending.claims.facts import change_pool, follow_state, refuse_if_short
from refurb.lending.claims.pools import hold_for, pool_of
from refurb.lending.claims.settling import settle
from refurb.lending.claims.words import PoolKey
from refurb.lending.debts.actions import mend
from refurb.lending.debts.queries import open_damages
from refurb.lending.items import following
from refurb.lending.items.pieces import component_of, equip, equip_anew, move_pieces, refuse_unfit
from refurb.lending.items.queries import item_of_device, owners, product_by_id
from refurb.lending.items.rules import AtHome, DamageUnsaid, ItemOut, NotSoManyHere, NotWiped, ProductTaken, TooManyPictures
from refurb.lending.items.states import item_machine
from refurb.lending.models import Damage, Item, Product, ProductPicture
from refurb.lending.queries import line_out
from refurb.lending.terms import loan_policy
from refurb.lending.words import DamageFate, ItemState, PieceWhy

MOST_PICTURES = 6
"""Of one product: enough to know it, few enough for a telephone."""

# Loaded, so that no move of a thing passes its claims by.
assert following.WAITS_FOR_OTHERS

# Kinds of devices on which a borrower opens accounts.
WITH_ACCOUNTS = frozenset({DeviceKind.LAPTOP, DeviceKind.DESKTOP, DeviceKind.TABLET, DeviceKind.SMARTPHONE})


def add_product(actor: Actor, *, name: str, category: str, about: str | None = None, **facts: Any) -> Product:
    """Enter something that can be asked for; its category decides its drawing and its terms. `facts` as in `schemas.ProductRecord`."""
    check(actor, Permission.ITEM_WRITE)
    terms = loan_policy().categories.get(category)
    if terms is None:
        raise Invalid({"category": [Fault("field.choice")]})
    if db.session.scalar(select(Product.id).where(Product.name == name)):
        raise ProductTaken(name=name)
    product = Product(name=name, category=category, picture=terms.picture, about=about or None, **_without_blanks(facts))
    db.session.add(product)
    record(product, "entered", actor)
    return product


def _without_blanks(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What was left empty is not known, rather than an empty text."""
    return {name: None if value == "" else value for name, value in facts.items()}


def add_picture(actor: Actor, product: Product, *, photo: bytes, alt: str) -> ProductPicture:
    """Keep a picture of a product (`clean_picture`); `MOST_PICTURES` at most, the same one once."""
    check(actor, Permission.ITEM_WRITE)
    lock(product)
    if len(product.pictures) >= MOST_PICTURES:
        raise TooManyPictures(most=MOST_PICTURES)
    kept = keep(photo)
    known = next((each for each in product.pictures if each.photo == kept), None)
    if known is not None:
        known.alt = alt
        return known
    picture = ProductPicture(product_id=product.id, photo=kept, alt=alt, added_at=now())
    product.pictures.append(picture)
    record(product, "picture_added", actor, photo=kept)
    return picture


def remove_picture(actor: Actor, product: Product, number: int) -> None:
    """A picture shows the product no more."""
    check(actor, Permission.ITEM_WRITE)
    lock(product)
    picture = next((each for each in product.pictures if each.id == number), None)
    if picture is None:
        raise NotFound
    product.pictures.remove(picture)
    db.session.delete(picture)
    record(product, "picture_removed", actor, photo=picture.photo)


def note_damage(actor: Actor, item: Item, *, component: str, note: str, photo: bytes | None = None) -> Damage:
    """Something is broken on a thing, seen whether it is with us or out; nobody owes it for that."""
    check(actor, Permission.ITEM_WRITE)
    lock(item)
    if component not in {part.name for part in item.components}:
        raise Invalid({"component": [Fault("field.choice")]})
    damage = Damage(item_id=item.id, component=component, note=note, found_at=now(), found_by=actor.id)
    damage.photo = keep(photo) if photo else None
    db.session.add(damage)
    record(item, "damage_noted", actor, component=component)
    return damage


def add_item(actor: Actor, *, product_id: int, name: str, components: Iterable[dict[str, Any]], **facts: Any) -> Item:
    """Enter one thing to lend that is no device of the stock, under a fresh code. `facts` are those of `schemas.RecordFacts`."""
    check(actor, Permission.ITEM_WRITE)
    code = fresh_code()
    item = _make(actor, code.code, product_by_id(product_id), name, components)
    _write(item, facts)
    lead_to(code, item)
    return item


def _write(item: Item, facts: Mapping[str, Any]) -> None:
    """Write what is told of a thing besides its name. Raises `Invalid` for an owner whom nobody knows."""
    told = _without_blanks(facts)
    if told.get("owner_id") is not None and told["owner_id"] not in {each.id for each in owners()}:
        raise Invalid({"owner_id": [Fault("field.choice")]})
    for name, value in told.items():
        setattr(item, name, value)


PRODUCT_FACTS = ("name", "category", "about", "age_from", "skill", "accessories", "lifetime_years", "support_until")
ITEM_FACTS = ("value_cents", "shelf", "acquired_on", "right_of_use", "share_percent", "funder", "logo_due", "keep_until")


def correct_product(actor: Actor, product: Product, *, name: str, category: str, about: str | None = None, **facts: Any) -> None:
    """Write a product anew. What is out keeps its day of return, agreements in force keep what they said."""
    check(actor, Permission.ITEM_WRITE)
    lock(product)
    terms = loan_policy().categories.get(category)
    if terms is None:
        raise Invalid({"category": [Fault("field.choice")]})
    if db.session.scalar(select(Product.id).where(Product.name == name, Product.id != product.id)):
        raise ProductTaken(name=name)
    before = {field: getattr(product, field) for field in PRODUCT_FACTS}
    product.name, product.category, product.picture, product.about = name, category, terms.picture, about or None
    for field, value in _without_blanks(facts).items():
        setattr(product, field, value)
    after = {field: getattr(product, field) for field in PRODUCT_FACTS}
    changed = {field: [before[field], after[field]] for field in after if before[field] != after[field]}
    if changed:
        record(product, "corrected", actor, **changed)
    for item in db.session.scalars(select(Item).where(Item.product_id == product.id)):
        item.search = _search(item.name, product, item.code)


def correct_item(
    actor: Actor, item: Item, *, product_id: int, name: str, components: Iterable[dict[str, Any]] | None = None, **facts: Any
) -> None:
    """Write a thing to lend anew: its product, its name and, where they are told, its components: what is told no more goes to the stock.

    What is out comes back counted as it left: meanwhile no component of it goes (`KitOut`). `facts` are those of `schemas.RecordFacts`.
    """
    check(actor, Permission.ITEM_WRITE)
    product = product_by_id(product_id)
    hold_for(item, also=[PoolKey(product.id, item.site_id)])
    lock(item)
    before, pool = _told(item), pool_of(item)
    item.product_id, item.name, item.search = product.id, name, _search(name, product, item.code)
    _write(item, facts)
    if components is not None:
        equip_anew(actor, item, components)
    db.session.flush()
    db.session.expire(item, ["product", "owner"])
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
        "owner": item.owner.name if item.owner else None,
    } | {field: getattr(item, field) for field in ITEM_FACTS}


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
    """Say that a thing to lend is at another place of ours from now on, its device with it; one that is out comes back first.

    One that was given back elsewhere is at home by that: there, or at its own place again.
    """
    check(actor, Permission.ITEM_WRITE)
    if item.device is not None:
        lock(item.device)
    hold_for(item, also=[PoolKey(item.product_id, chosen_site(actor, site_id))])
    lock(item)
    refuse_if_out(item)
    pool, stood_at, item.stands_at_id = pool_of(item), item.stands_at_id, None
    if stood_at is not None and site_id == item.site_id:
        record(item, "brought_home", actor, stood_at=stood_at, name=site_name(stood_at))
    move_to_site(actor, item, site_id)
    if item.device is not None:
        move_to_site(actor, item.device, site_id)
    refuse_if_short(change_pool(item, pool), item.name)
    if stood_at is not None:
        _is_home(item, actor)


def bring_home(actor: Actor, item: Item) -> Item:
    """What was given back elsewhere is at its place again: it is looked at, or free at once, and serves who was short by its absence."""
    check(actor, Permission.LOAN_WRITE)
    hold_for(item)
    lock(item)
    stood_at = item.stands_at_id
    if stood_at is None:
        raise AtHome(name=item.name)
    item.stands_at_id = None
    record(item, "brought_home", actor, stood_at=stood_at, name=site_name(stood_at))
    _is_home(item, actor)
    return item


def _is_home(item: Item, actor: Actor) -> None:
    """Until now nobody knew when it could be looked at: from now on it is taken for its days, or free at once."""
    follow_state(item, None)
    if item.state is ItemState.TO_CHECK and needs_no_check(item):
        item_machine.fire(item, "check", actor)


def needs_no_check(item: Item) -> bool:
    """Whether what came back whole may leave again as it is."""
    return not loan_policy().terms(item.product.category).check and not keeps_data(item) and not open_damages(item)


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
