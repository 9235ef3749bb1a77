"""The notice that somebody is given: one page in five versions, and which text was given when."""

import copy

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from refurb.directory.durations import durations
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import FOLDER, read
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Invalid
from refurb.referrals.cases.actions import revise_referral
from refurb.referrals.cases.notice import NOTICE, notice_in, notice_languages, unread_languages
from refurb.referrals.models import Referral
from refurb.referrals.words import NoticeLanguage
from tests.support.story import families, people

L = NoticeLanguage


def worded(version="essai", **changes):
    """The notice as if some languages said something else, or were not there."""
    content = copy.deepcopy(read("notice", FOLDER).content)
    for language, change in changes.items():
        content = {name: part for name, part in content.items() if name != language}
        if change is not None:
            content[language] = {**read("notice", FOLDER).content[language], **change}
    return NOTICE.as_if(NOTICE.read(content, version))


def revise(referral, **changes):
    dates = {"eligibility_checked_on": referral.eligibility_checked_on, "notice_given_on": referral.notice_given_on}
    with unit_of_work():
        revise_referral(people.actor(Role.PRESCRIBER), referral, **{**families.FACTS, **dates, **changes})


def test_everybody_reads_it_in_each_version_with_the_durations_in_force(app, client):
    with app.app_context():
        people.settle()
        kept = durations()
    for language in L:
        told = client.get(f"/notice/{language}").text
        assert f'lang="{language.lang}" dir="{language.direction}"' in told
        for number in (kept.served.count, kept.unserved.count, kept.drafts.days):
            assert str(number) in told
        assert "{" not in told.partition('class="notice-text"')[2].partition("</article>")[0]
    assert 'dir="rtl"' in client.get("/notice/ar").text
    assert client.get("/notice").text.count("<h2") >= 10
    assert "FALC" not in client.get("/notice/simple").text


def test_one_ground_is_told_and_whom_to_write_to(context):
    people.settle()
    headings = [heading for heading, _body in notice_in("en").sections]
    assert headings.count("By what right") == 1
    assert all(body for _heading, body in notice_in("fr").sections)


def test_a_language_that_is_not_there_is_refused_with_those_that_are(app, client, signed_in):
    answer = client.get("/notice/de")
    assert answer.status_code == 404
    assert "Elle existe en" in answer.text
    claire = signed_in(Role.PRESCRIBER)
    refused = claire.submit("/orientations/nouvelle", families.form_facts(notice_language="de"))
    assert (refused.status_code, "f-notice_language-e" in refused.text) == (422, True)
    assert "O&#39;Neil 🙂" in refused.text
    with app.app_context(), worded(uk=None):
        assert L.UKRAINIAN not in notice_languages()
        with pytest.raises(Invalid) as told:
            families.draft(notice_language=L.UKRAINIAN)
        assert told.value.fields["notice_language"][0].code == "notice.no_language"


def test_the_file_keeps_the_language_and_the_text(app, signed_in):
    client = signed_in(Role.PRESCRIBER)
    told = client.submit("/orientations/nouvelle", families.form_facts(notice_language="ar"), follow_redirects=True).text
    assert "العربية" in told
    with app.app_context():
        referral = db.session.scalars(select(Referral)).one()
        given = (referral.notice_language, referral.notice_version)
        assert given == (L.ARABIC, NOTICE.in_force().version)
    shown = client.get(f"/api/v1/referrals/{referral.reference}").json
    assert (shown["notice_language"], shown["notice_version"]) == given


def test_what_was_given_keeps_its_text_and_another_language_is_another_text(context):
    referral = families.submitted()
    first = referral.notice_version
    assert referral.notice_language is L.FRENCH
    with worded("autre"):
        revise(referral, commune="Buxerolles")
        assert (referral.notice_language, referral.notice_version) == (L.FRENCH, first)
        revise(referral, notice_language=L.SIMPLE)
        assert (referral.notice_language, referral.notice_version) == (L.SIMPLE, "autre")


def test_of_what_was_given_before_nobody_says_in_which_language(context):
    referral = families.submitted()
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE referrals SET notice_language = NULL, notice_version = NULL"))
    db.session.expire_all()
    revise(referral, commune="Buxerolles")
    assert referral.notice_language is None
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text("UPDATE referrals SET notice_language = 'fr'"))


def test_a_translation_that_nobody_read_over_is_marked_to_who_gives_it_and_who_keeps_the_rule(client, signed_in):
    mark = "Personne n’a relu"
    assert mark not in client.get("/notice/uk").text
    claire = signed_in(Role.PRESCRIBER)
    assert claire.get("/orientations/nouvelle").text.count("Personne ne l’a relue") == 4
    assert mark in claire.get("/notice/uk").text
    assert mark not in claire.get("/notice/fr").text
    assert "Personne n’a relu\N{NO-BREAK SPACE}: Version simplifiée, English" in signed_in(Role.ADMIN).get("/regles").text
    with worded(uk={"read_over": "O. Koval, interprète, mars 2027"}):
        assert L.UKRAINIAN not in unread_languages()
        assert mark not in claire.get("/notice/uk").text
