"""What another order of the waiting list would change today: whose rank moves, and who would be given a computer or would not be."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from refurb.directory.models import Organisation
from refurb.inventory.devices.queries.counts import count_devices
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind, DeviceState
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import PolicyEffect
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.words import _, _l, _n
from refurb.referrals.cases.priority import Needs, Order, order
from refurb.referrals.models import Beneficiary, Referral
from refurb.referrals.quotas.policy import quotas
from refurb.referrals.quotas.queries import left_today
from refurb.referrals.words import ReferralState

SHOWN = 8
MOST_RANKED = 20_000
"""Who waits beyond so many is not ranked: nobody reads that far."""


@dataclass(frozen=True)
class RankChange:
    """One whose rank moves among those that want the same kind of device, and whether a computer that is ready now would be its own.

    `gains` is True for one who would be given one now and would not be by the order in force, False for the contrary, else None.
    """

    reference: str
    kind: DeviceKind
    partner: str
    old: int
    new: int
    reasons: tuple[str, ...]
    gains: bool | None

    @property
    def by(self) -> int:
        """How many ranks it rises; below nought, how many it falls."""
        return self.old - self.new


@dataclass(frozen=True)
class OrderEffect:
    """What a trial would change: of how many that wait, with how many devices ready; those whose rank moves, whoever gains or loses first.

    `partners` are those that would be given more devices now, or fewer, each with how many.
    """

    waiting: int
    ready: int
    changes: tuple[RankChange, ...]
    partners: tuple[tuple[str, int], ...]

    @property
    def up(self) -> int:
        """How many rise."""
        return sum(each.by > 0 for each in self.changes)

    @property
    def down(self) -> int:
        """How many fall."""
        return sum(each.by < 0 for each in self.changes)

    @property
    def gain(self) -> int:
        """How many would be given a device now and would not be by the order in force; as many would not be any more."""
        return sum(each.gains is True for each in self.changes)

    @property
    def sentence(self) -> str:
        """All of it in a sentence or two."""
        if not self.changes:
            return _("Aucun rang ne change parmi les %(waiting)s orientations qui attendent.", waiting=self.waiting)
        said = _n(
            "%(num)s orientation change de rang, sur %(waiting)s qui attendent : %(up)s, %(down)s.",
            "%(num)s orientations changent de rang, sur %(waiting)s qui attendent : %(up)s, %(down)s.",
            len(self.changes), waiting=self.waiting,
            up=_n("%(num)s monte", "%(num)s montent", self.up), down=_n("%(num)s descend", "%(num)s descendent", self.down),
        )  # fmt: skip
        if not self.gain:
            return f"{said} {_('Les mêmes personnes auraient un appareil maintenant.')}"
        served = _n(
            "%(num)s personne aurait un appareil maintenant au lieu d'une autre.",
            "%(num)s personnes auraient un appareil maintenant au lieu de %(num)s autres.",
            self.gain,
        )
        return f"{said} {served}"


def preview_order(before: Order, after: Order) -> PolicyEffect:
    """Whose rank would be another one, and who would gain or lose a device now, as the pages of every policy show it."""
    effect = order_effect(before, after)
    first = tuple(
        (
            _("%(reference)s, %(kind)s", reference=each.reference, kind=str(DEVICE_KINDS[each.kind])),
            _("rang %(rank)s", rank=each.old),
            ", ".join([_("rang %(rank)s", rank=each.new), *map(str, _GAINS.get(each.gains, ()))]),
        )
        for each in effect.changes[:SHOWN]
    )
    return PolicyEffect(len(effect.changes), effect.sentence, first)


_GAINS: dict[bool | None, tuple[Any, ...]] = {True: (_l("servie maintenant"),), False: (_l("ne serait plus servie maintenant"),)}


def order_effect(before: Order, after: Order) -> OrderEffect:
    """What an order would change on today's list, given the devices that are ready and what is left of the quotas."""
    at = now()
    rows = _waiting()
    ready, left = _ready(rows), left_today()
    old, new = _sorted(rows, before, at), _sorted(rows, after, at)
    ranks_old, ranks_new = _ranks(old), _ranks(new)
    served_old, served_new = _served(old, ready, left), _served(new, ready, left)
    changed = [
        RankChange(
            each.reference, each.device_kind, each.partner, ranks_old[each.id], ranks_new[each.id],
            tuple(after.reasons(Needs.of(each), at)), _gains(each.id, served_old, served_new),
        )
        for each in rows
        if ranks_old[each.id] != ranks_new[each.id] or (each.id in served_old) != (each.id in served_new)
    ]  # fmt: skip
    changed.sort(key=lambda each: (each.gains is None, each.gains is False, -abs(each.by), each.reference))
    names = {each.id: each.partner for each in rows}
    partners = Counter(names[each] for each in served_new)
    partners.subtract(names[each] for each in served_old)
    moved = sorted(((name, count) for name, count in partners.items() if count), key=lambda each: (-each[1], each[0]))
    return OrderEffect(len(rows), sum(ready.values()), tuple(changed), tuple(moved))


def _gains(number: int, old: set[int], new: set[int]) -> bool | None:
    return None if (number in old) == (number in new) else number in new


def _waiting() -> list[Any]:
    public = quotas().public_key(today().year).label("public")
    query = (
        select(
            Referral.id, Referral.reference, Referral.device_kind, Referral.school_children, Referral.situation, Referral.usage,
            Referral.priority_area, Referral.submitted_at, Referral.partner_id, Organisation.name.label("partner"), public,
        )
        .join(Organisation, Organisation.id == Referral.partner_id)
        .join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .where(Referral.state == ReferralState.WAITING)
        .order_by(Referral.submitted_at, Referral.id)
        .limit(MOST_RANKED)
    )  # fmt: skip
    return list(db.session.execute(query))


def _sorted(rows: Iterable[Any], order: Order, at: datetime) -> list[Any]:
    """`rows`, which stand as they were sent, in an order."""
    return sorted(rows, key=lambda each: order.place_of(Needs.of(each), at))


def _ranks(rows: Iterable[Any]) -> dict[int, int]:
    """The rank of each among those that want the same kind, by id."""
    counted: Counter[DeviceKind] = Counter()
    found: dict[int, int] = {}
    for each in rows:
        counted[each.device_kind] += 1
        found[each.id] = counted[each.device_kind]
    return found


def _served(rows: Sequence[Any], ready: Mapping[DeviceKind, int], left: Mapping[tuple[int, str], int]) -> set[int]:
    """The ids of those who would be given a ready device, one after the other, by who is within the quota of her partner."""
    return {number for number, held in _held(rows, ready, left) if held == "next"}


def _held(
    rows: Iterable[Any], ready: Mapping[DeviceKind, int], left: Mapping[tuple[int, str], int]
) -> Iterator[tuple[int, Literal["next", "stock", "quota"]]]:
    """What holds each, one after the other: nothing (`next`), that no device is ready, or that the quota of her partner is full."""
    stock, places = dict(ready), dict(left)
    for each in rows:
        key = (each.partner_id, each.public)
        if places.get(key, 1) <= 0:
            yield each.id, "quota"
        elif not stock.get(each.device_kind, 0):
            yield each.id, "stock"
        else:
            stock[each.device_kind] -= 1
            if key in places:
                places[key] -= 1
            yield each.id, "next"


def held_back() -> Counter[str]:
    """How many of those that wait are held by what, by the rule in force."""
    rows = _sorted(_waiting(), order(), now())
    return Counter(held for _number, held in _held(rows, _ready(rows), left_today()))


def _ready(rows: Iterable[Any]) -> dict[DeviceKind, int]:
    return {kind: count_devices({DeviceState.READY}, kind) for kind in {each.device_kind for each in rows}}
