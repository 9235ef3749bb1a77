"""« Annuler » in the word that says what was done: one press takes it back, under the name of whoever presses."""

import json
import re
from dataclasses import dataclass
from html import unescape

import pytest
from flask import session

from refurb.inventory.devices.queries.devices import answers_of
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.waste.models import WasteLine
from refurb.inventory.words.devices import DeviceState
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of, notes_of
from refurb.kernel.web.undo import MOST_SAID, Undo, say, words_said
from refurb.lending.models import LoanLine
from refurb.referrals.models import Referral
from refurb.referrals.words import ReferralState
from refurb.wiring import MACHINES
from tests.lending.counter.pressing import lying, scanned
from tests.support.client import tags
from tests.support.story import desk, dock, families, gala, people, workshop

TOAST = re.compile(r'<div class="toast" data-stays>(.*?)</form>', re.DOTALL)


@dataclass
class Press:
    """What a toast offers: where it posts, what its form holds, what stands on its button."""

    action: str
    form: dict[str, str]
    label: str


def offered(html):
    """The press in the toast of a page; None where it only says."""
    found = TOAST.search(html)
    if found is None:
        return None
    seen = [(name, dict(given)) for opens, name, given, _end in tags(found[1]) if opens]
    action = next(given["action"] for name, given in seen if name == "form")
    label = unescape(re.sub(r"<[^>]+>", "", found[1].rpartition("<button")[2].partition(">")[2])).strip()
    return Press(action, {given["name"]: given["value"] for name, given in seen if name == "input"}, label)


def done_then_undone(client, path, facts=None, label="Annuler"):
    """Do it, look at what is offered, press it; returns the page that follows."""
    done = client.submit(path, facts or {}, follow_redirects=True)
    press = offered(done.text)
    assert press is not None, done.text
    assert press.label == label
    answer = client.post(press.action, data=press.form)
    assert answer.status_code == 303, answer.text
    assert answer.location == done.request.path, "one stays where one was"
    after = client.get(answer.location)
    assert offered(after.text) is None, "what takes back offers nothing in its turn"
    return after


def device_of(code):
    return db.session.query(Device).filter_by(code=code).one()


def test_a_move_is_taken_back_with_who_and_why_in_the_history(app, signed_in):
    with app.app_context():
        code = workshop.laptop().code
    after = done_then_undone(signed_in(Role.TECHNICIAN), f"/appareils/{code}/accepter-au-tri")
    assert "Remis au tri" in after.text
    with app.app_context():
        device = device_of(code)
        assert device.state is DeviceState.RECEIVED
        undone, accepted, *_before = events_of(device)
        assert (undone.move, accepted.move) == ("sort_again", "accept")
        assert undone.actor_id == people.actor(Role.TECHNICIAN).id
        assert notes_of([undone])[undone.id] == {"reason": "Annulé aussitôt, depuis le message."}


def test_what_leads_elsewhere_than_back_says_where(app, signed_in):
    with app.app_context():
        code = workshop.fire(workshop.laptop(), "accept").code
    told = {"reason": "Carte mère morte", "operator": "Recyclage du Clain"}
    done_then_undone(signed_in(Role.TECHNICIAN), f"/appareils/{code}/mettre-au-rebut", told, label="Reprendre au tri")
    with app.app_context():
        assert device_of(code).state is DeviceState.RECEIVED


def test_what_leads_on_is_no_way_back(app, signed_in):
    with app.app_context():
        code = workshop.ready_laptop().code
    done = signed_in(Role.TECHNICIAN).submit(f"/appareils/{code}/renvoyer-a-l-atelier", {"reason": "Vis"}, follow_redirects=True)
    assert "Renvoyé à l’atelier" in done.text
    assert offered(done.text) is None  # « Commencer les contrôles » would not make it ready.


def test_somebody_who_was_faster_is_told_and_nothing_is_undone(app, signed_in):
    with app.app_context():
        code = workshop.laptop().code
    client = signed_in(Role.TECHNICIAN)
    press = offered(client.submit(f"/appareils/{code}/accepter-au-tri", follow_redirects=True).text)
    with app.app_context():
        workshop.fire(device_of(code), "start_erasure")
    assert client.post(press.action, data=press.form).status_code == 409
    with app.app_context():
        assert device_of(code).state is DeviceState.ERASING


def test_pressed_twice_it_is_undone_once(app, signed_in):
    with app.app_context():
        code = workshop.laptop().code
    client = signed_in(Role.TECHNICIAN)
    press = offered(client.submit(f"/appareils/{code}/accepter-au-tri", follow_redirects=True).text)
    answers = [client.post(press.action, data=press.form) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    with app.app_context():
        assert [each.move for each in events_of(device_of(code))].count("sort_again") == 1


def test_a_donation_is_accepted_and_not(app, signed_in):
    with app.app_context():
        reference = workshop.announced().reference
    done_then_undone(signed_in(Role.COORDINATOR), f"/dons/{reference}/accepter-le-don")
    with app.app_context():
        assert db.session.query(Donation).filter_by(reference=reference).one().state is DonationState.ANNOUNCED


def test_an_allocation_is_given_and_taken_back(app, signed_in):
    with app.app_context():
        reference, code = families.waiting().reference, families.ready().code
    done_then_undone(signed_in(Role.COORDINATOR), f"/orientations/{reference}/attribuer", {"device": code})
    with app.app_context():
        assert db.session.query(Referral).filter_by(reference=reference).one().state is ReferralState.WAITING
        assert device_of(code).state is DeviceState.READY


def test_an_absent_guest_is_expected_again(app, signed_in):
    with app.app_context():
        number = gala.held(1).id
    after = done_then_undone(signed_in(Role.COORDINATOR), f"/ceremonies/{number}/tours/1/noter-absent")
    assert "Noter absent" in after.text


def test_a_return_is_taken_back_from_the_counter(app, signed_in):
    with app.app_context():
        loan = desk.lent(desk.tablet())
        code, line = loan.lines[0].item.code, loan.lines[0].id
    agent = signed_in(Role.DESK)
    done_then_undone(agent, "/comptoir", lying(scanned(agent, code)) | {"do": "record"})
    with app.app_context():
        assert db.session.get(LoanLine, line).back_at is None


@pytest.mark.parametrize(
    ("path", "facts", "done", "undone"),
    [
        ("prendre", {}, "picked_up", "put_down"),
        ("signaler", {"kind": "second_look"}, "flag_raised", "flag_lifted"),
        ("aucun-support", {}, "no_drive_declared", "no_drive_withdrawn"),
    ],
)
def test_what_is_noted_of_a_machine_is_taken_back(app, signed_in, path, facts, done, undone):
    with app.app_context():
        code = workshop.fire(workshop.laptop(), "accept").code
    done_then_undone(signed_in(Role.TECHNICIAN), f"/appareils/{code}/{path}", facts)
    with app.app_context():
        assert [each.move for each in events_of(device_of(code))][:2] == [undone, done]


def test_the_answers_of_a_checklist_are_taken_back(app, signed_in):
    with app.app_context():
        code = workshop.testing_laptop().code
    after = done_then_undone(signed_in(Role.TECHNICIAN), f"/appareils/{code}/controles", {"q_screen": "no", "q_shell": "yes"})
    assert "2 réponses annulées" in after.text
    with app.app_context():
        assert answers_of(device_of(code)) == {}


def test_what_was_scanned_into_a_batch_of_waste_is_taken_out(app, signed_in):
    with app.app_context():
        code, reference = dock.discarded().code, dock.batch().reference
    after = done_then_undone(signed_in(Role.TECHNICIAN), f"/dechets/{reference}/scanner", {"scan": code})
    with app.app_context():
        assert db.session.query(WasteLine).count() == 0
    assert "Ligne retirée" in after.text


def test_each_machine_of_a_batch_has_its_own_way_back(app, signed_in):
    with app.app_context():
        codes = [each.code for each in workshop.devices_of(workshop.received({"laptop": 2}))]
    client = signed_in(Role.TECHNICIAN)
    told = client.submit("/atelier/lot", {"etape": "accept", "codes": "\n".join(codes)}).text
    back = f'action="/appareils/{codes[1]}/remettre-au-tri"'
    assert told.count("/remettre-au-tri") == 2
    form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', told.partition(back)[2].partition("</form>")[0]))
    assert client.post(f"/appareils/{codes[1]}/remettre-au-tri", data=form).location == "/atelier/lot"
    with app.app_context():
        assert [device_of(each).state for each in codes] == [DeviceState.TO_ERASE, DeviceState.RECEIVED]


def test_every_way_back_starts_where_its_move_ends():
    rows = [(machine, row, machine[row.back]) for machine in MACHINES for row in machine.moves if row.back]
    assert len(rows) > 10
    assert [f"{machine.kind}.{row.name}" for machine, row, back in rows if row.target not in back.sources] == []
    # What is pressed in a toast tells a reason at most.
    assert [back.name for _machine, _row, back in rows if set(back.facts._declared_fields if back.facts else ()) - {"reason"}] == []


def test_of_what_nobody_read_the_newest_is_said_and_the_cookie_stays_one_that_browsers_keep(app):
    with app.test_request_context():
        for number in range(60):
            say(f"Machine n° {number} 🙂 : acceptée au tri, et marquée pour la suite", Undo(f"/appareils/{number}/annuler"))
        assert len(json.dumps(session["_flashes"])) <= MOST_SAID
        said = words_said()
        assert 1 < len(said) < 60
        assert "59" in said[-1].text
        say("x" * 5000)
        assert session["_flashes"] == []
