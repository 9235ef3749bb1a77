"""Somebody without an account refers by a link: for one organisation, confirmed by who gave it, and seeing nobody else's file."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from refurb.directory.organisations.rules import NoLongerDealtWith
from refurb.documents.links import LinkBroken
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.terms import ERASED
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.errors import Forbidden
from refurb.referrals.cases.by_link import write_by_link
from refurb.referrals.cases.queries.referrals import referrals_of
from refurb.referrals.links import rules
from refurb.referrals.links.actions import HOLDERS_TERM, KEPT_FOR, LASTS, make_asking_link, revoke_asking_link
from refurb.referrals.links.models import AskingLink
from refurb.referrals.links.queries import address_of, asking_link_of
from refurb.referrals.links.rules import AskingLinkOver, TooManyByLink
from refurb.referrals.models import Referral
from refurb.referrals.words import ReferralState
from tests.support.story import families, people

HOLDER = "Mairie de Lusignan, accueil"


def given(actor=None):
    actor = actor or people.actor(Role.PRESCRIBER)
    with unit_of_work():
        return make_asking_link(actor, people.organisation("CCAS de Poitiers"), holder=HOLDER)


def path_of(link):
    return address_of(link).partition("://")[2].partition("/")[2].join(("/", ""))


def written(link):
    with unit_of_work():
        return write_by_link(link, **families.FACTS)


def test_what_she_writes_is_a_draft_of_who_gave_the_link_until_that_person_sends_it(app, client, signed_in):
    with app.app_context():
        families.submitted(first_name="Bob", last_name="Autre-Famille", birth_year=1950, phone="+33549000099")
        path = path_of(given())
    blank = client.get(path).text
    assert "CCAS de Poitiers" in blank
    assert "Autre-Famille" not in blank
    answer = client.submit(path, families.form_facts(last_name="Par-Lien", notice_language="simple"), follow_redirects=True)
    assert "qui relit et transmet" in answer.text
    assert "Par-Lien" not in answer.text, "the next person starts from an empty form"
    with app.app_context():
        referral = db.session.scalars(select(Referral).where(Referral.link_id.is_not(None))).one()
        assert (referral.state, referral.partner.name) == (ReferralState.DRAFT, "CCAS de Poitiers")
        assert referral.prescriber_id == people.actor(Role.PRESCRIBER).id
    assert client.get(f"/orientations/{referral.reference}").status_code in {302, 303, 401}, "what was sent is not hers to open again"

    claire = signed_in(Role.PRESCRIBER)
    assert HOLDER in claire.get(f"/orientations/{referral.reference}").text
    claire.submit(f"/orientations/{referral.reference}/transmettre", {})
    with app.app_context():
        assert db.session.get_one(Referral, referral.id).state is ReferralState.SUBMITTED


def test_the_office_reads_nothing_of_it_before(context):
    referral = written(given())
    seen = {row.reference for row in db.session.execute(referrals_of(people.actor(Role.COORDINATOR)))}
    assert referral.reference not in seen


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_written(app, client):
    with app.app_context():
        path = path_of(given())
    answer = client.submit(path, families.form_facts(birth_year="2091", channel="email"))
    assert answer.status_code == 422
    assert 'id="f-birth_year-e"' in answer.text
    assert "O&#39;Neil 🙂" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Referral)).all() == []


@pytest.mark.both_databases
def test_one_that_was_taken_back_or_whose_giver_left_opens_nothing(app, client, context):
    link, other = given(), given()
    with unit_of_work():
        revoke_asking_link(people.actor(Role.PRESCRIBER), link)
    assert client.get(path_of(link)).status_code == 410
    with pytest.raises(AskingLinkOver):
        written(link)
    with pytest.raises(AskingLinkOver), unit_of_work():
        revoke_asking_link(people.actor(Role.PRESCRIBER), link)
    with unit_of_work():
        db.session.execute(text("DELETE FROM role_grants WHERE role = 'prescriber'"))
    with pytest.raises(AskingLinkOver):
        written(other)


def test_its_time_ends_and_no_other_address_opens_one(context):
    link = given()
    token = path_of(link).rpartition("/")[2]
    assert asking_link_of(token) is link
    with at(now() + LASTS + timedelta(seconds=2)), pytest.raises(AskingLinkOver):
        rules.opens_something(link)
    with pytest.raises(LinkBroken):
        asking_link_of(token[:-1])


def test_no_more_than_a_days_work_comes_by_one_link(context, monkeypatch):
    monkeypatch.setattr(rules, "MOST_A_DAY", 2)
    link, other = given(), given()
    for _ in range(2):
        written(link)
    with pytest.raises(TooManyByLink):
        written(link)
    written(other)
    with at(now() + timedelta(days=1, minutes=1)):
        written(link)


def test_a_partner_that_may_not_refer_gives_none_and_takes_none(context):
    link = given()
    with unit_of_work():
        people.organisation("CCAS de Poitiers").archived_at = now()
    with pytest.raises(NoLongerDealtWith):
        written(link)
    with pytest.raises(NoLongerDealtWith):
        given()


def test_nobody_gives_or_takes_back_a_link_of_another_organisation(app, signed_in):
    with app.app_context():
        link = given()
        with pytest.raises(Forbidden):
            given(people.other_prescriber())
        with pytest.raises(Forbidden):
            given(people.actor(Role.TECHNICIAN))
        number = given(people.actor(Role.COORDINATOR)).id, link.id
    claire = signed_in(Role.PRESCRIBER)
    page = claire.get("/orientations/liens").text
    assert page.count(HOLDER) == 2
    made = claire.submit("/orientations/liens", {"holder": "Aide à domicile"}, follow_redirects=True).text
    assert "/orienter/" in made
    assert claire.submit("/orientations/liens", {"holder": ""}).status_code == 422
    claire.submit(f"/orientations/liens/{number[1]}/retirer", {})
    with app.app_context():
        assert db.session.get_one(AskingLink, number[1]).revoked_at is not None


def test_who_held_it_is_forgotten_at_its_term(context):
    link = given()
    referral = written(link)
    with at(now() + LASTS + KEPT_FOR + timedelta(days=1)), unit_of_work():
        assert HOLDERS_TERM() == 1
    assert (link.holder, referral.link_id) == (ERASED, link.id)


def test_the_json_door_gives_lists_and_takes_back(signed_in):
    claire = signed_in(Role.PRESCRIBER)

    def post(path, **facts):
        return claire.post(f"/api/v1/referral-links{path}", json=facts, headers={"X-CSRFToken": claire.token()})

    made = post("", holder=HOLDER).json
    assert "/orienter/" in made["address"]
    assert [each["id"] for each in claire.get("/api/v1/referral-links").json["items"]] == [made["id"]]
    assert post(f"/{made['id']}/revoke").json["is_open"] is False
    assert post(f"/{made['id']}/revoke").status_code == 410
