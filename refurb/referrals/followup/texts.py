"""The letters that ask for news, as a territory may word them."""

from refurb.directory.letters import LINK, letter_file
from refurb.kernel.deeds.texts import TextField
from refurb.kernel.speech.words import _l

NEWS_ASKED = letter_file("letter_news", _l("Demander des nouvelles à une famille"))
NEWS_ASKED_OF_PARTNER = letter_file(
    "letter_news_partner",
    _l("Demander à une structure des nouvelles d'une famille"),
    (TextField("reference", "reference", _l("la référence de l'orientation")),),
    (LINK,),
)
