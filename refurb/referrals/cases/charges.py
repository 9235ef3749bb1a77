"""The referrals that somebody has in hand, and how a colleague takes them over."""

from sqlalchemy import ColumnElement, func, select

from refurb.accounts.models import Account, RoleGrant
from refurb.kernel.deeds.access import GRANTS, OWN_WORK, Actor, Permission, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.deeds.wired import Charge
from refurb.kernel.speech.words import _n
from refurb.referrals.cases.queries.referrals import OPEN
from refurb.referrals.models import Referral

P = Permission
_OFFICE = [role for role in Role if P.REFERRAL_WRITE in GRANTS[role] and role is not Role.PRESCRIBER and role not in OWN_WORK]


def _hers(account_id: int, organisation_id: int | None) -> list[ColumnElement[bool]]:
    within = [Referral.partner_id == organisation_id] if organisation_id is not None else []
    return [Referral.prescriber_id == account_id, Referral.state.in_(OPEN), *within]


def _count(account_id: int, organisation_id: int | None) -> int:
    return db.session.scalar(select(func.count()).select_from(Referral).where(*_hers(account_id, organisation_id))) or 0


def _takers(account_id: int, organisation_id: int | None) -> set[int]:
    """Who writes for every partner concerned; the office too, unless it is a partner that hands on among its own."""
    partners = set(db.session.scalars(select(Referral.partner_id).where(*_hers(account_id, organisation_id)).distinct()))
    holders = [
        set(db.session.scalars(select(RoleGrant.account_id).where(RoleGrant.role == Role.PRESCRIBER, RoleGrant.organisation_id == each)))
        for each in partners
    ]
    office = set(db.session.scalars(select(RoleGrant.account_id).where(RoleGrant.role.in_(_OFFICE)))) if organisation_id is None else set()
    found = office.union(set.intersection(*holders) if holders else set())
    return set(db.session.scalars(select(Account.id).where(Account.id.in_(found), Account.is_active)))


def _hand_on(actor: Actor, giver: int, taker: int, organisation_id: int | None) -> None:
    for referral in db.session.scalars(select(Referral).where(*_hers(giver, organisation_id)).order_by(Referral.id)).all():
        lock(referral)
        referral.prescriber_id = taker
        record(referral, "handed_on", actor, giver=giver, taker=taker)


REFERRALS_IN_HAND = Charge(
    count=_count,
    said=lambda number: _n("%(num)s orientation en cours", "%(num)s orientations en cours", number),
    takers=_takers,
    hand_on=_hand_on,
)
