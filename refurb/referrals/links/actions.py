"""Give somebody without an account a link by which she refers for a partner, and take it back."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, update

from refurb.directory.models import Organisation
from refurb.directory.organisations.rules import may_refer
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.terms import ERASED, Term, ago
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden
from refurb.kernel.speech.words import _l
from refurb.referrals.links.models import AskingLink
from refurb.referrals.links.rules import AskingLinkOver, writes_for

LASTS = timedelta(days=90)
KEPT_FOR = timedelta(days=90)
"""How long who held a link that is over is remembered."""


def make_asking_link(actor: Actor, organisation: Organisation, *, holder: str) -> AskingLink:
    """Give somebody a link for ninety days; what is written by it is the actor's to confirm. Raises what `may_refer` refuses."""
    check(actor, Permission.REFERRAL_WRITE)
    if actor.id is None or not writes_for(actor, organisation.id):
        raise Forbidden(permission=Permission.REFERRAL_WRITE.value)
    may_refer(organisation)
    instant = now()
    link = AskingLink(organisation=organisation, made_by=actor.id, holder=holder, created_at=instant, ends_at=instant + LASTS)
    db.session.add(link)
    db.session.flush()
    record(link, "made", actor, organisation=organisation.id)
    return link


def revoke_asking_link(actor: Actor, link: AskingLink) -> None:
    """Take a link back: it opens nothing from now on, what was written by it stays. Raises `AskingLinkOver`."""
    check(actor, Permission.REFERRAL_WRITE)
    lock(link)
    if not link.is_open:
        raise AskingLinkOver
    link.revoked_at = now()
    record(link, "revoked", actor)


def _forget_holders(numbers: Sequence[int]) -> None:
    db.session.execute(update(AskingLink).where(AskingLink.id.in_(numbers)).values(holder=ERASED))


HOLDERS_TERM = Term(
    key="referrals.links",
    who=_l("Personne qui oriente par un lien, sans compte"),
    what=_l("comment elle est appelée"),
    remains=_l("Qu'un lien a été donné, et ce qui a été écrit par lui"),
    lasts=KEPT_FOR,
    since=_l("la fin de son lien"),
    model=AskingLink,
    past=lambda: func.coalesce(AskingLink.revoked_at, AskingLink.ends_at) < ago(KEPT_FOR),
    rest=lambda: AskingLink.holder != ERASED,
    forget=_forget_holders,
)
