"""What must hold in a committee; each rule raises the refusal that says what is missing."""

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Actor
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import day
from refurb.referrals.cases.rules import is_of_the_kind, refuse_own
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.committees.models import Committee, CommitteeLine
from refurb.referrals.committees.words import Seat
from refurb.referrals.words import ReferralState


class NothingOnTheAgenda(Refusal):
    """A committee sits over files."""

    code = "committee.no_files"


class NobodyPresides(Refusal):
    """Whoever presides comes, or it does not open."""

    code = "committee.no_chair"


class TooFewPresent(Refusal):
    """Fewer come than it takes to decide."""

    code = "committee.too_few"


class NotPrepared(Refusal):
    """The agenda and the members are chosen before the session opens."""

    code = "committee.not_prepared"


class MemberStays(Refusal):
    """Nobody is taken off the list of members once it has opened: who leaves is noted as gone."""

    code = "committee.member_stays"


class NotInSession(Refusal):
    """Decisions are noted between the opening and the closing."""

    code = "committee.not_in_session"


class FileGone(Refusal):
    """A file that does not wait any more, or not for what was set aside: nothing can be decided on it."""

    code = "committee.file_gone"


class FileWaits(Refusal):
    """While decisions are noted, a file that waits is decided on, and not taken off."""

    code = "committee.file_waits"


class OnAnotherAgenda(Refusal):
    """A file stands on one open agenda at most."""

    code = "committee.on_another_agenda"


class OnTheTable(Refusal):
    """A committee that sits has the file before it: nobody else decides on it meanwhile."""

    code = "committee.on_the_table"


class NoDeviceLeft(Refusal):
    """No device of the kind is ready that is not set aside for another file."""

    code = "committee.no_device_left"


class DeviceSetAside(Refusal):
    """The device is set aside for another file of a committee that is open."""

    code = "committee.device_set_aside"


class DeviceGone(Refusal):
    """The device that was set aside is not ready any more."""

    code = "committee.device_gone"


class MemberRecused(Refusal):
    """Nobody decides on a file for which she leaves the room."""

    code = "committee.recused"


class NobodyStays(Refusal):
    """Everybody who came leaves the room for the file: nobody is left to decide."""

    code = "committee.nobody_stays"


class NoAgreement(Refusal):
    """Going over what was promised to a partner takes the agreement of whoever presides, and a sentence."""

    code = "committee.no_agreement"


class ChairIsOut(Refusal):
    """Whoever presides is not in the room for the file: nobody can agree to go over what was promised."""

    code = "committee.chair_is_out"


class UndecidedFiles(Refusal):
    """It closes once every file is decided on."""

    code = "committee.undecided"


class NotAllDoable(Refusal):
    """Some of what was decided cannot be done any more: nothing was done, and all that was noted stays."""

    code = "committee.not_all_doable"


class SeatHeld(Refusal):
    """One presides, one keeps the minutes."""

    code = "committee.seat_taken"


class SitsAlready(Refusal):
    """Somebody with an account sits once."""

    code = "committee.sits_already"


def is_prepared(committee: Committee) -> None:
    """The session has not opened yet, and will."""
    if not committee.state.is_prepared:
        raise NotPrepared


def is_in_session(committee: Committee) -> None:
    """The session is open."""
    if not committee.state.is_in_session:
        raise NotInSession


def has_files(committee: Committee) -> None:
    """Something is on the agenda."""
    if not committee.lines:
        raise NothingOnTheAgenda


def somebody_presides(committee: Committee) -> None:
    """Whoever presides comes."""
    if not any(each.seat is Seat.CHAIR and each.comes for each in committee.members):
        raise NobodyPresides


def enough_come(committee: Committee) -> None:
    """As many come as it takes to decide."""
    present = sum(each.comes for each in committee.members)
    if present < committee.least_present:
        raise TooFewPresent(present=present, least=committee.least_present)


def every_file_is_decided(committee: Committee) -> None:
    """Nothing is left open."""
    left = sum(each.verdict is None for each in committee.lines)
    if left:
        raise UndecidedFiles(count=left)


def still_waits(line: CommitteeLine) -> None:
    """Its file waits, as it did when it was put on."""
    referral = line.referral
    if referral.state is not ReferralState.WAITING:
        raise FileGone(reference=referral.reference, state=referral_machine.looks[referral.state].word)


def can_be_done(line: CommitteeLine, actor: Actor, author: int | None) -> None:
    """What was decided on a file can be done now: it waits, its author is somebody else, and its device is ready and of its kind."""
    still_waits(line)
    refuse_own(line.referral, actor, author)
    if line.device is not None:
        is_of_the_kind(line.referral, line.device)
        if line.device.state is not DeviceState.READY:
            raise DeviceGone(code=line.device.code)


def refuse_on_the_table(line: CommitteeLine) -> None:
    """Nobody decides beside a committee that sits."""
    if line.committee.state.is_in_session:
        raise OnTheTable(reference=line.referral.reference, title=line.committee.title, day=day(line.committee.starts_at))
