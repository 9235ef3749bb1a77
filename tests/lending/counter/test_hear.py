"""What is scanned at the counter becomes a pile: whose it is, what comes back, what leaves, what stays out, and why."""

from datetime import datetime, time, timedelta

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today, zone
from refurb.kernel.speech.errors import Forbidden
from refurb.lending.counter.actions import bags, exceptions
from refurb.lending.counter.actions import piles as actions
from refurb.lending.counter.counting import day_or_none
from refurb.lending.counter.models import Pile
from refurb.lending.counter.queries import (
    expected_today,
    instead_of,
    last_recorded,
    lines_out,
    open_pile,
    piles_aside,
    piles_of_other_days,
    things_to_put_back,
    to_be_signed,
)
from refurb.lending.counter.rules import NothingForTheBag, PileGone
from refurb.lending.counter.shown import loan_to_be, shown_pile
from refurb.lending.counter.words import PileLineKind
from refurb.lending.kits.actions import label_pieces
from refurb.lending.loans.pdf import agreement
from refurb.lending.reservations.packing import pack, packed_items
from tests.lending.reserving import fire, reserved
from tests.support.story import desk, people


def agent():
    return people.actor(Role.DESK)


def hear(*typed, who=None):
    for each in typed:
        with unit_of_work():
            actions.hear(who or agent(), each)
    return shown_pile(open_pile(who or agent()))


def pressed(deed, *told):
    with unit_of_work():
        return deed(actions.counter_of(agent(), open_pile(agent()).id), *told)


def heard():
    return open_pile(agent()).heard["code"]


def test_the_order_of_scans_does_not_matter(context):
    tablet, kit, who = desk.tablet(), desk.kit(), desk.borrower()
    shown = hear(tablet.code.lower(), who.code, kit.code)
    assert shown.pile.borrower == who
    assert [each.item for each in shown.leaving] == [kit, tablet]
    assert not shown.returning
    assert loan_to_be(shown).borrower is who
    assert "Tablette n° 1" in str(agreement(loan_to_be(shown)))


def test_what_is_out_comes_back_without_a_card_and_says_whose_it_was(context):
    loan = desk.lent(desk.tablet())
    shown = hear(loan.lines[0].item.code)
    [line] = shown.returning
    assert line.row.kind is PileLineKind.RETURNS
    assert line.line.loan == loan
    assert shown.pile.borrower is None
    assert lines_out([line.item])[line.item.id] == loan.lines[0]


def test_what_is_there_already_is_said_and_stays_once(context):
    tablet = desk.tablet()
    shown = hear(tablet.code, tablet.code)
    assert len(shown.lines) == 1
    assert shown.pile.heard["code"] == "counter.heard_there"


@pytest.mark.parametrize(("typed", "code"), [("zzzzzzz", "code.unreadable"), ("", "code.unreadable")])
def test_nonsense_is_told_and_changes_nothing(context, typed, code):
    shown = hear(desk.tablet().code, typed)
    assert shown.pile.heard["code"] == code
    assert len(shown.lines) == 1


def test_what_waits_to_be_checked_stays_out_with_its_reason(context):
    kit = desk.kit()
    desk.back(desk.lent(kit))
    shown = hear(kit.code)
    assert shown.refused == 1
    assert shown.lines[0].row.refusal["code"] == "item.not_available"
    assert kit in things_to_put_back(kit.site_id)


def test_a_first_card_replaces_nobody_and_another_asks(context):
    tablet, first, second = desk.tablet(), desk.borrower("Berthe Première"), desk.borrower("Camille Seconde")
    shown = hear(first.code, second.code)
    assert shown.pile.borrower == second, "nothing lay there yet"
    shown = hear(tablet.code, first.code)
    assert shown.pile.asks
    assert (shown.pile.borrower, shown.pile.retained) == (second, first)


def test_the_first_card_again_finishes_and_the_second_again_puts_aside(context):
    tablet, first, second = desk.tablet(), desk.borrower("Berthe Première"), desk.borrower("Camille Seconde")
    shown = hear(first.code, tablet.code, second.code, first.code)
    assert not shown.pile.asks
    assert shown.pile.borrower == first
    shown = hear(second.code, second.code)
    assert shown.pile.borrower == second
    assert not shown.lines
    [aside] = piles_aside(agent())
    assert aside.borrower == first
    with unit_of_work():
        actions.take_up(agent(), aside.id)
    assert open_pile(agent()).borrower == first
    with pytest.raises(PileGone), unit_of_work():
        actions.take_up(agent(), 10_000)


def test_a_pile_is_put_aside_finished_or_handed_over_by_a_press(context):
    tablet, first, second = desk.tablet(), desk.borrower("Berthe Première"), desk.borrower("Camille Seconde")
    hear(first.code, tablet.code, second.code)
    pressed(actions.finish_first)
    assert not open_pile(agent()).asks
    hear(second.code)
    pressed(actions.keep_drawing, b"drawn")
    pressed(actions.hand_over)
    shown = shown_pile(open_pile(agent()))
    assert shown.pile.borrower == second
    assert shown.is_void, "it was signed by another"
    assert shown.changes
    pressed(actions.wipe_drawing)
    hear(first.code)
    pressed(actions.put_aside)
    assert open_pile(agent()).borrower == first
    pressed(actions.clear)
    assert open_pile(agent()) is None


def test_somebody_without_a_card_is_one_press_away(context):
    who = desk.borrower()
    with unit_of_work():
        actions.choose_person(agent(), who.code)
    pile = open_pile(agent())
    assert (pile.borrower, pile.by_card) == (who, False)


def test_every_account_has_its_own_counter(context):
    tablet, other = desk.tablet(), people.actor(Role.ADMIN)
    hear(tablet.code)
    shown = hear(desk.kit().code, who=other)
    assert len(shown.lines) == 1
    with pytest.raises(PileGone), unit_of_work():
        actions.counter_of(agent(), shown.pile.id)


def test_who_may_not_lend_has_no_counter(context):
    code = desk.kit().code
    with pytest.raises(Forbidden), unit_of_work():
        actions.hear(people.actor(Role.TECHNICIAN), code)


def test_what_is_reserved_for_another_stays_out_until_somebody_says_why(context):
    kit = desk.kit()
    code = kit.code
    reserved(kit, who=desk.borrower("Berthe Première"), starts=0)
    other = desk.borrower("Camille Seconde")
    shown = hear(other.code, code)
    [line] = shown.lines
    assert line.row.refusal["code"] == "counter.reserved"
    assert list(instead_of(line.item)) == []
    pressed(exceptions.let_leave, line.row.id, "Elle vient ce soir")
    shown = shown_pile(open_pile(agent()))
    assert len(shown.leaving) == 1
    pressed(actions.take_out, line.row.id)
    assert not open_pile(agent()).lines


def test_it_leaves_to_whoever_reserved_it_even_when_scanned_before_the_card(context):
    kit, who = desk.kit(), desk.borrower("Berthe Première")
    code = kit.code
    made = reserved(kit, who=who, starts=0)
    shown = hear(code)
    assert shown.refused == 1, "to whom is not said yet"
    shown = hear(who.code)
    assert shown.leaving[0].is_reserved
    assert shown.leaving[0].due_on == made.to_on, "others may have it after the day that was agreed on"


def test_what_is_left_on_a_counter_goes_with_the_day(context):
    hear(desk.tablet().code)
    with at(now() + timedelta(days=1)):
        assert open_pile(agent()) is None
        assert len(piles_of_other_days()) == 1
        with unit_of_work():
            assert actions.clear_counters() == 1
    assert db.session.query(Pile).count() == 0


def test_what_was_left_yesterday_is_in_nobodys_way_before_the_worker_came(context):
    who = desk.borrower()
    hear(desk.tablet().code)
    pressed(actions.put_aside)
    hear(who.code)
    with at(now() + timedelta(days=1)):
        number = hear(who.code).pile.id
        pressed(actions.put_aside)
        hear(who.code)
        with unit_of_work():
            assert actions.take_up(agent(), number).id == number
        assert db.session.query(Pile).count() == 1


def test_what_is_counted_is_kept_on_the_server(context):
    kit = desk.kit()
    line = hear(kit.code).lines[0]
    robots = kit.components[0].id
    pressed(actions.keep_told, {line.row.id: {"answers": {str(robots): {"state": "missing", "quantity": "3"}}, "due_on": None}})
    [shown] = shown_pile(open_pile(agent())).lines
    assert shown.is_incomplete
    assert len(shown.left) == 2
    pressed(actions.all_there, line.row.id)
    [shown] = shown_pile(open_pile(agent())).lines
    assert not shown.left
    assert shown.told[0] == {"component": robots, "state": "missing", "quantity": "3"}
    assert day_or_none(today(), today()) is None


def test_who_comes_today_and_what_waits_to_be_signed(context):
    who = desk.borrower()
    booked = reserved(desk.kit(), who=who, starts=0)
    loan = desk.lent(desk.tablet(), desk.borrower("Camille Seconde"))
    assert loan in to_be_signed()
    with at(datetime.combine(booked.from_on, time(12), zone())):
        fetched, due = expected_today(loan.site_id)
    assert [each.borrower for each in fetched] == [who]
    assert not due
    assert last_recorded(agent()) is None


def test_the_label_on_a_piece_opens_its_kit_and_counts(context):
    kit = desk.kit()
    mat = kit.components[2]
    with unit_of_work():
        [code] = label_pieces(agent(), kit, component=mat.id)
    [line] = hear(code).lines
    assert line.item == kit
    assert heard() == "counter.heard_piece"
    assert [each.state for each in line.counted] == ["", "", "complete"]


def packed(*items, **more):
    made = reserved(*items, **more)
    with unit_of_work():
        for each in items:
            pack(agent(), made, each)
    return made


def test_a_bag_opens_by_one_scan_of_what_lies_in_it(context):
    kits, who = [desk.kit(f"Malle {number}") for number in range(2)], desk.borrower()
    bag = packed(*kits, who=who)
    shown = hear(kits[1].code)
    assert shown.pile.borrower == who
    assert {each.item.id for each in shown.leaving} == {each.id for each in kits}
    assert shown.pile.heard["code"] == "counter.heard_bag"
    assert (shown.pile.heard["tone"], shown.pile.heard["facts"]["reference"]) == ("ok", bag.reference)
    assert len(hear(bag.reference, kits[0].code).lines) == 2


def test_a_bag_that_is_half_packed_is_said_to_be(context):
    tablet, kit = desk.tablet(), desk.kit()
    made = reserved(tablet, kit)
    with unit_of_work():
        pack(agent(), made, kit)
    shown = hear(made.reference.lower())
    assert [each.item for each in shown.leaving] == [kit]
    assert (shown.pile.heard["tone"], shown.pile.heard["facts"]["here"], shown.pile.heard["facts"]["all"]) == ("wait", 1, 2)
    fire(made, "cancel", reason="plus besoin")
    assert hear(made.reference).pile.heard["code"] == "reservation.not_to_come"


def test_what_lies_in_anothers_bag_stays_there(context):
    kits, other = [desk.kit(f"Malle {number}") for number in range(2)], desk.tablet()
    bag = packed(kits[0], who=desk.borrower("Aïcha"))
    shown = hear(desk.borrower("Berthe").code, other.code, kits[0].code)
    (line,) = [each for each in shown.lines if each.row.stays_out]
    assert line.row.refusal["code"] == "counter.in_a_bag"
    assert bag.reference in line.why
    shown = hear(bag.reference)
    assert shown.pile.asks, "a bag is its borrower's, as a card is"
    assert shown.pile.retained.name == "Aïcha"


def test_what_lies_in_anothers_bag_leaves_once_it_is_taken_out_or_where_it_is_back_before(context):
    kit, who = desk.kit(), desk.borrower("Berthe")
    bag = packed(kit, who=desk.borrower("Aïcha"))
    hear(who.code, desk.tablet().code)

    def scanned():
        return next(each for each in hear(kit.code).lines if each.item is kit)

    line = scanned()
    assert line.row.stays_out
    pressed(exceptions.let_leave, line.row.id, "Elle vient ce soir")
    assert line.row.override is None, "a reason takes nothing out of a bag"
    with unit_of_work():
        bags.take_from_bag(agent(), open_pile(agent()), line.row.id)
    assert packed_items([bag.id]) == {}
    assert heard() == "counter.reserved", "it is promised still, and leaves for a reason"
    fire(bag, "cancel", reason="plus besoin")
    with unit_of_work():
        actions.take_out(open_pile(agent()), line.row.id)
    packed(kit, who=desk.borrower("Cécile"), starts=50, ends=56)
    assert not scanned().row.stays_out, "it is back by then"


def test_what_lies_on_the_counter_is_packed_for_later_by_one_press(context):
    kit, tablet, who = desk.kit(), desk.tablet(), desk.borrower()
    made = reserved(kit, who=who)
    hear(who.code, tablet.code, kit.code)
    pile = open_pile(agent())
    with unit_of_work():
        bags.put_in_bag(agent(), pile, made.reference)
    assert [each.item for each in shown_pile(open_pile(agent())).lines] == [tablet]
    assert heard() == "counter.heard_packed"
    assert [each.id for each in packed_items([made.id])[made.id]] == [kit.id]
    with pytest.raises(NothingForTheBag), unit_of_work():
        bags.put_in_bag(agent(), open_pile(agent()), made.reference)
