"""The pages of the stops of a rota: a new one, one that changes from a day on, one that is served no more."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.communes import commune_named, communes_of
from refurb.directory.rota.actions.stops import add_stop, change_stop, end_stop, place_of_stop, with_rule, without_stop
from refurb.directory.rota.models import RotaStop
from refurb.directory.rota.planning import changes_of
from refurb.directory.rota.queries import passages_at, rota_by_id, stop_by_id
from refurb.directory.rota.rules import AtTwoStops, rule_fits
from refurb.directory.rota.schemas import NewStop, StopEnd, rhythms
from refurb.directory.rota.turns import CallRule
from refurb.directory.rota.views.blueprint import blueprint
from refurb.directory.rota.views.rotas import TOLD, stop_form
from refurb.directory.rota.views.seen import kept_asked, seen_asked, show_changes
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

P = Permission
MONTHS_SHOWN = 180


def _rule(site_id: int, facts: dict[str, Any]) -> CallRule:
    turn, nth = facts["rhythm"]
    return CallRule(site_id, facts["weekday"], facts["opens"], facts["closes"], facts["since"], turn=turn, nth=nth)


def _commune(facts: dict[str, Any]) -> str:
    """The commune as it is written in the list of them. Raises `Invalid` where the postcode has none that is called so."""
    found = commune_named(facts["postcode"], facts["commune"])
    if found is not None:
        return found.name
    names = ", ".join(each.name for each in communes_of(facts["postcode"])[:12])
    if not names:
        raise Invalid({"postcode": [Fault("rota.postcode")]})
    raise Invalid({"commune": [Fault("rota.commune", names=names)]})


@blueprint.route("/itinerance/tournees/<int:number>/arrets/ajouter", methods=["GET", "POST"])
@requires(P.ROTA_WRITE)
def stop_new(actor: Actor, number: int) -> Response:
    """A rota serves one more stop."""
    found = rota_by_id(actor, number)
    form = Form(
        NewStop, start={"since": max(today(), found.since)}, choices={"rhythm": rhythms(found.cycle)}, field_of={AtTwoStops: "opens"}
    )
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            commune = _commune(facts)
            with unit_of_work():
                found = rota_by_id(actor, number)
                rule_fits(found, _rule(0, facts))
                site = place_of_stop(actor, commune=commune, postcode=facts["postcode"], place=facts["place"])
                add_stop(actor, found, _rule(site.id, facts))
                return go("rota.overview", done=_("Arrêt ajouté : ses passages sont prévus."), tournee=number)
        found = rota_by_id(actor, number)
    return page("rota/stop_new.html", form=form, rota=found)


@blueprint.route("/itinerance/arrets/<int:number>", methods=["GET", "POST"])
@requires(P.ROTA_WRITE)
def stop(actor: Actor, number: int) -> Response:
    """The rule of a stop, to be changed from a day on; what that changes is shown first."""
    found = stop_by_id(actor, number)
    form = stop_form(found)
    form.field_of = {AtTwoStops: "opens"}
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            rule = _rule(found.site_id, facts)
            rule_fits(found.rota, CallRule(**{**rule.__dict__, "id": found.id}))
            changes = None if seen_asked() else changes_of(found.rota, with_rule(found.rota, found, rule))
            if changes is not None and (changes.come or changes.go):
                return show_changes(
                    changes, title=_("Ce que cela change"), kicker=found.site.name, button=_("Changer cet arrêt"), back=request.path
                )
            with unit_of_work():
                found = stop_by_id(actor, number)
                change_stop(actor, found, rule, place=facts["place"], seen=seen_asked(), keeping=kept_asked())
                return go("rota.overview", done=_("Arrêt enregistré."), tournee=found.rota_id)
        found = stop_by_id(actor, number)
    return _stop_page(found, form)


def _stop_page(found: RotaStop, form: Form) -> Response:
    first = today()
    to_come = passages_at([found.site_id], first, first.fromordinal(first.toordinal() + MONTHS_SHOWN))
    return page("rota/stop.html", form=form, stop=found, to_come=to_come, **TOLD)


@blueprint.route("/itinerance/arrets/<int:number>/fin", methods=["GET", "POST"])
@requires(P.ROTA_WRITE)
def stop_end(actor: Actor, number: int) -> Response:
    """A stop is served no more from a day on; what that changes is shown first."""
    found = stop_by_id(actor, number)
    form = Form(StopEnd)
    if request.method == "POST":
        with form.catching():
            since = form.load()["since"]
            if not seen_asked():
                changes = changes_of(found.rota, without_stop(found.rota, found, since))
                return show_changes(
                    changes,
                    title=_("Ce que cela change"),
                    kicker=found.site.name,
                    button=_("Ne plus desservir cet arrêt"),
                    back=request.path,
                )
            with unit_of_work():
                found = stop_by_id(actor, number)
                end_stop(actor, found, since=since, seen=seen_asked(), keeping=kept_asked())
                return go("rota.overview", done=_("Cet arrêt n'est plus desservi."), tournee=found.rota_id)
        found = stop_by_id(actor, number)
    return page("rota/stop_end.html", form=form, stop=found)
