"""The quotas, from config/policy/quotas.toml: the publics, and for each period how many devices each partner may be given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from marshmallow import ValidationError, validates_schema
from sqlalchemy import ColumnElement, and_, case, true

from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import DayEntry, ListEntry, PartEntry, TableEntry, TextEntry, WholeEntry, WordEntry
from refurb.kernel.speech.typography import french
from refurb.kernel.speech.words import _, _l, _lp, _n, day, language
from refurb.referrals.models import Beneficiary, Referral
from refurb.referrals.words import SITUATIONS, Situation

MOST_PROMISED = 9_999


@dataclass(frozen=True)
class Public:
    """For whom a number is promised: whoever meets all that is said here; whoever is left, where nothing is."""

    key: str
    texts: Mapping[str, str]
    youngest: int | None
    oldest: int | None
    situations: tuple[Situation, ...]
    kinds: tuple[DeviceKind, ...]

    @property
    def word(self) -> str:
        """How it is called."""
        text = self.texts[language()]
        return french(text) if language() == "fr" else text

    @property
    def is_open(self) -> bool:
        """Whether everybody who is left falls here."""
        return self.youngest is None and self.oldest is None and not self.situations and not self.kinds

    def holds(self, referral: Referral, year: int) -> bool:
        """Whether a referral falls here in a year; an age is that reached in it, and nobody of an unknown age is of a public of ages."""
        born = referral.beneficiary.birth_year
        if self.youngest is not None and (born is None or year - born < self.youngest):
            return False
        if self.oldest is not None and (born is None or year - born > self.oldest):
            return False
        return (not self.situations or referral.situation in self.situations) and (not self.kinds or referral.device_kind in self.kinds)

    def condition(self, year: int) -> ColumnElement[bool]:
        """The same, asked of the database, where the referral's person is joined."""
        found: list[ColumnElement[bool]] = [true()]
        if self.youngest is not None:
            found.append(Beneficiary.birth_year <= year - self.youngest)
        if self.oldest is not None:
            found.append(Beneficiary.birth_year >= year - self.oldest)
        if self.situations:
            found.append(Referral.situation.in_(self.situations))
        if self.kinds:
            found.append(Referral.device_kind.in_(self.kinds))
        return and_(*found)


@dataclass(frozen=True)
class QuotaPeriod:
    """The numbers of a period, both days included: by the reference of a partner, by public; one that is not said is not limited."""

    starts_on: date
    ends_on: date
    numbers: Mapping[str, Mapping[str, int]]

    @property
    def said(self) -> str:
        """The period in words."""
        return _("du %(first)s au %(last)s", first=day(self.starts_on), last=day(self.ends_on))

    @property
    def promised(self) -> int:
        """How many devices were promised to all partners together."""
        return sum(sum(each.values()) for each in self.numbers.values())


@dataclass(frozen=True)
class Quotas:
    """All that is promised, and the version that decisions record."""

    version: str
    publics: tuple[Public, ...]
    periods: tuple[QuotaPeriod, ...]

    def period_on(self, when: date) -> QuotaPeriod | None:
        """The period in which a day lies."""
        return next((each for each in self.periods if each.starts_on <= when <= each.ends_on), None)

    def public_of(self, referral: Referral, year: int) -> Public:
        """The first public into which a referral falls."""
        return next(each for each in self.publics if each.holds(referral, year))

    def public_key(self, year: int) -> ColumnElement[str]:
        """The key of the same, asked of the database, where the referral's person is joined."""
        return case(*((each.condition(year), each.key) for each in self.publics), else_=self.publics[-1].key)

    def named(self, key: str) -> Public | None:
        """The public of a key."""
        return next((each for each in self.publics if each.key == key), None)


class PublicSchema(PolicySchema):
    """One public."""

    key = TextEntry(24, label=_lp("policy", "Clé"), help=_l("Gardée avec les décisions : sans accent ni espace."))
    fr = TextEntry(80, label=_l("Nom en français"))
    en = TextEntry(80, label=_l("Nom en anglais"))
    youngest = WholeEntry(0, 130, load_default=None, label=_l("Âge, au moins"))
    oldest = WholeEntry(0, 130, load_default=None, label=_l("Âge, au plus"))
    situations = ListEntry(WordEntry(Situation, says=SITUATIONS), load_default=(), label=_l("Une de ces situations"))
    kinds = ListEntry(WordEntry(DeviceKind, says=DEVICE_KINDS), load_default=(), label=_l("Un de ces appareils"))


class QuotaPeriodSchema(PolicySchema):
    """One period."""

    starts_on = DayEntry(label=_lp("period", "Du"))
    ends_on = DayEntry(label=_lp("period", "Au"))
    numbers = TableEntry(
        TableEntry(WholeEntry(0, MOST_PROMISED), what="public"),
        load_default={},
        what="partner",
        label=_l("Nombres par structure"),
    )

    @validates_schema
    def _ends_after_it_starts(self, data: dict[str, Any], **_options: Any) -> None:
        if data["ends_on"] < data["starts_on"]:
            raise ValidationError(Wrongly("must not be before starts_on", "policy.ends_before"), "ends_on")


class QuotasSchema(PolicySchema):
    """The shape of quotas.toml."""

    public = ListEntry(PartEntry(PublicSchema), least=1, label=_l("Publics"))
    period = ListEntry(PartEntry(QuotaPeriodSchema), load_default=(), label=_l("Périodes"))

    @validates_schema
    def _is_whole(self, data: dict[str, Any], **_options: Any) -> None:
        publics = data["public"]
        keys = [each["key"] for each in publics]
        opens = [not (each["situations"] or each["kinds"]) and each["youngest"] is None and each["oldest"] is None for each in publics]
        if opens != [False] * (len(publics) - 1) + [True]:
            raise ValidationError(Wrongly("the last one, and only the last, has no condition", "policy.last_is_open"), "public")
        if len(set(keys)) < len(keys):
            raise ValidationError(Wrongly("two have the same key", "policy.twice"), "public")
        periods = sorted(data["period"], key=lambda each: each["starts_on"])
        if any(one["ends_on"] >= other["starts_on"] for one, other in pairwise(periods)):
            raise ValidationError(Wrongly("two lie upon each other", "policy.periods_overlap"), "period")
        for place, each in enumerate(data["period"]):
            for partner, numbers in each["numbers"].items():
                if unknown := sorted(set(numbers) - set(keys)):
                    why = Wrongly(f"there is no public {unknown[0]}", "policy.no_public", key=unknown[0])
                    raise ValidationError({place: {"numbers": {partner: {unknown[0]: [why]}}}}, "period")


def _quotas(content: dict[str, Any], version: str) -> Quotas:
    publics = (
        Public(row["key"], {"fr": row["fr"], "en": row["en"]}, row["youngest"], row["oldest"], row["situations"], row["kinds"])
        for row in content["public"]
    )
    periods = (QuotaPeriod(row["starts_on"], row["ends_on"], row["numbers"]) for row in content["period"])
    return Quotas(version, tuple(publics), tuple(sorted(periods, key=lambda each: each.starts_on)))


def _summary(made: Quotas) -> str:
    if not made.periods:
        return _("Aucun quota.")
    last = made.periods[-1]
    return _n("%(num)s appareil promis, %(period)s.", "%(num)s appareils promis, %(period)s.", last.promised, period=last.said)


QUOTAS = PolicyFile("quotas", PartEntry(QuotasSchema), _quotas, _l("Quotas des structures"), PolicyGroup.FAMILIES, _summary)


def quotas() -> Quotas:
    """What is promised by the version in force."""
    return QUOTAS.in_force()
