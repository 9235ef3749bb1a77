"""Who reads the news of a referral at its partner."""

from dataclasses import dataclass

from sqlalchemy import select

from refurb.accounts.models import Account, RoleGrant
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.referrals.models import Referral


@dataclass(frozen=True)
class Reader:
    """Whom the news of a referral goes to, and the language that they read."""

    address: str
    language: str


def reader_of(referral: Referral) -> Reader | None:
    """Whoever wrote it for the partner; when the office did, or she has left, the partner's own address, else a colleague; or nobody."""
    author = referral.prescriber
    if author.is_active and any(_writes_for(each, referral) for each in author.grants):
        return Reader(author.email, author.language)
    if referral.partner.email:
        return Reader(referral.partner.email, "fr")
    colleague = db.session.scalars(
        select(Account)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.organisation_id == referral.partner_id, RoleGrant.role == Role.PRESCRIBER, Account.is_active)
        .order_by(Account.id)
        .limit(1)
    ).first()
    return Reader(colleague.email, colleague.language) if colleague else None


def _writes_for(grant: RoleGrant, referral: Referral) -> bool:
    """Whether somebody writes for a referral's partner: as its prescriber, or as an adviser who needs none."""
    return grant.role is Role.ADVISER or (grant.role is Role.PRESCRIBER and grant.organisation_id == referral.partner_id)
