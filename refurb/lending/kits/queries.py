"""Looking up kits: which one a piece belongs to, what is missing and since which loan, its sisters, who had it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import find_code
from refurb.lending.kits.models import Weighing
from refurb.lending.kits.weighing import Guess, Weighed, is_lighter, likely_missing, too_light
from refurb.lending.models import Borrower, Component, ComponentCount, Item, Loan, LoanLine, PieceCode, PieceMove
from refurb.lending.queries import line_out
from refurb.lending.words import ItemState

NAMED_FOR = timedelta(days=365)
"""For so long after its return a loan says on the thing's page who had it; an organisation is no person, and stays."""


def kit_of_component(code: str) -> tuple[Item, Component] | None:
    """The kit in which the piece with this label belongs, and as what; None where the code is on no piece."""
    found = find_code(code)
    query = select(Component).join(PieceCode).where(PieceCode.code == found).options(joinedload(Component.item))
    component = db.session.scalar(query) if found else None
    return (component.item, component) if component is not None else None


def piece_labels(item: Item) -> dict[int, list[str]]:
    """The codes on the pieces of a thing, by component."""
    query = select(PieceCode.component_id, PieceCode.code).join(Component).where(Component.item_id == item.id).order_by(PieceCode.code)
    found: dict[int, list[str]] = {}
    for component, code in db.session.execute(query):
        found.setdefault(component, []).append(code)
    return found


@dataclass(frozen=True)
class Missing:
    """So many pieces of a component that are not with its thing, since when, and the loan after which that was found, if it was one."""

    component: Component
    count: int
    since: datetime | None
    loan: str | None


def missing_now(item: Item) -> list[Missing]:
    """What is missing of a thing now."""
    short = [part for part in item.components if part.missing]
    last: dict[str, Any] = {}
    if short:
        moves = (
            select(PieceMove.component, PieceMove.at, Loan.reference)
            .outerjoin(LoanLine, LoanLine.id == PieceMove.line_id)
            .outerjoin(Loan, Loan.id == LoanLine.loan_id)
            .where(PieceMove.item_id == item.id, PieceMove.delta < 0, PieceMove.component.in_([part.name for part in short]))
            .order_by(PieceMove.id)
        )
        last = {row.component: row for row in db.session.execute(moves)}
    return [_missing(part, last.get(part.name)) for part in short]


def _missing(part: Component, move: Any) -> Missing:
    return Missing(part, part.missing, move.at if move else None, move.reference if move else None)


@dataclass(frozen=True)
class ScaleStanding:
    """What the scale says of a thing: its weight before it left and as it came back, in milligrams, and what may be missing.

    `by_hand` are the components that it does not notice: too light, or never weighed.
    """

    out_mg: int | None
    back_mg: int | None
    guesses: Sequence[Guess]
    by_hand: Sequence[str]

    @property
    def lighter_mg(self) -> int | None:
        """By how much it came back lighter; None while one of the two is not known."""
        return None if self.out_mg is None or self.back_mg is None else self.out_mg - self.back_mg

    @property
    def is_lighter(self) -> bool:
        """Whether something seems to be missing."""
        return self.lighter_mg is not None and is_lighter(self.lighter_mg)


def weighed_of(item: Item) -> ScaleStanding:
    """What the scale says of a thing since it left, or while it waits to leave."""
    line = line_out(item)
    weights = select(Weighing.weight_mg).where(Weighing.item_id == item.id).order_by(Weighing.id.desc()).limit(1)
    back = db.session.scalar(weights.where(Weighing.line_id == line.id)) if line else None
    out = db.session.scalar(weights.where(Weighing.line_id.is_(None)))
    left = {each.name: each.quantity_out for each in line.counts} if line else {part.name: part.here for part in item.components}
    parts = [Weighed(part.name, left.get(part.name, 0), part.weight_mg) for part in item.components if part.weight_mg]
    guesses = likely_missing(parts, out - back) if out is not None and back is not None else []
    unweighed = [part.name for part in item.components if not part.weight_mg]
    return ScaleStanding(out, back, guesses, [*unweighed, *too_light(parts)])


def sisters(item: Item) -> Sequence[Item]:
    """The other things of the same product, by name: those that have left the pool are none."""
    query = select(Item).where(Item.product_id == item.product_id, Item.id != item.id, Item.state != ItemState.RETIRED)
    return db.session.scalars(query.order_by(Item.name, Item.id).limit(50)).all()


@dataclass(frozen=True)
class WasOut:
    """One time that a thing was out: with whom, while that may be said, from when to when, what was missing after it."""

    loan: str
    who: str | None
    organisation: str | None
    out_at: datetime
    due_on: date
    back_at: datetime | None
    lost: bool
    missing: str

    @property
    def days_late(self) -> int:
        """By how many days it came back after its day."""
        return max(0, (self.back_at.date() - self.due_on).days) if self.back_at is not None else 0


def held_by(actor: Actor, item: Item, most: int = 20) -> list[WasOut]:
    """Every time a thing went out, newest first. Who had it is told to those who may read borrowers, for `NAMED_FOR` after its return."""
    if not actor.may(Permission.LOAN_READ):
        return []
    query = (
        select(LoanLine.id, Loan.reference, Loan.borrower_id, LoanLine.out_at, LoanLine.due_on, LoanLine.back_at, LoanLine.lost)
        .join(Loan, Loan.id == LoanLine.loan_id)
        .where(LoanLine.item_id == item.id)
        .order_by(LoanLine.id.desc())
        .limit(most)
    )
    rows = db.session.execute(query).all()
    short = _short_by([row.id for row in rows])
    named = actor.may(Permission.BORROWER_READ)
    who = _names({row.borrower_id for row in rows if named and (row.back_at is None or now() - row.back_at < NAMED_FOR)})
    of = _organisations({row.borrower_id for row in rows if named})
    return [
        WasOut(row.reference, who.get(row.borrower_id), of.get(row.borrower_id), row.out_at, row.due_on, row.back_at, row.lost,
             ", ".join(short.get(row.id, ())))
        for row in rows
    ]  # fmt: skip


def _short_by(lines: Sequence[int]) -> dict[int, list[str]]:
    query = select(ComponentCount.line_id, ComponentCount.name).where(
        ComponentCount.line_id.in_(lines), ComponentCount.quantity_back < ComponentCount.quantity_out, ComponentCount.consumable.is_(False)
    )
    found: dict[int, list[str]] = {}
    for line, name in db.session.execute(query.order_by(ComponentCount.id)):
        found.setdefault(line, []).append(name)
    return found


def _names(borrowers: set[int]) -> dict[int, str]:
    return {row[0]: row[1] for row in db.session.execute(select(Borrower.id, Borrower.name).where(Borrower.id.in_(borrowers)))}


def _organisations(borrowers: set[int]) -> dict[int, str]:
    query = select(Borrower.id, Organisation.name).join(Organisation, Organisation.id == Borrower.organisation_id)
    return {row[0]: row[1] for row in db.session.execute(query.where(Borrower.id.in_(borrowers)))}


def use_of(item: Item) -> tuple[int, datetime | None, int]:
    """How often a thing was lent, since when, and for how many days within the last twelve months."""
    count, first = db.session.execute(select(func.count(), func.min(LoanLine.out_at)).where(LoanLine.item_id == item.id)).one()
    begin = now() - timedelta(days=365)
    spans = select(LoanLine.out_at, LoanLine.back_at).where(
        LoanLine.item_id == item.id, (LoanLine.back_at.is_(None)) | (LoanLine.back_at > begin)
    )
    days = sum(((back or now()).date() - max(out, begin).date()).days for out, back in db.session.execute(spans))
    return count, first, days
