"""What another grid, or other requirements, would change today: the machines that are here and would be weighed otherwise."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from refurb.inventory.models.devices import Device
from refurb.inventory.targets.grade import grade_of
from refurb.inventory.targets.policy import TARGETS, Targets
from refurb.inventory.targets.queries import configurations
from refurb.inventory.targets.requirements import overall, smallest, windows_11
from refurb.inventory.targets.words import CATEGORIES, Verdict
from refurb.inventory.words.devices import HERE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import PolicyEffect
from refurb.kernel.speech.words import _, _lp, _n

SHOWN = 8
MOST = 600
"""Machines that are weighed for a preview, the newest; a workshop has fewer at once."""
_SLICE = 200
_VERDICTS = {Verdict.YES: _lp("target", "atteint"), Verdict.NO: _lp("target", "pas atteint"), Verdict.UNKNOWN: _lp("target", "inconnu")}


def preview_targets(before: Targets, after: Targets) -> PolicyEffect:
    """Of the machines that are here, those whose category or verdicts would be others; each is weighed under both texts."""
    devices = _here()
    moved = [(code, _said(old), _said(new)) for code, old, new in _weighed(devices, before, after) if old != new]
    return PolicyEffect(len(moved), _sentence(len(moved), len(devices)), tuple(moved[:SHOWN]))


def _sentence(moved: int, here: int) -> str:
    if not moved:
        return _("Aucune des %(here)s machines examinées ne vaut autre chose.", here=here)
    return _n(
        "%(num)s machine, sur %(here)s, vaudra autre chose.", "%(num)s machines, sur %(here)s, vaudront autre chose.", moved, here=here
    )


def _here() -> Sequence[Any]:
    query = select(Device.id, Device.code).where(Device.state.in_(HERE)).order_by(Device.id.desc()).limit(MOST)
    return db.session.execute(query).all()


def _weighed(devices: Sequence[Any], before: Targets, after: Targets) -> Iterator[tuple[str, Any, Any]]:
    for first in range(0, len(devices), _SLICE):
        codes = {each.id: each.code for each in devices[first : first + _SLICE]}
        for device_id, (machine, _kept) in configurations(codes).items():
            with TARGETS.as_if(before):
                old = _worth(machine)
            with TARGETS.as_if(after):
                yield codes[device_id], old, _worth(machine)


def _worth(machine: Any) -> tuple[Any, Any, Any]:
    grade = grade_of(machine)
    return grade.category if grade else None, overall(smallest(machine)), overall(windows_11(machine))


def _said(worth: tuple[Any, Any, Any]) -> str:
    category, least, windows = worth
    return _(
        "%(category)s ; minimum : %(least)s ; Windows 11 : %(windows)s",
        category=str(CATEGORIES[category]) if category else _("sans catégorie"),
        least=_verdict(least),
        windows=_verdict(windows),
    )


def _verdict(verdict: Any) -> str:
    return str(_VERDICTS[verdict]) if verdict else _("rien de demandé")
