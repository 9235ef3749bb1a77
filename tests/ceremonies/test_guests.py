"""Guests: written down once, told a number that reveals no hand-over, and forgotten a month after."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from refurb.ceremonies.guests.actions import MAIL_GUEST, add_donors
from refurb.ceremonies.guests.effects import mail_ceremony_guest
from refurb.ceremonies.guests.figures import DonorFigure, donor_figures, donors_to_invite
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.guests.queries import guests_of
from refurb.ceremonies.guests.rules import GuestTwice
from refurb.ceremonies.guests.shown import said_of
from refurb.ceremonies.guests.words import GuestKind
from refurb.ceremonies.retention import TERMS
from refurb.inventory.papers.models import ToldFates
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import NotTold
from refurb.kernel.deeds.terms import ERASED
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.kernel.speech.errors import Invalid
from tests.support.story import families, gala, gifts, people
from tests.support.story.machines import devices_of


def tell(donation, given, month="2026-10"):
    with unit_of_work():
        none = dict.fromkeys(("ready", "lent", "parts", "waste", "given_laptops"), 0)
        db.session.add(ToldFates(donation_id=donation.id, month=month, counted_on=today(), given=given, settled=False, **none))


def test_the_invitation_says_the_sum_of_what_the_donors_pages_say(context):
    """Five of one donation and none of the other, whatever came of its one machine: else the difference would tell of it."""
    many, one = gifts.received(6), gifts.received(1)
    donor = many.donor_id
    assert one.donor_id == donor
    tell(many, 5)
    tell(one, 0)
    assert donor_figures([donor])[donor] == DonorFigure(donor, 7, 5)


def test_a_slip_that_is_signed_late_or_undone_changes_nothing_that_was_told(context):
    with at(now() - timedelta(days=40)):
        handed = families.handed_over()
    donation = handed.allocation.device.donation
    with unit_of_work():
        donation.lines[0].received = 8
    tell(donation, 5)
    assert donor_figures([donation.donor_id])[donation.donor_id].handed == 5
    with unit_of_work():
        handed.paper_id = None
    assert donor_figures([donation.donor_id])[donation.donor_id].handed == 5


def test_machines_are_those_that_were_counted_on_the_dock(context):
    donation = gifts.received(8)
    with unit_of_work():
        db.session.delete(devices_of(donation)[0])
    assert donor_figures([donation.donor_id])[donation.donor_id].given == 8


def test_what_is_handed_over_this_month_or_unsigned_is_no_figure_yet(context):
    handed = families.handed_over()
    donor = handed.allocation.device.donation.donor_id
    assert donor_figures([donor])[donor].handed is None
    assert said_of(DonorFigure(donor, 42, 27)).replace("\u00a0", " ") == "Au moins 27 de vos 42 machines sont déjà remises."
    assert said_of(DonorFigure(donor, 1, None)).replace("\u00a0", " ") == "Vous nous avez confié 1 machine."
    assert said_of(DonorFigure(donor, 0, None)) == ""


def test_donors_are_proposed_with_their_figure_and_invited_once(app, signed_in):
    with app.app_context():
        donor = gifts.received(3).donor_id
        ceremony = gala.planned()
        number = ceremony.id
        assert [each.figure for each in donors_to_invite([]) if each.figure.donor_id == donor] == [DonorFigure(donor, 3, None)]
    client = signed_in(Role.COORDINATOR)
    path = f"/ceremonies/{number}/invites/donateurs"
    assert "Vous nous avez confié 3 machines" in client.get(path).text.replace("\u00a0", " ")
    assert client.submit(path, {"donors": ["99999"]}).status_code == 422
    assert client.submit(path, {"donors": [str(donor)]}).status_code == 303
    page = client.get(f"/ceremonies/{number}").text
    assert ("À inviter" in page, "Relire 1 invitation" in page.replace("\u00a0", " ")) == (True, True)
    assert "Vous nous avez confié 3 machines" in client.get(f"/ceremonies/{number}/invites/envoyer").text.replace("\u00a0", " ")
    assert client.submit(f"/ceremonies/{number}/invites/envoyer").status_code == 303
    assert "Sans réponse" in client.get(f"/ceremonies/{number}").text


def test_the_same_address_is_invited_once(context):
    ceremony = gala.planned()
    gala.guest(ceremony, email="o.ferrand@mairie.example")
    with pytest.raises(GuestTwice):
        gala.guest(ceremony, "M. Autre", email="O.Ferrand@mairie.example")
    with pytest.raises(Invalid):
        gala.guest(ceremony, "M. Donne", kind=GuestKind.DONOR)
    with pytest.raises(Invalid), unit_of_work():
        add_donors(people.actor(Role.COORDINATOR), ceremony, [99999])
    assert len(guests_of(ceremony)) == 1


def test_what_was_typed_is_kept_where_it_is_refused(app, signed_in):
    with app.app_context():
        number = gala.planned().id
    client = signed_in(Role.COORDINATOR)
    told = {"kind": "donor", "name": "Mme Auchapt", "email": "ailleurs", "organisation_id": ""}
    refused = client.submit(f"/ceremonies/{number}/invites/nouveau", told)
    assert (refused.status_code, "Mme Auchapt" in refused.text) == (422, True)
    done = client.submit(f"/ceremonies/{number}/invites/nouveau", {**told, "kind": "press", "email": ""}, follow_redirects=True)
    assert "Mme Auchapt" in done.text
    plan = {"title": "R", "starts_at": "2100-01-01T10:00", "place": "Ici", "programme": "Accueil puis café"}
    wrong = client.submit("/ceremonies/nouvelle", plan)
    assert (wrong.status_code, "ne commence pas par une heure" in wrong.text) == (422, True)
    late = client.submit("/ceremonies/nouvelle", {**plan, "programme": "10 h Café", "answer_by": "2100-01-01"})
    assert late.status_code == 422


def test_a_month_later_who_was_invited_is_forgotten_and_how_many_came_is_not(context):
    ceremony = gala.planned(families.allocated())
    guest = gala.guest(ceremony)
    gala.answer(guest, "accept", companions=1, needs=["wheelchair"], no_photo=True)
    term = next(each for each in TERMS if each.key == "ceremonies.guests")
    with unit_of_work():
        assert term() == 0
    with at(ceremony.starts_at + timedelta(days=31)):
        with unit_of_work():
            assert term() == 2
        with unit_of_work():
            assert term() == 0
    assert (guest.guest.name, guest.guest.email, guest.needs, guest.no_photo, guest.places) == (ERASED, None, [], False, 2)


def test_a_donor_who_is_invited_as_a_partner_too_is_still_proposed_as_a_donor(context):
    donor = gifts.received(3).donor_id
    ceremony = gala.planned()
    gala.guest(ceremony, kind=GuestKind.PARTNER, organisation_id=donor)
    with unit_of_work():
        assert add_donors(people.actor(Role.COORDINATOR), ceremony, [donor]) == 1
    with pytest.raises(Invalid), unit_of_work():
        add_donors(people.actor(Role.COORDINATOR), ceremony, [donor])


def test_a_guest_is_corrected_and_a_new_address_is_written_to(app, signed_in):
    with app.app_context():
        ceremony = gala.planned()
        guest, other = gala.guest(ceremony), gala.guest(ceremony, "M. Paul Roy")
        gala.answer(guest, "send")
        path, number = f"/ceremonies/{ceremony.id}/invites/{guest.id}", guest.id
        taken = other.guest.email
    client = signed_in(Role.COORDINATOR)
    told = {"kind": "official", "name": "Mme Odile Ferrand-Roy", "email": "odile@mairie.example", "organisation_id": ""}
    refused = client.submit(f"{path}/corriger", {**told, "email": taken})
    assert (refused.status_code, "Ferrand-Roy" in refused.text) == (409, True)
    assert client.submit(f"{path}/corriger", told).status_code == 303
    with app.app_context():
        mail = db.session.scalars(select(Effect).where(Effect.kind == MAIL_GUEST).order_by(Effect.id.desc())).first()
        letter = mail_ceremony_guest(**mail.facts)
        assert (letter.to, "Ferrand-Roy" in letter.text) == ("odile@mairie.example", True)
        before = db.session.scalars(select(Effect).where(Effect.kind == MAIL_GUEST).order_by(Effect.id)).first()
        with pytest.raises(NotTold):
            mail_ceremony_guest(**before.facts)
    assert client.submit(f"{path}/oublier").status_code == 409
    with app.app_context():
        gala.answer(db.session.get(CeremonyInvitation, number), "withdraw")
    assert client.submit(f"{path}/oublier").status_code == 303
    with app.app_context():
        assert db.session.get(CeremonyInvitation, number).guest.name == ERASED
    assert client.get(f"{path}/corriger").status_code == 404
