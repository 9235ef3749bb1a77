"""The pages of organisations and their JSON door."""

import io
import re

import pytest
from pypdf import PdfWriter
from sqlalchemy import select

from refurb.accounts.invitations.actions import invite_referent
from refurb.accounts.invitations.models import Invitation
from refurb.directory.actions import add_organisation
from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import SERVICE, Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from tests.support.story import families, people


def reference_of(app, name):
    with app.app_context():
        return people.organisation(name).reference


def test_one_is_added_with_its_contact_and_its_convention(app, signed_in):
    client = signed_in(Role.COORDINATOR)
    told = {"name": "Maison de quartier", "typology": "MQ", "postcode": "86190", "place": "ayron", "natures": ["partner", "host"]}
    with app.app_context():
        day = today().isoformat()
    agreed = {"convention": "signed", "starts_on": day, "ends_on": day, "contact_name": "Léa Faut"}
    page = client.submit("/structures/ajouter", {**told, **agreed}, follow_redirects=True).text
    for said in ("Maison de quartier", "86190 Ayron", "Finit le", "Léa Faut", "Renouveler la convention"):
        assert said in page
    assert "Accueille une permanence" in page


def test_a_shared_postcode_asks_which_and_keeps_what_was_typed(signed_in):
    client = signed_in(Role.COORDINATOR)
    answer = client.submit("/structures/ajouter", {"name": "Gardé", "postcode": "86190", "numbers": "123"})
    assert answer.status_code == 422
    assert 'value="Gardé"' in answer.text
    assert "Chiré-en-Montreuil" not in answer.text or '<option value="Chiré-en-Montreuil">' in answer.text
    answer = client.submit("/structures/ajouter", {"name": "Gardé", "postcode": "86190"})
    assert '<option value="Chiré-en-Montreuil">' in answer.text
    assert "Plusieurs communes" in answer.text


def test_the_same_name_is_asked_once(app, signed_in):
    client = signed_in(Role.COORDINATOR)
    refused = client.submit("/structures/ajouter", {"name": "ccas de poitiers"})
    assert refused.status_code == 409
    assert f"/structures/{reference_of(app, 'CCAS')}" in refused.text
    assert client.submit("/structures/ajouter", {"name": "ccas de poitiers", "anyway": "1"}).status_code == 303


def test_all_is_corrected_on_its_page(app, signed_in):
    client, at = signed_in(Role.COORDINATOR), f"/structures/{reference_of(app, 'CCAS')}"
    written = {"name": "CCAS de Poitiers", "natures": ["partner"], "siret": "732 829 320 00074", "in_qpv": "no", "postcode": "86000"}
    refused = client.submit(f"{at}/modifier", written)
    assert refused.status_code == 409, "the donor of the story bears this number"
    assert client.submit(f"{at}/modifier", written | {"siret": ""}).status_code == 303
    assert client.submit(f"{at}/contacts/nouveau", {"name": "Zoé", "purpose": "referrals"}).status_code == 303
    page = client.get(at).text
    assert "86000 Poitiers" in page
    contact = page.partition(f"{at}/contacts/")[2].partition("/")[0]
    assert client.submit(f"{at}/contacts/{contact}/modifier", {"name": "Zoé Faut", "purpose": "general"}).status_code == 303
    assert client.submit(f"{at}/contacts/{contact}/terminer", {}).status_code == 303
    assert client.get(f"{at}/contacts/{contact}/modifier").status_code == 404
    agreed = {"kind": "partner", "starts_on": "2026-01-01"}
    page = client.submit(f"{at}/conventions/nouvelle", agreed, follow_redirects=True).text
    number = page.partition(f"{at}/conventions/")[2].partition("/")[0]
    assert "Faire signer la convention" in page
    assert (
        "Sans fin prévue"
        in client.submit(f"{at}/conventions/{number}/modifier", agreed | {"signed_on": "2026-01-01"}, follow_redirects=True).text
    )
    assert client.submit(f"{at}/conventions/{number}/annuler", {"reason": "Erreur"}).status_code == 303
    assert "Dans les archives" in client.submit(f"{at}/archiver", {}, follow_redirects=True).text


def test_a_merged_record_is_still_found_and_leads_on(app, signed_in):
    with app.app_context(), unit_of_work():
        add_organisation(SERVICE, name="CCAS Poitiers bis", is_partner=True)
    client, twin, stands = signed_in(Role.COORDINATOR), reference_of(app, "CCAS Poitiers"), reference_of(app, "CCAS de")
    assert client.submit(f"/structures/{twin}/reunir", {"into": "ST-2020-0001", "sure": "1"}).status_code == 422
    page = client.submit(f"/structures/{twin}/reunir", {"into": stands, "sure": "1"}, follow_redirects=True).text
    assert f"Fiche {twin} réunie à celle-ci" in page
    assert "Hélène Charrier" in page
    old = client.get(f"/structures/{twin}").text
    assert f"/structures/{stands}" in old
    assert "Modifier" not in old


def test_numbers_of_people_below_five_are_not_written(app, signed_in):
    with app.app_context():
        families.submitted()
    at = f"/structures/{reference_of(app, 'CCAS')}"
    assert "moins de 5" in signed_in(Role.COORDINATOR).get(at).text
    desk = signed_in(Role.DESK).get(at).text
    assert "moins de 5" not in desk
    assert "Modifier" not in desk


def test_what_needs_a_look_comes_first(signed_in):
    page = signed_in(Role.ADMIN).get("/structures").text
    assert "À regarder" in page
    assert page.index("Mission locale") < page.index("Chercher une structure")
    assert "Aucune structure de ce nom" in signed_in(Role.DESK).get("/structures?q=introuvable&nature=n").text


@pytest.mark.parametrize("role", [Role.PRESCRIBER, Role.OBSERVER])
def test_strangers_are_refused(signed_in, role):
    assert signed_in(role).get("/structures").status_code == 403
    assert signed_in(role).get("/api/v1/organisations").status_code == 403


def test_a_partner_whose_convention_is_over_is_told_so(app, signed_in):
    client, at = signed_in(Role.COORDINATOR), f"/structures/{reference_of(app, 'CCAS')}"
    client.submit(
        f"{at}/conventions/nouvelle", {"kind": "partner", "starts_on": "2026-01-01", "ends_on": "2026-01-31", "signed_on": "2026-01-01"}
    )
    refused = signed_in(Role.PRESCRIBER).submit("/orientations/nouvelle", families.form_facts())
    assert refused.status_code == 409
    assert "a pris fin le 31 janvier 2026" in refused.text


def test_the_json_door_lists_adds_and_shows(signed_in):
    client = signed_in(Role.COORDINATOR)
    headers = {"X-CSRFToken": client.token()}
    made = client.post("/api/v1/organisations", json={"name": "École", "natures": ["borrower"], "postcode": "86000"}, headers=headers)
    assert made.status_code == 201, made.json
    assert client.get(made.headers["Location"]).json == made.json
    assert made.json["place"] == "Poitiers"
    assert made.json["may_refer"] is False
    again = client.post("/api/v1/organisations", json={"name": "Ecole"}, headers=headers)
    assert (again.status_code, again.json["code"]) == (409, "organisation.known")
    found = client.get("/api/v1/organisations?nature=borrower").json
    assert [each["name"] for each in found["items"]] == ["École"]
    assert client.get("/api/v1/communes?postcode=86000").json == {"items": [{"code": "86194", "name": "Poitiers"}]}
    assert client.get("/api/v1/organisations/ST-2001-0001").status_code == 404


def test_who_is_reached_at_a_new_partner_is_invited_in_the_same_press(app, signed_in):
    admin = signed_in(Role.ADMIN)
    told = {"name": "Maison de quartier", "natures": "partner", "contact_name": "Inès Moreau", "contact_email": "ines@quartier.example"}
    refused = admin.submit("/structures/ajouter", told | {"contact_email": "", "invite": "1"})
    assert refused.status_code == 422
    assert 'id="f-contact_email-e"' in refused.text
    refused = admin.submit("/structures/ajouter", told | {"natures": "donor", "invite": "1"})
    assert refused.status_code == 422
    assert admin.submit("/structures/ajouter", told | {"invite": "1"}).status_code == 303
    with app.app_context():
        (made,) = db.session.scalars(select(Organisation).where(Organisation.name == "Maison de quartier"))
        (invitation,) = db.session.scalars(select(Invitation))
        assert invitation.email == "ines@quartier.example"
        assert invitation.grants == [Grant(Role.PRESCRIBER, made.id), Grant(Role.REFERENT, made.id)]
    again = admin.submit("/structures/ajouter", told | {"name": "Une autre", "invite": "1"})
    assert again.status_code == 422
    with app.app_context():
        assert db.session.scalar(select(Organisation).where(Organisation.name == "Une autre")) is None


def test_who_may_not_invite_adds_only(signed_in):
    client = signed_in(Role.COORDINATOR)
    assert "Ajouter et inviter" not in client.get("/structures/ajouter").text
    told = {"name": "Une structure", "natures": "partner", "contact_name": "Inès", "contact_email": "i@quartier.example", "invite": "1"}
    assert client.submit("/structures/ajouter", told).status_code == 403


def test_a_referent_is_invited_with_her_two_roles(context):
    found = people.organisation("CCAS")
    with unit_of_work():
        invitation = invite_referent(people.actor(Role.ADMIN), found.id, "Inès", "ines@ccas.example")
    assert [each.role for each in invitation.grants] == [Role.PRESCRIBER, Role.REFERENT]


def test_a_signed_copy_comes_with_the_dates_and_goes_to_who_keeps_the_directory(app, signed_in):
    client, at = signed_in(Role.COORDINATOR), f"/structures/{reference_of(app, 'CCAS')}"
    told = {"kind": "partner", "starts_on": "2026-01-01", "ends_on": "2027-12-31", "signed_on": "2026-01-05"}
    refused = client.submit(f"{at}/conventions/nouvelle", told | {"file": (io.BytesIO(b"GIF89a"), "convention.pdf")})
    assert refused.status_code == 422
    for kept in ("2027-12-31", "pas un PDF lisible"):
        assert kept in refused.text
    written = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(210, 297)
    writer.write(written)
    written.seek(0)
    content = written.getvalue()
    page = client.submit(f"{at}/conventions/nouvelle", told | {"file": (written, "convention.pdf")}, follow_redirects=True).text
    link = re.search(r'href="([^"]+/exemplaire\.pdf)"', page)[1]
    given = client.get(link)
    assert (given.data, given.headers["Cache-Control"]) == (content, "private, no-store")
    assert "attachment" in given.headers["Content-Disposition"]
    assert signed_in(Role.DESK).get(link).status_code == 403
