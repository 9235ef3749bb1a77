"""The pages on which a partner reserves for its workshops: the request, what each date would get, what was reserved."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.agenda.queries import days_of
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.signs import number_in
from refurb.kernel.speech.words import _, _n, day
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.items.queries import products
from refurb.lending.models import Product
from refurb.lending.reservations.rules import ClosedThatDay, DatesReversed, InThePast, TooFarAhead, TooLong
from refurb.lending.reservations.schemas import MOST, ReservedLine
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.series.actions import borrower_for, cancel_workshop, forget_draft, reserve_workshop, save_draft
from refurb.lending.series.queries import (
    Outlook,
    WorkshopWay,
    dates_of,
    draft_of,
    lending_sites,
    outlook_of,
    workshop_by_reference,
    workshops_of,
)
from refurb.lending.series.schemas import NewWorkshop
from refurb.lending.series.words import Repeat, WayOut
from refurb.lending.terms import loan_policy

P = Permission

_FIELD_OF: dict[type[Refusal], str] = {
    ClosedThatDay: "from_on",
    DatesReversed: "to_on",
    InThePast: "from_on",
    TooFarAhead: "from_on",
    TooLong: "to_on",
}
_FIELDS = ("from_on", "to_on", "repeat", "count", "site_id", "purpose", "word")


def _typed(actor: Actor) -> dict[str, str]:
    """What was typed: what is sent, else the draft, else the first days that are possible."""
    if request.method == "POST":
        return {name: value.strip()[:600] for name, value in request.form.items() if name in _FIELDS or _is_ours(name)}
    draft = draft_of(actor)
    if draft is not None:
        return {name: str(value) for name, value in draft.typed.items()}
    sites = lending_sites()
    loans, days = loan_policy(), days_of(sites[0][0] if sites else 1)
    first = loans.next_open(today() + timedelta(days=7), days)
    begins = {"from_on": first.isoformat(), "to_on": loans.next_open(first + timedelta(days=2), days).isoformat()}
    return begins | {"repeat": Repeat.ONCE.value, "count": "1", "site_id": str(sites[0][0]) if sites else ""}


def _is_ours(name: str) -> bool:
    """The fields of products and of dates: `n12` is how many of product 12, `way3` what becomes of the third date."""
    return (name[:1] == "n" and number_in(name[1:]) is not None) or (name[:3] == "way" and number_in(name[3:]) is not None)


def _wanted(typed: Mapping[str, str]) -> dict[int, int]:
    asked = {name: value for name, value in typed.items() if name[:1] == "n" and number_in(name[1:]) is not None and value not in {"", "0"}}
    lines = [load(ReservedLine, {"product_id": name[1:], "quantity": value}) for name, value in asked.items()]
    return {line["product_id"]: line["quantity"] for line in lines}


@blueprint.route("/ateliers/reserver", methods=["GET", "POST"])
@requires(P.RESERVATION_WRITE)
def new_workshop(actor: Actor) -> Response:
    """One request, several products, several dates: each press saves it, « Envoyer » reserves it all, or says which dates fail."""
    typed, everything = _typed(actor), products()
    sites = [(str(number), name) for number, name in lending_sites()]
    form = Form(NewWorkshop, start={name: typed.get(name, "") for name in _FIELDS}, choices={"site_id": sites}, field_of=_FIELD_OF)
    asked = request.form.get("press", "")
    if request.method == "POST" and asked == "forget":
        with unit_of_work():
            forget_draft(actor)
            return go("lending.new_workshop", done=_("Le brouillon est effacé."))
    if request.method == "POST":
        with unit_of_work():
            save_draft(actor, typed)
    looks: Sequence[Outlook] = ()
    wanted: dict[int, int] = {}
    with form.catching():
        if request.method == "POST" or draft_of(actor) is not None:
            told = load(NewWorkshop, {name: typed.get(name, "") for name in _FIELDS}) if asked != "send" else form.load()
            wanted = _wanted(typed)
            some = [each for each in everything if each.id in wanted]
            looks = outlook_of(some, wanted, dates_of(told["from_on"], told["to_on"], told["repeat"], told["count"]), told["site_id"])
            if asked == "send" and request.method == "POST":
                ways = [_way(look, typed, number, wanted) for number, look in enumerate(looks)]
                with unit_of_work():
                    made = reserve_workshop(
                        actor, borrower_for(actor), ways, site_id=told["site_id"], purpose=told["purpose"], word=told["word"]
                    )
                    done = _n("%(num)s réservation enregistrée.", "%(num)s réservations enregistrées.", len(made))
                    return go("lending.workshops", done=done)
    draft = draft_of(actor)
    return page(
        "lending/series/workshop_new.html",
        status=form.status if asked == "send" else 200,
        form=form,
        typed=typed,
        products=everything,
        wanted=wanted,
        looks=looks,
        ways=[_way(look, typed, number, wanted) for number, look in enumerate(looks)],
        said=_said,
        answer_of=lambda product: _answer_of(product, wanted, looks),
        saved_at=draft.saved_at if draft else None,
        most=MOST,
        WayOut=WayOut,
        sentence=sentence,
    )


def _way(look: Outlook, typed: Mapping[str, str], number: int, wanted: Mapping[int, int]) -> WorkshopWay:
    return look.way(typed.get(f"way{number}", "")) or WorkshopWay(WayOut.LATER, look.asked, wanted)


def _answer_of(product: Product, wanted: Mapping[int, int], looks: Sequence[Outlook]) -> tuple[str, str, str]:
    """What is told beside a product: tone, icon, words."""
    quantity, all_of = wanted[product.id], len(looks)
    lacking = sum(look.lacks(product, quantity) for look in looks)
    if lacking:
        return "stop", "calendar-x", _n("Prise à %(num)s séance sur %(all)s", "Prise à %(num)s séances sur %(all)s", lacking, all=all_of)
    if loan_policy().terms(product.category).wants_approval(all_of):
        return "wait", "user", _("Libre, après accord")
    return "ok", "circle-check", _n("Libre à la séance demandée", "Libre aux %(num)s séances", all_of)


def _said(way: WorkshopWay) -> tuple[str, str]:
    """A way out in words: what it is, and a second line."""
    back = _("retour le %(day)s", day=day(way.dates.to_on, "full"))
    first = day(way.dates.from_on, "full")
    return {
        WayOut.LATER: (_("Décaler au %(day)s", day=first), back),
        WayOut.EARLIER: (_("Avancer au %(day)s", day=first), back),
        WayOut.FEWER: (_("En prendre moins"), _("%(count)s au lieu de ce qui est demandé", count=sum(way.wanted.values()))),
        WayOut.WAIT: (_("S'inscrire en liste d'attente"), _("rang %(rank)s ; le reste est gardé", rank=way.rank)),
        WayOut.WITHOUT: (_("Se passer de ce qui manque ce jour-là"), _("le reste est gardé")),
        WayOut.DROP: (_("Renoncer à cette séance"), _("les autres ne changent pas")),
    }[way.kind]


@blueprint.get("/ateliers")
@requires(P.RESERVATION_WRITE)
def workshops(actor: Actor) -> Response:
    """What is reserved for one's own structure."""
    return page("lending/series/workshops.html", rows=workshops_of(actor), looks=reservation_machine.looks)


@blueprint.route("/ateliers/<reference>", methods=["GET", "POST"])
@requires(P.RESERVATION_WRITE)
def workshop(actor: Actor, reference: str) -> Response:
    """One date of a workshop; it can be let go until something of it has left."""
    found = workshop_by_reference(actor, reference)
    form = Form(NoFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            cancel_workshop(actor, found)
            return go("lending.workshops", done=_("%(reference)s est annulée.", reference=reference))
        found = workshop_by_reference(actor, reference)
    look = reservation_machine.looks[found.state]
    return page("lending/series/workshop.html", status=form.status, form=form, reservation=found, look=look)
