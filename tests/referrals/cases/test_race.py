from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from refurb.documents.models import Paper, SignatureWay
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Refusal, WrongState
from refurb.kernel.speech.sentences import sentence
from refurb.referrals.cases.actions import allocate, hand_over, sign_handover
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.words import ReferralState
from tests.support.story import families, people


def at_once(app, *deeds):
    """Do each deed in a thread of its own, all let go at the same moment; what each answered or refused with."""
    barrier = Barrier(len(deeds))

    def run(deed):
        with app.test_request_context():
            actor = people.actor(Role.COORDINATOR)
            subjects = deed(actor)
            db.session.rollback()
            barrier.wait()
            try:
                with unit_of_work():
                    subjects()
            except Refusal as refusal:
                return refusal, sentence(refusal)
            finally:
                db.session.remove()
            return None, None

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_one_device_for_two_at_the_same_moment(app):
    with app.app_context():
        first, second, code = families.waiting().id, families.waiting().id, families.ready().code

    def give(referral_id):
        def prepare(actor):
            referral = db.session.get_one(Referral, referral_id)
            device = db.session.scalars(select(Device).where(Device.code == code)).one()
            return lambda: allocate(actor, referral, device, override=True, reason="Deux à la fois.")

        return prepare

    answers = at_once(app, give(first), give(second))

    refused = [each for each in answers if each[0] is not None]
    assert len(refused) == 1
    refusal, told = refused[0]
    assert isinstance(refusal, WrongState), refusal
    assert refusal.facts["last"] == "reserve"
    assert people.NAME[Role.COORDINATOR] in told
    with app.app_context():
        assert len(db.session.scalars(select(Allocation)).all()) == 1


def test_two_devices_for_one_at_the_same_moment(app):
    with app.app_context():
        referral_id = families.waiting().id
        codes = [families.ready().code, families.ready().code]

    def give(code):
        def prepare(actor):
            referral = db.session.get_one(Referral, referral_id)
            device = db.session.scalars(select(Device).where(Device.code == code)).one()
            return lambda: allocate(actor, referral, device)

        return prepare

    answers = at_once(app, *map(give, codes))

    assert sorted(each[0] is None for each in answers) == [False, True]
    with app.app_context():
        states = sorted(device.state for device in db.session.scalars(select(Device)))
        assert states == ["ready", "reserved"]


def test_handed_over_once_though_pressed_twice(app):
    with app.app_context():
        allocation_id = families.allocated().id

    def prepare(actor):
        allocation = db.session.get_one(Allocation, allocation_id)
        return lambda: hand_over(actor, allocation, place="Atelier", signature_kind="paper")

    answers = at_once(app, prepare, prepare)

    assert sorted(each[0] is None for each in answers) == [False, True]
    with app.app_context():
        assert len(db.session.scalars(select(Handover)).all()) == 1


def test_signed_once_though_two_have_the_copy(app):
    with app.app_context():
        allocation_id = families.left_unsigned().allocation_id

    def prepare(actor):
        allocation = db.session.get_one(Allocation, allocation_id)
        return lambda: sign_handover(actor, allocation, way=SignatureWay.SEEN)

    answers = at_once(app, prepare, prepare)

    assert sorted(each[0] is None for each in answers) == [False, True]
    with app.app_context():
        assert len(db.session.scalars(select(Paper)).all()) == 1


def test_signed_or_come_back_but_not_both(app):
    with app.app_context():
        allocation_id = families.left_unsigned().allocation_id

    def sign(actor):
        allocation = db.session.get_one(Allocation, allocation_id)
        return lambda: sign_handover(actor, allocation, way=SignatureWay.SEEN)

    def come_back(actor):
        device = db.session.get_one(Allocation, allocation_id).device
        return lambda: device_machine.fire(device, "come_back", actor, reason="en panne")

    at_once(app, sign, come_back)

    with app.app_context():
        allocation = db.session.get_one(Allocation, allocation_id)
        signed = len(db.session.scalars(select(Paper)).all()) == 1
        # Who came second either found nothing to sign, or took back what had been handed over.
        assert allocation.state.is_fulfilled is signed
        assert (allocation.referral.state is ReferralState.SERVED) is signed
