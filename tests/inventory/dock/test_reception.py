"""The dock: count, stick a label printed in advance, scan it, the next; and what is not taken stays the donor's."""

import pytest
from sqlalchemy import func, select

from refurb.directory.actions import CodeTaken, CodeUnknown
from refurb.directory.models import Code
from refurb.inventory.devices.actions.devices import NotReceived
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.dock.actions.reception import AlreadyScanned, Claimed, claim_label, detail, left_to_detail, refuse_on_arrival
from refurb.inventory.donations.counts import LineCount, difference
from refurb.inventory.donations.models.refused_lots import RefusedLot
from refurb.inventory.donations.words import ArrivalRefusal
from refurb.inventory.labels.actions.label_runs import make_run
from refurb.inventory.models.devices import Device
from refurb.inventory.papers.queries import donation_record
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import new_code, spell
from refurb.kernel.speech.errors import Forbidden, Invalid
from tests.support.story import people, workshop

LAPTOP, MONITOR = DeviceKind.LAPTOP, DeviceKind.MONITOR


def run_of(count):
    with unit_of_work():
        return [each.code for each in make_run(people.actor(Role.TECHNICIAN), count).codes]


def counted(count=3, **more):
    """A donation that was counted, its labels to be scanned."""
    donation = workshop.announced({LAPTOP: count})
    return workshop.move(donation, "receive", received_on=today().isoformat(), counts={"laptop": count}, detail_later=True, **more)


def scan(donation, code, kind=LAPTOP):
    with unit_of_work():
        return claim_label(people.actor(Role.TECHNICIAN), donation, kind, code)


def test_each_label_that_is_scanned_makes_one_of_the_counted_machines(context):
    codes = run_of(3)
    donation = counted(2)
    assert workshop.devices_of(donation) == []
    assert left_to_detail(donation) == {LAPTOP: 2}
    first = scan(donation, f"https://ailleurs.example/S/{codes[0]}")
    assert (first.outcome, first.device.code, first.device.state) == (Claimed.DETAILED, codes[0], DeviceState.RECEIVED)
    assert first.device.labelled_at is not None
    assert scan(donation, spell(codes[1]).lower()).outcome is Claimed.DETAILED
    assert left_to_detail(donation) == {LAPTOP: 0}
    assert scan(donation, codes[2]).outcome is Claimed.EXTRA
    assert [line.received for line in donation.lines] == [3], "one more than was counted corrects the count"


def test_a_code_that_was_never_printed_gives_way_to_the_label(context):
    (code,) = run_of(1)
    donation = workshop.received({LAPTOP: 1})
    (device,) = workshop.devices_of(donation)
    before = device.code
    assert scan(donation, code).outcome is Claimed.RELABELLED
    assert device_by_code(workshop.technician(), code).id == device.id
    assert db.session.get(Code, before) is None
    assert events_of(device)[0].facts == {"code": code, "instead_of": before}


def test_a_machine_that_has_its_label_keeps_it(context):
    (code,) = run_of(1)
    donation = workshop.received({LAPTOP: 1})
    workshop.print_label(workshop.devices_of(donation)[0])
    assert scan(donation, code).outcome is Claimed.EXTRA
    assert len(workshop.devices_of(donation)) == 2


def test_a_second_scan_of_the_same_label_says_so(context):
    (code,) = run_of(1)
    donation = counted()
    scan(donation, code)
    with pytest.raises(AlreadyScanned):
        scan(donation, code)
    with pytest.raises(CodeTaken):
        scan(counted(), code)


def test_a_label_that_was_never_printed_here_is_refused(context):
    with pytest.raises(CodeUnknown):
        scan(counted(), new_code())


def test_nothing_is_detailed_before_it_arrived(context):
    (code,) = run_of(1)
    with pytest.raises(NotReceived):
        scan(workshop.announced(), code)


def test_several_get_new_codes_at_one_go_but_no_more_than_were_counted(context):
    donation = counted(5)
    with unit_of_work():
        assert len(detail(workshop.technician(), donation, LAPTOP, 4)) == 4
    with pytest.raises(Invalid), unit_of_work():
        detail(workshop.technician(), donation, LAPTOP, 2)
    with pytest.raises(Invalid), unit_of_work():
        detail(workshop.technician(), donation, MONITOR, 1)


def test_what_is_refused_on_the_dock_is_never_collected(context):
    donation = workshop.announced({LAPTOP: 10})
    refused = [{"kind": "laptop", "count": 2, "reason": "broken", "note": "écrans fendus"}]
    workshop.move(donation, "receive", received_on=today().isoformat(), counts={"laptop": 8}, refused=refused)
    assert (donation_record(donation).accepted, donation_record(donation).refused) == (8, 2)
    assert db.session.scalar(select(func.count()).select_from(Device)) == 8
    lot = db.session.scalars(select(RefusedLot)).one()
    assert (lot.count, lot.reason, lot.note) == (2, ArrivalRefusal.BROKEN, "écrans fendus")
    assert "fendus" not in str([event.facts for event in events_of(donation)])
    assert difference(LineCount(10, 8, 2)) == ("ok", "10 annoncés, 8 reçus, 2 refusés\N{NO-BREAK SPACE}: le compte y est")


def test_more_may_be_refused_until_the_donation_is_closed(context):
    donation = workshop.received({LAPTOP: 1})
    with unit_of_work():
        refuse_on_arrival(workshop.technician(), donation, kind=MONITOR, count=3, reason=ArrivalRefusal.TOO_OLD)
    announced = workshop.announced()
    with pytest.raises(NotReceived), unit_of_work():
        refuse_on_arrival(workshop.technician(), announced, kind=MONITOR, count=3, reason=ArrivalRefusal.TOO_OLD)
    with pytest.raises(Forbidden), unit_of_work():
        refuse_on_arrival(people.actor(Role.DESK), donation, kind=MONITOR, count=3, reason=ArrivalRefusal.TOO_OLD)


def test_on_the_page_each_scan_answers_in_one_line(app, signed_in):
    with app.app_context():
        codes = run_of(2)
        reference, day = workshop.announced({LAPTOP: 2}).reference, today().isoformat()
    coordinator, technician = signed_in(Role.COORDINATOR), signed_in(Role.TECHNICIAN)
    form = {"received_on": day, "count_laptop": "1", "detail_later": "1"}
    half = coordinator.submit(f"/dons/{reference}/receptionner", {**form, "refused_1_count": "1"})
    assert half.status_code == 422, "a refusal has its kind and its reason"
    whole = {**form, "refused_1_count": "1", "refused_1_kind": "laptop", "refused_1_reason": "locked"}
    assert coordinator.submit(f"/dons/{reference}/receptionner", whole).location.endswith("/detailler")
    unclaimed = technician.get(f"/S/{codes[0]}").text
    assert f"/dons/{reference}/detailler" in unclaimed
    page = f"/dons/{reference}/detailler"
    answer = technician.submit(page, {"kind": "laptop", "code": codes[0]})
    assert (answer.status_code, answer.location) == (303, f"{page}?kind=laptop")
    assert f"{spell(codes[0])}\N{NO-BREAK SPACE}: Ordinateur portable, étiquette collée." in technician.get(answer.location).text
    again = technician.submit(page, {"kind": "laptop", "code": codes[0]})
    assert again.status_code == 409
    assert "déjà scannée" in again.text
    shown = coordinator.get(f"/dons/{reference}").text
    assert "Verrouillé par son ancien compte" in shown
