"""Somebody with several roles: what they allow adds up, each deed says under which it was done, and the menu chooses one to work as."""

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from refurb.accounts.actions import work_as
from refurb.accounts.models import Account, RoleGrant
from refurb.accounts.queries import account_by_email, actor_of
from refurb.ceremonies.states import turn_machine
from refurb.directory.actions import add_contact
from refurb.kernel.deeds.access import SERVICE, Actor, Grant, Permission, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event, broken_links, digest_of_event, events_of, last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Forbidden
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.cases.queries.allocations import count_to_hand_over
from refurb.referrals.cases.queries.referrals import count_in, counts_by_state, referral_for, referrals_of
from refurb.referrals.cases.readers import reader_of
from refurb.referrals.cases.rules import OwnReferral
from refurb.referrals.cases.scope import sees_all
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.words import AllocationState, ReferralState
from tests.support.story import families, gala, people

P = Permission
REFUSED = {"reason": "outside_territory"}
EMAIL = "plusieurs@refurb.example"


def several(*roles, **more):
    return people.somebody(*(Grant(role) for role in roles), **more)


def partner(name="CCAS"):
    return people.organisation(name).id


def test_what_the_roles_allow_adds_up(context):
    both = several(Role.DESK, Role.ORGANISER)
    assert both.may(P.LOAN_WRITE)
    assert both.may(P.CEREMONY_WRITE)
    assert not both.may(P.REFERRAL_READ)
    assert both.roles == (Role.DESK, Role.ORGANISER)


def test_a_role_of_one_organisation_is_good_within_it_alone(context):
    hers = people.somebody(Grant(Role.PRESCRIBER, partner()), Grant(Role.DESK))
    assert hers.may(P.REFERRAL_READ)
    assert not hers.everywhere(P.REFERRAL_READ)
    assert hers.everywhere(P.LOAN_READ)
    assert hers.organisations_for(P.REFERRAL_READ) == {partner()}
    assert hers.organisations_for(P.LOAN_READ) == frozenset()


def test_who_coordinates_besides_sees_everybodys(context):
    own, other = families.submitted(), families.submitted(actor=people.other_prescriber())
    hers = people.somebody(Grant(Role.PRESCRIBER, partner()), email="une@refurb.example")
    both = people.somebody(Grant(Role.PRESCRIBER, partner()), Grant(Role.COORDINATOR))
    assert {row.reference: row.name for row in db.session.execute(referrals_of(hers))} == {own.reference: own.beneficiary.name}
    seen = {row.reference: row.name for row in db.session.execute(referrals_of(both))}
    assert seen == {own.reference: own.beneficiary.name, other.reference: None}, "a name on a list only where it is her own"
    assert (count_in(hers, ReferralState.SUBMITTED), count_in(both, ReferralState.SUBMITTED)) == (1, 2)


def test_an_adviser_refers_without_a_structure_and_knows_her_own_people_only(context):
    families.submitted()
    adviser = several(Role.ADVISER)
    written = families.draft(actor=adviser)
    assert written.partner.is_home
    assert not sees_all(adviser)
    assert [row.reference for row in db.session.execute(referrals_of(adviser))] == [written.reference]
    assert counts_by_state(adviser) == {ReferralState.DRAFT: 1}
    assert referral_for(adviser, written.reference) is written


@pytest.mark.parametrize("also", [Role.COORDINATOR, Role.ADMIN])
def test_nobody_decides_on_what_she_wrote_whatever_her_roles(context, also):
    both = people.somebody(Grant(Role.PRESCRIBER, partner()), Grant(also))
    referral = families.submitted(actor=both, partner_id=partner())
    closed = {choice.move.name: choice.closed for choice in referral_machine.open_to(referral, both)}
    assert isinstance(closed["accept"], OwnReferral)
    assert isinstance(closed["refuse"], OwnReferral)
    for move, told in (("accept", {}), ("refuse", REFUSED)):
        with pytest.raises(OwnReferral), unit_of_work():
            referral_machine.fire(referral, move, both, **told)
    with unit_of_work():  # Handed on to a colleague, it is still what she wrote.
        referral.prescriber_id = people.actor(Role.PRESCRIBER).id
    with pytest.raises(OwnReferral), unit_of_work():
        referral_machine.fire(referral, "accept", both)
    with unit_of_work():
        referral_machine.fire(referral, "accept", people.actor(Role.COORDINATOR))
    assert referral.state is ReferralState.WAITING


def test_each_deed_says_under_which_role_it_was_done(context):
    both = several(Role.COORDINATOR, Role.ADMIN)
    assert both.working is Role.COORDINATOR, "the role that she was given first"
    with unit_of_work():
        work_as(both, Role.ADMIN)
    both = actor_of(account_by_email(EMAIL))
    assert both.working is Role.ADMIN
    referral = families.submitted()
    with unit_of_work():
        referral_machine.fire(referral, "accept", both)
    titles = [(event.move, event.as_role) for event in reversed(events_of(referral))]
    assert titles == [("created", "prescriber"), ("submit", "prescriber"), ("accept", "admin")]


def test_a_deed_that_the_working_role_does_not_allow_is_done_under_the_first_that_does(context):
    both = several(Role.DESK, Role.COORDINATOR)
    assert both.working is Role.DESK
    referral = families.submitted()
    with unit_of_work():
        referral_machine.fire(referral, "accept", both)
    assert last_event(referral).as_role == "coordinator"


def test_the_service_holds_no_title(context):
    with unit_of_work():
        contact = add_contact(SERVICE, people.organisation("Menuiseries"), name="Ada Bâtard")
    assert [event.as_role for event in events_of(contact) if event.actor_id is None] in ([None], [])


def test_a_chain_covers_the_title_and_keeps_what_was_written_before(context):
    referral = families.submitted()
    old = last_event(referral)
    assert digest_of_event(old) == old.digest
    told = {column.name: getattr(old, column.name) for column in Event.__table__.columns}
    assert digest_of_event(Event(**(told | {"as_role": "admin"}))) != old.digest
    assert digest_of_event(Event(**(told | {"as_role": None}))) != old.digest
    with unit_of_work() as writing:  # As it stood before roles were several.
        before = Event(**(told | {"id": None, "position": old.position + 1, "previous": old.digest, "as_role": None}))
        before.digest = digest_of_event(before)
        writing.add(before)
    assert list(broken_links(db.session())) == []


def test_what_nobody_holds_is_refused(context):
    referral = families.submitted()
    with pytest.raises(Forbidden), unit_of_work():
        referral_machine.fire(referral, "accept", Actor(None, "Personne", ()))


@pytest.mark.parametrize(
    ("role", "bound"),
    [(Role.PRESCRIBER, False), (Role.REFERENT, False), (Role.FACILITATOR, False), (Role.DESK, True), (Role.STATION, False)],
)
def test_the_database_wants_each_role_bound_as_it_is(context, role, bound):
    account = account_by_email(people.EMAIL[Role.DESK])
    row = {"account_id": account.id, "role": role, "organisation_id": partner() if bound else None, "granted_at": now()}
    with pytest.raises(Conflict), unit_of_work() as writing:
        writing.execute(insert(RoleGrant).values(**row))


def test_the_database_keeps_a_role_once(context):
    account = account_by_email(people.EMAIL[Role.DESK])
    with pytest.raises((IntegrityError, Conflict)), unit_of_work() as writing:
        writing.execute(insert(RoleGrant).values(account_id=account.id, role=Role.DESK, granted_at=now()))


# --- on the screen -----------------------------------------------------------------------------------------------------


@pytest.fixture
def hers(app, signed_in):
    with app.app_context():
        several(Role.DESK, Role.ADVISER, Role.ORGANISER)
    client = signed_in(Role.DESK)
    client.sign_in(EMAIL)
    return client


def test_the_menu_chooses_as_which_role_she_works(hers):
    assert hers.get("/").location == "/comptoir"
    page = hers.get("/comptoir").text
    assert 'value="adviser"' in page
    assert 'value="desk"' not in page
    assert hers.submit("/compte/role", {"role": "organiser"}).status_code == 303
    assert hers.get("/").location == "/ceremonies"
    assert hers.get("/comptoir").status_code == 200, "a right that the navigation does not show is still hers"


def test_a_role_that_she_does_not_hold_is_nothing_to_choose(hers):
    for role in ("admin", "x", ""):
        assert hers.submit("/compte/role", {"role": role}).status_code == 404
    assert hers.get("/securite").status_code == 403


def test_who_has_one_role_is_not_asked(signed_in):
    assert "Travailler comme" not in signed_in(Role.COORDINATOR).get("/").text


@pytest.mark.parametrize("role", [Role.DOCK, Role.ADVISER, Role.ORGANISER, Role.VISITOR, Role.TRAINER, Role.MEMBER])
def test_every_role_has_a_home_and_at_most_five_entries(app, signed_in, role):
    with app.app_context():
        several(role)
    client = signed_in(Role.DESK)
    client.sign_in(EMAIL)
    home = client.get("/", follow_redirects=True)
    assert home.status_code == 200
    assert home.text.count("<li>\n        <a href") <= 5


def test_a_choice_that_she_has_lost_is_forgotten(context):
    several(Role.DESK, Role.ORGANISER)
    with unit_of_work() as writing:
        writing.execute(update(Account).where(Account.email == EMAIL).values(working_role=Role.COORDINATOR))
    assert actor_of(account_by_email(EMAIL)).working is Role.DESK


def test_who_is_at_the_door_of_a_ceremony_hands_over_there_and_reads_no_file(app, signed_in):
    with app.app_context():
        organiser = several(Role.ORGANISER)
        ceremony = gala.held(1)
        turn, number = ceremony.turns[0], ceremony.id
        reference = turn.allocation.referral.reference
        with unit_of_work():
            turn_machine.fire(turn, "hand_over", organiser, signature_kind="paper", signature=None, accessories=[], shown=None)
        assert {event.as_role for event in events_of(turn.allocation)[:1]} == {"organiser"}
    client = signed_in(Role.DESK)
    client.sign_in(EMAIL)
    assert client.get(f"/ceremonies/{number}/tours/1").status_code == 200
    assert client.get(f"/orientations/{reference}").status_code == 403
    assert client.get(f"/remises/{reference}").status_code == 404


def test_an_adviser_hands_over_to_whom_she_referred_and_to_nobody_else(app, signed_in):
    with app.app_context():
        adviser = several(Role.ADVISER)
        hers, other = families.allocated(actor=adviser), families.allocated()
        own, foreign = hers.referral.reference, other.referral.reference
        assert count_to_hand_over(adviser) == 1
        with unit_of_work():
            hand_over(adviser, hers, place="Bus", signature_kind="drawn", signature=families.drawing())
        assert hers.state is AllocationState.FULFILLED
    client = signed_in(Role.DESK)
    client.sign_in(EMAIL)
    assert client.get(f"/orientations/{own}").status_code == 200
    assert [client.get(f"{page}/{foreign}").status_code for page in ("/orientations", "/remises")] == [404, 404]


def test_news_of_a_referral_go_to_who_wrote_it_while_she_writes_for_that_partner(context):
    writer = people.somebody(Grant(Role.PRESCRIBER, partner()))
    referral, alone = families.submitted(actor=writer), families.draft(actor=several(Role.ADVISER, email="seule@refurb.example"))
    assert (reader_of(referral).address, reader_of(alone).address) == (EMAIL, "seule@refurb.example")
    with unit_of_work():
        account_by_email(EMAIL).grants[0].organisation_id = partner("Mission locale")
    assert reader_of(referral).address == people.EMAIL[Role.PRESCRIBER]
