"""Roles that are given for one site: what is there can be worked on, what is elsewhere is seen and not changed, whatever the door."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from refurb.accounts.actions import make_token, secret_of
from refurb.accounts.invitations.actions import accept, invite
from refurb.accounts.invitations.models import Invitation
from refurb.accounts.models import Door, RoleGrant
from refurb.accounts.people.actions import change_roles
from refurb.accounts.people.schemas import grants_of, roles_told
from refurb.accounts.people.shown import changes_told
from refurb.accounts.queries import account_by_email, actor_of, bearer_of
from refurb.accounts.rules import SITES_OF
from refurb.ceremonies.consents.actions import withdraw
from refurb.ceremonies.consents.uses import record_use
from refurb.ceremonies.consents.words import ConsentChannel, Showing
from refurb.ceremonies.testimonies.actions import write_testimony
from refurb.directory.sites.actions import archive_site, work_at
from refurb.directory.sites.asked import own_site
from refurb.directory.sites.models import FIRST, Site
from refurb.directory.sites.queries import usual_site
from refurb.directory.sites.rules import SiteInUse
from refurb.exchange.actions import bring_in, read_sent, receive_table
from refurb.exchange.declared import KINDS
from refurb.exchange.words import ExchangeKind
from refurb.inventory.devices.actions.devices import move_device
from refurb.inventory.devices.actions.flags import raise_flag
from refurb.inventory.devices.states import device_machine
from refurb.inventory.words.devices import DeviceKind, FlagKind
from refurb.kernel.deeds.access import PLACED, SERVICE, Elsewhere, Grant, Permission, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.progress import Work, go_on
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Conflict, Invalid
from refurb.kernel.speech.sentences import sentence
from refurb.lending.items.states import item_machine
from refurb.lending.loans import queries
from refurb.lending.loans.actions import Departure, lend, take_back, undo_return
from refurb.lending.loans.queries import late_count, numbers
from refurb.lending.models import Item
from refurb.lending.supplies.actions import add_supply, move_supply
from refurb.lending.supplies.words import SupplyMoveKind
from tests.support.client import checking
from tests.support.story import agreed, desk, families, gala, people, places, rota, workshop

NBSP = "\N{NO-BREAK SPACE}"
EMAIL = "civray@refurb.example"


def second():
    """The second place, the same one each time."""
    return db.session.scalar(select(Site).where(Site.name == places.DESK)) or places.second()


def there(*roles):
    """Somebody whose roles are for the second place alone."""
    site = second().id
    return people.somebody(*(Grant(role, None, site) for role in roles), email=EMAIL)


def flagged(actor, device):
    with unit_of_work():
        return raise_flag(actor, device, FlagKind.SECOND_LOOK)


def moved(device, site):
    with unit_of_work():
        move_device(people.actor(Role.COORDINATOR), device, site)
    return device


def test_what_is_at_another_site_is_seen_and_not_changed(context):
    device, hers = workshop.laptop(), there(Role.TECHNICIAN)
    assert hers.may(Permission.DEVICE_FLAG), "she reads it, and her pages open"
    assert hers.everywhere(Permission.DEVICE_READ)
    with pytest.raises(Elsewhere) as refused:
        flagged(hers, device)
    said = sentence(refused.value)
    assert "Atelier" in said
    assert "votre rôle ne vaut que pour Fablab de Civray" in said
    assert last_event(device).move != "raise_flag"
    assert {choice.closed.code for choice in device_machine.open_to(device, hers)} == {"site.elsewhere"}
    moved(device, second().id)
    assert None in {choice.closed for choice in device_machine.open_to(device, hers)}
    assert flagged(hers, device).raised_by == hers.id


def test_what_people_let_us_show_stands_where_the_ceremony_is_held(context):
    hers, invitation = there(Role.ORGANISER), gala.family(gala.planned(families.allocated()))
    consent = agreed.given(invitation, agreed.POSTER, agreed.REPORT)
    poster = {"what": "Affiche", "channel": ConsentChannel.PHOTO, "showing": Showing.POSTER, "spot": "Vitrine", "keeper": "Samira"}
    deeds = (
        lambda: withdraw(hers, consent),
        lambda: record_use(hers, invitation.ceremony, **poster, published_on=today(), persons=[consent]),
        lambda: write_testimony(hers, consent, words="Merci.", said_on=today()),
    )
    for each in deeds:
        with pytest.raises(Elsewhere), unit_of_work():
            each()


def test_a_thing_is_sent_to_another_site_and_not_fetched_from_one(context):
    device, hers = moved(workshop.laptop(), second().id), there(Role.TECHNICIAN)
    with unit_of_work():
        move_device(hers, device, FIRST)
    assert device.site_id == FIRST
    back = second().id
    with pytest.raises(Elsewhere), unit_of_work():
        move_device(hers, device, back)
    db.session.refresh(device)
    assert device.site_id == FIRST


def test_a_role_that_reaches_everywhere_besides_is_the_one_that_counts(context):
    device, site = workshop.laptop(), second().id
    both = people.somebody(Grant(Role.TECHNICIAN, None, site), Grant(Role.COORDINATOR), email=EMAIL)
    assert both.sites == frozenset()
    flagged(both, device)
    assert last_event(device).as_role == "coordinator"


def test_a_loan_comes_back_at_any_desk(context):
    loan, hers = desk.lent(desk.tablet()), there(Role.DESK)
    line = loan.lines[0]
    told, site = desk.all_there(line.counts), second().id
    with pytest.raises(Elsewhere), unit_of_work():
        take_back(hers, line, told)
    with unit_of_work():
        take_back(hers, line, told, site_id=site)
    assert line.item.stands_at_id == site


def at_a_stop(item):
    """Something lent at a stop of the rota, whoever works there, and the stop."""
    made = rota.stop(rota.begun())
    borrower = desk.borrower()
    with unit_of_work():
        loan = lend(rota.desk(), borrower, [Departure(item, desk.all_there(item.components))], on_paper=True, handover_id=made.site_id)
    return loan, people.somebody(Grant(Role.DESK, None, made.site_id), email=EMAIL), made.site_id


def test_what_was_lent_at_a_stop_comes_back_there_to_whoever_is_bound_to_it(context):
    loan, hers, stop = at_a_stop(desk.tablet())
    line = loan.lines[0]
    assert None in {choice.closed for choice in item_machine.open_to(line.item, hers)}, "what is out is at no place"
    with unit_of_work():
        take_back(hers, line, desk.all_there(line.counts), site_id=stop)
    assert (line.item.stands_at_id, line.back_at is not None) == (None, True), "it is expected there, and travels home with the van"


def test_whoever_took_it_back_at_her_stop_undoes_it(context):
    loan, hers, stop = at_a_stop(desk.tablet())
    line, elsewhere = loan.lines[0], people.somebody(Grant(Role.DESK, None, second().id), email="civraisien@refurb.example")
    with unit_of_work():
        take_back(hers, line, desk.all_there(line.counts), site_id=stop)
    with pytest.raises(Elsewhere), unit_of_work():
        undo_return(elsewhere, line, reason="erreur")
    with unit_of_work():
        undo_return(hers, line, reason="erreur")
    assert (line.back_at, last_event(line.item).move, last_event(line.item).actor_id) == (None, "undo_return", hers.id)


def test_who_works_where_it_is_kept_takes_it_back_at_its_stop_too(context):
    loan, _hers, stop = at_a_stop(desk.tablet())
    line, here = loan.lines[0], people.somebody(Grant(Role.DESK, None, FIRST), email="ici@refurb.example")
    with unit_of_work():
        take_back(here, line, desk.all_there(line.counts), site_id=stop)
    assert line.item.stands_at_id is None


def test_a_thing_that_is_here_leaves_by_no_desk_of_another_site(context):
    tablet, borrower, hers = desk.tablet(), desk.borrower(), there(Role.DESK)
    with pytest.raises(Elsewhere), unit_of_work():
        lend(hers, borrower, [Departure(tablet, desk.all_there(tablet.components))], on_paper=True)


def test_what_is_used_up_elsewhere_is_counted_by_whoever_works_there(context):
    hers, here = there(Role.DESK), second().id
    with unit_of_work():
        supply = add_supply(people.actor(Role.DESK), name="Piles", unit="pile")
    with pytest.raises(Elsewhere), unit_of_work():
        move_supply(hers, supply, kind=SupplyMoveKind.RECEIVED, quantity=3, site_id=FIRST)
    with unit_of_work():
        assert move_supply(hers, supply, kind=SupplyMoveKind.RECEIVED, quantity=3).site_id == here


def test_she_works_at_her_site_whatever_she_says(context):
    hers = there(Role.DESK)
    assert usual_site(hers) == second().id
    with unit_of_work():
        work_at(hers, FIRST)
    assert usual_site(hers) == second().id


def test_a_token_reaches_no_further_than_who_made_it(context):
    there(Role.TECHNICIAN)
    site, account = second().id, account_by_email(EMAIL)
    for role in (Role.TECHNICIAN, Role.STATION):
        with unit_of_work():
            secret = secret_of(make_token(actor_of(account), account, "Poste", role, Door.API))
        assert bearer_of(secret).actor.grants == (Grant(role, None, site),), role


def test_an_invitation_keeps_the_site(context):
    site = second().id
    with unit_of_work():
        made = invite(people.actor(Role.ADMIN), name="Samuel", email=EMAIL, grants=[Grant(Role.DOCK, None, site), Grant(Role.MEMBER)])
    assert made.grants == [Grant(Role.DOCK, None, site), Grant(Role.MEMBER)]
    with unit_of_work():
        account = accept(made, name="Samuel", password="quatre tasses vertes dehors", language="fr")
    assert actor_of(account).grants == (Grant(Role.DOCK, None, site), Grant(Role.MEMBER))


def test_a_site_goes_with_no_other_role_and_only_where_there_is_one(context):
    admin, account, site = people.actor(Role.ADMIN), account_by_email(people.EMAIL[Role.OBSERVER]), second().id
    for grant, field in ((Grant(Role.OBSERVER, None, site), "roles"), (Grant(Role.DESK, None, 999), "desk_at")):
        with pytest.raises(Invalid) as refused, unit_of_work():
            change_roles(admin, account, [grant])
        assert list(refused.value.fields) == [field]
    with pytest.raises(Conflict), unit_of_work():
        db.session.execute(insert(RoleGrant).values(account_id=account.id, role=Role.OBSERVER, site_id=site, granted_at=now()))


def test_each_role_has_its_own_sites():
    assert set(SITES_OF) == PLACED
    facts = {"roles": [Role.DESK, Role.DOCK, Role.TECHNICIAN, Role.OBSERVER], "desk_at": [2, 1], "dock_at": [3], "trainer_at": []}
    given = [(Role.DESK, 2), (Role.DESK, 1), (Role.DOCK, 3), (Role.TECHNICIAN, None), (Role.OBSERVER, None)]
    assert grants_of(facts, ()) == [Grant(role, None, site) for role, site in given]
    told = roles_told([RoleGrant.of(Grant(role, None, site), now()) for role, site in given])
    assert (told["desk_at"], told["dock_at"], told["technician_at"]) == (["2", "1"], ["3"], [])


def test_sites_that_are_ticked_without_their_role_are_refused_beside_them():
    with pytest.raises(Invalid) as refused:
        grants_of({"roles": [Role.DOCK], "dock_at": [3], "trainer_at": [2], "desk_at": []}, ())
    assert {name: [each.code for each in faults] for name, faults in refused.value.fields.items()} == {
        "trainer_at": ["account.site_without_role"]
    }


def test_what_changed_is_told_with_the_place_and_a_place_with_roles_stays(context):
    site, account = second(), account_by_email(people.EMAIL[Role.DESK])
    with unit_of_work():
        change_roles(people.actor(Role.ADMIN), account, [Grant(Role.DESK, None, site.id)])
    assert (
        changes_told(last_event(account).facts)
        == "ajouté\N{NO-BREAK SPACE}: Accueil et prêt (Fablab de Civray), retiré\N{NO-BREAK SPACE}: Accueil et prêt"
    )
    with pytest.raises(SiteInUse) as refused, unit_of_work():
        archive_site(SERVICE, site)
    assert refused.value.facts["what"] == "1 rôle donné pour ce seul lieu"


def test_her_lists_begin_with_her_site_and_show_all_when_asked(app):
    with app.app_context():
        here, gone = workshop.laptop().code, moved(workshop.ready_laptop(), second().id).code
        there(Role.TECHNICIAN)
    hers = checking(app)
    hers.sign_in(EMAIL)
    page = hers.get("/appareils").text
    assert (gone in page, here in page) == (True, False)
    assert "lieu=tous" in page, "one link shows all"
    every = hers.get("/appareils?lieu=tous").text
    assert (gone in every, here in every) == (True, True)
    assert 'name="lieu"' in every
    shown = hers.get(f"/appareils/{here}").text
    assert "votre rôle ne vaut que pour Fablab de Civray" in shown


def test_the_page_of_a_person_gives_a_role_for_a_site(app, signed_in):
    with app.app_context():
        site, number = second().id, account_by_email(people.EMAIL[Role.DESK]).id
    admin = signed_in(Role.ADMIN)
    answer = admin.submit(f"/comptes/{number}", {"roles": ["desk", "dock"], "desk_at": [str(site)], "dock_at": [str(FIRST)]})
    assert answer.status_code == 303, answer.text
    assert "Accueil et prêt (Fablab de Civray)" in admin.get("/comptes").text
    page = admin.get(f"/comptes/{number}").text
    assert re.findall(r'name="(\w+_at)" value="(\d+)" checked', page) == [("dock_at", str(FIRST)), ("desk_at", str(site))]
    assert "Accueil et prêt (Fablab de Civray)" in page
    refused = admin.submit(f"/comptes/{number}", {"roles": ["desk", "dock"], "desk_at": ["999"], "dock_at": [str(FIRST)]})
    assert refused.status_code == 422
    assert 'id="f-desk_at-e"' in refused.text
    assert f'name="dock_at" value="{FIRST}" checked' in refused.text


def test_an_invitation_on_the_page_gives_each_role_its_site(app, signed_in):
    with app.app_context():
        site = second().id
    admin = signed_in(Role.ADMIN)
    told = {"name": "Samuel", "email": "samuel@refurb.example", "roles": ["technician", "dock", "observer"], "dock_at": [str(site)]}
    assert admin.submit("/comptes", told).status_code == 303
    with app.app_context():
        made = db.session.scalars(select(Invitation)).one()
        assert made.grants == [Grant(Role.TECHNICIAN), Grant(Role.DOCK, None, site), Grant(Role.OBSERVER)]


def test_with_one_place_the_form_says_no_word_of_it(signed_in):
    assert "certains lieux" not in signed_in(Role.ADMIN).get("/comptes").text


def test_the_json_door_refuses_with_the_same_code(app):
    with app.app_context():
        code = workshop.laptop().code
        there(Role.TECHNICIAN)
        account = account_by_email(EMAIL)
        with unit_of_work():
            secret = secret_of(make_token(actor_of(account), account, "Script", Role.TECHNICIAN, Door.API, proved=True))
    bearer = {"Authorization": f"Bearer {secret}"}
    answer = checking(app).post(f"/api/v1/devices/{code}/flags", json={"kind": "second_look"}, headers=bearer)
    assert (answer.status_code, answer.json["code"]) == (409, "site.elsewhere")


def test_the_json_door_takes_back_at_a_stop(app):
    with app.app_context():
        loan, _hers, stop = at_a_stop(desk.tablet())
        line, account = loan.lines[0], account_by_email(EMAIL)
        code, counted = line.item.code, [{**each, "quantity": 1} for each in desk.all_there(line.counts)]
        with unit_of_work():
            secret = secret_of(make_token(actor_of(account), account, "Script", Role.DESK, Door.API, proved=True))
    bearer = {"Authorization": f"Bearer {secret}"}
    told = {"counts": counted, "site_id": stop}
    answer = checking(app).post(f"/api/v1/items/{code}/return", json=told, headers=bearer)
    assert answer.status_code == 200, answer.text


def test_a_table_is_brought_in_by_whoever_asked_and_no_more(context):
    hers, here, kind = there(Role.DESK), second().id, KINDS[ExchangeKind.ITEMS]
    with unit_of_work():
        found = receive_table(hers, kind, read_sent(kind, b"Nom;Produit\nTablette A;Tablette\n", "objets.csv"))
    with pytest.raises(Elsewhere), unit_of_work():
        bring_in(hers, found, result_url="/importer", category="tablet", site_id=FIRST)
    with unit_of_work():
        work = bring_in(hers, found, result_url="/importer", category="tablet").id
    go_on(work_id=work)
    item = db.session.scalars(select(Item)).one()
    assert (item.site_id, last_event(item).as_role) == (here, "desk")


def test_whose_role_was_taken_meanwhile_brings_nothing_in(context):
    hers, kind = there(Role.DESK), KINDS[ExchangeKind.ITEMS]
    with unit_of_work():
        found = receive_table(hers, kind, read_sent(kind, b"Nom;Produit\nTablette A;Tablette\n", "objets.csv"))
        work = bring_in(hers, found, result_url="/importer", category="tablet").id
    with unit_of_work():
        change_roles(people.actor(Role.ADMIN), account_by_email(EMAIL), [Grant(Role.OBSERVER)])
    go_on(work_id=work)
    assert db.session.scalar(select(Item)) is None
    assert db.session.get_one(Work, work).outcome["leave"] == 1


def test_her_home_counts_and_offers_what_is_at_her_site(app):
    with app.app_context():
        first, other = workshop.devices_of(workshop.received({DeviceKind.LAPTOP: 2}))
        here, gone = first.code, moved(other, second().id).code
        there(Role.TECHNICIAN)
    hers = checking(app)
    hers.sign_in(EMAIL)
    home = hers.get("/").text
    assert (spell(gone) in home, spell(here) in home) == (True, False)
    assert "Compté pour Fablab de Civray." in home
    assert "1 à l'atelier" in home.replace("’", "'").replace(NBSP, " ")
    every = hers.get("/?lieu=tous").text
    assert spell(here) in every
    assert "Le mien seulement" in every
    assert "lieu=tous" in every


def test_late_loans_are_counted_at_her_site(context, monkeypatch):
    desk.lent(desk.tablet())
    monkeypatch.setattr("refurb.lending.queries.today", lambda: today() + timedelta(days=400))
    monkeypatch.setattr(queries, "today", lambda: today() + timedelta(days=400))
    hers, everybody = there(Role.DESK), people.actor(Role.DESK)
    assert (late_count(everybody), late_count(hers)) == (1, 0)
    assert (numbers(everybody).late, numbers(hers, own_site(hers)).late, numbers(hers, FIRST).late) == (1, 0, 1)
