"""The letters of a ceremony, as a territory may word them: to guests, and to families. In French alone, as those to donors are."""

from refurb.directory.letters import ALWAYS, BODY, HOUSE, LINK, NAME, SUBJECT
from refurb.directory.texting.policy import STOP
from refurb.kernel.deeds.policy import PolicyGroup
from refurb.kernel.deeds.policy_entries import PartEntry
from refurb.kernel.deeds.texts import PassageEntry, ShortEntry, TextField, counted, text_file, together
from refurb.kernel.speech.words import _l

WHEN = TextField("when", "quand", _l("le jour et l'heure"))
WHERE = TextField("where", "adresse", _l("le lieu"))
ACCESS = TextField("access", "acces", _l("comment venir et entrer, si c'est dit"))
PROGRAMME = TextField("programme", "programme", _l("le programme, s'il est dit"))
UNTIL = TextField("until", "date", _l("jusqu'à quand répondre"))
PHONE = TextField("phone", "telephone", _l("votre téléphone"))
FIGURE = TextField("figure", "chiffre", _l("ce que sont devenues les machines d'un donateur, en nombres"))
THANKS = TextField("thanks", "merci", _l("les donateurs qui ont dit oui pour être nommés"))
PLACES = TextField("places", "places", _l("combien de places sont gardées"))
_GIVEN = TextField("given", "donnees", _l("combien de machines il a données"))
_HANDED = TextField("handed", "remises", _l("combien sont remises"))
_THERE = (WHEN, WHERE, ACCESS, PROGRAMME, PHONE)


def _step(label: object, *needs: TextField, more: tuple[TextField, ...] = ()) -> PartEntry:
    entries = {
        "subject": PassageEntry((HOUSE, WHEN), label=SUBJECT),
        "body": PassageEntry((*more, NAME, *_THERE, *ALWAYS), needs, label=BODY, lines=True),
    }
    return together(label, entries)


_LATER = {
    "coming": _step(_l("Réponse : vient"), WHEN, LINK, more=(PLACES,)),
    "declined": _step(_l("Réponse : ne vient pas"), LINK),
    "eve": _step(_l("Rappel la veille"), WHEN, LINK, more=(PLACES,)),
    "moved": _step(_l("Date ou lieu changés"), WHEN, WHERE, LINK),
    "off": _step(_l("Cérémonie annulée")),
    "thanked": _step(_l("Remerciement après la cérémonie"), more=(FIGURE,)),
}
CEREMONY_GUEST = text_file(
    "letter_ceremony_guest",
    _l("Invitation à une cérémonie"),
    PolicyGroup.LETTERS,
    {
        "handed": PassageEntry((_GIVEN,), (_HANDED,), label=_l("Chiffre d'un donateur, à partir de cinq machines remises")),
        "given": counted((), (_GIVEN,), label=_l("Chiffre d'un donateur, avant")),
        "support": PassageEntry((), (THANKS,), label=_l("Remerciement des donateurs qui ont dit oui")),
        "invited": _step(_l("Invitation"), WHEN, WHERE, LINK, more=(FIGURE, THANKS, UNTIL)),
        "reminded": _step(_l("Relance sans réponse"), WHEN, LINK, more=(UNTIL,)),
        "waiting": _step(_l("Réponse : attend une place"), LINK),
        "withdrawn": _step(_l("Invitation retirée")),
        **_LATER,
    },
)
CEREMONY_FAMILY = text_file(
    "letter_ceremony_family",
    _l("Invitation d'une famille à une cérémonie"),
    PolicyGroup.LETTERS,
    {
        "sms": ShortEntry((WHEN, WHERE, UNTIL, PHONE, HOUSE, STOP), (LINK,), label=_l("Invitation par SMS")),
        "invited": _step(_l("Invitation"), WHEN, WHERE, LINK, more=(UNTIL,)),
        "reminded": _step(_l("Relance sans réponse"), WHEN, LINK, more=(UNTIL,)),
        "waiting": _step(_l("Réponse : attend une place"), LINK),
        **_LATER,
    },
)
