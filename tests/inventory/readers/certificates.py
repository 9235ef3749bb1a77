"""Certificates as nwipe draws them, for invented drives."""

import io

from reportlab.pdfgen.canvas import Canvas

DRIVE = (
    "Disc Erasure by NWIPE version 0.38",
    "Disk Model: CHAUVIGNY HDD 500G",
    "Disk S/N: WD-WX00A0000099",
    "Page 1 - Erasure Status",
    "Disk Information",
    "Make/Model: CHAUVIGNY HDD 500G Serial: WD-WX00A0000099",
    "Bus: ATA    Size(Apparent):  500 GB, 500107862016 bytes",
    "Size(Real):  500 GB,500107862016B",
    "Disk Erasure Details",
    "Start time: 2026/04/01 08:00:00 End time: 2026/04/01 10:00:00",
    "Duration: 02:00:00 Status: ERASED",
    "Method: DoD Short PRNG algorithm: SplitMix64",
    "Final Pass(Zeros/Ones/None): Zeros Verify Pass(Last/All/None): All",
    "*Bytes Erased: 500107862016, (100.00%) Rounds(completed/requested): 1/1",
    "HPA/DCO: No hidden sectors HPA/DCO Size: 500 GB",
    "Throughput:  439 MB/sec Errors(pass/sync/verify): 0/0/0",
    "Information:",
)


def certificate(*changes: tuple[str, str], lines: tuple[str, ...] = DRIVE) -> bytes:
    """A page with these lines, each change made in them."""
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1)
    for number, line in enumerate(lines):
        told = line
        for old, new in changes:
            told = told.replace(old, new)
        canvas.drawString(40, 800 - 18 * number, told)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()
