"""Looking up what left and waits for its signature: no figure counts it yet."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from refurb.documents.models import Signing
from refurb.documents.signing import count_unsigned, waits
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.referrals.cases.queries.allocations import allocations_of
from refurb.referrals.cases.queries.referrals import Rows
from refurb.referrals.cases.scope import handable, sees_all
from refurb.referrals.models import Handover
from refurb.referrals.words import AllocationState


def to_sign(actor: Actor, most: int = 50) -> Sequence[Row[*tuple[Any, ...]]]:
    """What left, and whose slip is still to be signed, longest ago first."""
    return db.session.execute(_to_sign(actor).order_by(None).order_by(Signing.prepared_at, Signing.id).limit(most)).all()


def _to_sign(actor: Actor) -> Rows:
    query = allocations_of(actor, AllocationState.FULFILLED, handable)
    return query.join(Signing, waits(Handover.KIND) & (Signing.subject_id == Handover.id))


def count_to_sign(actor: Actor) -> int:
    """How many slips of hand-overs wait for their signature, of those that somebody may have signed."""
    if not actor.may(Permission.HANDOVER_WRITE):
        return 0
    if sees_all(actor):
        return count_unsigned(Handover.KIND)
    return db.session.scalar(select(func.count()).select_from(_to_sign(actor).order_by(None).subquery())) or 0
