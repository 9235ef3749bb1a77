"""The letters about accounts, as a territory may word them."""

from refurb.directory.letters import ALWAYS, HOUSE, NAME, SUBJECT, letter_file
from refurb.kernel.deeds.policy import PolicyGroup
from refurb.kernel.deeds.texts import TextField, both, text_file
from refurb.kernel.speech.words import _l

INVITATION = letter_file(
    "letter_invitation",
    _l("Invitation à ouvrir un compte"),
    (NAME, TextField("by", "invitant", _l("qui invite")), TextField("date", "date", _l("jusqu'à quand le lien sert"))),
)
PASSWORD = letter_file("letter_password", _l("Lien pour un nouveau mot de passe"), (NAME,))
NEW_ADDRESS = letter_file("letter_new_address", _l("Lien pour changer d'adresse"), (NAME,))
FORMER_ADDRESS = text_file(
    "letter_former_address",
    _l("Ancienne adresse prévenue d'un changement"),
    PolicyGroup.LETTERS,
    {
        "subject": both((NAME, HOUSE), label=SUBJECT),
        "asked": both((NAME, *ALWAYS), label=_l("Quand le changement est demandé"), lines=True),
        "done": both((NAME, *ALWAYS), label=_l("Quand il est fait"), lines=True),
    },
)
