"""Looking up the links by which people without an account refer, and what came in by them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from refurb.directory.letters import page_address
from refurb.documents.links import LinkBroken, make_link, open_link
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.referrals.links.actions import LASTS
from refurb.referrals.links.models import AskingLink
from refurb.referrals.models import Referral

PURPOSE = "refer"


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Those of the organisations for which she refers, and her own; all of them for whoever refers for everybody."""
    if actor.everywhere(Permission.REFERRAL_WRITE):
        return AskingLink.id.is_not(None)
    within = actor.organisations_for(Permission.REFERRAL_WRITE)
    return or_(AskingLink.made_by == actor.id, AskingLink.organisation_id.in_(within))


def asking_links(actor: Actor) -> Sequence[AskingLink]:
    """The links that somebody may take back, the newest first."""
    query = select(AskingLink).options(joinedload(AskingLink.organisation), joinedload(AskingLink.maker)).where(_visible(actor))
    return db.session.scalars(query.order_by(AskingLink.id.desc()).limit(200)).all()


def asking_link_for(actor: Actor, number: int) -> AskingLink:
    """One of them; `NotFound` for a stranger."""
    found = db.session.scalar(select(AskingLink).where(AskingLink.id == number, _visible(actor)))
    if found is None:
        raise NotFound
    return found


def address_of(link: AskingLink) -> str:
    """The address that is given: signed, so that nobody finds another."""
    return page_address(f"/orienter/{make_link(PURPOSE, link.id)}")


def asking_link_of(token: str) -> AskingLink:
    """The link of an address, whatever became of it; raises `LinkBroken`, `LinkExpired`."""
    found = db.session.get(AskingLink, open_link(PURPOSE, token, days=LASTS.days))
    if found is None:
        raise LinkBroken
    return found


def link_of(referral: Referral) -> AskingLink | None:
    """The link by which a referral was written; None for one that somebody wrote under her own name."""
    return db.session.get(AskingLink, referral.link_id) if referral.link_id else None


def written_by(links: Sequence[AskingLink]) -> dict[int, int]:
    """How many referrals were written by each link, whatever became of them."""
    query = select(Referral.link_id, func.count()).where(Referral.link_id.in_([each.id for each in links])).group_by(Referral.link_id)
    return {number: count for number, count in db.session.execute(query) if number is not None}
