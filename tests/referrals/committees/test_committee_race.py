"""Two at the same moment, on real connections: one machine for two committees, one file for a committee and a desk."""

from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Refusal
from refurb.referrals.cases.actions import allocate
from refurb.referrals.committees.actions.agenda import add_file
from refurb.referrals.committees.actions.decisions import note_decision
from refurb.referrals.committees.models import Committee, CommitteeLine
from refurb.referrals.committees.rules import DeviceSetAside
from refurb.referrals.committees.states import committee_machine
from refurb.referrals.committees.words import LineReason, LineVerdict
from refurb.referrals.models import Allocation, Referral
from tests.referrals.cases.test_race import at_once
from tests.support.story import families, people, sittings


def test_two_committees_decide_on_one_machine(app):
    with app.app_context():
        committees = []
        for title in ("Nord", "Sud"):
            committee, referral = sittings.planned(title=title), families.waiting()
            with unit_of_work():
                add_file(people.actor(Role.COORDINATOR), committee, referral, because="Urgence")
            sittings.fire(committee, "open")
            committees.append(committee.id)
        code = families.ready().code

    def decide(number):
        def prepare(actor):
            committee = db.session.get_one(Committee, number)
            verdict, reason = LineVerdict.ALLOCATE, LineReason.IN_ORDER
            return lambda: note_decision(actor, committee, 1, verdict=verdict, reason=reason, device=code)

        return prepare

    answers = at_once(app, *map(decide, committees))

    (refused,) = [each for each in answers if each[0] is not None]
    assert isinstance(refused[0], DeviceSetAside), refused
    assert code in refused[1].replace("-", "") or code in refused[1]
    with app.app_context():
        held = db.session.scalars(db.select(CommitteeLine).where(CommitteeLine.device_id.is_not(None))).all()
        assert [each.device.code for each in held] == [code]


def test_a_committee_closes_while_its_machine_is_given_to_somebody_else(app):
    with app.app_context():
        committee = sittings.sitting(files=1, devices=1)
        sittings.accept(committee)
        number, device_id = committee.id, sittings.lines(committee)[0].device_id
        other = families.waiting().id

    def close(actor):
        found = db.session.get_one(Committee, number)
        return lambda: committee_machine.fire(found, "close", actor, read_aloud=True)

    def give(actor):
        referral, device = db.session.get_one(Referral, other), db.session.get_one(Device, device_id)
        return lambda: allocate(actor, referral, device, override=True, reason="Urgence")

    answers = at_once(app, close, give)

    assert sorted(each[0] is None for each in answers) == [False, True]
    assert all(each[0] is None or isinstance(each[0], Refusal) for each in answers)
    with app.app_context():
        assert len(db.session.scalars(db.select(Allocation)).all()) == 1
