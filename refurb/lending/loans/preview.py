"""What other terms of lending would change today: what is out keeps its day of return, unless that day would be closed."""

from typing import Any

from sqlalchemy import func, select

from refurb.directory.agenda.days import SiteDays
from refurb.directory.agenda.queries import days_of
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import PolicyEffect
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _n, day
from refurb.lending.models import Item, Loan, LoanLine, Product
from refurb.lending.terms import LoanPolicy

SHOWN = 8
MOST = 20_000


def preview_loans(before: LoanPolicy, after: LoanPolicy) -> PolicyEffect:
    """Which of the things that are out would be lent for another time if they left today, or are due on a day that would be closed."""
    lines, site_days = _out(), dict[int, SiteDays]()
    first, count = [], 0
    for line in lines:
        days = site_days.setdefault(line.place, days_of(line.place))
        old, new = (each.due_date(each.terms(line.category), today(), days) for each in (before, after))
        closed = line.due_on >= today() and before.is_open(line.due_on, days) and not after.is_open(line.due_on, days)
        if old == new and not closed:
            continue
        count += 1
        told = (
            _("retour prévu le %(day)s, jour fermé", day=day(line.due_on)) if closed else _("reparti aujourd'hui : %(day)s", day=day(new))
        )
        first.append(
            (_("%(name)s, prêt %(reference)s", name=line.name, reference=line.reference), day(line.due_on if closed else old), told)
        )
    return PolicyEffect(count, _said(count, len(lines)), tuple(first[:SHOWN]))


def _said(count: int, out: int) -> str:
    if not count:
        return _("Rien ne change pour les %(out)s objets sortis : leur jour de retour est déjà convenu.", out=out)
    return _n(
        "%(num)s objet sorti, sur %(out)s, aurait un autre jour de retour s'il partait aujourd'hui, ou revient un jour fermé.",
        "%(num)s objets sortis, sur %(out)s, auraient un autre jour de retour s'ils partaient aujourd'hui, ou reviennent un jour fermé.",
        count,
        out=out,
    )


def _out() -> list[Any]:
    query = (
        select(LoanLine.due_on, Loan.reference, func.coalesce(Loan.handover_id, Loan.site_id).label("place"), Item.name, Product.category)
        .join(Loan, Loan.id == LoanLine.loan_id)
        .join(Item, Item.id == LoanLine.item_id)
        .join(Product, Product.id == Item.product_id)
        .where(LoanLine.back_at.is_(None))
        .order_by(LoanLine.due_on, LoanLine.id)
        .limit(MOST)
    )
    return list(db.session.execute(query))
