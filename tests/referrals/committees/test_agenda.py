"""The agenda follows the rule within stock and quotas; a file and a device stand on one that is open at most."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import lock, unit_of_work
from refurb.referrals.cases import one_request
from refurb.referrals.cases.actions import allocate
from refurb.referrals.committees.actions import agenda
from refurb.referrals.committees.actions.agenda import add_file, change_proposal, drop_file, make_agenda
from refurb.referrals.committees.models import Committee
from refurb.referrals.committees.queries import places_left, stocks_of
from refurb.referrals.committees.rules import FileGone, FileWaits, NotPrepared, OnAnotherAgenda, OnTheTable
from refurb.referrals.committees.words import LineReason, LineVerdict
from refurb.referrals.households.actions import merge_households
from refurb.referrals.models import Allocation, Referral
from refurb.referrals.words import ReferralState
from tests.referrals.cases.test_referral_join import OTHER, unite
from tests.referrals.quotas.test_quotas import promise
from tests.support.story import families, people, sittings

V, R = LineVerdict, LineReason


def coordinator():
    return people.actor(Role.COORDINATOR)


def planned_of(committee):
    return [(each.position, each.proposal, each.proposal_reason) for each in sittings.lines(committee)]


def test_the_rules_order_within_stock_and_quotas_with_a_reserve(context):
    """Who waits comes by the rule; a partner whose number is used up takes no device; two more stand in reserve."""
    for _ in range(2):
        families.ready()
    mine = [families.waiting(), families.waiting()]
    theirs = [families.waiting(people.other_prescriber()) for _ in range(4)]
    families.waiting(people.other_prescriber())
    first = families.waiting(people.other_prescriber(), school_children=3)
    promise(1)
    committee = sittings.planned()
    with unit_of_work():
        make_agenda(coordinator(), committee, most=40)

    lines = sittings.lines(committee)
    assert [each.referral for each in lines] == [first, *mine, *theirs[:1]], "the reserve is no longer than two"
    assert planned_of(committee) == [
        (1, V.ALLOCATE, R.IN_ORDER), (2, V.ALLOCATE, R.IN_ORDER), (3, V.RESERVE, R.QUOTA_FULL), (4, V.RESERVE, R.NO_STOCK),
    ]  # fmt: skip
    assert [each.rank for each in lines] == [1, 2, 3, 4]
    assert len({each.device_id for each in lines if each.device_id}) == 2
    assert (stocks_of(lines)[0].total, stocks_of(lines)[0].left) == (2, 2)
    assert places_left().beside(lines[1], lines) == 1


def test_a_file_and_a_device_stand_on_one_open_agenda(context):
    committee = sittings.prepared(files=1, devices=2)
    (line,) = sittings.lines(committee)
    other = sittings.planned(title="Une autre")
    with pytest.raises(OnAnotherAgenda), unit_of_work():
        add_file(coordinator(), other, line.referral, because="Urgence")
    late = families.waiting()
    with unit_of_work():
        second = add_file(coordinator(), other, late, because="Urgence")
    assert second.device_id not in {None, line.device_id}
    for column in ("referral_id", "device_id"):
        with pytest.raises(IntegrityError):
            statement = f"UPDATE committee_lines SET {column} = :value WHERE id = :id"
            db.session.execute(text(statement), {"value": getattr(line, column), "id": second.id})
        db.session.rollback()


@pytest.mark.parametrize(
    "wrong", ["verdict = 'later'", "verdict = 'allocate', reason = 'in_order', device_id = NULL, decided_at = :now", "over_quota = :yes"]
)
def test_the_databases_hold_what_a_decision_is(context, wrong):
    line = sittings.lines(sittings.sitting(files=1, devices=1))[0]
    with pytest.raises(IntegrityError):
        db.session.execute(
            text(f"UPDATE committee_lines SET {wrong} WHERE id = :id"),
            {"id": line.id, "yes": True, "now": "2026-01-01 10:00:00+00:00"},
        )
    db.session.rollback()


def test_a_file_that_is_decided_on_directly_leaves_an_agenda_to_come(context):
    committee = sittings.prepared(files=3, devices=2)
    first, second, third = [each.referral for each in sittings.lines(committee)]
    device = sittings.lines(committee)[0].device

    with unit_of_work():
        allocate(coordinator(), first, device)

    assert [(each.position, each.referral) for each in sittings.lines(committee)] == [(1, second), (2, third)]
    assert planned_of(committee) == [(1, V.ALLOCATE, R.IN_ORDER), (2, V.RESERVE, R.NO_STOCK)]
    assert last_event(committee).facts == {"referral": first.id, "move": "allocate"}


def test_a_committee_that_sits_decides_alone(context):
    committee = sittings.sitting(files=2, devices=2)
    line = sittings.lines(committee)[0]
    with pytest.raises(OnTheTable), unit_of_work():
        allocate(coordinator(), line.referral, line.device)
    for move, facts in (("refuse", {"reason": "duplicate"}), ("ask", {"question": "Quand ?"})):
        with pytest.raises(OnTheTable):
            families.fire(line.referral, move, **facts)
    assert db.session.scalars(db.select(Allocation)).all() == []
    families.fire(line.referral, "withdraw", people.actor(Role.PRESCRIBER))
    assert line.referral.state is ReferralState.WITHDRAWN, "her partner may always"
    assert len(sittings.lines(committee)) == 2, "and the session is told"


def test_a_file_is_added_with_a_reason_while_it_waits(context):
    early, referral = families.submitted(), families.waiting()
    committee = sittings.planned()
    with pytest.raises(FileGone), unit_of_work():
        add_file(coordinator(), committee, early, because="Urgence")
    with unit_of_work():
        line = add_file(coordinator(), committee, referral, because="Formation lundi")
    assert (line.added_because, line.proposal_reason) == ("Formation lundi", R.NO_STOCK)


def test_what_was_put_on_or_proposed_by_hand_stays_when_the_agenda_is_made_anew(context):
    committee = sittings.prepared(files=2, devices=2)
    lines = sittings.lines(committee)
    with unit_of_work():
        change_proposal(coordinator(), committee, lines[0], verdict=V.LATER)
    late = families.waiting(school_children=2)
    with unit_of_work():
        make_agenda(coordinator(), committee, most=40)
    made = sittings.lines(committee)
    assert [each.referral for each in made] == [late, lines[1].referral, lines[0].referral]
    assert [(each.position, each.proposal) for each in made] == [(1, V.ALLOCATE), (2, V.ALLOCATE), (3, V.LATER)]


def test_while_it_sits_only_what_waits_no_longer_is_taken_off(context):
    committee = sittings.sitting(files=2, devices=2)
    first, second = sittings.lines(committee)
    with pytest.raises(FileWaits), unit_of_work():
        drop_file(coordinator(), committee, first)
    families.fire(first.referral, "withdraw", people.actor(Role.PRESCRIBER))
    with unit_of_work():
        drop_file(coordinator(), committee, first)
    assert [each.position for each in sittings.lines(committee)] == [2], "the others keep their numbers"
    with pytest.raises(NotPrepared), unit_of_work():
        make_agenda(coordinator(), committee, most=5)
    assert second.referral.state is ReferralState.WAITING


def test_a_file_of_a_household_that_asks_already_leaves_an_agenda_and_is_gone_for_a_session_that_sits(context):
    first, second = families.waiting(), families.waiting(people.other_prescriber(), **OTHER)
    committee = sittings.prepared(files=0, devices=2)
    assert len(sittings.lines(committee)) == 2
    unite(first, second)
    (line,) = sittings.lines(committee)
    assert (line.referral, stocks_of([line])[0].total) == (first, 2), "the device that was set aside for the other is free"

    sittings.fire(committee, "open")
    third = families.waiting(**OTHER, commune="Ligugé")
    with unit_of_work():
        merge_households(coordinator(), third.beneficiary.household, first.beneficiary.household, reason="même adresse")
    with pytest.raises(OnTheTable):
        families.fire(first, "refuse", reason="duplicate")
    assert [each.referral for each in sittings.lines(committee)] == [first]


def test_a_session_is_held_before_the_files_of_a_household_as_it_holds_them_itself(context, monkeypatch):
    """Were a file held first, whoever unites its household and a committee that closes would wait for each other on PostgreSQL."""
    first, second = families.waiting(), families.waiting(people.other_prescriber(), **OTHER)
    sittings.prepared(files=0, devices=2)
    held = []

    def noted(row):
        held.append(type(row))
        lock(row)

    for module in (agenda, one_request):
        monkeypatch.setattr(module, "lock", noted)
    unite(first, second)
    assert held.index(Committee) < held.index(Referral)
