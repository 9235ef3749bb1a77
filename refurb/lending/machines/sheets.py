"""The sessions of a machine's month as a file to keep: how long, how much of what, what came of it."""

from datetime import timedelta
from typing import Any

from refurb.accounts.factors.arrival import freshly_proved
from refurb.directory.sites.words import said_hour
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.asked import day_asked
from refurb.lending.blueprint import blueprint
from refurb.lending.machines.queries import machine_by_id, sessions_between
from refurb.lending.machines.states import slot_machine
from refurb.lending.machines.words import RESULTS
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported


def _came_of(row: Any) -> Any:
    return RESULTS[row.result] if row.result else slot_machine.looks[row.state].word


_COLUMNS = (
    SheetColumn(_lp("slot", "Jour"), lambda row: row.day, 12),
    SheetColumn(_lp("slot", "Heure"), lambda row: said_hour(row.from_minute), 10),
    SheetColumn(_lp("session", "Qui"), lambda row: row.borrower.name, 28),
    SheetColumn(_l("Durée, min"), lambda row: row.minutes, 12),
    SheetColumn(_l("Matière, g"), lambda row: row.grams, 12),
    SheetColumn(_lp("session", "Bobine"), lambda row: row.supply.name if row.supply else None, 20),
    SheetColumn(_lp("session", "Matière"), lambda row: row.material, 20),
    SheetColumn(_lp("session", "La pièce"), _came_of, 20),
)


@exported(blueprint, "/machines/<int:number>/seances", Permission.MACHINE_WRITE)
@freshly_proved
def machine_sessions(_actor: Actor, number: int) -> SheetFile:
    """The sessions of a month that are over, the first first; of this month where none is asked for."""
    machine, first = machine_by_id(number), (day_asked("mois") or today()).replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return SheetFile.of(f"seances-{first:%Y-%m}", _COLUMNS, sessions_between(machine, first, after))
