"""Looking up organisations, contacts, sites and codes."""

import time
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from refurb.directory.models import Code, Organisation
from refurb.kernel.deeds.database import db


@dataclass(frozen=True)
class Home:
    """The territory that runs this service, as pages and papers name it."""

    name: str
    place: str | None
    siret: str | None
    address: str | None
    email: str | None
    phone: str | None


UNNAMED = Home("Refurb", None, None, None, None, None)


def home_organisation() -> Organisation | None:
    """The row of the territory itself."""
    return db.session.scalar(select(Organisation).where(Organisation.is_home))


def organisations(*, donor: bool = False, partner: bool = False) -> list[Organisation]:
    """Organisations by name, all or those of one kind."""
    query = select(Organisation).where(Organisation.is_home.is_(False)).order_by(Organisation.search)
    if donor:
        query = query.where(Organisation.is_donor)
    if partner:
        query = query.where(Organisation.is_partner)
    return list(db.session.scalars(query))


def code_row(code: str) -> Code | None:
    """What a code leads to."""
    return db.session.get(Code, code)


def home() -> Home:
    """The territory's name card; read once a minute, since every page shows it and it changes once in years."""
    kept: dict[str, tuple[float, Home]] = current_app.extensions.setdefault("home_card", {})
    if "home" not in kept or kept["home"][0] < time.monotonic():
        found = home_organisation()
        if found is None:  # Not kept: another process may be founding it just now.
            return UNNAMED
        card = Home(found.name, found.place, found.siret, found.address, found.email, found.phone)
        kept["home"] = (time.monotonic() + 60, card)
    return kept["home"][1]


def forget_home() -> None:
    """Read the name card again at the next page."""
    current_app.extensions.pop("home_card", None)
