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
FACTOR_REMINDER = letter_file("letter_factor_reminder", _l("Rappel du second facteur"), (NAME,))
_CHANGES = TextField("changes", "changements", _l("les rôles ajoutés et retirés"))
ACCOUNT_CHANGED = text_file(
    "letter_account_changed",
    _l("Changement d'un compte"),
    PolicyGroup.LETTERS,
    {
        "subject": both((NAME, HOUSE), label=SUBJECT),
        "roles": both((NAME, *ALWAYS), (_CHANGES,), label=_l("Quand les rôles changent"), lines=True),
        "closed": both((NAME, *ALWAYS), label=_l("Quand le compte est fermé"), lines=True),
        "reopened": both((NAME, *ALWAYS), label=_l("Quand il est rouvert"), lines=True),
    },
)
