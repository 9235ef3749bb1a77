"""The letters to whoever reserved without an account: the link, and what was decided."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.directory.letters import write_letter
from refurb.directory.queries import home
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Nothing
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, Overtaken, letter, refuse_outrun
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.deeds.policy import PolicyFile
from refurb.kernel.deeds.texts import Wording
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.names import to_name
from refurb.kernel.speech.words import _l, day
from refurb.lending.catalogue.actions import MAIL_REQUEST_LINK, TELL_ASKER
from refurb.lending.catalogue.mine import own_url, said_where, to_bring_for
from refurb.lending.catalogue.texts import ONLINE_LINK, ONLINE_NEWS
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.online import OnlineRequest, online_request_of
from refurb.lending.reservations.words import UNANSWERED, ReservationState


class RequestOver(Nothing):
    """The reservation is confirmed, or gone: nobody needs its link."""

    code = "letter.request_over"


def _asked(number: int) -> tuple[Reservation, OnlineRequest]:
    """A reservation with its request. Raises `RequestOver`, `NobodyToWriteTo`."""
    found = db.session.get(Reservation, number)
    asked = online_request_of(found) if found else None
    if found is None or asked is None:
        raise RequestOver
    if not found.borrower.email:
        raise NobodyToWriteTo
    return found, asked


_TOLD = (ReservationState.APPROVED, ReservationState.HELD, ReservationState.REFUSED, ReservationState.EXPIRED)


def _written(file: PolicyFile[Wording], kind: str, body: str, reservation: Reservation, link: str | None) -> Letter:
    """Nothing that a stranger typed is repeated: a letter that somebody else was made to get says nothing of anybody."""
    recipient = reservation.borrower.email
    assert recipient is not None
    key = f"{kind}-{reservation.id}-{reservation.state.value}"
    return write_letter(
        file,
        key=key,
        to=recipient,
        body=body,
        reference=reservation.reference,
        to_house=to_name(home().name),
        first=day(reservation.from_on, "full" if file is ONLINE_NEWS else "long"),
        last=day(reservation.to_on),
        until=day(local(reservation.expires_at).date()) if reservation.expires_at else "",
        place=said_where(reservation),
        bring=_listed(reservation),
        link=link or own_url(reservation),
    )


def _listed(reservation: Reservation) -> str:
    """What to bring, a line for each; nothing where nothing is asked for."""
    return "\n".join(f"– {each}" for each in to_bring_for(reservation))


def link_letter(reservation: Reservation, link: str | None = None) -> Letter:
    """The letter that asks to confirm."""
    body = "to_decide" if reservation.state.is_pending else "body"
    return _written(ONLINE_LINK, "link_mail", body, reservation, link)


def news_letter(reservation: Reservation, link: str | None = None) -> Letter:
    """The letter that says what was decided."""
    body = reservation.state if reservation.state in _TOLD else ReservationState.CANCELLED
    return _written(ONLINE_NEWS, "news_mail", f"said.{body.value}", reservation, link)


def _about(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(Reservation, facts["reservation_id"])
    if found is None:
        return None
    return About(found.reference, f"/reservations/{found.reference}", found.borrower.email, Permission.BORROWER_READ)


@letter(MAIL_REQUEST_LINK, _l("Lien de confirmation d'une réservation en ligne"), _about)
def mail_request_link(*, reservation_id: int) -> Letter:
    """Send the link, unless it was used already or the reservation is gone."""
    found, asked = _asked(reservation_id)
    if asked.confirmed_at is not None or found.state not in UNANSWERED:
        raise RequestOver
    with force_locale(asked.language):
        return link_letter(found)


@letter(TELL_ASKER, _l("Nouvelles d'une réservation en ligne"), _about)
def tell_asker(*, reservation_id: int, state: str, moves: int | None = None) -> Letter:
    """Say what became of it, unless something else has since."""
    found, asked = _asked(reservation_id)
    if found.state.value != state:
        raise Overtaken
    refuse_outrun(found, moves)
    with force_locale(asked.language):
        return news_letter(found)
