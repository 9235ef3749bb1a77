"""Two requests of one household: one goes on, the other is joined to it, whoever else is deciding at the same moment."""

import pytest
from sqlalchemy import select, update

from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Conflict, WrongState
from refurb.referrals.cases.actions import allocate
from refurb.referrals.cases.effects import tell_prescriber
from refurb.referrals.cases.one_request import look_of
from refurb.referrals.cases.queries.waiting import rank_of
from refurb.referrals.cases.states import TELL_PRESCRIBER
from refurb.referrals.households.actions import merge_households
from refurb.referrals.models import Allocation, Referral
from refurb.referrals.words import ReferralState
from tests.referrals.cases.test_race import at_once
from tests.support.story import families, people

OTHER = {"first_name": "Ana", "last_name": "Silva", "phone": None, "birth_year": 1970}


def coordinator():
    return people.actor(Role.COORDINATOR)


def unite(one, other):
    with unit_of_work():
        merge_households(coordinator(), one.beneficiary.household, other.beneficiary.household, reason="même adresse")


def test_the_one_that_was_sent_first_goes_on_and_the_other_is_closed(context):
    first, second = families.waiting(), families.waiting(people.other_prescriber(), **OTHER)
    unite(second, first)
    assert (first.state, first.joined_into_id) == (ReferralState.WAITING, None)
    assert (second.state, second.joined_into_id) == (ReferralState.WITHDRAWN, first.id)
    assert str(look_of(second).word) == "Jointe à une autre demande"
    assert last_event(second).move == "join"
    assert (rank_of(first), rank_of(second)) == (1, None)
    device = families.ready()
    with pytest.raises(WrongState), unit_of_work():
        allocate(coordinator(), second, device)


def test_a_device_that_was_allocated_decides_which_goes_on(context):
    first = families.waiting()
    second = families.allocated(first_name="Ana", last_name="Silva", phone=None, birth_year=1970, school_children=3).referral
    assert second.state is ReferralState.ALLOCATED
    unite(first, second)
    assert (first.joined_into_id, second.joined_into_id) == (second.id, None)


def test_two_that_have_a_device_each_stay_as_they_were_decided(context):
    first, second = families.allocated().referral, families.allocated(**OTHER).referral
    unite(first, second)
    assert [each.state for each in (first, second)] == [ReferralState.ALLOCATED] * 2


def test_who_was_joined_to_a_joined_one_is_joined_to_the_one_that_goes_on(context):
    first, second = families.waiting(), families.waiting(**OTHER)
    third = families.submitted(first_name="Bakary", last_name="Sow", phone=None, birth_year=1981)
    unite(second, third)
    unite(first, second)
    assert [each.joined_into_id for each in (first, second, third)] == [None, first.id, first.id]


def test_its_partner_is_told_that_it_is_joined_and_nothing_of_the_other(context):
    first, second = families.waiting(), families.submitted(people.other_prescriber(), **OTHER)
    unite(first, second)
    planned = db.session.scalars(select(Effect).where(Effect.kind == TELL_PRESCRIBER).order_by(Effect.id.desc())).first()
    letter = tell_prescriber(**planned.facts)
    assert "Jointe à une autre demande" in letter.text
    assert first.reference not in letter.text


def test_the_database_keeps_what_is_joined_closed(context):
    first, second = families.waiting(), families.waiting(**OTHER)
    for values in ({"joined_into_id": first.id}, {"state": "withdrawn", "joined_into_id": second.id}):
        with pytest.raises(Conflict), unit_of_work():
            db.session.execute(update(Referral).where(Referral.id == second.id).values(**values))


def test_there_is_no_door_to_it(app, signed_in):
    with app.app_context():
        first, second = families.waiting(), families.waiting(**OTHER)
        unite(first, second)
        reference, lead = second.reference, first.reference
    client = signed_in(Role.COORDINATOR)
    for move in ("join", "resume", "resume_waiting"):
        posted = client.post(f"/api/v1/referrals/{reference}/{move}", json={"into": 1}, headers={"X-CSRFToken": client.token()})
        assert posted.status_code == 404
    page = client.get(f"/orientations/{reference}").text
    assert "Le foyer est suivi par une autre demande" in page
    assert lead in page
    assert client.get(f"/api/v1/referrals/{reference}").json["joined"] is True
    hers = signed_in(Role.PRESCRIBER)
    assert lead not in hers.get(f"/orientations/{reference}").text.replace(reference, "")
    assert "Le foyer est suivi par une autre demande" in hers.get("/orientations").text


@pytest.mark.parametrize("which", [0, 1])
def test_united_or_allocated_at_the_same_moment_but_one_device_for_the_family(app, which):
    with app.app_context():
        numbers = [families.waiting().id, families.waiting(**OTHER).id]
        code = families.ready().code

    def unite_them(actor):
        one, other = (db.session.get_one(Referral, number).beneficiary.household for number in numbers)
        return lambda: merge_households(actor, one, other, reason="même adresse")

    def give(actor):
        referral = db.session.get_one(Referral, numbers[which])
        device = db.session.scalars(select(Device).where(Device.code == code)).one()
        return lambda: allocate(actor, referral, device, override=True, reason="Deux à la fois.")

    at_once(app, unite_them, give)

    with app.app_context():
        states = {each.id: each.state for each in db.session.scalars(select(Referral))}
        given = db.session.scalars(select(Allocation.referral_id)).all()
        joined = db.session.scalars(select(Referral.id).where(Referral.joined_into_id.is_not(None))).all()
        assert not set(given) & set(joined)
        assert all(states[each] is ReferralState.ALLOCATED for each in given)
        assert all(states[each] is ReferralState.WITHDRAWN for each in joined)
        assert given or joined
