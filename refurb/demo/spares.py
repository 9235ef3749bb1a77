"""The spare parts of the demonstration: what was bought and given, what went into which machine, what a machine kept for parts gave."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from refurb.demo.diary import Cast, Diary
from refurb.demo.fates import Fate
from refurb.demo.gifts import GIFTS, Gift
from refurb.inventory.parts.actions import count_part, enter_part, fit_part, take_out_part
from refurb.inventory.parts.models import Part
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.parts import PartKind, PartOrigin

_SHOP = {"origin": PartOrigin.BOUGHT, "supplier": "Comptoir de la pièce (démonstration)"}
_GIVEN = {"origin": PartOrigin.DONATED}
_STOCK: dict[str, dict[str, Any]] = {
    "memory": _SHOP | {
        "kind": PartKind.RAM, "name": "DDR4 SO-DIMM 8 Go 2666", "is_lot": True, "quantity": 10, "cost_cents": 1790,
        "invoice": "FA-2026-0118", "funder": "FEDER 2026", "fits": "Latitude 5490, ProBook 450 G5, ThinkPad T480",
        "place": "Tiroir 1", "low_at": 3,
    },
    "battery": _SHOP | {
        "kind": PartKind.BATTERY, "name": "Batterie GJKNX 68 Wh", "is_lot": True, "quantity": 4, "cost_cents": 4250,
        "invoice": "FA-2026-0131", "funder": "Département, inclusion", "fits": "Latitude 5490", "place": "Armoire ignifugée", "low_at": 1,
    },
    "charger": _GIVEN | {
        "kind": PartKind.CHARGER, "name": "Bloc 65 W, embout 4,5 mm", "is_lot": True, "quantity": 9,
        "fits": "Latitude 5490, Latitude E5470", "place": "Bac C",
    },
    "keyboard": _SHOP | {
        "kind": PartKind.KEYBOARD, "name": "Clavier AZERTY Latitude 5490", "cost_cents": 3120, "invoice": "FA-2026-0131",
        "funder": "Département, inclusion", "fits": "Latitude 5490", "place": "Tiroir 3",
    },
    "cable": _GIVEN | {"kind": PartKind.CABLE, "name": "Câble d'alimentation C13", "is_lot": True, "quantity": 22, "place": "Bac D"},
}  # fmt: skip
_ENTERED = 58
"""Working days before today: before the first machine of the story."""
_MEMORY_FOR, _BATTERY_FOR = 6, 3
"""How many of the laptops that became ready got a module, and how many of them a battery."""


def plan_spares(cast: Cast, diary: Diary) -> None:
    """Note in the diary what is entered, fitted between the wipe and the tests, harvested, and counted again."""
    stock: dict[str, Part] = {}
    for number, key in enumerate(_STOCK):
        diary.note(_ENTERED, f"10:{number * 4:02d}", partial(_enter, cast, stock, key))
    for place, (gift, number) in enumerate(_machines(Fate.READY, DeviceKind.LAPTOP)):
        wiped = (gift.arrived or 0) - 2 - number % 2
        for name, most in (("memory", _MEMORY_FOR), ("battery", _BATTERY_FOR)):
            if place < most:
                diary.note(wiped, f"16:{number * 3 % 30:02d}", partial(_fit, cast, stock, name, f"{gift.key}/{number}"))
    for gift, number in _machines(Fate.PARTS, DeviceKind.LAPTOP):
        diary.note((gift.arrived or 0) - 3 - number % 2, "16:50", partial(_harvest, cast, f"{gift.key}/{number}"))
    diary.note(6, "17:10", lambda: count_part(cast.actors["technician"], stock["charger"], quantity=8, reason="Un embout arraché, jeté."))


def _machines(fate: Fate, kind: DeviceKind) -> Iterator[tuple[Gift, int]]:
    for gift in GIFTS:
        if gift.arrived is not None:
            for number, (model, ends) in enumerate(gift.machines):
                if ends is fate and model.kind is kind:
                    yield gift, number


def _enter(cast: Cast, stock: dict[str, Part], key: str) -> None:
    stock[key] = enter_part(cast.actors["technician"], **_STOCK[key])


def _fit(cast: Cast, stock: dict[str, Part], name: str, key: str) -> None:
    fit_part(cast.actors["technician"], stock[name], cast.devices[key])


def _harvest(cast: Cast, key: str) -> None:
    for kind in (PartKind.RAM, PartKind.KEYBOARD, PartKind.BATTERY):
        take_out_part(cast.actors["technician"], cast.devices[key], kind=kind, place="Bac « prélevées »")
