"""What is planned for a thing that is not there, or in repair already: it is taken until it is back, and looked after on other days."""

from datetime import timedelta

from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import now, today
from refurb.lending.claims.facts import claim_open
from refurb.lending.claims.pools import hold, pool_of
from refurb.lending.claims.words import FOR_EVER
from refurb.lending.items.states import item_machine
from refurb.lending.reservations.packing import pack
from refurb.lending.upkeep.actions import open_due, plan_upkeep
from refurb.lending.upkeep.due import open_ticket
from refurb.lending.upkeep.models import UpkeepTicket
from tests.lending.reserving import live, open_day, reserved
from tests.support.story import desk, people


def planned(item, after):
    """A thing needs something on a day; its ticket."""
    with unit_of_work():
        plan = plan_upkeep(people.actor(Role.DESK), item, name="Étalonnage", on_date=today() + timedelta(days=after))
    found = open_ticket(plan, item)
    assert isinstance(found, UpkeepTicket)
    return found


def fire(item, name, **facts):
    with unit_of_work():
        item_machine.fire(item, name, people.actor(Role.DESK), **facts)


def held_again(item):
    """Somebody touches the pool, and changes nothing."""
    with unit_of_work():
        hold([pool_of(item)])


def test_what_is_late_is_taken_until_it_is_back_whatever_was_planned_for_it(context):
    kit, other = desk.kit("Malle 1"), desk.kit("Malle 2")
    loan, ticket = desk.lent(kit, due_on=open_day(3)), planned(kit, 20)
    made = [reserved(kit, who=desk.borrower(name), starts=30, ends=36) for name in ("Berthe", "Cécile")]
    assert {live(each)[0].item_id for each in made} == {kit.id, other.id}
    desk.made_due(loan, today() - timedelta(days=1))
    for _ in range(2):
        held_again(kit)
        assert [live(each)[0].item_id for each in made] == [None, other.id]
        assert claim_open(kit).until_on == FOR_EVER
    desk.back(loan)
    with unit_of_work():
        open_due(SERVICE, kit)
    assert {live(each)[0].item_id for each in made} == {kit.id, other.id}
    assert ticket.claim.ended_at is None, "its days are taken anew"


def test_what_is_in_repair_is_taken_until_it_is_repaired_whatever_was_planned_for_it(context):
    kit = desk.kit()
    planned(kit, 20)
    made = reserved(kit, starts=30, ends=36)
    fire(kit, "send_to_repair", reason="Roue cassée")
    assert claim_open(kit).until_on == FOR_EVER
    assert live(made)[0].item_id is None
    fire(kit, "repair")
    fire(kit, "check")
    assert live(made)[0].item_id == kit.id


def test_what_comes_back_on_the_day_of_its_upkeep_is_looked_at_first(context):
    kit = desk.kit()
    loan = desk.lent(kit, due_on=open_day(1))
    planned(kit, (open_day(1) - today()).days + 1)
    with clock.at(now() + (open_day(1) - today()) + timedelta(days=1)):
        desk.back(loan)
        assert claim_open(kit) is not None, "it is free when somebody has looked at it"


def test_what_is_late_lies_in_nobody_s_bag(context):
    kit, other = desk.kit("Malle 1"), desk.kit("Malle 2")
    made = reserved(kit, who=desk.borrower("Berthe"), starts=30, ends=36)
    with unit_of_work():
        pack(people.actor(Role.DESK), made, kit)
    loan = desk.lent(kit, who=desk.borrower("Cécile"), due_on=open_day(3))
    desk.made_due(loan, today() - timedelta(days=1))
    held_again(kit)
    assert live(made)[0].item_id == other.id
