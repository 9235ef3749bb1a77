"""The letters about referrals and partners, as a territory may word them."""

from refurb.directory.letters import letter_file
from refurb.kernel.deeds.texts import TextField
from refurb.kernel.speech.words import _l

REFERRAL_NEWS = letter_file(
    "letter_referral_news",
    _l("Nouvelle d'une orientation à sa structure"),
    (TextField("reference", "reference", _l("la référence de l'orientation")), TextField("state", "etat", _l("où elle en est"))),
)
CONVENTION_REMINDER = letter_file(
    "letter_convention",
    _l("Rappel d'une convention qui finit bientôt"),
    (
        TextField("partner", "structure", _l("la structure")),
        TextField("last", "date", _l("le dernier jour de la convention")),
        TextField("left", "delai", _l("dans combien de jours")),
    ),
)
