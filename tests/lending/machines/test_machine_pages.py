"""Machines on screen: a slot by the letter's link, an introduction, the journal; free or taken, never by whom."""

from datetime import timedelta

import pytest

from refurb.documents.links import make_link
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.machines.effects import SLOT_LINK
from refurb.lending.machines.models import MachineSlot, WorkMachine
from refurb.lending.machines.words import SlotState
from refurb.lending.supplies.actions import add_supply, move_supply
from refurb.lending.supplies.words import SupplyMoveKind
from tests.lending.fablab import a_day, booked, fire, printer, qualified, with_address
from tests.support.story import desk, people


@pytest.fixture
def told(app):
    """A machine, a day, and somebody who may use it."""
    with app.app_context():
        machine = printer()
        who = qualified(machine, with_address())
        return {"id": machine.id, "code": machine.code, "day": a_day(machine).isoformat(), "card": who.code, "name": who.name}


WHO = {"name": "Zoé Anonyme", "email": "zoe@chez.example", "phone": "", "minor": "", "minor_age": "", "is_adult": "1", "website": ""}


def test_from_the_week_to_a_slot_that_is_sure(client, told, app):
    assert client.get("/machines").status_code == 200
    assert "Imprimante 3D" in client.get("/emprunter").text
    path = f"/machines/{told['id']}"
    week = client.get(f"{path}?semaine={told['day']}&jour={told['day']}&heure=600").text
    assert "votre choix" in week
    ask = f"{path}/reserver?jour={told['day']}&heure=600"
    assert client.get(ask).status_code == 200
    assert client.submit(ask, WHO | {"email": ""}).status_code == 422
    assert client.submit(ask, WHO | {"minor": "Thibault"}).status_code == 422
    assert client.submit(ask, WHO | {"name": "Inconnue"}).status_code == 422
    assert client.submit(ask, WHO).status_code == 303
    assert client.submit(ask, WHO).status_code == 409
    assert client.get(f"{path}/demande-envoyee").status_code == 200
    with app.app_context():
        slot = db.session.query(MachineSlot).one()
        link = f"/mon-creneau/{make_link(SLOT_LINK, slot.id)}"
    page = client.get(f"{path}?semaine={told['day']}").text
    assert "pris" in page
    assert "Zoé" not in page
    assert "Confirmer mon créneau" in client.get(link).text
    assert client.submit(f"{link}/confirmer").status_code == 303
    assert client.submit(f"{link}/annuler").status_code == 303
    assert "Annulé" in client.get(link).text
    assert client.get("/machines/999").status_code == 404
    assert client.get(f"{path}/reserver?jour=demain").status_code == 404


def test_the_journal_from_a_booking_to_the_end_of_a_session(signed_in, told, app):
    keeper = signed_in(Role.DESK)
    path = f"/machines/{told['id']}"
    form = {"day": told["day"], "hour": "600", "slots": "1", "borrower": told["card"], "minor": "", "minor_age": ""}
    assert keeper.get(f"{path}/creneau").status_code == 200
    assert keeper.submit(f"{path}/creneau", form | {"borrower": "Personne"}).status_code == 422
    assert keeper.submit(f"{path}/creneau", form).status_code == 303
    assert told["name"] in keeper.get(f"{path}/journal").text
    with app.app_context():
        number = db.session.query(MachineSlot).one().id
    to_come = keeper.get(f"/creneaux/{number}").text
    assert "Non venu" in to_come, "it says why not yet"
    assert "/non-venu" not in to_come
    assert keeper.submit(f"/creneaux/{number}/commencer-la-seance").status_code == 303
    journal = keeper.get(f"{path}/journal").text
    assert all(each in journal for each in ("Finir la séance", 'name="grams"', f'action="/creneaux/{number}/finir-la-seance"')), "one press"
    assert keeper.get(f"/creneaux/{number}/finir-la-seance").status_code == 200
    done = {"minutes": "80", "grams": "46", "material": "PLA blanc", "result": "good"}
    assert keeper.submit(f"/creneaux/{number}/finir-la-seance", done).status_code == 303
    assert "46" in keeper.get(f"{path}/journal").text
    assert "PLA blanc" in keeper.get(f"/creneaux/{number}").text
    with app.app_context():
        assert db.session.query(MachineSlot).one().state is SlotState.DONE
    assert signed_in(Role.TECHNICIAN).get(f"{path}/journal").status_code == 403


def test_the_sessions_of_a_month_are_a_file_with_their_spools(signed_in, app):
    with app.app_context():
        with unit_of_work():
            white = add_supply(people.actor(Role.DESK), name="PLA blanc", unit="g", low_at=150)
            move_supply(people.actor(Role.DESK), white, kind=SupplyMoveKind.RECEIVED, quantity=200, site_id=1)
        machine = printer(supply_id=white.id)
        slot = booked(machine)
        fire(slot, "start")
        fire(slot, "finish", minutes=80, grams=60, material=None, result="good")
        number, month, who = machine.id, slot.day.replace(day=1), slot.borrower.name
    keeper = signed_in(Role.DESK)
    journal = keeper.get(f"/machines/{number}/journal").text.replace("\xa0", " ").replace("\u202f", " ")
    assert all(each in journal for each in ("Fil en stock", "140 g", "sous le seuil de 150 g", f"/machines/{number}/seances.csv"))
    told = keeper.get(f"/machines/{number}/seances.csv?mois={month}").data.decode("utf-8-sig").splitlines()
    assert told[0] == "Jour;Heure;Qui;Durée, min;Matière, g;Bobine;Matière;La pièce"
    assert [line.split(";")[2:] for line in told[1:]] == [[who, "80", "60", "PLA blanc", "", "Réussie"]]
    before = (month - timedelta(days=1)).replace(day=1)
    assert keeper.get(f"/machines/{number}/seances.csv?mois={before}").data.decode("utf-8-sig").splitlines() == told[:1]
    assert keeper.get(f"/machines/{number}/seances.csv?mois=9999-12-01").status_code == 200
    assert signed_in(Role.TECHNICIAN).get(f"/machines/{number}/seances.csv").status_code == 403


def test_an_introduction_a_qualification_and_a_breakdown(signed_in, client, told, app):
    keeper = signed_in(Role.DESK)
    path = f"/machines/{told['id']}"
    assert keeper.submit(f"{path}/initiation", {"day": told["day"], "hour": "840", "slots": "1", "places": "3"}).status_code == 303
    assert keeper.submit(f"{path}/entretien", {"day": told["day"], "hour": "1020", "slots": "1", "note": "Graissage"}).status_code == 303
    assert "initiation, 3 places" in client.get(f"{path}?semaine={told['day']}").text
    with app.app_context():
        number = db.session.query(MachineSlot).order_by(MachineSlot.id).first().id
        other = desk.borrower("Berthe Autre").code
    assert client.submit(f"/initiations/{number}", WHO).status_code == 303
    assert "Zoé" in keeper.get(f"/creneaux/{number}").text
    assert keeper.submit(f"{path}/qualification", {"borrower": other, "minor": ""}).status_code == 303
    assert keeper.get(f"{path}/hors-service").status_code == 200
    assert keeper.submit(f"{path}/hors-service", {"reason": "Extraction en panne", "until": ""}).status_code == 303
    assert "Extraction en panne" in client.get(path).text
    assert client.submit(f"{path}/etre-prevenu", {"email": "paul@chez.example", "website": ""}).status_code == 303
    assert keeper.submit(f"{path}/en-service").status_code == 303
    fields = {"name": "Imprimante bleue", "site_id": "1", "about": "", "picture": "imprimante", "slot_minutes": "60", "min_age": "12",
              "training_minutes": "90", "training_months": "", "material": "", "cents_per_gram": "", "upkeep_hours": ""}  # fmt: skip
    assert keeper.submit(f"{path}/corriger", fields).status_code == 422
    assert keeper.submit(f"{path}/corriger", fields | {"training_months": "12"}).status_code == 303
    assert keeper.submit("/machines/nouvelle", fields | {"name": "Laser", "training_months": "12"}).status_code == 303
    with app.app_context():
        assert db.session.query(WorkMachine).count() == 2
    assert client.get(f"/S/{told['code']}").status_code in {303, 200}
