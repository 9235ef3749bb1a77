"""The contents of a kit, corrected from the next departure on."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event, notes_of
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.lending.items.rules import KitOut, NotSoManyHere, WithoutComponents
from refurb.lending.kits.queries import missing_now, sisters
from refurb.lending.kits.rules import FateUntold, NoSister, NothingChanges, Untold
from refurb.lending.words import PieceWhy
from tests.lending.kits.telling import correct, is_accounted_for, part, told
from tests.support.story import desk


def test_what_changes_is_written_with_its_reason(context):
    kit = desk.kit()
    new = {"name": "Clé hexagonale", "quantity": 2, "value_cents": None, "picture": None}
    changes = correct(kit, [*told(kit, Câble={"quantity": 5}, Tapis={"quantity": 0, "fate": PieceWhy.TO_STOCK}), new])
    assert [(each.name, each.pieces, each.fate) for each in changes] == [
        ("Câble USB-C, 1 m", 0, None), ("Tapis de parcours", 1, PieceWhy.TO_STOCK), ("Clé hexagonale", 0, None),
    ]  # fmt: skip
    assert [(each.name, each.quantity, each.here) for each in kit.components] == [
        ("Robot mBot2 monté", 4, 4), ("Câble USB-C, 1 m", 5, 5), ("Clé hexagonale", 2, 2),
    ]  # fmt: skip
    event = last_event(kit)
    assert event.move == "contents_corrected"
    assert event.facts["changes"][1] == {
        "name": "Tapis de parcours", "before": {"quantity": 1}, "after": None, "pieces": 1, "fate": "to_stock",
    }  # fmt: skip
    assert notes_of([event])[event.id] == {"reason": "inventaire"}
    is_accounted_for(kit)


def test_a_loan_that_runs_keeps_the_list_that_was_signed(context):
    kit = desk.kit()
    loan = desk.lent(kit)
    new = {"name": "Clé hexagonale", "quantity": 2, "value_cents": None, "picture": None}
    correct(kit, [*told(kit, Câble={"quantity": 5}), new])
    assert [each.quantity_expected for each in loan.lines[0].counts] == [4, 4, 1]
    desk.back(loan, Tapis=("missing", 0))
    assert [each.here for each in kit.components] == [4, 5, 0, 2]
    is_accounted_for(kit)


@pytest.mark.parametrize(
    "change",
    [{"name": "Robot"}, {"quantity": 0, "fate": PieceWhy.TO_STOCK}, {"quantity": 3, "fate": PieceWhy.LOST}],
    ids=["renamed", "gone", "fewer"],
)
def test_no_piece_goes_or_is_renamed_while_the_borrower_has_it(context, change):
    kit = desk.kit()
    loan = desk.lent(kit)
    with pytest.raises(KitOut) as refused:
        correct(kit, told(kit, Robot=change))
    assert refused.value.facts == {"name": "Robot mBot2 monté", "item": kit.name, "loan": loan.reference}
    desk.back(loan, Robot=("missing", 3))
    assert [(each.name, each.here) for each in missing_now_parts(kit)] == [("Robot mBot2 monté", 3)]
    is_accounted_for(kit)


def missing_now_parts(kit):
    return [each for each in kit.components if each.missing]


def test_names_that_pass_from_one_component_to_another_stay_with_their_pieces(context):
    kit, sister = desk.kit(), desk.kit("Robots mBot n° 4")
    desk.back(desk.lent(kit), Robot=("missing", 3))
    robots, cables = part(kit, "Robot"), part(kit, "Câble")
    numbers = robots.id, cables.id
    correct(kit, told(kit, Robot={"name": cables.name}, Câble={"name": robots.name}), also=[sister])
    by_id = {each.id: each for each in kit.components}
    assert [(by_id[number].name, by_id[number].here) for number in numbers] == [("Câble USB-C, 1 m", 3), ("Robot mBot2 monté", 4)]
    assert sorted(each.name for each in sister.components) == sorted(each.name for each in kit.components)
    is_accounted_for(kit)
    is_accounted_for(sister)


def test_a_sister_does_not_get_two_components_of_one_name(context):
    kit, sister = desk.kit(), desk.kit("Robots mBot n° 4")
    correct(sister, [*told(sister), {"name": "Câble long", "quantity": 1, "value_cents": None, "picture": None}])
    with pytest.raises(Invalid):
        correct(kit, told(kit, Câble={"name": "Câble long"}), also=[sister])
    assert part(kit, "Câble").name == "Câble USB-C, 1 m", "all or nothing"


def test_the_same_changes_in_a_sister_kit_that_has_them(context):
    tablet, kit, sister = desk.tablet(), desk.kit(), desk.kit("Robots mBot n° 4")
    correct(sister, told(sister, Tapis={"quantity": 0, "fate": PieceWhy.USED}))
    assert sisters(kit) == [sister]
    correct(kit, told(kit, Câble={"indispensable": True}, Tapis={"value_cents": 4000}), also=[sister])
    assert part(sister, "Câble").indispensable
    assert [each.name for each in sister.components] == ["Robot mBot2 monté", "Câble USB-C, 1 m"]
    with pytest.raises(NoSister):
        correct(kit, told(kit, Câble={"indispensable": False}), also=[tablet])


def test_fewer_pieces_that_are_lost_are_first_those_that_are_missing(context):
    kit = desk.kit()
    desk.back(desk.lent(kit), Câble=("missing", 3))
    correct(kit, told(kit, Câble={"quantity": 3, "fate": PieceWhy.LOST}))
    assert (part(kit, "Câble").quantity, part(kit, "Câble").here) == (3, 3)
    assert missing_now(kit) == []
    assert last_event(kit).move == "complete"
    is_accounted_for(kit)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, NothingChanges),
        ({"Câble": {"quantity": 3}}, FateUntold),
        ({"Tapis": {"quantity": 0}}, FateUntold),
        ({"Câble": {"name": "Tapis de parcours"}}, Invalid),
        ({each: {"quantity": 0, "fate": PieceWhy.LOST} for each in ("Robot", "Câble", "Tapis")}, WithoutComponents),
    ],
)
def test_refused_with_nothing_changed(context, change, refusal):
    kit = desk.kit()
    with pytest.raises(refusal):
        correct(kit, told(kit, **change))
    assert [each.quantity for each in kit.components] == [4, 4, 1]


def test_not_without_saying_what_becomes_of_a_component(context):
    kit = desk.kit()
    with pytest.raises(Untold):
        correct(kit, told(kit)[:2])


def test_what_is_not_here_does_not_go_to_the_stock(context):
    kit = desk.kit()
    desk.back(desk.lent(kit), Câble=("missing", 1))
    with pytest.raises(NotSoManyHere):
        correct(kit, told(kit, Câble={"quantity": 2, "fate": PieceWhy.TO_STOCK}))


def test_not_by_who_may_not(context):
    kit = desk.kit()
    with pytest.raises(Forbidden):
        correct(kit, told(kit, Câble={"quantity": 5}), role=Role.TECHNICIAN)


def test_what_became_of_a_piece_is_never_written_otherwise(context):
    desk.kit()
    for sql in ("UPDATE piece_moves SET delta = 9", "DELETE FROM piece_moves"):
        with pytest.raises(DatabaseError), db.session.begin_nested():
            db.session.execute(text(sql))
