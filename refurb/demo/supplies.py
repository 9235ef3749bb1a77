"""What the demonstration gives away or uses up: USB keys and filament, at two places."""

from functools import partial
from typing import Any

from refurb.demo.diary import Cast, Diary
from refurb.lending.supplies.actions import add_supply, move_supply
from refurb.lending.supplies.models import Supply
from refurb.lending.supplies.words import SupplyMoveKind

K = SupplyMoveKind
KEPT = (("Clé USB 32 Go", "pièces", 10), ("Fil PLA 1,75 mm", "grammes", 500), ("Carte micro-SD 16 Go", "pièces", 5))
MOVES = (
    (50, "Clé USB 32 Go", K.RECEIVED, 60, "Don du département"),
    (49, "Fil PLA 1,75 mm", K.RECEIVED, 3_000, None),
    (49, "Carte micro-SD 16 Go", K.RECEIVED, 20, None),
    (33, "Clé USB 32 Go", K.GIVEN, 24, "Ateliers « mes démarches »"),
    (21, "Fil PLA 1,75 mm", K.GIVEN, 1_850, "Séances du mois"),
    (15, "Carte micro-SD 16 Go", K.COUNTED, 17, "Recomptées à l'inventaire"),
    (9, "Clé USB 32 Go", K.GIVEN, 28, "Remise des diplômes"),
)


def plan_supplies(cast: Cast, diary: Diary) -> None:
    """Note in the diary what comes and goes."""
    kept: dict[str, Supply] = {}
    diary.note(52, "08:50", partial(_enter, cast, kept))
    for ago, name, kind, quantity, reason in MOVES:
        diary.note(ago, "17:20", partial(_move, cast, kept, name, kind=kind, quantity=quantity, reason=reason))


def _enter(cast: Cast, kept: dict[str, Supply]) -> None:
    for name, unit, low_at in KEPT:
        kept[name] = add_supply(cast.actors["desk"], name=name, unit=unit, low_at=low_at)


def _move(cast: Cast, kept: dict[str, Supply], name: str, **facts: Any) -> None:
    move_supply(cast.actors["desk"], kept[name], **facts)
