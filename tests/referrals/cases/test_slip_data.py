"""What the slip says of the data of what is handed over: erased, destroyed, both, or reset; never more than is on record."""

from io import BytesIO

from pypdf import PdfReader

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.cases.actions import allocate, hand_over
from tests.support.story import evidence, families, people, proofs, workshop


def slip_of(device):
    """The text of the slip, once the device is finished, given and signed for."""
    workshop.pass_checks(device)
    evidence.label(device)
    evidence.fire(device, "pass_tests")
    referral = families.waiting(device_kind=device.kind)
    with unit_of_work():
        allocation = allocate(people.actor(Role.COORDINATOR), referral, device)
    with unit_of_work():
        paper = hand_over(
            people.actor(Role.COORDINATOR), allocation, place="Atelier", signature_kind="drawn", signature=families.drawing()
        ).paper
    text = " ".join(each.extract_text() for each in PdfReader(BytesIO(fetch(paper.file))).pages)
    return " ".join(text.replace("\u202f", " ").replace("’", "'").split())


def laptop(*serials, destroyed):
    """A laptop in its tests, some of its drives destroyed and the others erased."""
    device = workshop.laptop()
    evidence.read(device, evidence.lshw(*(evidence.Disk(serial) for serial in serials), serial="VI000001"))
    for serial in serials:
        if serial not in destroyed:
            evidence.wipe(evidence.Wipe(serial))
            continue
        proofs.destroyed(proofs.drive_of_serial(serial), note="Broyé")
    return workshop.fire(device, "accept", "finish_erasure", "start_tests")


def test_erased_drives_were_erased_with_verification(context):
    assert "ses données ont été effacées avec vérification" in slip_of(laptop("WD-1", destroyed=()))


def test_a_destroyed_drive_is_not_said_to_be_erased(context):
    slip = slip_of(laptop("WD-1", destroyed=("WD-1",)))
    assert "son support d'origine a été détruit" in slip
    assert "effacées" not in slip


def test_destroyed_drives_are_not_said_to_be_erased(context):
    slip = slip_of(laptop("WD-1", "WD-2", destroyed=("WD-1", "WD-2")))
    assert "les supports d'origine ont été détruits" in slip
    assert "effacées" not in slip


def test_some_destroyed_and_some_erased_are_both_said(context):
    slip = slip_of(laptop("WD-1", "WD-2", destroyed=("WD-1",)))
    assert "une partie de ses supports a été détruite, les données des autres ont été effacées avec vérification" in slip


def test_a_tablet_s_memory_was_reset_as_the_workshop_declares(context):
    slip = slip_of(workshop.tablet_in_tests())
    assert "sa mémoire intégrée a été remise à zéro (réinitialisation d'usine), déclaré par l'atelier le" in slip
    assert "effacées" not in slip


def test_a_laptop_without_drive_keeps_no_data(context):
    device = workshop.say_without_drive(workshop.laptop())
    assert "il ne garde aucune donnée" in slip_of(workshop.fire(device, "accept", "finish_erasure", "start_tests"))
