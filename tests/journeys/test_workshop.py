"""The workshop in depth, told by the people in it: from a company's proposal to the paper that says what became of each of its drives."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser
from sqlalchemy import func, select

from refurb.inventory.devices.queries.devices import answers_of, device_by_code
from refurb.inventory.donations.models.declared import DeclaredItem
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Drive, Erasure
from refurb.inventory.words.devices import DeviceState
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.codes import spell
from tests.journeys.people.bench import BenchTechnician
from tests.journeys.people.dock import DockCoordinator
from tests.journeys.people.donor import Donor
from tests.support.mailbox import Mailbox, calendar_in
from tests.support.printed import codes_on, text_of
from tests.support.serving import Service
from tests.support.story import evidence, lists, stations
from tests.support.story.evidence import Disk, Wipe
from tests.support.visitor import plain
from tests.support.web import Welcome, welcoming

COMPANY, SIREN = "Cartonnages du Thouet", "987654324"
NAME, ADDRESS = "Marion Thouet", "marion@thouet.example"
RECYCLER = "Recyclage du Clain"
# Whole machine, machine with a drive that fails, the one we know, the one that is kept for parts.
GOOD, FAILING, KNOWN, SPARE = ("laptop-1", "laptop-2", "laptop-3", "laptop-4")
TABLET, PRINTER = "tablet", "printer"
SERIALS = {GOOD: "TH14000001", FAILING: "TH14000002", SPARE: "TH14000004"}
DISKS = {
    GOOD: (Disk("THA0001"),),
    FAILING: (Disk("THB0001"), Disk("THB0002", size=1_000_204_886_016, model="WDC WD10ZZZX-22QAT0", rotation=5400)),
    KNOWN: (Disk("THC0001"),),
    SPARE: (Disk("THD0001"),),
}
FOUND_LATER = Disk("THC0002", model="POITOU NV256 256GB")
ABSENT = ("TH14000008", "TH14000009")


@dataclass
class Story:
    """What was learnt on the way: the donation, the label of each machine, the key with the agent."""

    service: Service
    donation: str = ""
    labels: list[str] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    known: str = ""
    known_serial: str = ""

    def device(self, code: str) -> Device:
        """The device of a code, as it is now; inside the application's context."""
        return device_by_code(SERVICE, code)


@pytest.fixture
def welcome(browser: Browser, service: Service) -> Iterator[Welcome]:
    """Visitors who notice what breaks; how each page looks, those who walk every page have seen."""
    yield from welcoming(browser, service, looks=False)


def a_photo() -> bytes:
    """What a telephone sends: a picture that says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Téléphone de Samira"
    written = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(written, "JPEG", exif=exif)
    return written.getvalue()


def test_a_donation_goes_through_the_workshop(service: Service, welcome: Welcome, mailbox: Mailbox, tmp_path: Path) -> None:
    story = Story(service)
    a_machine_was_given_last_year(story)
    helene: DockCoordinator = welcome(DockCoordinator)
    samira: BenchTechnician = welcome(BenchTechnician)
    helene.sign_in(Role.COORDINATOR)
    samira.sign_in(Role.TECHNICIAN)

    a_company_proposes_a_gift(story, welcome, helene, mailbox)
    its_list_is_read_and_read_again(story, helene)
    the_dock_counts_and_labels(story, helene, samira, mailbox)
    samira.moves_all("accept", [story.codes[each] for each in (GOOD, FAILING, SPARE, TABLET, PRINTER)])
    with service.app.app_context():
        key = stations.Key(tmp_path / "key", service.url, stations.token())
    the_key_reads_the_machines(story, samira, key)
    every_drive_is_proven_or_destroyed(story, helene, samira, key)
    the_batch_passes_but_for_one(story, samira)
    a_piece_is_harvested_and_the_checks_are_made(story, helene, samira)
    nobody_declares_the_unproven_one_ready(story, samira)
    the_rest_leaves_as_waste(story, samira)
    the_attestation_says_it_all(story, welcome, helene, mailbox)
    the_figures_agree(story, helene)


def a_machine_was_given_last_year(story: Story) -> None:
    """A laptop of another donor went through the workshop, and to a family."""
    with story.service.app.app_context(), at(now() - timedelta(days=380)):
        (device,) = evidence.arrive()
        evidence.bring_to_tests(device, *DISKS[KNOWN])
        evidence.fire(device, "pass_tests", "reserve", "hand_over")
        story.known, story.known_serial = device.code, str(device.serial)


# --- 1: the proposal ------------------------------------------------------------------------------------------------------


def a_company_proposes_a_gift(story: Story, welcome: Welcome, helene: DockCoordinator, mailbox: Mailbox) -> None:
    """Without an account; confirmed by the link; answered with a half-day for the calendar."""
    marion: Donor = welcome(Donor)
    counts = {"Ordinateur portable": 4, "Tablette": 1, "Imprimante": 1, "Écran": 1}
    marion.proposes(counts, company=COMPANY, siren=SIREN, name=NAME, address=ADDRESS)
    helene.open("/dons")
    helene.does_not_see(COMPANY)
    marion.confirms_by(mailbox.next_for(ADDRESS))
    arrived = mailbox.next_for(ADDRESS)
    reference = re.search(r"don (\S+) est arrivée", arrived["Subject"])
    assert reference, arrived["Subject"]
    story.donation = reference[1]
    helene.accepts_and_fixes_a_half_day(story.donation)
    # The letter of the acceptance leaves, unless the half-day was fixed before its turn came: then one letter tells both.
    letter = mailbox.next_for(ADDRESS)
    if "est accepté" in letter["Subject"]:
        letter = mailbox.next_for(ADDRESS)
    entry = calendar_in(letter)
    assert "METHOD:PUBLISH" in entry
    assert "12 rue du Moulin" in entry.replace("\\", "")


# --- 2: the list ----------------------------------------------------------------------------------------------------------


def its_list_is_read_and_read_again(story: Story, helene: DockCoordinator) -> None:
    """Five machines, one that we know already, and a row that says nothing; imported twice, declared once."""
    serials = [SERIALS[GOOD], SERIALS[FAILING], story.known_serial, SERIALS[SPARE], *ABSENT]
    rows = [(f"PC-{n:03d}", "PC portable", "Vienne Informatique", "Marais 14", each, "8 Go", "256 Go") for n, each in enumerate(serials)]
    content = lists.xlsx(*rows, ("X-1", "truc", "", "", "AB12345", "", ""), above=(("Parc à donner",), ()))
    helene.reads_the_list(story.donation, "parc.xlsx", content)
    helene.sees("ne dit pas ce que c'est", f"Déjà connue : {spell(story.known)}", "Rien n'est encore créé")
    assert declared(story) == 0
    helene.press("Importer 5 machines")
    assert declared(story) == 5
    helene.reads_the_list(story.donation, "parc (2).xlsx", content)
    helene.sees("déjà déclarées, inchangées")
    helene.press("Importer 5 machines")
    assert declared(story) == 5
    helene.open(f"/dons/{story.donation}")
    helene.sees("Ordinateur portable")


def declared(story: Story) -> int:
    """How many machines are declared."""
    with story.service.app.app_context():
        return db.session.scalar(select(func.count()).select_from(DeclaredItem)) or 0


# --- 3: the dock ----------------------------------------------------------------------------------------------------------


def the_dock_counts_and_labels(story: Story, helene: DockCoordinator, samira: BenchTechnician, mailbox: Mailbox) -> None:
    """Four laptops of five, the monitor refused; each thing gets a label that was printed before; the slip is signed and sent."""
    sheet = samira.prints_labels_in_advance(8)
    story.labels = codes_on(sheet)
    assert len(story.labels) == 8
    counts = {"Ordinateur portable": 4, "Tablette": 1, "Imprimante": 1, "Écran": 0}
    helene.counts_and_refuses(story.donation, counts, refused=("monitor", 1, "dangerous"))
    story.codes = {
        each: label.rpartition("/")[2] for each, label in zip((GOOD, FAILING, KNOWN, SPARE, TABLET, PRINTER), story.labels, strict=False)
    }
    samira.scans_onto(story.donation, story.labels[0])
    samira.sees("étiquette collée")
    samira.scan("Étiquette collée", story.labels[0])
    assert samira.status == 409, samira.text
    samira.labels(story.donation, "laptop", *story.labels[1:4])
    samira.labels(story.donation, "tablet", story.labels[4])
    samira.labels(story.donation, "printer", story.labels[5])
    helene.open(f"/dons/{story.donation}")
    helene.sees("1 manque", "1 refusé", *(spell(each) for each in story.codes.values()))

    slip = helene.has_the_slip_signed(story.donation, NAME)
    received, with_the_slip = mailbox.next_for(ADDRESS), mailbox.next_for(ADDRESS)
    assert story.donation in received["Subject"]
    assert story.donation in with_the_slip["Subject"]
    written = plain(text_of(helene.file(f"/documents/{slip}.pdf")))
    assert COMPANY in written
    assert "Ordinateur portable 5 4 0 \N{MINUS SIGN}1" in written
    assert "Écran 1 0 1 0" in written


# --- 4: the key -----------------------------------------------------------------------------------------------------------


def the_key_reads_the_machines(story: Story, samira: BenchTechnician, key: stations.Key) -> None:
    """Each laptop tells what it is; the one that left last year is known again, and joined to its record."""
    for each in (GOOD, FAILING, SPARE):
        into(key, each, SERIALS[each])
        assert key.run(story.codes[each]) == 0, key.said
        assert spell(story.codes[each]) in key.said
        assert all(str(disk.serial) in key.said for disk in DISKS[each])
    into(key, KNOWN, story.known_serial)
    assert key.run(story.codes[KNOWN]) == 1
    assert spell(story.known) in key.said, key.said
    assert f"/appareils/{story.codes[KNOWN]}/reunir?avec={story.known}" in key.said

    samira.joins(story.codes[KNOWN], story.known)
    samira.scans(story.codes[KNOWN], shown=story.known)
    samira.open(f"/appareils/{story.codes[KNOWN]}")
    samira.sees("Aussi sous l'étiquette", spell(story.codes[KNOWN]), "Reçu", "1 à traiter")
    with story.service.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Device).where(Device.serial == story.known_serial)) == 1
        assert db.session.scalar(select(func.count()).select_from(Drive).where(Drive.serial == DISKS[KNOWN][0].serial)) == 1
    samira.press("Accepter au tri")
    assert key.run(story.codes[KNOWN]) == 0, key.said
    assert spell(story.known) in key.said


def into(key: stations.Key, which: str, serial: str, *more: Disk) -> None:
    """Put the key into a machine."""
    disks = (*DISKS[which], *more)
    key.machine(lshw=evidence.lshw(*disks, serial=serial), smartctl=evidence.smartctl(*disks), dmidecode=b"# dmidecode 3.4\n")


def wipe_of(disk: Disk, status: str = "Erased") -> Wipe:
    """What nwipe writes of a drive."""
    return Wipe(serial=str(disk.serial), size=disk.size, model=disk.model, status=status)


# --- 5: wiping ------------------------------------------------------------------------------------------------------------


def every_drive_is_proven_or_destroyed(story: Story, helene: DockCoordinator, samira: BenchTechnician, key: stations.Key) -> None:
    """Logs of the key; a drive that fails is drilled before a witness; a tablet is reset, and another person has seen it."""
    fine, dead = DISKS[FAILING]
    with story.service.app.app_context():
        logs = {
            "good": evidence.nwipe(wipe_of(DISKS[GOOD][0])),
            "failing": evidence.nwipe(wipe_of(fine), wipe_of(dead, "-FAILED-")),
            "spare": evidence.nwipe(wipe_of(DISKS[SPARE][0])),
        }
        stranger = evidence.nwipe(Wipe(serial="THZ9999", model="CHAUVIGNY SSD 256G PRO"))
    for name, log in logs.items():
        (key.folder / f"nwipe_{name}.log").write_bytes(log)
    key.run("erased")
    assert key.said.count("preuve acceptée") == 3, key.said
    assert str(dead.serial) in key.said

    samira.uploads_a_wipe(story.codes[GOOD], "autre.log", stranger)
    samira.sees("THZ9999", "qui n'est pas dans cette machine")
    samira.open("/effacements")
    samira.sees("THZ9999")
    with story.service.app.app_context():
        waiting = db.session.scalars(select(Erasure.id).where(Erasure.status == ErasureStatus.UNMATCHED)).one()
        drive = db.session.scalars(select(Drive.id).where(Drive.serial == DISKS[GOOD][0].serial)).one()
    answer = samira.change(f"/evidence/{waiting}/drive", drive_id=drive, reason="Il était sur le même banc.")
    assert answer[0] == 409, answer

    samira.declares_destroyed(story.codes[FAILING], str(dead.serial), ("perce.jpg", a_photo()))
    helene.confirms_what_waits(str(dead.serial), "Je l'ai vu détruit")
    number = samira.states_a_reset(story.codes[TABLET])
    assert samira.forge(f"/effacements/declarations/{number}/confirmer") in {403, 409}
    helene.confirms_what_waits(spell(story.codes[TABLET]), "Confirmer l'effacement")


# --- 7: many at once ------------------------------------------------------------------------------------------------------


def the_batch_passes_but_for_one(story: Story, samira: BenchTechnician) -> None:
    """What is proven goes on; the one that came back is refused with its reason until its own wipe is there."""
    through = [story.codes[each] for each in (GOOD, FAILING, TABLET, PRINTER)]
    told = samira.moves_a_batch("finish_erasure", [*through, story.known])
    assert [each.partition(":")[0] for each in told.values()].count("done") == 4, told
    assert told[story.known].startswith("refused")
    assert "à effacer" in told[story.known] or "support" in told[story.known], told
    with story.service.app.app_context():
        log = evidence.nwipe(wipe_of(DISKS[KNOWN][0]))
    samira.uploads_a_wipe(story.known, "retour.log", log)
    samira.sees("1 preuve acceptée")
    samira.moves_all("finish_erasure", [story.known])
    samira.moves_all("start_tests", [*through, story.known])


# --- 6: a part, the checklist ---------------------------------------------------------------------------------------------


def a_piece_is_harvested_and_the_checks_are_made(story: Story, helene: DockCoordinator, samira: BenchTechnician) -> None:
    """A module of the spare machine goes into the good one: what depends on it is asked again, and that only."""
    assert samira.call(f"/devices/{story.codes[SPARE]}/strip", reason="Carte mère morte.")[0] == 200
    part = samira.harvests(story.codes[SPARE], "Mémoire")
    good = story.codes[GOOD]
    looks = {"battery_health": "55", "look": "damaged"}
    samira.answers(good, looks, photo=("capot.jpg", a_photo()))
    with story.service.app.app_context():
        answers = answers_of(story.device(good))
        assert b"Samira" not in fetch(str(answers["look_photo"].photo)), "a picture says nothing of the telephone"
    samira.fits(part, good)
    samira.cannot_declare_ready(good, because="device.checks_missing")
    with story.service.app.app_context():
        left = answers_of(story.device(good))
        assert {"screen", "battery_health"} <= left.keys()
        assert "system" not in left
    for each in (GOOD, FAILING, TABLET, PRINTER):
        samira.passes_the_checks(story.codes[each])
    samira.cannot_declare_ready(story.codes[PRINTER], because="device.checks_unconfirmed")
    helene.open(f"/appareils/{story.codes[PRINTER]}/controles")
    helene.press("J'ai vérifié, je confirme")


# --- 7: the gate ----------------------------------------------------------------------------------------------------------


def nobody_declares_the_unproven_one_ready(story: Story, samira: BenchTechnician) -> None:
    """In its tests, a second drive is found in the machine that came back: no page, no form, no batch and no call lets it pass."""
    disks = (*DISKS[KNOWN], FOUND_LATER)
    samira.reads_the_hardware(
        story.known, ("ouvert.json", evidence.lshw(*disks, serial=story.known_serial)), ("supports.json", evidence.smartctl(*disks))
    )
    samira.passes_the_checks(story.known)
    samira.cannot_declare_ready(story.known, because="device.drives_not_clean")
    through = [story.codes[each] for each in (GOOD, FAILING, TABLET, PRINTER)]
    told = samira.moves_a_batch("pass_tests", [*through, story.known])
    assert [told[each].partition(":")[0] for each in (*through, story.known)] == ["done"] * 4 + ["refused"], told
    samira.cannot_declare_ready(story.known, because="device.drives_not_clean")


# --- 8: waste -------------------------------------------------------------------------------------------------------------


def the_rest_leaves_as_waste(story: Story, samira: BenchTechnician) -> None:
    """What is left of the spare machine and the drilled drive leave together, with weight and slip; the register has the line."""
    assert samira.call(f"/devices/{story.codes[SPARE]}/discard", reason="Il n'en reste que la coque.")[0] == 200
    batch = samira.opens_a_batch_of_waste(RECYCLER)
    samira.puts_into_the_batch(story.codes[SPARE], str(DISKS[FAILING][1].serial))
    samira.sees("Contenu : 2 unités")
    samira.sees_it_leave(weight="3,2", slip="BSD-20261122-THOUET")
    (line,) = [row for row in table(samira.file("/dechets/registre.csv")) if "BSD-20261122-THOUET" in row.values()]
    assert (line["code_dechet"], line["quantite_t"], RECYCLER in line.values()) == ("16 02 13*", "0,0032", True), (batch, line)


def table(content: bytes) -> list[dict[str, str]]:
    """The rows of a file for spreadsheets."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


# --- 9: what the donor is told --------------------------------------------------------------------------------------------


def the_attestation_says_it_all(story: Story, welcome: Welcome, helene: DockCoordinator, mailbox: Mailbox) -> None:
    """Every drive with its method, what was stated said so; anybody can check the paper."""
    helene.open(f"/dons/{story.donation}")
    helene.sees("1 machine arrivée avec ce don était déjà connue", spell(story.known))
    helene.press("Établir l'attestation d'effacement")
    helene.press("Envoyer au donateur")
    marion: Donor = welcome(Donor)
    marion.opens_the_link_of(mailbox.next_for(ADDRESS))
    marion.sees(story.donation, "Attestation d'effacement")
    pdf = marion.downloads("AE-")
    written = plain(text_of(pdf))
    fine, dead = DISKS[FAILING]
    for disk in (*DISKS[GOOD], fine, dead, *DISKS[KNOWN], *DISKS[SPARE]):
        assert str(disk.serial) in written, disk
    for said in (
        "5 supports de stockage", "Percé, Plateaux percés en trois points.", "Réinitialisation d'usine",
        "confirmée par une seconde personne",
        "Hélène Charrier", "Samira Benali", "ne vaut pas certification", "1 autre support de ce don reste à effacer",
    ):  # fmt: skip
        assert said in written, said
    (where,) = [each for each in codes_on(pdf, dpi=300) if "://" in each]
    anybody: Donor = welcome(Donor)
    anybody.scans_the_code(where)
    anybody.sees("Ce que nous confirmons")
    anybody.does_not_see(COMPANY, str(dead.serial))
    anybody.compares(pdf)
    anybody.sees("C'est le document émis, à l'octet près")
    assert not mailbox.has_more_for(ADDRESS)


def the_figures_agree(story: Story, helene: DockCoordinator) -> None:
    """The board has four machines ready and one in its tests; the figures count the same, and nothing twice."""
    helene.open("/atelier/tableau")
    lanes = {str(each.get_attribute("id")): each.locator(".lane-n").inner_text() for each in helene.page.locator("li.lane").all()}
    assert {name: count for name, count in lanes.items() if count != "0"} == {"testing": "1", "ready": "4"}
    (month,) = [row for row in table(helene.file("/chiffres/atelier/mois.csv")) if row["Mois"] == f"{helene.today:%Y-%m}"]
    assert list(month.values())[1:] == ["5", "5", "4", "0"]
    (mine,) = [row for row in table(helene.file("/chiffres/atelier/dons.csv")) if row["Don"] == story.donation]
    assert (mine["Machines"], mine["Réemploi (%)"]) == ("5", "80"), mine
    with story.service.app.app_context():
        assert story.device(story.codes[SPARE]).state == DeviceState.WASTE
