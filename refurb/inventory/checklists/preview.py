"""What other checklists would change today: the machines at the bench that would be asked something else."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from refurb.inventory.checklists.policy import Checklist
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import AT_BENCH, DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import PolicyEffect
from refurb.kernel.speech.words import _, _n


def preview_checklists(before: Mapping[DeviceKind, Checklist], after: Mapping[DeviceKind, Checklist]) -> PolicyEffect:
    """How many machines that are not ready yet are of a kind with other questions; answers that were given stay, under their version."""
    changed = [kind for kind in DeviceKind if before[kind].questions != after[kind].questions]
    rows: Any = db.session.execute(
        select(Device.kind, func.count()).where(Device.state.in_(AT_BENCH), Device.kind.in_(changed)).group_by(Device.kind)
    )
    counts = dict(map(tuple, rows))
    first = tuple((_at_bench(kind, counts.get(kind, 0)), _asked(before[kind]), _asked(after[kind])) for kind in changed)
    total = sum(counts.values())
    if not total:
        return PolicyEffect(0, _("Aucune machine à l'atelier n'est concernée : la liste vaut pour les prochaines."), first)
    sentence = _n(
        "%(num)s machine à l'atelier aura une autre liste de contrôles.",
        "%(num)s machines à l'atelier auront une autre liste de contrôles.",
        total,
    )
    return PolicyEffect(total, sentence, first)


def _at_bench(kind: DeviceKind, count: int) -> str:
    return _("%(kind)s : %(count)s à l'atelier", kind=str(DEVICE_KINDS[kind]), count=count)


def _asked(checklist: Checklist) -> str:
    needed = sum(each.required for each in checklist.questions)
    return _("%(questions)s questions, dont %(needed)s empêchent de remettre", questions=len(checklist.questions), needed=needed)
