"""Which rule holds for whom: the one that names most wins, those that lost are told; reservations are made under what won."""

from dataclasses import replace

import pytest

from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.guarantees.rules import NotLentToThem, OnSiteOnly
from refurb.lending.reservations.deciding import rulings_of
from refurb.lending.reservations.rules import TooFarAhead
from refurb.lending.reservations.words import ReservationState
from refurb.lending.rulings import TermsRule, ruling_of
from refurb.lending.terms import loan_policy
from refurb.lending.words import BorrowerKind
from tests.lending.reserving import reserved
from tests.support.story import desk, people

PERSON, STRUCTURE = BorrowerKind.PERSON, BorrowerKind.ORGANISATION
EVERYBODY = TermsRule("tous", None, None, None, {"advance": 30, "longest": 10})
KITS = TermsRule("malles", "kit", None, None, {"advance": 60})
STRUCTURES = TermsRule("structures", None, STRUCTURE, None, {"advance": 90, "at_once": 20})
HERE = TermsRule("malles des structures, ici", "kit", STRUCTURE, 1, {"advance": 120})
RULES = (HERE, STRUCTURES, KITS, EVERYBODY)


def test_the_rule_that_names_most_wins_and_the_others_are_told():
    ruling = ruling_of(RULES, "kit", STRUCTURE, 1)
    assert ruling.changes == {"advance": 120, "longest": 10, "at_once": 20}
    assert ruling.won["advance"] is HERE
    assert list(ruling.lost["advance"]) == [EVERYBODY, STRUCTURES, KITS]
    assert ruling_of(RULES, "kit", STRUCTURE, 2).won["advance"] is KITS, "a category says more than who borrows"
    assert ruling_of(RULES, "tablet", PERSON, 1).changes == {"advance": 30, "longest": 10}


def test_of_two_that_name_as_much_the_later_wins():
    later = TermsRule("malles, depuis", "kit", None, None, {"advance": 7})
    assert ruling_of((KITS, later), "kit", PERSON, 1).won["advance"] is later
    assert ruling_of((later, KITS), "kit", PERSON, 1).won["advance"] is KITS


@pytest.fixture
def ruled(monkeypatch):
    """Put rules in force for a test."""

    def rule(*rules):
        policy = replace(loan_policy(), rules=rules)
        for module in ("actions", "deciding"):
            monkeypatch.setattr(f"refurb.lending.reservations.{module}.loan_policy", lambda: policy)

    return rule


def test_a_reservation_is_made_under_what_won(context, ruled):
    kit = desk.kit()
    ruled(TermsRule("malles, un mois d'avance", "kit", PERSON, None, {"advance": 20}))
    with pytest.raises(TooFarAhead):
        reserved(kit, starts=40, ends=55)
    somebody = desk.borrower("Hortense")
    people.settle()
    with unit_of_work():
        somebody.organisation_id = 2
    assert somebody.kind is STRUCTURE
    assert reserved(kit, who=somebody, starts=40, ends=55).state is ReservationState.APPROVED


def test_what_stays_here_or_is_not_for_them_is_refused(context, ruled):
    kit = desk.kit()
    ruled(TermsRule("sur place", "kit", None, 1, {"on_site": True}))
    with pytest.raises(OnSiteOnly):
        reserved(kit)
    ruled(TermsRule("structures seulement", "kit", PERSON, None, {"not_lent": True}))
    with pytest.raises(NotLentToThem):
        reserved(kit)
    ruled(TermsRule("avec accord", None, PERSON, None, {"approval": True}))
    assert reserved(kit).state is ReservationState.PENDING


def test_a_reservation_tells_which_rules_hold_of_it(context, ruled):
    made = reserved(desk.kit())
    assert rulings_of(made) == {}
    ruled(KITS, EVERYBODY)
    (ruling,) = rulings_of(made).values()
    assert ruling.won["advance"] is KITS
    assert list(ruling.lost["advance"]) == [EVERYBODY]
