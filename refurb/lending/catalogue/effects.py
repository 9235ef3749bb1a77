"""The letters to whoever reserved without an account: the link, and what was decided."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale

from refurb.directory.queries import home
from refurb.directory.sites.queries import every_site
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Nothing
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, Overtaken, letter, refuse_outrun
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.words import _, _l, day
from refurb.lending.catalogue.actions import MAIL_REQUEST_LINK, TELL_ASKER
from refurb.lending.catalogue.mine import own_url
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


def _written(kind: str, reservation: Reservation, language: str, subject: Any) -> Letter:
    """Nothing that a stranger typed is repeated: a letter that somebody else was made to get says nothing of anybody."""
    card, recipient = home(), reservation.borrower.email
    assert recipient is not None
    with force_locale(language):
        text = current_app.jinja_env.get_template(f"lending/catalogue/{kind}.txt").render(
            home=card,
            reservation=reservation,
            **{f"is_{each.value}": reservation.state is each for each in ReservationState},
            place=every_site()[reservation.site_id],
            url=own_url(reservation),
            until=day(local(reservation.expires_at).date()) if reservation.expires_at else "",
        )
        said = subject()
    key = f"{kind}-{reservation.id}-{reservation.state.value}"
    return Letter(key=key, to=recipient, subject=said, text=text, sender_name=card.name, reply_to=card.email, language=language)


def link_letter(reservation: Reservation, asked: OnlineRequest) -> Letter:
    """The letter that asks to confirm."""
    return _written("link_mail", reservation, asked.language, lambda: _("Votre réservation de matériel : à confirmer"))


def news_letter(reservation: Reservation, asked: OnlineRequest) -> Letter:
    """The letter that says what was decided."""
    return _written("news_mail", reservation, asked.language, lambda: _("Votre réservation %(reference)s", reference=reservation.reference))


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
    return link_letter(found, asked)


@letter(TELL_ASKER, _l("Nouvelles d'une réservation en ligne"), _about)
def tell_asker(*, reservation_id: int, state: str, moves: int | None = None) -> Letter:
    """Say what became of it, unless something else has since."""
    found, asked = _asked(reservation_id)
    if found.state.value != state:
        raise Overtaken
    refuse_outrun(found, moves)
    return news_letter(found, asked)
