"""Looking up organisations, contacts, sites and codes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from refurb.directory.letterhead.models import Letterhead
from refurb.directory.letterhead.queries import full_address
from refurb.directory.models import Code, Organisation
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.kept import kept
from refurb.kernel.deeds.reads import Read


@dataclass(frozen=True)
class Home:
    """The territory that runs this service: `name` for pages, mails and labels, `full_name` for papers, the rest as it is known.

    `logo` is the SHA-256 of a stored PNG, `accent` a colour as #RRGGBB, `legal_form` a word of `LegalForm`.
    """

    name: str
    place: str | None
    siret: str | None
    address: str | None
    email: str | None
    phone: str | None
    full_name: str = ""
    legal_form: str | None = None
    rna: str | None = None
    dpo_name: str | None = None
    dpo_email: str | None = None
    dpo_address: str | None = None
    publisher: str | None = None
    host: str | None = None
    logo: str | None = None
    accent: str | None = None


UNNAMED = Home("Refurb", None, None, None, None, None, "Refurb")


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


_COLUMNS = Organisation.__table__.c
_HOME = Read(
    select(_COLUMNS.name, _COLUMNS.place, _COLUMNS.siret, _COLUMNS.address, _COLUMNS.email, _COLUMNS.phone).where(_COLUMNS.is_home)
)
_LETTERHEAD = Read(select(*Letterhead.__table__.c).order_by(Letterhead.__table__.c.number.desc()).limit(1))


def home() -> Home:
    """The territory's name card, which every page shows: the letterhead in force, else what the directory knows."""
    return kept("home", _home)


def _home() -> Home:
    saved = _LETTERHEAD.one_or_none()
    if saved is not None:
        return _as_saved(saved)
    found = _HOME.one_or_none()
    return Home(found.name, found.place, found.siret, found.address, found.email, found.phone, found.name) if found else UNNAMED


def _as_saved(saved: Any) -> Home:
    return Home(
        name=saved.short_name, place=saved.commune, siret=saved.siret,
        address=full_address(saved.street, saved.postcode, saved.commune), email=saved.email, phone=saved.phone, full_name=saved.name,
        legal_form=saved.legal_form, rna=saved.rna, dpo_name=saved.dpo_name, dpo_email=saved.dpo_email, dpo_address=saved.dpo_address,
        publisher=saved.publisher, host=saved.host, logo=saved.logo, accent=saved.accent,
    )  # fmt: skip
