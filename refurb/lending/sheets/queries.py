"""Looking up activity sheets; they are for everybody."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.lending.models import Product
from refurb.lending.sheets.models import SHEET_PRODUCTS, ActivitySheet


def activity_sheets(product: Product | None = None) -> Sequence[ActivitySheet]:
    """The sheets that are shared, by title; all, or those for a product."""
    query = select(ActivitySheet).where(ActivitySheet.withdrawn_at.is_(None)).order_by(ActivitySheet.title, ActivitySheet.id)
    if product is not None:
        of_it = select(SHEET_PRODUCTS.c.sheet_id).where(SHEET_PRODUCTS.c.product_id == product.id)
        query = query.where(ActivitySheet.id.in_(of_it))
    return db.session.scalars(query.options(joinedload(ActivitySheet.organisation), selectinload(ActivitySheet.products))).all()


def sheet_by_id(number: int) -> ActivitySheet:
    """A sheet that is shared; `NotFound` for one that was withdrawn."""
    found = db.session.get(ActivitySheet, number)
    if found is None or found.withdrawn_at is not None:
        raise NotFound
    return found


def count_sheets() -> dict[int, int]:
    """How many sheets there are for each product that has any."""
    query = select(SHEET_PRODUCTS.c.product_id, func.count()).join(ActivitySheet, ActivitySheet.id == SHEET_PRODUCTS.c.sheet_id)
    counted = query.where(ActivitySheet.withdrawn_at.is_(None)).group_by(SHEET_PRODUCTS.c.product_id)
    return {row[0]: row[1] for row in db.session.execute(counted)}
