"""The pages of a rota's closures: the days, « et après ? », and what each way changes before it is written."""

from datetime import date
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.directory.rota.actions.closures import (
    close_rota,
    closed_as,
    decide,
    decided_as,
    opened_again,
    span_of_closure,
    withdraw_rota_closure,
)
from refurb.directory.rota.models import Rota
from refurb.directory.rota.planning import changes_of, schedule_of
from refurb.directory.rota.queries import rota_by_id, rota_closure_by_id
from refurb.directory.rota.schemas import NewRotaClosure
from refurb.directory.rota.shown import WayOn, longest_wait, strip
from refurb.directory.rota.turns import ShutSpan
from refurb.directory.rota.views.blueprint import blueprint
from refurb.directory.rota.views.rotas import TOLD
from refurb.directory.rota.views.seen import kept_asked, seen_asked, show_changes
from refurb.directory.rota.words import EFFECTS, ClosureEffect
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, day
from refurb.kernel.web.asked import day_asked
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

P = Permission


def _effect() -> ClosureEffect | None:
    told = request.form.get("effect", "")
    return ClosureEffect(told) if told in set(ClosureEffect) else None


def ways_of(rota: Rota, span: ShutSpan) -> dict[ClosureEffect, WayOn]:
    """Both ways after a closure that is not entered yet."""
    found = {}
    for effect in ClosureEffect:
        schedule = closed_as(rota, span, effect)
        found[effect] = WayOn(span, strip(schedule, span), longest_wait(schedule, span), changes_of(rota, schedule))
    return found


@blueprint.route("/itinerance/tournees/<int:number>/fermetures/ajouter", methods=["GET", "POST"])
@requires(P.ROTA_WRITE)
def rota_closure_new(actor: Actor, number: int) -> Response:
    """Close a rota for some days: first the days, then what that changes and what comes after, then the deed."""
    found = rota_by_id(actor, number)
    start = {"why": request.args.get("quoi", "")[:120], "first": _asked_day("premier"), "last": _asked_day("dernier")}
    form = Form(NewRotaClosure, start=start)
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            told = {name: facts[name] for name in ("first", "last", "why")}
            span = span_of_closure(found, **told)
            if not seen_asked():
                return _closure_seen(found, span)
            with unit_of_work():
                close_rota(actor, rota_by_id(actor, number), **told, effect=_effect(), seen=seen_asked(), keeping=kept_asked())
                return go("rota.overview", done=_("Fermeture enregistrée."), tournee=number)
        found = rota_by_id(actor, number)
    return page("rota/closure_new.html", form=form, rota=found)


def _asked_day(name: str) -> date | None:
    return day_asked(name)


def _closure_seen(rota: Rota, span: ShutSpan) -> Response:
    """What the closure changes; where it makes a difference, both ways, each with its button, and the way to decide later."""
    back = url_for("rota.rota_closure_new", number=rota.id)
    title = _("Du %(first)s au %(last)s : pas de tournée", first=day(span.first), last=day(date.fromordinal(span.until.toordinal() - 1)))
    kept = changes_of(rota, closed_as(rota, span, None))
    if not schedule_of(rota).asks(span):
        lead = _same_both_ways(rota, span)
        return show_changes(kept, title=title, kicker=rota.name, button=_("Fermer ces jours"), back=back, lead=lead, cycle=rota.cycle)
    return show_changes(
        kept, title=_("%(title)s. Et après ?", title=title), kicker=rota.name, button=_("Fermer ces jours, décider plus tard"), back=back,
        ways=list(ways_of(rota, span).items()), cycle=rota.cycle,
    )  # fmt: skip


def _same_both_ways(rota: Rota, span: ShutSpan) -> str:
    if not span.weeks:
        return _("Aucune semaine n'est fermée en entier : l'alternance ne change pas.")
    if rota.cycle == 1:
        return _("Les semaines n'alternent pas : rien à décider.")
    return _("%(weeks)s semaines fermées : les deux façons donnent les mêmes dates, rien à décider.", weeks=span.weeks)


@blueprint.route("/itinerance/fermetures/<int:number>/decider", methods=["POST"])
@requires(P.ROTA_WRITE)
def rota_closure_decide(actor: Actor, number: int) -> Response:
    """Say what comes after a closure: what that changes is shown first."""
    row, effect = rota_closure_by_id(actor, number), _effect()
    if effect is None:
        raise NotFound
    changes = changes_of(row.rota, decided_as(row, effect))
    if not seen_asked():
        title = _("Après le %(day)s : %(effect)s", day=day(row.span.until), effect=str(EFFECTS[effect]).lower())
        return show_changes(
            changes, title=title, kicker=row.rota.name, button=str(EFFECTS[effect]), back=url_for("rota.overview", tournee=row.rota_id),
            ways=[(effect, WayOn(row.span, strip(decided_as(row, effect), row.span), None, changes))], cycle=row.rota.cycle,
        )  # fmt: skip
    with unit_of_work():
        row = rota_closure_by_id(actor, number)
        decide(actor, row, effect=effect, seen=seen_asked(), keeping=kept_asked())
        return go("rota.overview", done=_("C'est décidé : les passages suivent."), tournee=row.rota_id)


@blueprint.route("/itinerance/fermetures/<int:number>/rouvrir", methods=["POST"])
@requires(P.ROTA_WRITE)
def rota_closure_withdraw(actor: Actor, number: int) -> Response:
    """Go on those days after all: what that changes is shown first."""
    row = rota_closure_by_id(actor, number)
    if not seen_asked():
        changes = changes_of(row.rota, opened_again(row))
        return show_changes(
            changes, title=_("Rouvrir : %(why)s", why=row.why), kicker=row.rota.name, button=_("Rouvrir ces jours"),
            back=url_for("rota.overview", tournee=row.rota_id),
        )  # fmt: skip
    with unit_of_work():
        row = rota_closure_by_id(actor, number)
        withdraw_rota_closure(actor, row, seen=seen_asked(), keeping=kept_asked())
        return go("rota.overview", done=_("Ces jours sont de nouveau ouverts."), tournee=row.rota_id)


@blueprint.get("/itinerance/tournees/<int:number>/fermetures")
@requires(P.DIRECTORY_READ)
def rota_closures(actor: Actor, number: int) -> Response:
    """The closures of a rota to come, what comes after each, and the way to open it again."""
    found = rota_by_id(actor, number)
    rows: list[Any] = [each for each in found.closures if each.withdrawn_at is None]
    return page("rota/closures.html", rota=found, rows=rows, effects=EFFECTS, may=actor.may(P.ROTA_WRITE), **TOLD)
