"""Looking up the legal basis of tax receipts."""

from sqlalchemy import select

from refurb.directory.fiscal.models import FiscalBasis
from refurb.kernel.deeds.database import db


def fiscal_versions(most: int = 50) -> list[FiscalBasis]:
    """The versions, newest first."""
    return list(db.session.scalars(select(FiscalBasis).order_by(FiscalBasis.number.desc()).limit(most)))


def fiscal_basis() -> FiscalBasis | None:
    """The basis on which receipts are given today; None where there is none, or where it was closed."""
    found = db.session.scalar(select(FiscalBasis).order_by(FiscalBasis.number.desc()).limit(1))
    return found if found is not None and found.is_on else None
