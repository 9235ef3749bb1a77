"""What is told on the dock to make the bordereau de prise en charge."""

from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from refurb.documents.signatures import Drawing
from refurb.inventory.dock.words import SLIP_SIGNINGS, SlipSigning
from refurb.inventory.donations.words import DRIVES_INSIDE, DrivesInside
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Text, Word


class NewSlip(Schema):
    """Where things changed hands, what the donor says of the drives, who gave, and how it is signed."""

    place = Text(_l("Lieu de la prise en charge"), required=True, max=300)
    given_by = Text(
        _l("Remis par"), max=160, sometimes=True, help=_l("Prénom et nom de la personne présente."), attrs={"autocomplete": "off"}
    )
    drives = Word(DrivesInside, _l("Les disques, d'après le donateur"), labels=DRIVES_INSIDE, required=True)
    signing = Word(SlipSigning, _l("Signature pour le donateur"), labels=SLIP_SIGNINGS, widget="radio", required=True)
    signature = Drawing(_l("Signer ici"), sometimes=True)

    @validates_schema(skip_on_field_errors=False)
    def is_signed(self, facts: dict[str, Any], **_: Any) -> None:
        """What is said to be drawn was drawn, by somebody with a name."""
        faults: dict[str, list[Any]] = {}
        if facts.get("signing") is SlipSigning.DRAWN and "signature" in facts and not facts["signature"]:
            faults["signature"] = [Fault("handover.not_signed")]
        if facts.get("signing") in {SlipSigning.DRAWN, SlipSigning.PAPER} and not facts.get("given_by"):
            faults["given_by"] = [Fault("field.required")]
        if faults:
            raise ValidationError(faults)
