"""The inventory's pages, one file per noun; importing the folder hangs every route on the one blueprint."""

from refurb.inventory.views import checks, devices, donations, donor, drives, erasures, labels, papers, reports, scan
from refurb.inventory.views.blueprint import blueprint

__all__ = ["blueprint", "checks", "devices", "donations", "donor", "drives", "erasures", "labels", "papers", "reports", "scan"]
