"""Noting grants and costs, correcting them, taking them out of the count."""

from typing import Any

from sqlalchemy import select

from refurb.directory.models import Organisation
from refurb.funding.models import Cost, FundingGrant
from refurb.funding.rules import fits_its_year, funds
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now

P = Permission


def _one_at_a_time() -> None:
    """Rates are added up over rows: who notes a grant holds the house's own row meanwhile."""
    lock(db.session.scalars(select(Organisation).where(Organisation.is_home)).one())


def note_grant(actor: Actor, **facts: Any) -> FundingGrant:
    """Note what a funder pays in a year. Raises `Invalid`, `GrantedTwice`, `RatesTooHigh`."""
    check(actor, P.FUNDING_WRITE)
    _one_at_a_time()
    funds(facts["funder_id"])
    fits_its_year(None, **{name: facts[name] for name in ("funder_id", "year", "purpose", "rate")})
    grant = FundingGrant(**facts)
    db.session.add(grant)
    record(grant, "noted", actor, **facts)
    return grant


def correct_grant(actor: Actor, grant: FundingGrant, **facts: Any) -> None:
    """Say otherwise what a funder pays, were it archived since. Raises `Invalid`, `GrantedTwice`, `RatesTooHigh`."""
    check(actor, P.FUNDING_WRITE)
    _one_at_a_time()
    lock(grant)
    funds(facts["funder_id"], grant.funder_id)
    fits_its_year(grant.id, **{name: facts[name] for name in ("funder_id", "year", "purpose", "rate")})
    _correct(actor, grant, facts)


def note_cost(actor: Actor, **facts: Any) -> Cost:
    """Note what something cost in a year."""
    check(actor, P.FUNDING_WRITE)
    cost = Cost(**facts)
    db.session.add(cost)
    record(cost, "noted", actor, **facts)
    return cost


def correct_cost(actor: Actor, cost: Cost, **facts: Any) -> None:
    """Say otherwise what something cost."""
    check(actor, P.FUNDING_WRITE)
    lock(cost)
    _correct(actor, cost, facts)


def _correct(actor: Actor, row: FundingGrant | Cost, facts: dict[str, Any]) -> None:
    changed = {name: value for name, value in facts.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        record(row, "corrected", actor, **changed)


def withdraw(actor: Actor, row: FundingGrant | Cost) -> None:
    """What was noted by mistake counts no more; a second time changes nothing."""
    check(actor, P.FUNDING_WRITE)
    lock(row)
    if row.withdrawn_at is None:
        row.withdrawn_at = now()
        record(row, "withdrawn", actor)
