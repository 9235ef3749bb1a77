"""The pages of the rota."""

from refurb.directory.rota.views import closures, passages, rotas, stops, vehicles, year
from refurb.directory.rota.views.blueprint import blueprint

LOADED = (closures, passages, rotas, stops, vehicles, year)

__all__ = ["LOADED", "blueprint"]
