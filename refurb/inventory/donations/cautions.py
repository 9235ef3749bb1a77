"""What the law makes us say about a donation while it is decided on: cautions for people, which bless nothing and block nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from refurb.inventory.donations.models.proposals import Proposal
from refurb.inventory.donations.words import Age
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema
from refurb.kernel.deeds.policy_entries import DayEntry, PartEntry, TableEntry, TextEntry, WholeEntry
from refurb.kernel.speech.words import _, _l, _lp


@dataclass(frozen=True)
class SolidarityPrices:
    """The caps of config/policy/solidarity_prices.toml, in euros with taxes, and where they come from."""

    source: str
    highest_value: int
    caps: Mapping[DeviceKind, int]


@dataclass(frozen=True)
class Caution:
    """One caution; `path` is the end of the address at which something can be noted about it, `button` its label."""

    key: str
    icon: str
    title: str
    text: str
    path: str = ""
    button: str = ""


_LAW = _l("Fixé par le décret n° 2022-1413 : un territoire ne le change pas ; une nouvelle version du logiciel suit le décret.")


class SolidarityPricesSchema(PolicySchema):
    """The shape of solidarity_prices.toml."""

    source = TextEntry(label=_lp("policy", "Source"), law=_LAW)
    read_on = DayEntry(load_default=None, label=_l("Texte relu le"))
    highest_value = WholeEntry(1, label=_l("Valeur d'une unité cédée, au plus"), unit=_lp("unit", "€"), law=_LAW)
    caps = TableEntry(
        WholeEntry(1, unit=_lp("unit", "€"), law=_LAW), keys=DeviceKind, what="kind of device", says=DEVICE_KINDS, label=_l("Prix au plus")
    )


def _solidarity_prices(content: dict[str, Any], _version: str) -> SolidarityPrices:
    return SolidarityPrices(content["source"], content["highest_value"], content["caps"])


def _summary(made: SolidarityPrices) -> str:
    return ", ".join(_("%(kind)s %(euros)s €", kind=str(DEVICE_KINDS[kind]), euros=euros) for kind, euros in made.caps.items())


SOLIDARITY_PRICES = PolicyFile(
    "solidarity_prices",
    PartEntry(SolidarityPricesSchema),
    _solidarity_prices,
    _l("Prix solidaires plafonnés"),
    PolicyGroup.DONORS,
    _summary,
)


def solidarity_prices() -> SolidarityPrices:
    """The caps in force; raises `PolicyError`."""
    return SOLIDARITY_PRICES.in_force()


def cautions_of(donation: Donation, proposal: Proposal | None, *, we_are_public: bool) -> Sequence[Caution]:
    """The cautions that apply to a donation, the gravest first."""
    found = [
        _own_stock(donation),
        _freely_given(donation),
        _conditions(donation, proposal, we_are_public=we_are_public),
        _no_siren(donation),
        _too_old(donation, proposal),
    ]
    return [each for each in found if each is not None]


def _own_stock(donation: Donation) -> Caution | None:
    if donation.legal_origin is not LegalOrigin.OWN_STOCK:
        return None
    text = _(
        "Les particuliers ne figurent pas parmi les bénéficiaires d'une cession gratuite (CG3P, art. L.3212-2 et L.3212-3). Passez par une "
        "association habilitée, avec une convention, ou faites valider par votre service juridique une aide en nature du CCAS."
    )
    if donation.legal_basis:
        text += " " + _("Fondement indiqué : %(basis)s.", basis=donation.legal_basis)
    return Caution(
        "own_stock", "scale", _("Matériel de notre propre parc : à ne pas donner directement à une personne"), text, "fondement",
        _("Changer le fondement juridique") if donation.legal_basis else _("Indiquer le fondement juridique"),
    )  # fmt: skip


def _freely_given(donation: Donation) -> Caution | None:
    if donation.legal_origin is not LegalOrigin.PUBLIC_BODY:
        return None
    prices = solidarity_prices()
    kinds = [line.kind for line in donation.lines if line.kind in prices.caps] or list(prices.caps)
    caps = ", ".join(_("%(kind)s %(euros)s €", kind=str(DEVICE_KINDS[kind]), euros=prices.caps[kind]) for kind in kinds)
    text = _(
        "Revente interdite, sauf à un prix solidaire par les associations que la loi désigne, et au plus : %(caps)s. Valeur d'une unité "
        "cédée : %(value)s € au plus. Source : %(source)s.",
        caps=caps, value=prices.highest_value, source=prices.source,
    )  # fmt: skip
    return Caution("freely_given", "banknote", _("Cédé gratuitement par une personne publique : prix plafonnés"), text)


def _conditions(donation: Donation, proposal: Proposal | None, *, we_are_public: bool) -> Caution | None:
    written = proposal.conditions if proposal else None
    if not we_are_public or donation.with_conditions is False or not (written or donation.with_conditions):
        return None
    text = _("Un don assorti de conditions ou de charges est accepté par le conseil, pas par délégation (CGCT, art. L.2122-22, 9°).")
    if written:
        text += " " + _("Le donateur a écrit : « %(told)s »", told=written)
    return Caution("conditions", "landmark", _("Don avec condition : au conseil de décider"), text)


def _no_siren(donation: Donation) -> Caution | None:
    if donation.legal_origin is not LegalOrigin.COMPANY or donation.donor.siren:
        return None
    return Caution(
        "no_siren", "building", _("SIREN de l'entreprise inconnu"), _("Ses attestations doivent le porter : demandez-le au donateur."),
        "siren", _("Indiquer le SIREN"),
    )  # fmt: skip


def _too_old(donation: Donation, proposal: Proposal | None) -> Caution | None:
    if proposal is None or proposal.age is not Age.OVER_10 or donation.received_on is not None:
        return None
    text = _("Au-delà de dix ans, un équipement public réformé part au recyclage (loi n° 2021-1485, art. 16), et il se réemploie mal.")
    return Caution("too_old", "recycle", _("Matériel de plus de dix ans"), text)
