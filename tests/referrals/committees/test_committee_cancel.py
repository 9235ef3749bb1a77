from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.committees.actions.agenda import make_agenda
from tests.support.story import people, sittings


def test_its_files_and_devices_are_free_for_another(context):
    committee = sittings.prepared(files=1, devices=1)
    (referral,) = [each.referral_id for each in sittings.lines(committee)]

    sittings.fire(committee, "cancel")

    assert last_event(committee).facts["referrals"] == [referral]
    other = sittings.planned(title="Une autre")
    with unit_of_work():
        assert make_agenda(people.actor(Role.COORDINATOR), other, most=5) == 1
    assert sittings.lines(other)[0].device is not None
