"""Loads every page of organisations, so that the blueprint has them all."""

from refurb.directory.organisations.views import agreed, organisations
from refurb.directory.organisations.views.blueprint import blueprint

PAGES = (agreed, organisations)

__all__ = ["PAGES", "blueprint"]
