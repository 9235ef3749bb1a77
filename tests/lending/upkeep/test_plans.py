"""Plans: when they are due, and the days that they take."""

from datetime import date, timedelta

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Conflict, Forbidden, Invalid, NotFound
from refurb.lending.claims.availability import free_of
from refurb.lending.claims.facts import TakenFrom, first_care, plan_care
from refurb.lending.claims.models import ItemClaim
from refurb.lending.claims.pools import hold_for
from refurb.lending.items.states import item_machine
from refurb.lending.upkeep.actions import end_plan, open_due, open_what_is_due
from refurb.lending.upkeep.due import due_on, loans_since, months_after, open_ticket, plans_of
from refurb.lending.upkeep.models import UpkeepPlan
from refurb.lending.upkeep.queries import WhichUpkeep, count_due, plan_of, standings_of, ticket_by_reference, upkeep_listing
from refurb.lending.upkeep.rules import PlanOver, ThingGone
from refurb.lending.upkeep.schemas import NewPlan
from refurb.lending.upkeep.words import PlanScope
from refurb.lending.words import ItemState
from tests.lending.upkeep.tending import fire, planned, repair
from tests.support.story import desk, people


def test_what_is_due_on_a_day_takes_only_the_days_it_needs(context):
    kit = desk.kit()
    day = today() + timedelta(days=40)
    _plan, ticket = planned(kit, on_date=day, days=2)
    starts, until = ticket.claim.starts_on, ticket.claim.until_on
    assert (until - starts).days == 2
    assert starts >= day
    pool = (kit.product_id,), kit.site_id
    assert free_of(*pool, starts, until)[kit.product_id].at_most == 0
    assert free_of(*pool, until, until + timedelta(days=1))[kit.product_id].at_most == 1
    assert free_of(*pool, starts - timedelta(days=1), starts)[kit.product_id].at_most == 1


def test_it_does_not_leave_over_the_days_of_its_upkeep(context):
    kit = desk.kit()
    planned(kit, on_date=today() + timedelta(days=3))
    with pytest.raises(TakenFrom):
        desk.lent(kit)


def test_after_some_loans_it_is_due_when_it_comes_back(context):
    kit = desk.kit()
    plan, ticket = planned(kit, every_loans=2, days=0)
    assert ticket is None
    desk.back(desk.lent(kit))
    assert (loans_since(plan, kit), due_on(plan, kit)) == (1, None)
    assert standings_of(kit)[0].loans_left == 1
    item_fire(kit, "check")
    desk.back(desk.lent(kit))
    ticket = open_ticket(plan, kit)
    assert ticket.due_on == today()
    assert ticket.claim is None, "what is done at the counter takes no day"
    assert standings_of(kit)[0].is_due
    assert count_due() == 1


def item_fire(item, name, **facts):
    with unit_of_work():
        item_machine.fire(item, name, people.actor(Role.DESK), **facts)


def test_a_plan_of_a_product_holds_for_each_of_its_things(context):
    kit, other = desk.kit(), desk.kit("Robots mBot n° 4")
    plan, _ticket = planned(kit, scope=PlanScope.PRODUCT, every_months=6)
    assert plans_of(other) == [plan]
    assert open_ticket(plan, other) is not None
    assert upkeep_listing(WhichUpkeep.ALL_OPEN).total() == 2
    assert upkeep_listing(WhichUpkeep.TO_DO).total() == 0
    with unit_of_work():
        end_plan(people.actor(Role.DESK), plan)
    assert upkeep_listing(WhichUpkeep.ALL_OPEN).total() == 0
    assert plans_of(other) == []
    with pytest.raises(PlanOver), unit_of_work():
        end_plan(people.actor(Role.DESK), plan)


def test_what_comes_due_is_opened_by_the_worker_once(context):
    kit = desk.kit()
    with unit_of_work():
        db.session.add(UpkeepPlan(item_id=kit.id, name="Charge", every_months=1, days=1, begun_at=now()))
    for expected in (1, 0):
        with unit_of_work():
            assert open_what_is_due() == expected
    with unit_of_work():
        assert open_due(people.actor(Role.DESK), kit) == 0


def test_who_reserved_is_not_left_short_by_upkeep(context):
    kit = desk.kit()
    day = today() + timedelta(days=10)
    with unit_of_work():
        hold_for(kit)
        plan_care(kit, day, day + timedelta(days=2))
        assert first_care(kit, 1, day) == day + timedelta(days=2)
        with pytest.raises(TakenFrom):
            plan_care(kit, day + timedelta(days=1), day + timedelta(days=3))


def test_what_is_lost_or_moved_takes_its_upkeep_along(context):
    kit = desk.kit()
    _plan, ticket = planned(kit, on_date=today() + timedelta(days=30))
    item_fire(kit, "lose", reason="volée")
    assert db.session.get(ItemClaim, ticket.claim_id).ended_at is not None
    assert upkeep_listing(WhichUpkeep.ALL_OPEN).total() == 0
    with pytest.raises(ThingGone):
        repair(kit)


def test_a_repair_is_independent_of_loans(context):
    kit = desk.kit()
    desk.lent(kit)
    ticket = repair(kit, stays=True)
    assert kit.state is ItemState.LENT
    assert ticket_by_reference(people.actor(Role.DESK), ticket.reference.lower()) is ticket
    assert upkeep_listing(WhichUpkeep.TO_DO, "robots").total() == 1
    fire(ticket, "finish")
    assert upkeep_listing(WhichUpkeep.DONE).total() == 1
    with pytest.raises(NotFound):
        ticket_by_reference(people.actor(Role.PRESCRIBER), ticket.reference)


def test_months_end_where_they_end():
    assert months_after(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert months_after(date(2027, 12, 31), 2) == date(2028, 2, 29)
    assert months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert months_after(date(2026, 11, 15), 1) == date(2026, 12, 15)


@pytest.mark.parametrize("told", [{}, {"every_loans": 2, "every_months": 3}, {"every_loans": 0}, {"every_months": 2, "days": 90}])
def test_a_plan_is_due_in_one_way(context, told):
    with pytest.raises(Invalid):
        load(NewPlan, {"name": "Charge"} | told)


def test_the_database_refuses_a_plan_of_nothing(context):
    with pytest.raises(Conflict), unit_of_work():
        db.session.add(UpkeepPlan(name="Charge", every_months=1, days=1, begun_at=now()))


def test_not_by_who_may_not(context):
    kit = desk.kit()
    with pytest.raises(Forbidden):
        planned(kit, Role.TECHNICIAN, every_loans=1)
    with pytest.raises(Forbidden):
        repair(kit, Role.TECHNICIAN)
    plan, _ticket = planned(kit, every_loans=5)
    assert plan_of(people.actor(Role.DESK), kit, plan.id) is plan
    with pytest.raises(NotFound):
        plan_of(people.actor(Role.DESK), kit, plan.id + 1)
