"""Lending: things go out counted, signed and until a day, or stay here with the reason."""

from datetime import date, timedelta

import pytest

from refurb.directory.agenda.queries import days_of
from refurb.documents.models import Paper, PaperKind
from refurb.documents.signing import signing_for
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import broken_links, events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.lending.items.rules import CountedTwice, ItemOut, NotAvailable, NotCounted, WrongCount
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import Departure, lend
from refurb.lending.loans.rules import DueClosed, DueOutOfBounds, ItemTwice, NoItemScanned, NotSigned, TooMany
from refurb.lending.models import Borrower, Loan, LoanLine
from refurb.lending.terms import loan_policy
from refurb.lending.words import ComponentState, ItemState, LoanState
from tests.support.story import desk, people


def leave(item, counts=None, *, on_paper=True, due_on=None, role=Role.DESK, who=None):
    who = who or desk.borrower()
    with unit_of_work():
        return lend(people.actor(role), who, [Departure(item, counts or desk.all_there(item.components), due_on)], on_paper=on_paper)


def nothing_was_written():
    return db.session.query(Loan).count() == 0 and db.session.query(LoanLine).count() == 0 and db.session.query(Paper).count() == 0


def test_lend_works(context):
    tablet, kit, who = desk.tablet(), desk.kit(), desk.borrower()
    with unit_of_work():
        loan = lend(
            people.actor(Role.DESK),
            who,
            [Departure(tablet, desk.all_there(tablet.components)), Departure(kit, desk.all_there(kit.components, Câble=("missing", 3)))],
            on_paper=True,
        )
    assert loan.reference == f"PR-{today().year}-0001"
    assert loan.state is LoanState.OPEN
    assert [line.item.name for line in loan.lines] == ["Tablette n° 1", "Robots mBot n° 3"]
    assert {tablet.state, kit.state} == {ItemState.LENT}
    cables = next(count for count in loan.lines[1].counts if count.name.startswith("Câble"))
    assert (cables.quantity_expected, cables.quantity_out, cables.state_out, cables.quantity_back) == (4, 3, ComponentState.MISSING, None)
    assert loan.policy_version == loan_policy().version
    assert (loan.paper, signing_for(loan).paper_kind) == (None, PaperKind.LOAN)
    assert list(broken_links(db.session)) == []


def test_the_agreement_says_what_left_in_which_condition_and_that_it_is_a_loan_for_use(context):
    tablet = desk.tablet()
    counts = desk.all_there(tablet.components, Housse=("damaged", None))
    counts[2]["note"] = "couture ouverte"
    loan = leave(tablet, counts)
    text = str(signing_for(loan).content)
    for said in ("articles 1875", "Aïcha N'Diaye", "Chargeur", "couture ouverte", "220,50", "Aucune caution"):
        assert said in text
    assert f"'reference': '{loan.reference}'" in text


def test_the_day_proposed_is_never_a_closed_day(context):
    loan = leave(desk.tablet())
    assert loan_policy().is_open(loan.lines[0].due_on, days_of(loan.site_id))


def test_names_and_counts_stay_as_they_were_when_the_kit_changes(context):
    kit = desk.kit()
    loan = leave(kit)
    with unit_of_work():
        kit.components[0].name, kit.components[0].value_cents = "Robot neuf", 1
    assert loan.lines[0].counts[0].name == "Robot mBot2 monté"
    assert loan.lines[0].counts[0].value_cents == 12900


def test_the_history_of_a_loan_names_nobody(context):
    loan = leave(desk.tablet())
    assert "Diaye" not in str([event.facts for event in events_of(loan)])


def test_an_item_that_is_out_is_refused_without_naming_who_has_it(context):
    tablet = desk.tablet()
    first = leave(tablet, who=desk.borrower("Berthe Première"))
    with pytest.raises(ItemOut) as refused:
        leave(tablet, who=desk.borrower("Charles Second"))
    assert refused.value.facts["loan"] == first.reference
    assert "Berthe" not in str(refused.value.facts)
    assert db.session.query(Loan).count() == 1


@pytest.mark.parametrize("deed", ["send_to_repair", "lose"])
def test_an_item_that_cannot_be_lent_is_refused(context, deed):
    tablet = desk.tablet()
    with unit_of_work():
        item_machine.fire(tablet, deed, people.actor(Role.DESK), reason="écran fendu")
    with pytest.raises(NotAvailable):
        leave(tablet)
    assert nothing_was_written()


def test_one_item_that_cannot_leave_keeps_the_others_here(context):
    tablet, kit = desk.tablet(), desk.kit()
    leave(kit)
    with pytest.raises(ItemOut), unit_of_work():
        lend(
            people.actor(Role.DESK),
            db.session.query(Borrower).one(),
            [Departure(each, desk.all_there(each.components)) for each in (tablet, kit)],
            on_paper=True,
        )
    assert tablet.state is ItemState.AVAILABLE


def test_every_component_must_be_counted(context):
    tablet = desk.tablet()
    with pytest.raises(NotCounted) as refused:
        leave(tablet, desk.all_there(tablet.components)[:2])
    assert refused.value.facts == {"count": 1, "names": "Housse"}
    assert nothing_was_written()


def test_as_many_missing_as_none_is_refused(context):
    kit = desk.kit()
    with pytest.raises(WrongCount):
        leave(kit, desk.all_there(kit.components, Robot=("missing", 4)))


def test_a_component_of_another_item_does_not_count(context):
    tablet, other = desk.tablet(), desk.kit()
    with pytest.raises(NotCounted):
        leave(tablet, desk.all_there(other.components))


def test_nothing_leaves_unsigned(context):
    with pytest.raises(NotSigned):
        leave(desk.tablet(), on_paper=False)
    assert nothing_was_written()


def test_a_loan_of_nothing_is_refused(context):
    who = desk.borrower()
    with pytest.raises(NoItemScanned), unit_of_work():
        lend(people.actor(Role.DESK), who, [], on_paper=True)


def test_no_more_than_the_policy_lets_go(context):
    kit, who = desk.kit(), desk.borrower()
    with pytest.raises(TooMany), unit_of_work():
        lend(people.actor(Role.DESK), who, [Departure(kit)] * (loan_policy().most_items + 1), on_paper=True)


def test_the_same_item_twice_in_one_loan_is_refused(context):
    kit, who = desk.kit(), desk.borrower()
    with pytest.raises(ItemTwice), unit_of_work():
        counts = desk.all_there(kit.components)
        lend(people.actor(Role.DESK), who, [Departure(kit, counts), Departure(kit, counts)], on_paper=True)
    assert nothing_was_written()


def test_a_day_too_far_is_refused(context):
    tablet = desk.tablet()
    with pytest.raises(DueOutOfBounds):
        leave(tablet, due_on=today() + timedelta(days=200))
    with pytest.raises(DueOutOfBounds):
        leave(tablet, due_on=today())


def test_a_sunday_is_refused(context):
    tablet = desk.tablet()
    sunday = today() + timedelta(days=7 - today().weekday() + 6)
    with pytest.raises(DueClosed):
        leave(tablet, due_on=sunday)
    assert nothing_was_written()


def test_a_day_in_1900_is_refused(context):
    with pytest.raises(Invalid):
        leave(desk.tablet(), due_on=date(1900, 1, 1))


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PRESCRIBER, Role.OBSERVER])
def test_who_may_not_lend_is_refused(context, role):
    with pytest.raises(Forbidden):
        leave(desk.tablet(), role=role)


def test_a_kit_with_a_component_counted_twice_does_not_leave(context):
    kit, who = desk.kit(), desk.borrower()
    told = desk.all_there(kit.components)
    with pytest.raises(CountedTwice) as refused, unit_of_work():
        lend(people.actor(Role.DESK), who, [Departure(kit, [*told, told[0]])], on_paper=True)
    assert refused.value.facts["name"] == kit.components[0].name
    db.session.expire_all()
    assert (kit.state, db.session.query(LoanLine).count()) == (ItemState.AVAILABLE, 0)
