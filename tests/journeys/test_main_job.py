"""The main job, from the donor's door to a family and back to the donor: through the browser, as each person in turn."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from refurb.inventory.devices.queries.devices import device_by_code
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import address, spell
from refurb.lending.models import LoanLine
from refurb.referrals.cases.actions import allocate
from refurb.referrals.words import Situation
from tests.inventory.readers.reports import sample
from tests.journeys.people.coordinator import Coordinator
from tests.journeys.people.desk import Desk
from tests.journeys.people.donor import Donor
from tests.journeys.people.prescriber import Prescriber
from tests.journeys.people.technician import Technician
from tests.support.mailbox import Mailbox
from tests.support.printed import codes_on, text_of
from tests.support.serving import Service
from tests.support.story import desk, evidence, families, people
from tests.support.visitor import plain, press_at_once
from tests.support.web import Welcome

DONOR = "Éditions du Clain & Cie"
SIREN = "987654324"
ADDRESS = "marion@clain.example"
NVME, HARD_DISK = "PF256A0001", "WD-WX00A0000001"
DRIVES = (
    evidence.Disk(serial=NVME, model="POITOU NV256 256GB"),
    evidence.Disk(serial=HARD_DISK, size=1_000_204_886_016, model="WDC WD10ZZZX-22QAT0", rotation=5400),
)


def wipe_of(disk: evidence.Disk, status: str = "Erased", *, verified: bool = True) -> evidence.Wipe:
    """What nwipe writes of one of our drives."""
    return evidence.Wipe(serial=str(disk.serial), size=disk.size, model=disk.model, status=status, verified=verified)


def log_of(service: Service, *wipes: evidence.Wipe, note: str = "") -> bytes:
    """The log of nwipe, which ran a moment ago on the territory's wall clock."""
    with service.app.app_context():
        return evidence.nwipe(*wipes, note=note)


@pytest.mark.on_postgresql
def test_one_computer_from_the_donors_door_to_a_family(service: Service, welcome: Welcome, mailbox: Mailbox) -> None:
    helene: Coordinator = welcome(Coordinator)
    samira: Technician = welcome(Technician)
    claire: Prescriber = welcome(Prescriber)
    helene.sign_in(Role.COORDINATOR)
    samira.sign_in(Role.TECHNICIAN)
    claire.sign_in(Role.PRESCRIBER)

    # A company announces ten laptops; nine arrive.
    donation = helene.announces_ten_laptops(donor=DONOR, siren=SIREN, contact="Marion Clain", address=ADDRESS)
    codes = helene.counts_nine_on_the_dock(donation)
    laptop, *others = codes
    helene.open(f"/dons/{donation}")
    helene.sees("1 manque", *(spell(each) for each in codes))
    assert donation in mailbox.next_for(ADDRESS)["Subject"]

    one_laptop_becomes_ready(samira, service, laptop)
    the_workshop_does_the_same(service, others[:4])
    samira.does_not_see(DONOR)

    # A social worker refers somebody, and sees nobody of another organisation.
    strangers = someone_else_is_referred(service)
    zoe = claire.refers("Zoë", "O'Neil 🙂")
    claire.sees_only_her_own(zoe, strangers)

    # The coordinator examines it; two people give the same laptop at the same moment.
    helene.examines(zoe)
    helene.examines(strangers)
    aude: Coordinator = welcome(Coordinator)
    aude.sign_in(Role.ADMIN)
    served = the_same_device_is_given_twice_at_once(helene, aude, zoe, strangers, laptop)
    claire.reads_where_it_stands(zoe, "Appareil attribué")
    assert served == zoe

    # It is handed over at the workshop, signed on the screen, and its slip is issued.
    slip = helene.hands_over(laptop, place="Atelier, rue de la Cueille", name="Zoë O'Neil")
    written = plain(text_of(helene.opens_the_slip(zoe)))
    assert slip in written
    assert spell(laptop) in written
    assert DONOR not in written
    claire.reads_where_it_stands(zoe, "Appareil remis")
    samira.scans(laptop)
    samira.sees("Remis")
    samira.does_not_see("O'Neil")

    three_families_are_invited_and_one_is_absent(helene, service, others[:3])
    a_tablet_goes_out_and_comes_back_without_its_charger(welcome, service)
    the_donor_receives_the_papers(helene, welcome, mailbox, donation, codes)


def one_laptop_becomes_ready(samira: Technician, service: Service, code: str) -> None:
    """The bench: each step, and before each of them « prêt » is refused by every door."""
    samira.scans(code)
    samira.sees("Reçu", "Accepter au tri")
    samira.cannot_declare_ready(code, because="wrong_state")
    samira.scans(code)
    samira.press("Accepter au tri")

    samira.reads_the_hardware(code, ("machine.json", sample("laptop.lshw.json")), ("supports.json", evidence.smartctl(*DRIVES)))
    samira.sees("Vienne Informatique", "Marais 14", "VI14K00731", NVME, HARD_DISK, "1 To", "12 Go")
    samira.cannot_declare_ready(code, because="wrong_state")

    # A wipe of another machine's drive, one that is half a year old, one that failed, one that was aborted, one that nobody verified.
    samira.uploads_a_wipe(code, "autre-machine.log", sample("zeros-0.42.nwipe.log"))
    samira.sees("CH240Z0001", "qui n'est pas dans cette machine")
    samira.uploads_a_wipe(code, "mars.log", sample("four-disks-0.38.nwipe.log"))
    samira.sees("Le support reste à effacer")
    nvme, disk = DRIVES
    samira.uploads_a_wipe(code, "echoue.log", log_of(service, wipe_of(nvme, "-FAILED-"), wipe_of(disk, "UABORTED")))
    samira.sees("Cet effacement a échoué", "Cet effacement a été interrompu")
    samira.uploads_a_wipe(code, "sans-relecture.log", log_of(service, wipe_of(nvme, verified=False), wipe_of(disk, verified=False)))
    samira.sees("n'a pas été vérifié")
    the_gate_stays_shut(samira, code, waiting=2)

    # One drive of two is not enough.
    samira.uploads_a_wipe(code, "nvme.log", log_of(service, wipe_of(nvme)))
    samira.sees("1 preuve acceptée")
    the_gate_stays_shut(samira, code, waiting=1)
    samira.uploads_a_wipe(code, "disque.log", log_of(service, wipe_of(disk), note=" bis"))
    samira.sees("1 preuve acceptée")
    samira.scans(code)
    samira.press("Effacement terminé")

    samira.cannot_declare_ready(code, because="wrong_state")
    assert samira.forge_at_once(f"/appareils/{code}/commencer-les-controles", f"/appareils/{code}/declarer-pret") == [303, 409]
    samira.cannot_declare_ready(code, because="device.checks_missing")
    samira.answers_the_checklist(code)
    samira.cannot_declare_ready(code, because="device.not_labelled")

    for made in ("Planche A4, 3 × 8, 70 × 37 mm", "Ruban de 62 mm"):
        label = samira.prints_the_label(code, made)
        assert codes_on(label) == [address(code, service.url)]
        assert DONOR not in text_of(label)

    # Pressed twice at once, it happens once.
    samira.open(f"/appareils/{code}")
    double = f"/appareils/{code}/declarer-pret"
    assert sorted(samira.forge_at_once(double, double)) == [303, 409]
    samira.scans(code)
    samira.sees("Prêt")
    with service.app.app_context():
        told = [event.move for event in events_of(device_by_code(SERVICE, code))]
        assert told.count("pass_tests") == 1


def the_gate_stays_shut(samira: Technician, code: str, *, waiting: int) -> None:
    """The erasure cannot be finished: not by the page, the JSON door, or a forged form."""
    samira.cannot_declare_ready(code, because="wrong_state")
    samira.open(f"/appareils/{code}")
    closed = samira.page.get_by_role("button", name="Effacement terminé", exact=True)
    assert closed.get_attribute("aria-disabled") == "true"
    status, told = samira.call(f"/devices/{code}/finish_erasure")
    assert (status, told["code"]) == (409, "device.drives_not_clean")
    assert samira.forge(f"/appareils/{code}/effacement-termine") == 409
    samira.sees(f"{waiting} à traiter")


def the_workshop_does_the_same(service: Service, codes: list[str]) -> None:
    """Other laptops of the donation become ready."""
    with service.app.app_context():
        for code in codes:
            device = device_by_code(SERVICE, code)
            evidence.bring_to_tests(device, evidence.Disk(serial=f"CHV{code}"))
            evidence.fire(device, "pass_tests")


def someone_else_is_referred(service: Service) -> str:
    """Another organisation refers somebody with less priority; the reference."""
    with service.app.app_context():
        referral = families.submitted(
            people.other_prescriber(), first_name="Noor", last_name="Haddad", device_kind="laptop", situation=Situation.EMPLOYED
        )
        return referral.reference


def the_same_device_is_given_twice_at_once(helene: Coordinator, aude: Coordinator, first: str, second: str, code: str) -> str:
    """Both press « Attribuer » before either has an answer: one is told no. Who has the device in the end is the first of the list."""
    helene.opens_the_allocation_of(first, code)
    aude.opens_the_allocation_of(second, code)
    press_at_once((helene, "Attribuer"), (aude, "Attribuer"))
    told = {first: helene, second: aude}
    winners = [reference for reference, who in told.items() if f"/orientations/{reference}" == who.page.url.removeprefix(who.service.url)]
    assert len(winners) == 1, [who.text[:400] for who in told.values()]
    (loser,) = [who for reference, who in told.items() if reference not in winners]
    assert loser.status == 409
    loser.sees("Rien n'a été attribué")
    if winners == [second]:
        aude.cancels_the_allocation_of(second, "Le premier de la liste attendait cet appareil.")
        helene.opens_the_allocation_of(first, code)
        helene.press("Attribuer")
    return first


def three_families_are_invited_and_one_is_absent(helene: Coordinator, service: Service, codes: list[str]) -> None:
    """A small ceremony: one after the other, and an absence stops nobody."""
    with service.app.app_context():
        invited = []
        for number, code in enumerate(codes):
            referral = families.waiting(first_name=f"Famille {number + 1}", last_name="Invitée", device_kind="laptop")
            invited.append(referral.reference)
            with unit_of_work():
                allocate(people.actor(Role.COORDINATOR), referral, device_by_code(SERVICE, code), override=True, reason="Une date commune.")
    helene.plans_a_ceremony("Remise d'automne", "Salons de l'hôtel de ville", invited)
    helene.press("Commencer la cérémonie")
    assert helene.calls_the_next_family() == invited[0]
    helene.serves_the_family()
    assert helene.calls_the_next_family() == invited[1]
    helene.press("Noter absent")
    assert helene.calls_the_next_family() == invited[2]
    helene.serves_the_family()
    helene.sees("3 passages sur 3")
    helene.press("Clore la cérémonie")
    helene.sees("Close")
    helene.open(f"/orientations/{invited[1]}")
    helene.sees("Appareil attribué")
    for reference in (invited[0], invited[2]):
        helene.open(f"/orientations/{reference}")
        helene.sees("Appareil remis")


def a_tablet_goes_out_and_comes_back_without_its_charger(welcome: Welcome, service: Service) -> None:
    """The same life, label and scan serve a loan: out with a card, late, and back incomplete."""
    with service.app.app_context():
        code = desk.ready_tablet().code
    yann: Desk = welcome(Desk)
    yann.sign_in(Role.DESK)
    yann.makes_a_product("Tablette 10 pouces")
    yann.takes_into_the_pool(code, "Tablette 10 pouces", "Tablette n° 7")
    card = yann.registers("Aïcha N'Diaye", "05 49 00 00 00")
    loan = yann.lends(card, code)
    yann.open(f"/prets/{loan}")
    yann.sees("Tablette n° 7", "Aïcha N'Diaye")
    assert "%PDF" in yann.file(f"/prets/{loan}/convention.pdf")[:8].decode()
    yann.open("/prets?quoi=en-retard")
    yann.does_not_see(loan)

    with service.app.app_context(), unit_of_work() as session:
        session.execute(update(LoanLine).values(due_on=yann.today - timedelta(days=3)))
    yann.open("/prets?quoi=en-retard")
    yann.sees(loan, "en retard de 3 jours")

    yann.takes_back_without_the_charger(code)
    yann.sees("Incomplet")
    yann.open(f"/prets/{loan}")
    yann.sees("Chargeur", "Manque")
    yann.open(f"/materiel/{code}")
    expect(yann.page.locator(".todo-list .is-stop")).to_contain_text("Chargeur")
    yann.open("/comptoir")
    yann.types(card)
    yann.types(code)
    yann.sees("ne peut pas sortir")


def the_donor_receives_the_papers(helene: Coordinator, welcome: Welcome, mailbox: Mailbox, donation: str, codes: list[str]) -> None:
    """A link by mail to both attestations; the code on one leads to the public check, where a changed byte is seen."""
    helene.sends_the_attestations(donation)
    marion: Donor = welcome(Donor)
    marion.opens_the_link_of(mailbox.next_for(ADDRESS))
    marion.sees(donation, "Attestation de don", "Attestation d'effacement")
    marion.does_not_see("O'Neil", "Invitée")
    gift, erasure = (marion.downloads(kind) for kind in ("AD-", "AE-"))
    assert DONOR in plain(text_of(gift))
    lines = text_of(erasure)
    assert all(serial in lines for serial in (NVME, HARD_DISK, *(f"CHV{code}" for code in codes[1:5])))

    for pdf in (gift, erasure):
        (where,) = [each for each in codes_on(pdf, dpi=300) if "://" in each]
        anybody: Donor = welcome(Donor)
        anybody.scans_the_code(where)
        anybody.sees("Ce que nous confirmons", "Le Relais numérique")
        anybody.does_not_see(DONOR, NVME, "O'Neil")
        anybody.compares(pdf)
        anybody.sees("C'est le document émis, à l'octet près")
        changed = bytearray(pdf)
        changed[len(changed) // 2] ^= 1
        anybody.compares(bytes(changed))
        anybody.sees("Ce n'est pas le document émis")
    assert not mailbox.has_more_for(ADDRESS)
