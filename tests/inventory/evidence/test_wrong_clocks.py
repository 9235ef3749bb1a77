"""A log that a dead battery dated: the refusal says so, and a second person may accept it for its drive."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from refurb.documents.models import PaperKind
from refurb.inventory.evidence.actions.clocks import NotTheClock, StillRefused, ToldBefore, accept_clock
from refurb.inventory.evidence.actions.erasures import read_erasure_report
from refurb.inventory.evidence.actions.statements import NotAPerson, SecondPersonNeeded
from refurb.inventory.evidence.queries.evidence import drives_inside, drives_shown
from refurb.inventory.evidence.verdicts import objection_to
from refurb.inventory.evidence.views.drive_history import drive_history
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local, now
from refurb.kernel.speech.errors import Conflict, Forbidden
from refurb.kernel.speech.sentences import sentence
from tests.documents.papers import words
from tests.support.story import evidence, gifts, people
from tests.support.story.evidence import Disk, Wipe, lshw, nwipe

LONG_AGO = timedelta(days=365 * 15)


@pytest.fixture
def device(context):
    found = evidence.arrive()[0]
    evidence.read(found, lshw(Disk(), Disk("CHV0002")))
    return found


def dated(ago=LONG_AGO, **changes):
    return evidence.wipe(Wipe(ended=now() - ago, **changes)).report.erasures[0]


def accept(erasure, who=None, reason="pile vide, vu au banc"):
    with unit_of_work():
        return accept_clock(who or people.actor(Role.COORDINATOR), erasure, reason=reason)


def test_the_refusal_names_both_dates_and_the_clock(device):
    erasure = dated()

    told = sentence(objection_to(erasure))
    assert erasure.reason == "erasure.too_old"
    assert str(erasure.ended_at.year) in told
    assert str(now().year) in told
    assert "horloge" in told
    assert "pile" in told


def test_a_second_person_accepts_it_for_this_drive_and_the_history_says_so(device):
    erasure = dated()
    lasted = erasure.ended_at - erasure.started_at
    accepted = accept(erasure)

    assert (erasure.status.value, erasure.reason) == ("accepted", None)
    assert [shown.standing.value for shown in drives_shown(device)] == ["clean", "to_erase"]
    assert accepted.told_ended_at < now() - timedelta(days=5000)
    assert (erasure.ended_at, erasure.ended_at - erasure.started_at) == (erasure.report.received_at, lasted)
    drive = next(each for each in drives_inside(device) if each.serial == "CHV0001")
    assert any("pile vide" in line.text and "Horloge fausse" in line.text for line in drive_history(drive))


def test_the_order_of_the_log_is_kept_between_its_drives(device):
    end = now() - LONG_AGO
    first, second = evidence.wipe(Wipe(ended=end - timedelta(minutes=30)), Wipe("CHV0002", ended=end)).report.erasures
    accept(first)
    accept(second)

    assert second.ended_at - first.ended_at == timedelta(minutes=30)
    assert second.ended_at == second.report.received_at


def test_whoever_sent_it_does_not_accept_it(device):
    erasure = dated()
    with pytest.raises(SecondPersonNeeded):
        accept(erasure, people.actor(Role.TECHNICIAN))
    with pytest.raises(NotAPerson):
        accept(erasure, SERVICE)
    with pytest.raises(Forbidden):
        accept(erasure, people.actor(Role.DESK))


def test_a_clock_that_is_ahead_is_as_wrong(device):
    erasure = dated(-timedelta(days=30))
    assert "horloge" in sentence(objection_to(erasure))
    accept(erasure)
    assert erasure.status.value == "accepted"


def test_a_clock_that_was_put_back_half_way_too(device):
    log = nwipe(Wipe(ended=now()))
    day = local(now()).strftime("%Y/%m/%d").encode()
    lines = log.split(b"\n")
    at = next(number for number, line in enumerate(lines) if b"bytes written" in line)
    turned = b"\n".join([*lines[:at], *(line.replace(day, b"2011/01/01") for line in lines[at:])])
    with unit_of_work():
        erasure = read_erasure_report(people.actor(Role.TECHNICIAN), turned, "nwipe.log").report.erasures[0]
    assert erasure.reason == "erasure.no_end"
    assert "pendant" in sentence(objection_to(erasure))
    accept(erasure)
    assert (erasure.status.value, erasure.started_at) == ("accepted", None)


@pytest.mark.parametrize("changes", [{"status": "-FAILED-"}, {"verified": False}])
def test_what_is_wrong_with_more_than_its_date_is_not_accepted(device, changes):
    with pytest.raises((NotTheClock, StillRefused)):
        accept(dated(**changes))


def test_a_good_one_needs_nobody(device):
    with pytest.raises(Conflict):
        accept(evidence.wipe(Wipe()).report.erasures[0])


def test_the_very_run_that_a_return_voided_is_not_taken_for_a_new_one(device):
    erasure = dated()
    told = erasure.ended_at
    accept(erasure)
    evidence.fire(device, "lose", reason="introuvable")
    evidence.fire(device, "find")
    again = evidence.wipe(Wipe(ended=told), note=" ").report.erasures[0]
    with pytest.raises(Conflict):
        accept(again)


def test_the_voided_run_is_known_by_its_end_where_another_file_rounds_it_or_tells_no_start(device):
    erasure = dated()
    told = erasure.ended_at
    accept(erasure)
    evidence.fire(device, "lose", reason="introuvable")
    evidence.fire(device, "find")
    again = evidence.wipe(Wipe(ended=told + timedelta(seconds=1)), note=" ").report.erasures[0]
    with pytest.raises(ToldBefore):
        accept(again)
    with unit_of_work():
        again.started_at = None
    with pytest.raises(ToldBefore):
        accept(again)


def test_a_log_of_when_the_drive_was_here_before_its_return_is_not_for_the_clock(device):
    with unit_of_work():
        device.received_at = now() - timedelta(days=9)
        for drive in drives_inside(device):
            drive.stays[0].since = device.received_at
    evidence.wipe(Wipe(ended=now() - timedelta(days=3)))
    evidence.fire(device, "lose", reason="introuvable")
    evidence.fire(device, "find")
    kept_back = dated(timedelta(days=5))
    assert kept_back.reason == "erasure.too_old"
    assert "horloge" not in sentence(objection_to(kept_back))
    with pytest.raises(NotTheClock):
        accept(kept_back)
    accept(dated())


def test_a_failure_in_another_report_contradicts_it_whichever_came_first(device):
    evidence.wipe(Wipe(status="-FAILED-"))
    with pytest.raises(StillRefused) as refusal:
        accept(dated())
    assert refusal.value.facts["fault"].code == "erasure.withdrawn"


def test_a_failure_that_is_sent_later_contradicts_it_although_it_is_dated_before(device):
    erasure = dated()
    accept(erasure)
    evidence.wipe(Wipe(status="-FAILED-", ended=now() - timedelta(minutes=5)))
    assert (erasure.status.value, erasure.reason) == ("refused", "erasure.withdrawn")


def test_a_failure_by_the_wrong_clock_is_not_taken_for_an_old_one(device):
    evidence.wipe(Wipe())
    dated(status="-FAILED-")

    assert drives_shown(device)[0].standing.value == "refused"


def test_the_database_takes_no_acceptance_by_the_sender(device):
    accept(dated())
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(text("UPDATE clock_acceptances SET accepted_by = sent_by"))


# --- the doors -----------------------------------------------------------------------------------------------------------


def an_erasure(app):
    with app.app_context():
        people.settle()
        device = evidence.arrive()[0]
        evidence.read(device, lshw(Disk()))
        erasure = dated()
        told = erasure.id, erasure.drive_id
        db.session.remove()
    return told


def test_the_page_of_the_drive_offers_it_to_another_person(app, signed_in):
    number, drive = an_erasure(app)
    client = signed_in(Role.COORDINATOR)
    assert f"/effacements/preuves/{number}/horloge" in client.get(f"/supports/{drive}").text
    assert client.submit(f"/effacements/preuves/{number}/horloge", {"reason": ""}).status_code == 422
    assert client.submit(f"/effacements/preuves/{number}/horloge", {"reason": "pile vide"}).status_code == 303
    page = client.get(f"/supports/{drive}").text
    assert "Effacé et vérifié" in page
    assert "Accepté par" in page
    assert "Terminé au plus tard" in page


def test_the_page_tells_the_sender_that_another_must(app, signed_in):
    number, _ = an_erasure(app)
    assert "une autre personne doit" in signed_in(Role.TECHNICIAN).get(f"/effacements/preuves/{number}/horloge").text


def test_the_json_door_does_the_same(app, signed_in):
    number, _ = an_erasure(app)

    def send(role, reason):
        client = signed_in(role)
        return client.post(f"/api/v1/evidence/{number}/clock", json={"reason": reason}, headers={"X-CSRFToken": client.token()})

    assert send(Role.TECHNICIAN, "pile vide").json["code"] == "statement.second_person"
    assert send(Role.COORDINATOR, "").status_code == 422
    told = send(Role.COORDINATOR, "pile vide").json
    assert (told["status"], told["ended_at_latest"]) == ("accepted", True)
    assert send(Role.COORDINATOR, "pile vide").json["code"] == "clock.not_the_reason"


def test_the_paper_says_no_more_than_is_known(context):
    donation = gifts.received(1)
    gifts.read_drives(donation, "WD-0001")
    erasure = dated(serial="WD-0001")
    accept(erasure)
    for kind in (PaperKind.ERASURE, PaperKind.DONATION):
        said = " ".join(words(fetch(gifts.issued(donation, kind).file)))
        assert "au plus tard le" in said
        assert "2011" not in said
