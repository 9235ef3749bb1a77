"""What lending reads in a scanned text, and what can be done now with what was scanned: look, depart, return, count, pack, open a bag."""

from collections.abc import Callable

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.scans import Meaning, ScanCard, ScanDeed
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.references import read_reference
from refurb.lending.items.states import item_machine
from refurb.lending.models import Borrower, Component, Item
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.packing import packed_bag, packed_items, to_pack
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.reservations.words import PACKABLE
from refurb.lending.words import ItemState

P = Permission
HEARD = frozenset({Borrower.KIND, Component.KIND, Item.KIND, Reservation.KIND})
"""What the counter takes: everything else that is scanned there is told to be something else."""

_DEEDS = {ItemState.AVAILABLE: "depart", ItemState.LENT: "return", ItemState.LOST: "found"}


def read_reservation(actor: Actor, typed: str) -> Meaning | None:
    """The reference of a reservation, in any writing."""
    kind, number = read_reference(typed) or (None, "")
    if kind != "RS" or not actor.may(P.LOAN_READ):
        return None
    reference = f"RS-{number}"
    found = db.session.scalar(select(Reservation.id).where(Reservation.reference == reference))
    return Meaning(Reservation.KIND, found, reference) if found is not None else None


def item_card(actor: Actor, item_id: int) -> ScanCard:
    """A thing that is lent: where it stands, whose bag it lies in, which reservations it could be packed for."""
    item = db.session.get(Item, item_id)
    if item is None or not (actor.may(P.LOAN_READ) or actor.may(P.DEVICE_READ)):
        raise NotFound
    word = str(item_machine.looks[item.state].word)
    return ScanCard(name=item.name, state=item.state, word=word, url=url_for("lending.item", code=item.code), deeds=_deeds(actor, item))


def _deeds(actor: Actor, item: Item) -> tuple[ScanDeed, ...]:
    counter, state = url_for("lending.counter_hear"), item.state
    if item.stands_at_id is not None:
        return (ScanDeed("bring_home", url_for("lending.item_home", code=item.code)),) if actor.may(P.LOAN_WRITE) else ()
    if state is ItemState.TO_CHECK and actor.may(P.ITEM_WRITE):
        return (ScanDeed("check", url_for("lending.item_check", code=item.code)),)
    if not actor.may(P.LOAN_WRITE) or state not in _DEEDS:
        return ()
    deeds = [ScanDeed(_DEEDS[state], counter)]
    if state is ItemState.AVAILABLE:
        bag = packed_bag(item.code)
        if bag is not None:
            return (ScanDeed("open_bag", counter, bag.reference), *deeds)
        deeds += [ScanDeed("pack", url_for("lending.pack_reservation", reference=each), each) for each in to_pack(item)]
    return tuple(deeds)


def component_card(actor: Actor, component_id: int) -> ScanCard:
    """A piece: the kit to which it belongs, and that the counter counts it."""
    part = db.session.scalar(select(Component).where(Component.id == component_id).options(joinedload(Component.item)))
    if part is None or not (actor.may(P.LOAN_READ) or actor.may(P.DEVICE_READ)):
        raise NotFound
    deeds = (ScanDeed("count", url_for("lending.counter_hear")),) if actor.may(P.LOAN_WRITE) else ()
    return ScanCard(name=f"{part.name}, {part.item.name}", url=url_for("lending.item", code=part.item.code), deeds=deeds)


def borrower_card(actor: Actor, borrower_id: int) -> ScanCard:
    """A card: whose it is, for whoever may read borrowers; to everybody else it is nothing."""
    who = db.session.get(Borrower, borrower_id) if actor.may(P.BORROWER_READ) else None
    if who is None:
        raise NotFound
    deeds = (ScanDeed("begin", url_for("lending.counter_hear")),) if actor.may(P.LOAN_WRITE) else ()
    return ScanCard(name=who.name, url=url_for("lending.borrower", code=who.code), deeds=deeds)


def reservation_card(actor: Actor, reservation_id: int) -> ScanCard:
    """A reservation: its days, and its bag, to be filled or opened."""
    found = db.session.get(Reservation, reservation_id) if actor.may(P.LOAN_READ) else None
    if found is None:
        raise NotFound
    url, word = url_for("lending.reservation", reference=found.reference), str(reservation_machine.looks[found.state].word)
    deeds: tuple[ScanDeed, ...] = ()
    if found.state in PACKABLE and actor.may(P.LOAN_WRITE):
        deeds = (ScanDeed("pack", url_for("lending.pack_reservation", reference=found.reference), found.reference),)
        if packed_items([found.id]):
            deeds = (ScanDeed("open_bag", url_for("lending.counter_hear"), found.reference), *deeds)
    return ScanCard(name=found.reference, state=found.state, word=word, url=url, deeds=deeds)


CARDS: dict[str, Callable[[Actor, int], ScanCard]] = {
    Item.KIND: item_card,
    Component.KIND: component_card,
    Borrower.KIND: borrower_card,
    Reservation.KIND: reservation_card,
}
"""What is told of each kind of thing that is scanned."""
