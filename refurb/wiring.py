"""The lists: which blueprints, life cycles, scan targets, effects and commands the service is made of."""

from typing import Any

from flask import Flask

from refurb.accounts import models as accounts_models
from refurb.accounts import sessions
from refurb.accounts.views import blueprint as accounts
from refurb.ceremonies import models as ceremonies_models
from refurb.directory.queries import home
from refurb.documents import models as documents_models
from refurb.inventory import models as inventory_models
from refurb.kernel import api, effects, idempotency, pages, unit_of_work
from refurb.kernel.access import Role
from refurb.kernel.machine import Machine
from refurb.kernel.pages import NavEntry
from refurb.lending import models as lending_models
from refurb.referrals import models as referrals_models
from refurb.reporting.views import blueprint as reporting

BLUEPRINTS = (accounts, reporting)

API_BLUEPRINTS: tuple[Any, ...] = ()

# Loaded so that the database knows every table, whoever asks first.
MODELS = (
    accounts_models,
    ceremonies_models,
    documents_models,
    inventory_models,
    lending_models,
    referrals_models,
    effects,
)

MACHINES: tuple[Machine[Any], ...] = ()

NAVIGATION: dict[Role, tuple[NavEntry, ...]] = {}


def wire(app: Flask) -> None:
    """Join everything to the application, in the order a request meets it."""
    sessions.setup(app)
    idempotency.setup(app)
    pages.setup(app)
    if idempotency.remember not in unit_of_work.on_opening:
        unit_of_work.on_opening.append(idempotency.remember)
    app.extensions["home"] = home
    app.extensions["navigation"] = NAVIGATION
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.setup(app, API_BLUEPRINTS)
