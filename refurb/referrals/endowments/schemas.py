"""What comes in about machines for organisations: the same for the pages and for the API."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from refurb.directory.sites.schemas import SitePick
from refurb.documents.fields import PersonName
from refurb.documents.signatures import Drawing, check_bound
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import LongText, Number, Pick, Text, Word
from refurb.referrals.cases.schemas import REQUESTED_KINDS
from refurb.referrals.endowed import ENDOWMENT_REFUSALS, ENDOWMENT_USES, EndowmentRefusal, EndowmentUse
from refurb.referrals.endowments.rules import MOST
from refurb.referrals.words import SIGNATURE_KINDS, SignatureKind


def _numbers(name: str) -> type[Schema]:
    """A schema with a number for each kind that can be asked for."""
    return Schema.from_dict({kind.value: Number(word, max=MOST, sometimes=True) for kind, word in REQUESTED_KINDS.items()}, name=name)


def numbers_of(facts: Mapping[str, Any]) -> dict[DeviceKind, int]:
    """How many of each kind were told."""
    return {kind: number for kind in REQUESTED_KINDS if (number := facts.get(kind.value))}


class _Some(Schema):
    @validates_schema
    def asks_for_some(self, facts: dict[str, Any], **_: Any) -> None:
        """One machine at least, and no more than one hand-over carries."""
        total = sum(numbers_of(facts).values())
        if not total:
            raise ValidationError([Fault("endowment.none_asked")], DeviceKind.LAPTOP.value)
        if total > MOST:
            raise ValidationError([Fault("endowment.too_many", most=MOST, total=total)], DeviceKind.LAPTOP.value)


class EndowmentAsked(_Some, _numbers("WishesTold")):  # type: ignore[misc]  # a class that marshmallow makes from a table
    """What an organisation asks for its own place."""

    organisation_id = Pick(_l("Structure"))
    use = Word(EndowmentUse, _l("Pour quel lieu ?"), labels=ENDOWMENT_USES, widget="radio", required=True)
    words = LongText(
        _l("À quoi serviront les appareils ?"),
        required=True,
        max=500,
        help=_l("Qui s'en servira, quand la salle est ouverte, qui s'en occupe. N'écrivez le nom de personne."),
    )


class EndowmentGranted(_Some, _numbers("NumbersGranted")):  # type: ignore[misc]  # as above
    """How many machines are granted, and who decided: a session of the committee, or a person with a reason."""

    site_id = SitePick(_l("De quel lieu partent les appareils"))
    committee = Pick(_l("Décidée en commission"), sometimes=True, help=_l("Sinon, la décision est directe : dites pourquoi."))
    reason = Text(_l("Pourquoi ?"), max=300, sometimes=True, help=_l("Une phrase, sans nom. Elle est gardée avec le vôtre."))

    @validates_schema(skip_on_field_errors=False)
    def is_decided(self, facts: dict[str, Any], **_: Any) -> None:
        """By a session, or with a reason."""
        if not facts.get("committee") and not facts.get("reason"):
            raise ValidationError([Fault("endowment.reason")], "reason")


class EndowmentRefused(Schema):
    """Why nothing is given."""

    refusal = Word(EndowmentRefusal, _l("Motif"), labels=ENDOWMENT_REFUSALS, widget="radio", required=True)


class EndowmentOff(Schema):
    """Why what was granted is not given after all."""

    reason = Text(
        _l("Pourquoi ?"),
        required=True,
        max=300,
        private=True,
        help=_l("Les appareils réservés redeviennent prêts, et la demande attend de nouveau une décision."),
    )


class EndowmentHanded(Schema):
    """Where the machines are handed over, who signs for the organisation, and how."""

    place = Text(_l("Lieu de la remise"), required=True, max=160)
    received_by = PersonName(
        _l("Qui signe pour la structure ?"),
        required=True,
        max=120,
        help=_l("Prénom, nom, et sa fonction si vous voulez."),
        attrs={"autocomplete": "off"},
    )
    signature_kind = Word(SignatureKind, _l("Signature du bon"), labels=SIGNATURE_KINDS, widget="radio", required=True)
    signature = Drawing(_l("Signature de la personne qui reçoit"), sometimes=True)
    shown = Text(max=64, widget="hidden")

    @validates_schema(skip_on_field_errors=False)
    def is_signed(self, facts: dict[str, Any], **_: Any) -> None:
        """What is said to be drawn was drawn, under a text."""
        if facts.get("signature_kind") is SignatureKind.DRAWN:
            if not facts.get("signature"):
                raise ValidationError([Fault("handover.not_signed")], "signature")
            check_bound(facts["signature"], facts.get("shown"))


class EndowmentMachine(Schema):
    """One more machine for an organisation."""

    device = Text(
        _l("Code de l'appareil"), required=True, max=120, help=_l("Scannez l'étiquette d'un appareil prêt : il est réservé aussitôt.")
    )
