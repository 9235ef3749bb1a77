"""The public catalogue: dates first, then a product and its calendar, then a name; and one's own reservation by its link."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import Response as FileResponse
from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.directory.queries import home
from refurb.directory.sites.queries import SiteCard
from refurb.directory.sites.words import WEEKDAYS, said_hour
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.calendar import MIMETYPE, WholeDays, write_days
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.dates import day_in
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.folding import slug
from refurb.kernel.speech.words import _
from refurb.kernel.web.asked import day_asked, number_asked
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import find_actor, public, shown_again
from refurb.kernel.web.pages import disposition, go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.catalogue.actions import ask_online, cancel_online, change_online, confirm_online
from refurb.lending.catalogue.mine import entries_of, opened, said, shown_link, stay_of, to_bring_for
from refurb.lending.catalogue.queries import (
    board,
    contents_of,
    listed_products,
    month_of,
    named_with,
    nearest_of,
    places_of,
    public_product,
    spot_of,
    taken_spans,
)
from refurb.lending.catalogue.road import passages_at, stops
from refurb.lending.catalogue.schemas import AskedOnline, NeededDays, OtherDays, StayDays
from refurb.lending.catalogue.stays import Stay, lending_places, stay_at
from refurb.lending.catalogue.words import FACETS, Facet
from refurb.lending.machines.queries import machines, next_introduction
from refurb.lending.models import Product
from refurb.lending.reservations.online import online_request_of
from refurb.lending.reservations.rules import ClosedThatDay, DatesReversed, InThePast, TooFarAhead, TooLong
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.reservations.words import ReservationState
from refurb.lending.sheets.queries import activity_sheets, count_sheets
from refurb.lending.sheets.rules import may_share
from refurb.lending.terms import loan_policy
from refurb.lending.worth import worth

KEPT_SECONDS = 300
"""For how long somebody else's cache may show a feed or the open data without asking again."""
FURTHEST_MONTHS = 18
FURTHEST = timedelta(days=31 * FURTHEST_MONTHS)

_FIELD_OF: dict[type[Refusal], str] = {
    ClosedThatDay: "retrait", DatesReversed: "retour", InThePast: "retrait", TooFarAhead: "retrait", TooLong: "retour",
}  # fmt: skip


def feed(entries: Iterable[WholeDays], name: str) -> FileResponse:
    """A calendar that anybody may follow."""
    answer = FileResponse(write_days(name, entries), content_type=f"{MIMETYPE}; charset=utf-8")
    answer.headers["Content-Disposition"] = disposition(f"{slug(name)}.ics", inline=True)
    return answer


def _shown(template: str, **context: Any) -> FileResponse:
    """A page of the catalogue: each may name our places, where there are several, and how to reach us."""
    return page(template, home=home(), many=len(lending_places()) > 1, **context)


def _choices(places: Iterable[SiteCard]) -> list[tuple[str, str]]:
    return [
        (str(each.id), f"{each.commune}, {each.name}" if each.commune and each.commune not in each.name else each.name) for each in places
    ]


def _first_days() -> dict[str, Any]:
    """What is proposed to whoever has told no days: a week, from in two days."""
    return {"du": today() + timedelta(days=2), "au": today() + timedelta(days=9)}


def _narrowed() -> list[str]:
    known = {*loan_policy().categories, *Facet}
    return [each for each in dict.fromkeys(request.args.getlist("pour")) if each in known]


@blueprint.get("/emprunter")
@public
def catalogue() -> Response:
    """Dates first: what is free on them, where; then what is by shifting them a little; then the rest."""
    places, road = lending_places(), stops()
    told = {name: request.args[name] for name in ("du", "au", "lieu") if request.args.get(name)}
    choices = {"lieu": [("", _("Peu importe")), *_choices(places), *_choices(road)]}
    form = Form(NeededDays, start=_first_days() | told, choices=choices)
    narrowed, typed = _narrowed(), request.args.get("q", "").strip()[:100]
    shown, stop = None, next((each for each in road if str(each.id) == told.get("lieu")), None)
    with form.catching():
        facts = load(NeededDays, {name: str(value) for name, value in (_first_days() | told).items()})
        shown = board(facts["du"], facts["au"], place_id=facts["lieu"], typed=typed, narrowed=narrowed)
    return _shown(
        "lending/catalogue/catalogue.html",
        form=form,
        told=told,
        board=shown,
        stop=stop,
        passages=passages_at(stop) if stop else (),
        has_choice=len(places) + len(road) > 1,
        narrowed=narrowed,
        typed=typed,
        facets=FACETS,
        sheets=count_sheets(),
        machines=[(each, next_introduction(each)) for each in machines()],
        hour=said_hour,
        kept={**told, **({"q": typed} if typed else {})},
    )


def _day_asked(name: str) -> date | None:
    """A day that the address tells, unless it is too far off to be meant; one that has just passed is refused where it is reserved."""
    day = day_asked(name)
    return day if day and abs(day - today()) <= FURTHEST else None


def _asked_stay(product: Product) -> Stay:
    """The stay that the address tells, or the first that is proposed; at a place where the product is."""
    places = places_of(product, number_asked("lieu"))
    if not places:
        raise NotFound
    from_on, to_on = _day_asked("retrait"), _day_asked("retour")
    if from_on and to_on and from_on < to_on:
        return Stay(places[0], from_on, to_on)
    proposed = stay_at(places[0], *((from_on, from_on + timedelta(days=6)) if from_on else _first_days().values()))
    if proposed is None:
        raise NotFound
    return Stay(places[0], from_on, proposed.to_on) if from_on else proposed


def _month_asked(stay: Stay) -> date:
    asked = day_in(f"{request.args.get('mois', '')}-01") or stay.from_on
    nearest, furthest = today().replace(day=1), today() + FURTHEST
    return min(max(asked.replace(day=1), nearest), furthest.replace(day=1))


@blueprint.get("/emprunter/liste")
@public
def catalogue_list() -> Response:
    """Everything that can be borrowed, on paper."""
    return _shown("lending/catalogue/list.html", rows=listed_products())


@blueprint.get("/emprunter/<int:number>")
@public
def public_product_page(number: int) -> Response:
    """One product: when it is free, what belongs to it, on which terms, and the press that reserves it."""
    product, actor = public_product(number), find_actor()
    stay = _asked_stay(product)
    form = Form(
        StayDays,
        start={"retrait": stay.from_on, "retour": stay.to_on, "lieu": stay.place.id},
        choices={"lieu": _choices(places_of(product))},
    )
    spot = spot_of(product, stay)
    owners, funders = named_with(product)
    month, contents, terms = _month_asked(stay), contents_of(product), loan_policy().terms(product.category)
    return _shown(
        "lending/catalogue/product.html",
        product=product,
        terms=terms,
        spot=spot,
        stay=stay,
        form=form,
        month=month,
        weeks=month_of(product, stay.place, month),
        weekdays=WEEKDAYS,
        before=_month_before(month),
        after=(month + timedelta(days=32)).replace(day=1),
        contents=contents,
        owners=owners,
        funders=funders,
        is_valued=any(each.value_cents is not None for each in contents),
        value=worth((each.value_cents, each.quantity) for each in contents),
        near=nearest_of(product, spot) if not spot.free else [],
        is_half_chosen=bool(request.args.get("retrait")) and not request.args.get("retour"),
        sheets=activity_sheets(product),
        may_share=actor is not None and may_share(actor),
    )


def _month_before(month: date) -> date | None:
    before = (month - timedelta(days=1)).replace(day=1)
    return before if before >= today().replace(day=1) else None


@blueprint.get("/emprunter/<int:number>/agenda.ics")
@public
def product_feed(number: int) -> FileResponse:
    """When none of a product is left, at each place, for a calendar to follow."""
    product = public_product(number)
    entries = [
        WholeDays(
            uid=f"{product.id}-{place.id}-{first:%Y%m%d}@{request.host}", stamp=now(), first=first, until=until,
            summary=_("%(name)s : rien de libre", name=product.name), location=place.name,
        )
        for place in places_of(product)
        for first, until in taken_spans(product, place)
    ]  # fmt: skip
    answer = feed(entries, product.name)
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return answer


@blueprint.route("/emprunter/<int:number>/reserver", methods=["GET", "POST"])
@public
@shown_again
def reserve_online(number: int) -> Response:
    """A name and a way to be reached: held at once. A machine that fills in what nobody sees is thanked like anybody else."""
    product = public_product(number)
    stay = _asked_stay(product)
    form = Form(AskedOnline, start={"quantity": 1})
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            if facts.pop("website"):
                return go("lending.catalogue")
            facts.pop("is_adult")
            with unit_of_work():
                made = ask_online(
                    source=request.remote_addr or "?", product_id=product.id, from_on=stay.from_on, to_on=stay.to_on,
                    site_id=stay.place.id, **facts,
                )  # fmt: skip
                return go("lending.own_reservation", token=shown_link(made))
        product = public_product(number)
    return _shown(
        "lending/catalogue/reserve.html", product=product, stay=stay, form=form, spot=spot_of(product, stay),
        terms=loan_policy().terms(product.category), back=_product_url(product, stay),
    )  # fmt: skip


def _product_url(product: Product, stay: Stay) -> str:
    return url_for("lending.public_product_page", number=product.id, retrait=stay.from_on, retour=stay.to_on, lieu=stay.place.id)


def _unlisted(answer: Response) -> Response:
    """A page that is somebody's own: no search engine lists it, no other page learns its address."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/ma-reservation/<token>")
@public
def own_reservation(token: str) -> Response:
    """One's own reservation: where it stands, when and where, and what can be done."""
    found, by_letter = opened(token)
    asked = online_request_of(found)
    state = found.state
    return _unlisted(_shown(
        "lending/catalogue/mine.html", reservation=found, token=token, stay=stay_of(found), what=said(found),
        to_bring=to_bring_for(found), look=reservation_machine.looks[state],
        is_sure=state is ReservationState.APPROVED, is_pending=state is ReservationState.PENDING,
        is_held=state is ReservationState.HELD, is_told=asked is not None and asked.confirmed_at is not None,
        may_confirm=by_letter and state.is_to_come and asked is not None and asked.confirmed_at is None,
    ))  # fmt: skip


@blueprint.post("/ma-reservation/<token>/confirmer")
@public
def confirm_own_reservation(token: str) -> Response:
    """The press in the letter's page: a look alone confirms nothing, since programs open links, too."""
    found, by_letter = opened(token)
    if not by_letter:
        raise NotFound
    with unit_of_work():
        confirm_online(found)
        return go("lending.own_reservation", done=_("C'est confirmé."), token=token)


@blueprint.route("/ma-reservation/<token>/annuler", methods=["GET", "POST"])
@public
def cancel_own_reservation(token: str) -> Response:
    """Give it up, once asked."""
    found, _by_letter = opened(token)
    if request.method == "POST":
        with unit_of_work():
            cancel_online(found)
            return go("lending.own_reservation", done=_("C'est annulé : le matériel est libre pour quelqu'un d'autre."), token=token)
    return _unlisted(_shown("lending/catalogue/cancel.html", reservation=found, token=token, stay=stay_of(found), what=said(found)))


@blueprint.route("/ma-reservation/<token>/changer", methods=["GET", "POST"])
@public
@shown_again
def change_own_reservation(token: str) -> Response:
    """Other days; refused, the old ones stay."""
    found, by_letter = opened(token)
    form = Form(OtherDays, start={"retrait": found.from_on, "retour": found.to_on}, field_of=_FIELD_OF)
    if request.method == "POST":
        with form.catching():
            days = form.load()
            with unit_of_work():
                change_online(found, from_on=days["retrait"], to_on=days["retour"], by_letter=by_letter)
                return go("lending.own_reservation", done=_("Les dates sont changées."), token=token)
        found, _by_letter = opened(token)
    return _unlisted(
        page("lending/catalogue/change.html", form=form, reservation=found, token=token, stay=stay_of(found), what=said(found))
    )


@blueprint.get("/ma-reservation/<token>/agenda.ics")
@public
def own_feed(token: str) -> FileResponse:
    """Its two days, for a calendar."""
    found, _by_letter = opened(token)
    answer = feed(entries_of(found, token), f"{home().name} {found.reference}")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
