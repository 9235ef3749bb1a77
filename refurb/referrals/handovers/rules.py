"""What must hold of hand-over appointments; each refusal says what is possible instead."""

from refurb.directory.agenda.queries import days_of
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.referrals.handovers.models import HandoverInvitation, HandoverSlot


class HandoverSlotFull(Conflict):
    """Somebody took the last place of the slot a moment ago."""

    code = "handover.slot_full"


class HandoverSlotGone(Conflict):
    """The slot has begun, was withdrawn, or lies on a day that is closed now: another is chosen."""

    code = "handover.slot_gone"


class HandoverSlotInUse(Conflict):
    """Somebody is expected at that hour: she is given another first."""

    code = "handover.slot_in_use"


class NothingOpened(Refusal):
    """None of the hours could be opened: the place is closed then, or they are there already."""

    code = "handover.nothing_opened"
    status = 422


class NotToHandOver(Conflict):
    """There is no device to come for: it was handed over, or its allocation is cancelled."""

    code = "handover.not_to_hand_over"


class NotYetTime(Refusal):
    """Nobody is absent from an appointment that has not begun."""

    code = "handover.not_yet_time"


def can_be_chosen(slot: HandoverSlot) -> None:
    """It is to come, on a day on which its place is open."""
    if slot.withdrawn_at is not None or slot.starts_at <= now() or not is_open_then(slot):
        raise HandoverSlotGone(day=slot.day)


def is_open_then(slot: HandoverSlot) -> bool:
    """Whether nothing closes its day, nor its hours: homes are visited on any day that is no holiday and not closed."""
    days = days_of(slot.site_id)
    return days.is_spared_between(slot.day, slot.from_minute, slot.until_minute) and (slot.at_home or days.is_open(slot.day))


def has_begun(invitation: HandoverInvitation) -> None:
    """The hour that was chosen has come."""
    if invitation.slot is None or invitation.slot.starts_at > now():
        raise NotYetTime
