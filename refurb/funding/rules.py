"""What must hold of grants."""

from sqlalchemy import func, select

from refurb.funding.models import FundingGrant
from refurb.funding.queries import funders
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.speech.errors import Fault, Invalid, Refusal

WHOLE = 100


class GrantedTwice(Refusal):
    """A funder pays for a purpose once a year: what changed is corrected."""

    code = "funding.granted_twice"


class RatesTooHigh(Refusal):
    """All funders together pay no more than the whole of a purpose."""

    code = "funding.rates_too_high"


def funds(funder_id: int, kept: int | None = None) -> None:
    """An organisation that funds and is still dealt with, or the one that a grant has already. Raises `Invalid`."""
    if funder_id not in {each.id for each in funders(kept=kept)}:
        raise Invalid({"funder_id": [Fault("field.choice")]})


def _others(grant_id: int | None, year: int, purpose: str) -> list[FundingGrant]:
    query = select(FundingGrant).where(
        FundingGrant.year == year, FundingGrant.withdrawn_at.is_(None), FundingGrant.id != func.coalesce(grant_id, 0)
    )
    return [each for each in db.session.scalars(query) if fold(each.purpose) == fold(purpose)]


def fits_its_year(grant_id: int | None, *, funder_id: int, year: int, purpose: str, rate: int | None) -> None:
    """The same funder pays for it once, and all of them no more than the whole. Raises `GrantedTwice`, `RatesTooHigh`."""
    others = _others(grant_id, year, purpose)
    if any(each.funder_id == funder_id for each in others):
        raise GrantedTwice(year=year)
    granted = sum(each.rate or 0 for each in others)
    if granted + (rate or 0) > WHOLE:
        raise RatesTooHigh(year=year, left=WHOLE - granted)
