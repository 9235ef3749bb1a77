"""Hear what is scanned at the counter, keep what is counted, turn to somebody else."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from refurb.directory.scans.queries import NothingFound, meaning_of
from refurb.directory.sites.queries import usual_site
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.terms import Term
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import UnreadableCode
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _l
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.counter.counting import with_piece
from refurb.lending.counter.models import Pile, PileLine
from refurb.lending.counter.queries import bag_in_the_way, is_reserved_for_another, open_pile, pile_aside, piles_of_other_days, was_left
from refurb.lending.counter.rules import InAnothersBag, NothingToLend, PileGone, ReservedForAnother, told_of
from refurb.lending.counter.shown import hour, shown_pile
from refurb.lending.counter.words import PileLineKind
from refurb.lending.guarantees.rules import InsuranceEnds, NotInsured, NotLentToThem, NotTrained, OnSiteOnly, may_leave
from refurb.lending.items.queries import item_by_code
from refurb.lending.items.rules import NotAvailable
from refurb.lending.items.states import item_machine
from refurb.lending.loans.rules import TooMany, TwoPlaces
from refurb.lending.models import Borrower, Component, Item
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.packing import packed_bag, packed_items
from refurb.lending.reservations.queries import reservation_by_reference
from refurb.lending.reservations.rules import NotToCome
from refurb.lending.reservations.words import PACKABLE
from refurb.lending.suspensions.rules import Suspended, is_not_suspended
from refurb.lending.terms import loan_policy
from refurb.lending.words import ItemState

K = PileLineKind

_KINDS: Mapping[ItemState, PileLineKind] = {ItemState.LENT: K.RETURNS, ItemState.LOST: K.FOUND}


def _counter(actor: Actor) -> Pile:
    """The pile that is open at this actor's desk, held; a new one where there is none."""
    check(actor, Permission.LOAN_WRITE)
    pile = open_pile(actor, held=True)
    if pile is None:
        _clear(piles_of_other_days(actor.id))  # The worker may not have come by since midnight.
        pile = Pile(account_id=actor.id, site_id=usual_site(actor), opened_at=now())
        db.session.add(pile)
        db.session.flush()
    return pile


def counter_of(actor: Actor, number: int | None) -> Pile:
    """The open pile, held, as the page that was sent knew it; `PileGone` where another lies there now."""
    check(actor, Permission.LOAN_WRITE)
    pile = open_pile(actor, held=True)
    if pile is None or pile.id != number:
        raise PileGone
    return pile


def say(pile: Pile, tone: str, code: str, /, **facts: Any) -> None:
    """Write on a pile what was heard last: its tone, the code of its sentence, and the facts in it."""
    pile.heard = {"tone": tone, "code": code, "facts": plain(facts), "at": hour(now())}


# --- what is heard --------------------------------------------------------------------------------------------------------


def hear(actor: Actor, typed: str) -> Pile:
    """Take what was scanned: a card says who, the label of what is out that it comes back, of what is free that it leaves.

    Nothing that was scanned ends in silence: what cannot be taken is told on the pile (`Pile.heard`), beside the line where it is a thing.
    """
    pile = _counter(actor)
    try:
        _hear(actor, pile, typed)
    except Refusal as refusal:
        say(pile, "stop", refusal.code, **refusal.facts)
    db.session.flush()
    return pile


def _hear(actor: Actor, pile: Pile, typed: str) -> None:
    try:
        meaning = meaning_of(actor, typed)
    except NothingFound as nothing:
        raise UnreadableCode(typed=typed[:60]) from nothing
    kind, code = meaning.kind, meaning.text
    if kind == Borrower.KIND:
        _person(pile, borrower_by_code(actor, code), by_card=True)
    elif kind == Item.KIND:
        _scanned_thing(actor, pile, item_by_code(actor, code))
    elif kind == Component.KIND:
        _piece(pile, db.session.get_one(Component, meaning.subject_id), code)
    elif kind == Reservation.KIND:
        _open_bag(pile, reservation_by_reference(actor, code))
    else:
        raise NothingToLend(code=code)


def _scanned_thing(actor: Actor, pile: Pile, item: Item) -> None:
    """A thing that lies in a bag opens it, whoever's turn it is to have one; any other thing is taken alone."""
    bag = packed_bag(item.code) if item.state is ItemState.AVAILABLE else None
    taken = {each.item_id for each in pile.lines}
    if bag is None or item.id in taken or (pile.borrower_id not in {None, bag.borrower_id} and pile.lines):
        _thing(pile, item)
    else:
        _open_bag(pile, reservation_by_reference(actor, bag.reference))


def _open_bag(pile: Pile, bag: Reservation) -> None:
    """All that was packed for a reservation is put on the counter of whoever reserved it."""
    if bag.state not in PACKABLE:
        raise NotToCome(reference=bag.reference)
    _person(pile, bag.borrower, by_card=False)
    if pile.borrower_id != bag.borrower_id or pile.asks:
        return
    things = packed_items([bag.id]).get(bag.id, [])
    for item in things:
        _thing(pile, item)
    wanted = asked_for(bag)
    say(pile, "ok" if len(things) >= wanted else "wait", "counter.heard_bag", reference=bag.reference, here=len(things), all=wanted)


def asked_for(bag: Reservation) -> int:
    """How many things a reservation asks for."""
    return sum(line.quantity for line in bag.lines)


def choose_person(actor: Actor, code: str) -> Pile:
    """Somebody without a card, known by name: as if the card had been scanned."""
    pile = _counter(actor)
    _person(pile, borrower_by_code(actor, code), by_card=False)
    return pile


def _person(pile: Pile, who: Borrower, *, by_card: bool) -> None:
    if pile.borrower_id == who.id:
        pile.asks = False
        say(pile, "ok", "counter.heard_same_person", who=who.id)
    elif pile.borrower_id is None or not pile.lines:
        _turn_to(pile, who, by_card=by_card)
        say(pile, "ok", "counter.heard_person", who=who.id)
    elif pile.asks and pile.retained_id == who.id:
        _put_aside(pile)
        begin_with(pile, who)
    else:
        pile.retained_id, pile.retained, pile.asks = who.id, who, True
        say(pile, "wait", "counter.heard_other_card", who=who.id)


def _turn_to(pile: Pile, who: Borrower, *, by_card: bool) -> None:
    pile.borrower_id, pile.borrower, pile.by_card, pile.despite_suspension = who.id, who, by_card, None
    db.session.flush()
    review(pile)


def review(pile: Pile) -> None:
    """Who takes something decides what may leave: what was refused for that, or was not, is looked at again."""
    for line in pile.lines:
        is_judged = line.refusal is None or not line.stays_out or line.refusal["code"] in _OF_PERSONS
        if line.kind is K.LEAVES and not line.override and is_judged:
            judge(line)


_OF_PERSONS = frozenset({
    ReservedForAnother.code, InAnothersBag.code, Suspended.code,
    NotInsured.code, InsuranceEnds.code, NotTrained.code, NotLentToThem.code, OnSiteOnly.code,
})  # fmt: skip


def _thing(pile: Pile, item: Item) -> None:
    line = next((each for each in pile.lines if each.item_id == item.id), None)
    if line is not None and not line.stays_out:
        say(pile, "ok", "counter.heard_there", name=item.name, line=line.id)
        return
    if line is None:
        if len(pile.lines) >= loan_policy().most_items * 2:
            raise TooMany(most=loan_policy().most_items * 2)
        line = PileLine(item_id=item.id, item=item, kind=_KINDS.get(item.state, K.LEAVES), answers={})
        pile.lines.append(line)
        db.session.flush()
    line.kind = _KINDS.get(item.state, K.LEAVES)
    judge(line)
    if line.refusal:
        say(pile, "stop", line.refusal["code"], **line.refusal["facts"])
    else:
        say(pile, "ok", f"counter.heard_{line.kind}", name=item.name, line=line.id)


def _piece(pile: Pile, part: Component, code: str) -> None:
    """The label on a piece counts it in its kit, which it opens where it does not lie there yet."""
    if not any(each.item_id == part.item_id for each in pile.lines):
        _thing(pile, part.item)
    line = next((each for each in pile.lines if each.item_id == part.item_id), None)
    shown = next((each for each in shown_pile(pile).lines if each.row is line), None)
    counted = next((each for each in shown.counted if each.name == part.name), None) if shown is not None else None
    if line is None or counted is None or line.stays_out:
        return
    answers = line.answers or {}
    line.answers = {**answers, str(counted.key): with_piece(counted, answers.get(str(counted.key), {}), code)}
    seen = len(line.answers[str(counted.key)]["scanned"].split())
    say(pile, "ok", "counter.heard_piece", name=part.name, here=seen, all=counted.whole, kit=part.item.name, line=line.id)


def judge(line: PileLine) -> None:
    """Write beside a line why it stays out, if it does."""
    try:
        _check(line)
    except Refusal as refusal:
        line.refusal = told_of(refusal)
    else:
        line.refusal = None


def _judge_day(line: PileLine) -> None:
    """Another day of return was chosen: what only that day decides is said beside it, the rest once it is recorded."""
    if line.kind is K.LEAVES and line.refusal is None:
        judge(line)
        line.refusal = None if line.stays_out else line.refusal


def _check(line: PileLine) -> None:
    item = line.item
    if line.kind is not K.LEAVES:
        return
    if item.state is not ItemState.AVAILABLE:
        raise NotAvailable(name=item.name, state=str(item_machine.looks[item.state].word))
    if line.pile.borrower is not None:
        is_not_suspended(line.pile.borrower, line.pile.despite_suspension)
    leaving = [each for each in line.pile.lines if each.kind is K.LEAVES and not each.stays_out and each is not line]
    if len(leaving) >= loan_policy().most_items:
        raise TooMany(most=loan_policy().most_items)
    if any(each.item.site_id != item.site_id for each in leaving):
        raise TwoPlaces(name=item.name)
    _check_days(line)


def _check_days(line: PileLine) -> None:
    item, who = line.item, line.pile.borrower
    shown = next(each for each in shown_pile(line.pile).lines if each.row is line)
    if who is not None:
        may_leave(loan_policy().for_whom(who.kind, item.site_id), shown.terms, who, shown.due_on)
    bag = bag_in_the_way(line, shown.due_on)
    if bag is not None:
        raise InAnothersBag(name=item.name, reference=bag.reference, first=bag.from_on, last=bag.to_on)
    if not line.override and is_reserved_for_another(line, shown.due_on):
        raise ReservedForAnother(name=item.name)


# --- what is said of it ---------------------------------------------------------------------------------------------------


def keep_told(pile: Pile, told: Mapping[int, Mapping[str, Any]]) -> None:
    """Keep what the page says of each line: `answers`, `due_on`, `back_on`, `note`; a line that is not told stays as it is.

    What is told otherwise than before is no fault any more until it is looked at again.
    """
    for line in pile.lines:
        for name, value in told.get(line.id, {}).items():
            if getattr(line, name) != value:
                setattr(line, name, value)
                line.refusal = line.refusal if line.stays_out else None
                if name == "due_on":
                    _judge_day(line)
    db.session.flush()


def keep_drawing(pile: Pile, drawing: bytes) -> None:
    """Keep a signature that was drawn, with what it stands for."""
    shown = shown_pile(pile)
    pile.drawing, pile.binding, pile.shown, pile.signed_at, pile.on_paper = drawing, shown.digest, shown.sentences, now(), False
    db.session.flush()


def wipe_drawing(pile: Pile, *, on_paper: bool = False) -> None:
    """Nothing is signed on the screen: to be drawn again, or signed on paper."""
    pile.drawing = pile.binding = pile.shown = pile.signed_at = None
    pile.on_paper = on_paper


def all_there(pile: Pile, line_id: int) -> None:
    """Everything of a line that has no answer yet is there and whole."""
    shown = next((each for each in shown_pile(pile).lines if each.row.id == line_id), None)
    if shown is not None:
        silent = {str(each.key): {"state": "complete"} for each in shown.counted if each.whole and not each.state}
        shown.row.answers = {**shown.row.answers, **silent}
        say(pile, "ok", "counter.heard_complete", name=shown.item.name, line=line_id)


def take_out(pile: Pile, line_id: int) -> None:
    """A line is no affair of this pile; who was refused for it may have the others now."""
    line = next((each for each in pile.lines if each.id == line_id), None)
    if line is not None:
        pile.lines.remove(line)
        say(pile, "ok", "counter.heard_out", name=line.item.name)
        db.session.flush()
        review(pile)


# --- whose turn it is -----------------------------------------------------------------------------------------------------


def finish_first(pile: Pile) -> None:
    """Whoever was here goes on; the other's card is kept, and theirs is the next pile."""
    pile.asks = False
    if pile.borrower is not None:
        say(pile, "ok", "counter.heard_same_person", who=pile.borrower.id)


def put_aside(pile: Pile) -> Pile | None:
    """Keep a pile as it is until the day is over; whose card was scanned meanwhile begins with an empty one."""
    _put_aside(pile)
    return begin_with(pile, pile.retained) if pile.retained is not None else None


def _put_aside(pile: Pile) -> None:
    pile.put_aside_at, pile.asks = now(), False
    db.session.flush()


def begin_with(before: Pile, who: Borrower | None) -> Pile:
    """The next pile, of somebody whose card was scanned already, if anybody's was."""
    before.retained_id = before.retained = None
    pile = Pile(account_id=before.account_id, site_id=before.site_id, opened_at=now(), borrower_id=who.id if who else None, borrower=who)
    db.session.add(pile)
    if who is not None:
        say(pile, "ok", "counter.heard_person", who=who.id)
    db.session.flush()
    return pile


def hand_over(pile: Pile) -> None:
    """All that lies here is the other's, whose card was scanned: what was signed stands for nothing any more."""
    who = pile.retained
    if who is not None:
        pile.retained_id, pile.retained, pile.asks = None, None, False
        _turn_to(pile, who, by_card=True)
        say(pile, "wait", "counter.heard_handed_over", who=who.id)


def take_up(actor: Actor, number: int) -> Pile:
    """Go on with a pile that was put aside; the one that is open is put aside in its turn, or goes when nothing lies there."""
    check(actor, Permission.LOAN_WRITE)
    pile, current = pile_aside(actor, number), open_pile(actor)
    if pile is None:
        raise PileGone
    _clear(piles_of_other_days(actor.id))
    if current is not None:
        if current.lines:
            _put_aside(current)
        else:
            db.session.delete(current)
        db.session.flush()
    pile.put_aside_at = None
    say(pile, "ok", "counter.heard_taken_up")
    db.session.flush()
    return pile


def clear(pile: Pile) -> None:
    """Nothing of it was meant: the pile goes, as it never was."""
    db.session.delete(pile)
    db.session.flush()


def _clear(gone: Sequence[Pile]) -> int:
    for pile in gone:
        db.session.delete(pile)
    db.session.flush()
    return len(gone)


def _clear_these(numbers: Sequence[int]) -> None:
    _clear(db.session.scalars(select(Pile).where(Pile.id.in_(numbers))).all())


# What was recorded is in the loans.
clear_counters = Term(
    key="lending.counters",
    who=_l("Personne servie à un comptoir"),
    what=_l("ce qui y était posé, la signature dessinée et les photos, avant d'être enregistrés"),
    remains=_l("Le prêt ou le retour, enregistré"),
    since=_l("la fin de la journée"),
    model=Pile,
    past=was_left,
    forget=_clear_these,
    covers=("counter_piles", "counter_lines", "counter_photos"),
    hourly=True,
)
