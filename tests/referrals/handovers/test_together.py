"""Several residents of one host structure: one hour, one visit, one slip each; all of them or none."""

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.handovers.queries import invitation_of
from refurb.referrals.handovers.together import TooFewSeats, residents_of, structures_to_visit, visit_together
from refurb.referrals.handovers.words import InvitationState, InvitedBy
from tests.support.story import appointments, families, gala, people

WHERE = "Résidence des Rocs, 12 rue de la Croix"


def visit(allocations, slot, role=Role.COORDINATOR, **more):
    with unit_of_work():
        told = {"organisation_id": people.organisation("CCAS").id, "address": WHERE, **more}
        return visit_together(people.actor(role), allocations=[each.id for each in allocations], slot=slot.id, **told)


@pytest.mark.both_databases
def test_one_hour_for_all_of_them_and_one_slip_each(context):
    first, second = families.allocated(), families.allocated()
    (slot,) = appointments.opened(places=3, hours=((840, 870),), at_home=True)
    assert [key for key, _name in structures_to_visit(people.actor(Role.COORDINATOR))] == [str(people.organisation("CCAS").id)]

    made = visit([first, second], slot)

    assert {each.slot.id for each in made} == {slot.id}
    assert {(each.state, each.invited_by, each.visited_at) for each in made} == {(InvitationState.CHOSEN, InvitedBy.PARTNER, WHERE)}
    assert residents_of(people.actor(Role.COORDINATOR), people.organisation("CCAS").id) == []
    with unit_of_work():
        slips = [
            hand_over(people.actor(Role.COORDINATOR), each, place="Résidence", signature_kind="drawn", signature=families.drawing())
            for each in (first, second)
        ]
    assert len({each.paper.reference for each in slips}) == 2


def test_all_of_them_or_none(context):
    three = [families.allocated() for _ in range(3)]
    (slot,) = appointments.opened(places=2, hours=((840, 870),), at_home=True)
    with pytest.raises(TooFewSeats):
        visit(three, slot)
    assert [invitation_of(each) for each in three] == [None] * 3


def test_no_one_of_another_structure_and_nobody_twice(context):
    first, second = families.allocated(), families.allocated()
    (slot,) = appointments.opened(places=4, hours=((840, 870),), at_home=True)
    for chosen, more in (([first], {"organisation_id": people.organisation("Mission").id}), ([], {})):
        with pytest.raises(Invalid):
            visit(chosen, slot, **more)
    visit([first, second], slot)
    with pytest.raises(Invalid):
        visit([first], slot)
    with pytest.raises(Forbidden):
        visit([first], slot, Role.PRESCRIBER)


def test_not_who_is_awaited_at_a_ceremony(context):
    first, second = families.allocated(), families.allocated()
    gala.planned(first)
    (slot,) = appointments.opened(places=3, hours=((840, 870),), at_home=True)
    assert structures_to_visit(people.actor(Role.COORDINATOR)) == []
    with pytest.raises(Invalid):
        visit([first, second], slot)


def test_what_was_chosen_stays_where_one_of_two_was_given_an_hour_meanwhile(app, signed_in):
    with app.app_context():
        first, second = families.allocated(), families.allocated()
        (slot,) = appointments.opened(places=3, hours=((840, 870),), at_home=True)
        told = {"organisation_id": people.organisation("CCAS").id, "allocations": [first.id, second.id], "slot": slot.id, "address": WHERE}
        appointments.chosen(appointments.invite_to(first), slot, address=WHERE)
        kept = second.referral.reference
    answer = signed_in(Role.COORDINATOR).submit("/rendez-vous/ensemble", told)
    assert answer.status_code == 422
    assert kept in answer.text
    assert WHERE in answer.text


def test_from_the_page_without_a_name(app, signed_in):
    with app.app_context():
        numbers = [families.allocated().id, families.allocated().id]
        (slot,) = appointments.opened(places=3, hours=((840, 870),), at_home=True)
        slot_id, partner = slot.id, people.organisation("CCAS").id
    client = signed_in(Role.COORDINATOR)
    shown = client.get(f"/rendez-vous/ensemble?structure={partner}").text
    assert "Neil" not in shown
    told = {"organisation_id": partner, "allocations": numbers, "slot": slot_id, "address": ""}
    assert client.submit("/rendez-vous/ensemble", told).status_code == 422
    assert client.submit("/rendez-vous/ensemble", {**told, "address": WHERE}).status_code == 303
