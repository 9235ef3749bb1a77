"""What must hold before a device moves; each rule raises the refusal that says what is missing."""

from refurb.inventory.checklists.policy import checklist_of
from refurb.inventory.checklists.standing import standing_of
from refurb.inventory.devices.queries.devices import Standing, gate_of
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import FLAG_KINDS, SOLDERED, WITHOUT_DATA
from refurb.kernel.speech.errors import Refusal


class DrivesNotClean(Refusal):
    """A drive this device holds or ever held is neither erased with an accepted proof nor destroyed."""

    code = "device.drives_not_clean"


class DrivesUnknown(Refusal):
    """No drive was read in this device, and nobody has said that it has none."""

    code = "device.drives_unknown"


class MemoryNotReset(DrivesUnknown):
    """Nobody has said that the soldered memory of this device was reset."""

    code = "device.memory_not_reset"


class ChecksMissing(Refusal):
    """Required questions of the checklist are not answered."""

    code = "device.checks_missing"


class ChecksFailed(Refusal):
    """A required check failed."""

    code = "device.checks_failed"


class ChecksUnconfirmed(Refusal):
    """A required check waits for a second person."""

    code = "device.checks_unconfirmed"


class NotLabelled(Refusal):
    """No label was printed for this device."""

    code = "device.not_labelled"


class Flagged(Refusal):
    """A flag blocks the move."""

    code = "device.flagged"


def every_drive_is_clean(device: Device | Standing) -> None:
    """Every drive it ever held here is erased with an accepted, verified erasure, or destroyed; one that holds none was declared."""
    gate = gate_of(device)
    if gate.unproven:
        raise DrivesNotClean(count=len(gate.unproven), serials=", ".join(serial or "?" for serial in gate.unproven))
    if not gate.drives and device.without_drive_since is None and device.kind not in WITHOUT_DATA:
        raise MemoryNotReset if device.kind in SOLDERED else DrivesUnknown


def checks_passed(device: Device | Standing) -> None:
    """Every required question that the checklist asks of it is answered, passed, and confirmed where a second person must."""
    checks = standing_of(checklist_of(device.kind), gate_of(device))
    for refusal, questions in ((ChecksMissing, checks.missing), (ChecksFailed, checks.failed), (ChecksUnconfirmed, checks.unconfirmed)):
        if questions:
            raise refusal(count=len(questions), questions=", ".join(question.short for question in questions))


def is_labelled(device: Device | Standing) -> None:
    """A label with its code was printed."""
    if device.labelled_at is None:
        raise NotLabelled


def no_flag_is_raised(device: Device | Standing) -> None:
    """Nothing beside the state blocks it."""
    flags = gate_of(device).flags
    if flags:
        raise Flagged(count=len(flags), flags=", ".join(str(FLAG_KINDS[kind]) for kind in flags))
