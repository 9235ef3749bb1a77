"""What must hold before a donation or a device moves; each rule raises the refusal that says what is missing."""

from refurb.inventory.checklists import checklist_of
from refurb.inventory.models import Device, Donation
from refurb.inventory.queries import answers_of, drives_ever_in, raised_flags, unproven_drives
from refurb.inventory.words import DeviceKind
from refurb.kernel.errors import Refusal

# Kinds that hold no data: nothing to erase, nothing to declare absent.
WITHOUT_DATA = frozenset({DeviceKind.MONITOR, DeviceKind.PRINTER})


class DrivesNotClean(Refusal):
    """A drive this device holds or ever held is neither erased with an accepted proof nor destroyed."""

    code = "device.drives_not_clean"


class DrivesUnknown(Refusal):
    """No drive was read in this device, and nobody has said that it has none."""

    code = "device.drives_unknown"


class ChecksMissing(Refusal):
    """Required questions of the checklist are not answered."""

    code = "device.checks_missing"


class ChecksFailed(Refusal):
    """A required check failed."""

    code = "device.checks_failed"


class NotLabelled(Refusal):
    """No label was printed for this device."""

    code = "device.not_labelled"


class Flagged(Refusal):
    """A flag blocks the move."""

    code = "device.flagged"


class NothingCounted(Refusal):
    """Nothing was counted on arrival."""

    code = "donation.nothing_counted"


class ActMissing(Refusal):
    """A public body names the act by which it accepts a gift."""

    code = "donation.act_missing"


def every_drive_is_clean(device: Device) -> None:
    """Every drive it ever held here is erased with an accepted, verified erasure, or destroyed, or it was said that there is none."""
    if device.kind in WITHOUT_DATA:
        return
    unproven = unproven_drives(device)
    if unproven:
        raise DrivesNotClean(count=len(unproven), serials=", ".join(drive.serial or "?" for drive in unproven))
    if not drives_ever_in(device) and device.without_drive_since is None:
        raise DrivesUnknown


def checks_passed(device: Device) -> None:
    """Every required question of its kind's checklist is answered, and passed."""
    answers = answers_of(device)
    required = [question for question in checklist_of(device.kind).questions if question.required]
    missing = [question for question in required if question.key not in answers]
    if missing:
        raise ChecksMissing(count=len(missing), questions=", ".join(str(question.text) for question in missing))
    failed = [question for question in required if not answers[question.key].passed]
    if failed:
        raise ChecksFailed(count=len(failed), questions=", ".join(str(question.text) for question in failed))


def is_labelled(device: Device) -> None:
    """A label with its code was printed."""
    if device.labelled_at is None:
        raise NotLabelled


def no_flag_is_raised(device: Device) -> None:
    """Nothing beside the state blocks it."""
    flags = raised_flags(device)
    if flags:
        raise Flagged(count=len(flags))


def something_was_counted(donation: Donation) -> None:
    """Each announced line has its count."""
    if any(line.received is None for line in donation.lines) or not donation.lines:
        raise NothingCounted
