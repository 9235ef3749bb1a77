"""What partners asked and got, as the page of an organisation shows it; what of theirs is still open."""

from collections import Counter
from datetime import UTC, datetime

from sqlalchemy import func, select

from refurb.directory.models import Organisation
from refurb.directory.organisations.shown import FEW, masked, masked_total
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.wired import HungPanel
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _l, _n
from refurb.referrals.cases.queries.referrals import OPEN
from refurb.referrals.models import Referral
from refurb.referrals.words import ReferralState

_WAITING = {ReferralState.SUBMITTED, ReferralState.NEEDS_INFORMATION, ReferralState.WAITING, ReferralState.ALLOCATED}
_STEPS = (
    (_l("Orientations reçues"), _WAITING | {ReferralState.SERVED, ReferralState.REFUSED, ReferralState.WITHDRAWN}),
    (_l("En attente aujourd'hui"), _WAITING),
    (_l("Appareils remis"), {ReferralState.SERVED}),
    (_l("Refusées"), {ReferralState.REFUSED}),
    (_l("Retirées ou sans suite"), {ReferralState.WITHDRAWN}),
)


def asked_and_got(partner_id: int, year: int) -> dict[tuple[DeviceKind, ReferralState], int]:
    """How many referrals a partner submitted in a year, by the kind of device and by where they stand today."""
    first, after = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    rows = db.session.execute(
        select(Referral.device_kind, Referral.state, func.count())
        .where(Referral.partner_id == partner_id, Referral.submitted_at >= first, Referral.submitted_at < after)
        .group_by(Referral.device_kind, Referral.state)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def panel_of_referrals(actor: Actor, organisation: Organisation) -> HungPanel | None:
    """What a partner asked and got this year: steps by kind of device, small numbers hidden; for whoever decides on referrals."""
    if not organisation.is_partner or not actor.may(Permission.REFERRAL_DECIDE):
        return None
    year = today().year
    counts = asked_and_got(organisation.id, year)
    asked = Counter(kind for kind, _state in counts for _ in range(counts[kind, _state]))
    kinds = [kind for kind, _number in asked.most_common()] or [DeviceKind.LAPTOP]
    parts = {kind: [sum(counts.get((kind, state), 0) for state in states) for _label, states in _STEPS[1:]] for kind in kinds}
    received = [masked_total(parts[kind]) for kind in kinds]
    ways = [(label, [masked(parts[kind][place]) for kind in kinds]) for place, (label, _states) in enumerate(_STEPS[1:])]
    steps = [(_STEPS[0][0], received), *ways]
    words = [DEVICE_KINDS[kind] for kind in kinds]
    columns = [{"label": word, "num": True} for word in words]
    return HungPanel("referrals/cases/_partner.html", {"year": year, "kinds": words, "columns": columns, "steps": steps, "few": FEW})


def open_referrals(organisation: Organisation) -> list[str]:
    """How many referrals of a partner are under way, in words."""
    query = select(func.count()).where(Referral.partner_id == organisation.id, Referral.state.in_(OPEN))
    count = db.session.scalar(query) or 0
    return [_n("%(num)s orientation en cours", "%(num)s orientations en cours", count)] if count else []
