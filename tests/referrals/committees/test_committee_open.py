import pytest

from refurb.inventory.devices.states import device_machine
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.committees.actions.plans import note_presence
from refurb.referrals.committees.rules import NobodyPresides, NothingOnTheAgenda, NotPrepared, TooFewPresent, is_prepared
from refurb.referrals.committees.words import LineReason, LineVerdict, Seat
from tests.support.story import people, sittings


def away(committee, *seats):
    for member in committee.members:
        if member.seat in seats:
            with unit_of_work():
                note_presence(people.actor(Role.COORDINATOR), committee, member, comes=False)


def test_stock_is_read_again_and_then_a_proposal_stays(context):
    committee = sittings.prepared(files=2, devices=2)
    first = sittings.lines(committee)[0]
    assert (first.planned, first.proposal_reason) == (LineVerdict.ALLOCATE, LineReason.IN_ORDER)
    for line in sittings.lines(committee):
        with unit_of_work():
            device_machine.fire(line.device, "back_to_bench", people.actor(Role.TECHNICIAN), reason="Écran fendu")

    sittings.fire(committee, "open")

    assert committee.opened_at is not None
    assert [(each.proposal, each.proposal_reason, each.device) for each in sittings.lines(committee)] == [
        (LineVerdict.RESERVE, LineReason.NO_STOCK, None)
    ] * 2
    with pytest.raises(NotPrepared):
        is_prepared(committee)


def test_nobody_sits_over_nothing(context):
    with pytest.raises(NothingOnTheAgenda):
        sittings.fire(sittings.planned(), "open")


def test_not_without_whoever_presides(context):
    committee = sittings.prepared(files=1, devices=1)
    away(committee, Seat.CHAIR)
    with pytest.raises(NobodyPresides):
        sittings.fire(committee, "open")


def test_not_with_fewer_than_it_takes(context):
    committee = sittings.prepared(files=1, devices=1)
    away(committee, Seat.MEMBER, Seat.SECRETARY)
    with pytest.raises(TooFewPresent):
        sittings.fire(committee, "open")
    assert committee.state.is_prepared
