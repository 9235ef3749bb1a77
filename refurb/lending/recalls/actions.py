"""Ask a thing back before its day, because somebody else needs it, and withdraw that; each with its name and its reason."""

from datetime import date

from refurb.directory.texting.policy import SmsKind
from refurb.directory.texting.sending import plan_text
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now, today
from refurb.lending.claims.facts import change_due, refuse_if_short
from refurb.lending.claims.pools import hold_for
from refurb.lending.items.rules import NotOut
from refurb.lending.models import LoanLine
from refurb.lending.recalls.models import Recall
from refurb.lending.recalls.queries import recall_of
from refurb.lending.recalls.rules import NotRecalled, recall_day_is_possible
from refurb.lending.terms import loan_policy

MAIL_RECALL = "mail_recall"
MAIL_RECALL_UNDONE = "mail_recall_undone"


def recall(actor: Actor, line: LoanLine, *, due_on: date, reason: str) -> Recall:
    """Ask a thing back on a sooner day: its claim ends sooner with it, so that whoever was short is served; its borrower is written to.

    Never sooner than the notice of its category, and not twice. Why is written beside the history of the loan, and told to nobody else.
    """
    check(actor, Permission.LOAN_WRITE)
    _hold(line)
    recall_day_is_possible(line, due_on)
    made = Recall(line_id=line.id, before=line.due_on, due_on=due_on, recalled_at=now(), recalled_by=actor.id)
    db.session.add(made)
    line.due_on = due_on
    change_due(line)
    db.session.flush()
    told = {"line": line.id, "before": made.before, "due_on": due_on}
    write_beside(record(line.loan, "recalled", actor, **told), {"reason": reason})
    plan(MAIL_RECALL, recall_id=made.id)
    plan_text(MAIL_RECALL, SmsKind.RECALLS, recall_id=made.id)
    return made


def undo_recall(actor: Actor, line: LoanLine, *, reason: str) -> Recall:
    """A thing may stay until the day that was agreed on, or the first open one after it; refused where somebody reserved it since."""
    check(actor, Permission.LOAN_WRITE)
    _hold(line)
    found = recall_of(line)
    if line.back_at is not None:
        raise NotOut(name=line.item.name)
    if found is None:
        raise NotRecalled(name=line.item.name)
    was, due_on = line.due_on, found.before
    if due_on > today():
        due_on = loan_policy().next_open(due_on, line.loan.handing.days)
    # A closure may have moved what was recalled to a later day than the one agreed on.
    line.due_on = max(due_on, was)
    refuse_if_short(change_due(line), line.item.name)
    found.undone_at, found.undone_by = now(), actor.id
    db.session.flush()
    told = {"line": line.id, "before": was, "due_on": line.due_on}
    write_beside(record(line.loan, "recall_undone", actor, **told), {"reason": reason})
    plan(MAIL_RECALL_UNDONE, recall_id=found.id)
    return found


def _hold(line: LoanLine) -> None:
    hold_for(line.item)
    lock(line.loan)
    lock(line.item)
    lock(line)
