"""What a stranger is told who scans a label: what the thing is to us as it stands, and nothing of its donor or of people."""

from dataclasses import dataclass
from typing import Any

from refurb.directory.queries import home
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.speech.names import of_name
from refurb.kernel.speech.words import _l

S = DeviceState


@dataclass(frozen=True)
class LabelSentence:
    """What a label says to everybody: a sentence with places for %(home)s and %(of_home)s; and whether the thing is in use."""

    sentence: Any
    in_use: bool = False

    def __str__(self) -> str:
        name = home().name
        return str(self.sentence) % {"home": name, "of_home": of_name(name)}


_WITH_US = LabelSentence(_l("Cet appareil est suivi par l'atelier %(of_home)s, et n'est remis à personne en ce moment."))

_DEVICES = {
    S.HANDED_OVER: LabelSentence(_l("Cet appareil a été remis par %(home)s."), in_use=True),
    S.IN_POOL: LabelSentence(_l("Cet appareil fait partie du matériel de prêt %(of_home)s."), in_use=True),
    S.WASTE: LabelSentence(_l("Cet appareil a été mis au rebut par %(home)s.")),
    S.LOST: LabelSentence(_l("Cet appareil est porté perdu par %(home)s.")),
    S.REFUSED: LabelSentence(_l("Cet appareil n'a pas été pris par %(home)s.")),
}

_ANYTHING = LabelSentence(_l("Cette étiquette est celle %(of_home)s."))
_NOTHING = LabelSentence(_l("Cette étiquette est celle %(of_home)s, et ne désigne encore aucun appareil."))

# By the kind of what the label is on; what is not named here is ours, and no more is said.
_THINGS = {
    "item": LabelSentence(_l("Ce matériel fait partie du matériel de prêt %(of_home)s."), in_use=True),
    "borrower": LabelSentence(_l("Cette carte est une carte d'emprunt %(of_home)s.")),
    "part": LabelSentence(_l("Cette étiquette est celle d'une pièce détachée %(of_home)s.")),
    None: _NOTHING,
}


def told_to_all(kind: str | None, state: DeviceState | None) -> LabelSentence:
    """What everybody may know of a label: by the state of its device, else by the kind of the thing, else that it leads to nothing yet."""
    return _THINGS.get(kind, _ANYTHING) if state is None else _DEVICES.get(state, _WITH_US)
