"""What is owed and what is broken: noted when things come back or are lost, ended when they are found, brought back, paid or mended."""

from collections.abc import Collection, Mapping, Sequence

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.erased_files import let_go
from refurb.kernel.deeds.files import keep
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock, lock_once
from refurb.kernel.speech.clock import now
from refurb.lending.debts.queries import (
    debts_by_number,
    open_damages,
    open_debts_of_item,
    open_debts_of_line,
    quantity_settled,
    told_to_office,
)
from refurb.lending.debts.rules import AlreadyHanded, AlreadySettled, NotHanded, NothingToHand, NotSettled
from refurb.lending.models import ComponentCount, Damage, Debt, Item, LoanLine
from refurb.lending.queries import last_line
from refurb.lending.words import SAID_ENDS, ComponentState, DamageEnd, DebtEnd, DebtKind


def note_return(actor: Actor, line: LoanLine) -> None:
    """What a line that came back leaves: what is missing and what was broken on the way is owed; what is broken is broken."""
    # What was already broken left with the thing, whatever was counted then: whoever had it next owes nothing for it.
    is_newly_broken = any(each.state_back is ComponentState.DAMAGED is not each.state_out for each in line.counts)
    known = {damage.component for damage in open_damages(line.item)} if is_newly_broken else set()
    for each in line.counts:
        missing = each.quantity_out - (each.quantity_back or 0)
        if missing and not each.consumable:
            _owe(line, each, DebtKind.MISSING, missing)
        if each.state_back is ComponentState.DAMAGED and each.state_out is not ComponentState.DAMAGED and each.name not in known:
            _owe(line, each, DebtKind.DAMAGED, 1)
            damage = Damage(
                item_id=line.item_id, line_id=line.id, component=each.name, note=each.note_back, found_at=now(), found_by=actor.id
            )
            db.session.add(damage)


def keep_photos(actor: Actor, line: LoanLine, photos: Mapping[int, bytes]) -> None:
    """Keep pictures of what came back broken with a line, by the number of the count, beside what is noted of it as damage.

    What was broken before gets another entry for this return, which goes with it where it is undone; nobody owes it for that.
    """
    if not photos:
        return
    for each in line.counts:
        if each.id not in photos or each.state_back is not ComponentState.DAMAGED:
            continue
        noted = [damage for damage in open_damages(line.item) if (damage.line_id, damage.component) == (line.id, each.name)]
        damage = (
            noted[-1] if noted else Damage(item_id=line.item_id, line_id=line.id, component=each.name, found_at=now(), found_by=actor.id)
        )
        damage.photo, damage.note = keep(photos[each.id]), damage.note or each.note_back
        db.session.add(damage)
    db.session.flush()


def note_loss(line: LoanLine) -> None:
    """What was lost while it was out is owed, piece by piece."""
    for each in line.counts:
        if each.quantity_out and not each.consumable:
            _owe(line, each, DebtKind.LOST, each.quantity_out)


def _owe(line: LoanLine, count: ComponentCount, kind: DebtKind, quantity: int) -> None:
    # A return that was undone and noted anew: what was already paid, brought or let go is not asked twice.
    quantity -= quantity_settled(line, kind, count.name)
    if quantity <= 0:
        return
    value = None if count.value_cents is None else count.value_cents * quantity
    # How much of a set of pieces is broken nobody has counted, so nobody knows what it is worth.
    if kind is DebtKind.DAMAGED and count.quantity_out > 1:
        value = None
    debt = Debt(borrower_id=line.loan.borrower_id, line_id=line.id, kind=kind, name=count.name, quantity=quantity, value_cents=value)
    debt.since = now()
    told = told_to_office(line, kind, count.name)
    if told is not None and told.quantity >= quantity:  # By the return that was undone: the office is not told twice.
        debt.handed_at, debt.handed_by = told.handed_at, told.handed_by
    db.session.add(debt)


def settle_debt(actor: Actor, debt: Debt, *, how: DebtEnd, note: str | None = None) -> None:
    """Somebody says that a debt is settled, and how: brought back, paid, or let go."""
    check(actor, Permission.LOAN_WRITE)
    lock(debt)
    if debt.settled_at is not None:
        raise AlreadySettled(name=debt.name)
    _settle(actor, debt, how)
    happened = record(debt.borrower, "settled", actor, debt=debt.id, how=how, loan=debt.line.loan_id)
    write_beside(happened, {"note": note} if note else {})


def owe_again(actor: Actor, debt: Debt) -> None:
    """Take back, as a mistake, that a debt is settled; the history keeps both. Raises `NotSettled` where nobody said so."""
    check(actor, Permission.LOAN_WRITE)
    lock(debt)
    how = debt.settled_how
    if how not in SAID_ENDS:
        raise NotSettled(name=debt.name)
    debt.settled_at, debt.settled_by, debt.settled_how = None, None, None
    record(debt.borrower, "owed_again", actor, debt=debt.id, how=how, loan=debt.line.loan_id)


def hand_to_office(actor: Actor, numbers: Collection[int]) -> Sequence[Debt]:
    """Somebody told the finance office what is owed, whole or not at all: it is not told twice.

    Nothing is asked of anybody by that, and nothing is booked: what becomes of it is the office's affair. Refused where one was settled, or
    handed on, meanwhile.
    """
    check(actor, Permission.LOAN_WRITE)
    debts = debts_by_number(numbers)
    if not debts or len(debts) < len(set(numbers)):
        raise NothingToHand
    for borrower in sorted({debt.borrower for debt in debts}, key=lambda each: each.id):
        lock_once(borrower)  # Their histories are written: who hands others of theirs waits, always in the same order.
    for debt in debts:
        lock(debt)
        if debt.settled_at is not None:
            raise AlreadySettled(name=debt.name)
        if debt.handed_at is not None:
            raise AlreadyHanded(name=debt.name, day=debt.handed_at)
        debt.handed_at, debt.handed_by = now(), actor.id
        record(debt.borrower, "handed_to_office", actor, debt=debt.id, loan=debt.line.loan_id)
    return debts


def take_from_office(actor: Actor, debt: Debt, *, reason: str) -> None:
    """The finance office was not told, or no longer asks for it; the history keeps both, and why."""
    check(actor, Permission.LOAN_WRITE)
    lock(debt)
    if debt.handed_at is None:
        raise NotHanded(name=debt.name)
    debt.handed_at = debt.handed_by = None
    write_beside(record(debt.borrower, "taken_from_office", actor, debt=debt.id, loan=debt.line.loan_id), {"reason": reason})


def _settle(actor: Actor, debt: Debt, how: DebtEnd) -> None:
    debt.settled_at, debt.settled_by, debt.settled_how = now(), actor.id, how


def settle_found(actor: Actor, item: Item) -> int:
    """What was lost with an item that is found again is owed no more; how many debts."""
    debts = open_debts_of_item(item, DebtKind.LOST)
    for debt in debts:
        _settle(actor, debt, DebtEnd.FOUND)
    return len(debts)


def settle_brought(actor: Actor, item: Item) -> int:
    """The last borrower has brought what was missing: nothing of it is owed any more; how many debts."""
    debts = open_debts_of_item(item, DebtKind.MISSING)
    # What somebody else still owes from an older loan of it is not brought by this one.
    debts = [debt for debt in debts if debt.line_id == last_line(item).id]
    for debt in debts:
        _settle(actor, debt, DebtEnd.BROUGHT)
    return len(debts)


def settle_pieces_brought(actor: Actor, item: Item, name: str, quantity: int) -> int:
    """So many missing pieces of a component were brought: whole debts of them are owed no more, the oldest first; how many debts."""
    settled = 0
    for debt in open_debts_of_item(item, DebtKind.MISSING):
        if debt.name == name and debt.quantity <= quantity:
            quantity -= debt.quantity
            _settle(actor, debt, DebtEnd.BROUGHT)
            settled += 1
    return settled


def withdraw_return(actor: Actor, line: LoanLine) -> None:
    """A return that never was leaves nothing owed and nothing broken."""
    for debt in open_debts_of_line(line):
        _settle(actor, debt, DebtEnd.MISTAKE)
    for damage in open_damages(line.item):
        if damage.line_id == line.id:
            _end(actor, damage, DamageEnd.MISTAKE)


def mend(actor: Actor, item: Item) -> int:
    """What was broken on an item is mended, or replaced; how many damages."""
    damages = open_damages(item)
    for damage in damages:
        _end(actor, damage, DamageEnd.MENDED)
    return len(damages)


def _end(actor: Actor, damage: Damage, how: DamageEnd) -> None:
    line = db.session.get(LoanLine, damage.line_id) if damage.line_id is not None else None
    if line is not None and line.loan.forgotten_at is not None:  # The night passed while it was broken: nobody comes for it again.
        let_go([damage.photo])
        damage.note = damage.photo = None
    damage.ended_at, damage.ended_by, damage.ended_how = now(), actor.id, how
