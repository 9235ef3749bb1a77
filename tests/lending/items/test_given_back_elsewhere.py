"""A thing is given back at another place than its own: nobody gets it before it is home, whoever is short by it is listed."""

import pytest

from refurb.directory.sites.actions import add_site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import events_of, last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.lending.claims.facts import claim_open
from refurb.lending.claims.words import FOR_EVER
from refurb.lending.counter.actions.piles import hear
from refurb.lending.counter.actions.recording import record
from refurb.lending.counter.queries import things_away, things_to_put_back
from refurb.lending.counter.shown import shown_pile
from refurb.lending.items.actions import add_item, bring_home, move_item
from refurb.lending.items.rules import AtHome, NotHome
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import take_back, undo_return
from refurb.lending.shown import history_of
from refurb.lending.words import ItemState
from tests.lending.reserving import live, open_day, reserved
from tests.support.story import desk, people


def elsewhere():
    with unit_of_work():
        return add_site(people.actor(Role.ADMIN), name="Fablab", kind=SiteKind.DEPOT).id


def given_back(loan, site, **other):
    line = loan.lines[0]
    with unit_of_work():
        return take_back(people.actor(Role.DESK), line, desk.all_there(line.counts, **other), site_id=site)


def home(item, role=Role.DESK):
    with unit_of_work():
        return bring_home(people.actor(role), item)


def test_it_serves_nobody_before_it_is_home(context):
    kit, site, agent = desk.kit(), elsewhere(), people.actor(Role.DESK)
    loan = desk.lent(kit, due_on=open_day(5))
    found = reserved(kit, who=desk.borrower("Berthe"), starts=12, ends=15)
    assert [each.item_id for each in live(found)] == [kit.id]
    given_back(loan, site)
    assert (kit.state, kit.site_id, kit.stands_at_id) == (ItemState.TO_CHECK, 1, site)
    assert [each.item_id for each in live(found)] == [None], "short at once"
    assert last_event(kit).facts["site_id"] == site
    assert "rendu à Fablab" in history_of(kit, item_machine)[0].text
    assert list(things_away(1)) == list(things_away(site)) == [kit]
    assert list(things_to_put_back(1)) == []
    with pytest.raises(NotHome), unit_of_work():
        item_machine.fire(kit, "check", agent)
    with pytest.raises(Forbidden):
        home(kit, Role.TECHNICIAN)
    home(kit)
    assert (kit.state, kit.stands_at_id, list(things_away(1))) == (ItemState.TO_CHECK, None, [])
    assert [each.item_id for each in live(found)] == [kit.id], "served once it is home"
    assert "était à Fablab" in history_of(kit, item_machine)[0].text
    with pytest.raises(AtHome):
        home(kit)
    with unit_of_work():
        item_machine.fire(kit, "check", agent)
    assert kit.state is ItemState.AVAILABLE


def test_where_it_is_expected_is_not_elsewhere_and_a_mistake_is_undone(context):
    kit, site = desk.kit(), elsewhere()
    loan = desk.lent(kit)
    with pytest.raises(Invalid):
        given_back(loan, 99)
    given_back(loan, kit.site_id)
    assert kit.stands_at_id is None
    assert "site_id" not in last_event(kit).facts
    for ending in ("undo", "lose", "move"):
        if loan.lines[0].back_at is not None:
            with unit_of_work():
                undo_return(people.actor(Role.DESK), loan.lines[0], reason="erreur")
        given_back(loan, site)
        assert kit.stands_at_id == site, ending
    with unit_of_work():
        item_machine.fire(kit, "lose", people.actor(Role.DESK), reason="introuvable")
    assert kit.stands_at_id is None
    other = desk.kit("Robots mBot n° 4")
    given_back(desk.lent(other), site)
    with unit_of_work():
        move_item(people.actor(Role.DESK), other, site)
    assert (other.site_id, other.stands_at_id) == (site, None), "it is kept there from now on"
    assert claim_open(other).until_on < FOR_EVER, "somebody looks at it there"


def test_moved_to_its_own_place_it_is_home_and_free_where_nothing_is_checked(context):
    thing = projector()
    given_back(desk.lent(thing), elsewhere())
    with unit_of_work():
        move_item(people.actor(Role.DESK), thing, thing.site_id)
    assert (thing.state, claim_open(thing)) == (ItemState.AVAILABLE, None)
    assert [each.move for each in events_of(thing)][:2] == ["check", "brought_home"]


def projector():
    product = desk.product("Vidéoprojecteur", "projector")
    with unit_of_work():
        parts = [{"name": "Projecteur", "quantity": 1, "value_cents": None, "picture": None}]
        return add_item(people.actor(Role.DESK), product_id=product.id, name="Projecteur n° 1", components=parts)


def test_what_needs_no_check_is_free_once_it_is_home(context):
    thing = projector()
    given_back(desk.lent(thing), elsewhere())
    assert thing.state is ItemState.TO_CHECK
    home(thing)
    assert thing.state is ItemState.AVAILABLE


def test_the_counter_of_another_place_says_so(context):
    kit, site, agent = desk.kit(), elsewhere(), people.actor(Role.DESK)
    desk.lent(kit)
    with unit_of_work():
        pile = hear(agent, kit.code)
        assert shown_pile(pile).lines[0].given_back_at is None
        pile.site_id = site
        pile.lines[0].answers = {str(each.key): {"state": "complete"} for each in shown_pile(pile).lines[0].counted}
        assert shown_pile(pile).lines[0].given_back_at == site
        record(agent, pile)
    assert kit.stands_at_id == site


def test_on_screen_and_by_json(signed_in, app):
    with app.app_context():
        kit, site = desk.kit(), elsewhere()
        counts = desk.all_there(desk.lent(kit).lines[0].counts)
        code = kit.code
    agent = signed_in(Role.DESK)
    headers = {"X-CSRFToken": agent.token()}
    sent = agent.post(f"/api/v1/items/{code}/return", json={"counts": counts, "site_id": site}, headers=headers)
    assert sent.status_code == 200, sent.json
    assert agent.get(f"/api/v1/items/{code}").json["stands_at"] == site
    assert "À ramener à" in agent.get(f"/materiel/{code}").text
    assert "Rendus ailleurs" in agent.get("/comptoir").text
    assert agent.submit(f"/materiel/{code}/arrive").status_code == 303
    assert "À ramener à" not in agent.get(f"/materiel/{code}").text
    again = agent.post(f"/api/v1/items/{code}/bring_home", json={}, headers=headers)
    assert (again.status_code, again.json["code"]) == (409, "item.at_home")
