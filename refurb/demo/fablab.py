"""The machines of the demonstration: who was shown them, a month of slots, sessions that went well or not, one that is out of order."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from refurb.demo.diary import Cast, Diary
from refurb.kernel.speech.clock import today
from refurb.lending.borrowers.actions import register_borrower
from refurb.lending.machines.actions import (
    add_machine,
    ask_slot_online,
    book_slot,
    give_introduction,
    grant,
    plan_upkeep,
    put_out_of_order,
    take_seat,
)
from refurb.lending.machines.models import MachineSlot, WorkMachine
from refurb.lending.machines.queries import week_of_slots
from refurb.lending.machines.states import slot_machine
from refurb.lending.supplies.actions import add_supply, move_supply
from refurb.lending.supplies.queries import spools_at
from refurb.lending.supplies.words import SupplyMoveKind

_PRINTER: dict[str, Any] = {
    "name": "Imprimante 3D « Bleue »", "about": "Plateau de 22 × 22 × 25 cm. Fil fourni, compté au gramme.", "picture": "imprimante",
    "slot_minutes": 90, "min_age": 12, "training_minutes": 90, "training_months": 12, "material": "Fil PLA", "cents_per_gram": 5,
    "upkeep_hours": 50,
}  # fmt: skip
_CUTTER: dict[str, Any] = {
    "name": "Découpeuse vinyle", "about": "Autocollants, flocage et pochoirs, jusqu'à 30 cm de large.", "picture": "projecteur",
    "slot_minutes": 60, "min_age": 10, "training_minutes": 30, "training_months": 24, "material": None, "cents_per_gram": None,
    "upkeep_hours": None,
}  # fmt: skip
_LASER: dict[str, Any] = {
    "name": "Découpeuse laser", "about": "Bois, carton et acrylique, 40 × 60 cm.", "picture": "malle", "slot_minutes": 60, "min_age": 16,
    "training_minutes": 120, "training_months": 12, "material": None, "cents_per_gram": None, "upkeep_hours": 100,
}  # fmt: skip
_SPOOLS = (("PLA blanc", 1_000), ("PLA noir", 560))
MEMBERS = {
    "gwenaelle": ("Gwenaëlle Pommier-Hadj", "gwenaelle.pommier@courriel.example"),
    "helene": ("Hélène Nguyen-Rabier", "helene.nguyen@courriel.example"),
    "odile": ("Odile Saint-Martin", "odile.saint-martin@courriel.example"),
    "basile": ("Basile Quéré", "basile.quere@courriel.example"),
}
_RESULTS = ("good", "good", "machine_failed", "good", "file_failed", "good")


def plan_fablab(cast: Cast, diary: Diary) -> None:
    """Note in the diary what happens at the fablab."""
    machines: dict[str, WorkMachine] = {}
    diary.note(54, "10:00", partial(_open, cast, machines))
    for number, ago in enumerate(range(30, 0, -2)):
        diary.note(ago, "18:20", partial(_session, cast, machines, diary.day(ago - 1), number))
    missed: list[MachineSlot] = []
    diary.note(8, "18:40", partial(_stay_away, cast, machines, diary.day(7), missed))
    diary.note(3, "12:10", partial(_miss, cast, missed))
    diary.note(5, "17:00", partial(_come, cast, machines, diary.day(-1)))
    diary.note_at(diary.lately("09:50"), partial(_begin, cast, machines))
    diary.note_at(diary.lately("10:05"), partial(_ask, machines, diary.day(-2)))
    diary.note(4, "17:30", partial(_break, cast, machines, diary))


def _open(cast: Cast, machines: dict[str, WorkMachine]) -> None:
    desk, site = cast.actors["trainer"], cast.sites["fablab"].id
    spools = [add_supply(cast.actors["desk"], name=name, unit="g", low_at=150) for name, _grams in _SPOOLS]
    for spool, (_name, grams) in zip(spools, _SPOOLS, strict=True):
        move_supply(cast.actors["coordinator"], spool, kind=SupplyMoveKind.RECEIVED, quantity=grams, site_id=site)
    for key, facts in (("printer", _PRINTER | {"supply_id": spools[0].id}), ("cutter", _CUTTER), ("laser", _LASER)):
        machines[key] = add_machine(desk, site_id=site, **facts)
    for key, (name, email) in MEMBERS.items():
        cast.borrowers[key] = register_borrower(desk, name=name, is_adult=True, email=email)
    for key in ("gwenaelle", "odile", "basile"):
        grant(desk, machines["printer"], cast.borrowers[key])
    grant(desk, machines["printer"], cast.borrowers["helene"], minor="Thibault Nguyen-Rabier")
    for key in ("gwenaelle", "basile"):
        grant(desk, machines["laser"], cast.borrowers[key])
    grant(desk, machines["cutter"], cast.borrowers["helene"])


def _free(machine: WorkMachine, first: date, days: int = 14) -> tuple[date, int] | None:
    """The first free slot of a machine from a day on."""
    cells = (cell for _day, of_day in week_of_slots(machine, first, days) for cell in of_day if cell.kind == "free")
    return next(((cell.day, cell.from_minute) for cell in cells), None)


def _book(cast: Cast, machine: WorkMachine, who: str, first: date, **more: Any) -> MachineSlot | None:
    found = _free(machine, first)
    if found is None:
        return None
    day, hour = found
    return book_slot(cast.actors["trainer"], machine, cast.borrowers[who], day=day, hour=hour, **more)


def _session(cast: Cast, machines: dict[str, WorkMachine], first: date, number: int) -> None:
    """Somebody books, comes and prints; all of it is written down at once."""
    desk, who = cast.actors["trainer"], ("gwenaelle", "odile", "basile", "helene")[number % 4]
    more = {"minor": "Thibault Nguyen-Rabier", "minor_age": 14} if who == "helene" else {}
    slot = _book(cast, machines["printer"], who, first, **more)
    if slot is None:
        return
    slot_machine.fire(slot, "start", desk)
    slot_machine.fire(
        slot, "finish", desk, minutes=45 + number * 7 % 45, grams=20 + number * 13 % 95, material=None,
        supply_id=spools_at(slot.machine.site_id)[number % len(_SPOOLS)].supply.id, result=_RESULTS[number % len(_RESULTS)],
    )  # fmt: skip


def _stay_away(cast: Cast, machines: dict[str, WorkMachine], soon: date, missed: list[MachineSlot]) -> None:
    """Somebody books, and will not come."""
    slot = _book(cast, machines["cutter"], "helene", soon)
    if slot is not None:
        missed.append(slot)


def _miss(cast: Cast, missed: list[MachineSlot]) -> None:
    for slot in missed:
        slot_machine.fire(slot, "miss", cast.actors["trainer"])


def _begin(cast: Cast, machines: dict[str, WorkMachine]) -> None:
    """A session that nobody has ended yet."""
    slot = _book(cast, machines["cutter"], "helene", today())
    if slot is not None:
        slot_machine.fire(slot, "start", cast.actors["trainer"])


def _ask(machines: dict[str, WorkMachine], soon: date) -> None:
    """Somebody who was shown the machine asks from home, and has not opened the letter yet."""
    name, email = MEMBERS["gwenaelle"]
    found = _free(machines["printer"], soon)
    if found is not None:
        ask_slot_online(machines["printer"], source="192.0.2.7", name=name, email=email, day=found[0], hour=found[1])


def _come(cast: Cast, machines: dict[str, WorkMachine], soon: date) -> None:
    """What is to come: slots, an introduction with people in it, an upkeep."""
    desk, printer = cast.actors["trainer"], machines["printer"]
    for who, more in (("gwenaelle", {}), ("helene", {"minor": "Thibault Nguyen-Rabier", "minor_age": 14}), ("basile", {})):
        _book(cast, printer, who, soon, **more)
    _book(cast, machines["cutter"], "helene", soon)
    found = _free(printer, soon + timedelta(days=1))
    if found is not None:
        introduction = give_introduction(desk, printer, day=found[0], hour=found[1], places=4)
        take_seat(desk, introduction, cast.borrowers["camille"])
    found = _free(printer, soon + timedelta(days=3))
    if found is not None:
        plan_upkeep(desk, printer, day=found[0], hour=found[1], note="Graissage des axes, buse neuve")


def _break(cast: Cast, machines: dict[str, WorkMachine], diary: Diary) -> None:
    laser = machines["laser"]
    for who in ("gwenaelle", "basile"):
        _book(cast, laser, who, diary.day(-2))
    put_out_of_order(cast.actors["trainer"], laser, reason="Extraction d'air en panne", until=diary.day(-12))
