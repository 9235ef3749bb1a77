"""What must hold before an invitation moves."""

from datetime import date, timedelta

from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.guests.reached import is_awaited_by
from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.rules import NotPlanned
from refurb.directory.sites.words import said_hour
from refurb.kernel.speech.clock import local, now, today
from refurb.kernel.speech.errors import Conflict, Refusal

TAKEN_BACK_WITHIN = timedelta(minutes=10)
"""How long an invitation waits before it leaves: so long it can be taken back."""


class RoomFull(Conflict):
    """The room has fewer places left than are asked for."""

    code = "ceremony.room_full"


class RoomTooSmall(Conflict):
    """More places were promised than the room would have."""

    code = "ceremony.room_too_small"


class GuestTwice(Conflict):
    """Somebody with this address is invited already."""

    code = "ceremony.guest_twice"


class AnsweredTooLate(Refusal):
    """The day until which an answer was asked for is over."""

    code = "ceremony.answered_too_late"
    status = 410


class NothingToFetch(Refusal):
    """The family's device was handed over already, or is hers no more."""

    code = "ceremony.nothing_to_fetch"
    status = 410


class NotChosen(Refusal):
    """The family's hand-over is not one of this ceremony: it is chosen again first."""

    code = "ceremony.not_chosen"


class NothingToPost(Conflict):
    """Nothing is to be told by letter, or it was posted already."""

    code = "ceremony.nothing_to_post"


class StillInvited(Refusal):
    """Whoever is expected cannot be let in without a name: the invitation is taken back first."""

    code = "ceremony.still_invited"


class LetterLeft(Refusal):
    """The letter has left, or is about to."""

    code = "ceremony.letter_left"


class AlreadyArrived(Conflict):
    """Everybody who may come in by this invitation is in."""

    code = "ceremony.already_arrived"


class DoorClosed(Refusal):
    """Nobody comes in before the ceremony begins, or after it is closed."""

    code = "ceremony.door_closed"


def is_still_planned(invitation: CeremonyInvitation) -> None:
    """Its ceremony has not begun."""
    if not invitation.ceremony.state.is_planned:
        raise NotPlanned


def is_to_come(invitation: CeremonyInvitation) -> None:
    """Its ceremony is planned, or going on."""
    if not invitation.ceremony.state.is_to_come:
        raise NotPlanned


def already_in(invitation: CeremonyInvitation) -> AlreadyArrived:
    """The refusal that says since when, by the clock on the wall."""
    at = local(invitation.arrived_at or now())
    return AlreadyArrived(people=invitation.arrived, hour=said_hour(at.hour * 60 + at.minute))


def nobody_is_in(invitation: CeremonyInvitation) -> None:
    """Nobody came in by it."""
    if invitation.arrived:
        raise already_in(invitation)


def has_not_left(invitation: CeremonyInvitation) -> None:
    """Its letter is still here."""
    if invitation.invited_at is None or now() >= invitation.invited_at + TAKEN_BACK_WITHIN:
        raise LetterLeft


def last_day(ceremony: Ceremony) -> date:
    """Until which day an answer is taken by the link: the one that was said, the eve where none was."""
    return ceremony.answer_by or local(ceremony.starts_at).date() - timedelta(days=1)


def may_answer(invitation: CeremonyInvitation) -> None:
    """By its link an answer is taken until a day, and of a family for as long as her device is to be handed over."""
    ceremony = invitation.ceremony
    last = last_day(ceremony)
    if today() > last or not ceremony.state.is_planned:
        raise AnsweredTooLate(day=last)
    if invitation.allocation_id is not None and not is_awaited_by(invitation):
        raise NothingToFetch


def is_on_the_list(invitation: CeremonyInvitation) -> None:
    """A guest, or a family whose hand-over is chosen."""
    if invitation.is_family and invitation.turn is None:
        raise NotChosen


def door_is_open(invitation: CeremonyInvitation) -> None:
    """Its ceremony is going on."""
    if not invitation.ceremony.state.is_held:
        raise DoorClosed
