"""What a donation's page asks to know whether its attestations can be issued: the same answers as the whole record, in few statements."""

from datetime import timedelta

from sqlalchemy import event

from refurb.documents.models import PaperKind
from refurb.inventory.devices.actions.devices import declare_without_drive, intake_device
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.duplicates.actions import merge_devices
from refurb.inventory.papers.attestable import Attestable, attestable
from refurb.inventory.papers.queries import donation_record
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from tests.support.story import evidence, gifts, people, proofs, workshop
from tests.support.story.machines import devices_of


def by_the_record(donation):
    """What the whole record says."""
    known = donation_record(donation)
    anything = bool(known.done or known.without_drive or known.memory_reset)
    return Attestable(anything, 0 if anything else known.waiting)


def answer(donation):
    """What the page asks, once it was seen to be what the record says."""
    found = attestable(donation)
    assert found == by_the_record(donation)
    return found


def test_nothing_is_attestable_of_machines_in_which_nobody_looked(context):
    assert answer(gifts.received(2)) == Attestable(anything=False)


def test_drives_that_wait_are_counted(context):
    donation = gifts.received(3)
    gifts.read_drives(donation, "WD-0001", "WD-0002")
    assert answer(donation) == Attestable(anything=False, waiting=2)


def test_one_proof_is_enough(context):
    donation = gifts.received(3)
    gifts.wiped(donation, "WD-0001")
    gifts.read_drives(donation, "WD-0001", "WD-0002")
    assert answer(donation).anything


def test_one_destruction_is_enough(context):
    donation = gifts.received(2)
    gifts.read_drives(donation, "WD-0001", "WD-0002")
    proofs.destroyed(proofs.drive_of_serial("WD-0002"), note="Broyé, bordereau B-12")
    assert answer(donation).anything


def test_one_machine_said_to_hold_no_drive_is_enough(context):
    donation = gifts.received(2)
    gifts.read_drives(donation, "WD-0001")
    with unit_of_work():
        declare_without_drive(people.actor(Role.TECHNICIAN), devices_of(donation)[1])
    assert answer(donation) == Attestable(anything=True)


def test_a_machine_refused_on_arrival_is_not_counted(context):
    donation = gifts.received(2)
    gifts.read_drives(donation, "WD-0001", "WD-0002")
    evidence.fire(devices_of(donation)[0], "refuse", reason="écran cassé")
    assert answer(donation) == Attestable(anything=False, waiting=1)


def test_the_drive_of_a_machine_that_came_again_is_of_this_donation(context):
    known = workshop.fire(workshop.ready_laptop(), "reserve", "hand_over")
    newcomer = workshop.laptop()
    with unit_of_work():
        merge_devices(workshop.technician(), newcomer, known, reason="deux étiquettes sur le capot")
    assert answer(newcomer.donation) == Attestable(anything=False, waiting=1)
    answer(known.donation)
    evidence.wipe(evidence.Wipe(serial="CHV0001", ended=now() + timedelta(minutes=1)))
    assert answer(newcomer.donation).anything


def test_the_page_asks_as_much_of_seventy_machines_as_of_two_and_reads_no_report(app, signed_in):
    with app.app_context():
        few, many = gifts.received(2), gifts.received(70)
        for donation in (few, many):
            gifts.wiped(donation, f"WD-{donation.id}")
        references = few.reference, many.reference
        engine = db.engine
    client, asked = signed_in(Role.COORDINATOR), []
    client.get(f"/dons/{references[0]}")  # What is kept between pages is asked for once.
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    pages = []
    for reference in references:
        asked.clear()
        text = client.get(f"/dons/{reference}").text
        pages.append((len(asked), [each for each in asked if "erasure_reports" in each]))
    assert pages[0] == pages[1]
    assert pages[1][1] == []
    assert "Voir les 70 appareils" in text
    assert "Établir l’attestation d’effacement" in text


def test_the_button_and_the_deed_refuse_alike(app, signed_in):
    with app.app_context():
        donation = gifts.received(2)
        gifts.wiped(donation, "WD-0001")
        gifts.issued(donation, PaperKind.ERASURE)
        reference = donation.reference
    client = signed_in(Role.COORDINATOR)
    assert "Rien n’a changé depuis AE-" in client.get(f"/dons/{reference}").text
    assert client.submit(f"/dons/{reference}/documents/attestation-d-effacement").status_code == 409
    with app.app_context():
        gifts.read_drives(donation_of(reference), "WD-0001", "WD-0002")
    assert "Rien n’a changé depuis AE-" not in client.get(f"/dons/{reference}").text
    assert client.submit(f"/dons/{reference}/documents/attestation-d-effacement").status_code == 303


def donation_of(reference):
    """The donation, read anew."""
    return donation_by_reference(people.actor(Role.COORDINATOR), reference)


def test_of_a_machine_entered_twice_and_then_refused_nothing_is_told(context):
    donation = gifts.received(1, accepted=False)
    [device] = devices_of(donation)
    with unit_of_work():
        again = intake_device(workshop.technician(), donation, DeviceKind.LAPTOP)
    evidence.read(again, evidence.lshw(evidence.Disk("WD-0001")))
    evidence.wipe(evidence.Wipe("WD-0001"))
    with unit_of_work():
        merge_devices(workshop.technician(), again, device, reason="deux étiquettes")
    workshop.fire(device, "refuse", reason="écran cassé")
    assert answer(donation) == Attestable(anything=False)
    assert donation_record(donation).devices == ()
