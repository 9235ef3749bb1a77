"""New equipment that is bought for a hand-over: put to it, its price shared out, ordered, received, taken off or put to another."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import selectinload

from refurb.directory.models import Organisation
from refurb.directory.queries import home
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Fault, Invalid, NotFound
from refurb.kernel.speech.money import euros_said
from refurb.kernel.speech.words import _
from refurb.referrals.bought import Purchase, PurchaseFunder, PurchaseStep
from refurb.referrals.cases.lines import NothingToPrepare, open_lines
from refurb.referrals.cases.participation import SwapIsFree, share_allowed
from refurb.referrals.given import HandoverLine
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.words import AllocationState

MOST = 20
"""Things bought for one hand-over."""


class PurchaseGiven(Conflict):
    """What was bought is handed over, or goes with another hand-over: who paid for it is signed for, or said there."""

    code = "purchase.given"


def _prepared(actor: Actor, allocation: Allocation) -> None:
    check(actor, Permission.ALLOCATION_WRITE)
    lock(allocation)
    if allocation.state is not AllocationState.ACTIVE:
        raise NothingToPrepare


def line_for(allocation: Allocation, number: int) -> HandoverLine:
    """The open line of something that is bought for a hand-over; `NotFound` where there is none."""
    found = next((each for each in open_lines(allocation) if each.purchase_id == number), None)
    if found is None:
        raise NotFound
    return found


def purchase_for(allocation: Allocation, number: int) -> Purchase:
    """Something that is bought for a hand-over, by its number."""
    found = line_for(allocation, number).purchase
    assert found is not None
    return found


def _is_shared(allocation: Allocation, cents: int, share_cents: int, funded_cents: int) -> None:
    """A price is paid by somebody, once: the share within the policy, all shares within the price."""
    if cents <= 0:
        raise Invalid({"euros": [Fault("purchase.price")]})
    if share_cents and allocation.is_swap:
        raise SwapIsFree
    if share_cents > share_allowed(cents):
        raise Invalid({"share": [Fault("purchase.share", most=euros_said(share_allowed(cents)))]})
    if share_cents + funded_cents > cents:
        raise Invalid({"euros": [Fault("purchase.too_much", sum=euros_said(share_cents + funded_cents))]})


def add_purchase(actor: Actor, allocation: Allocation, *, what: str, cents: int, share_cents: int | None, reason: str) -> Purchase:
    """Something new is bought for a hand-over, with a reason. No machine of ours is taken, and no place of a quota."""
    _prepared(actor, allocation)
    share = share_cents or 0
    _is_shared(allocation, cents, share, 0)
    if sum(each.purchase_id is not None for each in open_lines(allocation)) >= MOST:
        raise Invalid({"what": [Fault("purchase.too_many", most=MOST)]})
    made = Purchase(what=what, cents=cents, share_cents=share, noted_at=now())
    db.session.add(HandoverLine(allocation=allocation, purchase=made, put_at=now()))
    db.session.flush()
    write_beside(record(allocation, "purchase_added", actor, purchase=made.id, cents=cents, share=share), {"reason": reason, "what": what})
    return made


def revise_purchase(
    actor: Actor,
    allocation: Allocation,
    number: int,
    *,
    what: str,
    cents: int,
    share_cents: int | None,
    ordered_on: date | None = None,
    received_on: date | None = None,
) -> Purchase:
    """What is bought, for how much, what of it the person pays; when it was ordered and when it came."""
    _prepared(actor, allocation)
    found, share = purchase_for(allocation, number), share_cents or 0
    _is_shared(allocation, cents, share, found.funded_cents)
    if received_on is not None and ordered_on is None:
        raise Invalid({"ordered_on": [Fault("field.required")]})
    if received_on is not None and ordered_on is not None and received_on < ordered_on:
        raise Invalid({"received_on": [Fault("purchase.before_the_order")]})
    told = {"what": what, "cents": cents, "share_cents": share, "ordered_on": ordered_on, "received_on": received_on}
    changed = sorted(name for name, value in told.items() if getattr(found, name) != value)
    for name, value in told.items():
        setattr(found, name, value)
    if received_on is None:
        line_for(allocation, number).packed_at = None
    db.session.flush()
    if changed:
        record(allocation, "purchase_revised", actor, purchase=found.id, fields=changed, cents=cents, share=share)
    return found


def _may_fund(organisation: Organisation) -> bool:
    return not (organisation.is_home or organisation.is_person or organisation.archived_at is not None)


def fund_purchase(actor: Actor, allocation: Allocation, number: int, *, organisation_id: int, cents: int) -> Purchase:
    """An organisation pays so much of something that is bought; none takes it off. What is left is ours."""
    _prepared(actor, allocation)
    found = purchase_for(allocation, number)
    organisation = db.session.get(Organisation, organisation_id)
    theirs = next((each for each in found.funders if each.organisation_id == organisation_id), None)
    if organisation is None or (theirs is None and not _may_fund(organisation)):
        raise Invalid({"organisation_id": [Fault("field.choice")]})
    others = found.funded_cents - (theirs.cents if theirs else 0)
    if found.share_cents + others + cents > found.cents:
        raise Invalid({"paid": [Fault("purchase.funder", most=euros_said(found.cents - found.share_cents - others))]})
    if theirs is not None and not cents:
        found.funders.remove(theirs)
    elif theirs is not None:
        theirs.cents = cents
    elif cents:
        found.funders.append(PurchaseFunder(organisation=organisation, cents=cents))
    db.session.flush()
    record(allocation, "purchase_funded", actor, purchase=found.id, organisation=organisation_id, cents=cents)
    return found


def drop_purchase(actor: Actor, allocation: Allocation, number: int) -> None:
    """Something is not given by this hand-over after all; what was ordered may be put to another. A second press changes nothing."""
    _prepared(actor, allocation)
    line = next((each for each in open_lines(allocation) if each.purchase_id == number), None)
    if line is None or line.purchase is None:
        return
    purchase = line.purchase
    record(allocation, "purchase_dropped", actor, purchase=purchase.id)
    if purchase.step is PurchaseStep.TO_ORDER and not _was_elsewhere(purchase, line):
        db.session.delete(line)
        db.session.flush()
        db.session.delete(purchase)
    else:
        line.closed_at = now()
    db.session.flush()


def _was_elsewhere(purchase: Purchase, line: HandoverLine) -> bool:
    other = select(HandoverLine.id).where(HandoverLine.purchase_id == purchase.id, HandoverLine.id != line.id)
    return db.session.scalar(other.limit(1)) is not None


def _is_taken() -> Any:
    """Whether it goes with a hand-over that is prepared, or left with one that stands."""
    stands = HandoverLine.handover_id.is_not(None) & (Allocation.state == AllocationState.FULFILLED)
    return (
        exists()
        .where(
            HandoverLine.purchase_id == Purchase.id, HandoverLine.allocation_id == Allocation.id, HandoverLine.closed_at.is_(None) | stands
        )
        .correlate(Purchase)
    )


def free_purchases() -> Sequence[Purchase]:
    """What was ordered, or came, for somebody who is not given it after all: the longest here first."""
    query = select(Purchase).where(Purchase.ordered_on.is_not(None), ~_is_taken())
    return db.session.scalars(query.order_by(Purchase.received_on.is_(None), Purchase.received_on, Purchase.id).limit(100)).all()


def put_purchase(actor: Actor, allocation: Allocation, *, purchase_id: int) -> Purchase:
    """What was bought for somebody else goes with this hand-over: whoever receives it pays nothing unless that is said anew."""
    _prepared(actor, allocation)
    found = db.session.get(Purchase, purchase_id)
    if found is None or found.ordered_on is None:
        raise Invalid({"purchase_id": [Fault("field.choice")]})
    lock(found)
    if db.session.scalar(select(_is_taken()).select_from(Purchase).where(Purchase.id == found.id)):
        raise PurchaseGiven(what=found.what)
    found.share_cents = 0
    db.session.add(HandoverLine(allocation=allocation, purchase=found, put_at=now()))
    db.session.flush()
    record(allocation, "purchase_put", actor, purchase=found.id)
    return found


def funding_said(purchase: Purchase) -> str:
    """Who pays for something that is bought, and how much each: funders, the person, us."""
    shares = [(each.organisation.name, each.cents) for each in purchase.funders]
    shares += [(_("la personne"), purchase.share_cents), (home().name, purchase.own_cents)]
    return ", ".join(f"{who} {euros_said(cents)}" for who, cents in shares if cents)


def dump_purchase(purchase: Purchase) -> dict[str, Any]:
    """Something that is bought, as the JSON door shows it."""
    return {
        "id": purchase.id,
        "what": purchase.what,
        "cents": purchase.cents,
        "share_cents": purchase.share_cents,
        "own_cents": purchase.own_cents,
        "funders": [
            {"organisation_id": each.organisation_id, "name": each.organisation.name, "cents": each.cents} for each in purchase.funders
        ],
        "step": purchase.step,
        "ordered_on": purchase.ordered_on and purchase.ordered_on.isoformat(),
        "received_on": purchase.received_on and purchase.received_on.isoformat(),
    }


def purchases_prepared() -> Sequence[Row[*tuple[Any, ...]]]:
    """What is bought for hand-overs that are prepared, what is to be ordered first, each with the reference of its file."""
    query = (
        select(Purchase, Referral.reference)
        .join(HandoverLine, (HandoverLine.purchase_id == Purchase.id) & HandoverLine.closed_at.is_(None))
        .join(Allocation, Allocation.id == HandoverLine.allocation_id)
        .join(Referral, Referral.id == Allocation.referral_id)
        .options(selectinload(Purchase.funders))
        .where(Allocation.state == AllocationState.ACTIVE)
        .order_by(Purchase.received_on.is_not(None), Purchase.ordered_on.is_not(None), Purchase.noted_at, Purchase.id)
    )
    return db.session.execute(query.limit(200)).all()


def _given_between(first: Any, after: Any) -> Any:
    return (
        select(Purchase.id)
        .join(HandoverLine, HandoverLine.purchase_id == Purchase.id)
        .join(Handover, Handover.id == HandoverLine.handover_id)
        .join(Allocation, Allocation.id == HandoverLine.allocation_id)
        .where(Allocation.state == AllocationState.FULFILLED, Handover.paper_id.is_not(None))
        .where(Handover.handed_at >= first, Handover.handed_at < after)
    )


def bought_for(referral: Referral) -> Sequence[Purchase]:
    """What was bought for somebody, or will be given with what is prepared."""
    query = (
        select(Purchase)
        .join(HandoverLine, HandoverLine.purchase_id == Purchase.id)
        .join(Allocation, Allocation.id == HandoverLine.allocation_id)
    )
    stands = HandoverLine.closed_at.is_(None) | HandoverLine.handover_id.is_not(None)
    return db.session.scalars(
        query.where(Allocation.referral_id == referral.id, Allocation.state != AllocationState.CANCELLED, stands).order_by(Purchase.id)
    ).all()


def paid_between(first: Any, after: Any) -> dict[str, Any]:
    """Of what was bought and handed over in a time, signed for: how many things, their price, what each paid of it, funders by the sum."""
    given = _given_between(first, after)
    sums = select(func.count(), func.coalesce(func.sum(Purchase.cents), 0), func.coalesce(func.sum(Purchase.share_cents), 0))
    number, cents, share = db.session.execute(sums.where(Purchase.id.in_(given))).one()
    by_funder = (
        select(Organisation.name, func.sum(PurchaseFunder.cents).label("cents"))
        .join(PurchaseFunder, PurchaseFunder.organisation_id == Organisation.id)
        .where(PurchaseFunder.purchase_id.in_(given))
        .group_by(Organisation.id, Organisation.name)
    )
    funders = sorted(((name, int(paid)) for name, paid in db.session.execute(by_funder)), key=lambda each: (-each[1], each[0]))
    own = int(cents) - int(share) - sum(paid for _name, paid in funders)
    return {"number": number, "cents": int(cents), "share_cents": int(share), "own_cents": own, "funders": funders}
