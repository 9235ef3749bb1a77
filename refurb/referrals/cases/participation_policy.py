"""Whether whoever receives is asked for a participation, by which right, and how much at most: config/policy/participation.toml."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, validates_schema

from refurb.directory.queries import home_organisation
from refurb.inventory.donations.cautions import solidarity_prices
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.policy import Complaint, PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import PartEntry, TableEntry, TextEntry, WholeEntry, WordEntry
from refurb.kernel.speech.words import _, _l, _lp
from refurb.referrals.paid import BASES, Basis

_BOUGHT = _l("Le reste est payé par des financeurs, et par nous. Rien : la personne ne paie jamais ce qui est acheté.")
_BY_REGIE = _l("Une personne publique ne reçoit d'argent que par elle.")


@dataclass(frozen=True)
class ParticipationPolicy:
    """By which right a participation is asked, which régie takes it, and whole euros for each kind at most.

    `bought_percent`: of the price of what is bought new, how much at most is the share of whoever receives; none where it is not said.
    """

    version: str
    basis: Basis
    regie: str | None
    amounts: Mapping[DeviceKind, int]
    bought_percent: int | None

    @property
    def is_on(self) -> bool:
        """Whether anything is asked at all."""
        return self.basis is not Basis.NONE

    def most_for(self, kinds: Iterable[DeviceKind]) -> int:
        """Whole euros for some machines together, at most."""
        return sum(self.amounts.get(kind, 0) for kind in kinds)


class ParticipationSchema(PolicySchema):
    """The shape of participation.toml."""

    basis = WordEntry(Basis, says=BASES, label=_l("Une participation est-elle demandée ?"))
    regie = TextEntry(120, load_default=None, label=_l("La régie qui reçoit"), help=_BY_REGIE)
    amounts = TableEntry(
        WholeEntry(1, 180, unit=_lp("unit", "€")), keys=DeviceKind, what="kind of device", says=DEVICE_KINDS, load_default=dict,
        label=_l("Euros pour chaque appareil, au plus"),
    )  # fmt: skip
    # Versions that were adopted before it was asked do not say it: nothing is asked for what is bought.
    bought_percent = WholeEntry(
        1,
        100,
        load_default=None,
        label=_l("Part de la personne dans un matériel acheté neuf, en pour cent, au plus"),
        help=_BOUGHT,
    )

    @validates_schema
    def _has_its_regie(self, data: dict[str, Any], **_options: Any) -> None:
        if data["basis"] is Basis.REGIE and not data["regie"]:
            raise ValidationError(Wrongly("must name the régie", "policy.no_regie"), "regie")


def _policy(content: dict[str, Any], version: str) -> ParticipationPolicy:
    return ParticipationPolicy(version, content["basis"], content["regie"], content["amounts"], content["bought_percent"])


def _summary(made: ParticipationPolicy) -> str:
    if not made.is_on:
        return _("Rien n'est demandé à qui reçoit.")
    return ", ".join(_("%(kind)s %(euros)s €", kind=str(DEVICE_KINDS[kind]), euros=euros) for kind, euros in made.amounts.items())


PARTICIPATION = PolicyFile(
    "participation", PartEntry(ParticipationSchema), _policy, _l("Participation de qui reçoit"), PolicyGroup.FAMILIES, _summary
)


def beyond_the_law(made: ParticipationPolicy) -> Iterable[Complaint]:
    """What keeps it from being adopted: another right than the territory has, or more than the solidarity prices allow."""
    if not made.is_on:
        return
    home = home_organisation()
    is_public = home is not None and home.is_public_body
    if is_public is not (made.basis is Basis.REGIE):
        yield Complaint("basis", Wrongly("is not what the letterhead says that we are", "policy.other_basis"))
    caps = solidarity_prices().caps
    for kind, amount in made.amounts.items():
        most = caps.get(kind, 0)
        if amount > most:
            yield Complaint(f"amounts.{kind}", Wrongly(f"must not be more than {most}", "policy.over_cap", most=most))
