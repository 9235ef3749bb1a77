"""Looking up organisations, contacts, sites and codes."""

from dataclasses import dataclass, fields

from sqlalchemy import select

from refurb.directory.models import Code, Organisation
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.kept import kept
from refurb.kernel.deeds.reads import Read


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
    """Organisations by name, all or those of one kind, without persons and what is no longer dealt with."""
    stands = (Organisation.is_home.is_(False), Organisation.is_person.is_(False), Organisation.archived_at.is_(None))
    query = select(Organisation).where(*stands).order_by(Organisation.search)
    if donor:
        query = query.where(Organisation.is_donor)
    if partner:
        query = query.where(Organisation.is_partner)
    return list(db.session.scalars(query))


def code_row(code: str) -> Code | None:
    """What a code leads to."""
    return db.session.get(Code, code)


_HOME = Read(select(*(Organisation.__table__.c[each.name] for each in fields(Home))).where(Organisation.__table__.c.is_home))


def home() -> Home:
    """The territory's name card, which every page shows."""
    return kept("home", _home)


def _home() -> Home:
    found = _HOME.one_or_none()
    return Home(*found) if found else UNNAMED
