"""What another order of the waiting list would change today: whose rank moves, and who would be proposed a computer or would not be."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import PolicyEffect
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _, _n
from refurb.referrals.cases.priority import Needs, Order
from refurb.referrals.models import Referral
from refurb.referrals.words import ReferralState

SHOWN = 8
MOST_RANKED = 20_000
"""Who waits beyond so many is not ranked: nobody reads that far."""


def preview_order(before: Order, after: Order) -> PolicyEffect:
    """Whose rank among those that want the same kind of device would be another one; the largest moves first."""
    rows = _waiting()
    old, new = _ranks(rows, before), _ranks(rows, after)
    moved = sorted((each for each in rows if old[each.id] != new[each.id]), key=lambda each: (-abs(old[each.id] - new[each.id]), each.id))
    first = tuple(
        (
            _("%(reference)s, %(kind)s", reference=each.reference, kind=str(DEVICE_KINDS[each.device_kind])),
            _("rang %(rank)s", rank=old[each.id]),
            _("rang %(rank)s", rank=new[each.id]),
        )
        for each in moved[:SHOWN]
    )
    return PolicyEffect(len(moved), _said(len(moved), len(rows)), first)


def _said(moved: int, waiting: int) -> str:
    if not moved:
        return _("Aucun rang ne change parmi les %(waiting)s orientations qui attendent.", waiting=waiting)
    return _n(
        "%(num)s orientation change de rang, sur %(waiting)s qui attendent.",
        "%(num)s orientations changent de rang, sur %(waiting)s qui attendent.",
        moved,
        waiting=waiting,
    )


def _waiting() -> list[Any]:
    query = (
        select(
            Referral.id, Referral.reference, Referral.device_kind, Referral.school_children, Referral.situation, Referral.usage,
            Referral.submitted_at,
        )
        .where(Referral.state == ReferralState.WAITING)
        .order_by(Referral.submitted_at, Referral.id)
        .limit(MOST_RANKED)
    )  # fmt: skip
    return list(db.session.execute(query))


def _ranks(rows: Iterable[Any], order: Order) -> dict[int, int]:
    """The rank of each, by id; `rows` stand in the order in which they were sent."""
    counted: dict[Any, int] = {}
    found: dict[int, int] = {}
    at = now()
    numbered = [(order.place_of(Needs.of(each), at), each) for each in rows]
    for _number, each in sorted(numbered, key=lambda pair: pair[0]):
        counted[each.device_kind] = found[each.id] = counted.get(each.device_kind, 0) + 1
    return found
