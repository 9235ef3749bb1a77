"""A partner refers while its convention is in force, or where none was agreed; reminders, ends and mistakes."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from refurb.accounts.models import Account
from refurb.directory.organisations.actions.conventions import (
    add_convention,
    correct_convention,
    keep_signed_copy,
    take_off_signed_copy,
    void_convention,
)
from refurb.directory.organisations.actions.organisations import archive_organisation
from refurb.directory.organisations.models import Convention
from refurb.directory.organisations.queries import convention_of, conventions_of, conventions_to_look_at, standing_of
from refurb.directory.organisations.rules import (
    ConventionEnded,
    ConventionNotBegun,
    ConventionNotSigned,
    NoLongerDealtWith,
    NotAPartner,
    may_refer,
)
from refurb.directory.organisations.standing import Leave
from refurb.directory.organisations.words import ConventionKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.erased_files import erase_files
from refurb.kernel.deeds.files import FileLost, fetch
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.letters import NobodyToWriteTo, NotTold
from refurb.kernel.deeds.retention import go_on
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.kernel.speech.errors import Conflict, Invalid, NotFound
from refurb.kernel.web.pdfs import ReadPdf
from refurb.referrals.cases.reminders import MAIL_CONVENTION, plan_reminders, remind
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.words import ReferralState
from tests.support.story import families, people, workshop

PARTNER = ConventionKind.PARTNER


def days(number):
    return today() + timedelta(days=number)


def agree(first=-100, last=100, signed=-100, kind=PARTNER, partner=None):
    told = {"starts_on": first, "ends_on": last, "signed_on": signed}
    dates = {name: None if day is None else days(day) for name, day in told.items()}
    with unit_of_work():
        return add_convention(workshop.coordinator(), partner or people.organisation("CCAS"), kind=kind, **dates)


def standing():
    return standing_of(people.organisation("CCAS"))


def test_without_any_it_refers_without_an_end(context):
    may_refer(people.organisation("CCAS"))
    assert standing().leave is Leave.FREE


def test_one_in_force_lets_it_refer_on_its_first_and_its_last_day(context):
    agree(0, 0, 0)
    may_refer(people.organisation("CCAS"))
    with pytest.raises(ConventionEnded):
        may_refer(people.organisation("CCAS"), days(1))
    with pytest.raises(ConventionNotBegun):
        may_refer(people.organisation("CCAS"), days(-1))


def test_after_its_end_nothing_new_is_written_or_submitted_and_what_is_under_way_goes_on(context):
    draft, under_way = families.draft(), families.submitted()
    agree(-100, -1)
    with pytest.raises(ConventionEnded) as refused:
        families.draft(first_name="Ana")
    assert refused.value.facts["day"] == days(-1)
    with pytest.raises(ConventionEnded), unit_of_work():
        referral_machine.fire(draft, "submit", people.actor(Role.PRESCRIBER))
    with unit_of_work():
        referral_machine.fire(under_way, "accept", workshop.coordinator())
    assert under_way.state is ReferralState.WAITING


def test_one_in_preparation_closes_referrals_until_it_is_signed(context):
    made = agree(0, 100, None)
    with pytest.raises(ConventionNotSigned):
        families.draft()
    told = {"kind": PARTNER, "starts_on": made.starts_on, "ends_on": made.ends_on}
    with unit_of_work():
        correct_convention(workshop.coordinator(), made, **told, signed_on=today())
    assert families.draft().reference
    assert events_of(people.organisation("CCAS"))[0].move == "convention_signed"


def test_the_next_one_in_preparation_changes_nothing(context):
    agree(-100, 10)
    agree(11, 300, None)
    assert (standing().leave, standing().until, standing().soon) == (Leave.IN_FORCE, days(10), True)


def test_those_that_follow_one_another_are_one_span(context):
    agree(-100, 10)
    following = agree(11, 300)
    assert (standing().until, standing().soon) == (days(300), False)
    with unit_of_work():
        correct_convention(workshop.coordinator(), following, kind=PARTNER, starts_on=days(12), ends_on=days(300), signed_on=today())
    assert standing().until == days(10), "a day without one is an end"


def test_one_about_donations_says_nothing_of_referrals(context):
    agree(-100, -1, kind=ConventionKind.DONOR)
    assert standing().leave is Leave.FREE


def test_one_that_was_a_mistake_counts_for_nothing(context):
    made = agree(-100, -1)
    with unit_of_work():
        void_convention(workshop.coordinator(), made, reason="Saisie sur la mauvaise fiche")
    assert standing().leave is Leave.FREE
    assert conventions_of(people.organisation("CCAS")) == []
    with pytest.raises(NotFound):
        convention_of(people.organisation("CCAS"), made.reference)


def test_what_ends_within_45_days_is_to_be_looked_at(context):
    other = people.organisation("Mission locale")
    agree(-100, 46)
    agree(-100, 45, partner=other)
    assert [(each.organisation.id, each.standing.until) for each in conventions_to_look_at()] == [(other.id, days(45))]
    agree(-300, -200, partner=other)
    assert len(conventions_to_look_at()) == 1


@pytest.mark.parametrize(("first", "last", "field"), [(5, 4, "ends_on"), (None, 9, "starts_on")])
def test_days_that_make_no_sense_are_refused(context, first, last, field):
    with pytest.raises(Invalid) as refused:
        agree(first, last)
    assert set(refused.value.fields) == {field}


def test_the_database_refuses_them_too(context):
    made = agree().id
    for written in ("ends_on = '2001-01-01'", "starts_on = NULL"):
        with pytest.raises(Exception, match=r"ends_after_it_starts|signed_has_a_first_day"), db.engine.begin() as connection:
            connection.execute(text(f"UPDATE conventions SET {written} WHERE id = {made}"))


def test_whom_we_no_longer_deal_with_or_who_refers_nobody_may_not(context):
    partner = people.organisation("Mission locale")
    with unit_of_work():
        archive_organisation(workshop.coordinator(), partner)
    with pytest.raises(NoLongerDealtWith):
        may_refer(partner)
    with pytest.raises(NotAPartner):
        may_refer(people.organisation("Menuiseries"))


def remind_on(day):
    with at(now() + timedelta(days=day)), unit_of_work():
        return plan_reminders()


def test_the_coordination_is_reminded_twice_and_not_once_it_is_renewed(context):
    made = agree(-100, 60)
    assert [remind_on(day) for day in (14, 15, 16, 44, 45, 46)] == [0, 1, 0, 0, 1, 0]
    planned = db.session.scalars(select(Effect).where(Effect.kind == MAIL_CONVENTION).order_by(Effect.id)).all()
    assert [each.facts["days"] for each in planned] == [45, 15]
    with at(now() + timedelta(days=15)):
        letter = remind(**planned[0].facts)
    assert letter.to == people.EMAIL[Role.COORDINATOR]
    assert "CCAS de Poitiers" in letter.text
    assert "dans 45" in letter.text
    agree(61, 300)
    with at(now() + timedelta(days=15)), pytest.raises(NotTold):
        remind(**planned[0].facts)
    with unit_of_work():
        correct_convention(workshop.coordinator(), made, kind=PARTNER, starts_on=made.starts_on, ends_on=days(10), signed_on=made.signed_on)
    assert remind_on(0) == 1, "with another end it begins again"


def test_nobody_is_written_to_who_no_longer_coordinates(context):
    agree(-100, 10)
    remind_on(0)
    planned = db.session.scalars(select(Effect).where(Effect.kind == MAIL_CONVENTION)).one()
    with unit_of_work():
        db.session.get_one(Account, planned.facts["account_id"]).is_active = False
    with pytest.raises(NobodyToWriteTo):
        remind(**planned.facts)


def test_the_copy_of_what_was_signed_is_kept_and_a_signature_with_a_copy_stays(context):
    signed, prepared = agree(), agree(200, 300, None)
    coordinator, pdf = workshop.coordinator(), ReadPdf(b"%PDF-1.7 signed", 2)
    with unit_of_work():
        keep_signed_copy(coordinator, signed, pdf)
    with unit_of_work():
        keep_signed_copy(coordinator, signed, pdf)  # the same again is nothing new
    assert (fetch(signed.signed_copy), signed.signed_copy_pages) == (pdf.content, 2)
    deeds = [each.move for each in events_of(signed.organisation)]
    assert deeds.count("convention_copied") == 1
    with pytest.raises(Invalid) as unsigned, unit_of_work():
        correct_convention(coordinator, signed, kind=PARTNER, starts_on=days(-100), ends_on=days(100), signed_on=None)
    assert unsigned.value.fields["signed_on"][0].code == "convention.signed_copy_kept"
    with pytest.raises(Invalid) as early, unit_of_work():
        keep_signed_copy(coordinator, prepared, pdf)
    assert early.value.fields["signed_on"][0].code == "convention.copy_of_unsigned"
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(text("UPDATE conventions SET signed_on = NULL WHERE signed_copy IS NOT NULL"))


def test_a_copy_goes_with_the_one_that_replaces_it_by_hand_and_at_its_term(context):
    signed = agree(-2000, -1900, -2000)
    coordinator = workshop.coordinator()
    for content in (b"%PDF-1.7 of somebody else", b"%PDF-1.7 signed"):
        with unit_of_work():
            keep_signed_copy(coordinator, signed, ReadPdf(content, 1))
    assert erase_files() == 1  # the one that was sent by mistake
    kept, number = signed.signed_copy, signed.id
    while go_on(today()):
        pass
    signed = db.session.get_one(Convention, number)
    assert (signed.signed_copy, signed.signed_on) == (None, days(-2000))
    with pytest.raises(FileLost):
        fetch(kept)
    with unit_of_work():
        keep_signed_copy(coordinator, signed, ReadPdf(b"%PDF-1.7 again", 1))
    for _press in range(2):
        with unit_of_work():
            take_off_signed_copy(coordinator, signed, reason="D'une autre structure.")
    assert (signed.signed_copy, signed.signed_copy_pages) == (None, None)
    assert [each.move for each in events_of(signed.organisation)].count("convention_copy_taken_off") == 1
