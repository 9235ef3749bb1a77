"""The letter to a partner about a workshop's dates, as a territory may word it."""

from refurb.directory.letters import letter_file
from refurb.kernel.deeds.texts import TextField
from refurb.kernel.speech.words import _l

WORKSHOP_NEWS = letter_file(
    "letter_workshop",
    _l("Nouvelle d'un atelier à la structure qui réserve"),
    (
        TextField("reference", "reference", _l("la référence de la réservation")),
        TextField("state", "etat", _l("où en est la réservation, en un mot")),
        TextField("things", "choses", _l("ce qui est réservé")),
        TextField("first", "debut", _l("le premier jour")),
        TextField("last", "fin", _l("le dernier jour")),
        TextField("reason", "raison", _l("la raison, si elle a été écrite")),
        TextField("until", "avant", _l("jusqu'à quand l'accueil répond, s'il doit encore répondre")),
    ),
)
