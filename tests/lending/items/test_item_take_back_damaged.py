"""A thing comes back whole and broken: « Rendu abîmé », a fact of the thing and a debt of the borrower."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.debts.queries import open_damages, standing_of
from refurb.lending.items.rules import DamageUnsaid, NothingDamaged, SomethingDamaged
from refurb.lending.loans.actions import take_back
from refurb.lending.words import DebtKind, ItemState
from tests.lending.counter.pressing import scanned
from tests.lending.moves import fire, refused_from, refused_to
from tests.support.story import desk, people


def broken(tablet, note="Écran rayé"):
    loan = desk.lent(tablet)
    counts = desk.all_there(loan.lines[0].counts, Tablette=("damaged", None))
    counts[0]["note"] = note
    with unit_of_work():
        take_back(people.actor(Role.DESK), loan.lines[0], counts)
    return loan


def test_it_works(context):
    tablet = desk.tablet()
    loan = broken(tablet)
    (damage,) = open_damages(tablet)
    assert (damage.component, damage.note) == ("Tablette", "Écran rayé")
    (debt,) = standing_of(loan.borrower).debts
    assert (debt.kind, debt.name, debt.quantity, debt.value_cents) == (DebtKind.DAMAGED, "Tablette", 1, 18900)
    assert tablet.state is ItemState.TO_CHECK
    assert loan.lines[0].is_damaged


def test_what_was_broken_when_it_left_is_nobody_s_debt(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet, Housse=("damaged", None))
    desk.back(loan, Housse=("damaged", None))
    assert standing_of(loan.borrower).is_clear
    assert open_damages(tablet) == []


def test_how_much_of_a_set_is_broken_is_not_known(context):
    loan = desk.lent(desk.kit())
    desk.back(loan, Robot=("damaged", None))
    (debt,) = standing_of(loan.borrower).debts
    assert debt.value_cents is None


def test_it_is_lent_again_only_once_somebody_said_what_became_of_it(context):
    tablet = desk.tablet()
    broken(tablet)
    with pytest.raises(DamageUnsaid):
        fire(tablet, "check", wiped=True)
    assert fire(tablet, "check", wiped=True, damages="kept").facts["damages"] == "kept"
    assert len(open_damages(tablet)) == 1, "it stays broken, and whoever lends it sees that"


def test_mended_it_is_whole(context):
    tablet = desk.tablet()
    loan = broken(tablet)
    fire(tablet, "check", wiped=True, damages="mended")
    assert open_damages(tablet) == []
    assert not standing_of(loan.borrower).is_clear, "who broke it still owes it"


@pytest.mark.parametrize(
    ("said", "state", "refusal"), [("take_back", "damaged", SomethingDamaged), ("take_back_damaged", "complete", NothingDamaged)]
)
def test_not_said_otherwise_than_it_was_counted(context, said, state, refusal):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    with pytest.raises(refusal):
        fire(tablet, said, counts=desk.all_there(loan.lines[0].counts, Tablette=(state, None)))
    assert tablet.state is ItemState.LENT


def test_not_what_is_here(context):
    refused_from(desk.tablet(), "take_back_damaged", ItemState.AVAILABLE)


def test_not_by_the_workshop(context):
    tablet = desk.tablet()
    desk.lent(tablet)
    refused_to(tablet, "take_back_damaged")


def test_the_pages_say_it(app, signed_in):
    with app.app_context():
        tablet = desk.tablet()
        loan = broken(tablet)
        reference, code, card = loan.reference, tablet.code, loan.borrower.code
    agent = signed_in(Role.DESK)
    item = agent.get(f"/materiel/{code}").text
    assert "Rendu abîmé" in item
    assert "Rendu complet" not in item
    assert "Écran rayé" in item
    assert "Tout fonctionne" not in agent.get(f"/materiel/{code}/remettre-au-pret").text
    assert agent.submit(f"/materiel/{code}/remettre-au-pret", {"wiped": "1"}).status_code == 422
    assert "Rendu abîmé" in agent.get(f"/prets/{reference}").text
    person = agent.get(f"/emprunteurs/{card}").text
    assert "1 chose à régler" in person.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Aucun retard" not in person
    assert "189,00" in scanned(agent, card).text
    assert agent.get(f"/api/v1/items/{code}").json["damages"][0]["note"] == "Écran rayé"
