"""The hand-over appointments of the demonstration: slots at the workshop and at the fablab, who was invited, who comes and who did not."""

from datetime import date, time, timedelta
from functools import partial

from sqlalchemy import select

from refurb.demo.diary import Cast, Diary
from refurb.demo.families import first_ready, give
from refurb.directory.agenda.queries import days_of
from refurb.directory.sites.hours import Span
from refurb.directory.sites.models import FIRST
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.referrals.bags.actions import fill_bag, pack_machine
from refurb.referrals.bags.queries import bags_of
from refurb.referrals.cases.connections import set_connection
from refurb.referrals.cases.lines import accessory_lines, add_machine
from refurb.referrals.connected import ConnectedBy, Payer
from refurb.referrals.handovers.actions import choose, choose_by_link, decline, invite, let_invitations_expire, open_slots
from refurb.referrals.handovers.models import HandoverInvitation
from refurb.referrals.handovers.queries import invitation_of, offered_slots
from refurb.referrals.handovers.states import invitation_machine
from refurb.referrals.handovers.words import DeclinedBecause, InvitedBy
from refurb.referrals.models import Allocation
from refurb.referrals.words import AllocationState

K = DeviceKind
_AFTERNOON: tuple[Span, ...] = ((14 * 60, 16 * 60),)
_MORNING: tuple[Span, ...] = ((10 * 60, 11 * 60 + 30),)


def plan_appointments(cast: Cast, diary: Diary) -> None:
    """Note in the diary what is opened, asked, answered and kept."""
    diary.note(31, "09:10", partial(_open, cast, diary.day(26), 2))
    for key, kind, ago in (("silent", K.LAPTOP, 19), ("absent", K.LAPTOP, 16), ("comes", K.DESKTOP, 9), ("cannot", K.DESKTOP, 8)):
        diary.note(ago, "15:20", partial(give, cast, key, kind))
    _plan_past(cast, diary)
    _plan_to_come(cast, diary)


def _plan_past(cast: Cast, diary: Diary) -> None:
    """One came, one was absent, one never answered, one was invited for nothing."""
    diary.note(29, "10:00", partial(_invite, cast, "desk-2", InvitedBy.PARTNER))
    diary.note(28, "10:40", partial(_choose, cast, "desk-2"))
    diary.note(18, "09:30", partial(_invite, cast, "silent", InvitedBy.LETTER, 7))
    diary.note(15, "09:20", partial(_open, cast, diary.day(11), 1))
    diary.note(15, "09:40", partial(_invite, cast, "absent", InvitedBy.SMS))
    diary.note(14, "11:10", partial(_choose, cast, "absent"))
    diary.note(14, "10:50", partial(_invite, cast, "cancelled", InvitedBy.PARTNER))
    diary.note(10, "17:00", partial(_miss, cast, "absent"))
    diary.note(9, "09:00", let_invitations_expire)


def _plan_to_come(cast: Cast, diary: Diary) -> None:
    """Next week: slots at two places, an hour that was moved, a lift to find, somebody who cannot come, somebody who has not answered."""
    diary.note(7, "09:10", partial(_open, cast, diary.day(-3), 2))
    diary.note(7, "09:15", partial(_open_at_fablab, cast, diary.day(-2)))
    diary.note(7, "09:40", partial(_invite, cast, "comes", InvitedBy.SMS))
    diary.note(7, "09:50", partial(_invite, cast, "cannot", InvitedBy.PARTNER, 28))
    diary.note(6, "18:10", partial(_answer, cast, "comes", 0))
    diary.note(4, "19:20", partial(_answer, cast, "comes", 2))
    diary.note(5, "10:20", partial(_decline, cast))
    diary.note(3, "09:30", partial(_invite, cast, "absent", InvitedBy.PARTNER, 28))
    diary.note(2, "14:10", partial(_choose, cast, "absent", lift=True, lift_words="Depuis Buxerolles, avec une poussette."))
    diary.note(1, "11:30", partial(_invite, cast, "silent", InvitedBy.SMS, 21))
    diary.note(3, "16:10", partial(_add_screen, cast, "comes"))
    diary.note(1, "16:20", partial(_pack, cast, "absent", is_whole=True))
    _plan_today(cast, diary)
    diary.note(1, "16:40", partial(_pack, cast, "comes", is_whole=False))


def _plan_today(cast: Cast, diary: Diary) -> None:
    """Today, or on the next day that is open: somebody comes in the afternoon, and somebody is visited."""
    day = diary.open_day()
    diary.note(3, "09:20", partial(_open, cast, day, 1))
    diary.note(3, "15:30", partial(_open_at_homes, cast, day))
    diary.note(3, "15:40", partial(_invite_who_was_decided_on, cast, "visited"))
    diary.note(2, "11:20", partial(_choose_at_home, cast, "visited"))
    diary.note(28, "11:00", partial(_connect, cast, "desk-2", ConnectedBy.SIM, Payer.US, diary.today + timedelta(days=20)))
    diary.note(3, "16:20", partial(_connect, cast, "comes", ConnectedBy.BOX, Payer.PARTNER, diary.today + timedelta(days=365)))


def _connect(cast: Cast, key: str, by: ConnectedBy, payer: Payer, until: date) -> None:
    """A connection goes with the device, paid for until a day."""
    office, allocation = cast.actors["coordinator"], cast.allocations[key]
    set_connection(office, allocation, connected_by=by, operator="Réseau Exemple", payer=payer, paid_until=until)


def _invite_who_was_decided_on(cast: Cast, key: str) -> None:
    """One of the families that the committee has just decided on."""
    invited = select(HandoverInvitation.id).where(HandoverInvitation.allocation_id == Allocation.id).exists()
    query = select(Allocation).where(Allocation.state == AllocationState.ACTIVE, ~invited).order_by(Allocation.id.desc()).limit(1)
    cast.allocations[key] = db.session.scalars(query).one()
    _invite(cast, key, InvitedBy.PARTNER)


def _open_at_homes(cast: Cast, day: date) -> None:
    open_slots(cast.actors["coordinator"], day=day, hours=_MORNING, minutes=45, places=1, at_home=True, site_id=FIRST)


def _choose_at_home(cast: Cast, key: str) -> None:
    """The office arranges a visit on the telephone."""
    slot = next(each.slot.id for each in offered_slots() if each.slot.at_home)
    told = {"slot": slot, "lift": False, "lift_words": None, "address": "4 impasse des Exemples, 86000 Poitiers"}
    choose(cast.actors["coordinator"], _invitation(cast, key), **told)


def _open(cast: Cast, day: date, places: int) -> None:
    open_slots(cast.actors["coordinator"], day=day, hours=_AFTERNOON, minutes=30, places=places, site_id=FIRST)


def _open_at_fablab(cast: Cast, first: date) -> None:
    """On the first day on which the fablab is open in the morning."""
    site = cast.sites["fablab"].id
    days, ahead = days_of(site), (first + timedelta(days=number) for number in range(60))
    day = next(each for each in ahead if days.is_open_between(each, time(10), time(11)))
    open_slots(cast.actors["coordinator"], day=day, hours=_MORNING, minutes=30, places=1, site_id=site)


def _invite(cast: Cast, key: str, by: InvitedBy, days: int = 14) -> None:
    """Ask a family to come; by its partner where it has no telephone."""
    until, phone = today() + timedelta(days=days), cast.allocations[key].referral.beneficiary.phone
    by = InvitedBy.PARTNER if by is InvitedBy.SMS and not phone else by
    invite(cast.actors["coordinator"], cast.allocations[key], invited_by=by, answer_by=until)


def _invitation(cast: Cast, key: str) -> HandoverInvitation:
    found = invitation_of(cast.allocations[key])
    assert found is not None, f"{key} is invited"
    return found


def _choose(cast: Cast, key: str, **told: object) -> None:
    """The office chooses on the telephone."""
    slot = next(each.slot.id for each in offered_slots() if not each.slot.at_home)
    choose(cast.actors["coordinator"], _invitation(cast, key), slot=slot, **told)


def _answer(cast: Cast, key: str, number: int) -> None:
    """The family answers by its link, in the evening."""
    choose_by_link(_invitation(cast, key), slot=offered_slots(by_link=True)[number].slot.id)


def _decline(cast: Cast) -> None:
    decline(SERVICE, _invitation(cast, "cannot"), DeclinedBecause.CANNOT_TRAVEL)


def _miss(cast: Cast, key: str) -> None:
    invitation_machine.fire(_invitation(cast, key), "miss", cast.actors["coordinator"])


def _add_screen(cast: Cast, key: str) -> None:
    """A screen goes with the desktop, under the same slip."""
    screen = first_ready(K.MONITOR)
    add_machine(cast.actors["coordinator"], cast.allocations[key], device=screen.code, reason="L'unité centrale n'a pas d'écran.")


def _pack(cast: Cast, key: str, *, is_whole: bool) -> None:
    """The workshop puts a bag together: all of it, or the machines and not yet the rest."""
    bag = bags_of([cast.allocations[key].id])[cast.allocations[key].id]
    for line in bag.to_scan:
        assert line.device is not None, "machines alone are scanned"
        pack_machine(cast.actors["technician"], bag.allocation_id, code=line.device.code)
    there = bag.expected if is_whole else bag.expected[:1]
    besides = [each for each in accessory_lines(cast.allocations[key]) if each not in there]  # What a connection brings.
    fill_bag(cast.actors["technician"], bag.allocation_id, [*there, *besides])
