"""The letters that tell a partner where each date of a workshop stands."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.accounts.queries import reachable
from refurb.directory.letters import page_address, write_letter
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event, notes_of
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, NotTold, letter, refuse_outrun
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.words import _l, day
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.series.actions import TELL_PARTNER
from refurb.lending.series.texts import WORKSHOP_NEWS


def _about(facts: Mapping[str, Any]) -> About | None:
    reservation = db.session.get(Reservation, facts["reservation_id"])
    if reservation is None:
        return None
    found = reachable(reservation.asked_by) if reservation.asked_by else None
    return About(reservation.reference, f"/reservations/{reservation.reference}", found[0] if found else None, Permission.LOAN_READ)


@letter(TELL_PARTNER, _l("Nouvelle d'un atelier à la structure qui réserve"), _about)
def tell_partner(*, reservation_id: int, state: str, moves: int | None = None) -> Letter:
    """Tell it, unless it has moved on since: what is so now has its own letter."""
    reservation = db.session.get(Reservation, reservation_id)
    if reservation is None or reservation.state.value != state:
        raise NotTold
    refuse_outrun(reservation, moves)
    found = reachable(reservation.asked_by) if reservation.asked_by else None
    if found is None:
        raise NobodyToWriteTo
    email, language = found
    happened = last_event(reservation)
    with force_locale(language):
        return workshop_letter(reservation, f"{TELL_PARTNER}-{reservation.id}-{state}-{happened.position if happened else 0}", email)


def workshop_letter(reservation: Reservation, key: str, to: str) -> Letter:
    """Where one date of a workshop stands."""
    happened = last_event(reservation)
    return write_letter(
        WORKSHOP_NEWS,
        key=key,
        to=to,
        reference=reservation.reference,
        state=str(reservation_machine.looks[reservation.state].word).lower(),
        things=", ".join(each.product.name for each in reservation.lines),
        first=day(reservation.from_on),
        last=day(reservation.to_on),
        reason=notes_of([happened])[happened.id].get("reason", "") if happened else "",
        until=day(reservation.expires_at) if reservation.state.is_pending and reservation.expires_at else "",
        link=page_address(f"/ateliers/{reservation.reference}"),
    )
