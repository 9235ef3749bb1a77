"""The pages of reservations: what is to come and who is short, making one dates first, one with its moves, changing it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.accounts.factors.arrival import freshly_proved
from refurb.directory.agenda.queries import days_of
from refurb.directory.sites.asked import site_asked
from refurb.directory.sites.rules import chosen_site
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.signs import number_in
from refurb.kernel.speech.words import _, _l, _lp
from refurb.kernel.web.doors import Doors, add_pages
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number
from refurb.lending.blueprint import blueprint
from refurb.lending.guarantees.rules import still_to_show
from refurb.lending.handing import Handing, chosen_stop
from refurb.lending.reservations import following
from refurb.lending.reservations.actions import change, reserve
from refurb.lending.reservations.deciding import keeping_ruling, rulings_of
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.online import online_request_of
from refurb.lending.reservations.packing import packed_items
from refurb.lending.reservations.queries import (
    Offer,
    WhichReservations,
    borrower_meant,
    borrowers_named,
    count_short,
    count_unanswered,
    loans_from,
    offers,
    out_that_could_serve,
    products_at,
    reservation_by_reference,
    reservation_listing,
    short_of,
)
from refurb.lending.reservations.rules import (
    ClosedThatDay,
    DatesReversed,
    InThePast,
    NoPassageLeft,
    NoPassageThatDay,
    TooFarAhead,
    TooLong,
    WhichBorrower,
    days_are_possible,
)
from refurb.lending.reservations.schemas import MOST, ReservedDates, ReservedFor, ReservedLine
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.reservations.words import UNANSWERED
from refurb.lending.rulings import TermsRuling
from refurb.lending.shown import history_of
from refurb.lending.terms import NotAtStops, loan_policy
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission

# Loaded, so that no departure passes a reservation by.
assert following.FETCHED

_DATES = ("from_on", "to_on", "handover_id")
_FIELD_OF: dict[type[Refusal], str] = {
    ClosedThatDay: "from_on",
    DatesReversed: "to_on",
    InThePast: "from_on",
    NoPassageLeft: "from_on",
    NoPassageThatDay: "from_on",
    NotAtStops: "handover_id",
    TooFarAhead: "from_on",
    TooLong: "to_on",
    WhichBorrower: "borrower",
}


def _wanted() -> tuple[WhichReservations, str]:
    asked = request.args.get("quoi", "")
    which = WhichReservations(asked) if asked in set(WhichReservations) else WhichReservations.TO_COME
    return which, request.args.get("q", "").strip()[:100]


@blueprint.get("/reservations")
@requires(P.LOAN_READ)
def reservation_list(actor: Actor) -> Response:
    """What is reserved, by day; who is left with nothing comes first, with the telephone."""
    which, typed = _wanted()
    short = reservation_listing(actor, WhichReservations.SHORT, "").page(1, "").rows
    return page(
        "lending/reservations/reservations.html",
        found=reservation_listing(actor, which, typed, site_asked()).page(page_number(), order_asked()),
        which=which,
        WhichReservations=WhichReservations,
        typed=typed,
        short=short,
        short_count=count_short(actor),
        unanswered=count_unanswered(actor),
        looks=reservation_machine.looks,
        sees_borrower=actor.may(P.BORROWER_READ),
        may_lend=actor.may(P.LOAN_WRITE),
    )


def said(what: Sequence[tuple[str, int]]) -> str:
    """What is reserved in one line: « 2 × Tablette 10 pouces, Malle robots »."""
    return ", ".join(f"{quantity} × {name}" if quantity > 1 else name for name, quantity in what)


_COLUMNS = (
    SheetColumn(_lp("reservation", "Référence"), lambda row: row.reference, 16),
    SheetColumn(_l("Matériel"), lambda row: said(row.what), 40),
    SheetColumn(_l("Retrait le"), lambda row: row.from_on, 12),
    SheetColumn(_l("Retour le"), lambda row: row.to_on, 12),
    SheetColumn(_l("État"), lambda row: reservation_machine.looks[row.state].word, 18),
    SheetColumn(_l("En manque"), lambda row: row.short, 12),
)
_WHO = (
    SheetColumn(_l("Emprunteur"), lambda row: row.borrower, 26),
    SheetColumn(_l("Carte d'emprunt"), lambda row: spell(row.borrower_code), 14),
    SheetColumn(_l("Téléphone"), lambda row: row.phone, 16),
)


@exported(blueprint, "/reservations", P.LOAN_READ)
@freshly_proved
def reservations_file(actor: Actor) -> SheetFile:
    """The same reservations as a spreadsheet; with the borrowers for whoever may read them."""
    columns = (*_COLUMNS, *_WHO) if actor.may(P.BORROWER_READ) else _COLUMNS
    return SheetFile.listed("reservations", columns, reservation_listing(actor, *_wanted(), site_asked()))


def offered(site: int, from_on: date, to_on: date, handover_id: int | None = None) -> list[Offer]:
    """What is free on some days; the days are possible by the calendar, each category by its own terms, at a stop those that travel."""
    loans, handing = loan_policy(), Handing(site, chosen_stop(handover_id))
    days_are_possible(loans, (), from_on, to_on, handing.days)
    starts = {key: max(today(), loans.taken_from(terms, from_on, handing)) for key, terms in loans.categories.items()}
    until = {key: loans.taken_until(terms, to_on, handing) for key, terms in loans.categories.items()}
    found = offers(site, _or_other(starts), _or_other(until))
    return [each for each in found if handing.handover_id is None or loans.terms(each.product.category).at_stops]


class _Days(dict[str, date]):
    """Days by category; a category that has left the policy is lent as any other."""

    def __missing__(self, _category: str) -> date:
        return self["other"]


def _or_other(days: dict[str, date]) -> dict[str, date]:
    return _Days(days)


def _still_to_show(found: Reservation) -> list[Refusal]:
    loans = loan_policy().for_whom(found.borrower.kind, found.site_id)
    terms = {each.product.category: loans.terms(each.product.category) for each in found.lines}
    return still_to_show(loans, terms.values(), found.borrower, found.from_on, found.to_on)


def _first_days(site: int) -> dict[str, date]:
    """The days proposed first: tomorrow, or the next open day, for a week."""
    loans, days = loan_policy(), days_of(site)
    from_on = loans.next_open(today() + timedelta(days=1), days)
    return {"from_on": from_on, "to_on": loans.next_open(from_on + timedelta(days=7), days)}


def _typed() -> dict[str, str]:
    """How many of each product were typed, by the name of its field; in the address when other days are looked at. Empty is none."""
    sent = request.form if request.method == "POST" else request.args
    wanted = {name: value.strip() for name, value in sent.items() if name[:1] == "n" and number_in(name[1:]) is not None}
    return {name: value for name, value in wanted.items() if value not in {"", "0"}}


def _lines_typed() -> list[dict[str, Any]]:
    return [load(ReservedLine, {"product_id": name.removeprefix("n"), "quantity": value}) for name, value in _typed().items()]


def _is_unclear(who: Form) -> bool:
    """Whether what was typed means nobody, or several."""
    return any(each.code == WhichBorrower.code for each in who.faults.get("borrower", ()))


@blueprint.route("/reservations/nouvelle", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def new_reservation(actor: Actor) -> Response:
    """Dates first: what is free on them, then how many of what, and for whom."""
    site = chosen_site(actor, site_asked())
    asked = {name: request.args.get(name) for name in _DATES if request.args.get(name)}
    when = Form(ReservedDates, start=_first_days(site) | asked, field_of=_FIELD_OF)
    told_before = {"borrower": request.args.get("emprunteur", ""), "to_confirm": bool(request.args.get("to_confirm"))}
    who = Form(ReservedFor, start=told_before, field_of=_FIELD_OF)
    if request.method == "POST":
        with who.catching(), unit_of_work():
            told = who.load()
            days = load(ReservedDates, {name: request.form.get(name, "") for name in _DATES})
            made = reserve(
                actor,
                borrower_meant(actor, request.form.get("chosen") or told["borrower"]),
                site_id=site,
                to_confirm=told["to_confirm"],
                lines=_lines_typed(),
                **days,
            )
            done = _("%(reference)s enregistrée.", reference=made.reference)
            return go("lending.reservation", done=done, reference=made.reference)
        asked = {name: request.form.get(name, "") for name in _DATES}
    shown: list[Offer] | None = None
    with when.catching():
        days = load(ReservedDates, {name: plain(value) for name, value in (_first_days(site) | asked).items()})
        shown = offered(site, **days)
    return page(
        "lending/reservations/reservation_new.html",
        status=who.status if request.method == "POST" else when.status,
        when=when,
        who=who,
        days=_first_days(site) | asked,
        site=site,
        offers=shown,
        most=MOST,
        typed=_typed(),
        same_name=borrowers_named(actor, request.form.get("borrower", "")) if _is_unclear(who) else (),
    )


@blueprint.get("/reservations/<reference>")
@requires(P.LOAN_READ)
def reservation(actor: Actor, reference: str) -> Response:
    """One reservation: for whom, what, when, what to do next."""
    found = reservation_by_reference(actor, reference)
    return page("lending/reservations/reservation.html", **shown_of(actor, found))


def shown_of(actor: Actor, found: Reservation, packing_error: str = "") -> dict[str, Any]:
    """What the page of a reservation shows; `packing_error` is what the last scan was answered."""
    short = short_of([found.id]).get(found.id, 0)
    return {
        "packing_error": packing_error,
        "rulings": rulings_of(found),
        "reservation": found,
        "look": reservation_machine.looks[found.state],
        "unanswered": found.state in UNANSWERED,
        "ruling": keeping_ruling(found) if found.state.is_to_come else None,
        "to_show": _still_to_show(found) if found.state.is_to_come else (),
        "short": short,
        "could_serve": out_that_could_serve(found) if short and actor.may(P.LOAN_WRITE) else (),
        "loans": loans_from(found),
        "online": online_request_of(found),
        "choices": [choice for choice in reservation_machine.open_to(found, actor) if not choice.move.inner],
        "history": history_of(found, reservation_machine),
        "sees_borrower": actor.may(P.BORROWER_READ),
        "may_lend": actor.may(P.LOAN_WRITE),
        "packed": packed_items([found.id]).get(found.id, ()),
        "may_pack": actor.may(P.LOAN_WRITE) and found.state.is_packable,
    }


@blueprint.route("/reservations/<reference>/changer", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def change_reservation(actor: Actor, reference: str) -> Response:
    """Other days, or other numbers; refused, the old ones stay."""
    found = reservation_by_reference(actor, reference)
    form = Form(ReservedDates, start={"from_on": found.from_on, "to_on": found.to_on}, field_of=_FIELD_OF)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            told = form.load()
            change(actor, found, lines=_lines_typed(), from_on=told["from_on"], to_on=told["to_on"])
            return go("lending.reservation", done=_("Réservation changée."), reference=found.reference)
        found = reservation_by_reference(actor, reference)
    others = products_at(found.site_id, but=[each.product_id for each in found.lines])
    return page("lending/reservations/reservation_change.html", form=form, reservation=found, others=others, most=MOST, typed=request.form)


def _told(ruling: TermsRuling) -> dict[str, Any]:
    """Which rules won and lost, by the key of the term."""
    lost = {key: [each.name for each in rules] for key, rules in ruling.lost.items()}
    return {"won": {key: each.name for key, each in ruling.won.items()}, "lost": lost}


def dump(found: Reservation, actor: Actor) -> dict[str, Any]:
    """A reservation as the API says it; the borrower only to whoever may read borrowers."""
    return {
        "reference": found.reference,
        "state": found.state.value,
        "site": found.site_id,
        "stop": found.handover_id,
        "from_on": plain(found.from_on),
        "to_on": plain(found.to_on),
        "expires_at": plain(found.expires_at),
        "borrower": {"code": found.borrower.code, "name": found.borrower.name} if actor.may(P.BORROWER_READ) else None,
        "lines": [{"product": {"id": each.product_id, "name": each.product.name}, "quantity": each.quantity} for each in found.lines],
        "short": short_of([found.id]).get(found.id, 0),
        "policy_version": found.policy_version,
        "rules": {name: _told(ruling) for name, ruling in rulings_of(found).items()},
        "url": url_for("lending.reservation", reference=found.reference),
    }


DOORS = Doors(
    machine=reservation_machine,
    path="/reservations/<reference>",
    find=reservation_by_reference,
    endpoint="lending.reservation",
    url=lambda found: {"reference": found.reference},
    title=lambda found: found.reference,
    dump=dump,
)
add_pages(blueprint, DOORS)
