"""Saving the letterhead: each save is a version, in force at once, and nothing that was saved is changed."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from refurb.directory.letterhead.actions import (
    AlreadyInForce,
    LetterheadChanged,
    NoLetterhead,
    name_signatory,
    restore_letterhead,
    save_letterhead,
)
from refurb.directory.letterhead.queries import letterhead, letterhead_versions, signatory_of
from refurb.directory.letterhead.words import LegalForm
from refurb.directory.queries import home, home_organisation
from refurb.documents.models import PaperKind
from refurb.inventory.donations.donor import donor_token
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Forbidden, NotFound
from tests.directory.letterhead.pictures import png
from tests.support.story import gifts, people

FACTS = {
    "name": "Association Le Relais numérique du Poitou et du Civraisien", "short_name": "Le Relais", "legal_form": LegalForm.ASSOCIATION,
    "siret": "80295475800032", "street": "12 rue du Clos", "postcode": "86000", "commune": "Poitiers", "email": "bonjour@relais.example",
}  # fmt: skip


def save(seen=0, who=None, **changes):
    with unit_of_work():
        return save_letterhead(who or people.actor(Role.ADMIN), seen=seen, **FACTS | changes)


def sign(seen, key=None, **changes):
    told = {"name": "Josiane Thibaudeau", "function": "présidente", "since": today(), "signs_donations": True} | changes
    with unit_of_work():
        return name_signatory(people.actor(Role.ADMIN), seen=seen, key=key, **told)


def test_a_save_is_a_version_in_force_at_once(context):
    assert home().full_name == home().name == "Le Relais numérique"
    save(logo=png())
    card = home()
    assert (card.name, card.full_name) == (FACTS["short_name"], FACTS["name"])
    assert card.address == "12 rue du Clos, 86000 Poitiers"
    assert fetch(card.logo) == png()
    second = save(1, accent="#6D2A5E")
    assert home().logo == card.logo
    (event,) = events_of(second)
    assert (event.move, event.facts["number"], event.facts["changed"]) == ("letterhead_saved", 2, ["accent"])
    assert [each.accent for each in letterhead_versions()] == ["#6D2A5E", None]
    save(2, logo_removed=True)
    assert home().logo is None


def test_the_directory_follows_and_the_form_says_whether_it_is_a_public_body(context):
    save()
    assert home_organisation().is_public_body is False
    assert home_organisation().address == "12 rue du Clos, 86000 Poitiers"
    save(1, legal_form=LegalForm.CCAS)
    assert home_organisation().is_public_body is True


def test_a_version_comes_back_as_a_new_one_with_who_signed_in_it(context):
    save()
    sign(1)
    save(2, name="Autre nom")
    sign(3, key=1, function="trésorière")
    with unit_of_work():
        restored = restore_letterhead(people.actor(Role.ADMIN), 2, seen=4)
    assert (restored.number, restored.restored_from, restored.name) == (5, 2, FACTS["name"])
    assert [each.function for each in letterhead().signatories] == ["présidente"]
    assert [each.function for each in letterhead_versions()[1].signatories] == ["trésorière"]
    with pytest.raises(AlreadyInForce), unit_of_work():
        restore_letterhead(people.actor(Role.ADMIN), 5, seen=5)
    with pytest.raises(NotFound), unit_of_work():
        restore_letterhead(people.actor(Role.ADMIN), 9, seen=5)


def test_whoever_saves_over_a_version_not_seen_is_refused(context):
    save()
    with pytest.raises(LetterheadChanged):
        save()
    with pytest.raises(LetterheadChanged):
        sign(0)
    assert letterhead().number == 1


def test_who_signs_is_who_was_named_last_and_still_does(context):
    with pytest.raises(NoLetterhead):
        sign(0)
    save()
    assert signatory_of("AD", today()) is None
    sign(1, since=today() - timedelta(days=9))
    sign(2, name="Samir Oudin", since=today() - timedelta(days=2), until=today() - timedelta(days=1), signs_erasures=True)
    assert signatory_of("AD", today()).name == "Josiane Thibaudeau"
    assert signatory_of("AD", today() - timedelta(days=1)).name == "Samir Oudin"
    assert signatory_of("AE", today()) is None
    assert signatory_of("AD", today() - timedelta(days=10)) is None
    with pytest.raises(NotFound):
        sign(3, key=7)


def test_a_paper_bears_the_letterhead_of_its_day_and_keeps_it(context):
    donation = gifts.received(2)
    save(logo=png(), accent="#6D2A5E")
    sign(1, griffe=png(30, 10))
    first = gifts.issued(donation, PaperKind.DONATION)
    content = first.content
    assert content["issuer"]["name"] == FACTS["name"]
    assert content["logo"] == home().logo
    signed = content["blocks"][-1]["items"][0]
    assert signed["name"] == "Josiane Thibaudeau, présidente"
    assert fetch(signed["image_sha256"]) == png(30, 10)
    save(2, name="Autre nom", logo_removed=True)
    assert db.session.merge(first).content == content


def test_a_griffe_is_a_picture_on_the_paper_alone_and_broken_nowhere(app, signed_in):
    with app.app_context():
        people.settle()
        donation = gifts.received(2)
        save()
        sign(1, griffe=png(30, 10))
        preview, number = f"/dons/{donation.reference}/documents/attestation-de-don", donation.reference
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    shown = client.get(preview)
    assert (shown.status_code, "Josiane Thibaudeau" in shown.text, "Signature de" in shown.text) == (200, True, False)
    paper = client.post(f"/api/v1/donations/{number}/papers", json={"kind": "AD"}, headers={"X-CSRFToken": client.token()}).json
    drawn = re.search(r'<img src="([^"]+)" alt="Signature de', client.get(paper["url"]).text)[1]
    assert client.get(drawn).content_type == "image/png"
    with app.app_context():
        link = f"/dons/suivi/{donor_token(db.session.get_one(Donation, paper['subject']['id']))}/{paper['reference']}"
    public = client.get(link)
    assert (public.status_code, 'src=""' in public.text) == (200, False)


def test_only_who_may_set_the_service_saves(context):
    with pytest.raises(Forbidden):
        save(who=people.actor(Role.COORDINATOR))


@pytest.mark.parametrize("change", ["number = 0", "siret = '1'", "rna = 'X123456789'", "postcode = '860'", "accent = 'rouge'"])
def test_the_database_refuses_what_no_letterhead_says(context, change):
    save()
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text(f"UPDATE letterheads SET {change}"))
