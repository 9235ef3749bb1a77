"""What people and tools get wrong: told in French beside the field, what was typed is kept, nothing is half-written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import Base, db
from refurb.kernel.speech.codes import spell
from tests.inventory.readers.reports import sample
from tests.support.serving import Service
from tests.support.story import evidence
from tests.support.visitor import Visitor
from tests.support.web import Welcome, welcoming

HUGE = 201 * 2**20
NAME = "Zoë O'Neil 🙂"
# Keys of answered requests and failed sign-ins are no part of what anybody writes.
BESIDES = {"answered_keys", "failed_tries"}


@pytest.fixture
def welcome(browser: Browser, lasting_service: Service) -> Iterator[Welcome]:
    """Visitors of the folder's one service."""
    yield from welcoming(browser, lasting_service)


@pytest.fixture
def samira(welcome: Welcome) -> Visitor:
    """The technician."""
    visitor: Visitor = welcome()
    visitor.sign_in(Role.TECHNICIAN)
    return visitor


@pytest.fixture
def laptop(lasting_service: Service) -> str:
    """The code of a laptop that was accepted at the bench, with one drive that is not erased."""
    with lasting_service.app.app_context():
        (device,) = evidence.arrive()
        evidence.read(device, evidence.lshw(evidence.Disk(f"BAD{device.id:04d}"), serial=f"SNBAD{device.id:04d}"))
        evidence.fire(device, "accept")
        return device.code


@contextmanager
def nothing_written(service: Service) -> Iterator[None]:
    """What happens in the block adds no row and takes none away, and keeps no file."""
    before = _rows(service)
    yield
    assert _rows(service) == before


def _rows(service: Service) -> dict[str, int]:
    with service.app.app_context():
        tables = [table for table in Base.metadata.sorted_tables if table.name not in BESIDES]
        counts = {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
        db.session.rollback()
    return counts | {"files": sum(each.is_file() for each in (service.home / "files").rglob("*"))}


def upload(visitor: Visitor, page: str, field: str, name: str, content: bytes, button: str) -> None:
    """Choose a file on a page and send it."""
    visitor.open(page)
    visitor.put(field, (name, content))
    visitor.press(button)


def upload_hardware(visitor: Visitor, code: str, name: str, content: bytes) -> None:
    """Send a hardware report."""
    upload(visitor, f"/appareils/{code}/rapports/deposer", "Fichiers des outils d'inventaire", name, content, "Lire les fichiers")


def upload_wipe(visitor: Visitor, code: str, name: str, content: bytes) -> None:
    """Send an erasure report."""
    upload(visitor, f"/effacements/deposer?appareil={code}", "Rapports d'effacement", name, content, "Lire le rapport")


def test_a_hardware_report_that_is_cut_short(lasting_service: Service, samira: Visitor, laptop: str) -> None:
    whole = sample("laptop.lshw.json")
    with nothing_written(lasting_service):
        upload_hardware(samira, laptop, "coupe.json", whole[: len(whole) // 2])
        assert samira.status == 422
        samira.is_told_beside("Fichiers des outils d'inventaire", "coupé avant la fin")


def test_a_pdf_where_a_log_is_expected(lasting_service: Service, samira: Visitor, laptop: str) -> None:
    with nothing_written(lasting_service):
        upload_wipe(samira, laptop, "certificat.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n")
        assert samira.status == 422
        samira.is_told_beside("Rapports d'effacement", "abîmé")


def test_two_hundred_megabytes_are_stopped_in_the_browser(lasting_service: Service, samira: Visitor, laptop: str, tmp_path: Path) -> None:
    with nothing_written(lasting_service):
        samira.open(f"/appareils/{laptop}/rapports/deposer")
        samira.field("Fichiers des outils d'inventaire").set_input_files(_huge(tmp_path))
        samira.is_told_beside("Fichiers des outils d'inventaire", "enorme.json est trop lourd")
        samira.page.get_by_role("button", name="Lire les fichiers").click()
        expect(samira.field("Fichiers des outils d'inventaire")).to_be_focused()
        assert samira.page.url.endswith("/rapports/deposer")


def test_two_hundred_megabytes_are_refused_by_the_service(lasting_service: Service, welcome: Welcome, laptop: str, tmp_path: Path) -> None:
    samira: Visitor = welcome(javascript=False)
    samira.sign_in(Role.TECHNICIAN)
    with nothing_written(lasting_service):
        samira.open(f"/appareils/{laptop}/rapports/deposer")
        samira.field("Fichiers des outils d'inventaire").set_input_files(_huge(tmp_path))
        samira.press("Lire les fichiers")
        assert samira.status == 413
        samira.sees("Ce fichier dépasse 20 Mo", "Rien n'a été enregistré")
    samira.open(f"/appareils/{laptop}")
    assert samira.status == 200


def _huge(folder: Path) -> Path:
    path = folder / "enorme.json"
    with path.open("wb") as file:
        file.truncate(HUGE)  # a hole: it takes no room on the disk
    return path


def test_a_serial_that_the_maker_left_empty(lasting_service: Service, samira: Visitor, laptop: str) -> None:
    with nothing_written(lasting_service):
        samira.open(f"/appareils/{laptop}/corriger")
        samira.fill("Modèle", "Marais 15")
        samira.fill("N° de série", "To be filled by O.E.M.")
        samira.press("Enregistrer", exact=False)
        assert samira.status == 422
        samira.is_told_beside("N° de série", "n'est pas un vrai n° de série")
        expect(samira.field("Modèle")).to_have_value("Marais 15")
        expect(samira.field("N° de série")).to_have_value("To be filled by O.E.M.")
    samira.open(f"/appareils/{laptop}")
    samira.sees("SNBAD")
    samira.does_not_see("Marais 15")


def test_a_serial_that_another_machine_has(lasting_service: Service, samira: Visitor, laptop: str) -> None:
    with lasting_service.app.app_context():
        (other,) = evidence.arrive()
        evidence.read(other, evidence.lshw(evidence.Disk(f"OTHER{other.id}"), serial=f"TWICE{other.id}"))
        taken, code = f"TWICE{other.id}", other.code
    with nothing_written(lasting_service):
        samira.open(f"/appareils/{laptop}/corriger")
        samira.fill("N° de série", taken.lower())
        samira.press("Enregistrer", exact=False)
        assert samira.status in {409, 422}
        samira.is_told_beside("N° de série", f"est déjà celui de l'appareil {spell(code)}")
        expect(samira.field("N° de série")).to_have_value(taken.lower())


def test_a_log_in_latin_1_is_read_with_its_accents(samira: Visitor, lasting_service: Service, laptop: str) -> None:
    with lasting_service.app.app_context():
        wipe = evidence.Wipe(serial="LATIN0001", model="Mémoire Créée à Ruffec")
        log = evidence.nwipe(wipe, note=" effacé à Poitiers").decode()
    upload_wipe(samira, laptop, "effacé.log", log.encode("latin-1"))
    assert samira.status == 200
    samira.sees("effacé.log", "LATIN0001", "Mémoire Créée")
    assert "\N{REPLACEMENT CHARACTER}" not in samira.text


def test_a_date_in_1900(lasting_service: Service, welcome: Welcome) -> None:
    helene: Visitor = welcome()
    helene.sign_in(Role.COORDINATOR)
    with nothing_written(lasting_service):
        helene.open("/dons/nouveau")
        helene.fill("Nom du nouveau donateur", NAME)
        helene.select("Origine juridique", "Don d'un particulier")
        helene.fill("Ordinateur portable", "2")
        helene.fill("Annoncé le", "1900-01-01")
        helene.press("Annoncer le don")
        assert helene.status == 422
        helene.is_told_beside("Annoncé le", "1900 est trop ancien")
        expect(helene.field("Nom du nouveau donateur")).to_have_value(NAME)
        expect(helene.field("Ordinateur portable")).to_have_value("2")
        expect(helene.field("Annoncé le")).to_have_value("1900-01-01")
    helene.fill("Annoncé le", helene.today.isoformat())
    helene.press("Annoncer le don")
    helene.sees(NAME)


def test_a_name_with_an_apostrophe_and_an_emoji(welcome: Welcome) -> None:
    yann: Visitor = welcome()
    yann.sign_in(Role.DESK)
    yann.open("/emprunteurs/nouveau")
    yann.fill("Nom et prénom", NAME)
    yann.press("Créer la carte")
    assert yann.status == 422
    expect(yann.field("Nom et prénom")).to_have_value(NAME)
    yann.fill("Téléphone", "0549000000")
    yann.page.get_by_role("checkbox").check()
    yann.press("Créer la carte")
    assert yann.heading == NAME
    yann.open("/emprunteurs?q=zoe+o%27neil")
    yann.sees(NAME)
    assert yann.file(f"{yann.page.get_by_role('link', name=NAME).get_attribute('href')}/carte.pdf").startswith(b"%PDF")
