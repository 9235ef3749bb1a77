"""Two records of one organisation become one: everything follows, once, and the old reference leads on."""

import pytest
from sqlalchemy import select, text, update

from refurb.accounts.models import RoleGrant
from refurb.directory.actions import add_contact, add_organisation
from refurb.directory.models import Contact, Organisation
from refurb.directory.organisations.actions.merging import merge_organisations, referring
from refurb.directory.organisations.queries import merged_into, standing_record
from refurb.directory.organisations.rules import MergedIntoItself, NoLongerDealtWith, NotToBeMerged, TwoLegalPersons
from refurb.directory.words import Nature
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.counts import tally
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from refurb.referrals.cases.counts import REFERRALS
from refurb.referrals.models import Referral
from tests.support.story import families, people, workshop


def another(name="CCAS Poitiers", **facts):
    with unit_of_work():
        return add_organisation(SERVICE, name=name, **facts)


def merge(gone, into, who=None):
    with unit_of_work():
        merge_organisations(who or workshop.coordinator(), gone, into)


def test_everything_that_referred_to_the_one_refers_to_the_other(context):
    referral = families.submitted()
    gone = people.organisation("CCAS")
    into = another(phone="0549000000", is_donor=True)
    with unit_of_work():
        add_contact(SERVICE, gone, name="Zoé")
        gone.siren, gone.email = "260860019", "ccas@poitiers.example"
    merge(gone, into)
    assert db.session.get_one(Referral, referral.id).partner_id == into.id
    assert [each.name for each in db.session.scalars(select(Contact).where(Contact.organisation_id == into.id))] == ["Zoé"]
    assert db.session.scalar(select(RoleGrant.organisation_id).where(RoleGrant.role == Role.PRESCRIBER)) == into.id
    assert {key[2] for key, number in tally(REFERRALS).items() if number} == {str(into.id)}
    assert (into.siren, into.email, into.phone) == ("260860019", "ccas@poitiers.example", "+33549000000")
    assert into.natures == (Nature.PARTNER, Nature.DONOR)
    assert gone.archived_at is not None
    assert standing_record(gone) is into
    assert list(merged_into(into)) == [gone]
    happened = events_of(into)[0]
    assert (happened.move, happened.facts["reference"], happened.facts["moved"]["referrals"]) == ("absorbed", gone.reference, 1)
    assert events_of(gone)[0].move == "merged"


def test_who_held_a_role_in_both_holds_it_once(context):
    gone, into = people.organisation("CCAS"), another()
    grant = db.session.scalars(select(RoleGrant).where(RoleGrant.organisation_id == gone.id)).one()
    with unit_of_work():
        db.session.add(RoleGrant(account_id=grant.account_id, role=grant.role, organisation_id=into.id, granted_at=grant.granted_at))
    merge(gone, into)
    assert [each.organisation_id for each in db.session.scalars(select(RoleGrant).where(RoleGrant.role == Role.PRESCRIBER))] == [into.id]


def test_no_table_that_names_an_organisation_is_forgotten():
    tables = {table.name for table, _column in referring()}
    assert {"role_grants", "borrowers", "contacts", "conventions", "donations", "organisations", "referrals"} <= tables


def test_what_was_merged_before_follows(context):
    first, second, third = another("A", is_partner=True), another("B"), another("C")
    merge(first, second)
    merge(second, third)
    assert (first.merged_into_id, second.merged_into_id) == (third.id, third.id)


def test_no_circle_and_nothing_merged_twice(context):
    first, second = another("A"), another("B")
    merge(first, second)
    for gone, into in ((second, first), (first, second)):
        with pytest.raises(NotToBeMerged):
            merge(gone, into)
    with pytest.raises(MergedIntoItself):
        merge(second, second)


def test_the_database_refuses_a_circle(context):
    first, second = another("A"), another("B")
    merge(first, second)
    written = update(Organisation.__table__).where(Organisation.id == second.id)
    for into in (first.id, second.id):
        with pytest.raises(Exception, match=r"organisations_merge|merged_into_another"), db.engine.begin() as connection:
            connection.execute(written.values(merged_into_id=into, archived_at=first.archived_at))


def test_two_numbers_are_two_organisations(context):
    with pytest.raises(TwoLegalPersons):
        merge(another("A", siren="260860019"), people.organisation("Menuiseries"))


def test_our_own_a_person_and_an_archive_are_left_alone(context):
    person, archived = another("P", is_person=True, is_donor=True), another("A")
    with unit_of_work():
        db.session.execute(text(f"UPDATE organisations SET archived_at = created_at WHERE id = {archived.id}"))
    db.session.refresh(archived)
    for gone in (person, people.organisation("Le Relais")):
        with pytest.raises(NotToBeMerged):
            merge(gone, people.organisation("CCAS"))
    with pytest.raises(NoLongerDealtWith):
        merge(people.organisation("CCAS"), archived)


def test_a_technician_may_not(context):
    with pytest.raises(Forbidden):
        merge(another("A"), another("B"), workshop.technician())
