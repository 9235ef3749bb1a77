"""Looking up loans and their lines. Late is asked here, by date; it is written nowhere."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import joinedload, selectinload

from refurb.directory.sites.asked import own_site
from refurb.documents.models import Signing
from refurb.documents.signing import count_unsigned, waits
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.rulings import Ruling
from refurb.kernel.speech.clock import local, today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders
from refurb.kernel.web.search import Page, matches, paged
from refurb.lending.borrowers.queries import meant_by
from refurb.lending.models import Borrower, Item, Loan, LoanLine
from refurb.lending.queries import is_late
from refurb.lending.recalls.queries import recalled_lines
from refurb.lending.terms import LOANS


class Which(StrEnum):
    """Which lines a list shows."""

    OUT = "en-cours"
    LATE = "en-retard"
    BACK = "rendus"
    UNSIGNED = "a-signer"
    SAID_BACK = "dit-rapporte"
    RECALLED = "rappeles"


_SAID_BACK = LoanLine.back_at.is_(None) & LoanLine.said_back_at.is_not(None)
_RECALLED = LoanLine.back_at.is_(None) & LoanLine.id.in_(recalled_lines())


def _conditions(which: Which) -> ColumnElement[bool]:
    return {
        Which.OUT: LoanLine.back_at.is_(None),
        Which.LATE: is_late(),
        Which.BACK: LoanLine.back_at.is_not(None),
        Which.SAID_BACK: _SAID_BACK,
        Which.RECALLED: _RECALLED,
        Which.UNSIGNED: LoanLine.loan_id.in_(select(Signing.subject_id).where(waits(Loan.KIND))),
    }[which]


def said_back_count(actor: Actor) -> int:
    """How many things somebody says were brought back, and nobody has found."""
    if not actor.may(Permission.LOAN_READ):
        return 0
    return db.session.scalar(select(func.count()).select_from(LoanLine).where(_SAID_BACK)) or 0


def recalled_count(actor: Actor) -> int:
    """How many things are asked back before their day, and are out still."""
    if not actor.may(Permission.LOAN_READ):
        return 0
    return db.session.scalar(select(func.count()).select_from(LoanLine).where(_RECALLED)) or 0


def late_count(actor: Actor) -> int:
    """How many things are late; for the navigation. For whom all roles are for one place, of the loans of that one, as in the list."""
    if not actor.may(Permission.LOAN_READ):
        return 0
    query = select(func.count()).select_from(LoanLine).where(is_late(), *_lent_at(own_site(actor)))
    return db.session.scalar(query) or 0


def _lent_at(site_id: int | None) -> list[ColumnElement[bool]]:
    return [] if site_id is None else [LoanLine.loan_id.in_(select(Loan.id).where(Loan.site_id == site_id))]


def numbers(actor: Actor, site_id: int | None = None) -> Row[int, int, int]:
    """What the counter shows: `out`, `late`, `today` (due today); of the loans of one place, if told."""
    if not actor.may(Permission.LOAN_READ):
        raise NotFound
    return db.session.execute(
        select(
            func.count().label("out"),
            func.count().filter(LoanLine.due_on < today()).label("late"),
            func.count().filter(LoanLine.due_on == today()).label("today"),
        ).where(LoanLine.back_at.is_(None), *_lent_at(site_id))
    ).one()


def unsigned_count(actor: Actor) -> int:
    """How many agreements wait for their signature."""
    return count_unsigned(Loan.KIND) if actor.may(Permission.LOAN_READ) else 0


def line_orders(which: Which) -> ListOrders:
    """The orders of the lines: the most late first; of those that are back, the latest.

    These two as the index has them, so that no list sorts them all.
    """
    day = (
        ListOrder("rendu", _l("Rendu le"), (LoanLine.back_at, LoanLine.due_on), Compared.DATE, indexed=True)
        if which is Which.BACK
        else ListOrder("echeance", _l("À rendre le"), (LoanLine.due_on,), Compared.DATE, indexed=which is not Which.UNSIGNED)
    )
    return ListOrders(
        "-rendu" if which is Which.BACK else "echeance",
        LoanLine.id,
        (
            ListOrder("pret", _lp("loan", "Prêt"), (LoanLine.loan_id,), Compared.DATE),
            ListOrder("materiel", _l("Matériel"), (Item.search,)),
            ListOrder("emprunteur", _l("Emprunteur"), (Borrower.search,)),
            ListOrder("sorti", _l("Sorti le"), (LoanLine.out_at,), Compared.DATE),
            day,
        ),
    )


def line_listing(actor: Actor, which: Which, typed: str, site_id: int | None = None) -> Listing:
    """Lines as rows: reference, borrower, item's code and name, out, due, back, lost, and the id of the loan's paper."""
    if not actor.may(Permission.LOAN_READ):
        raise NotFound
    query = (
        select(
            Loan.reference,
            Borrower.name.label("borrower"),
            Borrower.code.label("borrower_code"),
            Item.code,
            Item.name,
            LoanLine.out_at,
            LoanLine.due_on,
            LoanLine.back_at,
            LoanLine.lost,
            LoanLine.said_back_at,
            LoanLine.id.in_(recalled_lines()).label("recalled"),
            Loan.paper_id,
        )
        .join(Loan, Loan.id == LoanLine.loan_id)
        .join(Borrower, Borrower.id == Loan.borrower_id)
        .join(Item, Item.id == LoanLine.item_id)
        .where(_conditions(which))
    )
    if site_id:
        query = query.where(Loan.site_id == site_id)
    if typed:
        query = query.where(matches(Item.search, typed) | meant_by(actor, Loan.reference, "PR", typed))
        return Listing(query, line_orders(which))
    return Listing(query, line_orders(which), None if site_id else lambda: _count_lines(which))


def _count_lines(which: Which) -> int:
    """Each line has its loan, its borrower and its item: without words the lines alone are counted."""
    return db.session.scalar(select(func.count()).select_from(LoanLine).where(_conditions(which))) or 0


def lines(actor: Actor, which: Which, typed: str, number: int, asked: str = "", site_id: int | None = None) -> Page:
    """One page of `line_listing`, the most late first or as asked; of those that are back, the latest."""
    return line_listing(actor, which, typed, site_id).page(number, asked)


def loan_by_reference(actor: Actor, reference: str) -> Loan:
    """A loan with its borrower, lines, items and counts; `NotFound` for whoever may not read loans."""
    loan = (
        db.session.scalar(
            select(Loan)
            .where(Loan.reference == reference.upper())
            .options(
                joinedload(Loan.borrower).joinedload(Borrower.organisation),
                joinedload(Loan.paper),
                selectinload(Loan.lines).joinedload(LoanLine.item),
                selectinload(Loan.lines).selectinload(LoanLine.counts),
            )
        )
        if actor.may(Permission.LOAN_READ)
        else None
    )
    if loan is None:
        raise NotFound
    return loan


def loans_of(borrower: Borrower) -> Sequence[Loan]:
    """The loans of a borrower with their lines and items, newest first; the latest fifty."""
    return db.session.scalars(
        select(Loan)
        .where(Loan.borrower_id == borrower.id)
        .options(selectinload(Loan.lines).joinedload(LoanLine.item))
        .order_by(Loan.id.desc())
        .limit(50)
    ).all()


def loans(actor: Actor, number: int) -> Page:
    """One page of loans, newest first."""
    if not actor.may(Permission.LOAN_READ):
        raise NotFound
    return paged(
        select(Loan)
        .options(
            joinedload(Loan.borrower),
            joinedload(Loan.paper),
            selectinload(Loan.lines).joinedload(LoanLine.item),
            selectinload(Loan.lines).selectinload(LoanLine.counts),
        )
        .order_by(Loan.id.desc()),
        number,
    )


def rulings_of(loan: Loan) -> dict[int, Ruling]:
    """Why each line that is out is due when it is, by its id: by the rule under which the loan was made, and its place's days of today."""
    made = LOANS.decided_under(loan.policy_version)
    if made is None:
        return {}
    made = made.for_whom(loan.borrower.kind, loan.site_id)
    days, out_on = loan.handing.days, local(loan.started_at).date()
    lines = (line for line in loan.lines if line.back_at is None)
    return {line.id: made.due_ruling(made.terms(line.item.product.category), out_on, days, line.due_on) for line in lines}
