"""What a bag holds, by what leaves in it: config/policy/bags.toml."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema
from refurb.kernel.deeds.policy_entries import ListEntry, PartEntry, TableEntry, WordEntry, YesNoEntry
from refurb.kernel.speech.words import _, _l
from refurb.referrals.words import ACCESSORIES, Accessory, Connection

UNCONNECTED = frozenset({Connection.NONE, Connection.PHONE_ONLY})


@dataclass(frozen=True)
class BagPolicy:
    """Which accessories go with which kind of machine, and whether a box goes to a home without a connection."""

    version: str
    box_without_connection: bool
    contents: Mapping[DeviceKind, tuple[Accessory, ...]]

    def expected(self, kinds: Iterable[DeviceKind], connection: Connection) -> list[Accessory]:
        """What goes with machines of these kinds to a home, each once, in the order in which accessories are always named."""
        put = {word for kind in kinds for word in self.contents.get(kind, ())}
        if self.box_without_connection and connection in UNCONNECTED:
            put.add(Accessory.INTERNET_BOX)
        return [each for each in Accessory if each in put]

    def number_of(self, word: Accessory, kinds: Iterable[DeviceKind]) -> int:
        """How many of an accessory go with machines of these kinds: one for each that it goes with, and one where it goes with none."""
        return max(1, sum(word in self.contents.get(kind, ()) for kind in kinds))


class BagSchema(PolicySchema):
    """The shape of bags.toml."""

    box_without_connection = YesNoEntry(
        label=_l("Ajouter une box 4G pour une maison sans connexion"),
        help=_l("Quand l'orientation dit « Aucune » ou « Seulement un téléphone »."),
    )
    contents = TableEntry(
        ListEntry(WordEntry(Accessory, says=ACCESSORIES)),
        keys=DeviceKind,
        says=DEVICE_KINDS,
        what="kind of device",
        label=_l("Ce qui part avec chaque appareil"),
    )


def _policy(content: dict[str, Any], version: str) -> BagPolicy:
    return BagPolicy(version, content["box_without_connection"], content["contents"])


def _summary(made: BagPolicy) -> str:
    told = _with(made, DeviceKind.LAPTOP)
    return _("Avec un portable : %(things)s.", things=told) if told else _("Un portable part seul.")


def _with(made: BagPolicy, kind: DeviceKind) -> str:
    return ", ".join(str(ACCESSORIES[each]).lower() for each in made.contents.get(kind, ()))


BAGS = PolicyFile("bags", PartEntry(BagSchema), _policy, _l("Le sac de chaque remise"), PolicyGroup.FAMILIES, _summary)
