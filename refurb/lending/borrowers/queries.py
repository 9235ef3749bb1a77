"""Looking up borrowers; only who may read them finds any."""

from sqlalchemy import ColumnElement, bindparam, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from refurb.directory.models import Organisation
from refurb.directory.queries import organisations
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders
from refurb.kernel.web.search import Page, matches, named_or_numbered, numbered
from refurb.lending.models import Borrower, Debt, Loan, LoanLine

# Worked out once: every card that is scanned asks it.
_BY_CODE = select(Borrower).where(Borrower.code == bindparam("code")).options(joinedload(Borrower.organisation))


def borrower_by_code(actor: Actor, code: str) -> Borrower:
    """A borrower by the code on the card; `NotFound` for whoever may not read borrowers."""
    found = find_code(code) if actor.may(Permission.BORROWER_READ) else None
    borrower = db.session.scalar(_BY_CODE, {"code": found}) if found else None
    if borrower is None:
        raise NotFound
    return borrower


def borrower_like(name: str, phone: str | None, email: str | None) -> Borrower | None:
    """Somebody of the same name, however it is written, with the same telephone or e-mail address."""
    reached = [Borrower.phone == phone] if phone else []
    reached += [func.lower(Borrower.email) == email.lower()] if email else []
    query = select(Borrower).where(or_(*reached)).order_by(Borrower.id)
    return next((each for each in db.session.scalars(query) if fold(each.name) == fold(name)), None) if reached else None


def borrowing_organisations() -> list[Organisation]:
    """The organisations for which somebody may borrow, by name; private donors are none, and nobody's business at the counter."""
    return organisations()


def borrowers_of(organisation: Organisation) -> list[Borrower]:
    """Those who borrow for an organisation."""
    return list(db.session.scalars(select(Borrower).where(Borrower.organisation_id == organisation.id).order_by(Borrower.id)))


def things_out_for(organisation: Organisation) -> int:
    """How many things are out for an organisation."""
    query = (
        select(func.count()).select_from(LoanLine).join(Loan, Loan.id == LoanLine.loan_id).join(Borrower, Borrower.id == Loan.borrower_id)
    )
    return db.session.scalar(query.where(Borrower.organisation_id == organisation.id, LoanLine.back_at.is_(None))) or 0


def borrower_listing(actor: Actor, typed: str) -> Listing:
    """Borrowers as rows: code, name, organisation, how many things are out, how many of these are late, how many debts."""
    if not actor.may(Permission.BORROWER_READ):
        raise NotFound
    out = (
        select(
            Loan.borrower_id,
            func.count().label("out"),
            func.count().filter(LoanLine.due_on < today()).label("late"),
        )
        .join(LoanLine, LoanLine.loan_id == Loan.id)
        .where(LoanLine.back_at.is_(None))
        .group_by(Loan.borrower_id)
        .subquery()
    )
    owed = select(func.count()).where(Debt.borrower_id == Borrower.id, Debt.settled_at.is_(None)).scalar_subquery()
    query = (
        select(
            Borrower.code,
            Borrower.name,
            Organisation.name.label("organisation"),
            func.coalesce(out.c.out, 0).label("out"),
            func.coalesce(out.c.late, 0).label("late"),
            owed.label("owed"),
        )
        .outerjoin(Organisation, Organisation.id == Borrower.organisation_id)
        .outerjoin(out, out.c.borrower_id == Borrower.id)
    )
    orders = ListOrders(
        "nom",
        Borrower.id,
        (
            ListOrder("nom", _l("Nom"), (Borrower.search,)),
            ListOrder("structure", _l("Structure"), (Organisation.search,)),
            ListOrder("sortis", _l("Sortis"), (func.coalesce(out.c.out, 0),), Compared.NUMBER),
            ListOrder("retard", _l("Retard"), (func.coalesce(out.c.late, 0), owed), Compared.NUMBER),
        ),
    )
    if typed:
        query = query.where(matches(Borrower.search, typed) if actor.sees_names else Borrower.code == typed.strip().upper())
    return Listing(query, orders)


def meant_by(actor: Actor, reference: InstrumentedAttribute[str], prefix: str, typed: str) -> ColumnElement[bool]:
    """What was written for a borrower, by her words for whoever sees names, else by its number (« PR 12 ») alone."""
    if actor.sees_names:
        return named_or_numbered(Borrower.search, reference, [prefix], typed)
    number = numbered(reference, [prefix], typed)
    return number if number is not None else false()


def borrowers(actor: Actor, typed: str, number: int, asked: str = "") -> Page:
    """One page of `borrower_listing`, by name or as asked."""
    return borrower_listing(actor, typed).page(number, asked)
