"""Reading the files of an erasure as people send them: one of each drive, or several that prove it together."""

from collections.abc import Sequence
from datetime import datetime

from refurb.inventory.evidence.actions.erasures import ErasureFile, ErasureReading, erasure_file, keep_erasure_report
from refurb.inventory.evidence.actions.reports import Upload
from refurb.inventory.readers.erasure.bundle import NamedFile, as_kept
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid


def sent_erasures(uploads: Sequence[Upload], *, ended_at: datetime | None = None) -> list[ErasureFile]:
    """The files as they are kept, read before the unit of work: those of nvme-cli are one report, and those of hdparm another.

    `ended_at` (aware) is when the erasure ended, as the person says who sends the files; it is heeded only for the tools that write no
    date. Raises `Invalid`: under `file` when there is none, under `ended_at` when it is still to come.
    """
    if not uploads:
        raise Invalid({"file": [Fault("upload.none_chosen")]})
    if ended_at is not None and ended_at > now():
        raise Invalid({"ended_at": [Fault("erasure.stated_in_future")]})
    return [
        erasure_file(kept.content, kept.name) for kept in as_kept([NamedFile(each.filename, each.content) for each in uploads], ended_at)
    ]


def read_erasure_files(actor: Actor, files: Sequence[ErasureFile]) -> list[ErasureReading]:
    """Keep and judge every file, or none. Raises `Invalid` with the faults of each under `file`."""
    check(actor, Permission.DEVICE_ERASE)
    readings: list[ErasureReading] = []
    faults: list[Fault] = []
    for file in files:
        try:
            readings.append(keep_erasure_report(actor, file))
        except Invalid as invalid:
            found = [fault for each in invalid.fields.values() for fault in each]
            faults += found if len(files) == 1 else [Fault("upload.of_file", filename=file.filename, fault=fault) for fault in found]
    if faults:
        raise Invalid({"file": faults})
    return readings
