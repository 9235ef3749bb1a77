"""Accounts on the screen: invited, given roles, closed and opened again; the last administrator stays; what is in hand is handed on."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import delete, update

from refurb.accounts.actions import make_token, open_session
from refurb.accounts.factors.actions import make_card
from refurb.accounts.invitations.actions import AddressTaken, InvitationOver, InvitedAlready, accept, invite, send_again, withdraw
from refurb.accounts.invitations.models import Invitation
from refurb.accounts.invitations.queries import code_of, invitation_by_code, is_his, link_of
from refurb.accounts.models import Account, Door, RoleGrant
from refurb.accounts.people.actions import TELL, change_roles, close_account, confirm_rights, remove_colleague, reopen_account
from refurb.accounts.people.effects import remind_factor, tell_of_account
from refurb.accounts.people.queries import colleagues, due_for_review, in_hand
from refurb.accounts.queries import account_by_email, actor_of, doers_of, reachable, sessions_of
from refurb.accounts.rules import LastAdministrator, NoRole, OrganisationNeeded
from refurb.directory.organisations.actions.merging import merge_organisations
from refurb.inventory.bench.actions.work import pick_up
from refurb.inventory.bench.queries.work import open_holding
from refurb.kernel.deeds.access import SERVICE, Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.letters import NotTold
from refurb.kernel.deeds.security import SecurityEvent, SecurityKind
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Fault, Forbidden, Invalid
from refurb.kernel.speech.sentences import sentence
from tests.support.client import checking
from tests.support.story import families, people, workshop

NEW = "samuel@refurb.example"
PASSWORD = "quatre tasses vertes dehors"


def account(role):
    return account_by_email(people.EMAIL[role])


def partner(name="CCAS"):
    return people.organisation(name).id


def referent():
    return people.somebody(Grant(Role.PRESCRIBER, partner()), Grant(Role.REFERENT, partner()), email="referente@refurb.example")


def invited(*grants, by=None, email=NEW):
    with unit_of_work():
        return invite(by or people.actor(Role.ADMIN), name="Samuel Ribardière", email=email, grants=grants or [Grant(Role.TECHNICIAN)])


# --- invitations --------------------------------------------------------------------------------------------------------


def test_who_is_invited_opens_an_account_once(context):
    invitation = invited(Grant(Role.TECHNICIAN), Grant(Role.ORGANISER))
    found = invitation_by_code(code_of(invitation).lower())
    with unit_of_work():
        opened = accept(found, name="Samuel R.", password=PASSWORD, language="fr")
    assert [each.role for each in opened.grants] == [Role.TECHNICIAN, Role.ORGANISER]
    assert (last_event(invitation).move, last_event(invitation).actor_id) == ("accepted", opened.id)
    with pytest.raises(InvitationOver), unit_of_work():
        accept(found, name="Encore", password=PASSWORD, language="fr")


def test_sent_again_the_link_before_opens_nothing(context):
    invitation = invited()
    before = code_of(invitation)
    with unit_of_work():
        send_again(people.actor(Role.ADMIN), invitation)
    assert invitation_by_code(before) is None
    assert invitation_by_code(code_of(invitation)) is invitation


def test_withdrawn_or_past_its_week_it_opens_nothing(context):
    first, second = invited(), invited(email="autre2@refurb.example")
    with unit_of_work():
        withdraw(people.actor(Role.ADMIN), first)
        second.ends_at = now() - timedelta(minutes=1)
    for each in (first, second):
        with pytest.raises(InvitationOver), unit_of_work():
            accept(each, name="Trop tard", password=PASSWORD, language="fr")
    with pytest.raises(InvitationOver), unit_of_work():
        send_again(people.actor(Role.ADMIN), first)


def test_it_opens_nothing_once_who_invited_could_not_give_it_any_more(context):
    hers, theirs = people.somebody(Grant(Role.ADMIN), email="une@refurb.example"), referent()
    first, second = invited(by=hers), invited(Grant(Role.REFERENT, partner()), by=theirs, email="autre2@refurb.example")
    with unit_of_work():
        change_roles(people.actor(Role.ADMIN), account_by_email("une@refurb.example"), [Grant(Role.DESK)])
        close_account(people.actor(Role.ADMIN), account_by_email("referente@refurb.example"))
    for each in (first, second):
        with pytest.raises(InvitationOver), unit_of_work():
            accept(each, name="Samuel", password=PASSWORD, language="fr")
    with unit_of_work():
        send_again(people.actor(Role.ADMIN), first)
        assert accept(first, name="Samuel", password=PASSWORD, language="fr").is_active


def test_an_address_is_invited_once_and_never_where_there_is_an_account(context):
    invited()
    with pytest.raises(InvitedAlready):
        invited(email=NEW.upper())
    with pytest.raises(AddressTaken):
        invited(email=people.EMAIL[Role.DESK])


def test_roles_are_given_whole_or_not_at_all(context):
    for grants, refusal in (
        ([Grant(Role.PRESCRIBER)], OrganisationNeeded),
        ([Grant(Role.DESK, partner())], OrganisationNeeded),
        ([Grant(Role.STATION)], OrganisationNeeded),
    ):
        with pytest.raises(refusal):
            invited(*grants)
    with pytest.raises(NoRole), unit_of_work():
        change_roles(people.actor(Role.ADMIN), account(Role.DESK), [])


@pytest.mark.parametrize("role", [each for each in people.EMAIL if each is not Role.ADMIN])
def test_nobody_else_invites_or_changes_roles(context, role):
    with pytest.raises(Forbidden):
        invited(by=people.actor(role))
    with pytest.raises(Forbidden), unit_of_work():
        change_roles(people.actor(role), account(Role.DESK), [Grant(Role.ADMIN)])
    with pytest.raises(Forbidden), unit_of_work():
        close_account(people.actor(role), account(Role.OBSERVER))


def test_an_invitation_follows_its_organisation_into_a_merger(context):
    gone, into = people.organisation("Mission locale"), people.organisation("CCAS")
    waits = invited(Grant(Role.PRESCRIBER, gone.id), Grant(Role.PRESCRIBER, into.id), Grant(Role.REFERENT, gone.id))
    other = invited(Grant(Role.TECHNICIAN), email="autre2@refurb.example")
    with unit_of_work():
        merge_organisations(people.actor(Role.COORDINATOR), gone, into)
    assert waits.grants == [Grant(Role.PRESCRIBER, into.id), Grant(Role.REFERENT, into.id)]
    with unit_of_work():
        opened = accept(waits, name="Samuel R.", password=PASSWORD, language="fr")
    assert {each.organisation_id for each in opened.grants} == {into.id}
    assert other.grants == [Grant(Role.TECHNICIAN)]


# --- roles, closed, opened again ---------------------------------------------------------------------------------------


def test_roles_that_change_keep_the_first_one_and_end_what_tokens_could(context):
    desk = account(Role.DESK)
    with unit_of_work():
        token = make_token(SERVICE, desk, "clé", Role.DESK, Door.API)
        change_roles(people.actor(Role.ADMIN), desk, [Grant(Role.OBSERVER), Grant(Role.DESK)])
    assert (desk.role, token.revoked_at) == (Role.DESK, None)
    with unit_of_work():
        change_roles(people.actor(Role.ADMIN), desk, [Grant(Role.OBSERVER)])
    assert token.revoked_at is not None
    assert last_event(desk).facts == {"given": [], "taken": [["desk", 0]]}
    assert db.session.query(SecurityEvent).filter_by(kind=SecurityKind.ROLES_CHANGED).count() == 2


def test_a_closed_account_opens_nothing_and_can_be_opened_again(context):
    desk = account(Role.DESK)
    with unit_of_work():
        open_session(desk, "Firefox")
        close_account(people.actor(Role.ADMIN), desk)
    assert (desk.is_active, list(sessions_of(desk.id)), reachable(desk.id)) == (False, [], None)
    with unit_of_work():
        reopen_account(people.actor(Role.ADMIN), desk)
    assert (desk.is_active, [each.role for each in desk.grants], reachable(desk.id)) == (True, [Role.DESK], (desk.email, "fr"))


def test_the_last_administrator_stays(context):
    admin = account(Role.ADMIN)
    for deed in (lambda: close_account(actor_of(admin), admin), lambda: change_roles(actor_of(admin), admin, [Grant(Role.DESK)])):
        with pytest.raises(LastAdministrator), unit_of_work():
            deed()
    people.somebody(Grant(Role.ADMIN))
    with unit_of_work():
        close_account(actor_of(admin), admin)
    assert not admin.is_active


def test_the_database_keeps_the_last_administrator_too(context):
    admin = account(Role.ADMIN).id
    for wrong in (
        delete(RoleGrant).where(RoleGrant.account_id == admin),
        update(RoleGrant).where(RoleGrant.account_id == admin).values(role=Role.DESK),
        update(Account).where(Account.id == admin).values(is_active=False),
    ):
        with pytest.raises(Conflict), unit_of_work() as writing:
            writing.execute(wrong)


def test_what_is_in_hand_goes_to_who_may_take_it(context):
    technician, prescriber = account(Role.TECHNICIAN), account(Role.PRESCRIBER)
    device, referral = workshop.testing_laptop(), families.submitted()
    with unit_of_work():
        pick_up(actor_of(technician), device)
    admin, desk = people.actor(Role.ADMIN), account(Role.DESK)
    for leaving in (technician, prescriber):
        for to in (None, desk.id):
            with pytest.raises(Invalid), unit_of_work():
                close_account(admin, leaving, to=to)
        assert leaving.is_active
    coordinator = account(Role.COORDINATOR)
    for leaving in (technician, prescriber):
        with unit_of_work():
            close_account(admin, leaving, to=coordinator.id)
    assert open_holding(device).account_id == coordinator.id
    assert (referral.prescriber_id, last_event(referral).move) == (coordinator.id, "handed_on")


def test_rights_are_looked_at_once_a_year(context):
    desk = account(Role.DESK)
    assert list(due_for_review()) == []
    with unit_of_work():
        desk.created_at = now() - timedelta(days=400)
    assert list(due_for_review()) == [desk]
    with unit_of_work():
        confirm_rights(people.actor(Role.ADMIN), [desk])
    assert (list(due_for_review()), last_event(desk).move) == ([], "rights_confirmed")


# --- a partner's referent ----------------------------------------------------------------------------------------------


def test_a_referent_invites_for_her_organisation_alone(context):
    hers = referent()
    assert invited(Grant(Role.PRESCRIBER, partner()), by=hers).is_open
    for grant in (Grant(Role.PRESCRIBER, partner("Mission locale")), Grant(Role.COORDINATOR), Grant(Role.FACILITATOR, partner())):
        with pytest.raises(Forbidden):
            invited(grant, by=hers, email="x@refurb.example")


def test_a_colleague_who_is_taken_out_leaves_her_files_and_comes_in_no_more(context):
    hers, leaving, referral = referent(), account(Role.PRESCRIBER), families.submitted()
    with pytest.raises(Invalid), unit_of_work():
        remove_colleague(hers, leaving, partner())
    with pytest.raises(Invalid), unit_of_work():
        remove_colleague(hers, leaving, partner(), to=account(Role.COORDINATOR).id)
    with unit_of_work():
        remove_colleague(hers, leaving, partner(), to=hers.id)
    assert (leaving.is_active, referral.prescriber_id) == (False, hers.id)
    assert in_hand(leaving.id) == []


def test_a_colleague_who_is_a_facilitator_too_stays_one(context):
    hers = referent()
    people.somebody(Grant(Role.PRESCRIBER, partner()), Grant(Role.FACILITATOR, partner()), email="marie@refurb.example")
    with unit_of_work():
        remove_colleague(hers, account_by_email("marie@refurb.example"), partner())
    left = account_by_email("marie@refurb.example")
    assert ([each.role for each in left.grants], left.is_active) == ([Role.FACILITATOR], True)
    assert left not in colleagues(partner())


def test_a_referent_reads_no_link_of_a_role_that_she_could_not_give(context):
    waits = invited(Grant(Role.FACILITATOR, partner()))
    assert not is_his(referent(), waits)
    assert is_his(people.actor(Role.ADMIN), waits)


def test_who_has_another_role_keeps_her_account(context):
    both = people.somebody(Grant(Role.PRESCRIBER, partner()), Grant(Role.DESK))
    hers = referent()
    with unit_of_work():
        remove_colleague(hers, db.session.get(Account, both.id), partner())
    left = db.session.get(Account, both.id)
    assert (left.is_active, [each.role for each in left.grants]) == (True, [Role.DESK])


# --- the pages ---------------------------------------------------------------------------------------------------------


def code_on(page):
    return re.search(r'value="http://refurb.example(/i/[^"]+)"', page)[1]


def test_from_the_form_to_the_first_sign_in(app, signed_in):
    admin = signed_in(Role.ADMIN)
    answer = admin.submit(
        "/comptes", {"name": "Samuel Ribardière", "email": NEW, "roles": ["technician", "organiser"], "prescriber_of": ""}
    )
    assert answer.status_code == 303, answer.text
    page = admin.get(answer.location).text
    link = code_on(page)
    assert admin.get(f"{answer.location}/feuille").status_code == 200
    newcomer = checking(app)
    assert "Samuel Ribardière" in newcomer.get(link).text
    assert newcomer.submit(link, {"name": "Samuel Ribardière", "password": "court"}).status_code == 422
    assert newcomer.submit(link, {"name": "Samuel Ribardière", "password": PASSWORD}).status_code == 303
    assert "Samuel Ribardière" in newcomer.get("/", follow_redirects=True).text
    assert checking(app).get(link).status_code == 410
    assert "Samuel Ribardière" in admin.get("/comptes").text


def test_a_form_that_is_wrong_says_so_beside_the_field_and_keeps_what_was_typed(signed_in):
    admin = signed_in(Role.ADMIN)
    for told, said in (
        ({"email": people.EMAIL[Role.DESK], "roles": ["desk"]}, "Un compte existe déjà"),
        ({"email": "pas une adresse", "roles": ["desk"]}, "adresse"),
        ({"email": NEW, "roles": ["prescriber"]}, "choisissez laquelle"),
        ({"email": NEW}, "réponse à corriger"),
    ):
        answer = admin.submit("/comptes", {"name": "Zoé Témoin", **told})
        assert (answer.status_code, said in answer.text, 'value="Zoé Témoin"' in answer.text) == (422, True, True), told


def test_the_page_of_a_person_changes_closes_and_reopens(app, signed_in):
    admin = signed_in(Role.ADMIN)
    with app.app_context():
        number = account(Role.OBSERVER).id
    address = f"/comptes/{number}"
    assert admin.submit(address, {"roles": ["observer", "coordinator", "technician"], "prescriber_of": ""}).status_code == 303
    page = admin.get(address).text
    assert "Rôles changés" in page
    assert "Contrôle et confirme" in page
    for deed in ("sessions", "fermer", "rouvrir"):
        assert admin.submit(f"{address}/{deed}", {}).status_code == 303, deed
    assert "Compte ouvert" in admin.get(address).text
    assert admin.get("/comptes/999999").status_code == 404
    assert admin.get("/comptes/revue").status_code == 200
    assert admin.get("/comptes?role=desk&q=yann").status_code == 200


def test_each_bound_role_keeps_its_own_organisations(app, signed_in):
    with app.app_context():
        first, second, third = partner(), partner("Mission locale"), partner("Menuiseries")
        grants = [Grant(Role.PRESCRIBER, first), Grant(Role.REFERENT, second), Grant(Role.PRESCRIBER, third)]
        number = people.somebody(*grants, email=NEW).id
        with unit_of_work():  # No longer dealt with: it is hers all the same.
            people.organisation("Mission locale").archived_at = now()
    admin, address = signed_in(Role.ADMIN), f"/comptes/{number}"
    sent = {"roles": ["prescriber", "referent"], "prescriber_of": first, "referent_of": second, "also": [f"prescriber-{third}"]}
    page = admin.get(address).text
    assert all(f'<option value="{each}" selected' in page for each in (first, second))
    assert f'value="prescriber-{third}" checked' in page
    assert admin.submit(address, sent).status_code == 303
    assert bound(app) == {(each.role, each.organisation_id) for each in grants}
    assert admin.submit(address, sent | {"also": [], "referent_of": first}).status_code == 303
    assert bound(app) == {(Role.PRESCRIBER, first), (Role.REFERENT, first)}


def test_one_more_organisation_is_added_for_a_role(app, signed_in):
    with app.app_context():
        first, second = partner(), partner("Mission locale")
        number = people.somebody(Grant(Role.PRESCRIBER, first), email=NEW).id
    admin, address = signed_in(Role.ADMIN), f"/comptes/{number}"
    sent = {"roles": ["prescriber"], "prescriber_of": first, "more_role": "prescriber", "more_of": second}
    for missing in ("more_of", "more_role"):
        assert 'aria-invalid="true"' in admin.submit(address, sent | {missing: ""}).text
    for name, value in (("more_role", "admin"), ("more_of", 999999)):
        assert admin.submit(address, sent | {name: value}).status_code == 422
    assert admin.submit(address, sent).status_code == 303
    assert bound(app) == {(Role.PRESCRIBER, first), (Role.PRESCRIBER, second)}


def told(account_id):
    """The letters that were promised about an account: their texts."""
    planned = db.session.query(Effect).filter_by(kind=TELL).order_by(Effect.id)
    return [tell_of_account(**each.facts) for each in planned if each.facts["subject_id"] == account_id]


def test_a_person_is_written_to_when_her_roles_change_and_her_account_closes_or_opens(context):
    admin, who = people.actor(Role.ADMIN), account(Role.DESK)
    with unit_of_work():
        change_roles(admin, who, [Grant(Role.OBSERVER)])
    with unit_of_work():
        close_account(admin, who)
    with unit_of_work():
        reopen_account(admin, who)
    letters = told(who.id)
    assert {each.to for each in letters} == {who.email}
    changed, closed, opened = (each.text for each in letters)
    assert "ajouté\N{NO-BREAK SPACE}: Observation, retiré\N{NO-BREAK SPACE}: Accueil et prêt." in changed
    assert "fermé" in closed
    assert "rouvert" in opened
    with pytest.raises(NotTold):
        tell_of_account(subject_kind="account", subject_id=who.id, position=999)


def test_nobody_is_written_to_about_what_she_did_herself(context):
    with unit_of_work():
        change_roles(people.actor(Role.ADMIN), account(Role.ADMIN), [Grant(Role.ADMIN), Grant(Role.DESK)])
    assert told(account(Role.ADMIN).id) == []


def test_the_reminder_leads_to_the_choice_and_goes_to_nobody_who_has_one(context):
    who = account(Role.DESK)
    letter = remind_factor(subject_kind="account", subject_id=who.id)
    assert "/compte/second-facteur/choix" in letter.text
    with unit_of_work():
        make_card(actor_of(who), who)
    with pytest.raises(NotTold):
        remind_factor(subject_kind="account", subject_id=who.id)


def test_a_history_says_by_which_role_where_somebody_holds_several(context):
    with unit_of_work():
        confirm_rights(people.actor(Role.ADMIN), [account(Role.DESK)])
    done = last_event(account(Role.DESK))
    assert doers_of([done]) == {done.id: people.NAME[Role.ADMIN]}
    with unit_of_work():
        change_roles(people.actor(Role.ADMIN), account(Role.ADMIN), [Grant(Role.ADMIN), Grant(Role.DESK)])
    said = doers_of([done])[done.id]
    assert said.startswith(f"{people.NAME[Role.ADMIN]}, au titre de")
    assert "Administration" in said


def bound(app):
    with app.app_context():
        return {(each.role, each.organisation_id) for each in account_by_email(NEW).grants}


def test_an_organisation_that_is_not_offered_is_refused_beside_its_own_field(app, signed_in):
    with app.app_context():
        here = partner()
    told = {"name": "Zoé", "email": NEW, "roles": ["prescriber", "referent"], "prescriber_of": here}
    admin = signed_in(Role.ADMIN)
    for wrong, said in ((999999, "field.choice"), ("", "account.organisation_needed")):
        answer = admin.submit("/comptes", told | {"referent_of": wrong})
        assert (answer.status_code, sentence(Fault(said)) in answer.text) == (422, True), said
        assert 'id="f-referent_of-e"' in answer.text
        assert 'id="f-prescriber_of-e"' not in answer.text


def test_the_last_administrator_s_button_says_why_it_is_closed(app, signed_in):
    with app.app_context():
        number = account(Role.ADMIN).id
    admin = signed_in(Role.ADMIN)
    assert "personne d’autre n’administre" in admin.get(f"/comptes/{number}").text
    assert admin.submit(f"/comptes/{number}/fermer", {}).status_code == 409


@pytest.mark.both_databases
def test_the_referent_s_page(app, signed_in):
    with app.app_context():
        referent()
        leaving, stranger = account(Role.PRESCRIBER).id, account(Role.DESK).id
    client = signed_in(Role.PRESCRIBER)
    assert client.get("/collegues").status_code == 403
    client.sign_in("referente@refurb.example")
    assert people.NAME[Role.PRESCRIBER] in unescape(client.get("/collegues").text)
    answer = client.submit("/collegues", {"name": "Jean Papillault", "email": NEW})
    assert answer.status_code == 303
    assert code_on(client.get(answer.location).text)
    assert client.submit(f"{answer.location}/retirer", {}).location == "/collegues"
    assert client.get(f"/collegues/{stranger}/retirer").status_code == 404
    assert client.get(f"/collegues/{leaving}/retirer").status_code == 200
    assert client.submit(f"/collegues/{leaving}/retirer", {}).status_code == 303
    assert client.get("/comptes").status_code == 403


def test_a_referent_sees_no_invitation_of_others(app, signed_in):
    with app.app_context():
        referent()
        number = invited().id
        assert link_of(db.session.get(Invitation, number)).startswith("http://refurb.example/i/")
    client = signed_in(Role.PRESCRIBER)
    client.sign_in("referente@refurb.example")
    assert client.get(f"/comptes/invitations/{number}").status_code == 404


def test_the_list_is_filtered_by_structure_and_says_how_many(app, signed_in):
    admin = signed_in(Role.ADMIN)
    assert "6 comptes ouverts" in admin.get("/comptes").text.replace("\N{NO-BREAK SPACE}", " ")
    with app.app_context():
        number = people.organisation("CCAS").id
    partners, ours = admin.get(f"/comptes?structure={number}").text, admin.get("/comptes?structure=0").text
    claire, helene = people.EMAIL[Role.PRESCRIBER], people.EMAIL[Role.COORDINATOR]
    assert (claire in partners, helene in partners) == (True, False)
    assert (claire in ours, helene in ours) == (False, True)
    assert admin.get("/comptes?structure=x").status_code == 200


def test_what_two_roles_forbid_together_is_told_where_they_are_ticked_and_once_they_are_given(signed_in):
    admin, told = signed_in(Role.ADMIN), "jamais d'une orientation écrite par soi"
    assert told in admin.get("/comptes").text.replace("’", "'")
    on = admin.submit("/comptes", {"name": "Zoé", "email": "zoe@refurb.example", "roles": ["coordinator"]}).headers["Location"]
    assert told in admin.get(on).text.replace("’", "'")
