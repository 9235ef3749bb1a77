"""Guests: written down once, told a number that reveals no hand-over, and forgotten a month after."""

from datetime import timedelta
from itertools import pairwise

import pytest

from refurb.ceremonies.guests.actions import add_donors
from refurb.ceremonies.guests.figures import DonorFigure, donor_figures, donors_to_invite, told_by_month
from refurb.ceremonies.guests.queries import guests_of
from refurb.ceremonies.guests.rules import GuestTwice
from refurb.ceremonies.guests.shown import said_of
from refurb.ceremonies.guests.words import GuestKind
from refurb.ceremonies.retention import TERMS
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.terms import ERASED
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at
from refurb.kernel.speech.errors import Invalid
from tests.support.story import families, gala, gifts, people


@pytest.mark.parametrize(
    ("months", "told"),
    [([], 0), ([4], 0), ([5], 5), ([3, 2], 5), ([5, 4], 5), ([5, 4, 1], 10), ([4, 4, 4], 8), ([9, 3, 1], 9)],
)
def test_a_month_of_few_joins_the_next(months, told):
    assert told_by_month(months) == told


def test_two_looks_never_differ_by_fewer_than_five():
    months = [3, 1, 7, 0, 2, 2, 2, 5, 1, 1, 1, 1, 1]
    told = [told_by_month(months[:until]) for until in range(len(months) + 1)]
    steps = [after - before for before, after in pairwise(told)]
    assert all(step == 0 or step >= 5 for step in steps)


def test_what_is_handed_over_this_month_or_unsigned_is_no_figure_yet(context):
    handed = families.handed_over()
    donor = handed.allocation.device.donation.donor_id
    assert donor_figures([donor])[donor].handed is None
    assert said_of(DonorFigure(donor, 42, 27)).replace("\u00a0", " ") == "27 de vos 42 machines sont déjà remises."
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
    (term,) = TERMS
    with unit_of_work():
        assert term() == 0
    with at(ceremony.starts_at + timedelta(days=31)):
        with unit_of_work():
            assert term() == 1
        with unit_of_work():
            assert term() == 0
    assert (guest.guest.name, guest.guest.email, guest.needs, guest.no_photo, guest.places) == (ERASED, None, [], False, 2)
