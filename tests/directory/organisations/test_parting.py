"""A merger undone: what it moved goes back where it still is; what changed since stays; what stands in the way is said."""

import pytest
from sqlalchemy import delete, insert, select, update

from refurb.accounts.invitations.actions import invite
from refurb.accounts.invitations.models import Invitation
from refurb.accounts.models import RoleGrant
from refurb.directory.actions import SirenTaken, add_contact, add_organisation
from refurb.directory.models import Contact, Organisation
from refurb.directory.organisations.actions.merging import merge_organisations, referring
from refurb.directory.organisations.actions.organisations import archive_organisation
from refurb.directory.organisations.actions.parting import part_organisations, parting_of
from refurb.directory.organisations.models import Merger, MergerRow
from refurb.directory.organisations.queries import merged_into
from refurb.directory.organisations.rules import KeptIsArchived, MergedFurther, MergedUnkept, NotMerged
from refurb.directory.organisations.words import MOVED, TAKEN
from refurb.directory.words import Nature
from refurb.kernel.deeds.access import SERVICE, Grant, Role
from refurb.kernel.deeds.counts import tally
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of, is_whole
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from refurb.referrals.cases.counts import REFERRALS
from refurb.referrals.models import Referral
from refurb.wiring import WIRING
from tests.support.story import families, people, workshop


def another(name="CCAS Poitiers", **facts):
    with unit_of_work():
        return add_organisation(SERVICE, name=name, **facts)


def merge(gone, into):
    with unit_of_work():
        merge_organisations(workshop.coordinator(), gone, into)


def part(gone, who=None):
    with unit_of_work():
        return part_organisations(who or workshop.coordinator(), gone)


def contact(of, name):
    with unit_of_work():
        return add_contact(SERVICE, of, name=name)


def grants_of(organisation):
    return list(db.session.scalars(select(RoleGrant.role).where(RoleGrant.organisation_id == organisation.id)))


def test_everything_goes_back_and_what_the_other_had_stays(context):
    referral = families.submitted()
    gone, into = people.organisation("CCAS"), another(phone="0549000000", is_donor=True)
    hers, theirs = contact(gone, "Zoé"), contact(into, "Ali")
    with unit_of_work():
        gone.siren, gone.email = "260860019", "ccas@poitiers.example"
    was, roles = gone.natures, grants_of(gone)
    merge(gone, into)
    later = contact(into, "Inès")
    shown = parting_of(workshop.coordinator(), gone)
    found = part(gone)
    assert shown.back == found.back
    assert (found.back["referrals"], found.back["contacts"]) == (1, 1)
    assert db.session.get_one(Referral, referral.id).partner_id == gone.id
    assert [hers.organisation_id, theirs.organisation_id, later.organisation_id] == [gone.id, into.id, into.id]
    assert (grants_of(gone), grants_of(into)) == (roles, [])
    assert {key[2] for key, number in tally(REFERRALS).items() if number} == {str(gone.id)}, "what is counted follows"
    assert (gone.siren, gone.email, gone.archived_at, gone.natures) == ("260860019", "ccas@poitiers.example", None, was)
    assert (into.siren, into.email, into.phone, into.natures) == (None, None, "+33549000000", (Nature.DONOR,))
    assert merged_into(into) == []
    assert (events_of(gone)[0].move, events_of(into)[0].move) == ("parted", "released")
    assert events_of(into)[0].facts["reference"] == gone.reference
    assert is_whole(events_of(gone))
    merge(gone, into)
    assert part(gone).back == found.back, "merged again, and parted again"


def test_what_changed_since_stays_and_is_told(context):
    gone, into = another("A", email="a@a.example", phone="0549000001", is_partner=True), another("B")
    moved, kept = contact(gone, "Zoé"), contact(gone, "Léa")
    merge(gone, into)
    with unit_of_work():
        db.session.execute(update(Contact).where(Contact.id == moved.id).values(organisation_id=people.organisation("CCAS").id))
        into.email = "b@b.example"
    found = part(gone)
    assert (found.back, found.elsewhere) == ({"contacts": 1}, {"contacts": 1})
    assert (found.corrected, "phone" in found.taken_back) == (("email",), True)
    assert (into.email, into.phone, into.is_partner) == ("b@b.example", None, False)
    assert (moved.organisation_id, kept.organisation_id) == (people.organisation("CCAS").id, gone.id)


def test_the_kept_one_stays_what_its_own_work_shows(context):
    gone, into = another("A", is_partner=True), people.organisation("CCAS")
    with unit_of_work():
        into.is_partner = False
    merge(gone, into)
    assert grants_of(into), "somebody refers for the one kept"
    assert "is_partner" not in part(gone).taken_back
    assert into.is_partner


def test_a_role_held_in_both_is_held_in_both_again_unless_it_was_taken_away(context):
    gone, into = people.organisation("CCAS"), another()
    grant = db.session.scalars(select(RoleGrant).where(RoleGrant.organisation_id == gone.id, RoleGrant.role == Role.PRESCRIBER)).one()
    told = {"account_id": grant.account_id, "role": grant.role, "granted_at": grant.granted_at}
    with unit_of_work():
        db.session.add(RoleGrant(**told, organisation_id=into.id))
    merge(gone, into)
    part(gone)
    assert (grants_of(gone), grants_of(into)) == ([Role.PRESCRIBER], [Role.PRESCRIBER])
    merge(gone, into)
    with unit_of_work():
        db.session.execute(delete(RoleGrant).where(RoleGrant.organisation_id == into.id))
    assert part(gone).elsewhere == {"role_grants": 1}
    assert grants_of(gone) == [], "what was taken away since does not come back"


def test_a_number_that_was_freed_and_given_again_is_another_row(context):
    gone, into = people.organisation("CCAS"), another()
    grant = db.session.scalars(select(RoleGrant).where(RoleGrant.organisation_id == gone.id)).one()
    number, other = grant.id, people.actor(Role.DESK).id
    merge(gone, into)
    granted_at = grant.granted_at
    with unit_of_work():
        db.session.execute(delete(RoleGrant).where(RoleGrant.id == number))
        db.session.execute(
            insert(RoleGrant).values(id=number, account_id=other, role=Role.PRESCRIBER, organisation_id=into.id, granted_at=granted_at)
        )
    part(gone)
    assert (grants_of(gone), grants_of(into)) == ([], [Role.PRESCRIBER])


def test_an_invitation_that_waits_goes_back_with_its_organisation(context):
    gone, into = people.organisation("Mission locale"), people.organisation("CCAS")
    with unit_of_work():
        waits = invite(people.actor(Role.ADMIN), name="Sam", email="sam@refurb.example", grants=[Grant(Role.PRESCRIBER, gone.id)])
    merge(gone, into)
    assert parting_of(workshop.coordinator(), gone).back["invitations"] == 1
    part(gone)
    assert db.session.get_one(Invitation, waits.id).grants == [Grant(Role.PRESCRIBER, gone.id)]


def test_mergers_are_undone_from_the_last_one_on(context):
    first, second, third = another("A", is_partner=True), another("B"), another("C")
    with pytest.raises(NotMerged):
        part(first)
    merge(first, second)
    merge(second, third)
    with pytest.raises(MergedFurther) as refused:
        part(first)
    assert refused.value.facts["reference"] == third.reference
    part(second)
    assert (first.merged_into_id, second.merged_into_id) == (second.id, None)
    part(first)
    assert first.merged_into_id is None
    assert db.session.query(Organisation).filter(Organisation.merged_into_id.is_not(None)).count() == 0


def test_what_stands_in_the_way_is_said_and_nothing_moves(context):
    gone, into = another("A", siren="552100554"), another("B")
    moved = contact(gone, "Zoé")
    merge(gone, into)
    with unit_of_work():
        into.siren = None
    taker = another("C", siren="552100554")
    with pytest.raises(SirenTaken):
        part(gone)
    with unit_of_work():
        taker.siren = None
        archive_organisation(workshop.coordinator(), into)
    with pytest.raises(KeptIsArchived):
        part(gone)
    with unit_of_work():
        into.archived_at = None
        db.session.execute(delete(MergerRow))
        db.session.execute(delete(Merger))
    with pytest.raises(MergedUnkept):
        part(gone)
    with pytest.raises(Forbidden):
        part(gone, workshop.technician())
    assert moved.organisation_id == into.id


def test_all_that_moves_has_a_word():
    assert {table.name for table, _column in referring()} | set(WIRING.parted) == set(MOVED)
    assert {each.flag for each in Nature} < set(TAKEN)


def test_the_pages_and_the_json_door(app, signed_in):
    with app.app_context(), unit_of_work():
        stands_at = people.organisation("CCAS").reference
        added = add_organisation(SERVICE, name="CCAS Poitiers bis", email="bis@poitiers.example", is_partner=True)
        db.session.flush()
        add_contact(SERVICE, added, name="Zoé")
        twin = added.reference
    client = signed_in(Role.COORDINATOR)
    at = f"/structures/{twin}/separer"
    assert "réunie à aucune autre fiche" in client.get(at).text
    api = f"/api/v1/organisations/{twin}/merger"
    assert client.get(api).status_code == 409
    assert client.submit(f"/structures/{twin}/reunir", {"into": stands_at, "sure": "1"}).status_code == 303
    assert at in client.get(f"/structures/{twin}").text
    assert at in client.get(f"/structures/{stands_at}").text
    shown = client.get(at).text
    back, stays = shown.partition('id="h-stays"')[0].partition('id="h-back"')[2], shown.partition('id="h-stays"')[2]
    assert "<dt>Contacts</dt>" in back
    assert "Adresse de courriel" in back
    assert "<dt>Rôles de comptes</dt>" in stays
    told = client.get(api).json
    assert (told["of"], told["back"], told["taken_back"]) == (stands_at, {"contacts": 1}, ["email"])
    assert client.submit(at, {}).status_code == 422
    done = client.submit(at, {"sure": "1"}, follow_redirects=True).text
    assert "à nouveau à part" in done
    assert f"Séparée à nouveau de la fiche {stands_at}" in done
    assert signed_in(Role.TECHNICIAN).get(at).status_code == 403
