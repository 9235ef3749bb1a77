"""The pages of appointments, from the office's slots to the family's telephone, and the JSON door."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from refurb.documents.links import make_link
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, today
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.handovers.effects import APPOINTMENT_LINK
from refurb.referrals.handovers.models import HandoverInvitation, HandoverSlot
from refurb.referrals.handovers.words import InvitationState
from refurb.referrals.words import Mobility
from tests.support.client import checking
from tests.support.story import appointments, families, people


@pytest.fixture
def reference(app):
    with app.app_context():
        return families.allocated(email=appointments.EMAIL).referral.reference


def newest(app, kind):
    with app.app_context():
        return db.session.query(kind).order_by(kind.id.desc()).first()


def form(**changes):
    return {"hours": "14h-15h", "minutes": "30", "places": "1", "weeks": "1", **changes}


def test_from_the_slots_to_the_family_that_chooses(app, signed_in, reference):
    with app.app_context():
        day = appointments.an_open_day().isoformat()
        answer_by = (today() + timedelta(days=20)).isoformat()
    office = signed_in(Role.COORDINATOR)
    assert "À inviter" in office.get("/rendez-vous").text
    assert "1 rendez-vous de remise à arranger" in office.get("/").text.replace("\u202f", " ").replace("\u00a0", " ")
    refused = office.submit("/rendez-vous/creneaux", form(day=day, hours="le soir"))
    assert refused.status_code == 422
    assert "le soir" in refused.text
    assert office.submit("/rendez-vous/creneaux", form(day=day)).status_code == 303
    path = f"/orientations/{reference}"
    assert "Inviter à venir" in office.get(path).text
    assert office.submit(f"{path}/inviter", {"invited_by": "sms", "answer_by": "2001-01-01"}).status_code == 422
    assert office.submit(f"{path}/inviter", {"invited_by": "sms", "answer_by": answer_by}).status_code == 303
    page = office.get(f"{path}/rendez-vous").text
    assert "Bonjour, votre appareil vous attend. Choisissez votre heure avant le" in page
    assert "/mon-rendez-vous/" in page
    letter = PdfReader(BytesIO(office.get(f"{path}/rendez-vous/lettre.pdf").data)).pages[0].extract_text()
    assert "Votre appareil est prêt" in letter
    assert families.FACTS["first_name"] not in letter
    listed = office.get("/rendez-vous").text
    assert "Invitées, sans réponse encore" in listed
    assert office.submit(f"/rendez-vous/creneaux/{newest(app, HandoverSlot).id}/retirer").status_code == 303


def test_the_partner_chooses_with_the_family_and_moves_it(app, signed_in):
    with app.app_context():
        first, second = (each.id for each in appointments.opened())
        reference = appointments.invited().allocation.referral.reference
    partner, path = signed_in(Role.PRESCRIBER), f"/orientations/{reference}/rendez-vous"
    assert partner.get("/rendez-vous").status_code == 403
    assert "14\u202fh" in partner.get(f"{path}/heure").text
    assert partner.submit(f"{path}/heure", {}).status_code == 422
    assert partner.submit(f"{path}/heure", {"slot": str(first), "lift": "1", "lift_words": "Depuis Civray"}).status_code == 303
    assert "Depuis Civray" in partner.get(path).text
    assert partner.get(f"{path}/agenda.ics").data.startswith(b"BEGIN:VCALENDAR")
    assert partner.submit(f"{path}/heure", {"slot": str(second)}).status_code == 303
    assert "Rendez-vous déplacé" in partner.get(path).text
    assert partner.submit(f"{path}/elle-ne-vient-pas", {"because": "not_this_time"}).status_code == 303
    assert "Ne vient pas, prévenu" in partner.get(f"/orientations/{reference}").text
    assert partner.submit(f"{path}/absente-sans-prevenir").status_code == 403


def test_the_family_answers_by_its_link(app, client):
    with app.app_context():
        first, second = (each.id for each in appointments.opened())
        own = f"/mon-rendez-vous/{make_link(APPOINTMENT_LINK, appointments.invited().id)}"
    shown = client.get(own)
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert families.FACTS["first_name"] not in shown.text
    assert client.get(f"{own}/agenda.ics").status_code == 404
    for nonsense in ({}, {"answer": "demain"}, {"answer": "99999999999"}):
        assert client.submit(own, nonsense).status_code == 422
    assert client.submit(own, {"answer": str(first), "lift": "1", "lift_words": "Fauteuil"}).status_code == 303
    assert "Vous venez" in client.get(own).text
    assert client.get(f"{own}/agenda.ics").data.startswith(b"BEGIN:VCALENDAR")
    with app.app_context():
        families_too = appointments.invite_to(families.allocated())
        late = f"/mon-rendez-vous/{make_link(APPOINTMENT_LINK, families_too.id)}"
    taken = client.submit(late, {"answer": str(first)})
    assert taken.status_code == 409
    assert "Rien n’est perdu" in taken.text
    assert client.submit(own, {"answer": str(second)}).status_code == 303
    assert client.submit(own, {"answer": "call"}).status_code == 303
    assert "Vous avez répondu" in client.get(own).text
    assert client.get(own[:-2]).status_code == 404


def test_by_the_json_door(app, signed_in):
    with app.app_context():
        number, day = families.allocated().id, appointments.an_open_day().isoformat()
    client = signed_in(Role.COORDINATOR)
    head, path = {"X-CSRFToken": client.token()}, f"/api/v1/allocations/{number}/invitation"
    told = {"day": day, "hours": "14h-15h", "minutes": 30, "places": 2, "weeks": 1}
    assert client.post("/api/v1/handover-slots", json=told, headers=head).json == {"opened": 2, "closed": 0, "known": 0}
    first, second = client.get("/api/v1/handover-slots").json["slots"]
    assert (first["from_minute"], first["left"]) == (840, 2)
    assert client.get(path).status_code == 404
    made = client.post(path, json={"invited_by": "sms", "answer_by": day}, headers=head)
    assert (made.status_code, made.json["state"]) == (201, "invited")
    chosen = client.post(f"{path}/choose", json={"slot": first["id"]}, headers=head).json
    assert (chosen["state"], chosen["slot"]["id"]) == ("chosen", first["id"])
    assert client.get("/api/v1/handover-slots").json["slots"][0]["left"] == 1
    used = client.post(f"/api/v1/handover-slots/{first['id']}/withdraw", headers=head)
    assert (used.status_code, used.json["code"]) == (409, "handover.slot_in_use")
    assert client.post(f"/api/v1/handover-slots/{second['id']}/withdraw", headers=head).json["withdrawn"] is True


def test_whoever_has_no_second_factor_reads_no_address_and_loses_none(app, signed_in):
    with app.app_context():
        first, second = appointments.opened(at_home=True)
        invitation = appointments.chosen(appointments.invited(), first, address="3 rue des Lilas", lift_words="Fauteuil", lift=True)
        page, number, other = f"/orientations/{invitation.allocation.referral.reference}/rendez-vous", invitation.id, second.id
    client = signed_in(Role.PRESCRIBER)
    assert "3 rue des Lilas" in client.get(page).text
    client.lose_proof()
    for shown in (client.get(page).text, client.get(f"{page}/heure").text):
        assert "Lilas" not in shown
        assert "Fauteuil" not in shown
    assert client.submit(f"{page}/heure", {"slot": str(other), "lift": "1", "address": "", "lift_words": ""}).status_code == 303
    with app.app_context():
        kept = db.session.get_one(HandoverInvitation, number)
        assert (kept.seat.slot_id, kept.address, kept.lift_words) == (other, "3 rue des Lilas", "Fauteuil")


def test_a_visit_goes_to_the_address_of_the_file_which_is_not_kept_twice(app, signed_in):
    with app.app_context():
        slot = appointments.opened(at_home=True)[0]
        allocation = families.allocated(mobility=Mobility.HOME, address="8 place du Marché")
        invitation = appointments.invite_to(allocation)
        page = f"/orientations/{allocation.referral.reference}/rendez-vous"
        number, told = invitation.id, {"slot": str(slot.id), "address": "8 place du Marché"}
    client = signed_in(Role.PRESCRIBER)
    assert "8 place du Marché" in client.get(f"{page}/heure").text
    assert client.submit(f"{page}/heure", told).status_code == 303
    shown = client.get(page).text
    assert "8 place du Marché" in shown
    assert "Chez la famille" in shown
    assert "Chez vous" not in shown
    with app.app_context():
        assert db.session.get_one(HandoverInvitation, number).address is None


def test_the_link_of_an_hour_that_went_by_does_not_tell_of_it_as_to_come(app, client):
    with app.app_context():
        missed, came = (appointments.chosen(appointments.invited(), each) for each in appointments.opened())
        with at(missed.slot.ends_at):
            appointments.fire(missed, "miss")
        with unit_of_work():
            hand_over(people.actor(Role.COORDINATOR), came.allocation, place="Atelier", signature_kind="paper")
        links = [f"/mon-rendez-vous/{make_link(APPOINTMENT_LINK, each.id)}" for each in (missed, came)]
    for link, said in zip(links, ("Ce rendez-vous est passé", "L’appareil est remis"), strict=True):
        shown = client.get(link).text
        assert "Vous venez" not in shown
        assert said in shown


def test_on_the_day_itself_no_hour_is_offered_that_would_be_refused(app, client):
    with app.app_context():
        first, second = appointments.opened()[0], appointments.opened(day=appointments.an_open_day(8))[-1]
        invitation = appointments.chosen(appointments.invited(), first)
        own, taken = f"/mon-rendez-vous/{make_link(APPOINTMENT_LINK, invitation.id)}", str(second.id)
        before, day = first.starts_at - timedelta(days=1), first.starts_at - timedelta(hours=2)
    with at(before):
        assert f'value="{taken}"' in client.get(own).text
    with at(day):
        shown = client.get(own).text
        assert f'value="{taken}"' not in shown
        assert "appelez-nous" in shown
        assert 'value="call"' in shown, "with notice all the same"


def test_whoever_hands_over_today_what_another_arranged_does_not_arrange_it(app):
    with app.app_context():
        people.somebody(Grant(Role.ADVISER), email="conseil@b.example")
        allocation, slot = families.allocated(email=appointments.EMAIL), appointments.opened()[-1]
        appointments.chosen(appointments.invite_to(allocation), slot, people.actor(Role.COORDINATOR))
        path, number, before = f"/orientations/{allocation.referral.reference}", allocation.id, slot.starts_at - timedelta(hours=3)
        reference = allocation.referral.reference
        answer_by = (today() + timedelta(days=20)).isoformat()
    with at(before):
        adviser = checking(app)
        adviser.sign_in("conseil@b.example")
        told, headers = {"invited_by": "sms", "answer_by": answer_by}, {"X-CSRFToken": adviser.token()}
        assert adviser.get(f"/remises/{reference}").status_code == 200
        assert adviser.get(f"{path}/inviter").status_code == 404
        assert adviser.submit(f"{path}/inviter", told).status_code == 404
        assert adviser.post(f"/api/v1/allocations/{number}/invitation", json=told, headers=headers).status_code == 404
    assert newest(app, HandoverInvitation).state is InvitationState.CHOSEN
