"""What is missing, broken or lost is owed by whoever had it, shown where it matters, and settled by somebody who says how."""

import pytest
from sqlalchemy import text

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of, last_event, notes_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Conflict, Forbidden
from refurb.lending.debts.actions import hand_to_office, owe_again, settle_debt, take_from_office
from refurb.lending.debts.queries import WhichDebts, amounts_of, debt_listing, debts_by_number, debts_of_loan, open_damages, standing_of
from refurb.lending.debts.rules import AlreadyHanded, AlreadySettled, NotHanded, NothingToHand, NotSettled
from refurb.lending.loans.actions import take_back, undo_return
from refurb.lending.retention import erase_loans
from refurb.lending.shown import history_of
from refurb.lending.words import DebtEnd, DebtKind
from tests.lending.counter.pressing import scanned
from tests.lending.moves import WHY, fire
from tests.support.story import desk, people


def settled(debt, role=Role.DESK, how=DebtEnd.REPAID, note=None):
    with unit_of_work():
        settle_debt(people.actor(role), debt, how=how, note=note)


def owing(**missing):
    loan = desk.lent(desk.tablet())
    desk.back(loan, **(missing or {"Chargeur": ("missing", 0)}))
    return loan


def test_what_is_missing_is_owed_with_its_value(context):
    loan = owing()
    (debt,) = standing_of(loan.borrower).debts
    assert (debt.kind, debt.name, debt.quantity, debt.value_cents) == (DebtKind.MISSING, "Chargeur", 1, 1900)


def test_what_was_not_there_when_it_left_is_not_owed(context):
    loan = desk.lent(desk.kit(), Robot=("missing", 2))
    desk.back(loan)
    assert standing_of(loan.borrower).is_clear


def test_what_is_lost_is_owed_piece_by_piece_until_it_is_found(context):
    tablet = desk.tablet()
    loan = desk.lent(tablet)
    fire(tablet, "lose", **WHY)
    assert sorted(debt.name for debt in standing_of(loan.borrower).debts) == ["Chargeur", "Housse", "Tablette"]
    assert fire(tablet, "find").facts["settled"] == 3
    assert standing_of(loan.borrower).is_clear
    assert {debt.settled_how for debt in debts_of_loan(loan)} == {DebtEnd.FOUND}, "it stays, and says how it ended"


@pytest.mark.parametrize("brought", [True, False])
def test_completed_by_the_borrower_or_by_us(context, brought):
    loan = owing()
    fire(loan.lines[0].item, "complete", note="Chargeur", brought_back=brought)
    assert standing_of(loan.borrower).is_clear is brought


def test_what_somebody_else_still_owes_is_not_brought_by_the_next_one(context):
    loan = owing()
    item = loan.lines[0].item
    fire(item, "complete", note="Chargeur", brought_back=False)
    fire(item, "check", wiped=True)
    other = desk.lent(item, desk.borrower("Louis Petit"))
    desk.back(other, Housse=("missing", 0))
    assert fire(item, "complete", note="Housse", brought_back=True).facts["settled"] == 1
    assert standing_of(other.borrower).is_clear
    assert [debt.name for debt in standing_of(loan.borrower).debts] == ["Chargeur"]


def test_what_was_broken_before_it_left_is_not_owed_by_the_next_one(context):
    loan = owing(Housse=("damaged", None))
    item = loan.lines[0].item
    fire(item, "check", wiped=True, damages="kept")
    other = desk.lent(item, desk.borrower("Louis Petit"))
    desk.back(other, Housse=("damaged", None), Chargeur=("damaged", None))
    assert [debt.name for debt in standing_of(other.borrower).debts] == ["Chargeur"]
    assert [damage.component for damage in open_damages(item)] == ["Housse", "Chargeur"]


def test_somebody_says_that_it_is_settled(context):
    loan = owing()
    (debt,) = standing_of(loan.borrower).debts
    settled(debt, note="19 € en espèces")
    event = last_event(loan.borrower)
    assert event.facts == {"debt": debt.id, "how": "repaid", "loan": loan.id}
    assert notes_of([event])[event.id] == {"note": "19 € en espèces"}
    with pytest.raises(AlreadySettled):
        settled(debt)


def again(debt, role=Role.DESK):
    with unit_of_work():
        owe_again(people.actor(role), debt)


def test_what_was_settled_by_mistake_is_owed_again(context):
    loan = owing()
    (debt,) = standing_of(loan.borrower).debts
    with pytest.raises(NotSettled):
        again(debt)
    settled(debt)
    with pytest.raises(Forbidden):
        again(debt, Role.OBSERVER)
    again(debt)
    assert standing_of(loan.borrower).debts == [debt]
    assert [event.move for event in events_of(loan.borrower)][:2] == ["owed_again", "settled"]
    settled(debt, how=DebtEnd.WAIVED)


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PRESCRIBER, Role.OBSERVER])
def test_not_by_who_may_not_lend(context, role):
    (debt,) = standing_of(owing().borrower).debts
    with pytest.raises(Forbidden):
        settled(debt, role)


def test_the_database_knows_no_end_without_a_how(context):
    owing()
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(text("UPDATE debts SET settled_at = since"))


@pytest.mark.both_databases
def test_a_lost_thing_is_never_said_to_be_back(app, signed_in):
    with app.app_context():
        tablet = desk.tablet()
        loan = desk.lent(tablet)
        fire(tablet, "lose", **WHY)
        reference, card, code = loan.reference, loan.borrower.code, tablet.code
    agent = signed_in(Role.DESK)
    page = agent.get(f"/prets/{reference}").text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Déclaré perdu le" in page
    assert "Rendu le" not in page
    assert "220,50" in page
    person = agent.get(f"/emprunteurs/{card}").text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "3 choses à régler" in person
    assert "3 choses à régler" in agent.get("/emprunteurs").text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Aucun retard" not in person
    assert "Rapporté, payé ou laissé" in scanned(agent, card).text
    assert "Dû pour ce matériel" in agent.get(f"/materiel/{code}").text
    agent.submit(f"/materiel/{code}/declarer-retrouve", {})
    assert "Dû pour ce matériel" not in agent.get(f"/materiel/{code}").text
    page = agent.get(f"/prets/{reference}").text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Retrouvé le" in page
    assert "Reste à régler" not in page


@pytest.mark.both_databases
def test_settled_from_the_page_and_by_json(app, signed_in):
    with app.app_context():
        loan = owing(Chargeur=("missing", 0), Housse=("missing", 0))
        card = loan.borrower.code
        numbers = [debt.id for debt in standing_of(loan.borrower).debts]
    agent = signed_in(Role.DESK)
    assert agent.submit(f"/emprunteurs/{card}/dettes/{numbers[0]}", {"how": "found"}).status_code == 422
    assert agent.submit(f"/emprunteurs/{card}/dettes/{numbers[0]}", {"how": "brought"}).status_code == 303
    assert f"/emprunteurs/{card}/dettes/{numbers[0]}/de-nouveau-due" in agent.get(f"/emprunteurs/{card}").text
    assert agent.submit(f"/emprunteurs/{card}/dettes/{numbers[0]}/de-nouveau-due", {}).status_code == 303
    assert agent.submit(f"/emprunteurs/{card}/dettes/{numbers[0]}/de-nouveau-due", {}).status_code == 409
    assert agent.submit(f"/emprunteurs/{card}/dettes/{numbers[0]}", {"how": "brought"}).status_code == 303
    head = {"X-CSRFToken": agent.token()}
    done = agent.post(f"/api/v1/borrowers/{card}/debts/{numbers[1]}/settle", json={"how": "waived"}, headers=head)
    assert done.json["debts"] == []
    assert "Aucun retard, rien à régler" in agent.get(f"/emprunteurs/{card}").text
    assert agent.get(f"/emprunteurs/{card}/dettes/999").status_code == 404


def office(*debts, role=Role.DESK):
    with unit_of_work():
        return hand_to_office(people.actor(role), [each.id for each in debts])


def test_the_finance_office_is_told_once_and_that_is_taken_back_with_a_reason(context):
    kit, agent = desk.kit(), people.actor(Role.DESK)
    loan = desk.lent(kit)
    desk.back(loan, Robot=("missing", 3), Câble=("damaged", None))
    missing, broken = standing_of(loan.borrower).debts
    assert [row.id for row in debt_listing(agent, WhichDebts.TO_HAND).page(1, "").rows] == [missing.id, broken.id]
    assert amounts_of(WhichDebts.TO_HAND) == [(12900, 1), (None, 1)]
    for numbers in ([], [missing.id, 999]):
        with pytest.raises(NothingToHand), unit_of_work():
            hand_to_office(agent, numbers)
    with pytest.raises(Forbidden):
        office(missing, role=Role.TECHNICIAN)
    office(missing)
    assert amounts_of(WhichDebts.HANDED) == [(12900, 1)]
    assert (missing.handed_by, last_event(loan.borrower).move) == (agent.id, "handed_to_office")
    with pytest.raises(AlreadyHanded):
        office(broken, missing)
    assert broken.handed_at is None, "all or nothing"
    with unit_of_work():
        settle_debt(agent, missing, how=DebtEnd.REPAID)
        settle_debt(agent, broken, how=DebtEnd.WAIVED)
    with pytest.raises(AlreadySettled):
        office(broken)
    assert amounts_of(WhichDebts.HANDED) == [], "nothing is owed of it any more"
    (row,) = debt_listing(agent, WhichDebts.HANDED).page(1, "").rows
    assert (row.id, row.settled_how) == (missing.id, DebtEnd.REPAID), "the office sees that it was paid"
    with unit_of_work():
        take_from_office(agent, missing, reason="payé la veille")
    assert "payé la veille" in history_of(loan.borrower)[0].text
    with pytest.raises(NotHanded), unit_of_work():
        take_from_office(agent, missing, reason="encore")
    assert list(debts_by_number([missing.id])) == [missing]


def test_what_the_office_was_told_of_is_not_told_again_after_a_return_noted_anew(context):
    loan = desk.lent(desk.kit())
    for robots, handed in ((3, False), (3, True), (2, False)):
        desk.back(loan, Robot=("missing", robots))
        (debt,) = standing_of(loan.borrower).debts
        assert (debt.handed_at is not None) is handed, "of more than it was told, it is told"
        if debt.handed_at is None:
            office(debt)
        with unit_of_work():
            undo_return(people.actor(Role.DESK), loan.lines[0], reason="erreur")


def test_what_is_mended_after_its_loan_was_erased_keeps_no_picture(context):
    kit, agent = desk.kit(), people.actor(Role.DESK)
    loan = desk.lent(kit)
    (line,) = loan.lines
    with unit_of_work():
        robot = line.counts[0].id
        take_back(agent, line, desk.all_there(line.counts, Robot=("damaged", None)), photos={robot: b"robot"})
    (damage,) = open_damages(kit)
    with unit_of_work():
        damage.note = "roue cassée"
        erase_loans([loan.id])
    assert damage.photo is not None, "still broken"
    fire(kit, "check", damages="mended")
    assert (damage.photo, damage.note) == (None, None)


def test_what_is_owed_on_screen_as_a_table_and_by_json(signed_in, app):
    with app.app_context():
        loan = desk.lent(desk.kit())
        desk.back(loan, Robot=("missing", 3), Câble=("damaged", None))
        missing, broken = (each.id for each in standing_of(loan.borrower).debts)
        code = loan.borrower.code
    agent = signed_in(Role.DESK)
    assert "129,00" in agent.get("/emprunteurs/dus").text
    table = agent.get("/emprunteurs/dus.csv").text
    assert "129,00" in table
    assert "non estimée" in table
    assert "0,00\r" not in table
    assert agent.submit("/emprunteurs/dus", {}).status_code == 422
    with app.app_context():
        settled(debts_by_number([broken])[0])
    refused = agent.submit("/emprunteurs/dus", {"debt": [str(missing), str(broken)]})
    assert (refused.status_code, f'value="{missing}" checked' in refused.text) == (409, True)
    with app.app_context():
        again(debts_by_number([broken])[0])
    assert agent.submit("/emprunteurs/dus", {"debt": missing}).status_code == 303
    assert "Transmis le" in agent.get("/emprunteurs/dus?quoi=transmises").text
    assert "Transmis au service financier" in agent.get(f"/emprunteurs/{code}").text
    path = f"/emprunteurs/{code}/dettes/{missing}/non-transmise"
    assert "129,00" in agent.get(path).text
    assert agent.submit(path, {"reason": ""}).status_code == 422
    assert agent.submit(path, {"reason": "pas reçu"}).status_code == 303
    headers = {"X-CSRFToken": agent.token()}
    assert [each["value_cents"] for each in agent.get("/api/v1/debts").json["items"]] == [12900, None]
    assert agent.post("/api/v1/debts/hand", json={"debts": [missing, broken]}, headers=headers).json["debts"][1]["handed_at"]
    many = agent.post("/api/v1/debts/hand", json={"debts": [broken] * 501}, headers=headers)
    assert many.json["fields"]["debts"][0]["code"] == "debt.too_many"
    repeated = agent.post("/api/v1/debts/hand", json={"debts": [broken]}, headers=headers)
    assert (repeated.status_code, repeated.json["code"]) == (409, "debt.already_handed")
    assert (
        agent.post(f"/api/v1/borrowers/{code}/debts/{broken}/not_handed", json={"reason": "x"}, headers=headers).json["handed_at"] is None
    )
