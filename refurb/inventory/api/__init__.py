"""The JSON doors of the workshop; one file per noun."""

from refurb.inventory.api import batch, checks, devices, donations, drives, duplicates, intake, lists, parts, targets, waste, work
from refurb.inventory.api.blueprint import api

__all__ = ["api", "batch", "checks", "devices", "donations", "drives", "duplicates", "intake", "lists", "parts", "targets", "waste", "work"]
