"""The letter that tells a donor what to release, and its reminder, as a territory may word them. In French, as all letters to donors."""

from refurb.directory.letters import ALWAYS, BODY, LINK, SUBJECT
from refurb.inventory.donations.texts import CONTACT, DONATION, UNTIL
from refurb.kernel.deeds.policy import PolicyGroup
from refurb.kernel.deeds.texts import PassageEntry, TextField, text_file, together
from refurb.kernel.speech.words import _l

MACHINES = TextField("machines", "machines", _l("chaque console avec le nombre de machines et son fichier"), usual=300)
_NAMELESS = TextField("nameless", "sans_numero", _l("combien n'ont pas de numéro de série, s'il y en a"))
_KNOWN = (DONATION, UNTIL, CONTACT, _NAMELESS, *ALWAYS)

DONOR_RELEASES = text_file(
    "letter_donor_releases",
    _l("Machines à libérer, dit au donateur"),
    PolicyGroup.LETTERS,
    {
        part: together(
            label,
            {
                "subject": PassageEntry((DONATION,), label=SUBJECT),
                "body": PassageEntry(_KNOWN, (MACHINES, LINK), label=BODY, lines=True),
            },
        )
        for part, label in (("asked", _l("Quand la liste est nouvelle ou complétée")), ("reminded", _l("Rappel, si rien n'a été coché")))
    },
)
