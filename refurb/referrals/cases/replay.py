"""A past decision told again from its record: which place the version of that day gave, why, and who stood before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.rulings import Ruling
from refurb.kernel.speech.words import _, _n
from refurb.referrals.cases.priority import ELIGIBILITY, Needs, Order, order
from refurb.referrals.cases.queries.waiting import Rank
from refurb.referrals.models import Allocation, Referral
from refurb.referrals.words import PriorityArea, Situation, Usage


def grounds_of(referral: Referral, standing: Rank, at: datetime) -> dict[str, Any]:
    """What the rule looks at in a referral, what it said of it at an instant, and what stood before it, as an allocation keeps it."""
    assert referral.submitted_at is not None, "it waits"
    needs = Needs.of(referral)
    return {
        "children": referral.school_children,
        "situation": referral.situation,
        "usage": referral.usage,
        "priority_area": referral.priority_area,
        "submitted_at": referral.submitted_at.isoformat(),
        "priority": order().own_of(needs).key,
        "place": order().place_of(needs, at),
        "total": standing.total,
        "ahead": {str(place): count for place, count in standing.ahead.items()},
    }


def needs_kept(kept: dict[str, Any]) -> Needs:
    """What the rule looked at, as it was kept; of decisions from before, whose versions could not ask it, no neighbourhood is known."""
    return Needs(
        kept["children"],
        Situation(kept["situation"]) if kept["situation"] else None,
        Usage(kept["usage"]) if kept["usage"] else None,
        datetime.fromisoformat(kept["submitted_at"]),
        PriorityArea(kept.get("priority_area", PriorityArea.UNKNOWN)),
    )


@dataclass(frozen=True)
class Replay:
    """A decision as its version tells it today: `agrees` says whether that is what was kept on the day."""

    allocation: Allocation
    order: Order
    needs: Needs
    standing: Rank

    @property
    def place(self) -> int:
        """The number of the priority among which it stood."""
        return self.order.place_of(self.needs, self.allocation.decided_at)

    @property
    def agrees(self) -> bool:
        """Whether the kept rank follows from the kept facts: all who stood before are of its place or a higher one.

        That place, and the sentence that gave it, are those of the day; decisions from before they were kept do not say them.
        """
        kept, grounds = self.allocation, self.allocation.grounds or {}
        own = self.order.own_of(self.needs).key
        if (grounds.get("place", self.place), grounds.get("priority", own)) != (self.place, own):
            return False
        is_ordered = max(self.standing.ahead, default=1) <= self.place
        return is_ordered and kept.rank == self.standing.rank and kept.out_of_order == (kept.rank > 1)

    @property
    def reasons(self) -> list[str]:
        """Why it had its rank on that day, in words."""
        return self.order.reasons(self.needs, self.allocation.decided_at)

    @property
    def ruling(self) -> Ruling:
        """The line of the version that won, and those that lost."""
        return self.order.ruling(self.needs, self.allocation.decided_at)


def replayed(allocation: Allocation) -> Replay | None:
    """A decision told again; None where its version was not kept, or the decision was taken before facts were."""
    rule, kept = ELIGIBILITY.decided_under(allocation.policy_version), allocation.grounds
    if rule is None or kept is None:
        return None
    ahead = {int(place): count for place, count in kept["ahead"].items()}
    return Replay(allocation, rule, needs_kept(kept), Rank(sum(ahead.values()) + 1, kept["total"], ahead))


def disagreements() -> Iterator[Allocation]:
    """The decisions whose kept rank does not follow from what was kept with it."""
    for allocation in db.session.scalars(select(Allocation).order_by(Allocation.id).execution_options(yield_per=500)):
        told = replayed(allocation)
        if told is not None and not told.agrees:
            yield allocation


def ahead_said(standing: Rank, rule: Order) -> list[str]:
    """Who stands before, in words, the highest priority first; whoever is of the last place is told to be older."""
    if standing.rank == 1:
        return [_("Personne ne passe avant")]
    rules = {each.number: each.rule() for each in rule.priorities}
    return [
        _n("Devant : %(num)s de priorité %(place)s (%(rule)s)", "Devant : %(num)s de priorité %(place)s (%(rule)s)",
           count, place=place, rule=rules[place])
        for place, count in standing.ahead.items()
    ]  # fmt: skip
