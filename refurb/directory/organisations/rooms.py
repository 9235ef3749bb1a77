"""Loads every page of organisations, so that the blueprint has them all."""

from refurb.directory.organisations.views import agreed, organisations, parting
from refurb.directory.organisations.views.blueprint import blueprint

PAGES = (agreed, organisations, parting)

__all__ = ["PAGES", "blueprint"]
