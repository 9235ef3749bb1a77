"""The letter that offers what somebody waited for."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale

from refurb.directory.letters import write_letter
from refurb.directory.sites.queries import site_name
from refurb.documents.links import make_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.words import _, _l, day
from refurb.lending.waits.actions import TELL_WAITING
from refurb.lending.waits.models import Wait
from refurb.lending.waits.texts import WAIT_OFFER
from refurb.lending.waits.words import WaitState

OFFER_LINK = "wait offer"
"""The purpose for which the link is signed: the wait's number."""
LANGUAGE = "fr"


def offer_url(wait: Wait) -> str:
    """The address of the page with the two answers."""
    base: str = current_app.config["BASE_URL"]
    return f"{base}/liste-d-attente/{make_link(OFFER_LINK, wait.id)}"


def _about(facts: Mapping[str, Any]) -> About | None:
    wait = db.session.get(Wait, facts["wait_id"])
    if wait is None:
        return None
    return About(wait.reference, f"/attentes/{wait.reference}", wait.borrower.email, Permission.BORROWER_READ)


@letter(TELL_WAITING, _l("Une place s'est libérée, à qui attendait"), _about)
def tell_waiting(*, wait_id: int) -> Letter:
    """Offer it, unless it was answered or has lapsed meanwhile; who has no address is called by the desk."""
    wait = db.session.get(Wait, wait_id)
    if wait is None or wait.state is not WaitState.OFFERED or wait.reservation is None:
        raise NotTold
    if not wait.borrower.email:
        raise NobodyToWriteTo
    with force_locale(LANGUAGE):
        return offer_letter(wait, f"{TELL_WAITING}-{wait.id}-{wait.reservation.id}", wait.borrower.email, offer_url(wait))


def offer_letter(wait: Wait, key: str, to: str, link: str) -> Letter:
    """The letter that offers it, until the hour at which the next one is asked."""
    assert wait.reservation is not None
    until = local(wait.reservation.expires_at)  # type: ignore[arg-type]  # what is unanswered expires: a CHECK
    return write_letter(
        WAIT_OFFER,
        key=key,
        to=to,
        body="to_decide" if wait.reservation.state.is_pending else "body",
        thing=wait.product.name,
        quantity=wait.quantity,
        first=day(wait.from_on),
        last=day(wait.to_on),
        until=_("%(day)s à %(hour)s", day=day(until.date()), hour=f"{until:%H} h {until:%M}"),
        place=site_name(wait.handover_id) if wait.handover_id is not None else "",
        link=link,
    )
