"""Which rule, which line, which version, and which lines lost: of a day of return, of a reservation, of a refusal."""

from datetime import date, timedelta

import pytest

from refurb.directory.agenda.queries import days_of
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.policy_versions import in_force_today
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.lending.loans.queries import rulings_of
from refurb.lending.loans.rules import DueOutOfBounds
from refurb.lending.reservations.actions import reserve
from refurb.lending.reservations.deciding import keeping_ruling
from refurb.lending.reservations.rules import TooFarAhead, TooLong, TooManyAtOnce
from refurb.lending.terms import LOANS, loan_policy
from tests.directory.policies.trying import adopted
from tests.lending.counter.test_hear import hear
from tests.support.story import desk, people

MONDAY = date(2027, 3, 1)
"""28 days later is Easter Monday, 29 March 2027."""


def said(ruling):
    return [
        ruling.won.said.replace("\xa0", " ").replace("\u202f", " "),
        *(each.said.replace("\xa0", " ").replace("\u202f", " ") for each in ruling.lost),
    ]


def test_the_usual_days_win_while_the_day_is_open(context):
    loans = loan_policy()
    ruling = loans.due_ruling(loans.terms("tablet"), MONDAY + timedelta(days=1), days_of(1))
    assert said(ruling) == ["Tablette : 28 jours", "Tablette : 56 jours au plus"]
    assert (ruling.name, ruling.version, ruling.title) == ("loans", loans.version, "Durées de prêt")


def test_a_closed_day_gives_way_to_the_next_open_one_and_that_to_the_longest(context):
    loans, days = loan_policy(), days_of(1)
    moved = loans.due_ruling(loans.terms("tablet"), MONDAY, days)
    assert said(moved) == ["Le premier jour ouvert ensuite", "Tablette : 28 jours", "Tablette : 56 jours au plus"]
    assert loans.due_date(loans.terms("tablet"), MONDAY, days) == date(2027, 3, 30)
    adopted("loans", ("longest = 56", "longest = 28"))
    capped = loan_policy().due_ruling(loan_policy().terms("tablet"), MONDAY, days)
    assert said(capped) == ["Tablette : 28 jours au plus", "Tablette : 28 jours", "Le premier jour ouvert ensuite"]


def test_a_loan_says_the_rule_under_which_it_was_made(context):
    loan = desk.lent(desk.tablet())
    adopted("loans", ("days = 28           # proposés", "days = 14"))
    (ruling,) = rulings_of(loan).values()
    assert ruling.version == loan.policy_version != loan_policy().version
    assert ruling.number == 1
    assert "Tablette : 28 jours" in said(ruling)
    desk.made_due(loan, today() + timedelta(days=3))
    (agreed,) = rulings_of(loan).values()
    assert agreed.won.said.startswith("Le jour convenu")


def test_what_leaves_is_due_by_the_rule_for_whoever_takes_it(context):
    """A rule for some said `days` and `longest`, and departures asked the category alone."""
    people.settle()
    adopted(
        "loans",
        (
            "[categories.tablet]",
            '[[rules]]\nname = "Structures"\nborrower = "organisation"\ndays = 70\nlongest = 80\n\n[categories.tablet]',
        ),
    )
    structure, somebody = desk.borrower("Hortense Structure"), desk.borrower("Odile Particulière")
    with unit_of_work():
        structure.organisation_id = 2
    loans, days = loan_policy(), days_of(1)
    far = loans.next_open(today() + timedelta(days=60), days)
    tablet = desk.tablet()
    with pytest.raises(DueOutOfBounds):
        desk.lent(tablet, somebody, far)
    shown = hear(structure.code, tablet.code).lines[0]
    assert shown.due_on == loans.next_open(today() + timedelta(days=70), days)
    assert shown.latest > far
    loan = desk.lent(tablet, structure)
    assert loan.lines[0].due_on == shown.due_on
    (ruling,) = rulings_of(loan).values()
    assert "Tablette (Structures) : 70 jours" in said(ruling)
    assert "Tablette : 28 jours" in said(ruling)
    assert "Tablette : 28 jours" in said(rulings_of(desk.lent(desk.tablet("R52N30LOST0", "Tablette n° 3"), somebody)).popitem()[1])


def test_a_version_that_nobody_kept_rules_nothing(context):
    assert LOANS.decided_under("0" * 12) is None
    assert in_force_today("loans") == ()
    assert LOANS.decided_under(loan_policy().version).most_items == 10


def asked(first, last, quantity=1):
    item, who = desk.tablet(), desk.borrower()
    days = days_of(1)
    loans = loan_policy()
    first = loans.next_open(today() + timedelta(days=first), days)
    lines = [{"product_id": item.product_id, "quantity": quantity}]
    with unit_of_work():
        return reserve(people.actor(Role.DESK), who, from_on=first, to_on=loans.next_open(first + timedelta(days=last), days), lines=lines)


@pytest.mark.parametrize(
    ("first", "last", "quantity", "refusal", "line"),
    [
        (200, 7, 1, TooFarAhead, "Tablette : réservable 180 jours à l'avance"),
        (10, 70, 1, TooLong, "Tablette : 56 jours au plus"),
        (10, 7, 11, TooManyAtOnce, "Tablette : 10 à la fois"),
    ],
)
def test_a_refused_reservation_names_the_line_that_refuses_it(context, first, last, quantity, refusal, line):
    with pytest.raises(refusal) as caught:
        asked(first, last, quantity)
    assert said(caught.value.ruling)[0].replace("’", "'") == line
    assert "ruling" not in caught.value.facts


def test_a_reservation_says_until_when_it_is_kept_and_why(context):
    made = asked(10, 7)
    ruling = keeping_ruling(made)
    assert said(ruling) == ["Tablette : attendu 2 jours", "La fin des jours réservés"]
