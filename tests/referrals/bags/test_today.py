"""The hand-overs of today: everybody's who hands over, today alone; the visits for who makes them, and nothing else."""

import datetime as dt
import re

import pytest
from sqlalchemy import event

from refurb.documents.models import SignatureWay
from refurb.kernel.deeds.access import Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import NotFound
from refurb.referrals.bags.today import coming_today, visits_today
from refurb.referrals.cases.actions import hand_over, sign_handover
from refurb.referrals.cases.queries.allocations import allocation_for
from refurb.referrals.cases.unsigned import count_to_sign, to_sign
from refurb.referrals.handovers.actions import let_addresses_go
from refurb.referrals.handovers.models import HandoverSlot
from refurb.referrals.handovers.queries import invitation_of
from refurb.referrals.models import Allocation
from refurb.referrals.words import Channel
from tests.support.story import appointments, families, people

ADDRESS = "3 impasse du Lavoir, Savigné"


def expected(*, at_home=False):
    """A family that comes one day, or is visited."""
    allocation = families.allocated(email=appointments.EMAIL)
    slot = appointments.opened(at_home=at_home)[-1]
    more = {"address": ADDRESS} if at_home else {}
    appointments.chosen(appointments.invite_to(allocation), slot, people.actor(Role.COORDINATOR), **more)
    return allocation, slot


@pytest.mark.both_databases
def test_that_day_alone_whoever_hands_over_sees_it_and_may_do_it(context):
    allocation, slot = expected()
    adviser, reference = people.somebody(Grant(Role.ADVISER)), allocation.referral.reference

    assert coming_today(adviser) == []
    with pytest.raises(NotFound):
        allocation_for(adviser, reference)
    with at(slot.starts_at - dt.timedelta(hours=3)):
        (row,) = coming_today(adviser)
        assert (row.reference, row.minute, row.is_to_hand_over, row.bag.missing) == (reference, slot.from_minute, True, 2)
        with unit_of_work():
            hand_over(adviser, allocation_for(adviser, reference), place="Bus", signature_kind="paper")
        assert coming_today(adviser)[0].is_to_sign
    with at(slot.starts_at + dt.timedelta(days=1)):
        assert coming_today(adviser) == []
        assert allocation_for(adviser, reference).id == allocation.id, "what she handed over she has signed"
        with pytest.raises(NotFound):
            allocation_for(people.somebody(Grant(Role.ADVISER), email="autre@b.example"), reference)


def test_who_hands_over_at_ceremonies_alone_sees_nobody(context):
    _allocation, slot = expected()

    with at(slot.starts_at):
        assert coming_today(people.somebody(Grant(Role.ORGANISER))) == []
        assert len(coming_today(people.actor(Role.COORDINATOR))) == 1


@pytest.mark.both_databases
def test_a_visit_is_seen_that_day_and_its_address_an_hour_before(context):
    _allocation, slot = expected(at_home=True)
    expected()
    visitor = people.somebody(Grant(Role.VISITOR))

    assert visits_today(visitor) == []
    with at(slot.starts_at - dt.timedelta(hours=2)):
        (visit,) = visits_today(visitor)
        assert (visit.address, visit.is_near) == (ADDRESS, False)
        assert visits_today(people.actor(Role.DESK)) == []
    with at(slot.starts_at - dt.timedelta(minutes=50)):
        assert visits_today(visitor)[0].is_near


@pytest.mark.both_databases
def test_a_visit_goes_to_the_address_of_the_file_where_no_other_was_given(context):
    slots, visitor, office = appointments.opened(at_home=True), people.somebody(Grant(Role.VISITOR)), people.actor(Role.COORDINATOR)
    begins, numbers = slots[0].starts_at, [each.id for each in slots]

    def visited(number):
        allocation = families.allocated(email=None, channel=Channel.LETTER, address=ADDRESS)
        slot = db.session.get_one(HandoverSlot, number)
        assert appointments.chosen(appointments.invite_to(allocation), slot, office, address=ADDRESS).address is None, "the file has it"

    def seen(expected):
        asked = []
        db.session.expunge_all()
        event.listen(db.engine, "before_cursor_execute", hear := lambda *told: asked.append(told[2]))
        try:
            with at(begins):
                assert [each.address for each in visits_today(visitor)] == expected
        finally:
            event.remove(db.engine, "before_cursor_execute", hear)
        return len(asked)

    visited(numbers[0])
    once = seen([ADDRESS])
    visited(numbers[1])
    assert seen([ADDRESS] * 2) == once
    with at(begins):
        assert coming_today(office)[0].address == ADDRESS


def test_who_missed_one_hour_and_has_another_the_same_day_is_one_row(context):
    allocation, slot = expected()
    with at(slot.starts_at + dt.timedelta(minutes=10)):
        appointments.fire(invitation_of(allocation), "miss")
        later = appointments.opened(day=slot.day, hours=((960, 990),))[-1]
        appointments.chosen(appointments.invite_to(allocation), later, people.actor(Role.COORDINATOR))

        (row,) = coming_today(people.actor(Role.COORDINATOR))

        assert (row.minute, row.is_absent, row.is_to_hand_over) == (later.from_minute, False, True)


@pytest.mark.both_databases
def test_a_visit_whose_slip_was_printed_first_keeps_its_bag_and_its_address_until_it_is_signed(app, signed_in):
    with app.app_context():
        allocation, slot = expected(at_home=True)
        number, device, near = allocation.id, spell(allocation.device.code), slot.starts_at - dt.timedelta(minutes=50)
        coordinator = people.actor(Role.COORDINATOR)
    with at(near - dt.timedelta(days=1)), app.app_context(), unit_of_work():
        hand_over(coordinator, db.session.get_one(Allocation, number), place="Chez elle", signature_kind="paper", accessories=["charger"])
    with at(near):
        for page in ("visites", "du-jour"):
            told = signed_in(Role.ADMIN).get(f"/remises/{page}").text.replace("\u202f", " ")
            assert all(each in told for each in (ADDRESS, device, "Chargeur", "signer")), page
        assert "À signer</span>" in signed_in(Role.ADMIN).get("/remises/visites").text
        with app.app_context(), unit_of_work():
            assert let_addresses_go() == 0
            sign_handover(coordinator, db.session.get_one(Allocation, number), way=SignatureWay.SEEN)
        for page in ("visites", "du-jour"):
            told = signed_in(Role.ADMIN).get(f"/remises/{page}").text
            assert ADDRESS not in told
            assert device not in told.replace("\u202f", " ")
        with app.app_context(), unit_of_work():
            assert let_addresses_go() == 1
            assert invitation_of(db.session.get_one(Allocation, number)).address is None


@pytest.mark.both_databases
def test_the_address_of_a_visit_goes_with_its_day_where_nobody_signed(context):
    allocation, slot = expected(at_home=True)
    with unit_of_work():
        hand_over(people.actor(Role.COORDINATOR), allocation, place="Chez elle", signature_kind="paper")
    assert invitation_of(allocation).address == ADDRESS

    with at(slot.starts_at + dt.timedelta(days=1)), unit_of_work():
        assert let_addresses_go() == 1
    assert invitation_of(allocation).address is None


def test_the_pages(app, signed_in):
    with app.app_context():
        allocation, slot = expected(at_home=True)
        reference, name = allocation.referral.reference, allocation.referral.beneficiary.first_name
        before = slot.starts_at - dt.timedelta(hours=3)
    with at(before):
        office = signed_in(Role.COORDINATOR)
        page = office.get("/remises/du-jour").text
        assert all(each in page for each in (reference, name, ADDRESS, f"/remises/{reference}"))
        assert ADDRESS not in signed_in(Role.ADMIN).get("/remises/visites").text
        assert signed_in(Role.TECHNICIAN).get("/remises/du-jour").status_code == 403
        assert signed_in(Role.DESK).get("/remises/visites").status_code == 403


@pytest.mark.both_databases
def test_the_desk_hands_over_what_is_fetched_that_day_and_reads_no_file(app, signed_in):
    with app.app_context():
        allocation, slot = expected()
        other = families.allocated().referral.reference
        reference, name = allocation.referral.reference, allocation.referral.beneficiary.first_name
        before = slot.starts_at - dt.timedelta(hours=3)
    desk = signed_in(Role.DESK)

    assert reference in desk.get("/rendez-vous").text, "whoever comes on any day, by reference"
    assert name not in desk.get("/rendez-vous").text
    assert desk.get(f"/remises/{reference}").status_code == 404, "not before the day"
    with at(before):
        desk = signed_in(Role.DESK)
        assert name in desk.get("/remises/du-jour").text
        assert "/remises/du-jour" in desk.get("/comptoir").text
        listed = desk.get("/remises").text
        assert reference in listed
        assert other not in listed
        assert f'href="/orientations/{reference}"' not in listed
        assert desk.get(f"/orientations/{reference}").status_code in {403, 404}
        assert desk.get(f"/remises/{other}").status_code == 404
        told = {"place": "Accueil", "signature_kind": "paper"}
        page = desk.get(f"/remises/{reference}").text
        told |= dict(re.findall(r'name="(packed|offered|shown)" value="([^"]*)"', page))
        assert desk.submit(f"/remises/{reference}", told).status_code == 303
        assert "J’ai l’exemplaire signé" in desk.get("/remises").text
    with at(before + dt.timedelta(days=1)):
        desk = signed_in(Role.DESK)
        assert desk.get(f"/remises/{reference}").status_code == 200, "the day after it is still hers to have signed"
        assert desk.submit(f"/remises/{reference}/signer", {"way": "seen", "signed_on": before.date().isoformat()}).status_code == 303
        assert desk.get(f"/remises/{reference}").status_code == 200
    with at(before + dt.timedelta(days=2)):
        assert signed_in(Role.DESK).get(f"/remises/{reference}").status_code == 404, "what is signed is no longer hers"


@pytest.mark.both_databases
def test_the_desk_opens_no_hour_and_goes_to_no_home(app, signed_in):
    with app.app_context():
        allocation, slot = expected(at_home=True)
        reference, name, near = allocation.referral.reference, allocation.referral.beneficiary.first_name, slot.starts_at
        free, day = appointments.opened()[-1].id, slot.day.isoformat()
    with at(near):
        desk = signed_in(Role.DESK)
        page = desk.get("/remises/du-jour").text
        assert name not in page
        assert ADDRESS not in page
        assert desk.get(f"/remises/{reference}").status_code == 404
        assert "/rendez-vous/creneaux" not in desk.get("/rendez-vous").text
        assert desk.get("/rendez-vous/creneaux").status_code == 403
        assert desk.submit(f"/rendez-vous/creneaux/{free}/retirer", {}).status_code == 403
        sent = {"day": day, "hours": "14h-15h", "minutes": 30, "places": 1, "weeks": 1}
        headers = {"X-CSRFToken": desk.token()}
        assert desk.post("/api/v1/handover-slots", json=sent, headers=headers).status_code == 403
        assert desk.post(f"/api/v1/handover-slots/{free}/withdraw", headers=headers).status_code == 403
        assert ADDRESS in signed_in(Role.ADMIN).get("/remises/du-jour").text
    with app.app_context(), at(near):
        both = people.somebody(Grant(Role.DESK), Grant(Role.VISITOR), email="deux@b.example")
        assert allocation_for(both, reference).id, "who makes the visit hands over"


@pytest.mark.both_databases
def test_the_desk_reads_of_a_file_what_it_hands_over_and_not_why_it_was_decided(app, signed_in):
    with app.app_context():
        allocation, slot = expected()
        number, reference, before = allocation.id, allocation.referral.reference, slot.starts_at - dt.timedelta(hours=3)
        until = (slot.day + dt.timedelta(days=300)).isoformat()
    decided = {"rank", "replay", "reason", "public", "out_of_order", "over_quota", "policy_version"}
    sent = {"connected_by": "tariff", "operator": "Solidaire", "payer": "us", "paid_until": until}
    with at(before):
        desk = signed_in(Role.DESK)
        assert "À la maison" not in desk.get(f"/remises/{reference}/connexion").text
        where, headers = f"/api/v1/allocations/{number}/connection", {"X-CSRFToken": desk.token()}
        told = desk.put(where, json=sent, headers=headers).json
        assert told["connection"]["operator"] == "Solidaire"
        assert not decided & told.keys()
        office = signed_in(Role.COORDINATOR)
        assert decided <= office.get(f"/api/v1/allocations/{number}").json.keys()
        assert "À la maison" in office.get(f"/remises/{reference}/connexion").text
        with app.app_context():
            desk_actor, other = people.actor(Role.DESK), people.somebody(Grant(Role.DESK), email="hors@b.example")
            with unit_of_work():
                hand_over(desk_actor, db.session.get_one(Allocation, number), place="Accueil", signature_kind="paper")
            assert count_to_sign(desk_actor) == len(to_sign(desk_actor)) == 1
            assert count_to_sign(other) == len(to_sign(other))
        desk = signed_in(Role.DESK)
        assert desk.get(f"/remises/{reference}/connexion").status_code == 404
        refused = desk.put(where, json={**sent, "payer": "partner"}, headers={"X-CSRFToken": desk.token()})
        assert refused.status_code == 403
    with app.app_context(), at(before + dt.timedelta(days=1)):
        assert count_to_sign(other) == 0
        assert count_to_sign(people.actor(Role.COORDINATOR)) == 1
