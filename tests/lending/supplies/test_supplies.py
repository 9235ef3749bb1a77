"""What is given away or used up: counted at each place, never below nothing, told when it runs low."""

from datetime import timedelta

import pytest

from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.retention import run_now
from refurb.kernel.deeds.terms import ERASED
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.errors import Conflict, Forbidden, Invalid
from refurb.lending.supplies.actions import add_supply, correct_supply, move_supply
from refurb.lending.supplies.models import Supply, SupplyMove, SupplyStock
from refurb.lending.supplies.queries import moves_of, runs_low, stocks_of, supplies
from refurb.lending.supplies.rules import NotSoMuchHere, SupplyRetired, SupplyTaken
from refurb.lending.supplies.words import SupplyMoveKind
from tests.support.story import people

K = SupplyMoveKind


def keys(low_at=3):
    with unit_of_work():
        return add_supply(people.actor(Role.DESK), name="Clé USB 16 Go", unit="pièces", low_at=low_at)


def moved(supply, kind, quantity, reason=None, site_id=1, role=Role.DESK):
    with unit_of_work():
        return move_supply(people.actor(role), supply, kind=kind, quantity=quantity, reason=reason, site_id=site_id)


def test_what_comes_and_goes_is_counted_and_low_is_told(context):
    supply = keys()
    assert runs_low() == [], "nothing was ever kept there"
    moved(supply, K.RECEIVED, 10)
    assert runs_low(1) == []
    assert moved(supply, K.GIVEN, 7, "atelier seniors").here_after == 3
    assert [(each.supply.name, each.site_id, each.here) for each in runs_low(1)] == [("Clé USB 16 Go", 1, 3)]
    assert runs_low(2) == []
    with pytest.raises(NotSoMuchHere):
        moved(supply, K.GIVEN, 4)
    assert stocks_of(supply)[0].here == 3
    made = moved(supply, K.COUNTED, 5, "deux dans un tiroir")
    assert (made.delta, made.here_after) == (2, 5)
    assert [each.delta for each in moves_of(supply)] == [2, -7, 10]
    assert sum(each.delta for each in moves_of(supply)) == db.session.query(SupplyStock).one().here


def test_what_cannot_be_is_refused_and_writes_nothing(context):
    supply = keys()
    with pytest.raises(Invalid) as wrong:
        moved(supply, K.GIVEN, 0)
    assert list(wrong.value.fields) == ["quantity"]
    with pytest.raises(Invalid) as wrong:
        moved(supply, K.COUNTED, 5)
    assert list(wrong.value.fields) == ["reason"]
    with pytest.raises(Invalid):
        moved(supply, K.RECEIVED, 5, site_id=999)
    with pytest.raises(Forbidden):
        moved(supply, K.RECEIVED, 5, role=Role.TECHNICIAN)
    with pytest.raises(SupplyTaken), unit_of_work():
        add_supply(people.actor(Role.DESK), name="clé usb 16 GO", unit="pièces")
    assert (db.session.query(SupplyMove).count(), db.session.query(Supply).count()) == (0, 1)


def test_one_name_is_one_however_it_is_written_and_the_database_says_so_too(context):
    with unit_of_work():
        add_supply(people.actor(Role.DESK), name="Étiquettes", unit="pièces")
    with pytest.raises(SupplyTaken), unit_of_work():
        add_supply(people.actor(Role.DESK), name="étiquettes", unit="pièces")
    other = keys()
    with pytest.raises(SupplyTaken), unit_of_work():
        correct_supply(people.actor(Role.DESK), other, name="ETIQUETTES", unit="pièces")
    with pytest.raises(Conflict), unit_of_work() as session:
        session.add(Supply(name="Etiquettes", search="etiquettes", unit="pièces"))


def test_why_is_erased_in_time_and_how_many_stays(context):
    supply = keys()
    moved(supply, K.RECEIVED, 10)
    moved(supply, K.GIVEN, 4, "pour Aïcha N'Diaye")
    with at(now() + timedelta(days=20)):
        moved(supply, K.COUNTED, 5, "erreur de saisie")
    with at(now() + timedelta(days=125)):
        (tally,) = [each for each in run_now(SERVICE).tallies if each.term == "lending.supplies"]
    assert tally.erased == 1
    assert [(each.reason, each.delta) for each in moves_of(supply)] == [("erreur de saisie", -1), (ERASED, -4), (None, 10)]


def test_what_is_kept_no_more_is_counted_out_and_never_received(context):
    supply = keys()
    moved(supply, K.RECEIVED, 2)
    with unit_of_work():
        correct_supply(people.actor(Role.DESK), supply, name=supply.name, unit="pièces", low_at=3, retired=True)
    assert (list(supplies()), runs_low()) == ([], [])
    with pytest.raises(SupplyRetired):
        moved(supply, K.RECEIVED, 1)
    assert moved(supply, K.GIVEN, 2).here_after == 0


def test_the_wall_keeps_what_came_and_went(context):
    moved(keys(), K.RECEIVED, 2)
    for statement in (
        "UPDATE supply_moves SET delta = 5",
        "UPDATE supply_moves SET reason = 'x', kind = 'given'",
        "DELETE FROM supply_moves",
    ):
        with pytest.raises(Conflict), unit_of_work() as written:
            written.execute(db.text(statement))
    with pytest.raises(Conflict), unit_of_work() as written:
        written.execute(db.text("UPDATE supply_stocks SET here = -1"))


def test_pages_and_json(signed_in, app):
    desk = signed_in(Role.DESK)
    made = desk.submit("/consommables/nouveau", {"name": "Fil PLA", "unit": "grammes", "low_at": "200"})
    page = made.location
    assert desk.submit(page, {"kind": "received", "quantity": "1000", "site_id": "1"}).status_code == 303
    wrong = desk.submit(page, {"kind": "given", "quantity": "5000", "site_id": "1", "reason": "vase"})
    assert (wrong.status_code, "1000 grammes" in wrong.text.replace("\u202f", ""), "vase" in wrong.text) == (409, True, True)
    desk.submit(page, {"kind": "given", "quantity": "900", "site_id": "1"})
    assert "reste 100" in desk.get("/consommables").text
    assert "Bientôt à court" in desk.get("/comptoir").text
    headers = {"X-CSRFToken": desk.token()}
    (told,) = desk.get("/api/v1/supplies").json["supplies"]
    assert told["stocks"][0] == {"site_id": 1, "here": 100, "is_low": True}
    told = desk.post(f"/api/v1/supplies/{told['id']}/moves", json={"kind": "counted", "quantity": 300, "site_id": 1}, headers=headers)
    assert told.status_code == 422
    assert desk.submit(f"{page}/corriger", {"name": "Fil PLA", "unit": "grammes", "retired": "1"}).status_code == 303
    assert "Aucun consommable" in desk.get("/consommables").text
