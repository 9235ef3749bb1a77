"""What scanned texts open and mean: the page of each kind of thing, and what the resolver asks of each room."""

from refurb.documents.views import scanned_paper
from refurb.inventory.pages import meant as workshop
from refurb.inventory.parts.views.parts import scan_part
from refurb.kernel.deeds.wired import PublicScanTarget, ScanTarget
from refurb.lending.counter import meant as counter
from refurb.lending.counter.views import scan_borrower, scan_item
from refurb.lending.kits.views import scan_component
from refurb.lending.machines.desk import show_machine
from refurb.reporting.views.home import read_any_reference

# What a scanned code opens by the kind of its subject: for whoever is signed in (devices are inventory's own affair), and for everybody.
SCAN_TARGETS: dict[str, ScanTarget] = {"item": scan_item, "borrower": scan_borrower, "component": scan_component, "part": scan_part}
PUBLIC_SCAN_TARGETS: dict[str, PublicScanTarget] = {"paper": scanned_paper, "machine": show_machine}

# What reads a text that is no code of ours, in this order, and what is told of a thing that was scanned: for `directory/scans`.
SCAN_READERS = (workshop.read_number, counter.read_reservation, read_any_reference)
SCAN_CARDS = workshop.CARDS | counter.CARDS
