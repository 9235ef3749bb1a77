"""What must hold before a referral is written by a link; each rule raises the refusal that says what is in the way."""

from datetime import timedelta

from sqlalchemy import func, select

from refurb.accounts.queries import actor_of
from refurb.directory.organisations.rules import may_refer
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal
from refurb.referrals.links.models import AskingLink
from refurb.referrals.models import Referral

MOST_A_DAY = 15
"""Referrals written by one link: a day's work of a town hall, and no flood."""


class AskingLinkOver(Refusal):
    """The link opens nothing any more: taken back, its time is over, or who gave it refers no more."""

    code = "asking_link.over"
    status = 410


class TooManyByLink(Refusal):
    """So many referrals came by this link since yesterday that somebody has to look first."""

    code = "asking_link.too_many"
    status = 429


def writes_for(actor: Actor, organisation_id: int) -> bool:
    """Whether somebody refers for an organisation."""
    wanted = Permission.REFERRAL_WRITE
    return actor.everywhere(wanted) or actor.on_own_work(wanted) or organisation_id in actor.organisations_for(wanted)


def opens_something(link: AskingLink) -> None:
    """It stands, who gave it still refers for that organisation, and the organisation may refer today."""
    if not link.is_open or not link.maker.is_active or not writes_for(actor_of(link.maker), link.organisation_id):
        raise AskingLinkOver
    may_refer(link.organisation)


def is_no_flood(link: AskingLink) -> None:
    """No more than a day's work came by it since yesterday."""
    lately = Referral.link_id == link.id, Referral.created_at > now() - timedelta(days=1)
    if (db.session.scalar(select(func.count()).where(*lately)) or 0) >= MOST_A_DAY:
        raise TooManyByLink(most=MOST_A_DAY)
