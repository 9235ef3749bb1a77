"""The pages that read everything and write nothing, one file per room; importing the folder hangs every route on the one blueprint."""

from refurb.reporting.views import board, figures, home, papers, rooms, throughput
from refurb.reporting.views.blueprint import blueprint

__all__ = ["blueprint", "board", "figures", "home", "papers", "rooms", "throughput"]
