"""Looking up what is owed and what is broken; late is asked by date, with the lines that are out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.models import Borrower, Damage, Debt, Item, Loan, LoanLine
from refurb.lending.queries import is_late
from refurb.lending.words import DamageEnd, DebtEnd, DebtKind


@dataclass(frozen=True)
class BorrowerStanding:
    """Where a borrower stands: what is out and late, and what is owed."""

    late: Sequence[LoanLine]
    debts: Sequence[Debt]

    @property
    def is_clear(self) -> bool:
        """Whether nothing is late and nothing is owed."""
        return not self.late and not self.debts

    @property
    def values(self) -> list[tuple[int | None, int]]:
        """The value of each debt, once; for `pdf.worth`."""
        return [(debt.value_cents, 1) for debt in self.debts]


def standing_of(borrower: Borrower) -> BorrowerStanding:
    """Where a borrower stands today."""
    late = db.session.scalars(
        select(LoanLine)
        .join(LoanLine.loan)
        .options(contains_eager(LoanLine.loan), joinedload(LoanLine.item))
        .where(Loan.borrower_id == borrower.id, is_late())
        .order_by(LoanLine.due_on, LoanLine.id)
    ).all()
    return BorrowerStanding(late, _debts(Debt.borrower_id == borrower.id, Debt.settled_at.is_(None)))


def debts_of_loan(loan: Loan) -> Sequence[Debt]:
    """What a loan left, settled or not, the oldest first; what was noted by mistake is not there."""
    return [each for each in _debts(LoanLine.loan_id == loan.id) if each.settled_how is not DebtEnd.MISTAKE]


def open_debts_of_item(item: Item, kind: DebtKind) -> Sequence[Debt]:
    """What is owed of a kind for an item."""
    return _debts(LoanLine.item_id == item.id, Debt.kind == kind, Debt.settled_at.is_(None))


def debts_for(item: Item) -> Sequence[Debt]:
    """What is owed for an item, by whoever had it."""
    return _debts(LoanLine.item_id == item.id, Debt.settled_at.is_(None))


def open_debts_of_line(line: LoanLine) -> Sequence[Debt]:
    """What is owed from one line of a loan."""
    return _debts(Debt.line_id == line.id, Debt.settled_at.is_(None))


def quantity_settled(line: LoanLine, kind: DebtKind, name: str) -> int:
    """How many of a component of a line were owed and are settled; what was noted by mistake does not count."""
    query = select(func.sum(Debt.quantity)).where(Debt.line_id == line.id, Debt.kind == kind, Debt.name == name)
    return db.session.scalar(query.where(Debt.settled_at.is_not(None), Debt.settled_how != DebtEnd.MISTAKE)) or 0


def told_to_office(line: LoanLine, kind: DebtKind, name: str) -> Debt | None:
    """What the finance office was told of a component of a line, and was then noted by mistake; the last of it."""
    query = select(Debt).where(Debt.line_id == line.id, Debt.kind == kind, Debt.name == name, Debt.handed_at.is_not(None))
    return db.session.scalar(query.where(Debt.settled_how == DebtEnd.MISTAKE).order_by(Debt.id.desc()).limit(1))


def debt_of(actor: Actor, code: str, number: int) -> Debt:
    """One debt of a borrower; `NotFound` for a stranger."""
    found = _debts(Debt.borrower_id == borrower_by_code(actor, code).id, Debt.id == number)
    if not found:
        raise NotFound
    return found[0]


def debts_by_number(numbers: Collection[int]) -> Sequence[Debt]:
    """Some debts by their numbers, always in the same order; those that are none are passed over."""
    return _debts(Debt.id.in_(numbers))


class WhichDebts(StrEnum):
    """Which debts a list shows."""

    TO_HAND = "a-transmettre"
    HANDED = "transmises"
    OPEN = "toutes"


_WHICH: Mapping[WhichDebts, ColumnElement[bool]] = {
    WhichDebts.TO_HAND: Debt.settled_at.is_(None) & Debt.handed_at.is_(None),
    WhichDebts.HANDED: Debt.handed_at.is_not(None),
    WhichDebts.OPEN: Debt.settled_at.is_(None),
}
DEBT_ORDERS = ListOrders(
    "emprunteur",
    Debt.id,
    (
        ListOrder("emprunteur", _l("Emprunteur"), (Borrower.search,)),
        ListOrder("depuis", _l("Depuis le"), (Debt.since,), Compared.DATE),
        ListOrder("montant", _l("Montant"), (Debt.value_cents,), Compared.NUMBER),
        ListOrder("pret", _lp("loan", "Prêt"), (LoanLine.loan_id,), Compared.DATE),
    ),
)


def debt_listing(actor: Actor, which: WhichDebts) -> Listing:
    """What is owed as rows, by borrower: what was told to the finance office stays listed there once it is settled."""
    if not actor.may(Permission.BORROWER_READ):
        raise NotFound
    query = (
        select(
            Debt.id,
            Borrower.code.label("borrower_code"),
            Borrower.name.label("borrower"),
            Organisation.name.label("organisation"),
            Debt.kind,
            Debt.name,
            Debt.quantity,
            Debt.value_cents,
            Debt.since,
            Loan.reference,
            Loan.started_at,
            Item.code,
            Item.name.label("item"),
            Debt.handed_at,
            Debt.settled_at,
            Debt.settled_how,
        )
        .join(LoanLine, LoanLine.id == Debt.line_id)
        .join(Loan, Loan.id == LoanLine.loan_id)
        .join(Item, Item.id == LoanLine.item_id)
        .join(Borrower, Borrower.id == Debt.borrower_id)
        .outerjoin(Organisation, Organisation.id == Borrower.organisation_id)
        .where(_WHICH[which])
    )
    return Listing(query, DEBT_ORDERS)


def amounts_of(which: WhichDebts) -> list[tuple[int | None, int]]:
    """The values of what is still owed of a list, each with how many debts are of that; for `worth`."""
    query = select(Debt.value_cents, func.count()).where(_WHICH[which], Debt.settled_at.is_(None)).group_by(Debt.value_cents)
    return [(cents, count) for cents, count in db.session.execute(query.order_by(Debt.value_cents.desc().nulls_last()))]


def _debts(*conditions: Any) -> Sequence[Debt]:
    return db.session.scalars(
        select(Debt)
        .join(Debt.line)
        .options(
            contains_eager(Debt.line).joinedload(LoanLine.loan),
            contains_eager(Debt.line).joinedload(LoanLine.item),
            joinedload(Debt.borrower),
        )
        .where(*conditions)
        .order_by(Debt.id)
    ).all()


def open_damages(item: Item) -> Sequence[Damage]:
    """What is broken on an item, the oldest first."""
    return db.session.scalars(select(Damage).where(Damage.item_id == item.id, Damage.ended_at.is_(None)).order_by(Damage.id)).all()


def damages_noted(item: Item) -> Sequence[Damage]:
    """What was ever broken on an item, the latest first, at most twenty; what was noted by mistake is not there."""
    kept = or_(Damage.ended_how.is_(None), Damage.ended_how != DamageEnd.MISTAKE)
    return db.session.scalars(select(Damage).where(Damage.item_id == item.id, kept).order_by(Damage.id.desc()).limit(20)).all()


def damage_of(item: Item, number: int) -> Damage:
    """Something that is, or was, broken on an item; `NotFound` where it was noted by mistake, or of another thing."""
    found = db.session.get(Damage, number)
    if found is None or found.item_id != item.id or found.ended_how is DamageEnd.MISTAKE:
        raise NotFound
    return found


def damages_of(items: Sequence[Item]) -> dict[int, list[Damage]]:
    """What is broken on some items, by the item's id."""
    found: dict[int, list[Damage]] = {}
    if items:
        query = select(Damage).where(Damage.item_id.in_([each.id for each in items]), Damage.ended_at.is_(None)).order_by(Damage.id)
        for damage in db.session.scalars(query):
            found.setdefault(damage.item_id, []).append(damage)
    return found
