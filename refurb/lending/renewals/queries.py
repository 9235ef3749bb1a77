"""Until when a thing that is out may stay, and what is in the way."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.rulings import RuledLine, ruled
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.kernel.speech.words import _, _n
from refurb.lending.claims.facts import lent_until
from refurb.lending.claims.placing import Want, place
from refurb.lending.claims.pools import pool_of
from refurb.lending.claims.settling import is_flexible, live_claims, things
from refurb.lending.claims.words import ClaimKind, PoolKey
from refurb.lending.guarantees.rules import is_insured_until
from refurb.lending.items.rules import NotOut
from refurb.lending.models import Borrower, Item, Loan, LoanLine
from refurb.lending.recalls.queries import recalls_of
from refurb.lending.renewals.models import DueChange
from refurb.lending.renewals.rules import NoRenewalLeft, NotRenewed, RecalledBefore, ReservedNext, ReservedUntil, WaitedFor, WaitedForUntil
from refurb.lending.renewals.words import DueWhy
from refurb.lending.suspensions.rules import Suspended, is_not_suspended
from refurb.lending.terms import LOANS, LoanPolicy, NeverOpen, Terms, loan_policy
from refurb.lending.waits.queries import first_wait_in_the_way


@dataclass(frozen=True)
class Renewal:
    """Of a line that is out: until when the rule lets it go on, until when it may, and what is in the way of more, if anything is.

    `until` is None where it cannot go on at all.
    """

    line: LoanLine
    wanted: date | None
    until: date | None
    refusal: Refusal | None
    done: int
    most: int

    @property
    def is_shortened(self) -> bool:
        """Whether it may go on for less long than the rule says."""
        return self.until is not None and self.until != self.wanted


def renewals_done(line: LoanLine) -> int:
    """How often a line was renewed."""
    return _done_of([line]).get(line.id, 0)


def _done_of(lines: Sequence[LoanLine]) -> dict[int, int]:
    """The same of several, by the line's number; nothing of what never was renewed."""
    query = select(DueChange.line_id, func.count()).where(DueChange.line_id.in_([each.id for each in lines]))
    counted = query.where(DueChange.why == DueWhy.RENEWAL).group_by(DueChange.line_id)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def policy_for(loan: Loan) -> LoanPolicy:
    """The terms as they are for whoever has a loan, at its place."""
    return loan_policy().for_whom(loan.borrower.kind, loan.site_id)


def renewal_of(line: LoanLine) -> Renewal:
    """Until when a line may go on: from its day of return, or from today once that has passed, by the rule of a departure."""
    return renewals_for([line])[0]


def renewals_for(lines: Sequence[LoanLine]) -> list[Renewal]:
    """The same of several lines; what is so of all of them is looked up once."""
    recalled = recalls_of([each.id for each in lines])
    done, borrowers = _done_of(lines), {each.loan.borrower_id: each.loan.borrower for each in lines}
    suspended = {number: _suspension(each) for number, each in borrowers.items()}
    pools = {key: _Pool(live_claims(key), things(key)) for key in {pool_of(each.item) for each in lines if each.back_at is None}}
    barring: dict[int, Refusal | None] = {each.id: suspended[each.loan.borrower_id] for each in lines}
    barring |= {each.id: RecalledBefore(name=each.item.name, due_on=each.due_on) for each in lines if each.id in recalled}
    return [_renewal(each, done.get(each.id, 0), barring[each.id], pools) for each in lines]


@dataclass(frozen=True)
class _Pool:
    """What stands in a pool, and its things."""

    claims: Sequence[Any]
    there: Sequence[int]


def _renewal(line: LoanLine, done: int, barring: Refusal | None, pools: Mapping[PoolKey, _Pool]) -> Renewal:
    loans = policy_for(line.loan)
    terms = loans.terms(line.item.product.category)
    barred = _barred(line, loans, terms, done, barring)
    if barred is None:
        try:
            return _as_far_as_may_be(line, loans, done, pools[pool_of(line.item)])
        except NeverOpen as never:  # Of this line alone: nobody comes any more to where it is brought back.
            barred = never
    return Renewal(line, None, None, barred, done, terms.renewals)


def _as_far_as_may_be(line: LoanLine, loans: LoanPolicy, done: int, pool: _Pool) -> Renewal:
    terms = loans.terms(line.item.product.category)
    days, since = line.loan.handing.days, max(line.due_on, today())
    wanted = loans.due_date(terms, since, days)
    open_days = [since + timedelta(days=far) for far in range(1, (wanted - since).days + 1)]
    open_days = [each for each in open_days if loans.is_open(each, days)]
    nobody_waits, nobody_is_short = _nobody_waits(line), _nobody_is_short(line, pool)
    uninsured = _uninsured(line, loans, wanted)
    if uninsured is not None:
        until = _last(open_days, lambda day: not _uninsured(line, loans, day) and nobody_waits(day) and nobody_is_short(day))
        return Renewal(line, wanted, until, uninsured, done, terms.renewals)
    for is_free, (then, never) in ((nobody_waits, _WAITED), (nobody_is_short, _RESERVED)):
        if is_free(wanted):
            continue
        # The other reason may be in the way sooner.
        until = _last(open_days, lambda day: nobody_waits(day) and nobody_is_short(day))
        facts = {"name": line.item.name, "due_on": line.due_on}
        refusal: Refusal = never(**facts) if until is None else then(**facts, nearest=until)
        return Renewal(line, wanted, until, refusal, done, terms.renewals)
    return Renewal(line, wanted, wanted, None, done, terms.renewals)


def _uninsured(line: LoanLine, loans: LoanPolicy, day: date) -> Refusal | None:
    """Why it may not be had until a day: its category asks for an insurance, and there is none, or it ends before."""
    try:
        is_insured_until(loans, loans.terms(line.item.product.category), line.loan.borrower, day)
    except Conflict as refusal:
        return refusal
    return None


_WAITED: tuple[type[Refusal], type[Refusal]] = (WaitedForUntil, WaitedFor)
_RESERVED: tuple[type[Refusal], type[Refusal]] = (ReservedUntil, ReservedNext)


def _suspension(borrower: Borrower) -> Refusal | None:
    try:
        is_not_suspended(borrower)
    except Suspended as suspended:
        return suspended
    return None


def _barred(line: LoanLine, loans: LoanPolicy, terms: Terms, done: int, barring: Refusal | None) -> Refusal | None:
    """What keeps a line from going on whoever else wants the thing."""
    if line.back_at is not None:
        return NotOut(name=line.item.name)
    if barring is not None:
        return barring
    if done < terms.renewals:
        return None
    said = _n("%(name)s : %(num)s prolongation", "%(name)s : %(num)s prolongations", terms.renewals, name=terms.name)
    won = RuledLine(said, _("déjà prolongé %(done)s fois", done=done))
    refusal = NoRenewalLeft(name=line.item.name, done=done) if terms.renewals else NotRenewed(name=line.item.name)
    return ruled(refusal, LOANS.name, loans.version, won)


def _last(days: Sequence[date], is_free: Callable[[date], bool]) -> date | None:
    """Of some days the last that is free, where whatever is in the way once is so ever after."""
    low, high = 0, len(days)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if is_free(days[middle]) else (low, middle)
    return days[low - 1] if low else None


def _nobody_waits(line: LoanLine) -> Callable[[date], bool]:
    """Whether nobody waits for a day on which the thing would be taken, from the day on which it should come back."""
    item, since = line.item, max(line.due_on, today())
    first = first_wait_in_the_way(item.product_id, item.site_id, since)

    def is_free(day: date) -> bool:
        until = lent_until(item, day, line.loan.handover_id)
        return first is None or first >= until

    return is_free


def _nobody_is_short(line: LoanLine, pool: _Pool) -> Callable[[date], bool]:
    """Whether everybody who reserved is served still, though the thing comes back on a later day; asks only."""
    item, there = line.item, pool.there
    wants = [Want(each.id, each.starts_on, each.until_on, each.item_id) for each in pool.claims if is_flexible(each)]
    fixed = [(each.item_id, each.starts_on, each.until_on) for each in pool.claims if _is_fixed(each) and not _gives_way(each, item)]
    short = _short(place(there, [*fixed, (item.id, today(), _agreed(line))], wants).values())

    def is_free(day: date) -> bool:
        until = lent_until(item, day, line.loan.handover_id)
        if any(thing == item.id and starts < until for thing, starts, _until in fixed):
            return False
        return _short(place(there, [*fixed, (item.id, today(), until)], wants).values()) <= short

    return is_free


def _agreed(line: LoanLine) -> date:
    """Until when the thing is taken as agreed; what is late, until tomorrow: whoever is short by its being late is not so by this."""
    return max(lent_until(line.item, line.due_on, line.loan.handover_id), today() + timedelta(days=1))


def _is_fixed(claim: Any) -> bool:
    return not is_flexible(claim) and claim.item_id is not None


def _gives_way(claim: Any, item: Item) -> bool:
    """Whether what stands on a thing is that it is out, which is what goes on, or planned upkeep, which `change_due` plans anew."""
    return claim.item_id == item.id and (claim.began_at is not None or claim.kind is ClaimKind.MAINTENANCE)


def _short(placed: Iterable[int | None]) -> int:
    return list(placed).count(None)


def renewals_of(loan: Loan) -> list[Renewal]:
    """The same of each line of a loan that is out."""
    return renewals_for([line for line in loan.lines if line.back_at is None])
