"""Testimonies: hers once she has approved them as they stand; a withdrawn one leaves the draft of the report, and that is told."""

import pytest

from refurb.ceremonies.after.actions import issue_report, report_draft, standing_report
from refurb.ceremonies.consents.actions import withdraw
from refurb.ceremonies.consents.effects import own_address
from refurb.ceremonies.consents.models import Consent
from refurb.ceremonies.consents.queries import uses_to_take_down
from refurb.ceremonies.consents.rules import InReport
from refurb.ceremonies.consents.uses import take_down
from refurb.ceremonies.consents.words import ConsentChannel, Showing
from refurb.ceremonies.retention import forget_consents
from refurb.ceremonies.testimonies.actions import answer_testimony, change_words, pick, sum_of, write_testimony
from refurb.ceremonies.testimonies.effects import mail_testimony
from refurb.ceremonies.testimonies.queries import quotes_of
from refurb.ceremonies.testimonies.rules import NotApproved, NoWordsGiven, WordsChanged
from refurb.documents.models import PaperStatus
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import NotTold
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from tests.support.client import checking
from tests.support.story import agreed, families, gala, people

WORDS = "Maintenant, c'est ma fille qui m'apprend."


def office():
    return people.actor(Role.COORDINATOR)


def consented(*shown, **told):
    invitation = gala.family(gala.planned(families.allocated(email="zoe@chez.example")))
    return agreed.given(invitation, *(shown or (agreed.REPORT,)), naming="Awa", **told)


def typed(consent, words=WORDS):
    with unit_of_work():
        return write_testimony(office(), consent, words=words, said_on=today())


def approve(testimony, actor=SERVICE):
    with unit_of_work():
        answer_testimony(actor, testimony, answer="yes", read=sum_of(testimony))


def close(ceremony):
    gala.fire(ceremony, "hold")
    gala.turn(ceremony.turns[0], "miss")
    gala.fire(ceremony, "close")


def quoted(consent):
    """An evening that is over, and the words of one person picked for its report."""
    testimony = typed(consent)
    approve(testimony)
    ceremony = consent.invitation.ceremony
    close(ceremony)
    with unit_of_work():
        pick(office(), testimony, is_picked=True)
    return ceremony


def test_approved_by_the_link_it_may_be_quoted_under_the_name_that_was_chosen(context):
    ceremony = quoted(consented())
    said = str(report_draft(ceremony, quotes_of(ceremony)).blocks)
    assert ("c'est ma fille" in said, "Awa" in said, families.FACTS["last_name"] in said) == (True, True, False)


def test_nobody_quotes_what_was_not_approved(context):
    testimony = typed(consented())
    with pytest.raises(NotApproved), unit_of_work():
        pick(office(), testimony, is_picked=True)


def test_nobody_types_words_of_whoever_did_not_agree_to_it(context):
    consent = consented(agreed.POSTER)
    with pytest.raises(NoWordsGiven):
        typed(consent)


def test_a_changed_word_asks_again_and_an_answer_to_the_former_words_is_void(context):
    testimony = typed(consented())
    read = sum_of(testimony)
    with unit_of_work():
        change_words(office(), testimony, words="Autre chose.", said_on=today())
    with pytest.raises(WordsChanged), unit_of_work():
        answer_testimony(SERVICE, testimony, answer="yes", read=read)
    approve(testimony)
    with unit_of_work():
        change_words(office(), testimony, words="Encore autre chose.", said_on=today())
    assert testimony.awaits_answer


def test_the_letter_asks_and_stops_asking_once_she_has_answered(context):
    testimony = typed(consented())
    letter = mail_testimony(testimony_id=testimony.id)
    assert (letter.to, "ma fille" in letter.text, "/mon-accord/" in letter.text) == ("zoe@chez.example", True, True)
    approve(testimony)
    with pytest.raises(NotTold):
        mail_testimony(testimony_id=testimony.id)


def test_withdrawn_it_leaves_the_draft_and_that_is_told(app, signed_in):
    with app.app_context():
        consent = consented()
        ceremony = quoted(consent)
        with unit_of_work():
            withdraw(office(), consent)
        assert (quotes_of(ceremony).quoted, quotes_of(ceremony).gone) == ((), 1)
        path = f"/ceremonies/{ceremony.id}/compte-rendu"
    said = signed_in(Role.COORDINATOR).get(path).text
    assert ("témoignage choisi ne peut plus être cité" in said.replace("\u00a0", " "), "ma fille" in said) == (True, False)


def test_words_that_wait_for_a_yes_stand_on_no_page_of_the_report(app, signed_in):
    with app.app_context():
        consent = consented()
        typed(consent, words="Secret de famille.")
        ceremony = consent.invitation.ceremony
        close(ceremony)
        path = f"/ceremonies/{ceremony.id}/compte-rendu"
    said = signed_in(Role.COORDINATOR).get(path).text
    assert ("Un témoignage attend" in said.replace("\u00a0", " "), "Secret" in said) == (True, False)


def test_a_report_whose_quote_was_withdrawn_is_not_read_any_more(app, signed_in):
    with app.app_context():
        consent = consented()
        ceremony = quoted(consent)
        with unit_of_work():
            reference = issue_report(office(), ceremony).reference
        path, number = f"/ceremonies/{ceremony.id}/compte-rendu", consent.id
    client = signed_in(Role.COORDINATOR)
    doors = [f"{path}.pdf", f"/documents/{reference}", f"/documents/{reference}.pdf"]
    assert [client.get(each).status_code for each in doors] == [200, 200, 200]
    with app.app_context(), unit_of_work():
        withdraw(office(), db.session.get_one(Consent, number))
    assert [client.get(each).status_code for each in doors] == [409, 409, 409], "one rule for each door"
    assert "ma fille" not in client.get(doors[1]).text
    client.submit(f"{path}/emettre")
    assert client.get(doors[2]).status_code == 409, "the one of before, too"
    assert client.get(f"{path}.pdf").status_code == 200


def test_a_quote_in_an_issued_report_hangs_until_it_is_replaced(context):
    consent = consented()
    ceremony = quoted(consent)
    with unit_of_work():
        first = issue_report(office(), ceremony)
    with unit_of_work():
        withdraw(office(), consent)
    (use,) = uses_to_take_down(ceremony)
    assert (use.spot, use.channel, use.showing) == (first.reference, ConsentChannel.WORDS, Showing.CEREMONY_REPORT)
    with pytest.raises(InReport), unit_of_work():
        take_down(office(), use)
    with unit_of_work():
        second = issue_report(office(), ceremony)
    assert (first.status, standing_report(ceremony), uses_to_take_down(ceremony)) == (PaperStatus.REPLACED, second, [])
    assert "ma fille" not in str(second.content)
    with unit_of_work():
        forget_consents([consent.id])
    assert ("ma fille" in str(first.content), second.forgotten_at, consent.digest) == (False, None, "")


def test_the_person_changes_a_word_or_says_no_by_her_link(app):
    with app.app_context():
        consent = consented()
        testimony = typed(consent)
        number, read = testimony.id, sum_of(testimony)
        link = "/mon-accord/" + own_address(consent).rsplit("/", 1)[1]
    mine = checking(app)
    page = f"{link}/mots/{number}"
    assert "Sont-ce bien vos mots" in mine.get(link).text
    assert mine.submit(page, {"answer": "change", "read": read, "words": ""}).status_code == 422
    assert mine.submit(page, {"answer": "change", "read": read, "words": "Ma fille m'apprend."}).status_code == 303
    assert mine.submit(page, {"answer": "yes", "read": read}).status_code == 409
    assert "Vos mots, approuvés" in mine.get(link).text
    assert mine.submit(page.replace(f"/{number}", "/99"), {"answer": "yes", "read": read}).status_code == 404


def test_typed_corrected_and_approved_on_the_screen(app, signed_in):
    with app.app_context():
        consent = consented()
        path, day = f"/ceremonies/{consent.invitation.ceremony_id}/accords/{consent.id}", today().isoformat()
    client = signed_in(Role.COORDINATOR)
    assert client.submit(f"{path}/temoignages/nouveau", {"words": "", "said_on": day}).status_code == 422
    assert client.submit(f"{path}/temoignages/nouveau", {"words": WORDS, "said_on": day}).status_code == 303
    assert client.submit(f"{path}/temoignages/1/modifier", {"words": "Autre.", "said_on": day}).status_code == 303
    read = client.get(f"{path}/temoignages/1/approuver").text.split('name="read" value="')[1].split('"')[0]
    assert client.submit(f"{path}/temoignages/1/approuver", {"answer": "yes", "read": read}).status_code == 303
    assert "Approuvé" in client.get(path).text
