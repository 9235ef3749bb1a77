"""Until when a thing that is out may stay, and what is in the way."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.rulings import RuledLine, ruled
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _, _n
from refurb.lending.claims.facts import claim_open, lent_until
from refurb.lending.claims.placing import Want, place
from refurb.lending.claims.pools import pool_of
from refurb.lending.claims.settling import is_flexible, live_claims, things
from refurb.lending.items.rules import NotOut
from refurb.lending.models import Loan, LoanLine
from refurb.lending.renewals.models import DueChange
from refurb.lending.renewals.rules import NoRenewalLeft, NotRenewed, ReservedNext, ReservedUntil, WaitedFor, WaitedForUntil
from refurb.lending.renewals.words import DueWhy
from refurb.lending.reservations.queries import kind_of
from refurb.lending.suspensions.rules import Suspended, is_not_suspended
from refurb.lending.terms import LOANS, LoanPolicy, Terms, loan_policy
from refurb.lending.waits.queries import waits_in_the_way


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
    query = select(func.count()).select_from(DueChange)
    return db.session.scalar(query.where(DueChange.line_id == line.id, DueChange.why == DueWhy.RENEWAL)) or 0


def policy_for(loan: Loan) -> LoanPolicy:
    """The terms as they are for whoever has a loan, at its place."""
    return loan_policy().for_whom(kind_of(loan.borrower), loan.site_id)


def renewal_of(line: LoanLine) -> Renewal:
    """Until when a line may go on: from its day of return, or from today once that has passed, by the rule of a departure."""
    loans, done = policy_for(line.loan), renewals_done(line)
    terms = loans.terms(line.item.product.category)
    barred = _barred(line, loans, terms, done)
    if barred is not None:
        return Renewal(line, None, None, barred, done, terms.renewals)
    days, since = line.loan.handing.days, max(line.due_on, today())
    wanted = loans.due_date(terms, since, days)
    open_days = [since + timedelta(days=far) for far in range(1, (wanted - since).days + 1)]
    open_days = [each for each in open_days if loans.is_open(each, days)]
    for is_free, (then, never) in ((_nobody_waits(line), _WAITED), (_nobody_is_short(line), _RESERVED)):
        if is_free(wanted):
            continue
        until = _last(open_days, is_free)
        # The other reason may be in the way sooner.
        other = _last(open_days, lambda day: _nobody_waits(line)(day) and _nobody_is_short(line)(day))
        until = min(until, other) if until and other else None
        facts = {"name": line.item.name, "due_on": line.due_on}
        refusal: Refusal = never(**facts) if until is None else then(**facts, nearest=until)
        return Renewal(line, wanted, until, refusal, done, terms.renewals)
    return Renewal(line, wanted, wanted, None, done, terms.renewals)


_WAITED: tuple[type[Refusal], type[Refusal]] = (WaitedForUntil, WaitedFor)
_RESERVED: tuple[type[Refusal], type[Refusal]] = (ReservedUntil, ReservedNext)


def _barred(line: LoanLine, loans: LoanPolicy, terms: Terms, done: int) -> Refusal | None:
    """What keeps a line from going on whoever else wants the thing."""
    if line.back_at is not None:
        return NotOut(name=line.item.name)
    try:
        is_not_suspended(line.loan.borrower)
    except Suspended as suspended:
        return suspended
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

    def is_free(day: date) -> bool:
        until = lent_until(item, day, line.loan.handover_id)
        return not waits_in_the_way(item.product_id, item.site_id, since, until)

    return is_free


def _nobody_is_short(line: LoanLine) -> Callable[[date], bool]:
    """Whether everybody who reserved is served still, though the thing comes back on a later day; asks only."""
    item, pool = line.item, pool_of(line.item)
    claims, there, own = live_claims(pool), things(pool), claim_open(line.item)
    wants = [Want(each.id, each.starts_on, each.until_on, each.item_id) for each in claims if is_flexible(each)]
    fixed = [(each.item_id, each.starts_on, each.until_on) for each in claims if _is_fixed(each) and each.id != (own.id if own else None)]
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


def _is_fixed(claim: object) -> bool:
    return not is_flexible(claim) and getattr(claim, "item_id", None) is not None


def _short(placed: Iterable[int | None]) -> int:
    return list(placed).count(None)


def renewals_of(loan: Loan) -> list[Renewal]:
    """The same of each line of a loan that is out."""
    return [renewal_of(line) for line in loan.lines if line.back_at is None]
