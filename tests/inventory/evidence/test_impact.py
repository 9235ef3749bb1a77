"""A donor says how sensitive the data are: the gate asks that much of every wipe, by whichever door it comes."""

import pytest
from sqlalchemy import insert, text

from refurb.inventory.devices.queries.devices import raised_flags
from refurb.inventory.devices.rules import DrivesNotClean
from refurb.inventory.evidence.actions.impact import OnlyRaised, declare_impact
from refurb.inventory.evidence.actions.statements import TooWeak, confirm_statement
from refurb.inventory.evidence.impact import DATA_IMPACT, Needed
from refurb.inventory.evidence.queries.evidence import drives_inside
from refurb.inventory.models.evidence import Erasure
from refurb.inventory.words.devices import DeviceKind, DeviceState, FlagKind
from refurb.inventory.words.donations import DataImpact
from refurb.inventory.words.techniques import Technique
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Conflict, Forbidden, Invalid
from tests.support.story import evidence, people, proofs, workshop
from tests.support.story.machines import devices_of

THREE = DataImpact.THREE


def say(donation, impact, who=None):
    with unit_of_work():
        declare_impact(who or workshop.coordinator(), donation, impact=impact)


@pytest.fixture
def laptop(context):
    device = workshop.laptop()
    evidence.read(device, evidence.lshw(evidence.Disk()))
    return device


def proof(device):
    return drives_inside(device)[0].erasures[-1]


def test_what_the_levels_ask_for_and_by_which_techniques(context):
    policy = DATA_IMPACT.in_force()
    assert [policy.needed(each) for each in DataImpact] == [Needed("clear", False), Needed("clear", True), Needed("purge", True)]
    assert "ATA Sanitize" in policy.needed(THREE).techniques
    assert not any("passe" in each for each in policy.needed(THREE).techniques), "overwriting is never a purge"


def test_a_log_that_reaches_less_is_kept_and_proves_nothing(laptop):
    say(laptop.donation, THREE)
    evidence.wipe(evidence.Wipe())
    assert (proof(laptop).status, proof(laptop).reason) == ("refused", "erasure.below_impact")
    with pytest.raises(DrivesNotClean):
        workshop.fire(laptop, "accept", "finish_erasure")


def test_enough_is_enough(laptop):
    say(laptop.donation, DataImpact.TWO)
    evidence.wipe(evidence.Wipe())
    assert proof(laptop).status == "accepted"


def test_some_sectors_read_back_are_too_few_from_level_two_on(laptop):
    drive = drives_inside(laptop)[0]
    say(laptop.donation, DataImpact.TWO)
    with pytest.raises(Invalid) as refused:
        proofs.stated(drive, verification="sample")
    assert refused.value.fields["technique"][0].code == "impact.too_weak"
    proofs.stated(drive, verification="all")


def test_what_was_stated_before_is_not_confirmed_after(laptop):
    stated = proofs.stated(drives_inside(laptop)[0])
    say(laptop.donation, THREE)
    with pytest.raises(TooWeak), unit_of_work():
        confirm_statement(proofs.second(), stated)


def test_a_tablet_needs_its_encryption(context):
    (tablet,) = devices_of(workshop.received({DeviceKind.TABLET: 1}))
    proofs.memory_reset(tablet)
    say(tablet.donation, THREE)
    assert tablet.without_drive_since is None, "what was reset with less is reset again"
    with pytest.raises(Invalid):
        proofs.reset_stated(tablet)
    proofs.reset_stated(tablet, technique=Technique.ENCRYPTED_RESET)


@pytest.mark.parametrize(
    ("moves", "is_reset_again", "is_flagged"),
    [(("reserve",), True, True), (("strip",), True, False), (("reserve", "hand_over"), False, True)],
)
def test_a_tablet_that_is_promised_kept_for_parts_or_out(context, moves, is_reset_again, is_flagged):
    tablet = workshop.pass_checks(workshop.tablet_in_tests())
    workshop.print_label(tablet)
    workshop.fire(tablet, "pass_tests", *moves, **({"reason": "Écran cassé"} if moves == ("strip",) else {}))
    say(tablet.donation, THREE)
    assert (tablet.without_drive_since is None) is is_reset_again
    assert (FlagKind.SECOND_LOOK in {each.kind for each in raised_flags(tablet)}) is is_flagged


def test_raised_later_a_ready_machine_goes_back_to_the_bench(context):
    device = workshop.ready_laptop()
    say(device.donation, THREE)
    assert device.state == DeviceState.TO_REFURBISH
    assert proof(device).reason == "erasure.below_impact"


def test_before_anything_came_it_is_changed_afterwards_only_raised(context):
    donation = workshop.announced()
    say(donation, THREE)
    say(donation, DataImpact.ONE)
    come = workshop.received()
    say(come, THREE)
    with pytest.raises(OnlyRaised):
        say(come, DataImpact.ONE)


def test_a_technician_may_not(context):
    donation = workshop.announced()
    with pytest.raises(Forbidden):
        say(donation, THREE, workshop.technician())


def test_the_database_takes_no_weaker_proof_either(laptop):
    say(laptop.donation, THREE)
    evidence.wipe(evidence.Wipe())
    weak = proof(laptop)
    with pytest.raises(Conflict), unit_of_work() as session:
        session.execute(text("UPDATE erasures SET status = 'accepted', reason = NULL WHERE id = :id"), {"id": weak.id})
    db.session.rollback()
    row = {each.name: getattr(weak, each.name) for each in Erasure.__table__.columns if each.name != "id"}
    with pytest.raises(Conflict), unit_of_work() as session:
        session.execute(insert(Erasure).values(row | {"status": "accepted", "reason": None}))
    db.session.rollback()


def test_said_on_the_page_and_by_the_json_door(app, signed_in):
    with app.app_context():
        people.settle()
        reference = workshop.announced().reference
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    assert client.submit(f"/dons/{reference}/donnees", {}).status_code == 422
    assert client.submit(f"/dons/{reference}/donnees", {"impact": "3"}).status_code == 303
    page = client.get(f"/dons/{reference}").text
    assert "3, sensibles" in page
    assert "Purge" in page
    answer = client.put(f"/api/v1/donations/{reference}/data-impact", json={"impact": "2"}, headers={"X-CSRFToken": client.token()})
    assert answer.get_json()["least_level"] == "clear"
    assert client.put(f"/api/v1/donations/{reference}/data-impact", json={"impact": 7}).status_code in {400, 422}
