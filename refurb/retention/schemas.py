"""What the forms of privacy ask."""

from marshmallow import Schema

from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Date, LongText, Text, Word
from refurb.retention.words import ASKED_WAYS, RIGHT_KINDS, AskedWay, RightKind

_FILE_HELP = _l("La référence d'une orientation (OR-2026-0001), ou le code d'une carte d'emprunteur.")


class FileFrozen(Schema):
    """Freeze a file."""

    file = Text(_l("Dossier"), required=True, max=40, help=_FILE_HELP, attrs={"autocapitalize": "characters", "autocomplete": "off"})
    reason = Text(_l("Pourquoi"), required=True, max=300, help=_l("Un recours, un contrôle, un litige. Sans rien d'autre sur la personne."))
    review_on = Date(_l("À revoir le"), required=True, future=True, past=False)


class RequestReceived(Schema):
    """Note a request."""

    file = Text(_l("Dossier"), required=True, max=40, help=_FILE_HELP, attrs={"autocapitalize": "characters", "autocomplete": "off"})
    kind = Word(RightKind, _l("Elle demande à"), required=True, labels=RIGHT_KINDS)
    way = Word(AskedWay, _l("Comment la demande est venue"), required=True, labels=ASKED_WAYS)
    received_on = Date(_l("Reçue le"), required=True, within=366)
    words = LongText(_l("Ce qu'elle dit"), max=500, help=_l("Pour une opposition : sa raison. Rien de plus que nécessaire."))


class RequestAnswered(Schema):
    """Close a request with what was answered."""

    answer = LongText(_l("Ce que nous répondons"), required=True, max=500)
