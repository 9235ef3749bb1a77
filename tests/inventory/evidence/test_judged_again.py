"""What an older release accepted is judged again with today's readers and rules; of a machine that has left, a person decides."""

import threading

import pytest
from sqlalchemy import text

from refurb.inventory.devices.queries.devices import raised_flags
from refurb.inventory.evidence.actions.judged_again import decide_rejudgement, judge_again
from refurb.inventory.evidence.actions.statements import AlreadyDecided, NotAPerson
from refurb.inventory.evidence.queries.evidence import drives_inside, drives_shown
from refurb.inventory.evidence.queries.review import rejudgement_of, rejudgements_waiting, unmatched_count
from refurb.inventory.evidence.rejudging import judge_reports_again
from refurb.inventory.evidence.todays_rules import rules_today
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import ErasureReport, Rejudgement
from refurb.inventory.words.devices import DeviceKind, DeviceState, FlagKind
from refurb.inventory.words.erasures import ProofFate
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.worker import catch_up
from refurb.kernel.speech.errors import Conflict, Fault, Forbidden, NotFound
from tests.support.story import evidence, families, people
from tests.support.story.evidence import Disk, Wipe, lshw

BAD = b"  error: nwipe_static_pass: write: Input/output error"


def accepted_by_an_older_release(device, *, why=BAD):
    """The proofs of a device, as if their files had been read less strictly: today's readers find `why` in them."""
    report = drives_inside(device)[0].erasures[0].report
    lines = files.fetch(report.file).split(b"\n")
    at = next(number for number, line in enumerate(lines) if b"Verified pass" in line)
    stricter = b"\n".join([*lines[:at], lines[at][:21] + why, *lines[at:]])
    return with_file(report, files.keep(stricter))


def with_file(report, digest):
    with unit_of_work() as session:
        session.execute(text("UPDATE erasure_reports SET file = :file, judged_by = NULL WHERE id = :id"), {"file": digest, "id": report.id})
    db.session.expire_all()
    return report.erasures[0]


def moves(subject):
    return [each.move for each in events_of(subject)]


@pytest.fixture
def device(context):
    found = evidence.arrive()[0]
    evidence.read(found, lshw(Disk()))
    evidence.wipe(Wipe())
    return found


@pytest.fixture
def given(context):
    device = families.handed_over(DeviceKind.LAPTOP).allocation.device
    accepted_by_an_older_release(device)
    return device


def asked(app):
    catch_up(app)
    [found] = rejudgements_waiting()
    return found


def decide(found, fate, who=None):
    with unit_of_work():
        decide_rejudgement(who or people.actor(Role.COORDINATOR), found, fate=fate, reason="le disque est revenu, relu au banc")


# --- at the workshop -----------------------------------------------------------------------------------------------------


def test_a_new_report_is_judged_by_todays_rules_and_not_again(app, device):
    report = db.session.query(ErasureReport).one()
    assert report.judged_by == rules_today()
    assert judge_reports_again() == 0


def test_what_would_be_accepted_again_stays_as_it_is(app, device):
    report = db.session.query(ErasureReport).one()
    before = moves(device)
    with_file(report, report.file)
    assert catch_up(app) >= 1
    assert (report.judged_by, report.erasures[0].status.value, moves(device)) == (rules_today(), "accepted", before)


def test_what_would_be_refused_counts_no_more_in_the_workshop(app, device):
    erasure = accepted_by_an_older_release(device)
    catch_up(app)
    assert (erasure.status.value, erasure.reason, erasure.outcome) == ("refused", "erasure.failed", "failed")
    assert [each.standing.value for each in drives_shown(device)] == ["refused"]
    event = next(each for each in events_of(device) if each.move == "proof_judged_again")
    assert (event.facts["reason"], event.facts["erasure"]) == ("erasure.failed", erasure.id)
    assert "erasure_accepted" in moves(device), "that it was accepted stays on record"
    assert judge_reports_again() == 0


def test_a_ready_machine_goes_back_to_the_bench(app, context):
    device = families.ready(DeviceKind.LAPTOP)
    accepted_by_an_older_release(device)
    catch_up(app)
    assert device.state == DeviceState.TO_REFURBISH


@pytest.mark.parametrize("content", [b"nothing that a reader knows", None])
def test_a_file_that_says_nothing_today_proves_nothing_and_one_that_is_lost_changes_nothing(app, device, content):
    digest = files.keep(content) if content else "0" * 64
    erasure = with_file(db.session.query(ErasureReport).one(), digest)
    catch_up(app)
    expected = ("refused", "erasure.read_otherwise") if content else ("accepted", None)
    assert (erasure.status.value, erasure.reason, erasure.report.judged_by) == (*expected, rules_today())


def test_a_file_in_which_other_drives_are_read_is_held_against_its_lines_by_serial(device):
    erasure = drives_inside(device)[0].erasures[0]
    read = evidence.read_erasure_facts(Wipe(), Wipe("CHV0002"))
    with unit_of_work():
        judge_again(erasure.report, read)
    assert erasure.status.value == "accepted"
    with unit_of_work():
        judge_again(erasure.report, evidence.read_erasure_facts(Wipe("CHV0003"), Wipe("CHV0002")))
    assert erasure.reason == "erasure.read_otherwise"


# --- out of reach --------------------------------------------------------------------------------------------------------


def test_of_a_machine_that_was_given_it_stays_accepted_and_waits_for_a_person(app, given):
    before = unmatched_count(SERVICE)
    found = asked(app)
    assert (found.erasure.status.value, found.reason) == ("accepted", "erasure.failed")
    assert unmatched_count(SERVICE) == before + 1
    assert (given.state, "proof_in_question" in moves(given)) == (DeviceState.HANDED_OVER, True)
    with unit_of_work():
        judge_again(found.erasure.report, Fault("upload.none_chosen"))
        judge_again(found.erasure.report, Fault("upload.none_chosen"))
    assert [each.reason for each in rejudgements_waiting(found.drive)] == ["erasure.failed", "erasure.read_otherwise"]


def test_a_person_keeps_it_with_a_reason_and_is_not_asked_again(app, given):
    found = asked(app)
    decide(found, ProofFate.KEPT)
    assert (found.erasure.status.value, found.fate, rejudgements_waiting()) == ("accepted", ProofFate.KEPT, [])
    assert "proof_kept" in moves(found.drive)
    with_file(found.erasure.report, found.erasure.report.file)
    catch_up(app)
    assert rejudgements_waiting() == []
    with pytest.raises(AlreadyDecided):
        decide(found, ProofFate.DROPPED)


def test_or_lets_it_count_no_more_and_the_machine_is_flagged(app, given):
    found = asked(app)
    decide(found, ProofFate.DROPPED)
    assert (found.erasure.status.value, found.erasure.reason) == ("refused", "erasure.failed")
    assert FlagKind.SECOND_LOOK in {each.kind for each in raised_flags(given)}
    assert "proof_dropped" in moves(found.drive)


def test_nobody_else_decides(app, given):
    found = asked(app)
    for who, refusal in ((people.actor(Role.DESK), Forbidden), (SERVICE, NotAPerson)):
        with pytest.raises(refusal):
            decide(found, ProofFate.KEPT, who)
    with pytest.raises(NotFound):
        rejudgement_of(people.actor(Role.PRESCRIBER), found.id)


def test_the_database_takes_no_half_decision_and_no_second_question(app, given):
    found = asked(app)
    with pytest.raises(Conflict), unit_of_work() as session:
        session.execute(text("UPDATE rejudgements SET fate = 'kept'"))
    with pytest.raises(Conflict), unit_of_work() as session:
        session.add(Rejudgement(erasure=found.erasure, drive=found.drive, reason=found.reason, found_at=found.found_at))


def test_two_processes_at_once_ask_once(app, given):
    number = given.id

    def judge():
        with app.app_context():
            judge_reports_again()

    threads = [threading.Thread(target=judge) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    db.session.rollback()
    assert len(rejudgements_waiting()) == 1
    assert moves(db.session.get_one(Device, number)).count("proof_in_question") == 1


# --- the doors -----------------------------------------------------------------------------------------------------------


def test_the_queue_and_the_drive_say_both_and_the_page_asks(app, signed_in):
    with app.app_context():
        people.settle()
        device = families.handed_over(DeviceKind.LAPTOP).allocation.device
        accepted_by_an_older_release(device)
        found = asked(app)
        number, drive, code = found.id, found.drive_id, device.code
        db.session.remove()
    client, address = signed_in(Role.COORDINATOR), f"/effacements/jugements/{number}"
    assert address in client.get("/effacements").text
    shown = client.get(f"/supports/{drive}").text
    assert "Effacé et vérifié" in shown
    assert "elle serait refusée aujourd" in shown
    assert "n’est plus à l’atelier" in client.get(address).text
    assert client.submit(address, {"fate": "kept", "reason": ""}).status_code == 422
    assert client.submit(address, {"fate": "dropped", "reason": "on ne sait pas"}).status_code == 303
    assert "Décidé par" in client.get(address).text
    assert signed_in(Role.DESK).get(address).status_code in {403, 404}
    with app.app_context():
        assert db.session.query(Device).filter_by(code=code).one().state == DeviceState.HANDED_OVER


def test_the_json_door_does_the_same(app, signed_in):
    with app.app_context():
        people.settle()
        accepted_by_an_older_release(families.handed_over(DeviceKind.LAPTOP).allocation.device)
        number = asked(app).id
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    [row] = client.get("/api/v1/proofs/rejudged").json["rows"]
    assert (row["id"], row["objection"], row["fate"]) == (number, "erasure.failed", None)

    def send():
        told = {"fate": "kept", "reason": "relu"}
        return client.post(f"/api/v1/proofs/rejudged/{number}", json=told, headers={"X-CSRFToken": client.token()})

    assert send().json["fate"] == "kept"
    assert send().status_code == 409
