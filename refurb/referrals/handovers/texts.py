"""The letters about hand-over appointments, as a territory may word them; the invitation by mail, on paper and by SMS alike."""

from refurb.directory.letters import ALWAYS, BODY, HOUSE, LINK, SUBJECT, letter_file
from refurb.directory.texting.policy import STOP
from refurb.kernel.deeds.policy import PolicyGroup
from refurb.kernel.deeds.texts import ShortEntry, TextField, both, text_file
from refurb.kernel.speech.words import _l

_WHAT = TextField("what", "appareil", _l("ce qui est à prendre"))
_UNTIL = TextField("until", "date", _l("jusqu'à quand répondre"))
_PHONE = TextField("phone", "telephone", _l("votre téléphone"))
_WHEN = TextField("when", "quand", _l("le jour et l'heure"))
_REFERENCE = TextField("reference", "reference", _l("la référence de l'orientation"))
_LAST = TextField("until", "date", _l("le dernier jour de la réservation"))
_WHERE = TextField("where", "adresse", _l("le lieu et son adresse"))

HANDOVER_INVITATION = text_file(
    "letter_handover_invitation",
    _l("Invitation à venir chercher un appareil"),
    PolicyGroup.LETTERS,
    {
        "subject": both((HOUSE,), label=SUBJECT),
        "body": both((_WHAT, _UNTIL, _PHONE, *ALWAYS), (LINK,), label=BODY, lines=True),
        "sms": both((_WHAT, _UNTIL, _PHONE, HOUSE, STOP), (LINK,), label=_l("Le même par SMS"), of=ShortEntry),
    },
)
HANDOVER_APPOINTMENT = text_file(
    "letter_handover_appointment",
    _l("Rendez-vous pour venir chercher un appareil"),
    PolicyGroup.LETTERS,
    {
        "subject": both((HOUSE, _WHEN), label=SUBJECT),
        "body": both((_WHERE, _PHONE, *ALWAYS), (_WHEN, LINK), label=BODY, lines=True),
        "off_subject": both((HOUSE,), label=_l("Objet, quand il n'a plus lieu")),
        "off": both((_PHONE, *ALWAYS), (LINK,), label=_l("Lettre, quand il n'a plus lieu"), lines=True),
    },
)
HOLDING_END = letter_file("letter_holding", _l("Fin prochaine d'une réservation, à la structure"), (_REFERENCE, _LAST))
