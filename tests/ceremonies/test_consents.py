"""What somebody lets us show: signed by each who must, one no is a no, withdrawn at once, and nothing is shown without it."""

import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from refurb.ceremonies.consents.actions import last_day, restore, say_no, say_yes, want_nothing, withdraw
from refurb.ceremonies.consents.queries import uses_to_take_down
from refurb.ceremonies.consents.rules import (
    AskedTwice,
    ChildLast,
    ConsentAnswered,
    EveryPlaceAsked,
    NoLiveConsent,
    NothingToRestore,
    NothingToWithdraw,
    TakenDownAlready,
)  # fmt: skip
from refurb.ceremonies.consents.uses import hang_again, record_use, take_down
from refurb.ceremonies.consents.words import ConsentChannel, ConsentStanding, Showing, Until
from refurb.ceremonies.door.queries import door_list
from refurb.documents.actions import CannotBeWritten
from refurb.documents.models import PaperKind, SignatureWay
from refurb.documents.queries import papers_about
from refurb.documents.signatures import SignatureVoid
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, local, now, today
from refurb.kernel.speech.errors import Forbidden
from tests.support.story import agreed, families, gala, people


def office():
    return people.actor(Role.COORDINATOR)


def family():
    return gala.family(gala.planned(families.allocated()))


def used(ceremony, *persons, **told):
    facts = {"what": "Affiche A3", "channel": ConsentChannel.PHOTO, "showing": Showing.POSTER, "spot": "Vitrine", "keeper": "Samira"}
    with unit_of_work():
        return record_use(office(), ceremony, **facts | {"published_on": today(), "persons": persons} | told)


def test_signed_on_the_screen_it_is_given_with_a_receipt_that_names_each_place(context):
    invitation = family()
    consent = agreed.given(invitation, agreed.POSTER, agreed.REPORT, naming="Awa", words_until=Until.YEAR_AFTER)
    assert (consent.standing, len(consent.live)) == (ConsentStanding.GIVEN, 3)
    paper = papers_about(consent)[0]
    said = str(paper.content)
    assert (paper.kind, "ffiche à l\u2019atelier" in said, "écrit « Awa »" in said, str(today().year + 2) in said) == (
        PaperKind.CONSENT,
        True,
        True,
        True,
    )


def test_a_family_is_in_no_picture_until_somebody_has_signed_for_each_place(context):
    invitation = family()
    gala.answer(invitation, "accept", companions=1)
    assert door_list(invitation.ceremony)[0].no_photo
    consent = agreed.given(invitation)
    line = door_list(invitation.ceremony)[0]
    assert (line.no_photo, line.in_pictures) == (True, ("Awa Diagne",))
    agreed.given(invitation, name="Omar Diagne")
    assert not door_list(invitation.ceremony)[0].no_photo
    with unit_of_work():
        withdraw(office(), consent)
    assert door_list(invitation.ceremony)[0].no_photo


def test_words_alone_put_nobody_into_a_picture(context):
    invitation = family()
    agreed.given(invitation, agreed.REPORT)
    assert door_list(invitation.ceremony)[0].no_photo


def minor(invitation):
    return agreed.asked(
        invitation, name="Léna Guibert", is_minor=True, first_guardian="Karine Guibert", second_guardian="Stéphane Aubineau"
    )


def test_both_guardians_then_the_child(context):
    consent = minor(family())
    agreed.sign(consent, 1)
    with pytest.raises(ChildLast):
        agreed.sign(consent, 3)
    agreed.sign(consent, 2)
    assert consent.standing.is_asked
    agreed.sign(consent, 3)
    assert consent.standing.is_given


def test_whoever_wants_to_show_nothing_ends_what_was_agreed_and_what_was_asked(context):
    invitation = family()
    gala.answer(invitation, "accept", companions=1)
    consent, open_one = agreed.given(invitation), agreed.asked(invitation, name="Omar Diagne")
    with unit_of_work():
        want_nothing(office(), invitation)
    assert (consent.standing, open_one.standing) == (ConsentStanding.ENDED, ConsentStanding.REFUSED)
    assert door_list(invitation.ceremony)[0].in_pictures == ()
    with pytest.raises(NoLiveConsent):
        used(invitation.ceremony, consent)


def pictured():
    """A guest who answered that she may be photographed, alone."""
    guest = gala.guest(gala.planned())
    gala.answer(guest, "accept")
    assert not door_list(guest.ceremony)[0].no_photo
    return guest


def test_a_guest_who_says_no_is_in_no_picture(context):
    guest = pictured()
    consent = agreed.asked(guest, agreed.REPORT)
    with unit_of_work():
        say_no(office(), consent.voices[0])
    assert door_list(guest.ceremony)[0].no_photo


def test_the_mark_follows_her_picture_alone_and_a_mistake_takes_it_away(context):
    guest = pictured()
    words = agreed.given(guest, agreed.REPORT)
    with unit_of_work():
        withdraw(office(), words)
    assert not door_list(guest.ceremony)[0].no_photo
    photo = agreed.given(guest)
    with unit_of_work():
        withdraw(office(), photo)
    assert door_list(guest.ceremony)[0].no_photo
    with unit_of_work():
        restore(office(), photo)
    assert not door_list(guest.ceremony)[0].no_photo


def test_whoever_comes_with_a_guest_bears_the_mark_until_she_has_signed(context):
    guest = gala.guest(gala.planned())
    gala.answer(guest, "accept", companions=1)
    assert door_list(guest.ceremony)[0].no_photo
    agreed.given(guest, name="Mme Odile Ferrand")
    with pytest.raises(AskedTwice):
        agreed.asked(guest, name="mme odile  ferrand")
    agreed.given(guest, name="M. Luc Ferrand")
    assert not door_list(guest.ceremony)[0].no_photo
    with pytest.raises(EveryPlaceAsked):
        agreed.asked(guest, name="M. Jean Ferrand")


def test_a_year_is_counted_from_the_day_of_the_ceremony(context):
    ceremony = gala.planned()
    held = local(ceremony.starts_at).date()
    assert [last_day(ceremony, each).year - held.year for each in (Until.NEXT_YEAR, Until.YEAR_AFTER, Until.SAME_DAY)] == [1, 2, 0]
    assert last_day(ceremony, Until.NEXT_YEAR) - held <= dt.timedelta(days=366)


def test_letters_that_no_paper_can_print_are_refused_before_anybody_signs(context):
    with pytest.raises(CannotBeWritten):
        agreed.asked(family(), name="\U00013080 Diagne")


def test_one_no_is_a_no(context):
    consent = minor(family())
    agreed.sign(consent, 1)
    with unit_of_work():
        say_no(office(), consent.voices[1])
    assert (consent.standing.is_refused, consent.live) == (True, [])
    with pytest.raises(ConsentAnswered):
        agreed.sign(consent, 3)


def test_a_signature_under_another_sentence_is_void(context):
    consent = agreed.asked(family())
    with pytest.raises(SignatureVoid), unit_of_work():
        say_yes(office(), consent.voices[0], way=SignatureWay.DRAWN, signature=b"x", shown="0" * 64)


def test_signed_on_paper_on_a_day_since_it_was_asked(context):
    consent = agreed.asked(family())
    with unit_of_work():
        say_yes(office(), consent.voices[0], way=SignatureWay.SEEN, signed_on=today())
    assert consent.standing.is_given
    assert "papier" in str(consent.paper.content)


def test_nothing_is_shown_without_a_consent_for_that_place(context):
    invitation = family()
    consent = agreed.given(invitation)
    used(invitation.ceremony, consent)
    for told in ({"showing": Showing.SITE}, {"channel": ConsentChannel.FILM}, {"published_on": dt.date(today().year + 2, 1, 1)}):
        with pytest.raises(NoLiveConsent):
            used(invitation.ceremony, consent, **told)
    with unit_of_work():
        withdraw(office(), consent)
    with pytest.raises(NoLiveConsent):
        used(invitation.ceremony, consent)


def test_nothing_hung_before_it_was_agreed_to(context):
    invitation = family()
    consent = agreed.given(invitation)
    with pytest.raises(NoLiveConsent):
        used(invitation.ceremony, consent, published_on=today() - dt.timedelta(days=1))


def test_a_withdrawal_lists_what_is_to_be_taken_down_until_it_is(context):
    invitation = family()
    consent = agreed.given(invitation)
    use = used(invitation.ceremony, consent)
    assert uses_to_take_down(invitation.ceremony) == []
    with unit_of_work():
        withdraw(office(), consent)
    assert (uses_to_take_down(invitation.ceremony), use.due_on) == ([use], today() + dt.timedelta(days=7))
    with pytest.raises(NothingToWithdraw), unit_of_work():
        withdraw(office(), consent)
    with unit_of_work():
        take_down(office(), use)
    assert uses_to_take_down(invitation.ceremony) == []
    with pytest.raises(TakenDownAlready), unit_of_work():
        take_down(office(), use)
    with unit_of_work():
        hang_again(office(), use)
    assert uses_to_take_down(invitation.ceremony) == [use]


def test_what_was_agreed_until_a_day_is_taken_down_once_it_is_over(context):
    invitation = family()
    consent = agreed.given(invitation)
    use = used(invitation.ceremony, consent)
    with at(now() + dt.timedelta(days=800)):
        assert (uses_to_take_down(invitation.ceremony), consent.standing) == ([use], ConsentStanding.ENDED)


def test_a_withdrawal_may_have_been_a_mistake_for_an_hour(context):
    consent = agreed.given(family())
    with unit_of_work():
        withdraw(office(), consent)
        restore(office(), consent)
    assert consent.standing.is_given
    with unit_of_work():
        withdraw(office(), consent)
    with at(now() + dt.timedelta(hours=2)), pytest.raises(NothingToRestore), unit_of_work():
        restore(office(), consent)


def test_whoever_only_reads_asks_nobody(context):
    consent = agreed.given(family())
    with pytest.raises(Forbidden), unit_of_work():
        withdraw(people.actor(Role.TECHNICIAN), consent)


@pytest.mark.both_databases
def test_the_database_gives_no_consent_before_everybody_said_yes(context):
    invitation = family()
    gala.answer(invitation, "accept", companions=1)
    consent = minor(invitation)
    agreed.sign(consent, 1)
    paper = agreed.given(consent.invitation).paper_id
    with pytest.raises(IntegrityError, match="somebody has not said yes"):
        db.session.execute(text(f"UPDATE ceremony_consents SET given_at = asked_at, paper_id = {paper} + 0 WHERE id = {consent.id}"))
    db.session.rollback()


@pytest.mark.both_databases
def test_the_database_takes_no_consent_that_is_born_given(context):
    consent = agreed.given(family())
    kept = "invitation_id, name, is_minor, sentence, digest, wording, asked_at, link_round"
    db.session.execute(text(f"UPDATE ceremony_consents SET given_at = NULL, paper_id = NULL WHERE id = {consent.id}"))
    born = f"INSERT INTO ceremony_consents ({kept}, given_at, paper_id) SELECT {kept}, asked_at, {consent.paper_id} FROM ceremony_consents"
    with pytest.raises(IntegrityError, match="somebody has not said yes"):
        db.session.execute(text(born))
    db.session.rollback()


@pytest.mark.both_databases
def test_the_database_shows_nobody_before_she_agreed(context):
    consent = agreed.given(family())
    use = used(consent.invitation.ceremony, consent)
    db.session.execute(text(f"DELETE FROM ceremony_use_grants WHERE use_id = {use.id}"))
    db.session.execute(text("UPDATE ceremony_uses SET published_on = '2020-01-01'"))
    with pytest.raises(IntegrityError, match="shown without a consent"):
        db.session.execute(text(f"INSERT INTO ceremony_use_grants (use_id, grant_id) VALUES ({use.id}, {consent.grants[0].id})"))
    db.session.rollback()


@pytest.mark.both_databases
def test_the_database_shows_nobody_whose_consent_is_withdrawn(context):
    invitation = family()
    gala.answer(invitation, "accept", companions=1)
    consent = agreed.given(invitation)
    use = used(invitation.ceremony, consent)
    other = agreed.given(invitation, name="Omar")
    with unit_of_work():
        withdraw(office(), other)
    with pytest.raises(IntegrityError, match="shown without a consent"):
        db.session.execute(text(f"INSERT INTO ceremony_use_grants (use_id, grant_id) VALUES ({use.id}, {other.grants[0].id})"))
    db.session.rollback()
