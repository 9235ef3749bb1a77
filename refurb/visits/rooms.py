"""All of visits, loaded: importing this file hangs each page where it belongs."""

from refurb.visits import figures, models, own, views
from refurb.visits.actions import forget_hours
from refurb.visits.api import api
from refurb.visits.blueprint import blueprint
from refurb.visits.counts import COUNTS

__all__ = ["COUNTS", "api", "blueprint", "figures", "forget_hours", "models", "own", "views"]
