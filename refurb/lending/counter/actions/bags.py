"""What lies on the counter goes into a bag for later, or comes out of somebody else's."""

from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.lending.claims.pools import hold_for
from refurb.lending.counter.actions.piles import asked_for, judge, review, say
from refurb.lending.counter.models import Pile
from refurb.lending.counter.rules import InAnothersBag, NothingForTheBag
from refurb.lending.counter.words import PileLineKind
from refurb.lending.reservations.packing import NotOfTheBag, pack, packed_bag, packed_items, unpack
from refurb.lending.reservations.queries import reservation_by_reference

K = PileLineKind


def put_in_bag(actor: Actor, pile: Pile, reference: str) -> None:
    """What would leave is packed for a reservation instead, as far as that asks for it: it is off the counter, and waits in its bag."""
    bag, packed = reservation_by_reference(actor, reference), 0
    leaving = sorted((each for each in pile.lines if each.kind is K.LEAVES), key=lambda each: each.item_id)
    hold_for(*(each.item for each in leaving))
    for line in leaving:
        try:
            pack(actor, bag, line.item)
        except NotOfTheBag:
            continue
        pile.lines.remove(line)
        packed += 1
    if not packed:
        raise NothingForTheBag(reference=bag.reference)
    db.session.flush()
    say(pile, "ok", "counter.heard_packed", reference=bag.reference, here=len(packed_items([bag.id])[bag.id]), all=asked_for(bag))
    review(pile)


def take_from_bag(actor: Actor, pile: Pile, line_id: int) -> None:
    """What was packed for somebody else is taken out of their bag, as its history says; whether it may leave is looked at anew."""
    line = next((each for each in pile.lines if each.id == line_id), None)
    if line is None or not line.refusal or line.refusal["code"] != InAnothersBag.code:
        return
    bag = packed_bag(line.item.code)
    if bag is None or bag.borrower_id == pile.borrower_id:
        judge(line)
        return
    unpack(actor, bag, line.item)
    judge(line)
    if line.refusal:
        say(pile, "stop", line.refusal["code"], **line.refusal["facts"])
    else:
        say(pile, "wait", "counter.heard_unpacked", name=line.item.name, reference=bag.reference, line=line.id)
