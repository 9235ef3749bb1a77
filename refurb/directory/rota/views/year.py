"""What everybody may know of the rota: when it comes where, the year of a commune on one sheet, calendars to subscribe to."""

from datetime import date
from typing import Any

from flask import Response as File
from flask import current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from refurb.directory.queries import home
from refurb.directory.rota.agendas import may_follow
from refurb.directory.rota.feeds import BACK, feed, open_feed
from refurb.directory.rota.models import Passage, Rota
from refurb.directory.rota.planning import AHEAD
from refurb.directory.rota.queries import (
    missing_decisions,
    next_passages,
    passages,
    passages_at,
    rotas,
    rotas_of_account,
    served,
    stop_rules,
)
from refurb.directory.rota.shown import closed_within, months, said_stop, unasked, year_begins
from refurb.directory.rota.views.blueprint import blueprint
from refurb.directory.rota.views.rotas import TOLD
from refurb.directory.sites.queries import SiteCard, open_sites
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.calendar import MIMETYPE
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.folding import slug
from refurb.kernel.speech.words import _
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.guards import public
from refurb.kernel.web.pages import disposition, page, told


def by_commune(sites: list[SiteCard]) -> dict[str, list[SiteCard]]:
    """Stops by the commune in whose address they stand, each by its slug."""
    found: dict[str, list[SiteCard]] = {}
    for each in sites:
        found.setdefault(slug(each.commune or each.name), []).append(each)
    return found


@blueprint.get("/passages")
@public
def public_list() -> Response:
    """When the vehicle comes to each commune next."""
    return page("rota/public.html", home=home(), **_list())


def _list() -> dict[str, Any]:
    sites = served()
    ids = [each.id for each in sites]
    return {"communes": by_commune(sites), "rules": stop_rules(ids, today()), "next": next_passages(ids, today()), "today": today(), **TOLD}


@blueprint.get("/passages/<commune>")
@public
def year(commune: str) -> Response:
    """The year of a commune on one sheet, from September to August, and the next days of the others."""
    first = _year_asked()
    sheet = _sheet(commune, first)
    years = sorted({year_begins(today()), year_begins(today() + AHEAD)})
    return page("rota/year.html", home=home(), sheet=sheet, first=first, years=years, here=commune, **_list())


@blueprint.get("/passages/choisir")
@public
def choose() -> Response:
    """Lead on to the sheet of the commune and the year that were chosen."""
    return redirect(url_for("rota.year", commune=slug(request.args.get("commune", "")) or "-", annee=number_asked("annee") or None), 303)


@blueprint.get("/passages/feuilles")
@public
def sheets() -> Response:
    """The sheets of all communes, one page each."""
    first = _year_asked()
    return page("rota/sheets.html", home=home(), sheets=[_sheet(each, first) for each in by_commune(served())], first=first, **TOLD)


def _year_asked() -> date:
    asked, this = number_asked("annee"), year_begins(today())
    return date(asked, 9, 1) if asked in {this.year - 1, this.year, this.year + 1} else this


def _sheet(commune: str, first: date) -> dict[str, Any]:
    """What stands on the sheet of a commune. Raises `NotFound` where no stop is there."""
    sites = by_commune(served(first)).get(commune)
    if not sites:
        raise NotFound
    ids, until = [each.id for each in sites], date(first.year + 1, 9, 1)
    found = passages_at(ids, first, until)
    rules = [each for rules in stop_rules(ids, max(first, min(today(), until))).values() for each in rules]
    ours = _ours({each.rota_id for each in rules})
    address = current_app.config["BASE_URL"] + url_for("rota.year", commune=commune)
    return {
        "slug": commune,
        "today": today(),
        "commune": sites[0].commune or sites[0].name,
        "sites": sites,
        "sentences": list(dict.fromkeys(said_stop(each) for each in rules)),
        "months": months(first, found),
        "closed": closed_within(ours, first, until),
        "undecided": [each.closure.until for each in missing_decisions(ours) if first <= each.closure.first < until]
        + [each[1] for rota in ours for each in unasked(rota) if first <= each[0] < until],
        "desk": next((each for each in open_sites() if each.kind is SiteKind.DESK), None),
        "address": address.partition("://")[2],
        "qr": wired().draw_code(address),
        "many": len(sites) > 1,
        "next": next((each for each in found if each.day >= today() and not each.state.is_off), None),
    }


def _ours(ids: set[int]) -> list[Rota]:
    return [each for each in rotas() if each.id in ids]


@blueprint.get("/passages/<commune>.ics")
@public
def feed_of_commune(commune: str) -> Response:
    """The calendar of a commune's stops."""
    sites = by_commune(served()).get(commune)
    if not sites:
        raise NotFound
    found = passages_at([each.id for each in sites], today() - BACK, today() + AHEAD)
    return _calendar(_("Passages à %(commune)s", commune=sites[0].commune or sites[0].name), found, commune)


@blueprint.get("/itinerance/agendas/<token>.ics")
@public
def feed_of_adviser(token: str) -> Response:
    """The calendar of somebody on the road, by an address of before « Mes agendas »: while the account is open and may see it."""
    account = open_feed(token)
    ids = rotas_of_account(account) if may_follow(account) else []
    if not ids:
        raise NotFound
    found = passages(today() - BACK, today() + AHEAD, Passage.rota_id.in_(ids))
    return _calendar(_("Ma tournée"), found, "tournee")


def _calendar(title: str, found: Any, name: str) -> Response:
    answer = File(feed(title, found, current_app.config["BASE_URL"]), content_type=f"{MIMETYPE}; charset=utf-8")
    answer.headers["Content-Disposition"] = disposition(f"{name}.ics", inline=True)
    answer.headers["Cache-Control"] = "no-cache"
    return told(answer)
