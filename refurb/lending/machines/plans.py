"""The pages of a machine's own calendar: its week hour by hour, its month in numbers."""

from datetime import date, timedelta
from typing import Any

from flask_babel import format_date
from werkzeug.wrappers import Response

from refurb.directory.sites.queries import site_name
from refurb.directory.sites.words import said_hour
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import day
from refurb.kernel.web.asked import day_asked
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.lending.blueprint import blueprint
from refurb.lending.machines.calendar import MachineDayCount, machine_month, machine_week
from refurb.lending.machines.models import WorkMachine
from refurb.lending.machines.queries import machine_by_id
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
    after = (first + timedelta(days=32)).replace(day=1)
    counts = machine_month(machine, first, after)
    start, weeks = first - timedelta(days=first.weekday()), []
    while start < after:
        week = [start + timedelta(days=each) for each in range(DAYS)]
        weeks.append([_cell(on, counts[on]) if on in counts else None for on in week])
        start += timedelta(days=DAYS)
    return _shown(
        "month", machine, weeks=weeks, first=first, before=(first - timedelta(days=1)).replace(day=1), after=after,
        names=[format_date(date(2024, 1, each), "EEEE") for each in range(1, 8)], month=lambda on: format_date(on, "MMMM y"),
    )  # fmt: skip


def _shown(view: str, machine: WorkMachine, **told: Any) -> Response:
    return page(
        f"lending/machines/calendar_{view}.html", machine=machine, site=site_name(machine.site_id), hour=said_hour, today=today(), **told
    )


def _cell(on: date, count: MachineDayCount) -> dict[str, Any]:
    return {"on": on, "count": count, "is_today": on == today(), "spoken": day(on, "full")}
