"""The links by which somebody without an account comes back to a reservation, and its days for a calendar."""

from datetime import date, timedelta

from flask import current_app, url_for

from refurb.directory.rota.words import said_hours
from refurb.directory.sites.queries import SiteCard, every_site
from refurb.documents.links import LinkBroken, make_link, open_link
from refurb.kernel.speech.calendar import WholeDays
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.words import _, _n
from refurb.lending.catalogue.queries import FEED_DAYS, days_free, keeper_at, reservation_asked
from refurb.lending.catalogue.road import passages_offered
from refurb.lending.catalogue.stays import Stay
from refurb.lending.guarantees.rules import to_bring
from refurb.lending.models import Product
from refurb.lending.reservations.models import Reservation
from refurb.lending.terms import loan_policy

MAILED = "online reservation"
"""The purpose of the link in a letter: it proves that its address is read, so it may confirm."""
SHOWN = "online reservation shown"
"""The purpose of the link that is shown right after asking: it may change and cancel."""
LASTS_DAYS = 400
"""Longer than anything is reserved ahead."""


def own_url(reservation: Reservation) -> str:
    """The address in letters."""
    base: str = current_app.config["BASE_URL"]
    return f"{base}/ma-reservation/{make_link(MAILED, reservation.id)}"


def shown_link(reservation: Reservation) -> str:
    """The token shown right after asking."""
    return make_link(SHOWN, reservation.id)


def opened(token: str) -> tuple[Reservation, bool]:
    """The reservation that a token opens, and whether it came by letter. Raises `LinkBroken`, `LinkExpired`, `NotFound`."""
    try:
        return reservation_asked(open_link(MAILED, token, days=LASTS_DAYS)), True
    except LinkBroken:
        return reservation_asked(open_link(SHOWN, token, days=LASTS_DAYS)), False


def stay_of(reservation: Reservation) -> Stay:
    """Where and when its things are fetched and brought back."""
    sites, kept = every_site(), every_site()[reservation.site_id]
    stop = sites[reservation.handover_id] if reservation.handover_id is not None else None
    return Stay(stop or kept, reservation.from_on, reservation.to_on, kept if stop else None)


def said_where(reservation: Reservation) -> str:
    """Where to come, within a sentence of a letter; at a stop with the hours of the vehicle."""
    stay = stay_of(reservation)
    if not stay.is_stop:
        return stay.place.name
    if not stay.hours_out:
        return _("au bus, %(place)s", place=stay.place.name)
    return _("au bus, %(place)s, de %(hours)s", place=stay.place.name, hours=stay.hours_out)


def passages_off(reservation: Reservation) -> list[date]:
    """Its days at a stop on which the vehicle does not come any more: the passage was cancelled, moved, or left out of the rule."""
    if reservation.handover_id is None or not reservation.state.is_to_come:
        return []
    loans, days = loan_policy(), reservation.handing.days
    return [each for each in (reservation.from_on, reservation.to_on) if each >= today() and not loans.is_open(each, days)]


def passage_entries(product: Product, stop: SiteCard) -> list[WholeDays]:
    """The passages of a stop for a calendar, with how many of a product are free on each."""
    kept = keeper_at(product, stop)
    if kept is None:
        return []
    free = {each.day: each.free for each in days_free(product, kept, today(), today() + timedelta(days=FEED_DAYS), stop)}
    return [
        WholeDays(
            uid=f"{product.id}-{stop.id}-{each.day:%Y%m%d}@{current_app.config['BASE_URL'].rpartition('/')[2]}", stamp=now(),
            first=each.day, location=f"{stop.name}, {stop.where}", description=said_hours(each.opens, each.closes),
            summary=_n("%(name)s : %(num)s libre", "%(name)s : %(num)s libres", free.get(each.day, 0), name=product.name),
        )
        for each in passages_offered(stop, kept)
    ]  # fmt: skip


def said(reservation: Reservation) -> str:
    """What is reserved in one line."""
    return ", ".join(f"{each.quantity} × {each.product.name}" if each.quantity > 1 else each.product.name for each in reservation.lines)


def to_bring_for(reservation: Reservation) -> list[str]:
    """What to bring when its things are fetched; nothing once they have left, or will not."""
    if not reservation.state.is_to_come:
        return []
    loans = loan_policy().for_whom(reservation.borrower.kind, reservation.site_id)
    terms = {each.product.category: loans.terms(each.product.category) for each in reservation.lines}
    return to_bring(terms.values(), reservation.to_on)


def entries_of(reservation: Reservation, token: str) -> list[WholeDays]:
    """The two days for a calendar, gone from it once the reservation is."""
    stay, what = stay_of(reservation), said(reservation)
    url = url_for("lending.own_reservation", token=token, _external=True)
    over = not (reservation.state.is_to_come or reservation.state == "out")
    told = (
        (_("Retrait : %(what)s", what=what), stay.from_on, stay.hours_out),
        (_("Retour : %(what)s", what=what), stay.to_on, stay.hours_back),
    )
    return [
        WholeDays(
            uid=f"{reservation.reference}-{number}@{current_app.config['BASE_URL'].rpartition('/')[2]}", stamp=now(), first=on,
            summary=summary, location=f"{stay.place.name}, {stay.place.where}", description=f"{hours}\n{url}".strip(), cancelled=over,
        )
        for number, (summary, on, hours) in enumerate(told)
    ]  # fmt: skip
