"""Reading the files of an erasure as people send them: one of each drive, or several that prove it together."""

from collections.abc import Sequence
from datetime import datetime

from refurb.inventory.evidence.actions.erasures import ErasureReading, read_erasure_report
from refurb.inventory.evidence.actions.reports import Upload
from refurb.inventory.readers.erasure.bundle import NamedFile, as_kept
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid


def read_erasure_files(actor: Actor, uploads: Sequence[Upload], *, ended_at: datetime | None = None) -> list[ErasureReading]:
    """Keep and judge every file, or none; those of nvme-cli are one report, and those of hdparm another.

    `ended_at` (aware) is when the erasure ended, as the person says who sends the files; it is heeded only for the tools that write no
    date. Raises `Invalid`: under `file` with the fault of each file, under `ended_at` when it is still to come.
    """
    check(actor, Permission.DEVICE_ERASE)
    if not uploads:
        raise Invalid({"file": [Fault("upload.none_chosen")]})
    if ended_at is not None and ended_at > now():
        raise Invalid({"ended_at": [Fault("erasure.stated_in_future")]})
    readings: list[ErasureReading] = []
    faults: list[Fault] = []
    for kept in as_kept([NamedFile(each.filename, each.content) for each in uploads], ended_at):
        try:
            readings.append(read_erasure_report(actor, kept.content, kept.name[:200]))
        except Invalid as invalid:
            found = [fault for each in invalid.fields.values() for fault in each]
            faults += found if len(uploads) == 1 else [Fault("upload.of_file", filename=kept.name, fault=fault) for fault in found]
    if faults:
        raise Invalid({"file": faults})
    return readings
