"""What other thresholds of spare parts would change today: the kinds that would run low, or no longer."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from refurb.inventory.parts.models import Part
from refurb.inventory.words.parts import PART_KINDS, PartKind
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import PolicyEffect
from refurb.kernel.speech.words import _, _n


def preview_parts(before: Mapping[PartKind, int], after: Mapping[PartKind, int]) -> PolicyEffect:
    """The kinds of part, of those in stock, of which it would be said otherwise whether they run low."""
    kinds: Any = db.session.execute(select(Part.kind, func.sum(Part.quantity)).group_by(Part.kind))
    found = [
        (_("%(kind)s : %(left)s en stock", kind=str(PART_KINDS[kind]), left=left), _low(kind, left, before), _low(kind, left, after))
        for kind, left in kinds
        if _is_low(kind, left, before) != _is_low(kind, left, after)
    ]
    if not found:
        return PolicyEffect(0, _("Aucune sorte de pièces ne passe en stock bas ni n'en sort."))
    sentence = _n("%(num)s sorte de pièces change d'état.", "%(num)s sortes de pièces changent d'état.", len(found))
    return PolicyEffect(len(found), sentence, tuple(found))


def _is_low(kind: PartKind, left: int, thresholds: Mapping[PartKind, int]) -> bool:
    return kind in thresholds and left <= thresholds[kind]


def _low(kind: PartKind, left: int, thresholds: Mapping[PartKind, int]) -> str:
    return _("en stock bas") if _is_low(kind, left, thresholds) else _("assez en stock")
