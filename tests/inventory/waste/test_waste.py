"""What goes into a batch of waste, once, and what never does; the register of what left."""

import pytest
from sqlalchemy import insert

from refurb.inventory.models.evidence import Drive
from refurb.inventory.waste.actions import add_loose, change_batch, take_out_line
from refurb.inventory.waste.models import WasteLine
from refurb.inventory.waste.queries import RegisterFilter, batch_of, register, waiting_count
from refurb.inventory.waste.words import WasteCode
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Conflict, Forbidden, Refusal
from tests.support.story import dock, evidence, people, workshop
from tests.support.story.evidence import Disk, Wipe, lshw


def refusal(deed):
    with pytest.raises(Refusal) as refused:
        deed()
    return refused.value.code


def test_a_discarded_device_is_scanned_into_a_batch(context):
    device, batch = dock.discarded(), dock.batch()
    assert waiting_count() == 1

    dock.scan(batch, device.code)

    assert batch_of(device) is batch
    assert waiting_count() == 0
    assert events_of(device)[0].move == "left_as_waste"


def test_a_drive_that_would_leave_with_its_data_is_shown(app, signed_in):
    client = signed_in(Role.TECHNICIAN)
    with app.app_context():
        device = evidence.arrive()[0]
        evidence.read(device, lshw(Disk("A1")))
        evidence.fire(device, "discard", reason="carte mère cassée", operator="Recyclerie", slip="")
        batch = dock.batch()
        dock.scan(batch, device.code)
        reference = batch.reference
    assert "support ni effacé ni détruit" in client.get(f"/dechets/{reference}").text
    with app.app_context():
        evidence.wipe(Wipe("A1"))
    assert "ni effacé ni détruit" not in client.get(f"/dechets/{reference}").text


def test_a_device_leaves_once(context):
    device = dock.discarded()
    dock.scan(dock.batch(), device.code)
    other = dock.batch()

    assert refusal(lambda: dock.scan(other, device.code)) == "waste.left_already"


def test_what_is_taken_out_of_an_open_batch_may_go_into_another(context):
    device, batch = dock.discarded(), dock.batch()
    line = dock.scan(batch, device.code)
    with unit_of_work():
        take_out_line(workshop.technician(), batch, line.id)

    assert dock.scan(dock.batch(), device.code).device is device


def test_what_was_refused_on_arrival_never_leaves_as_our_waste(context):
    device = workshop.fire(workshop.laptop(), "refuse", reason="plateau nu")
    batch = dock.batch()

    assert refusal(lambda: dock.scan(batch, device.code)) == "waste.was_refused"
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(insert(WasteLine).values(batch_id=batch.id, device_id=device.id, count=1))
    assert waiting_count() == 0


def test_a_device_that_is_not_discarded_stays(context):
    device, batch = workshop.laptop(), dock.batch()

    assert refusal(lambda: dock.scan(batch, device.code)) == "waste.not_discarded"


def test_a_drive_that_is_not_destroyed_stays(context):
    batch = dock.batch()
    with unit_of_work():
        db.session.add(Drive(serial="CHV0001"))

    assert refusal(lambda: dock.scan(batch, "chv0001")) == "waste.drive_not_destroyed"
    assert refusal(lambda: dock.scan(batch, "rien de tel")) == "waste.unknown_scan"


def test_things_that_were_never_inventoried_are_counted(context):
    batch = dock.batch(waste_code=WasteCode.PARTS)
    with unit_of_work():
        add_loose(workshop.technician(), batch, what="câbles", count=40)
        change_batch(workshop.technician(), batch, operator="Ecologic", eco_organisme="ecologic")

    assert [(line.what, line.count) for line in batch.lines] == [("câbles", 40)]
    assert batch.operator == "Ecologic"


def test_a_desk_agent_opens_no_batch(context):
    with pytest.raises(Forbidden):
        dock.scan(dock.batch(), "x", who=people.actor(Role.DESK))


def test_the_register_tells_what_left_and_nothing_else(context):
    gone = dock.gone()
    dock.scan(dock.batch(), dock.discarded().code)

    assert register(RegisterFilter()) == [gone]
    assert register(RegisterFilter(year=today().year, waste_code=WasteCode.HAZARDOUS)) == [gone]
    assert register(RegisterFilter(year=today().year - 1)) == []
    assert register(RegisterFilter(operator="Personne")) == []


def test_the_register_as_a_spreadsheet(app, signed_in):
    with app.app_context():
        odd = dock.batch(operator="=cmd()")
        dock.scan(odd, dock.discarded().code)
        dock.collect(odd)
    lines = signed_in(Role.TECHNICIAN).get("/dechets/registre.csv").data.decode("utf-8-sig").splitlines()

    assert lines[0].startswith("date_expedition;denomination;code_dechet")
    assert ";16 02 13*;oui;0,1825;1;'=cmd();" in lines[1]
    assert ";Bordereau Trackdéchets (BSDD);BSD-20260401-ABC;" in lines[1]


def test_by_json(app, signed_in):
    with app.app_context():
        code, day = dock.discarded().code, today().isoformat()
    client = signed_in(Role.TECHNICIAN)

    def send(path, body=None, method="post", **options):
        told = {"json": body} if body is not None else {}
        return getattr(client, method)(f"/api/v1/waste-{path}", headers={"X-CSRFToken": client.token()}, **told, **options)

    batch = send("batches", {"waste_code": "16 02 14", "operator": "Recyclage du Clain"}).json
    where = f"batches/{batch['reference']}"
    assert send(f"{where}/scans", {"scan": code}).json["lines"][0]["device"] == code
    line = send(f"{where}/loose", {"what": "souris", "count": 4}).json["lines"][1]["id"]
    assert len(send(f"{where}/lines/{line}", method="delete").json["lines"]) == 1
    facts = {"collected_on": day, "weight": 12.5, "slip_type": "other", "slip_number": "7"}
    assert send(f"{where}/collect", facts).json["weight_kg"] == 12.5
    assert send(f"{where}/certificate", method="put", data=dock.PDF).json["certificate"]
    assert send(f"{where}/certify", {}).json["state"] == "certified"
    assert [each["reference"] for each in client.get("/api/v1/waste-register").json["items"]] == [batch["reference"]]
    assert client.get("/api/v1/waste-batches").json["items"][0]["state"] == "certified"
