"""Who has what in hand in the demonstration, what was passed to whom, and what was noted of it."""

from functools import partial

from refurb.demo.diary import Cast, Diary
from refurb.demo.fates import Fate
from refurb.demo.gifts import GIFTS
from refurb.inventory.bench.actions.notes import write_note
from refurb.inventory.bench.actions.work import pass_on, pick_up
from refurb.inventory.models.devices import Device

# How many machines of a fate each of the two has in hand.
_TAKEN = {
    "technician": {Fate.TESTING: 1, Fate.ERASED: 1, Fate.MISSING_PART: 1},
    "apprentice": {Fate.TO_ERASE: 2, Fate.ERASING: 1},
}
_NOTED = {
    Fate.TESTING: "Ventilateur bruyant au démarrage, se calme après une minute. À réécouter avant de la déclarer prête.",
    Fate.MISSING_PART: "Bloc de 65 W à embout jaune : celui du carton B convient.",
    Fate.FAILED_WIPE: "Deuxième passe échouée au même endroit : ne pas insister, à détruire.",
}


def plan_bench(cast: Cast, diary: Diary) -> None:
    """Note in the diary, for the last two days, who takes what; the apprentice passes one machine on, with a word."""
    keys = _keys_by_fate()
    for who, wanted in _TAKEN.items():
        for fate, count in wanted.items():
            mine, keys[fate] = keys[fate][:count], keys[fate][count:]
            for number, key in enumerate(mine):
                diary.note(1, f"16:{10 + number * 5}", partial(_take, cast, who, key))
                if fate in _NOTED and number == 0:
                    diary.note(1, f"16:{20 + number * 5}", partial(_write, cast, who, key, _NOTED[fate]))
    for key in keys[Fate.FAILED_WIPE][:1]:
        diary.note(1, "16:30", partial(_take, cast, "apprentice", key))
        diary.note(1, "16:42", partial(_pass, cast, key, _NOTED[Fate.FAILED_WIPE]))


def _keys_by_fate() -> dict[Fate, list[str]]:
    keys: dict[Fate, list[str]] = {fate: [] for fate in Fate}
    for gift in GIFTS:
        if gift.arrived is not None:
            for number, (_model, fate) in enumerate(gift.machines):
                keys[fate].append(f"{gift.key}/{number}")
    return keys


def _device(cast: Cast, key: str) -> Device:
    return cast.devices[key]


def _take(cast: Cast, who: str, key: str) -> None:
    pick_up(cast.actors[who], _device(cast, key))


def _write(cast: Cast, who: str, key: str, text: str) -> None:
    write_note(cast.actors[who], _device(cast, key), text)


def _pass(cast: Cast, key: str, note: str) -> None:
    to = cast.actors["technician"].id
    assert to is not None
    pass_on(cast.actors["apprentice"], _device(cast, key), to=to, note=note)
