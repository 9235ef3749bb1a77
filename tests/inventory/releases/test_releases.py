"""What a donor has to release: listed before anything comes, told by the donor, proven by the workshop, and held until then."""

import threading

import pytest
from sqlalchemy import select, text

from refurb.inventory.devices.actions.flags import StillClaimed, lift_flag
from refurb.inventory.devices.actions.held import ASKED, MAIL_RELEASES, REMINDED
from refurb.inventory.devices.queries.devices import raised_flags
from refurb.inventory.devices.rules import Flagged
from refurb.inventory.donations.actions.donations import correct_donor, donor_details
from refurb.inventory.donations.donor import donor_token
from refurb.inventory.donations.models.declared import DeclaredItem
from refurb.inventory.releases.actions import NothingToRelease, ask_releases, prove_releases, say_released
from refurb.inventory.releases.effects import mail_donor_releases
from refurb.inventory.releases.formats import file_for, is_writable
from refurb.inventory.releases.queries import releases_of
from refurb.inventory.words.devices import DeviceState, FlagKind
from refurb.inventory.words.releases import Lock, ReleaseProof
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.letters import NobodyToWriteTo, NotTold
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Forbidden, Invalid
from tests.support.story import evidence, lists, people, workshop
from tests.support.story.machines import devices_of

L = Lock
LIST = (
    "Type;Fabricant;Modèle;N° de série\n"
    "Portable;Dell;Latitude 7490;DELL0001\n"
    "Portable;Apple;MacBook Air;C02XK0001\n"
    "Écran;Dell;P2419H;MON00001\n"
    "Portable;Lenovo;T480;\n"
)


def ask(donation, *locks, who=None):
    with unit_of_work():
        return ask_releases(who or workshop.coordinator(), donation, locks=locks)


def prove(donation, *rows, proof=ReleaseProof.STARTED, who=None, note=None):
    with unit_of_work():
        return prove_releases(who or workshop.technician(), donation, numbers=[each.id for each in rows], proof=proof, note=note)


@pytest.fixture
def listed(context):
    """A donation that is announced, with its donor's list."""
    donation = workshop.announced(contact_name="Jeanne", contact_email="jeanne@menuiseries.example")
    lists.imported(donation, LIST.encode())
    return donation


def serials(donation, lock):
    return [each.serial for each in releases_of(donation).by_lock.get(lock, ())]


def test_each_console_is_asked_for_its_own_before_anything_comes(listed):
    assert ask(listed, L.AUTOPILOT, L.APPLE, L.BIOS) == 3
    assert (serials(listed, L.AUTOPILOT), serials(listed, L.APPLE), serials(listed, L.BIOS)) == (["DELL0001"], ["C02XK0001"], ["DELL0001"])
    assert releases_of(listed).nameless == 1, "what bears no serial cannot be asked for, and is told"
    assert ask(listed, L.AUTOPILOT) == 0, "a second press adds nothing"


def test_a_serial_is_missed_only_where_a_console_asks_for_it_and_the_machine_is_not_here(context):
    donation = workshop.announced()
    rows = "Écran;Dell;P2419H;\nSouris;Logitech;M100;\nPortable;Apple;MacBook Air;\nPortable;Lenovo;T480;\n"
    lists.imported(donation, (LIST + rows).encode())
    ask(donation, L.AUTOPILOT)
    assert releases_of(donation).nameless == 2, "both Lenovo; no monitor, no mouse, and what is Apple's is another console's"
    ask(donation, L.APPLE)
    assert releases_of(donation).nameless == 3
    here = workshop.laptop()
    with unit_of_work() as session:
        found = session.scalars(select(DeclaredItem).where(DeclaredItem.model == "T480", DeclaredItem.serial.is_(None))).first()
        found.device_id = here.id
    assert releases_of(donation).nameless == 2, "of one that is here the workshop reads it"


def test_a_list_that_comes_later_completes_it(context):
    donation = workshop.received()
    evidence.read(devices_of(donation)[0], evidence.lshw(evidence.Disk(), serial="LU000001"))
    ask(donation, L.AUTOPILOT)
    lists.imported(donation, LIST.encode())
    assert serials(donation, L.AUTOPILOT) == ["DELL0001", "LU000001"]


def test_without_a_serial_there_is_nothing_to_list(context):
    with pytest.raises(NothingToRelease):
        ask(workshop.announced(), L.APPLE)


def test_the_file_that_each_console_takes():
    lines = [("DELL0001", "Dell", "=1+1"), ("=cmd", None, None), ("A,B", None, None)]
    assert file_for(L.AUTOPILOT, lines) == b"Device Serial Number,Windows Product ID,Hardware Hash\r\nDELL0001,,\r\n"
    assert file_for(L.APPLE, lines) == file_for(L.ABSOLUTE, lines) == b"DELL0001\r\n"
    assert file_for(L.BIOS, lines).decode() == "Fabricant;Modèle;Numéro de série\r\nDell;1+1;DELL0001\r\n"
    assert [is_writable(serial) for serial, *_ in lines] == [True, False, False]


@pytest.fixture
def held(context):
    """A laptop in its tests, which everything would let pass but its donor's console."""
    device = workshop.pass_checks(workshop.testing_laptop())
    workshop.print_label(device)
    ask(device.donation, L.AUTOPILOT, L.BIOS)
    return device


def test_a_machine_that_is_here_is_held_until_each_line_is_proven(held):
    autopilot, bios = releases_of(held.donation).all
    if autopilot.lock is L.BIOS:
        autopilot, bios = bios, autopilot
    assert [each.kind for each in raised_flags(held)] == [FlagKind.NOT_RELEASED]
    with unit_of_work():
        say_released(SERVICE, held.donation, numbers=[autopilot.id, bios.id])
    with pytest.raises(Flagged):
        workshop.fire(held, "pass_tests")
    prove(held.donation, autopilot, note="redémarré en ligne")
    with pytest.raises(Flagged):
        workshop.fire(held, "pass_tests")
    prove(held.donation, bios, proof=ReleaseProof.BIOS_OPENED)
    assert workshop.fire(held, "pass_tests").state == DeviceState.READY
    assert (autopilot.proof, autopilot.note, autopilot.proven_by) == ("started", "redémarré en ligne", workshop.technician().id)


def test_nobody_lifts_the_flag_by_hand(held):
    with pytest.raises(StillClaimed), unit_of_work():
        lift_flag(workshop.coordinator(), held, FlagKind.NOT_RELEASED)


def test_nor_does_the_database(held):
    with pytest.raises(Conflict), unit_of_work() as session:
        session.execute(text("UPDATE flags SET lifted_at = raised_at WHERE device_id = :id"), {"id": held.id})
    prove(held.donation, *releases_of(held.donation).by_lock[L.AUTOPILOT])
    with pytest.raises(Conflict), unit_of_work() as session:
        session.execute(text("UPDATE releases SET proven_at = NULL, proof = NULL, proven_by = NULL WHERE lock = 'autopilot'"))


def test_a_password_of_the_bios_is_not_proven_by_a_console(held):
    with pytest.raises(Invalid):
        prove(held.donation, *releases_of(held.donation).all, proof=ReleaseProof.CONSOLE)
    assert not [each for each in releases_of(held.donation).all if each.proven_at]


def test_a_line_of_another_donation_is_not_proven_here(held):
    with pytest.raises(Invalid):
        prove(workshop.announced(), *releases_of(held.donation).by_lock[L.AUTOPILOT])


def test_what_is_read_in_a_machine_that_nobody_announced_is_asked_for_and_held(held):
    other = workshop.laptop()
    with unit_of_work():
        other.donation_id = held.donation_id
    evidence.read(other, evidence.lshw(evidence.Disk("CHV0009"), serial="LU000009"))
    assert "LU000009" in serials(held.donation, L.AUTOPILOT)
    assert [each.kind for each in raised_flags(other)] == [FlagKind.NOT_RELEASED]


def letters(donation):
    return list(db.session.scalars(select(Effect).where(Effect.kind == MAIL_RELEASES).order_by(Effect.id)))


def write(planned):
    return mail_donor_releases(**planned.facts)


@pytest.mark.both_databases
def test_the_donor_is_told_once_with_the_file_of_each_console(listed):
    ask(listed, L.AUTOPILOT)
    ask(listed, L.APPLE)
    asked, reminded = letters(listed)
    assert (asked.facts["told"], reminded.facts["told"]) == (ASKED, REMINDED), "two presses in a row are one letter"
    written = write(asked)
    assert written.to == "jeanne@menuiseries.example"
    assert "Windows Autopilot (Intune) : 1 machine\n" in written.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "/liberations/autopilot" in written.text
    assert "/liberations/apple" in written.text
    assert "DELL0001" not in written.text, "no serial travels by mail"
    assert "1 machine de votre liste" in written.text.replace("\u00a0", " ")
    ask(listed, L.AUTOPILOT)
    assert len(letters(listed)) == 2, "what is on the list already is told once"


@pytest.mark.both_databases
def test_what_is_added_once_a_letter_has_left_is_another_letter_and_its_reminder_the_one_that_counts(listed):
    ask(listed, L.AUTOPILOT)
    with unit_of_work():
        letters(listed)[0].done_at = now()
    ask(listed, L.BIOS)
    _told, before, asked, reminded = letters(listed)
    assert write(asked).subject != write(reminded).subject
    with pytest.raises(NotTold):
        write(before)


def test_nothing_leaves_once_all_is_said_to_be_done_or_the_donation_will_not_come(listed):
    ask(listed, L.AUTOPILOT)
    asked, reminded = letters(listed)
    with unit_of_work():
        say_released(SERVICE, listed, numbers=[each.id for each in releases_of(listed).all])
    for planned in (asked, reminded):
        with pytest.raises(NotTold):
            write(planned)
    with unit_of_work():
        say_released(SERVICE, listed, numbers=[])
    assert write(reminded)
    workshop.move(listed, "cancel", reason="matériel trop ancien")
    with pytest.raises(NotTold):
        write(reminded)


def test_a_donor_without_an_address_is_told_by_a_person(context):
    donation = workshop.announced()
    with unit_of_work():
        donation.donor.email = None
        correct_donor(workshop.coordinator(), donation, **{**donor_details(donation), "contact_name": "Mme Faut", "contact_email": None})
    lists.imported(donation, LIST.encode())
    ask(donation, L.AUTOPILOT)
    with pytest.raises(NobodyToWriteTo):
        write(letters(donation)[0])


def test_what_is_read_in_a_machine_that_nobody_announced_is_told_too(held):
    with unit_of_work():
        for each in letters(held.donation):
            each.done_at = now()
    other = workshop.laptop()
    with unit_of_work():
        other.donation_id = held.donation_id
    evidence.read(other, evidence.lshw(evidence.Disk("CHV0009"), serial="LU000009"))
    assert [each.facts["told"] for each in letters(held.donation)] == [ASKED, REMINDED] * 2


def test_who_may(listed):
    with pytest.raises(Forbidden):
        ask(listed, L.APPLE, who=workshop.technician())
    ask(listed, L.APPLE)
    with pytest.raises(Forbidden):
        prove(listed, *releases_of(listed).all, who=people.actor(Role.DESK))


def test_two_prove_the_same_line_at_once(app, held):
    donation, numbers = held.donation_id, [each.id for each in releases_of(held.donation).by_lock[L.AUTOPILOT]]
    actors, found = [workshop.technician(), workshop.coordinator()], []
    db.session.remove()

    def one(actor):
        with app.app_context(), unit_of_work() as session:
            from refurb.inventory.models.donations import Donation

            found.append(prove_releases(actor, session.get_one(Donation, donation), numbers=numbers, proof=ReleaseProof.STARTED))

    threads = [threading.Thread(target=one, args=(actor,)) for actor in actors]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(found) == [0, 1]


def test_pages_of_both_sides_and_json(app, signed_in):
    with app.app_context():
        people.settle()
        donation = workshop.announced(contact_name="Jeanne", contact_email="jeanne@menuiseries.example")
        lists.imported(donation, LIST.encode())
        reference, token = donation.reference, donor_token(donation)
        db.session.remove()
    client = signed_in(Role.COORDINATOR)
    base = f"/dons/{reference}/liberations"
    assert 'value="absolute"' in client.get(base).text, "what holds them is chosen from boxes"
    assert client.submit(base, {}).status_code == 422
    assert client.submit(base, {"locks": ["autopilot", "apple"]}).status_code == 303
    shown = client.get(base).text
    assert "DELL0001" in shown
    assert "Le donateur reçoit cette liste le" in shown
    assert "2 machines à libérer" in client.get(f"/dons/{reference}").text.replace("\u00a0", " ").replace("\u202f", " ")
    assert client.get(f"{base}/autopilot").data.startswith(b"Device Serial Number,")
    assert client.get(f"{base}/absolute").status_code == 404
    told = client.get(f"/api/v1/donations/{reference}/releases").get_json()
    number = told["releases"][0]["number"]
    assert client.submit(f"{base}/preuves", {"numbers": [str(number)]}).status_code == 422
    donor = f"/dons/suivi/{token}/liberations"
    assert "C02XK0001" in client.get(donor).text
    assert client.submit(donor, {"numbers": [str(number)]}).status_code == 303
    assert client.get(f"{donor}/apple").data == b"C02XK0001\r\n"
    head = {"X-CSRFToken": client.token()}
    body = {"numbers": [number], "proof": "console", "note": "export du 3 mars"}
    assert client.post(f"/api/v1/donations/{reference}/releases/proofs", json=body, headers=head).get_json()["pending"] == 1
    assert client.post(f"/api/v1/donations/{reference}/releases/proofs", json={"numbers": ["x"]}, headers=head).status_code == 422
