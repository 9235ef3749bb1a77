"""How long what is known of people is kept, and which networks the house knows, from config/policy/retention.toml."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from marshmallow import ValidationError

from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import ListEntry, PartEntry, TextEntry, WholeEntry
from refurb.kernel.deeds.terms import Months
from refurb.kernel.speech.words import _, _l, _lp


@dataclass(frozen=True)
class Network:
    """A network that the house knows, by the name that the journal says."""

    name: str
    range: IPv4Network | IPv6Network


@dataclass(frozen=True)
class Durations:
    """How long each sort is kept, and the networks; `version` is the one by which the nights went."""

    version: str
    served: Months
    unserved: Months
    drafts: timedelta
    tickets: Months
    consents: Months
    borrower: Months
    returned: Months
    contact: Months
    guests: timedelta
    left: Months
    closed: Months
    held: Months
    agreed: Months
    networks: tuple[Network, ...] = ()


class RangeEntry(TextEntry):
    """A range of addresses, such as 192.0.2.0/24; one address is a range too."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return ip_network(super()._deserialize(value, attr, data, **kwargs).strip(), strict=False)
        except ValueError as error:
            wrong = "must be a range of addresses, such as 192.0.2.0/24"
            raise ValidationError(Wrongly(wrong, "policy.range")) from error


def _months(label: Any, most: int, **options: Any) -> WholeEntry:
    return WholeEntry(1, most, label=label, unit=_lp("unit", "mois"), **options)


class FamilyDurations(PolicySchema):
    """People who are referred."""

    served = _months(
        _l("Personne qui a reçu un ordinateur, après le dernier contact"),
        24,
        help=_l("La CNIL recommande deux ans au plus (secteur social)."),
    )
    unserved = _months(_l("Demande refusée ou retirée, après la décision"), 24, help=_l("Les archives publiques prévoient deux ans."))
    tickets = _months(_l("Mots, téléphone et photo d'une panne signalée, après sa fin"), 24, load_default=6)
    consents = _months(_l("Accord de montrer une image, un nom ou des mots, après sa fin"), 60, load_default=12)
    drafts = WholeEntry(7, 366, label=_l("Brouillon, sans y revenir"), unit=_lp("unit", "jours"))


class LoanDurations(PolicySchema):
    """People who borrow."""

    borrower = _months(_l("Emprunteur ou emprunteuse, après le dernier prêt"), 36)
    returned = _months(_l("Convention signée, notes et photos d'un prêt, après le retour"), 36, help=_l("Ce qui reste dû garde tout."))


class DonorDurations(PolicySchema):
    """People who give."""

    contact = _months(_l("Contact d'un donateur, après le dernier échange"), 120)
    guests = WholeEntry(1, 366, label=_l("Invité d'une cérémonie, après elle"), unit=_lp("unit", "jours"), load_default=30)


class HouseDurations(PolicySchema):
    """People of the house and of its partners."""

    left = _months(_l("Contact d'une structure, après son départ"), 36)
    closed = _months(_l("Nom et courriel d'un compte, après sa fermeture"), 60)
    held = _months(_l("Motif d'un gel, demande d'une personne, après la fin"), 60)
    agreed = _months(
        _l("Exemplaire signé d'une convention, après sa fin"),
        120,
        help=_l("On peut agir sur un contrat pendant cinq ans (Code civil, article 2224)."),
    )


class NetworkSchema(PolicySchema):
    """One network that the house knows."""

    name = TextEntry(60, label=_l("Nom du lieu"))
    range = RangeEntry(60, label=_l("Adresses"))


class RetentionSchema(PolicySchema):
    """The shape of retention.toml."""

    families = PartEntry(FamilyDurations, label=_lp("policy", "Familles"))
    loans = PartEntry(LoanDurations, label=_lp("policy", "Prêts"))
    donors = PartEntry(DonorDurations, label=_lp("policy", "Donateurs"))
    house = PartEntry(HouseDurations, label=_l("Maison et structures"))
    networks = ListEntry(PartEntry(NetworkSchema), label=_l("Réseaux connus"), load_default=())


def _made(content: dict[str, Any], version: str) -> Durations:
    families, loans, house = content["families"], content["loans"], content["house"]
    return Durations(
        version,
        served=Months(families["served"]),
        unserved=Months(families["unserved"]),
        drafts=timedelta(days=families["drafts"]),
        tickets=Months(families["tickets"]),
        consents=Months(families["consents"]),
        borrower=Months(loans["borrower"]),
        returned=Months(loans["returned"]),
        contact=Months(content["donors"]["contact"]),
        guests=timedelta(days=content["donors"]["guests"]),
        left=Months(house["left"]),
        closed=Months(house["closed"]),
        held=Months(house["held"]),
        agreed=Months(house["agreed"]),
        networks=tuple(Network(each["name"], each["range"]) for each in content["networks"]),
    )


def _summary(made: Durations) -> str:
    return _(
        "Après le dernier contact : %(served)s pour qui a reçu un ordinateur, %(borrower)s pour qui emprunte.",
        served=made.served,
        borrower=made.borrower,
    )


RETENTION = PolicyFile("retention", PartEntry(RetentionSchema), _made, _l("Durées de conservation"), PolicyGroup.HOUSE, _summary)


def durations() -> Durations:
    """What is in force; raises `PolicyError`."""
    return RETENTION.in_force()


def network_of(address: str | None) -> str | None:
    """The name of the known network that an address is of; None of any other."""
    try:
        told = ip_address(address or "")
    except ValueError:
        return None
    return next((each.name for each in durations().networks if told in each.range), None)
