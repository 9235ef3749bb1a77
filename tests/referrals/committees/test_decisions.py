"""What a committee that sits notes, changes, and may not note; and who leaves the room."""

import pytest

from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid
from refurb.referrals.cases.rules import OtherKind
from refurb.referrals.committees.actions.decisions import come_back_in, leave_room, note_decision
from refurb.referrals.committees.actions.plans import add_member, give_seat, member_of, note_presence, remove_member
from refurb.referrals.committees.pdf import leavings_said
from refurb.referrals.committees.queries import places_left, room_of, stocks_of
from refurb.referrals.committees.rules import (
    ChairIsOut,
    DeviceSetAside,
    FileGone,
    MemberRecused,
    MemberStays,
    NoAgreement,
    NobodyPresides,
    NobodyStays,
    NoDeviceLeft,
    NotInSession,
    SeatHeld,
    SitsAlready,
)
from refurb.referrals.committees.schemas import DecisionNoted
from refurb.referrals.committees.words import SUITS, LineReason, LineVerdict, Seat
from refurb.referrals.models import Allocation, Referral
from refurb.referrals.quotas.rules import QuotaFull
from refurb.referrals.retention import erase_beneficiaries
from refurb.referrals.words import RefusalReason
from tests.referrals.quotas.test_quotas import promise
from tests.support.story import families, people, sittings

V, R = LineVerdict, LineReason


def coordinator():
    return people.actor(Role.COORDINATOR)


def test_a_decision_is_changed_until_it_closes_and_what_is_left_moves(context):
    committee = sittings.sitting(files=3, devices=2)
    sittings.decide(committee, 1, V.ALLOCATE, R.IN_ORDER)
    lines = sittings.lines(committee)
    freed = lines[1].device
    assert stocks_of(lines)[0].left == 1
    sittings.decide(committee, 2, V.RESERVE, R.OTHER, note="Préfère attendre un plus grand écran")
    assert sittings.decide(committee, 3, V.ALLOCATE, R.URGENT).device == freed, "what one does not take, the next may"
    with pytest.raises(NoDeviceLeft):
        sittings.decide(committee, 2, V.ALLOCATE, R.IN_ORDER)
    sittings.decide(committee, 3, V.LATER, R.NEXT_TIME)
    assert sittings.decide(committee, 2, V.ALLOCATE, R.IN_ORDER).device == freed


def test_a_device_of_another_file_or_another_kind_is_not_taken(context):
    committee = sittings.sitting(files=2, devices=2)
    first, second = sittings.lines(committee)
    with pytest.raises(DeviceSetAside):
        sittings.decide(committee, 1, V.ALLOCATE, R.IN_ORDER, device=second.device.code)
    with pytest.raises(OtherKind):
        sittings.decide(committee, 1, V.ALLOCATE, R.IN_ORDER, device=families.ready(families.DeviceKind.LAPTOP).code)
    with pytest.raises(Invalid):
        sittings.decide(committee, 1, V.ALLOCATE, R.IN_ORDER, device="RIEN-0000")
    assert sittings.decide(committee, 1, V.ALLOCATE, R.IN_ORDER, device=first.device.code).device == first.device


def test_a_quota_is_gone_over_with_a_sentence_and_an_agreement_only(context):
    committee = sittings.sitting(files=2, devices=2)
    promise(1)
    sittings.decide(committee, 1, V.ALLOCATE, R.IN_ORDER)
    assert places_left().beside(sittings.lines(committee)[1], sittings.lines(committee)) == 0
    with pytest.raises(QuotaFull):
        sittings.decide(committee, 2, V.ALLOCATE, R.IN_ORDER)
    with pytest.raises(NoAgreement):
        sittings.decide(committee, 2, V.ALLOCATE, R.URGENT, over_quota=True)
    assert sittings.decide(committee, 2, V.ALLOCATE, R.URGENT, over_quota=True, note="Formation lundi").over_quota
    sittings.fire(committee, "close")
    over = db.session.scalars(db.select(Allocation).where(Allocation.over_quota)).one()
    assert (over.quota_place, over.reason) == (2, "Urgence d’emploi ou de formation ; Formation lundi")


def test_nothing_is_noted_without_a_reason_that_suits(context):
    assert {R(each.value) for each in RefusalReason} == set(SUITS[V.REFUSE])
    for told, field in (
        ({"verdict": "allocate"}, "reason"),
        ({"verdict": "allocate", "reason": "no_stock"}, "reason"),
        ({"verdict": "later", "reason": "other"}, "note"),
        ({"verdict": "reserve", "reason": "no_stock", "question": "Quand ?"}, "question"),
        ({"verdict": "perhaps", "reason": "in_order"}, "verdict"),
    ):
        with pytest.raises(Invalid) as wrong:
            load(DecisionNoted, told)
        assert field in wrong.value.fields


def test_nothing_is_noted_before_it_opens_nor_once_it_is_closed(context):
    committee = sittings.prepared(files=1, devices=1)
    with pytest.raises(NotInSession):
        sittings.decide(committee, 1, V.ALLOCATE, R.IN_ORDER)
    sittings.fire(committee, "open")
    sittings.accept(committee)
    sittings.fire(committee, "close")
    with pytest.raises(NotInSession):
        sittings.decide(committee, 1, V.REFUSE, R.DUPLICATE)


def test_nothing_is_noted_on_a_file_that_was_withdrawn(context):
    committee = sittings.sitting(files=1, devices=1)
    families.fire(sittings.lines(committee)[0].referral, "withdraw", people.actor(Role.PRESCRIBER))
    with pytest.raises(FileGone):
        sittings.decide(committee, 1, V.LATER, R.NEXT_TIME)


def test_nobody_sits_on_a_file_of_her_organisation_or_her_own(context):
    committee = sittings.sitting(files=1, devices=1)
    (line,) = sittings.lines(committee)
    prescriber = people.actor(Role.PRESCRIBER)
    with unit_of_work():
        add_member(coordinator(), committee, seat=Seat.MEMBER, account_id=prescriber.id)
    room = room_of(committee)
    assert [each.member.name for each in room.leaving(line)] == ["M. Ferrand", people.NAME[Role.PRESCRIBER]], "by organisation, by her role"
    assert room.is_out(prescriber, line)
    assert not room.is_out(coordinator(), line)
    assert leavings_said(room, [line])[0] == "M. Ferrand au dossier 1"


def test_who_leaves_by_hand_notes_no_decision_until_she_is_back(context):
    committee = sittings.sitting(files=1, devices=1)
    (line,) = sittings.lines(committee)
    me = next(each for each in committee.members if each.account_id == coordinator().id)
    with unit_of_work():
        leave_room(people.actor(Role.ADMIN), committee, line, me, word="Connaît la famille")
    with pytest.raises(MemberRecused):
        sittings.decide(committee, 1, V.ALLOCATE, R.IN_ORDER)
    with unit_of_work():
        note_decision(people.actor(Role.ADMIN), committee, 1, verdict=V.ALLOCATE, reason=R.IN_ORDER)
    with unit_of_work():
        come_back_in(people.actor(Role.ADMIN), committee, line, me)
    assert sittings.decide(committee, 1, V.LATER, R.NEXT_TIME).verdict is V.LATER


def test_nobody_is_taken_off_the_list_while_it_sits(context):
    committee = sittings.prepared(files=1, devices=1)
    (line,) = sittings.lines(committee)
    gone, stays = committee.members[2], committee.members[0]
    with unit_of_work():
        leave_room(coordinator(), committee, line, gone, word="Voisin")
    with unit_of_work():
        remove_member(coordinator(), committee, gone)
    assert [each.seat for each in committee.members] == [Seat.CHAIR, Seat.SECRETARY]
    sittings.fire(committee, "open")
    with pytest.raises(MemberStays), unit_of_work():
        remove_member(coordinator(), committee, stays)
    with unit_of_work():
        note_presence(coordinator(), committee, member_of(committee, stays.id), comes=False)
    assert not stays.comes


def test_one_presides_and_nobody_sits_twice(context):
    committee = sittings.planned()
    with pytest.raises(SeatHeld), unit_of_work():
        add_member(coordinator(), committee, seat=Seat.CHAIR, name="Une autre")
    with pytest.raises(SitsAlready), unit_of_work():
        add_member(coordinator(), committee, seat=Seat.MEMBER, account_id=coordinator().id)


def test_who_only_sits_decides_nothing(context):
    committee = sittings.sitting(files=1, devices=1)
    member = people.somebody(Grant(Role.MEMBER))
    with pytest.raises(Forbidden), unit_of_work():
        note_decision(member, committee, 1, verdict=V.ALLOCATE, reason=R.IN_ORDER)


def test_what_was_said_of_somebody_goes_with_her_name(context):
    committee = sittings.sitting(files=1, devices=1)
    line = sittings.decide(committee, 1, V.LATER, R.OTHER, note="Revient de l'hôpital", question="Quand ?")
    with unit_of_work():
        leave_room(coordinator(), committee, line, committee.members[0], word="Connaît la famille")
    with unit_of_work():
        erase_beneficiaries([db.session.get_one(Referral, line.referral_id).beneficiary_id])
    db.session.refresh(line)
    assert (line.note, line.question, [each.word for each in line.recusals], line.verdict) == ("–", "–", ["–"], V.LATER)


def test_no_promise_is_gone_over_while_whoever_presides_is_out_of_the_room(context):
    committee = sittings.sitting(files=1, devices=1)
    promise(0)
    (line,) = sittings.lines(committee)
    with unit_of_work():
        leave_room(coordinator(), committee, line, committee.members[0], word="Voisine")
    with pytest.raises(ChairIsOut):
        sittings.decide(committee, 1, V.ALLOCATE, R.URGENT, over_quota=True, note="Formation lundi")
    with unit_of_work():
        come_back_in(coordinator(), committee, line, committee.members[0])
    assert sittings.decide(committee, 1, V.ALLOCATE, R.URGENT, over_quota=True, note="Formation lundi").over_quota


def test_nothing_is_decided_in_an_empty_room(context):
    committee = sittings.sitting(files=1, devices=1)
    (line,) = sittings.lines(committee)
    for member in committee.members[:2]:
        with unit_of_work():
            leave_room(coordinator(), committee, line, member, word="Voisine")
    with pytest.raises(NobodyStays), unit_of_work():
        note_decision(people.actor(Role.ADMIN), committee, 1, verdict=V.LATER, reason=R.NEXT_TIME)


def test_who_sat_stays_on_the_list_when_it_goes_on_another_day(context):
    committee = sittings.sitting(files=1, devices=1)
    sittings.accept(committee)
    sittings.fire(committee, "adjourn")
    with pytest.raises(MemberStays), unit_of_work():
        remove_member(coordinator(), committee, committee.members[2])


def test_another_presides_in_the_place_of_who_left_and_nobody_beside_her(context):
    committee = sittings.sitting(files=1, devices=1)
    sittings.accept(committee)
    chair, _secretary, member = committee.members
    with pytest.raises(SeatHeld), unit_of_work():
        give_seat(coordinator(), committee, member, seat=Seat.CHAIR)
    with unit_of_work():
        note_presence(coordinator(), committee, chair, comes=False)
    with pytest.raises(NobodyPresides):
        sittings.fire(committee, "close")
    with unit_of_work():
        give_seat(coordinator(), committee, member, seat=Seat.CHAIR)
    assert [each.seat for each in committee.members] == [Seat.MEMBER, Seat.SECRETARY, Seat.CHAIR]
    sittings.fire(committee, "close")
