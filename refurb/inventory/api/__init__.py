"""The JSON doors of the workshop; one file per noun."""

from refurb.inventory.api import devices, donations
from refurb.inventory.api.blueprint import api

__all__ = ["api", "devices", "donations"]
