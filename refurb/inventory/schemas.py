"""What comes in about donations and devices."""

from typing import Any

from marshmallow import Schema, fields

from refurb.documents.models import PaperKind
from refurb.documents.words import PAPER_KINDS
from refurb.inventory.words import DEVICE_KINDS, FLAG_KINDS, LEGAL_ORIGINS, DeviceKind, FlagKind, LegalOrigin
from refurb.kernel.fields import Date, Email, LongText, Number, Pick, Siren, Text, Word, Wrong
from refurb.kernel.words import _l

MOST_OF_A_KIND = 999


class Reason(Schema):
    """Why something out of the ordinary is done."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, private=True)


class WasteExit(Schema):
    """How a device leaves as waste (code de l'environnement L.541-7; nomenclature of waste codes, R.541-7)."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, private=True)
    operator = Text(_l("Opérateur de déchets"), max=160)
    slip = Text(_l("Numéro du bordereau"), max=80)


class Appointment(Schema):
    """When the donation is fetched or brought."""

    scheduled_on = Date(_l("Rendez-vous le"), required=True, future=True, past=False)
    note = Text(_l("Où, et avec qui"), max=300, private=True)


class Counts(fields.Field[dict[DeviceKind, int]]):
    """How many of each kind were counted: {"laptop": 9}."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[DeviceKind, int]:
        if not isinstance(value, dict):
            raise Wrong("field.invalid")
        counted: dict[DeviceKind, int] = {}
        for kind, count in value.items():
            if kind not in set(DeviceKind) or isinstance(count, bool) or not isinstance(count, int):
                raise Wrong("field.invalid")
            if not 0 <= count <= MOST_OF_A_KIND:
                raise Wrong("field.out_of_range", least=0, most=MOST_OF_A_KIND)
            counted[DeviceKind(kind)] = count
        return counted


class Count(Schema):
    """What was counted on the dock: a number for each announced line, and for each kind that came besides."""

    received_on = Date(_l("Reçu le"), required=True)
    counts = Counts(required=True)


class NewDonation(Schema):
    """A donation that is announced, by a donor of the directory or a new one."""

    donor_id = Pick(_l("Donateur déjà connu"))
    donor_name = Text(_l("Nom du nouveau donateur"), attrs={"autocomplete": "organization"})
    donor_siren = Siren(_l("SIREN"), help=_l("Neuf chiffres ; demandé pour une entreprise."), max=20)
    contact_name = Text(_l("Personne à contacter"), max=160, attrs={"autocomplete": "off"})
    contact_email = Email(_l("Son adresse e-mail"), help=_l("Pour lui envoyer ses attestations."), attrs={"autocomplete": "off"})
    legal_origin = Word(LegalOrigin, _l("Origine juridique"), labels=LEGAL_ORIGINS, required=True)
    announced_on = Date(_l("Annoncé le"))
    announced_laptop = Number(DEVICE_KINDS[DeviceKind.LAPTOP], max=MOST_OF_A_KIND)
    announced_desktop = Number(DEVICE_KINDS[DeviceKind.DESKTOP], max=MOST_OF_A_KIND)
    announced_tablet = Number(DEVICE_KINDS[DeviceKind.TABLET], max=MOST_OF_A_KIND)
    announced_smartphone = Number(DEVICE_KINDS[DeviceKind.SMARTPHONE], max=MOST_OF_A_KIND)
    announced_monitor = Number(DEVICE_KINDS[DeviceKind.MONITOR], max=MOST_OF_A_KIND)
    announced_printer = Number(DEVICE_KINDS[DeviceKind.PRINTER], max=MOST_OF_A_KIND)
    announced_other = Number(DEVICE_KINDS[DeviceKind.OTHER], max=MOST_OF_A_KIND)
    note = LongText(_l("Ce que le donateur a précisé"), help=_l("État, accessoires, contraintes d'enlèvement. Pas de donnée personnelle."))
    accepted_by_act = Text(
        _l("Acte d'acceptation"), help=_l("Délibération ou décision. Il peut être indiqué plus tard, avant de clore le don.")
    )
    accepted_on = Date(_l("Date de l'acte"))


def announced_lines(told: dict[str, Any]) -> dict[DeviceKind, int]:
    """Take the announced numbers out of what `NewDonation` loaded."""
    return {kind: told.pop(f"announced_{kind}") or 0 for kind in DeviceKind}


class Acceptance(Schema):
    """The act by which a public body accepts a gift."""

    accepted_by_act = Text(_l("Acte d'acceptation"), help=_l("Par exemple : décision du maire n° 2026-118."), required=True)
    accepted_on = Date(_l("Date de l'acte"), required=True)


class OneMore(Schema):
    """A device that is entered by itself."""

    kind = Word(DeviceKind, _l("Nature"), labels=DEVICE_KINDS, required=True)
    code = Text(
        _l("Code d'une étiquette déjà posée"),
        help=_l("Si une étiquette imprimée d'avance est collée : scannez-la. Sinon, un code est créé."),
        max=200,
        attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class DeviceFacts(Schema):
    """What somebody corrects about a device."""

    kind = Word(DeviceKind, _l("Nature"), labels=DEVICE_KINDS, required=True)
    manufacturer = Text(_l("Fabricant"), max=120)
    model = Text(_l("Modèle"), max=160)
    serial = Text(
        _l("N° de série"),
        help=_l("Celui de l'étiquette du fabricant, au dos ou sous la batterie."),
        max=120,
        attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class NewFlag(Schema):
    """Something that blocks a device beside its state."""

    kind = Word(FlagKind, _l("Ce qui bloque"), labels=FLAG_KINDS, required=True, widget="radio")
    note = Text(_l("Ce qu'il faut savoir"), help=_l("Par exemple : rayure de 4 cm, coin droit de l'écran."), max=300)


class FlagToLift(Schema):
    """Which flag is lifted."""

    kind = Word(FlagKind, _l("Ce qui bloque"), labels=FLAG_KINDS, required=True)


class ComponentTold(Schema):
    """One thing counted with an item that is lent: the charger, the sleeve, four robots; its value in euro cents."""

    name = Text(required=True, max=120)
    quantity = Number(required=True, min=1, max=999)
    value_cents = Number(max=10_000_000)
    picture = Text(max=64)


class Pooling(Schema):
    """As what a device is lent: by which product it is asked for, under which name, with which components."""

    product_id = Number(required=True, max=2**31 - 1)
    name = Text(required=True, max=160)
    components = fields.List(fields.Nested(ComponentTold), required=True)


class NewPaper(Schema):
    """Which attestation to issue: AD for the gift, AE for the erasures."""

    kind = Word(PaperKind, _l("Attestation"), required=True, labels=PAPER_KINDS)
