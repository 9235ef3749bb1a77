"""The room of funding, loaded: its pages hang on its blueprint."""

from refurb.funding import views
from refurb.funding.api import api
from refurb.funding.blueprint import blueprint

__all__ = ["api", "blueprint", "views"]
