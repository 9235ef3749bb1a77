"""What comes in about papers."""

from typing import Any

from marshmallow import Schema, ValidationError, validates, validates_schema

from refurb.documents.models import ReplacedFor, SignatureWay
from refurb.documents.signatures import Drawing, check_bound
from refurb.documents.words import REPLACED_FOR, SIGNATURE_WAYS
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Date, Picture, Text, Word


class ReplacementTold(Schema):
    """Why the paper that is replaced is annulled; nothing where it replaces none, or nobody was asked."""

    replaces_for = Word(ReplacedFor, _l("Pourquoi la remplacer ? La page de vérification le dit."), labels=REPLACED_FOR, widget="radio")


class SignatureTold(Schema):
    """How a text that waited for its signature came to be signed."""

    way = Word(SignatureWay, _l("Comment est-ce signé ?"), labels=SIGNATURE_WAYS, widget="radio", required=True)
    signature = Drawing(_l("Signature de la personne qui reçoit"), sometimes=True)
    signed_on = Date(_l("Signé le"), sometimes=True, help=_l("La date écrite sur l'exemplaire, à côté de la signature."))
    copy = Picture(_l("Photo de l'exemplaire signé"), help=_l("Elle reste avec le document, et n'est montrée qu'à qui peut le lire."))
    shown = Text(max=64, widget="hidden")

    @validates("way")
    def is_seen_here(self, way: SignatureWay, **_: Any) -> None:
        """What was accepted by a link was so by whoever signs."""
        if way not in SIGNATURE_WAYS:
            raise ValidationError([Fault("field.choice")])

    @validates_schema(skip_on_field_errors=False)
    def is_signed(self, facts: dict[str, Any], **_: Any) -> None:
        """What is said to be drawn was drawn, under a text."""
        if facts.get("way") is SignatureWay.DRAWN and not facts.get("signature"):
            raise ValidationError([Fault("handover.not_signed")], "signature")
        if facts.get("way") is SignatureWay.DRAWN:
            check_bound(facts["signature"], facts.get("shown"))
