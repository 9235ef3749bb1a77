"""The words of the receipt of a consent, of the sentence that is signed, and of the letters about it, as a territory may word them."""

from refurb.directory.letters import ALWAYS, BODY, HOUSE, LINK, SUBJECT
from refurb.documents.models import PaperKind
from refurb.documents.texts import ISSUER, PaperEntry, paper_file
from refurb.kernel.deeds.policy import PolicyGroup
from refurb.kernel.deeds.policy_entries import PartEntry
from refurb.kernel.deeds.texts import PassageEntry, TextField, text_file, together
from refurb.kernel.speech.words import _l

_THINGS = TextField("things", "choses", _l("ce qui est montré, où et jusqu'à quand"))
_PERSON = TextField("person", "personne", _l("le nom de la personne mineure"))
_CONTACT = TextField("contact", "contact", _l("comment vous joindre"))
_DONE = TextField("done", "fait", _l("ce qui a été enlevé, ligne par ligne"))
_WORDS = TextField("words", "mots", _l("les mots à approuver"))

CONSENT_TEXT = paper_file(
    PaperKind.CONSENT,
    _l("Reçu d'accord"),
    {
        "adult": PaperEntry(needs=(ISSUER, _THINGS), label=_l("Ce que la personne signe")),
        "minor": PaperEntry(needs=(ISSUER, _THINGS, _PERSON), label=_l("Ce qui est signé pour une personne mineure")),
        "lead": PaperEntry(fields=(ISSUER,), label=_l("À quoi sert ce reçu")),
        "withdraw": PaperEntry(
            needs=(_CONTACT,),
            label=_l("Comment retirer"),
            law=_l("Le consentement se retire à tout moment, aussi simplement qu'il se donne (RGPD, article 7, paragraphe 3)."),
        ),
        "free": PaperEntry(
            label=_l("Ce que cela ne change pas"),
            law=_l("Un consentement est donné librement : refuser ou retirer n'a aucune suite (RGPD, article 7, paragraphe 4)."),
        ),
    },
    headings={
        "shown": _l("Ce qui peut être montré"),
    },
)


def _step(label: object, *needs: TextField) -> PartEntry:
    entries = {
        "subject": PassageEntry((HOUSE,), label=SUBJECT),
        "body": PassageEntry((LINK, *ALWAYS), needs, label=BODY, lines=True),
    }
    return together(label, entries)


CONSENT_LETTER = text_file(
    "letter_consent",
    _l("Accord : photo, film, mots"),
    PolicyGroup.LETTERS,
    {
        "given": _step(_l("Accord signé"), LINK),
        "words": _step(_l("Des mots à approuver"), LINK, _WORDS),
        "done": _step(_l("Tout a été enlevé"), _DONE),
        "sms": PassageEntry((HOUSE,), (LINK,), label=_l("Le lien, par SMS")),
    },
)
