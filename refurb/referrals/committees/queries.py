"""Looking up committees, their agendas, what is free for them, and who leaves the room for which file."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from refurb.accounts.models import RoleGrant
from refurb.directory.organisations.queries import choices_of
from refurb.directory.queries import home_organisation
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l, day
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders, steps_of
from refurb.referrals.committees.models import Committee, CommitteeLine, CommitteeMember, CommitteeRecusal
from refurb.referrals.committees.words import CommitteeState, LineVerdict
from refurb.referrals.models import Beneficiary, Referral
from refurb.referrals.quotas.policy import quotas
from refurb.referrals.quotas.queries import left_today, quota_for
from refurb.referrals.quotas.rules import QuotaFull


def organisations_that_sit() -> list[tuple[str, str]]:
    """The organisations for which somebody may sit."""
    return choices_of()


def _seen_by(actor: Actor) -> ColumnElement[bool]:
    """All of them for whoever decides; those in which she sits for whoever sits."""
    if actor.may(Permission.REFERRAL_DECIDE):
        return Committee.id.is_not(None)
    return Committee.id.in_(select(CommitteeMember.committee_id).where(CommitteeMember.account_id == actor.id))


def committee_for(actor: Actor, number: int) -> Committee:
    """One session with its members; `NotFound` for a stranger."""
    found = db.session.scalar(
        select(Committee)
        .options(selectinload(Committee.members).joinedload(CommitteeMember.organisation), joinedload(Committee.paper))
        .where(Committee.id == number, _seen_by(actor))
    )
    if found is None:
        raise NotFound
    return found


def agenda_of(committee: Committee) -> Sequence[CommitteeLine]:
    """The files of a session in their order, with all that is shown and asked of them, in few questions however many they are."""
    return db.session.scalars(
        select(CommitteeLine)
        .options(
            joinedload(CommitteeLine.referral).joinedload(Referral.partner),
            # Of whom it is about, what the quotas ask; a name that nobody is shown is not read.
            joinedload(CommitteeLine.referral).joinedload(Referral.beneficiary).load_only(Beneficiary.birth_year),
            joinedload(CommitteeLine.device),
            selectinload(CommitteeLine.recusals).joinedload(CommitteeRecusal.member),
        )
        .where(CommitteeLine.committee_id == committee.id)
        .order_by(CommitteeLine.position)
    ).all()


def line_among(lines: Iterable[CommitteeLine], position: int) -> CommitteeLine:
    """The file at a place of an agenda; `NotFound` where there is none."""
    found = next((each for each in lines if each.position == position), None)
    if found is None:
        raise NotFound
    return found


def open_line_of(referral: Referral) -> CommitteeLine | None:
    """The line of an agenda that is open on which a file stands, with its session."""
    return db.session.scalar(
        select(CommitteeLine)
        .options(joinedload(CommitteeLine.committee))
        .where(CommitteeLine.referral_id == referral.id, CommitteeLine.is_open)
    )


def lines_about(referral: Referral) -> Sequence[CommitteeLine]:
    """Every time that a file was or is before a committee, the latest first."""
    return db.session.scalars(
        select(CommitteeLine)
        .join(CommitteeLine.committee)
        .options(joinedload(CommitteeLine.committee).joinedload(Committee.paper))
        .where(CommitteeLine.referral_id == referral.id, Committee.state != CommitteeState.CANCELLED)
        .order_by(CommitteeLine.id.desc())
    ).all()


def postponed(lines: Sequence[CommitteeLine]) -> Counter[int]:
    """How many times some files were put off by sessions that are closed, by the id of the referral."""
    earlier = (
        select(CommitteeLine.referral_id, func.count())
        .join(Committee, Committee.id == CommitteeLine.committee_id)
        .where(
            CommitteeLine.referral_id.in_([each.referral_id for each in lines]),
            CommitteeLine.verdict.in_([LineVerdict.LATER, LineVerdict.RESERVE]),
            Committee.state == CommitteeState.CLOSED,
        )
        .group_by(CommitteeLine.referral_id)
    )
    return Counter({row[0]: row[1] for row in db.session.execute(earlier)})


# --- the list -----------------------------------------------------------------------------------------------------------


def committees(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The sessions that an actor may know of, the latest first, each with how many files it has and how many get a device."""
    return (
        select(
            Committee.id,
            Committee.title,
            Committee.starts_at,
            Committee.place,
            Committee.state,
            func.count(CommitteeLine.id).label("files"),
            func.count(CommitteeLine.id).filter(CommitteeLine.verdict == LineVerdict.ALLOCATE).label("allocated"),
        )
        .outerjoin(CommitteeLine, CommitteeLine.committee_id == Committee.id)
        .where(_seen_by(actor))
        .group_by(Committee.id)
        .order_by(Committee.starts_at.desc(), Committee.id.desc())
    )


COMMITTEE_ORDERS = ListOrders(
    "-date",
    Committee.id,
    (
        ListOrder("commission", _l("Commission"), (func.lower(Committee.title),)),
        ListOrder("date", _l("Date"), (Committee.starts_at,), Compared.DATE),
        ListOrder("lieu", _l("Lieu"), (func.lower(Committee.place),)),
        ListOrder("etat", _l("Où elle en est"), (steps_of(Committee.state, CommitteeState),), Compared.STEPS),
    ),
)


def committee_listing(actor: Actor) -> Listing:
    """The sessions as their list shows them."""
    return Listing(committees(actor), COMMITTEE_ORDERS)


def count_open_committees(actor: Actor) -> int:
    """How many sessions are prepared or going on."""
    wanted = Committee.state.in_([CommitteeState.PREPARED, CommitteeState.IN_SESSION])
    return db.session.scalar(select(func.count()).select_from(Committee).where(wanted, _seen_by(actor))) or 0


# --- what is free -------------------------------------------------------------------------------------------------------


def _set_aside(but: Collection[int] = ()) -> Any:
    """The ids of the devices that stand on open agendas, but on some lines."""
    held = select(CommitteeLine.device_id).where(CommitteeLine.is_open, CommitteeLine.device_id.is_not(None))
    return held.where(CommitteeLine.id.not_in(but)) if but else held


def _free(kinds: Collection[DeviceKind], but: Collection[int] = ()) -> tuple[ColumnElement[bool], ...]:
    return (Device.state == DeviceState.READY, Device.kind.in_(kinds), Device.id.not_in(_set_aside(but)))


def free_devices(
    kinds: Collection[DeviceKind], *, but: Collection[int] = (), site_id: int | None = None, most: int = 500
) -> dict[DeviceKind, list[Device]]:
    """The devices of some kinds that are ready and set aside for no file (but for some lines), ready for longest first; of one place."""
    found: dict[DeviceKind, list[Device]] = defaultdict(list)
    there = () if site_id is None else (Device.site_id == site_id,)
    for device in db.session.scalars(select(Device).where(*_free(kinds, but), *there).order_by(Device.moved_at, Device.id).limit(most)):
        found[device.kind].append(device)
    return found


def count_free(kinds: Collection[DeviceKind]) -> Counter[tuple[int, DeviceKind]]:
    """How many devices are ready and set aside for no file, of each place and kind."""
    query = select(Device.site_id, Device.kind, func.count()).where(*_free(kinds)).group_by(Device.site_id, Device.kind)
    return Counter({(site_id, kind): count for site_id, kind, count in db.session.execute(query)})


def holder_of(device: Device) -> CommitteeLine | None:
    """For which file of an open agenda a device is set aside."""
    return db.session.scalar(select(CommitteeLine).where(CommitteeLine.device_id == device.id, CommitteeLine.is_open))


@dataclass(frozen=True)
class StockLeft:
    """Of one kind: how many a session can give, and how many are left after what it noted."""

    kind: DeviceKind
    total: int
    left: int


def stocks_of(lines: Sequence[CommitteeLine]) -> list[StockLeft]:
    """What there is for a session of each kind that its files ask for; what other agendas set aside is not counted."""
    kinds = list(dict.fromkeys(each.referral.device_kind for each in lines))
    counted = select(Device.kind, func.count()).where(*_free(kinds, [each.id for each in lines])).group_by(Device.kind)
    ready = {row[0]: row[1] for row in db.session.execute(counted)}
    given = Counter(each.referral.device_kind for each in lines if each.verdict is LineVerdict.ALLOCATE)
    return [StockLeft(kind, ready.get(kind, 0), max(0, ready.get(kind, 0) - given[kind])) for kind in kinds]


@dataclass(frozen=True)
class PlacesLeft:
    """What was promised to the partners of some files for their publics today, before what a session notes."""

    left: dict[tuple[int, str], int]

    @staticmethod
    def key(referral: Referral) -> tuple[int, str]:
        """The partner and the public of a file."""
        return referral.partner_id, quotas().public_of(referral, today().year).key

    def noted(self, line: CommitteeLine, lines: Sequence[CommitteeLine]) -> int:
        """How many devices were noted for other files of the same partner and public."""
        others = [each.referral for each in lines if each is not line and each.verdict is LineVerdict.ALLOCATE]
        return sum(self.key(each) == self.key(line.referral) for each in others)

    def beside(self, line: CommitteeLine, lines: Sequence[CommitteeLine]) -> int | None:
        """How many places are left for a file beside what was noted for others; None where nothing limits it."""
        left = self.left.get(self.key(line.referral))
        return None if left is None else max(0, left - self.noted(line, lines))

    def refuse_full(self, line: CommitteeLine, lines: Sequence[CommitteeLine]) -> None:
        """Raise `QuotaFull` where no place is left for a file beside what was noted for others."""
        if self.beside(line, lines) != 0:
            return
        full = quota_for(line.referral)
        assert full is not None, "it has a number"
        raise QuotaFull(
            partner=line.referral.partner.name, public=full.public.word, taken=full.taken + self.noted(line, lines), most=full.most,
            until=day(full.until),
        )  # fmt: skip


def places_left() -> PlacesLeft:
    """What is left of what was promised today."""
    return PlacesLeft(left_today())


# --- who leaves the room ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StepsOut:
    """That a member leaves the room for a file: for her organisation's or her own, or for the reason that she gave (`word`)."""

    member: CommitteeMember
    word: str | None = None


@dataclass(frozen=True)
class Sitting:
    """Who sits in a session, and for which organisations and whose referrals each leaves the room."""

    members: Sequence[CommitteeMember]
    organisations: dict[int, frozenset[int]]

    def leaving(self, line: CommitteeLine) -> list[StepsOut]:
        """Who leaves for a file, by the rule first."""
        partner, writer = line.referral.partner_id, line.referral.prescriber_id
        told = {each.member_id: each.word for each in line.recusals}
        found = []
        for member in self.members:
            if partner in self.organisations[member.id] or (member.account_id is not None and member.account_id == writer):
                found.append(StepsOut(member))
            elif member.id in told:
                found.append(StepsOut(member, told[member.id]))
        return found

    def staying(self, line: CommitteeLine) -> list[CommitteeMember]:
        """Who came, and decides on a file."""
        out = {each.member.id for each in self.leaving(line)}
        return [each for each in self.members if each.comes and each.id not in out]

    def is_out(self, actor: Actor, line: CommitteeLine) -> bool:
        """Whether an actor who sits leaves the room for a file."""
        return any(each.member.account_id == actor.id and actor.id is not None for each in self.leaving(line))


def room_of(committee: Committee) -> Sitting:
    """Who sits. The territory itself refers for nobody else: whoever sits for it leaves for what she wrote herself."""
    members = db.session.scalars(
        select(CommitteeMember)
        .options(joinedload(CommitteeMember.organisation))
        .where(CommitteeMember.committee_id == committee.id)
        .order_by(CommitteeMember.id)
    ).all()
    accounts = [each.account_id for each in members if each.account_id is not None]
    bound: dict[int, set[int]] = defaultdict(set)
    held = select(RoleGrant.account_id, RoleGrant.organisation_id).where(
        RoleGrant.account_id.in_(accounts), RoleGrant.organisation_id.is_not(None)
    )
    for account, organisation in db.session.execute(held):
        if organisation is not None:
            bound[account].add(organisation)
    home = home_organisation()
    ours = {home.id} if home else set()
    sits_for = {
        each.id: frozenset(({each.organisation_id} if each.organisation_id else set()) | bound[each.account_id or 0]) - ours
        for each in members
    }
    return Sitting(members, sits_for)
