"""The letters to donors about their donation, as a territory may word them. In French alone: nobody has asked donors for a language."""

from refurb.directory.letters import ALWAYS, BODY, LINK, SIGNATURE, SUBJECT
from refurb.kernel.deeds.policy import PolicyGroup
from refurb.kernel.deeds.policy_entries import PartEntry
from refurb.kernel.deeds.texts import PassageEntry, TextField, text_file, together
from refurb.kernel.speech.words import _l

DONATION = TextField("donation", "don", _l("la référence du don"))
UNTIL = TextField("until", "fin", _l("jusqu'à quand le lien sert"))
CONTACT = TextField("contact", "contact", _l("votre courriel, sinon votre téléphone"))
_NEXT = TextField("closing", "suite", _l("la fin commune à ces lettres"))
_WHEN = TextField("date", "date", _l("le jour de l'arrivée"))
_MEETING = (
    TextField("day", "jour", _l("le jour du rendez-vous")),
    TextField("hours", "heures", _l("ses heures")),
    TextField("place", "lieu", _l("son adresse")),
)


def _step(label: object, *needs: TextField, more: tuple[TextField, ...] = ()) -> PartEntry:
    known = (DONATION, *more)
    entries = {
        "subject": PassageEntry((DONATION,), label=SUBJECT),
        "body": PassageEntry(known, (*needs, _NEXT), label=BODY, lines=True),
    }
    return together(label, entries)


DONATION_NEWS = text_file(
    "letter_donation_news",
    _l("Nouvelle d'un don à son donateur"),
    PolicyGroup.LETTERS,
    {
        "closing": PassageEntry((UNTIL, CONTACT, SIGNATURE), (LINK,), label=_l("Fin commune à ces lettres"), lines=True),
        "announced": _step(_l("Proposition arrivée")),
        "question": _step(
            _l("Une question"),
            TextField("question", "question", _l("la question posée")),
            more=(TextField("answers", "reponses", _l("ce qui a déjà été répondu")),),
        ),
        "accepted": _step(_l("Don accepté")),
        "pick_up": _step(_l("Rendez-vous d'enlèvement"), *_MEETING),
        "drop_off": _step(_l("Rendez-vous de dépôt"), *_MEETING),
        "arrived": _step(_l("Don arrivé"), TextField("count", "compte", _l("ce qui est arrivé, par type")), more=(_WHEN,)),
        "refused": _step(_l("Don refusé"), more=(TextField("reason", "motif", _l("le motif, s'il est dit")),)),
        "cancelled": _step(_l("Don annulé")),
    },
)
PROPOSAL = text_file(
    "letter_proposal",
    _l("Lien de confirmation d'une proposition de don"),
    PolicyGroup.LETTERS,
    {
        "subject": PassageEntry(label=SUBJECT),
        "body": PassageEntry(
            (
                TextField("to_house", "a_maison", _l("« à » et le nom de votre organisation")),
                TextField("date", "date", _l("jusqu'à quand le lien sert")),
                *ALWAYS,
            ),
            (LINK,),
            label=BODY,
            lines=True,
        ),
    },
)
_TELLS = (DONATION, CONTACT, *ALWAYS)
DONOR_CONTACT = text_file(
    "letter_donor_contact",
    _l("Changement de contact d'un donateur"),
    PolicyGroup.LETTERS,
    {
        part: together(
            label, {"subject": PassageEntry((DONATION,), label=SUBJECT), "body": PassageEntry(known, needs, label=BODY, lines=True)}
        )
        for part, label, known, needs in (
            ("asked", _l("À la nouvelle adresse, qui confirme"), (DONATION, UNTIL, *ALWAYS), (LINK,)),
            ("told", _l("À l'ancienne adresse, quand c'est demandé"), _TELLS, ()),
            ("done", _l("À l'ancienne adresse, quand c'est fait"), _TELLS, ()),
        )
    },
)
_PAPERS = TextField("papers", "documents", _l("le titre et le numéro de chacun"))
DONOR_PAPERS = text_file(
    "letter_donor_papers",
    _l("Documents au donateur"),
    PolicyGroup.LETTERS,
    {
        "body": PassageEntry((DONATION, _WHEN, UNTIL, CONTACT, *ALWAYS), (_PAPERS, LINK), label=BODY, lines=True),
        "subject": together(
            SUBJECT,
            {
                "intake": PassageEntry((DONATION,), label=_l("Pour un bordereau")),
                "several": PassageEntry((DONATION,), label=_l("Pour un bordereau et des attestations")),
                "one": PassageEntry((DONATION,), label=_l("Pour une attestation")),
                "many": PassageEntry((DONATION,), label=_l("Pour des attestations")),
            },
        ),
    },
)
