"""What other label formats would change today: nothing that is printed already."""

from collections.abc import Mapping

from refurb.inventory.labels.formats import LabelFormat
from refurb.kernel.deeds.policy import PolicyEffect
from refurb.kernel.speech.words import _


def preview_labels(before: Mapping[str, LabelFormat], after: Mapping[str, LabelFormat]) -> PolicyEffect:
    """The formats that would be printed otherwise from now on; labels that are stuck on machines stay as they are."""
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    first = tuple((key, _name(before.get(key)), _name(after.get(key))) for key in changed)
    return PolicyEffect(0, _("Aucun effet sur les données du jour : seules les étiquettes imprimées ensuite changent."), first)


def _name(found: LabelFormat | None) -> str:
    return found.name if found else _("pas proposé")
