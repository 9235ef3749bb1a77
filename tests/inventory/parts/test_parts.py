"""Spare parts: the stock, what is fitted, what is taken out, what it cost."""

import csv
import io

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from refurb.directory.actions import CodeTaken
from refurb.inventory.checks.actions.checks import Answer, Told
from refurb.inventory.devices.actions.devices import PastTheGate
from refurb.inventory.devices.actions.flags import raise_flag
from refurb.inventory.devices.queries.devices import answers_of, gate_of
from refurb.inventory.devices.rules import ChecksMissing, DrivesNotClean
from refurb.inventory.evidence.actions.drives import remove_drive
from refurb.inventory.evidence.queries.evidence import drives_inside
from refurb.inventory.parts.actions import NotEnough, NotFittedHere, OnePiece, change_part, count_part, enter_part, fit_part, take_back_part
from refurb.inventory.parts.models import Part
from refurb.inventory.parts.policy import PARTS, low_stock
from refurb.inventory.parts.queries import fitted_in, moves_of, running_low, spent_by_funder, taken_from
from refurb.inventory.words.devices import DeviceState, FlagKind
from refurb.inventory.words.parts import PartDeed, PartKind, PartOrigin
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of, is_whole, last_event, notes_of
from refurb.kernel.deeds.policy import PolicyError
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid, Refusal
from tests.support.printed import codes_on
from tests.support.story import evidence, people, spares, workshop


def take_back(part, device, quantity=1):
    who = workshop.technician()
    with unit_of_work():
        return take_back_part(who, part, device, quantity)


def count(part, quantity, reason="cassée"):
    who = workshop.technician()
    with unit_of_work():
        return count_part(who, part, quantity=quantity, reason=reason)


def test_a_part_goes_from_the_stock_into_a_device_with_its_cost(context):
    part, device = spares.memory(), workshop.testing_laptop()
    spares.fit(part, device, 2)
    assert part.quantity == 3
    ((inside),) = fitted_in(device.id)
    assert (inside.quantity, inside.cents) == (2, 3600)
    assert [(each.deed, each.delta) for each in moves_of(part)] == [(PartDeed.FITTED, -2), (PartDeed.ENTERED, 5)]
    happened = next(each for each in events_of(device) if each.move == "part_fitted")
    assert (happened.facts["part"], happened.facts["quantity"]) == ("ram", 2)
    assert is_whole(events_of(part))


def test_fitting_reopens_the_checks_concerned_and_no_other(context):
    part, device = spares.keyboard(), workshop.pass_checks(workshop.testing_laptop())
    workshop.print_label(device)
    assert spares.fit(part, device) == 2
    assert {"keyboard", "touchpad"}.isdisjoint(answers_of(device))
    assert "screen" in answers_of(device)
    assert last_event(device).facts == {"count": 2, "cause": "keyboard"}
    with pytest.raises(ChecksMissing):
        workshop.fire(device, "pass_tests")
    workshop.answer(device, {"keyboard": Told(Answer.YES), "touchpad": Told(Answer.YES)})
    assert workshop.fire(device, "pass_tests").state == DeviceState.READY


def test_the_stock_never_goes_below_nothing(context):
    part, device = spares.memory(1), workshop.testing_laptop()
    spares.fit(part, device)
    for quantity in (1, 0, -1):
        with pytest.raises(NotEnough):
            spares.fit(part, device, quantity)
    with pytest.raises(IntegrityError):
        db.session.execute(text("UPDATE parts SET quantity = -1"))
    db.session.rollback()


def test_not_into_a_device_that_is_past_the_gate(context):
    with pytest.raises(PastTheGate):
        spares.fit(spares.memory(), workshop.ready_laptop())


def test_what_was_fitted_comes_back_at_what_it_cost_then(context):
    part, device = spares.memory(), workshop.testing_laptop()
    spares.fit(part, device, 2)
    with unit_of_work():
        change_part(workshop.technician(), part, cost_cents=2500)
    take_back(part, device)
    assert part.quantity == 4
    assert [(each.quantity, each.cents) for each in fitted_in(device.id)] == [(1, 1800)]
    take_back(part, device)
    assert fitted_in(device.id) == []
    with pytest.raises(NotFittedHere):
        take_back(part, device)


def test_a_missing_part_that_is_fitted_is_missing_no_longer(context):
    part, device, who = spares.memory(), workshop.testing_laptop(), workshop.technician()
    with unit_of_work():
        raise_flag(who, device, FlagKind.MISSING_PART)
    spares.fit(part, device)
    assert not gate_of(device).flags


def test_a_device_kept_for_parts_gives_them_and_both_remember(context):
    device = workshop.fire(workshop.testing_laptop(), "strip", reason="écran fendu")
    part = spares.take_out(device, PartKind.BATTERY)
    assert (part.origin, part.source, part.quantity) == (PartOrigin.HARVESTED, device, 1)
    assert part.name.startswith("Batterie")
    assert taken_from(device.id) == [part]
    assert last_event(device).move == "part_taken_out"
    assert events_of(part)[0].facts["source"] == device.id
    other = workshop.laptop()
    spares.fit(part, other)
    assert fitted_in(other.id)[0].cents is None


def test_taking_parts_frees_no_drive(context):
    device = workshop.put_drive_in(workshop.laptop())
    workshop.fire(device, "strip", reason="carte mère morte")
    spares.take_out(device, PartKind.RAM)
    assert gate_of(device).unproven == ("CHV0001",)
    assert "drive" not in set(PartKind)


def test_what_is_thrown_away_never_enters_the_stock(context):
    device = workshop.pass_checks(workshop.testing_laptop())
    assert spares.take_out(device, PartKind.BATTERY, keep=False) is None
    assert db.session.query(Part).count() == 0
    assert "battery" not in answers_of(device)


def test_nothing_is_taken_out_of_a_device_that_left(context):
    with pytest.raises(Refusal):
        spares.take_out(workshop.fire(workshop.testing_laptop(), "discard", reason="oxydée"))


def test_harvested_parts_enter_from_their_machine_only(context):
    who = workshop.technician()
    with pytest.raises(Invalid), unit_of_work():
        enter_part(who, kind=PartKind.RAM, name="?", origin=PartOrigin.HARVESTED)


def test_a_count_says_why_beside_the_history(context):
    part = spares.memory()
    assert count(part, 3, "deux barrettes mortes") == -2
    assert part.quantity == 3
    happened = last_event(part)
    assert happened.facts == {"delta": -2, "device": None}
    assert notes_of([happened])[happened.id] == {"reason": "deux barrettes mortes"}
    assert count(part, 3) == 0


def test_a_labelled_piece_is_one(context):
    part = spares.keyboard()
    with pytest.raises(OnePiece):
        count(part, 2)
    assert count(part, 0) == -1


def test_a_code_is_on_one_thing(context):
    taken = spares.keyboard().code
    with pytest.raises(CodeTaken):
        spares.keyboard(code=taken)


def test_the_desk_may_not(context):
    part, device, desk = spares.memory(), workshop.testing_laptop(), people.actor(Role.DESK)
    with pytest.raises(Forbidden), unit_of_work():
        fit_part(desk, part, device)


def test_what_runs_low_is_told_by_lot_and_by_kind(context):
    part = spares.memory(3)
    assert [(each.kind, each.code, each.left) for each in running_low()] == [(PartKind.RAM, None, 3)]
    count(part, 2)
    assert [(each.code, each.threshold) for each in running_low()] == [(part.code, 2), (None, low_stock()[PartKind.RAM])]


def test_each_funder_sees_what_it_paid(context):
    part, device, other = spares.memory(), workshop.testing_laptop(), workshop.laptop()
    spares.fit(part, device, 2)
    spares.fit(part, other)
    take_back(part, other)
    spares.fit(spares.keyboard(), device)
    grant, nobody = spent_by_funder()
    assert (grant.funder, grant.pieces, grant.devices, grant.fitted_cents, grant.stock_cents) == ("FEDER 2026", 2, 1, 3600, 5400)
    assert (nobody.funder, nobody.pieces, nobody.fitted_cents) == (None, 1, 0)


def test_a_part_is_no_way_round_the_gate(context):
    device = workshop.put_drive_in(workshop.laptop())
    workshop.fire(device, "accept")
    spares.fit(spares.memory(), device)
    with pytest.raises(DrivesNotClean):
        workshop.fire(device, "finish_erasure")


@pytest.mark.parametrize("content", [{}, {"low_stock": {"wheel": 1}}, {"low_stock": {"ram": -1}}, {"low_stock": {"ram": True}}])
def test_a_wrong_threshold_stops_the_start(content):
    with pytest.raises(PolicyError, match=r"config/policy/parts\.toml"):
        PARTS.read(content)


def test_the_pages_enter_fit_take_back_and_export(app, signed_in):
    with app.app_context():
        code = workshop.testing_laptop().code
    client = signed_in(Role.TECHNICIAN)
    assert "Aucune pièce en stock" in client.get("/pieces").text
    new = {"kind": "ram", "name": "=DDR4 8 Go", "origin": "bought", "is_lot": "1", "quantity": "4", "cost": "18,50", "funder": "FEDER"}
    assert client.submit("/pieces/nouvelle", new | {"cost": "dix-huit"}).status_code == 422
    made = client.submit("/pieces/nouvelle", new).headers["Location"]
    assert client.submit(f"{made}/monter", {"device": "ZZZZ", "quantity": "1"}).status_code in {404, 422}
    assert client.submit(f"{made}/monter", {"device": f"http://x/S/{code}", "quantity": "1"}).status_code == 303
    assert "Coût des pièces montées" in client.get(f"/appareils/{code}").text
    part = made.rpartition("/")[2]
    assert client.get(f"/S/{part}").headers["Location"].endswith(made)
    assert client.submit(f"/appareils/{code}/pieces", {"part": part, "quantity": "9"}).status_code == 409
    assert client.submit(f"/appareils/{code}/pieces/reprendre", {"part": part}).status_code == 303
    assert client.submit(f"/appareils/{code}/pieces/prelever", {"kind": "battery", "fate": "keep"}).status_code == 303
    assert client.submit(f"{made}/compter", {"quantity": "3", "reason": "cassée"}).status_code == 303
    assert client.submit(f"{made}/modifier", {"name": "=DDR4 8 Go", "place": "Tiroir 2", "cost": "19"}).status_code == 303
    shown = client.get(made).text
    assert "« cassée »" in shown
    plain = shown.replace("\N{NO-BREAK SPACE}", " ")
    assert "Montée : 1" in plain, "what was fitted is no number below nothing"
    assert "Recomptée : −1" in plain
    assert "Tiroir 2" in shown
    told = list(csv.reader(io.StringIO(client.get("/pieces.csv").data.decode("utf-8-sig")), delimiter=";"))
    assert [row[2][:6] for row in told[1:]] == ["Batter", "'=DDR4"]
    assert "Stock bas" in client.get("/pieces?nature=ram&q=ddr4").text
    assert client.get("/pieces/couts").status_code == 200


def test_the_desk_reads_and_writes_nothing(app, signed_in):
    with app.app_context():
        part = spares.memory().code
    client = signed_in(Role.DESK)
    assert client.get(f"/pieces/{part}").status_code == 200
    assert client.submit(f"/pieces/{part}/compter", {"quantity": "0", "reason": "x"}).status_code == 403
    assert signed_in(Role.PRESCRIBER).get("/pieces").status_code == 403


def test_through_the_api(app, signed_in):
    with app.app_context():
        device = workshop.testing_laptop().code
    client = signed_in(Role.TECHNICIAN)
    head = {"X-CSRFToken": client.token()}

    def post(path, **told):
        return client.post(f"/api/v1/{path}", json=told, headers=head)

    made = post("parts", kind="battery", name="GJKNX", origin="bought", cost=42.5, low_at=0)
    assert (made.status_code, made.json["cost_cents"]) == (201, 4250)
    code = made.json["code"]
    assert post(f"parts/{code}/fit", device=device).json["quantity"] == 0
    refused = post(f"parts/{code}/fit", device=device)
    assert (refused.status_code, refused.json["code"]) == (409, "part.not_enough")
    assert client.get(f"/api/v1/devices/{device}/parts").json["fitted"][0]["fitted_cents"] == 4250
    assert post(f"parts/{code}/take-back", device=device).json["quantity"] == 1
    assert post(f"parts/{code}/count", quantity=0, reason="perdue").json["quantity"] == 0
    assert client.get("/api/v1/parts/low").json["items"][0]["code"] == code
    assert post(f"devices/{device}/parts", kind="ram", fate="keep").json["source"] == device
    assert client.put(f"/api/v1/parts/{code}", json={"name": "GJKNX 68 Wh"}, headers=head).json["name"] == "GJKNX 68 Wh"
    assert [each["deed"] for each in client.get(f"/api/v1/parts/{code}").json["moves"]] == ["counted", "taken_back", "fitted", "entered"]
    assert client.get("/api/v1/parts/costs").status_code == 200
    assert client.get("/api/v1/parts?nature=ram").json["total"] == 1


def test_a_drive_that_leaves_or_comes_reopens_what_depends_on_it(context):
    device = workshop.pass_checks(workshop.testing_laptop())
    (drive,) = drives_inside(device)
    with unit_of_work():
        remove_drive(workshop.technician(), device, drive)
    assert "system" not in answers_of(device)
    assert "screen" in answers_of(device)
    workshop.pass_checks(device)
    evidence.read(device, evidence.lshw(evidence.Disk("CHV0009"), serial=f"VI{device.id:06d}"))
    assert "system" not in answers_of(device)


@pytest.mark.parametrize("made", ["", "?format=a4-3x8", "?format=none"])
def test_its_label_leads_back_to_it(app, signed_in, made):
    with app.app_context():
        code = spares.keyboard().code
    answer = signed_in(Role.TECHNICIAN).get(f"/pieces/{code}/etiquette.pdf{made}")
    assert answer.mimetype == "application/pdf"
    assert [found.endswith(f"/S/{code}") for found in codes_on(answer.data)] == [True]
