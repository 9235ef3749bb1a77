"""The page of the figures of visits, exact, for whoever counts: by place, over some months; and as a table."""

import re

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.sites.queries import every_site, site_name
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, _p
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.spreadsheets.sheet import SheetFile, exported
from refurb.visits.blueprint import blueprint
from refurb.visits.queries import FEWEST, VisitFigures, seniors, visit_figures
from refurb.visits.shown import share, tables
from refurb.visits.words import OPINIONS

P = Permission
_MONTH = re.compile(r"(?:19|20|21)\d\d-(?:0[1-9]|1[0-2])")


def month_asked(name: str) -> str:
    """A month that the address names, `2026-11`; this one where it names none. Raises `Invalid` for what is no month."""
    asked = request.args.get(name, "")
    if asked and not _MONTH.fullmatch(asked):
        raise Invalid({name: [Fault("visit.month")]})
    return asked or f"{today():%Y-%m}"


def asked_figures() -> tuple[VisitFigures, int | None, str, str]:
    """The figures that the address asks for, with their place and their months, in order whichever way they were asked.

    Raises `Invalid` for a place or a month that is none: nobody is told other figures than those asked for.
    """
    name = "lieu" if "lieu" in request.args else "site"
    site = number_asked(name)
    if request.args.get(name) and site not in every_site():
        raise Invalid({name: [Fault("field.choice")]})
    first, last = sorted((month_asked("de"), month_asked("a")))
    return visit_figures(site, first, last), site, first, last


def _places() -> list[tuple[int, str]]:
    return [(each.id, each.name) for each in every_site().values()]


@blueprint.get("/visites/chiffres")
@requires(P.VISIT_COUNT)
def figures(_actor: Actor) -> Response:
    """How many came, why, of which age, for the first time, by which way; exact: what leaves the house is for another page to protect."""
    try:
        found, site, first, last = asked_figures()
    except Invalid as wrong:
        faults = {name: sentence(each[0]) for name, each in wrong.fields.items()}
        typed = {name: request.args.get(name, "") for name in ("de", "a")}
        return page("visits/figures.html", status=422, figures=None, faults=faults, places=_places(), site=number_asked("lieu"),
                    first=typed["de"], last=typed["a"])  # fmt: skip
    return page(
        "visits/figures.html", faults={}, figures=found, site=site, first=first, last=last,
        tables=tables(found), share=share, seniors=seniors(found),
        places=_places(), site_name=site_name, opinions=OPINIONS, fewest=FEWEST,
        answered=sum(found.opinions.get(each, 0) for each in OPINIONS),
    )  # fmt: skip


@exported(blueprint, "/visites/chiffres", P.VISIT_COUNT)
def figures_file(_actor: Actor) -> SheetFile:
    """The same as a table: the question, the answer, how many."""
    found, _site, first, last = asked_figures()
    rows = [(_("Visites"), _("Total"), found.total)]
    rows += [(_("Lieu"), site_name(place), number) for place, number in found.by_place.items()]
    rows += [(_p("visit", "Mois"), month, number) for month, number in found.by_month.items()]
    rows += [(heading, word, number) for _key, heading, told in tables(found) for word, number in told]
    heads = [(_("Question"), 24), (_("Réponse"), 34), (_("Nombre"), 12)]
    return SheetFile(f"visites-{first}-{last}", heads, rows)
