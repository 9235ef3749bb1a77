"""The letters to whoever reserved without an account, as a territory may word them."""

from refurb.directory.letters import ALWAYS, BODY, HOUSE, LINK, SUBJECT
from refurb.kernel.deeds.policy import PolicyGroup
from refurb.kernel.deeds.texts import TextField, both, text_file, together
from refurb.kernel.speech.words import _l

_TO_HOUSE = TextField("to_house", "a_la_maison", _l("en français « à » et le nom de votre organisation, en anglais le nom seul"))
_FIRST = TextField("first", "debut", _l("le premier jour"))
_LAST = TextField("last", "fin", _l("le dernier jour"))
_UNTIL = TextField("until", "avant", _l("jusqu'à quand le matériel est gardé"))
_REFERENCE = TextField("reference", "reference", _l("la référence de la réservation"))
_PLACE = TextField("place", "lieu", _l("le lieu où venir"))

_DAY = TextField("day", "jour", _l("le jour du passage"))
_NEXT = TextField("next", "prochain", _l("le passage suivant ; rien où aucun n'est prévu"))
_STOP = TextField("place", "lieu", _l("l'arrêt"))
_BRING = TextField("bring", "a_apporter", _l("ce qui est à apporter, une ligne pour chaque chose ; rien là où rien n'est demandé"))

ONLINE_LINK = text_file(
    "letter_online_request",
    _l("Réservation en ligne, à confirmer"),
    PolicyGroup.LETTERS,
    {
        "subject": both((HOUSE,), label=SUBJECT),
        "body": both(
            (_TO_HOUSE, _FIRST, _LAST, _PLACE, _BRING, *ALWAYS),
            (_UNTIL, LINK),
            label=_l("Lettre, quand il suffit de confirmer"),
            lines=True,
        ),
        "to_decide": both(
            (_TO_HOUSE, _FIRST, _LAST, _PLACE, *ALWAYS),
            (_UNTIL, LINK),
            label=_l("Lettre, quand l'accueil doit encore accepter"),
            lines=True,
        ),
    },
)
_REST = (_REFERENCE, *ALWAYS)
ONLINE_NEWS = text_file(
    "letter_online_news",
    _l("Nouvelles d'une réservation en ligne"),
    PolicyGroup.LETTERS,
    {
        "subject": both((_REFERENCE, HOUSE), label=SUBJECT),
        "said": together(
            _l("Lettres"),
            {
                "approved": both((_PLACE, _BRING, *_REST), (_FIRST, LINK), label=_l("Acceptée"), lines=True),
                "held": both(_REST, (_UNTIL, LINK), label=_l("Gardée, à confirmer"), lines=True),
                "refused": both(_REST, (LINK,), label=_l("Refusée"), lines=True),
                "expired": both(_REST, (LINK,), label=_l("Pas confirmée à temps"), lines=True),
                "cancelled": both(_REST, (LINK,), label=_l("Annulée"), lines=True),
            },
        ),
    },
)
PASSAGE_OFF = text_file(
    "letter_passage_off",
    _l("Un passage du bus n'a pas lieu, à qui y a réservé"),
    PolicyGroup.LETTERS,
    {
        "subject": both((_REFERENCE, _DAY, HOUSE), label=SUBJECT),
        "body": both((_REFERENCE, _STOP, _NEXT, *ALWAYS), (_DAY, LINK), label=BODY, lines=True),
        "back_subject": both((_REFERENCE, _DAY, HOUSE), label=_l("Objet, quand il a lieu finalement")),
        "back": both((_REFERENCE, _STOP, *ALWAYS), (_DAY, LINK), label=_l("Lettre, quand il a lieu finalement"), lines=True),
    },
)
