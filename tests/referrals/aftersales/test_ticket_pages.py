"""The pages of tickets and their JSON doors: who reads what, and who writes."""

from datetime import date, timedelta

import pytest
from flask import g

from refurb.directory.durations import durations
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds import worker
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import keep
from refurb.kernel.deeds.history import events_of, notes_of
from refurb.kernel.deeds.security import SecurityEvent, SecurityKind
from refurb.kernel.deeds.terms import ago
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, midnight, now, today
from refurb.kernel.speech.errors import Invalid
from refurb.referrals.aftersales.actions import note_word, open_from_news, open_ticket, report_for
from refurb.referrals.aftersales.erasing import erase_tickets
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.aftersales.policy import AFTER
from refurb.referrals.aftersales.queries import causes_in, count_open, device_with, devices_with, dump, reached, tickets_of
from refurb.referrals.aftersales.rules import NotServed, NotWithAFamily, TicketForgotten
from refurb.referrals.aftersales.words import Cause, Symptom, TicketVia
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.cases.lines import add_machine
from refurb.referrals.models import Referral
from refurb.referrals.persons import REFERRED
from refurb.referrals.retention import TERMS, erase_beneficiaries
from tests.support.client import checking
from tests.support.story import families, people, troubles, workshop


@pytest.fixture
def ticket(app):
    with app.app_context():
        found = troubles.told()
        told = {"reference": found.reference, "code": found.device.code, "referral": found.referral.reference}
        db.session.remove()
    return told


def plainly(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_the_desk_reads_the_number_the_workshop_does_not(signed_in, ticket):
    address = f"/pannes/{ticket['reference']}"
    assert "06 12 34 56 99" in plainly(signed_in(Role.DESK).get(address).text)
    shown = plainly(signed_in(Role.TECHNICIAN).get(address).text)
    assert "Plus de lumière" in shown
    assert "06 12 34 56 99" not in shown
    assert ticket["referral"] not in shown
    assert signed_in(Role.PRESCRIBER).get(address).status_code == 403
    for role in (Role.DESK, Role.TECHNICIAN, Role.COORDINATOR):
        assert "Zoë" not in signed_in(role).get(address).text


def test_it_is_answered_and_closed_on_pages(signed_in, ticket):
    desk, address = signed_in(Role.DESK), f"/pannes/{ticket['reference']}"
    assert ticket["reference"] in desk.get("/pannes").text
    assert desk.submit(address, {"note": ""}).status_code == 422
    assert desk.submit(address, {"note": "Rappelée, pas de réponse"}).status_code == 303
    assert desk.submit(f"{address}/noter-un-conseil", {"note": "Autre câble"}).status_code == 303
    assert desk.submit(f"{address}/clore-la-panne", {"outcome": "solved"}).status_code == 422
    assert desk.submit(f"{address}/clore-la-panne", {"outcome": "solved", "cause": "charger"}).status_code == 303
    page = desk.get(address).text
    assert "Autre câble" in page
    assert "Rappelée, pas de réponse" in page
    assert ticket["reference"] not in desk.get("/pannes").text
    assert "Chargeur ou prise" in desk.get("/pannes?etat=closes").text
    assert "Chargeur ou prise" in desk.get("/pannes.csv?etat=closes").text


def test_one_is_noted_from_a_scan_and_for_a_machine_of_their_own(signed_in, app):
    with app.app_context():
        code = families.handed_over().allocation.device.code
        db.session.remove()
    technician = signed_in(Role.TECHNICIAN)
    assert f"/pannes/nouvelle?code={code}" in technician.get(f"/S/{code}").text
    assert f'value="{code}"' in technician.get(f"/pannes/nouvelle?code={code}").text
    assert technician.submit("/pannes/nouvelle", {"trouble": "slow"}).status_code == 422
    assert technician.submit("/pannes/nouvelle", {"trouble": "slow", "code": code, "own_machine": "Asus"}).status_code == 422
    assert technician.submit("/pannes/nouvelle", {"trouble": "slow", "code": code}).status_code == 303
    made = technician.submit("/pannes/nouvelle", {"trouble": "slow", "own_machine": "portable Asus"})
    shown = technician.get(made.headers["Location"]).text
    assert "portable Asus" in shown
    assert "hors de notre stock" in shown


def test_a_prescriber_tells_for_her_family_and_follows_it_in_her_file(signed_in, app):
    with app.app_context():
        reference = families.handed_over().allocation.referral.reference
        waits = families.waiting(first_name="Yanis").reference
        db.session.remove()
    prescriber = signed_in(Role.PRESCRIBER)
    assert f"/orientations/{reference}/souci" in prescriber.get(f"/orientations/{reference}").text
    assert prescriber.submit(f"/orientations/{reference}/souci", {"trouble": ""}).status_code == 422
    assert prescriber.submit(f"/orientations/{reference}/souci", {"trouble": "keyboard"}).status_code == 303
    assert "Le clavier ou la souris" in prescriber.get(f"/orientations/{reference}").text
    assert prescriber.get(f"/orientations/{waits}/souci").status_code == 404
    assert "Le clavier ou la souris" in signed_in(Role.COORDINATOR).get("/pannes").text


def test_of_several_machines_the_prescriber_says_which_and_the_first_may_have_come_back(signed_in, app):
    with app.app_context():
        allocation, other, third = families.allocated(), families.ready(), families.ready()
        coordinator, referral = people.actor(Role.COORDINATOR), allocation.referral
        with unit_of_work():
            for each in (other, third):
                add_machine(coordinator, allocation, device=each.code, reason="Deux salles.")
        with unit_of_work():
            hand_over(coordinator, allocation, place="Atelier", signature_kind="drawn", signature=families.drawing())
        reference, first, codes = referral.reference, allocation.device.code, [allocation.device.code, other.code, third.code]
    client, page = signed_in(Role.PRESCRIBER), f"/orientations/{reference}/souci"
    shown = client.get(page).text
    assert all(f'value="{each}"' in shown for each in codes)
    assert client.submit(page, {"trouble": "slow"}).status_code == 422, "it says which"
    assert client.submit(page, {"trouble": "slow", "device": "ZZZZZZZZ"}).status_code == 422
    assert client.submit(page, {"trouble": "slow", "device": codes[1]}).status_code == 303
    with app.app_context():
        returned = db.session.query(Device).filter_by(code=first).one()
        with unit_of_work():
            device_machine.fire(returned, "come_back", people.actor(Role.COORDINATOR), reason="Trop grand")
        referral = db.session.query(Referral).filter_by(reference=reference).one()
        assert [each.code for each in devices_with(referral)] == codes[1:]
        with unit_of_work():
            opened = open_from_news(people.actor(Role.DESK), referral, device_with(referral))
        assert opened is None, "of that one it is told already"
    assert f'value="{first}"' not in client.get(page).text
    headers = {"X-CSRFToken": client.token()}
    api = f"/api/v1/referrals/{reference}/tickets"
    assert client.post(api, json={"trouble": "slow", "device": first}, headers=headers).status_code == 422
    assert client.post(api, json={"trouble": "slow", "device": codes[2]}, headers=headers).status_code == 201
    with app.app_context():
        assert [each.device.code for each in db.session.query(Ticket).order_by(Ticket.id)] == codes[1:]


def test_the_json_doors_say_and_do_the_same(signed_in, ticket):
    desk, technician = signed_in(Role.DESK), signed_in(Role.TECHNICIAN)
    address = f"/api/v1/tickets/{ticket['reference']}"
    assert plainly(desk.get(address).json["answer"]["to"]) == "06 12 34 56 99"
    assert technician.get(address).json["answer"] is None
    assert [each["reference"] for each in technician.get("/api/v1/tickets").json["items"]] == [ticket["reference"]]
    headers = {"X-CSRFToken": desk.token()}
    assert desk.post(f"{address}/advise", json={"note": "Autre prise"}, headers=headers).json["state"] == "advised"
    assert desk.post(f"{address}/notes", json={}, headers=headers).status_code == 422
    made = desk.post("/api/v1/tickets", json={"trouble": "slow", "own_machine": "tablette"}, headers=headers)
    assert (made.status_code, made.json["own_machine"]) == (201, "tablette")


def test_a_ticket_promises_an_answer_within_open_days(context):
    ticket = troubles.told()
    assert ticket.answer_by > today()
    policy = AFTER.in_force()
    assert ticket.answer_by == policy.answer_by(today(), ticket.device.site_id)
    assert count_open(people.actor(Role.DESK)) == 1
    assert count_open(people.actor(Role.OBSERVER)) == 0


def test_without_a_number_the_family_is_answered_as_last_time(context):
    referral = families.handed_over().allocation.referral
    with unit_of_work():
        made = report_for(people.actor(Role.PRESCRIBER), referral, trouble=Symptom.OTHER)
    assert (made.via, reached(made).to, reached(made).told) == (TicketVia.PARTNER, "+33612345678", False)
    waits = families.waiting(first_name="Yanis")
    with pytest.raises(NotServed), unit_of_work():
        report_for(people.actor(Role.PRESCRIBER), waits, trouble=Symptom.OTHER)


def test_what_is_with_nobody_has_no_ticket(context):
    here = workshop.laptop().code
    with pytest.raises(NotWithAFamily), unit_of_work():
        open_ticket(people.actor(Role.TECHNICIAN), trouble=Symptom.SLOW, code=here)
    with pytest.raises(Invalid), unit_of_work():
        open_ticket(people.actor(Role.TECHNICIAN), trouble=Symptom.SLOW, code="ZZZZ-ZZZZ")


def test_words_number_picture_and_notes_go_at_their_term(context):
    ticket = troubles.told()
    with unit_of_work():
        ticket.photo = keep(b"une photo")
        note_word(people.actor(Role.DESK), ticket, note="Rappeler Zoë le soir")
    troubles.fire(ticket, "close", outcome="solved", cause=Cause.USE.value)
    term = next(each for each in TERMS if each.key == "referrals.tickets")
    assert not db.session.scalars(term.due()).all()
    with unit_of_work():
        ticket.closed_at = ago(durations().tickets) - (now() - ago(durations().drafts))
    assert db.session.scalars(term.due()).all() == [ticket.id]
    with unit_of_work():
        erase_tickets([ticket.id])
    assert (ticket.words, ticket.phone, ticket.photo) == (None, None, None)
    assert not any(notes_of(events_of(ticket)).values())
    with pytest.raises(TicketForgotten), unit_of_work():
        note_word(people.actor(Role.DESK), ticket, note="Zoë a rappelé")
    assert not db.session.scalars(term.due()).all()
    assert ticket.cause is Cause.USE, "what was found stays counted"


def test_what_nobody_closes_goes_when_nothing_is_heard_of_it_for_as_long(context):
    term = next(each for each in TERMS if each.key == "referrals.tickets")
    long_ago = ago(durations().tickets) - timedelta(days=5)
    ticket = troubles.told()
    assert not db.session.scalars(term.due()).all()
    with at(now() + (now() - long_ago)):
        assert db.session.scalars(term.due()).all() == [ticket.id]
        with unit_of_work():
            erase_tickets([ticket.id])
        with pytest.raises(TicketForgotten):
            troubles.fire(ticket, "close", outcome="solved", cause=Cause.USE.value, note="Zoë ne répond plus")
        troubles.fire(ticket, "close", outcome="no_news", cause=Cause.USE.value)


def test_words_and_picture_are_closed_where_names_are(context):
    ticket = troubles.told()
    with unit_of_work():
        ticket.photo = keep(b"une photo")
    db.session.expire_all()
    g.names_closed = True
    shown = dump(ticket, people.actor(Role.DESK))
    assert (shown["words"], ticket.photo) == (None, None)
    db.session.expire_all()
    g.names_closed = False
    assert dump(ticket, people.actor(Role.DESK))["words"] == "Plus de lumière"


def test_causes_are_counted_in_the_year_of_the_wall_clock(context):
    ticket = troubles.told()
    troubles.fire(ticket, "close", outcome="solved", cause=Cause.USE.value)
    with unit_of_work():
        ticket.closed_at = midnight(date(2030, 1, 1))
    assert (causes_in(2029), causes_in(2030)) == ([], [(Cause.USE, 1)])


def test_what_was_told_goes_with_whoever_is_forgotten(context):
    ticket = troubles.told()
    with unit_of_work():
        erase_beneficiaries([ticket.referral.beneficiary_id])
    (kept,) = tickets_of(ticket.referral)
    assert (kept.words, kept.phone) == (None, None)
    assert kept.forgotten_at is not None


def test_the_desk_comes_to_what_is_told_from_wherever_it_is(signed_in, ticket):
    shown = signed_in(Role.DESK).get("/prets").text
    assert 'href="/pannes"' in shown[shown.index("<nav") : shown.index("<main")]


def test_an_adviser_is_led_to_no_file_that_she_did_not_write(app, signed_in, ticket):
    with app.app_context():
        people.somebody(Grant(Role.ADVISER), email="conseil@refurb.example")
    client, page = checking(app), f"/pannes/{ticket['reference']}"
    client.sign_in("conseil@refurb.example")
    assert ticket["referral"] not in client.get(page).text
    assert client.get(f"/api/v1/tickets/{ticket['reference']}").json["referral"] is None
    assert f"/orientations/{ticket['referral']}" in signed_in(Role.COORDINATOR).get(page).text


def test_a_number_that_is_read_in_a_file_is_logged_whichever_door_it_is_read_by(app, signed_in):
    with app.app_context():
        referral = families.handed_over().allocation.referral
        with unit_of_work():
            made = report_for(people.actor(Role.PRESCRIBER), referral, trouble=Symptom.OTHER)
        reference, file = made.reference, referral.reference
    client = signed_in(Role.DESK)
    assert client.get(f"/api/v1/tickets/{reference}").json["answer"]["to"]
    with app.app_context():
        worker.write_notes(app)
        assert [each.about for each in db.session.query(SecurityEvent).filter_by(kind=SecurityKind.FILE_OPENED)] == [file]


def test_without_a_second_factor_the_workshop_reads_no_word_of_a_family(app, signed_in, ticket):
    client, page = signed_in(Role.TECHNICIAN), f"/pannes/{ticket['reference']}"
    with app.app_context(), unit_of_work():
        db.session.query(Ticket).one().photo = keep(b"une photo")
    assert client.get(f"{page}/photo.jpg").status_code == 200
    client.lose_proof()
    shown = plainly(client.get(page).text)
    assert "Plus de lumière" not in shown
    assert "fermés, comme les noms" in shown
    assert client.get(f"{page}/photo.jpg").status_code == 404
    assert client.get(f"/api/v1/tickets/{ticket['reference']}").json["words"] is None


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.DESK])
def test_without_a_second_factor_no_deed_answers_with_what_a_family_wrote(signed_in, ticket, role):
    client, address = signed_in(role), f"/api/v1/tickets/{ticket['reference']}"
    client.lose_proof()
    headers = {"X-CSRFToken": client.token()}
    for door, facts in (("notes", {"note": "Vue"}), ("take_in", {}), ("mend", {"cause": "charger"})):
        answer = client.post(f"{address}/{door}", json=facts, headers=headers)
        assert (answer.status_code, answer.json["words"]) == (200, None), door
        assert "06 12 34 56" not in plainly(answer.text), door


def test_all_that_is_kept_of_trouble_is_told_to_the_person(app):
    with app.test_request_context():
        ticket = troubles.told()
        with unit_of_work():
            note_word(people.actor(Role.DESK), ticket, note="Rappelée mardi")
            ticket.photo = keep(b"une photo")
        troubles.fire(ticket, "appoint", at="2030-01-08T14:00", place="Accueil de l'atelier")
        (part,) = [each for each in REFERRED.known(ticket.referral_id) if str(each.title) == "Pannes signalées"]
        said = "\n".join(str(each.value) for each in part.facts)
    for each in ("Plus de lumière", "06 12 34 56 99", "Rappelée mardi", "Accueil de l'atelier", "/photo.jpg"):
        assert each in plainly(said)
