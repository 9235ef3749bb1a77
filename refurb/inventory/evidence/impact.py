"""What a wipe has to reach, at least, for the data that a donor says were there: the policy, and whether a proof falls short of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from refurb.inventory.models.donations import Donation
from refurb.inventory.models.evidence import Drive
from refurb.inventory.words.donations import DATA_IMPACTS, DataImpact
from refurb.inventory.words.erasures import LEVELS
from refurb.inventory.words.techniques import TECHNIQUES
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema
from refurb.kernel.deeds.policy_entries import DayEntry, PartEntry, TableEntry, TextEntry, WordEntry
from refurb.kernel.speech.words import _, _l, _lp

BELOW = "erasure.below_impact"
"""Why a wipe that ended well is no proof: the donor's data ask for more."""

_ORDER = tuple(LEVELS)


@dataclass(frozen=True)
class Needed:
    """The least level (clear, purge, destroy) of a wipe, and whether sectors read back here and there are too few."""

    level: str
    reads_all_back: bool

    def is_met_by(self, level: str | None, verification: str | None) -> bool:
        """Whether a wipe that reached this level, verified in this way, is enough."""
        reached = level in _ORDER and _ORDER.index(level) >= _ORDER.index(self.level)
        return reached and not (self.reads_all_back and verification == "sample")

    @property
    def techniques(self) -> tuple[str, ...]:
        """The techniques that reach it on one medium or another, as people call them."""
        return tuple(str(reach.label) for reach in TECHNIQUES.values() if any(self.is_met_by(each, None) for each in reach.levels.values()))


@dataclass(frozen=True)
class ImpactPolicy:
    """What config/policy/data_impact.toml asks for each level that a donor may declare."""

    least: Mapping[DataImpact, str]
    all_from: DataImpact
    source: str
    read_on: date

    def needed(self, impact: DataImpact) -> Needed:
        """What a wipe has to reach for data of this level."""
        return Needed(self.least[impact], impact >= self.all_from)


class _ReadingSchema(PolicySchema):
    all_from = WordEntry(DataImpact, says=DATA_IMPACTS, label=_l("Tout relire à partir du niveau"))


class DataImpactSchema(PolicySchema):
    """The shape of data_impact.toml."""

    source = TextEntry(label=_lp("policy", "Source"))
    read_on = DayEntry(label=_l("Texte relu le"))
    least = TableEntry(
        WordEntry(LEVELS, says=LEVELS), keys=DataImpact, what="level", least=len(DataImpact), says=DATA_IMPACTS,
        label=_l("Effacement le plus bas qui compte"),
    )  # fmt: skip
    reading = PartEntry(_ReadingSchema, label=_l("Relecture"))


def _policy(content: dict[str, Any], _version: str) -> ImpactPolicy:
    return ImpactPolicy(content["least"], content["reading"]["all_from"], content["source"], content["read_on"])


def _summary(made: ImpactPolicy) -> str:
    return ", ".join(_("niveau %(impact)s : %(level)s", impact=impact, level=LEVELS[level]) for impact, level in made.least.items())


DATA_IMPACT = PolicyFile("data_impact", PartEntry(DataImpactSchema), _policy, _l("Données des donateurs"), PolicyGroup.DONORS, _summary)


def needed_for(donation: Donation) -> Needed | None:
    """What was asked of wipes when its donor declared the level; None where nobody has declared any."""
    return Needed(donation.least_level, donation.reads_all_back) if donation.least_level else None


def falls_short(drive: Drive, level: str | None, verification: str | None) -> bool:
    """Whether a wipe of this drive is less than a donation asks with which one of its machines, past ones too, came."""
    asked = {each.id: needed_for(each) for each in (stay.device.donation for stay in drive.stays)}
    return any(needed is not None and not needed.is_met_by(level, verification) for needed in asked.values())
