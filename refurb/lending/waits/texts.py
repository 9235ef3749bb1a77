"""The letter that offers what somebody waited for, as a territory may word it."""

from refurb.directory.letters import ALWAYS, HOUSE, LINK, SUBJECT
from refurb.kernel.deeds.policy import PolicyGroup
from refurb.kernel.deeds.texts import TextField, both, text_file
from refurb.kernel.speech.words import _l

_SAID = (
    TextField("quantity", "quantite", _l("combien en étaient attendus")),
    TextField("first", "debut", _l("le premier jour")),
    TextField("last", "fin", _l("le dernier jour")),
)
_PLACE = TextField("place", "lieu", _l("l'arrêt du bus ; rien où c'est à son lieu"))
_FIELDS = (*_SAID, _PLACE, *ALWAYS)
_THING = TextField("thing", "materiel", _l("ce qui était attendu"))
_UNTIL = TextField("until", "avant", _l("jusqu'à quand la place est gardée, jour et heure"))

WAIT_OFFER = text_file(
    "letter_wait",
    _l("Une place s'est libérée, à qui attendait"),
    PolicyGroup.LETTERS,
    {
        "subject": both((_THING, HOUSE), label=SUBJECT),
        "body": both(_FIELDS, (_THING, _UNTIL, LINK), label=_l("Lettre, quand il suffit de répondre"), lines=True),
        "to_decide": both(
            (*_SAID, _PLACE, *ALWAYS), (_THING, _UNTIL, LINK), label=_l("Lettre, quand l'accueil doit encore accepter"), lines=True
        ),
    },
)
