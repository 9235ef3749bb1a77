"""Looking up the tables that were sent; only who may store such rows sees them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import undefer

from refurb.exchange.declared import KINDS
from refurb.exchange.kinds import RowKind
from refurb.exchange.models import ExchangeFile, ExchangeMapping
from refurb.exchange.words import ExchangeKind
from refurb.kernel.deeds.access import OF_PERSONS, Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.speech.errors import NotFound


def open_kinds(actor: Actor) -> list[RowKind]:
    """The kinds of rows that somebody may store, in the order of the first day."""
    return [KINDS[kind] for kind in ExchangeKind if actor.may(KINDS[kind].permission)]


def kind_named(actor: Actor, name: str) -> RowKind:
    """One of them; `NotFound` for any other."""
    found = next((each for each in open_kinds(actor) if each.kind.value == name), None)
    if found is None:
        raise NotFound
    return found


def names_persons(kind: ExchangeKind) -> bool:
    """Whether the rows of a kind bear the names of people who receive or borrow."""
    return KINDS[kind].permission in OF_PERSONS


def exchange_file(actor: Actor, number: int) -> ExchangeFile:
    """A table that was sent, with its rows; `NotFound` for whoever may not store such rows, `NamesClosed` for whoever may read no name."""
    found = db.session.scalar(select(ExchangeFile).options(undefer(ExchangeFile.table)).where(ExchangeFile.id == number))
    if found is None or not actor.may(KINDS[found.kind].permission):
        raise NotFound
    if names_persons(found.kind):
        need_names()
    return found


def last_files(actor: Actor, most: int = 12) -> Sequence[ExchangeFile]:
    """The newest tables of the kinds that somebody may store."""
    kinds = [each.kind for each in open_kinds(actor)]
    query = select(ExchangeFile).where(ExchangeFile.kind.in_(kinds))
    return db.session.scalars(query.order_by(ExchangeFile.id.desc()).limit(most)).all()


def remembered_mapping(kind: ExchangeKind, signature: str) -> ExchangeMapping | None:
    """How a table with these headings was understood before."""
    return db.session.scalar(select(ExchangeMapping).where(ExchangeMapping.kind == kind, ExchangeMapping.signature == signature))
