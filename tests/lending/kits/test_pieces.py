"""The pieces of a kit over its loans: what is missing, since when, and how it comes to be there again."""

from random import Random

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Refusal
from refurb.lending.debts.queries import debts_for
from refurb.lending.items.rules import CountedTwice, IndispensableMissing
from refurb.lending.items.states import item_machine
from refurb.lending.kits.actions import correct_contents, note_pieces_back
from refurb.lending.kits.queries import held_by, missing_now, use_of
from refurb.lending.kits.rules import NotSoManyMissing
from refurb.lending.loans.actions import Departure, lend, take_back, undo_return
from refurb.lending.models import LoanLine
from refurb.lending.queries import line_out
from refurb.lending.words import ItemState, LoanState, PieceWhy
from tests.lending.kits.telling import back, correct, is_accounted_for, part, told
from tests.lending.moves import fire
from tests.support.story import desk, people


def test_what_is_missing_is_known_with_the_loan_after_which_it_was(context):
    kit = desk.kit()
    loan = desk.lent(kit)
    desk.back(loan, Câble=("missing", 3))
    (missing,) = missing_now(kit)
    assert (missing.component.name, missing.count, missing.loan) == ("Câble USB-C, 1 m", 1, loan.reference)
    assert held_by(people.actor(Role.DESK), kit)[0].missing == "Câble USB-C, 1 m"
    assert use_of(kit)[0] == 1
    is_accounted_for(kit)


def test_the_missing_piece_is_replaced_and_the_kit_is_complete(context):
    kit = desk.kit()
    desk.back(desk.lent(kit), Câble=("missing", 2))
    back(kit, "Câble", 1, PieceWhy.REPLACED)
    assert kit.state is ItemState.INCOMPLETE
    back(kit, "Câble", 1, PieceWhy.FOUND)
    assert kit.state is ItemState.TO_CHECK
    assert len(debts_for(kit)) == 1, "who lost them owes them still"
    is_accounted_for(kit)


def test_what_its_borrower_brings_is_owed_no_more(context):
    kit = desk.kit()
    desk.back(desk.lent(kit), Câble=("missing", 3))
    back(kit, "Câble", 1, PieceWhy.BROUGHT)
    assert debts_for(kit) == []


def test_not_more_than_are_missing_and_not_by_who_may_not(context):
    kit = desk.kit()
    desk.back(desk.lent(kit), Câble=("missing", 3))
    with pytest.raises(NotSoManyMissing):
        back(kit, "Câble", 2, PieceWhy.FOUND)
    with pytest.raises(Forbidden):
        back(kit, "Câble", 1, PieceWhy.FOUND, Role.TECHNICIAN)


def test_a_kit_leaves_incomplete_and_not_without_what_is_indispensable(context):
    kit = desk.kit()
    correct(kit, told(kit, Robot={"indispensable": True}))
    desk.back(desk.lent(kit), Câble=("missing", 3))
    fire(kit, "keep_incomplete")
    fire(kit, "check")
    loan = desk.lent(kit, Câble=("missing", 3))
    assert loan.lines[0].counts[1].quantity_expected == 4
    desk.back(loan, Câble=("complete", None))
    assert kit.state is ItemState.TO_CHECK, "nothing more is missing than was"
    fire(kit, "check")
    with pytest.raises(IndispensableMissing):
        desk.lent(kit, Robot=("missing", 3))
    is_accounted_for(kit)


def test_what_is_consumed_is_counted_and_not_asked_back(context):
    kit = desk.kit()
    correct(kit, told(kit, Câble={"consumable": True}))
    desk.back(desk.lent(kit), Câble=("missing", 1))
    assert kit.state is ItemState.TO_CHECK
    assert debts_for(kit) == []
    assert part(kit, "Câble").here == 1
    back(kit, "Câble", 3, PieceWhy.REPLACED)
    is_accounted_for(kit)


def test_a_component_counted_twice_is_refused(context):
    kit = desk.kit()
    counts, who = desk.all_there(kit.components), desk.borrower()
    with pytest.raises(CountedTwice), unit_of_work():
        lend(people.actor(Role.DESK), who, [Departure(kit, [*counts, counts[0]])], on_paper=True)


def test_a_return_that_never_was_leaves_nothing_missing(context):
    kit = desk.kit()
    loan = desk.lent(kit)
    desk.back(loan, Câble=("missing", 3))
    back(kit, "Câble", 1, PieceWhy.REPLACED)
    with unit_of_work():
        undo_return(people.actor(Role.DESK), loan.lines[0], reason="erreur")
    assert part(kit, "Câble").here == 4
    desk.back(loan, Câble=("missing", 3))
    assert part(kit, "Câble").here == 4, "the piece that replaced it is there"
    is_accounted_for(kit)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_every_piece_is_accounted_for_and_no_loan_closes_early(context, seed):
    chance = Random(seed)
    kits, who = [desk.kit(), desk.kit("Robots mBot n° 4")], desk.borrower()
    for _step in range(30):
        kit = chance.choice(kits)
        try:
            with unit_of_work():
                _happens(chance, kit, who)
        except Refusal:
            db.session.rollback()
    for kit in kits:
        is_accounted_for(kit)
        for line in db.session.query(LoanLine).filter_by(item_id=kit.id):
            assert (line.loan.state is LoanState.CLOSED) == (line.back_at is not None)
            assert line.back_at is None or all(each.quantity_back is not None for each in line.counts)


def _happens(chance, kit, who):
    actor, line, some = people.actor(Role.DESK), line_out(kit), chance.choice(kit.components)
    deed = chance.choice(("out", "out", "back", "back", "back", "undo", "correct", "pieces", "move"))
    if deed == "out":
        lend(actor, who, [Departure(kit, _counted(chance, kit.components))], on_paper=True)
    elif deed == "back" and line is not None:
        take_back(actor, line, _counted(chance, line.counts))
    elif deed == "undo":
        last = db.session.query(LoanLine).filter_by(item_id=kit.id).order_by(LoanLine.id.desc()).first()
        if last is not None:
            undo_return(actor, last, reason="erreur")
    elif deed == "correct":
        fate = chance.choice((PieceWhy.LOST, PieceWhy.TO_STOCK, PieceWhy.USED))
        parts = told(kit)
        parts[chance.randrange(len(parts))] |= {"quantity": chance.randint(0, 6), "fate": fate}
        correct_contents(actor, kit, components=parts, reason="inventaire")
    elif deed == "pieces":
        note_pieces_back(actor, kit, component=some.id, quantity=1, how=chance.choice((PieceWhy.FOUND, PieceWhy.BROUGHT)))
    else:
        move = chance.choice(("complete", "check", "check", "keep_incomplete", "note_missing", "lose", "find"))
        facts = {"reason": "vu", "note": "vu", "component": some.id, "quantity": 1}
        known = item_machine[move].facts
        item_machine.fire(kit, move, actor, **{name: each for name, each in facts.items() if known and name in known().fields})


def _counted(chance, expected):
    found = []
    for each in expected:
        whole = getattr(each, "quantity_out", None)
        whole = each.quantity if whole is None else whole
        is_there = chance.random() < 0.8 or not whole
        found.append({"component": each.id, "state": "complete"} if is_there else
                     {"component": each.id, "state": "missing", "quantity": chance.randrange(whole)})  # fmt: skip
    return found
