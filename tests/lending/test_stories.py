"""Whatever is done at the counter in whatever order: what is said of a thing, a loan and a borrower is what the rows prove."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from refurb.documents.models import SignatureWay, Signing
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import broken_links, events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Refusal
from refurb.lending.debts.actions import settle_debt
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import Departure, lend, take_back, undo_return
from refurb.lending.loans.signing import sign_loan
from refurb.lending.models import Borrower, Damage, Debt, Item, Loan, LoanLine
from refurb.lending.queries import line_out
from refurb.lending.words import ComponentState, DebtEnd, DebtKind, ItemState, LoanState
from tests.support.story import desk, people

INDEX = st.integers(0, 30)
FOUND = st.lists(st.sampled_from(["complete", "complete", "damaged", "missing"]), min_size=3, max_size=3)
MOVES = [row.name for row in item_machine.moves if not row.inner]


def one(kind, number):
    rows = list(db.session.scalars(select(kind).order_by(kind.id)))
    return rows[number % len(rows)] if rows else None


def attempt(deed):
    with suppress(Refusal), unit_of_work():
        deed(people.actor(Role.DESK))


def counted(parts, found):
    return [
        {"component": part.id, "state": state} | ({"quantity": 0} if state == "missing" else {})
        for part, state in zip(parts, found, strict=False)
    ]


def go(item, who, found):
    thing, person = one(Item, item), one(Borrower, who)
    attempt(lambda actor: lend(actor, person, [Departure(thing, counted(thing.components, found))], on_paper=True))


def back(item, found):
    line = line_out(one(Item, item))
    if line is not None:
        attempt(lambda actor: take_back(actor, line, counted(line.counts, found)))


def move(item, name, fate, ticked):
    facts = {"reason": "vu", "note": "vu", "wiped": ticked, "damages": fate, "brought_back": ticked}
    known = item_machine[name].facts
    told = {field: value for field, value in facts.items() if known is not None and field in known().fields}
    attempt(lambda actor: item_machine.fire(one(Item, item), name, actor, **told))


def undo(number):
    line = one(LoanLine, number)
    if line is not None:
        attempt(lambda actor: undo_return(actor, line, reason="erreur"))


def sign(number):
    loan = one(Loan, number)
    if loan is not None:
        attempt(lambda actor: sign_loan(actor, loan, way=SignatureWay.SEEN))


def settle(number):
    debt = one(Debt, number)
    if debt is not None:
        attempt(lambda actor: settle_debt(actor, debt, how=DebtEnd.REPAID))


STEP = st.one_of(
    st.tuples(st.just(go), INDEX, INDEX, FOUND),
    st.tuples(st.just(go), INDEX, INDEX, FOUND),
    st.tuples(st.just(back), INDEX, FOUND),
    st.tuples(st.just(back), INDEX, FOUND),
    st.tuples(st.just(move), INDEX, st.sampled_from(MOVES), st.sampled_from([None, "mended", "kept"]), st.booleans()),
    st.tuples(st.just(undo), INDEX),
    st.tuples(st.just(sign), INDEX),
    st.tuples(st.just(settle), INDEX),
)


def is_true():
    """Every sentence of the pages, asked of the rows themselves."""
    db.session.rollback()
    for item in db.session.scalars(select(Item)):
        out = [line for line in db.session.scalars(select(LoanLine).where(LoanLine.item_id == item.id)) if line.back_at is None]
        assert len(out) == (item.state is ItemState.LENT)
    for loan in db.session.scalars(select(Loan)):
        assert (loan.state is LoanState.CLOSED) == all(line.back_at for line in loan.lines)
        (text,) = db.session.scalars(select(Signing).where(Signing.subject_kind == "loan", Signing.subject_id == loan.id))
        assert loan.is_signed == (text.signed_at is not None) == any(event.move == "signed" for event in events_of(loan))
    for line in db.session.scalars(select(LoanLine)):
        agrees(line)
    assert list(broken_links(db.session)) == []


def agrees(line):
    """What is owed and broken by a line is what was counted on it; the last word of its history is how it came back."""
    debts = list(db.session.scalars(select(Debt).where(Debt.line_id == line.id)))
    if line.back_at is None:
        assert all(debt.settled_at for debt in debts), "nothing is owed by what is out"
        return
    # What an earlier return, undone since, had left and somebody settled meanwhile is past.
    debts = [debt for debt in debts if debt.since >= line.back_at]
    owed = sorted((debt.kind.value, debt.name, debt.quantity) for debt in debts)
    missing = DebtKind.LOST if line.lost else DebtKind.MISSING
    expected = []
    for each in line.counts:
        if each.quantity_back < each.quantity_out:
            expected.append((missing.value, each.name, each.quantity_out - each.quantity_back))
        if each.state_back is ComponentState.DAMAGED and each.state_out is not ComponentState.DAMAGED:
            expected.append((DebtKind.DAMAGED.value, each.name, 1))
    assert owed == sorted(expected)
    broken = list(db.session.scalars(select(Damage).where(Damage.line_id == line.id, Damage.found_at >= line.back_at)))
    assert len(broken) == sum(kind == "damaged" for kind, *_rest in expected)
    if not line.lost:
        said = [event for event in events_of(line.item, most=500) if event.facts.get("loan_id") == line.loan_id]
        whole = all(each.quantity_back == each.quantity_out and each.state_back is not ComponentState.DAMAGED for each in line.counts)
        assert (said[0].move == "take_back") == whole


@pytest.mark.soak
def test_what_is_said_is_what_the_rows_prove(context):
    desk.kit("Robots n° 1")
    desk.kit("Robots n° 2")
    for name in ("Berthe", "Charles"):
        desk.borrower(name)

    @settings(max_examples=60, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.lists(STEP, min_size=25, max_size=25))
    def run(story):
        for deed, *told in story:
            deed(*told)
        is_true()

    run()
