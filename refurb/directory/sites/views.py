"""The pages of our places, their hours and their closures."""

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from refurb.directory.agenda.actions import change_closure, close_days, sum_of_planned, withdraw_closure
from refurb.directory.agenda.models import ClosedDays
from refurb.directory.agenda.planned import what_is_planned, what_stands_at
from refurb.directory.agenda.queries import closure_by_id, closures, span_of
from refurb.directory.agenda.rules import MovesOtherThings, span_instead, span_to_close
from refurb.directory.agenda.schemas import NewClosure, OtherClosure, hours_closed
from refurb.directory.sites.actions import add_site, archive_site, correct_site, reopen_site, work_at
from refurb.directory.sites.asked import everywhere, site_asked, site_kept
from refurb.directory.sites.queries import every_site, kept_at, many_sites, open_sites, site_by_id, site_name, usual_site
from refurb.directory.sites.rules import SiteTaken
from refurb.directory.sites.schemas import DAY_FIELDS, SiteFacts, WorkAt, site_facts, start_of
from refurb.directory.sites.words import SITE_ICONS, SITE_KINDS, SiteKind, said_spans, said_week, typed_minute
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

blueprint = Blueprint("sites", __name__)
P = Permission
TOLD: dict[str, Any] = {"kinds": SITE_KINDS, "icons": SITE_ICONS, "said_week": said_week, "site_name": site_name}


@blueprint.app_template_global()
def place_of(site_id: int) -> str | None:
    """What the place of a thing is called, where there is more than one."""
    return site_name(site_id) if many_sites() else None


@blueprint.app_template_global()
def sites_to_filter() -> list[tuple[int, str]]:
    """The places by which a list can be filtered; none where there is but one."""
    return [(each.id, each.name) for each in every_site().values() if each.kind is not SiteKind.STOP] if many_sites() else []


blueprint.app_template_global("site_asked")(site_asked)
blueprint.app_template_global("site_kept")(site_kept)
blueprint.app_template_global("everywhere")(everywhere)
blueprint.app_template_global("said_spans")(said_spans)


@blueprint.get("/lieux")
@requires(P.DIRECTORY_READ)
def site_list(actor: Actor) -> Response:
    """Our places with their hours, the closures to come with what each still has to move, and the form that closes days."""
    rows = [(row, what_is_planned(actor, span_of(row))) for row in closures()]
    gone = [each for each in every_site().values() if each.archived_at is not None]
    form = Form(NewClosure)
    stops = [each for each in open_sites() if each.kind is SiteKind.STOP]
    return page(
        "directory/sites.html", sites=kept_at(), stops=stops, gone=gone, closures=rows, form=form, may=actor.may(P.SITE_WRITE), **TOLD
    )


@blueprint.route("/lieux/habituel", methods=["GET", "POST"])
@requires(P.DIRECTORY_READ)
def usual(actor: Actor) -> Response:
    """Say where one usually works."""
    form = Form(WorkAt, start={"site_id": usual_site(actor)})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            work_at(actor, **form.load())
            return go("sites.site_list", done=_("Votre lieu habituel est noté."))
    return page(
        "directory/move_site.html",
        form=form,
        title=_("Votre lieu habituel"),
        button=_("C'est là que je travaille"),
        back=url_for("sites.site_list"),
    )


@blueprint.route("/lieux/ajouter", methods=["GET", "POST"])
@requires(P.SITE_WRITE)
def site_new(actor: Actor) -> Response:
    """Enter a place."""
    form = Form(SiteFacts, field_of={SiteTaken: "name"})
    if request.method == "POST":
        with form.catching():
            facts = site_facts(form.load())
            with unit_of_work():
                add_site(actor, **facts)
                return go("sites.site_list", done=_("Lieu ajouté."))
    return page("directory/site_edit.html", form=form, site=None, day_fields=DAY_FIELDS)


@blueprint.route("/lieux/<int:number>", methods=["GET", "POST"])
@requires(P.SITE_WRITE)
def site(actor: Actor, number: int) -> Response:
    """One place: what is known of it, to be corrected, and what is there."""
    found = site_by_id(actor, number)
    form = Form(SiteFacts, start=start_of(every_site()[number]), field_of={SiteTaken: "name"})
    if request.method == "POST":
        with form.catching():
            facts = site_facts(form.load())
            with unit_of_work():
                correct_site(actor, found, **facts)
                return go("sites.site_list", done=_("Lieu enregistré."))
    return page("directory/site_edit.html", form=form, site=every_site()[number], day_fields=DAY_FIELDS)


@blueprint.route("/lieux/<int:number>/quitter", methods=["GET", "POST"])
@requires(P.SITE_WRITE)
def site_archive(actor: Actor, number: int) -> Response:
    """Give a place up: the question with what keeps us from it, and the deed."""
    found = site_by_id(actor, number)
    form = Form(NoFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            archive_site(actor, found)
            return go("sites.site_list", done=_("Ce lieu n'est plus proposé. Ce qui s'y est passé le garde."))
    return page("directory/site_archive.html", form=form, site=every_site()[number], held=what_stands_at(number))


@blueprint.post("/lieux/<int:number>/reprendre")
@requires(P.SITE_WRITE)
def site_reopen(actor: Actor, number: int) -> Response:
    """Take a place that was given up again."""
    with unit_of_work():
        reopen_site(actor, site_by_id(actor, number))
        return go("sites.site_list", done=_("Ce lieu est de nouveau proposé."))


@blueprint.route("/lieux/fermetures/ajouter", methods=["GET", "POST"])
@requires(P.SITE_WRITE)
def closure_new(actor: Actor) -> Response:
    """Close days: first what that moves is shown, and nothing is changed; sent again with its sum, they are closed."""
    return _closing(actor, Form(NewClosure), None)


@blueprint.route("/lieux/fermetures/<int:number>/modifier", methods=["GET", "POST"])
@requires(P.SITE_WRITE)
def closure_change(actor: Actor, number: int) -> Response:
    """Close other days instead, shown in the same way before anything is changed."""
    row = closure_by_id(actor, number)
    start = {name: getattr(row, name) for name in ("reason", "site_id", "first", "last", "yearly")}
    if row.hours is not None:
        start |= {name: typed_minute(minute) for name, minute in zip(("from_hour", "until_hour"), row.hours, strict=True)}
    return _closing(actor, Form(OtherClosure, start=start), row)


def _closing(actor: Actor, form: Form, row: ClosedDays | None) -> Response:
    span = None
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            facts["hours"] = hours_closed(facts)
            seen, shape = facts.pop("seen"), {name: facts[name] for name in ("first", "last", "yearly", "site_id", "reason", "hours")}
            span = span_to_close(**shape) if row is None else span_instead(span_of(row), **shape)
            sum_of_planned(actor, span)  # What cannot be moved anywhere is told before it is asked.
            if seen:
                with unit_of_work():
                    if row is None:
                        close_days(actor, **facts, seen=seen)
                    else:
                        change_closure(actor, row, **facts, seen=seen)
                    return go("sites.site_list", done=_("Jours fermés."))
    shown = span is not None and (form.refusal is None or isinstance(form.refusal, MovesOtherThings))
    moved = what_is_planned(actor, span) if shown and span else None
    return page("directory/closure.html", form=form, row=row, moved=moved, seen=sum_of_planned(actor, span) if shown and span else "")


@blueprint.route("/lieux/fermetures/<int:number>/rouvrir", methods=["GET", "POST"])
@requires(P.SITE_WRITE)
def closure_withdraw(actor: Actor, number: int) -> Response:
    """Open closed days again: the question, and the deed."""
    row = closure_by_id(actor, number)
    form = Form(NoFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            withdraw_closure(actor, row)
            return go("sites.site_list", done=_("Ces jours sont de nouveau ouverts."))
    return page("directory/closure_withdraw.html", form=form, row=row, many=many_sites(), site_name=site_name)
