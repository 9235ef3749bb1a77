"""Let a thing that is out stay for longer: the same rule as at the departure, its claim along with it, nobody left with nothing."""

from collections.abc import Mapping, Sequence
from datetime import date

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Refusal
from refurb.lending.claims.facts import change_due, refuse_if_short
from refurb.lending.claims.pools import hold_for
from refurb.lending.loans.rules import DueClosed
from refurb.lending.models import Loan, LoanLine
from refurb.lending.renewals.models import DueChange
from refurb.lending.renewals.queries import policy_for, renewal_of
from refurb.lending.renewals.rules import NothingToRenew, RenewalTooFar
from refurb.lending.renewals.words import DueWhy


def renew(actor: Actor, loan: Loan, *, until: Mapping[int, date | None], by_borrower: bool = False) -> list[LoanLine]:
    """Let lines of a loan go on, by the line's number until a day, or as long as the rule says where none is told; all or nothing.

    Refused where somebody waits or a reservation needs the thing (with the nearest day that is possible), where it was renewed as often
    as it may, for a day that is closed. `by_borrower`: whoever has it, by the link.
    """
    check(actor, Permission.LOAN_WRITE)
    lines = [each for each in loan.lines if each.id in until]
    if not lines or len(lines) < len(until):
        raise NothingToRenew
    hold_for(*(each.item for each in lines))
    lock(loan)
    for line in sorted(lines, key=lambda each: each.item_id):
        try:
            _renew(actor, line, until[line.id], by_borrower=by_borrower)
        except Refusal as refusal:
            refusal.about = line.item_id
            raise
    return lines


def _renew(actor: Actor, line: LoanLine, until: date | None, *, by_borrower: bool) -> None:
    lock(line.item)
    lock(line)
    may = renewal_of(line)
    due_on = until or may.wanted
    if due_on is None or may.wanted is None:
        assert may.refusal is not None, "what goes on until no day is refused"
        raise may.refusal
    if not max(line.due_on, today()) < due_on <= may.wanted:
        raise RenewalTooFar(name=line.item.name, due_on=line.due_on, latest=may.wanted)
    if may.refusal is not None and (may.until is None or due_on > may.until):
        raise may.refusal
    if not policy_for(line.loan).is_open(due_on, line.loan.handing.days):
        raise DueClosed(due=due_on)
    before = line.due_on
    line.due_on = due_on
    refuse_if_short(change_due(line), line.item.name)
    db.session.add(DueChange(line_id=line.id, why=DueWhy.RENEWAL, before=before, due_on=due_on, at=now(), actor_id=actor.id))
    told = {"by_borrower": True} if by_borrower else {}
    record(line.loan, "renewed", actor, line=line.id, before=before, due_on=due_on, **told)


def renew_all(actor: Actor, loan: Loan, lines: Sequence[Mapping[str, object]]) -> list[LoanLine]:
    """The lines that were told (`schemas.RenewalTold`), or all that are out where none was."""
    told = {int(str(each["line"])): each["until"] for each in lines} or {each.id: None for each in loan.lines if each.back_at is None}
    return renew(actor, loan, until=told)  # type: ignore[arg-type]  # the schema reads a day or none
