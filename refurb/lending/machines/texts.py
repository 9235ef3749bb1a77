"""The letters about the hours of machines, as a territory may word them."""

from refurb.directory.letters import ALWAYS, HOUSE, LINK, SUBJECT
from refurb.kernel.deeds.policy import PolicyGroup
from refurb.kernel.deeds.texts import TextField, both, text_file
from refurb.kernel.speech.words import _l

_MACHINE = TextField("machine", "machine", _l("le nom de la machine"))
_DAY = TextField("day", "jour", _l("le jour"))
_FROM = TextField("first", "debut", _l("l'heure du début"))
_UNTIL = TextField("until", "fin", _l("l'heure de la fin"))
_LAPSES = TextField("lapses", "avant", _l("jusqu'à quand confirmer"))

MACHINE_NEWS = text_file(
    "letter_machine",
    _l("Créneaux de machine"),
    PolicyGroup.LETTERS,
    {
        "subject": both((_MACHINE, HOUSE), label=SUBJECT),
        "body": both((_UNTIL, *ALWAYS), (_MACHINE, _DAY, _FROM, _LAPSES, LINK), label=_l("Lettre qui demande de confirmer"), lines=True),
        "out": both(ALWAYS, (_MACHINE, _DAY, _FROM), label=_l("Lettre, quand la machine est hors service"), lines=True),
        "back_subject": both((_MACHINE, HOUSE), label=_l("Objet, quand elle marche de nouveau")),
        "back": both(ALWAYS, (_MACHINE, LINK), label=_l("Lettre, quand elle marche de nouveau"), lines=True),
    },
)
