"""What other quotas would change today: which numbers, and what is promised against what is expected."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from refurb.directory.models import Organisation
from refurb.directory.organisations.models import Convention
from refurb.directory.organisations.words import ConventionKind
from refurb.inventory.devices.queries.counts import count_devices
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import Complaint, PolicyEffect, Wrongly
from refurb.kernel.speech.clock import midnight, today
from refurb.kernel.speech.words import _, _n, day
from refurb.referrals.models import Allocation
from refurb.referrals.quotas.policy import QUOTAS, QuotaPeriod, Quotas
from refurb.referrals.words import AllocationState

SHOWN = 8
YEAR = 365


@dataclass(frozen=True)
class Expected:
    """How many devices were promised in a period, and how many are to be expected: those that are ready, and as many as a year gave."""

    promised: int
    ready: int
    coming: int

    @property
    def total(self) -> int:
        """How many are expected."""
        return self.ready + self.coming

    @property
    def missing(self) -> int:
        """By how many the waiting list grows, if all that was promised is asked for."""
        return max(0, self.promised - self.total)


def expected_in(period: QuotaPeriod) -> Expected:
    """What is promised and what is expected in a period, counted by what was allocated in the past year."""
    since = midnight(today() - timedelta(days=YEAR))
    holds = (Allocation.state != AllocationState.CANCELLED, Allocation.replaces_id.is_(None))
    of = select(func.count()).where(Allocation.decided_at >= since, *holds)
    given = db.session.scalar(of) or 0
    begins = max(period.starts_on, today())
    days = max(0, (period.ends_on - begins).days + 1)
    return Expected(period.promised, count_devices({DeviceState.READY}), round(given * days / YEAR))


def preview_quotas(before: Quotas, after: Quotas) -> PolicyEffect:
    """Whose numbers would be others, period by period; and what the last period promises."""
    old, new = _numbers(before), _numbers(after)
    names = _names(after) | _names(before)
    changed = [key for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)]
    first = tuple(
        (_("%(name)s, %(public)s, à partir du %(day)s", name=names.get(key[1], key[1]), public=_public(key[2], after, before),
           day=day(after_period(after, before, key[0]).starts_on)), _said(old.get(key)), _said(new.get(key)))
        for key in changed[:SHOWN]
    )  # fmt: skip
    sentence = _n("%(num)s nombre change.", "%(num)s nombres changent.", len(changed)) if changed else _("Aucun nombre ne change.")
    if after.periods:
        found = expected_in(after.periods[-1])
        sentence += " " + _(
            "Promis %(period)s : %(promised)s ; attendus : %(expected)s.",
            period=after.periods[-1].said, promised=found.promised, expected=found.total,
        )  # fmt: skip
    return PolicyEffect(len(changed), sentence, first)


def after_period(after: Quotas, before: Quotas, begins: str) -> QuotaPeriod:
    """The period that begins on a day, in one of two."""
    return next(each for made in (after, before) for each in made.periods if each.starts_on.isoformat() == begins)


def _numbers(made: Quotas) -> dict[tuple[str, str, str], int]:
    return {
        (period.starts_on.isoformat(), partner, public): number
        for period in made.periods
        for partner, numbers in period.numbers.items()
        for public, number in numbers.items()
    }


def _names(made: Quotas) -> dict[str, str]:
    wanted = {partner for period in made.periods for partner in period.numbers}
    rows = db.session.execute(select(Organisation.reference, Organisation.name).where(Organisation.reference.in_(wanted)))
    return {reference: name for reference, name in rows if reference}


def _public(key: str, *made: Quotas) -> str:
    return next((found.word for each in made if (found := each.named(key))), key)


def _said(number: int | None) -> str:
    return _("sans quota") if number is None else str(number)


def unknown_partners(made: Quotas) -> Iterable[Complaint]:
    """What keeps quotas from being adopted: a reference of nobody, of no partner, or of one with whom nothing is agreed in that period.

    Asked of what is new alone: who left after a period was over, or after its numbers were adopted, keeps nobody from adopting others.
    """
    in_force = {(each.starts_on, each.ends_on): each.numbers for each in QUOTAS.in_force().periods}
    new = {
        (place, partner): period
        for place, period in enumerate(made.periods, start=1)
        if period.ends_on >= today()
        for partner, numbers in period.numbers.items()
        if in_force.get((period.starts_on, period.ends_on), {}).get(partner) != numbers
    }
    wanted = {partner for _place, partner in new}
    of = select(Organisation).where(Organisation.reference.in_(wanted), Organisation.is_partner, Organisation.merged_into_id.is_(None))
    known = {each.reference: each for each in db.session.scalars(of)}
    for (place, partner), period in new.items():
        path = f"period[{place}].numbers.{partner}"
        if partner not in known:
            yield Complaint(path, Wrongly(f"there is no partner {partner}", "policy.no_partner", reference=partner))
        elif not _is_agreed(known[partner], period):
            why = "no convention with it lies in these days"
            yield Complaint(path, Wrongly(why, "policy.outside_convention", name=known[partner].name))


def _is_agreed(partner: Organisation, period: QuotaPeriod) -> bool:
    """Whether a convention with a partner lies in the period, signed or in preparation; or none was ever agreed, so that nothing ends."""
    of = select(Convention).where(
        Convention.organisation_id == partner.id, Convention.kind == ConventionKind.PARTNER, Convention.voided_at.is_(None)
    )
    known = list(db.session.scalars(of))
    return not known or any(
        (each.starts_on is None or each.starts_on <= period.ends_on) and (each.ends_on is None or each.ends_on >= period.starts_on)
        for each in known
    )
