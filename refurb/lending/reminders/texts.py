"""The letters to borrowers, as a territory may word them."""

from refurb.directory.letters import letter_file
from refurb.kernel.deeds.texts import TextField
from refurb.kernel.speech.words import _l

LOANS_DUE = letter_file(
    "letter_loans_due",
    _l("Rappel à qui a emprunté"),
    (
        TextField("late", "retards", _l("ce qui aurait dû revenir, un par ligne")),
        TextField("suspended", "suspension", _l("que ses prêts sont suspendus, s'ils le sont")),
        TextField("soon", "bientot", _l("ce qui est bientôt à rendre, un par ligne")),
    ),
)
LOAN_RECALLED = letter_file(
    "letter_loan_recalled",
    _l("Rappel d'un matériel avant sa date"),
    (
        TextField("reference", "reference", _l("la référence du prêt")),
        TextField("recalled", "rappele", _l("ce qui est rappelé, et pour quel jour")),
        TextField("kept", "garde", _l("ce qui peut rester après tout, et jusqu'à quel jour")),
    ),
)
LOAN_TO_SIGN = letter_file(
    "letter_loan_to_sign",
    _l("Convention de prêt à accepter par lien"),
    (
        TextField("reference", "reference", _l("la référence du prêt")),
        TextField("things", "choses", _l("ce qui est prêté et jusqu'à quand, un par ligne")),
    ),
)
LOAN_SIGNED = letter_file(
    "letter_loan",
    _l("Convention de prêt à qui a emprunté"),
    (
        TextField("reference", "reference", _l("la référence du prêt")),
        TextField("things", "choses", _l("ce qui est prêté et jusqu'à quand, un par ligne")),
    ),
)
