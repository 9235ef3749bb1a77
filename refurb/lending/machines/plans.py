"""The pages of a machine's own calendar: its week hour by hour, its month in numbers."""

from datetime import date, timedelta
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from refurb.directory.sites.queries import site_name
from refurb.directory.sites.words import said_hour
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.clock import today
from refurb.kernel.web.asked import day_asked
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.lending.blueprint import blueprint
from refurb.lending.machines.calendar import machine_month, machine_week
from refurb.lending.machines.models import WorkMachine
from refurb.lending.machines.queries import machine_by_id
from refurb.lending.planning.months import MonthCell, month_after, shown_month
from refurb.lending.planning.weeks import DAYS

P = Permission


@blueprint.get("/machines/<int:number>/calendrier")
@requires(P.MACHINE_WRITE)
def machine_calendar(_actor: Actor, number: int) -> Response:
    """A week of a machine: who has which hours, day by day."""
    machine, asked = machine_by_id(number), day_asked("semaine") or today()
    monday = asked - timedelta(days=asked.weekday())
    sunday = monday + timedelta(days=DAYS - 1)
    return _shown("week", machine, week=machine_week(machine, monday), monday=monday, sunday=sunday, step=timedelta(days=DAYS))


@blueprint.get("/machines/<int:number>/calendrier/mois")
@requires(P.MACHINE_WRITE)
def machine_calendar_month(_actor: Actor, number: int) -> Response:
    """A month of a machine in numbers: sessions, introductions, upkeep, what is free; no names."""
    machine, first = machine_by_id(number), (day_asked("mois") or today()).replace(day=1)
    counts = machine_month(machine, first, month_after(first))

    def _cell(on: date) -> MonthCell:
        count, where = counts[on], url_for("lending.machine_calendar", number=number, semaine=on.isoformat())
        return MonthCell(on, count, is_shut=count.is_shut, is_idle=count.is_idle, leads_to=where)

    return _shown("month", machine, **shown_month(first, _cell))


def _shown(view: str, machine: WorkMachine, **told: Any) -> Response:
    return page(
        f"lending/machines/calendar_{view}.html", machine=machine, site=site_name(machine.site_id), hour=said_hour, today=today(), **told
    )
