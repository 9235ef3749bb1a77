"""What the public form asks of whoever proposes a donation."""

from typing import Any

from marshmallow import Schema, ValidationError, post_load, validates_schema

from refurb.directory.organisations.fields import Rna
from refurb.inventory.donations.schemas.counts import MOST_OF_A_KIND
from refurb.inventory.donations.words import AGES, CHARGERS, DRIVES_INSIDE, PROPOSERS, SHAPES, Age, Chargers, DrivesInside, Shape
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.inventory.words.slots import DONOR_WAYS, Way
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Email, LongText, Number, Phone, Siren, Text, Tick, Word

COUNTS = {f"count_{kind.value}": kind for kind in DeviceKind}


def _count(kind: DeviceKind) -> Number:
    return Number(DEVICE_KINDS[kind], max=MOST_OF_A_KIND, sometimes=True)


class NewProposal(Schema):
    """A donation proposed from outside. `website` is a field that people do not see, and that machines fill in."""

    origin = Word(LegalOrigin, _l("Vous êtes"), labels=PROPOSERS, widget="radio", required=True)
    name = Text(
        _l("Nom de l'organisation"),
        sometimes=True,
        attrs={"autocomplete": "organization"},
        help=_l("Vide pour un particulier."),
    )
    siren = Siren(_l("SIREN"), max=20, sometimes=True, help=_l("Neuf chiffres ; demandé pour une entreprise."))
    rna = Rna(_l("Numéro RNA"), max=20, help=_l("Pour une association : un W suivi de neuf chiffres ou lettres."))
    contact_name = Text(_l("Votre prénom et votre nom"), max=160, required=True, attrs={"autocomplete": "name"})
    email = Email(
        _l("Votre adresse de courriel"), required=True, help=_l("Nous y envoyons un lien à ouvrir pour confirmer votre proposition.")
    )
    phone = Phone(_l("Votre téléphone"), help=_l("Pour convenir d'un rendez-vous."))
    count_laptop = _count(DeviceKind.LAPTOP)
    count_desktop = _count(DeviceKind.DESKTOP)
    count_tablet = _count(DeviceKind.TABLET)
    count_smartphone = _count(DeviceKind.SMARTPHONE)
    count_monitor = _count(DeviceKind.MONITOR)
    count_printer = _count(DeviceKind.PRINTER)
    count_other = _count(DeviceKind.OTHER)
    age = Word(Age, _l("Leur âge"), labels=AGES, required=True)
    shape = Word(Shape, _l("Leur état"), labels=SHAPES, required=True)
    drives = Word(
        DrivesInside, _l("Les disques"), labels=DRIVES_INSIDE, required=True,
        help=_l("Laissez-les si vous pouvez : nous effaçons chacun et vous en donnons la preuve."),
    )  # fmt: skip
    chargers = Word(Chargers, _l("Les chargeurs"), labels=CHARGERS, required=True)
    way = Word(Way, _l("Comment nous parvient-il ?"), labels=DONOR_WAYS, widget="radio", required=True)
    address = Text(
        _l("Adresse où se trouve le matériel"), max=300, sometimes=True, attrs={"autocomplete": "street-address"},
        help=_l("Pour que nous venions le chercher."),
    )  # fmt: skip
    conditions = Text(
        _l("Mettez-vous une condition à ce don ?"), max=500,
        help=_l("Par exemple : « pour des lycéens ». Laissez vide s'il n'y en a pas : c'est le plus simple à accepter."),
    )  # fmt: skip
    message = LongText(_l("Autre chose à nous dire ?"), help=_l("Accès, étage, dates qui vous arrangent. Pas de mot de passe."))
    entitled = Tick(_l("Ce matériel est à moi, ou j'ai le pouvoir de le donner."), must=True)
    website = Text(_l("Laissez ce champ vide"), max=200, attrs={"autocomplete": "off", "tabindex": "-1"})

    @validates_schema(skip_on_field_errors=False)
    def says_who_and_what(self, facts: dict[str, Any], **_: Any) -> None:
        """An organisation has a name, a company its SIREN (code de commerce R.123-221), and something is given."""
        faults: dict[str, list[Any]] = {}
        origin = facts.get("origin")
        if origin is not None and origin not in PROPOSERS:  # Our own stock and what we buy are nobody's to propose.
            faults["origin"] = [Fault("field.choice")]
        if origin is not None and origin is not LegalOrigin.INDIVIDUAL and not facts.get("name"):
            faults["name"] = [Fault("proposal.name_needed")]
        if origin is LegalOrigin.COMPANY and "siren" in facts and not facts["siren"]:
            faults["siren"] = [Fault("donation.siren_needed")]
        if facts.get("way") is Way.PICK_UP and "address" in facts and not facts["address"]:
            faults["address"] = [Fault("proposal.address_needed")]
        if not any(facts.get(name) for name in COUNTS):
            faults["count_laptop"] = [Fault("donation.nothing_announced")]
        if faults:
            raise ValidationError(faults)

    @post_load
    def keep_what_fits(self, facts: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The numbers become one count by kind; what does not belong to who gives is left out."""
        facts["counts"] = {kind: facts.pop(name) for name, kind in COUNTS.items() if facts.get(name)}
        for name in COUNTS:
            facts.pop(name, None)
        facts.pop("entitled", None)
        if facts["origin"] is LegalOrigin.INDIVIDUAL:
            facts["name"], facts["siren"] = facts["contact_name"], None
        if facts["origin"] is not LegalOrigin.ASSOCIATION:
            facts["rna"] = None
        if facts["way"] is not Way.PICK_UP:
            facts["address"] = ""
        return facts
