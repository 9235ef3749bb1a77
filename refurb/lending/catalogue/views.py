"""The public catalogue: dates first, then a product and its calendar, then a name; and one's own reservation by its link."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import Response as FileResponse
from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.directory.queries import home
from refurb.directory.rota.queries import next_passage
from refurb.directory.rota.words import said_hours
from refurb.directory.sites.words import WEEKDAYS, said_hour
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.calendar import MIMETYPE, WholeDays, write_days
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.folding import slug
from refurb.kernel.speech.words import _, day
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import find_actor, public, shown_again
from refurb.kernel.web.pages import disposition, go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.catalogue.actions import ask_online, cancel_online, change_online, confirm_online
from refurb.lending.catalogue.asked import (
    asked_stay,
    first_days,
    handing_asked,
    month_asked,
    passage_choices,
    place_choices,
    place_lost,
    said_place,
    wanted_place,
)
from refurb.lending.catalogue.asked import narrowed as narrowed_to
from refurb.lending.catalogue.mine import entries_of, opened, passage_entries, passages_off, said, shown_link, stay_of, to_bring_for
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
from refurb.lending.catalogue.road import next_by_stop, passages_at, passages_offered, stops, stops_for
from refurb.lending.catalogue.schemas import AskedOnline, NeededDays, OtherDays, OtherPassages, StayDays, StopDays
from refurb.lending.catalogue.stays import Stay, lending_places
from refurb.lending.catalogue.words import FACETS
from refurb.lending.machines.queries import machines, next_introduction
from refurb.lending.models import Product
from refurb.lending.reservations.online import online_request_of
from refurb.lending.reservations.rules import (
    ClosedThatDay,
    DatesReversed,
    InThePast,
    NoPassageLeft,
    NoPassageThatDay,
    TooFarAhead,
    TooLong,
    VanHasLeft,
)
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.reservations.words import ReservationState
from refurb.lending.sheets.queries import activity_sheets, count_sheets
from refurb.lending.sheets.rules import may_share
from refurb.lending.terms import loan_policy
from refurb.lending.worth import worth

KEPT_SECONDS = 300
"""For how long somebody else's cache may show a feed or the open data without asking again."""

_FIELD_OF: dict[type[Refusal], str] = {
    ClosedThatDay: "retrait", DatesReversed: "retour", InThePast: "retrait", NoPassageLeft: "retrait", NoPassageThatDay: "retrait",
    TooFarAhead: "retrait", TooLong: "retour", VanHasLeft: "retrait",
}  # fmt: skip


def feed(entries: Iterable[WholeDays], name: str) -> FileResponse:
    """A calendar that anybody may follow."""
    answer = FileResponse(write_days(name, entries), content_type=f"{MIMETYPE}; charset=utf-8")
    answer.headers["Content-Disposition"] = disposition(f"{slug(name)}.ics", inline=True)
    return answer


def _shown(template: str, **context: Any) -> FileResponse:
    """A page of the catalogue: each may name our places, where there are several, and how to reach us."""
    return page(template, home=home(), many=len(lending_places()) + len(stops()) > 1, said_place=said_place, **context)


@blueprint.get("/emprunter")
@public
def catalogue() -> Response:
    """Dates first: what is free on them, where; then what is by shifting them a little; then the rest."""
    places, road, wanted = lending_places(), stops(), wanted_place()
    told = {name: request.args[name] for name in ("du", "au", "lieu", "ou") if request.args.get(name)}
    choices = {"lieu": [("", _("Peu importe")), *place_choices(places), *place_choices(road)]}
    start = first_days(wanted.stop) | told
    form = Form(NeededDays, start=start, choices=choices)
    narrowed, typed = narrowed_to(), request.args.get("q", "").strip()[:100]
    shown = None
    with form.catching():
        facts = load(NeededDays, {name: str(value) for name, value in start.items()})
        place_id = wanted.place.id if wanted.place else None
        shown = board(facts["du"], facts["au"], place_id=place_id, typed=typed, narrowed=narrowed)
    return _shown(
        "lending/catalogue/catalogue.html",
        form=form,
        told=told,
        board=shown,
        stop=wanted.stop,
        near=wanted.near,
        passages=passages_at(wanted.stop) if wanted.stop else (),
        road=next_by_stop(road),
        has_choice=len(places) + len(road) > 1,
        narrowed=narrowed,
        typed=typed,
        facets=FACETS,
        sheets=count_sheets(),
        machines=[(each, next_introduction(each)) for each in machines()],
        hour=said_hour,
        said_hours=said_hours,
        kept={**told, **({"q": typed} if typed else {})},
    )


@blueprint.get("/emprunter/liste")
@public
def catalogue_list() -> Response:
    """Everything that can be borrowed, on paper, and when the vehicle comes where next."""
    return _shown("lending/catalogue/list.html", rows=listed_products(), road=next_by_stop(stops()), said_hours=said_hours)


@blueprint.get("/emprunter/<int:number>")
@public
def public_product_page(number: int) -> Response:
    """One product: when it is free, what belongs to it, on which terms, and the press that reserves it."""
    product, actor = public_product(number), find_actor()
    stay, road = asked_stay(product), stops_for(product)
    start = {"retrait": stay.from_on, "retour": stay.to_on, "lieu": stay.place.id}
    choices = {"lieu": place_choices([*places_of(product), *road])} | _passages_of(stay)
    form = Form(StopDays if stay.is_stop else StayDays, start=start, choices=choices)
    spot = spot_of(product, stay)
    owners, funders = named_with(product)
    month, contents, terms = month_asked(stay), contents_of(product), loan_policy().terms(product.category)
    return _shown(
        "lending/catalogue/product.html",
        product=product,
        terms=terms,
        spot=spot,
        stay=stay,
        form=form,
        month=month,
        weeks=month_of(product, stay.keeper, month, stay.place if stay.is_stop else None),
        road=next_by_stop(road),
        lost=place_lost(stay),
        passed_by=next((each for each in road if each.id == number_asked("bus")), None) if not stay.is_stop else None,
        said_hours=said_hours,
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


def _passages_of(stay: Stay) -> dict[str, list[tuple[str, str]]]:
    """At a stop the days are chosen among its passages."""
    if stay.kept is None:
        return {}
    passages = passage_choices(passages_offered(stay.place, stay.kept))
    return {"retrait": passages[:-1], "retour": passages[1:]}


def _month_before(month: date) -> date | None:
    before = (month - timedelta(days=1)).replace(day=1)
    return before if before >= today().replace(day=1) else None


@blueprint.get("/emprunter/<int:number>/agenda.ics")
@public
def product_feed(number: int) -> FileResponse:
    """When none of a product is left, at each place, for a calendar to follow; of a stop, its passages with how many are free."""
    product = public_product(number)
    stop = next((each for each in stops_for(product) if each.id == number_asked("lieu")), None)
    entries = passage_entries(product, stop) if stop else [
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
    stay = asked_stay(product)
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
                    **handing_asked(stay), **facts,
                )  # fmt: skip
                return go("lending.own_reservation", token=shown_link(made))
        product = public_product(number)
        stay = asked_stay(product)
    return _shown(
        "lending/catalogue/reserve.html", lost=place_lost(stay), product=product, stay=stay, form=form, spot=spot_of(product, stay),
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
        passages_off=passages_off(found), next_passage=next_passage(found.handover_id, today()) if found.handover_id else None,
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
    stay = stay_of(found)
    start = {"retrait": found.from_on, "retour": found.to_on}
    form = Form(OtherPassages if stay.is_stop else OtherDays, start=start, choices=_passages_kept(stay), field_of=_FIELD_OF)
    if request.method == "POST":
        with form.catching():
            days = form.load()
            with unit_of_work():
                change_online(found, from_on=days["retrait"], to_on=days["retour"], by_letter=by_letter)
                return go("lending.own_reservation", done=_("Les dates sont changées."), token=token)
        found, _by_letter = opened(token)
    return _unlisted(
        _shown("lending/catalogue/change.html", form=form, reservation=found, token=token, stay=stay_of(found), what=said(found))
    )


def _passages_kept(stay: Stay) -> dict[str, list[tuple[str, str]]]:
    """The passages that it can be changed to, and its own."""
    choices = _passages_of(stay)
    for name, own in (("retrait", stay.from_on), ("retour", stay.to_on)):
        if choices and own.isoformat() not in dict(choices[name]) and stay.handing.days.is_open(own):
            choices[name].insert(0, (own.isoformat(), day(own, "EEEE d MMMM")))
    return choices


@blueprint.get("/ma-reservation/<token>/agenda.ics")
@public
def own_feed(token: str) -> FileResponse:
    """Its two days, for a calendar."""
    found, _by_letter = opened(token)
    answer = feed(entries_of(found, token), f"{home().name} {found.reference}")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
