"""The planning of a place: its week as a table, its month in numbers, who comes back and who leaves today."""

from datetime import date, timedelta
from typing import Any

from flask import request, url_for
from flask_babel import format_date
from werkzeug.wrappers import Response

from refurb.directory.agenda.queries import days_of
from refurb.directory.rota.models import Passage
from refurb.directory.rota.queries import passages
from refurb.directory.rota.words import PassageState
from refurb.directory.sites.asked import site_asked
from refurb.directory.sites.queries import every_site
from refurb.directory.sites.rules import chosen_site
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _
from refurb.kernel.web.asked import day_asked, number_asked
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.lending.blueprint import blueprint
from refurb.lending.items.queries import products
from refurb.lending.planning.months import MonthCell, month_after, shown_month
from refurb.lending.planning.queries import come_back_today, leave_today, month_of, week_of
from refurb.lending.planning.weeks import DAYS
from refurb.lending.reservations.queries import count_pending, count_short
from refurb.lending.terms import loan_policy

P = Permission


@blueprint.get("/planning")
@requires(P.LOAN_READ)
def planning(actor: Actor) -> Response:
    """A week of a place: today's visits first, then who has what, day by day."""
    site, asked = chosen_site(actor, site_asked()), day_asked("semaine") or today()
    monday = asked - timedelta(days=asked.weekday())
    product_id, idle_too = number_asked("produit"), bool(request.args.get("libres"))
    kept = {"lieu": site_asked(), "produit": product_id}
    return page(
        "lending/planning/week.html",
        week=week_of(actor, site, monday, product_id=product_id, idle_too=idle_too or product_id is not None),
        days=_days(site, monday),
        monday=monday,
        sunday=monday + timedelta(days=DAYS - 1),
        site=site,
        place=every_site()[site].name,
        come_back=come_back_today(actor, site),
        leave=leave_today(actor, site),
        short=count_short(actor),
        to_decide=count_pending(actor),
        may_decide=actor.may(P.LOAN_WRITE),
        products=[(each.id, each.name) for each in products()],
        product_id=product_id,
        idle_too=idle_too,
        kept={name: value for name, value in kept.items() if value},
        step=timedelta(days=DAYS),
        today=today(),
        spoken_days=spoken_days,
    )


def _days(site: int, monday: date) -> list[dict[str, Any]]:
    """The days of a week: how they are headed, whether closed, which stops are served."""
    loans, days = loan_policy(), days_of(site)
    sunday = monday + timedelta(days=DAYS)
    stops = _stops(monday, sunday)
    return [
        {
            "on": on,
            "head": format_date(on, "EEE d"),
            "is_open": loans.is_open(on, days),
            "stops": stops.get(on, []),
            "is_today": on == today(),
        }
        for on in (monday + timedelta(days=each) for each in range(DAYS))
    ]


def _stops(first: date, until: date) -> dict[date, list[str]]:
    """Where the vehicles stop on each day of some."""
    found: dict[date, list[str]] = {}
    for each in passages(first, until, Passage.state == PassageState.PLANNED):
        found.setdefault(each.day, []).append(each.site.commune or each.site.name)
    return found


def spoken_days(first: date, count: int) -> str:
    """Some days in words, for whoever reads the table as a list: « du mardi 24 au jeudi 26 »."""
    last = first + timedelta(days=count - 1)
    if count == 1:
        return str(format_date(first, "EEEE d MMMM"))
    return _("du %(first)s au %(last)s", first=format_date(first, "EEEE d"), last=format_date(last, "EEEE d MMMM"))


@blueprint.get("/planning/mois")
@requires(P.LOAN_READ)
def planning_month(actor: Actor) -> Response:
    """A month of a place in numbers: what leaves, comes back, is maintained, where the vehicle stops; no names."""
    site, first = chosen_site(actor, site_asked()), (day_asked("mois") or today()).replace(day=1)
    after, loans, days = month_after(first), loan_policy(), days_of(site)
    stops, counts = _stops(first, after), month_of(actor, site, first, after)
    kept: dict[str, Any] = {"lieu": site_asked()} if site_asked() else {}

    def _cell(on: date) -> MonthCell:
        told, where = {"count": counts.get(on), "stops": stops.get(on, [])}, url_for("lending.planning", semaine=on.isoformat(), **kept)
        return MonthCell(on, told, is_shut=not loans.is_open(on, days), is_idle=not any(told.values()), leads_to=where)

    return page("lending/planning/month.html", place=every_site()[site].name, kept=kept, **shown_month(first, _cell))
