"""The pages of the rota."""

from refurb.directory.rota.views import agendas, closures, passages, rotas, stops, vehicles, year
from refurb.directory.rota.views.blueprint import blueprint
from refurb.directory.sites.queries import site_name

blueprint.app_template_global("stop_of")(site_name)

LOADED = (agendas, closures, passages, rotas, stops, vehicles, year)

__all__ = ["LOADED", "blueprint"]
