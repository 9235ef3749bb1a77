"""What leaves all the same, for a reason that is kept with the name of whoever gives it, or because something was shown since."""

from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.unit_of_work import lock
from refurb.lending.counter.actions.piles import judge, review, say
from refurb.lending.counter.models import Pile
from refurb.lending.counter.queries import open_pile
from refurb.lending.counter.rules import ReservedForAnother
from refurb.lending.guarantees.actions import followers
from refurb.lending.suspensions.rules import is_not_suspended


def let_leave(pile: Pile, line_id: int, reason: str) -> None:
    """A thing that is reserved for another leaves all the same, for a reason that is kept with the name of whoever gives it."""
    line = next((each for each in pile.lines if each.id == line_id), None)
    if line is not None and line.refusal and line.refusal["code"] == ReservedForAnother.code:
        line.override = reason
        judge(line)
        say(pile, "wait", "counter.heard_override", name=line.item.name, line=line.id)


def lend_despite_suspension(pile: Pile, reason: str) -> None:
    """What would leave to whose loans are suspended leaves all the same, for a reason; refused where the policy allows none."""
    if pile.borrower is not None and is_not_suspended(pile.borrower, reason):
        pile.despite_suspension = reason
        review(pile)
        say(pile, "wait", "counter.heard_despite", who=pile.borrower.id)


def _look_again(actor: Actor) -> None:
    """A certificate was noted, or withdrawn: what lies on this actor's counter is looked at again."""
    pile = open_pile(actor)
    if pile is not None:
        lock(pile)
        review(pile)


followers.append(_look_again)
