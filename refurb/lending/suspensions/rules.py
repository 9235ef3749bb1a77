"""Who is suspended takes nothing away; bringing back is never refused."""

from refurb.kernel.deeds.rulings import RuledLine, ruled
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.errors import Conflict
from refurb.kernel.speech.words import _, _n
from refurb.lending.models import Borrower
from refurb.lending.suspensions.queries import suspension_of
from refurb.lending.suspensions.words import SuspendedWhy
from refurb.lending.terms import LOANS, loan_policy


class Suspended(Conflict):
    """The loans of this borrower are suspended."""

    code = "borrower.suspended"


class AlreadySuspended(Conflict):
    """They are suspended already."""

    code = "borrower.already_suspended"


class NotSuspended(Conflict):
    """Nothing is to be lifted."""

    code = "borrower.not_suspended"


def is_not_suspended(borrower: Borrower, override: str | None = None) -> bool:
    """Somebody may borrow, or the policy lets a reason stand for that; whether the reason was needed."""
    found = suspension_of(borrower)
    if found is None:
        return False
    loans = loan_policy()
    if override and loans.suspension_override:
        return True
    refusal = Suspended(since=local(found.since).date())
    if found.why is SuspendedWhy.REMINDERS:
        said = _n("%(num)s rappel sans retour", "%(num)s rappels sans retour", loans.suspend_after)
        refusal = ruled(refusal, LOANS.name, loans.version, RuledLine(said, _("suspend les prêts, jusqu'au retour")))
    raise refusal
