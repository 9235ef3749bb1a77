"""A whole evening through the browser: invited by real letters, answered, let in at two doors, served, shown with a consent, withdrawn;
then a donor's papers in one ZIP, true without us."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from refurb.ceremonies.guests.queries import guests_of
from refurb.ceremonies.models import Ceremony
from refurb.documents.models import PaperKind
from refurb.inventory.donations.donor import donor_token
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import run_due
from refurb.kernel.speech.clock import at, now
from tests.journeys.people.coordinator import Coordinator, draw_a_signature
from tests.support.mailbox import Mailbox
from tests.support.pictures import keep_for_the_guide
from tests.support.serving import Service
from tests.support.story import families, gala, gifts, people
from tests.support.visitor import PHONE, Visitor
from tests.support.web import Welcome

Step = Callable[[Service, Welcome, Mailbox, Coordinator, int], None]
FAMILY, GUEST = "zoe@chez.example", "ferrand@mairie.example"


def letters_leave(service: Service) -> None:
    """The worker, eleven minutes later: what could be taken back has left."""
    with service.app.app_context(), at(now() + timedelta(minutes=11)):
        while run_due():
            pass


def link_in(mailbox: Mailbox, address: str, page: str) -> str:
    """The path of the link in the newest letter to somebody."""
    letter = mailbox.next_for(address)
    while mailbox.has_more_for(address):
        letter = mailbox.next_for(address)
    found = re.search(rf"/{page}/\S+", letter.get_body(("plain",)).get_content())
    assert found, letter
    return found[0]


def invites(service: Service, welcome: Welcome, mailbox: Mailbox, helene: Coordinator, number: int) -> None:
    """Invited by letter; each answers by her own link, and nothing is answered by opening it."""
    path = f"/ceremonies/{number}"
    helene.open(f"{path}/invites/envoyer")
    helene.press("Envoyer 2 invitations")
    letters_leave(service)
    for address in (FAMILY, GUEST):
        guest: Visitor = welcome(width=PHONE)
        guest.open(link_in(mailbox, address, "invitation"))
        guest.tick("Je viens")
        guest.press("Envoyer ma réponse")
        guest.sees("C'est noté")


def agrees(service: Service, welcome: Welcome, mailbox: Mailbox, helene: Coordinator, number: int) -> None:
    """The family says beforehand what may be shown of her, and signs on the screen."""
    path = f"/ceremonies/{number}"
    helene.open(f"{path}/accords")
    helene.page.get_by_role("link", name=re.compile("Demander Zoë")).click()
    helene.fill("Qui est montré ?", "Zoë Diagne")
    helene.page.get_by_role("group", name="Ma photo").get_by_label("Affiche à l’atelier").check()
    helene.page.get_by_role("group", name="Mes mots").get_by_label("Compte rendu de la cérémonie").check()
    keep_for_the_guide(helene.page, "ceremonie-accord")
    helene.press("Lire et signer")
    helene.page.get_by_role("link", name=re.compile("^Signer")).click()
    draw_a_signature(helene.page)
    helene.press("Signer mon accord")
    helene.sees("Accord signé par tous", "D'accord")


def comes_in(service: Service, welcome: Welcome, mailbox: Mailbox, helene: Coordinator, number: int) -> None:
    """Two telephones at the door: the second reads since when, and counts nothing."""
    path = f"/ceremonies/{number}"
    helene.open(f"{path}/commencer-la-ceremonie")
    helene.tick("Oui, elle a lieu aujourd'hui : les bons porteront cette date")
    helene.fill("Pourquoi un autre jour ?", "La salle n'était libre que ce jour.")
    helene.press("Commencer la cérémonie")
    with service.app.app_context():
        code = guests_of(db.session.get_one(Ceremony, number))[0].code
    doors = [welcome(width=PHONE), welcome(width=PHONE)]
    for each, role in zip(doors, (Role.COORDINATOR, Role.ADMIN), strict=True):
        each.sign_in(role)
        each.open(f"{path}/porte")
        each.scan("Nom, ou code de l'invitation", code)
    doors[1].sees("déjà entrée")
    doors[0].open(f"{path}/porte?code=diagne")
    doors[0].page.get_by_role("button", name=re.compile("^Entre")).click()
    doors[0].sees("1 personne est entrée")


def is_shown_and_withdraws(service: Service, welcome: Welcome, mailbox: Mailbox, helene: Coordinator, number: int) -> None:
    """Served, closed; a poster is registered, and the family withdraws her photo by her own link."""
    path = f"/ceremonies/{number}"
    helene.open(path)
    helene.serves_the_family()
    helene.open(path)
    helene.press("Clore la cérémonie")
    helene.open(f"{path}/usages/nouveau")
    helene.fill("Qu'est-ce qui est montré ?", "Affiche A3")
    helene.tick("Une photo")
    helene.select("Où est-ce montré ?", "Affiche à l'atelier")
    helene.fill("À quel endroit ?", "Vitrine de l'atelier")
    helene.page.get_by_role("checkbox", name=re.compile("Zoë Diagne")).check()
    helene.press("Noter")
    letters_leave(service)
    zoe: Visitor = welcome(width=PHONE)
    zoe.open(link_in(mailbox, FAMILY, "mon-accord"))
    zoe.page.get_by_role("button", name=re.compile("Retirer Ma photo")).click()
    zoe.sees("C'est retiré", "Affiche A3")


def takes_down(service: Service, welcome: Welcome, mailbox: Mailbox, helene: Coordinator, number: int) -> None:
    """The desk reads what is to be taken down, takes it down, and issues the report."""
    path = f"/ceremonies/{number}"
    helene.open(f"{path}/accords")
    helene.sees("1 chose à enlever")
    keep_for_the_guide(helene.page, "ceremonie-a-enlever")
    helene.page.get_by_role("button", name=re.compile("C’est enlevé")).first.click()
    helene.does_not_see("1 chose à enlever")
    helene.open(f"{path}/compte-rendu")
    helene.press("Émettre le compte rendu")
    helene.sees("RC-")
    letters_leave(service)
    assert "enlevé" in mailbox.next_for(FAMILY)["subject"]


def is_true_without_us(service: Service, welcome: Welcome, mailbox: Mailbox, helene: Coordinator, number: int) -> None:
    """A donor takes the papers of her gift in one ZIP; a changed byte is named by the check page; the file to keep knows the true one."""
    with service.app.app_context():
        donation = gifts.received(1)
        code = gifts.issued(donation, PaperKind.DONATION).code
        token = donor_token(donation)
        db.session.remove()
    donor: Visitor = welcome(width=PHONE)
    donor.open(f"/dons/suivi/{token}")
    donor.press("Tout télécharger (ZIP)")
    letters_leave(service)
    donor.page.reload()
    packed = donor.page.get_by_role("link", name=re.compile("Télécharger le ZIP")).get_attribute("href") or ""
    archive = ZipFile(BytesIO(donor.file(packed)))
    true = archive.read(next(each for each in archive.namelist() if each.endswith(".pdf")))
    changed = true[:-40] + bytes([true[-40] ^ 1]) + true[-39:]
    donor.open(f"/verifier/{code}")
    donor.put("Le PDF à comparer", ("attestation.pdf", changed))
    donor.press("Comparer")
    donor.sees("Ce n'est pas le document émis")
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "verifier.html"
        kept.write_bytes(donor.file("/verifier/hors-ligne.html"))
        alone = donor.page.context.browser.new_context(locale="fr-FR", offline=True)
        page = alone.new_page()
        page.goto(kept.as_uri())
        page.get_by_label("Le PDF que vous avez reçu").set_input_files(
            {"name": "attestation.pdf", "mimeType": "application/pdf", "buffer": true}
        )
        page.get_by_role("button", name="Vérifier", exact=True).click()
        expect(page.locator("#result h2")).to_have_text(re.compile("sont ceux que"))
        alone.close()


BEFOREHAND: tuple[Step, ...] = (invites, agrees)
WHOLE: tuple[Step, ...] = (*BEFOREHAND, comes_in, is_shown_and_withdraws, takes_down, is_true_without_us)


@pytest.mark.parametrize("steps", [pytest.param(BEFOREHAND, id="beforehand"), pytest.param(WHOLE, id="whole", marks=pytest.mark.soak)])
def test_from_the_invitations_to_a_withdrawn_consent(service: Service, welcome: Welcome, mailbox: Mailbox, steps: tuple[Step, ...]) -> None:
    with service.app.app_context():
        people.settle()
        ceremony = gala.planned(families.allocated(email=FAMILY, last_name="Diagne"), capacity=6)
        number = ceremony.id
        gala.guest(ceremony, "Mme Odile Ferrand")
    helene: Coordinator = welcome(Coordinator)
    helene.sign_in(Role.COORDINATOR)
    for step in steps:
        step(service, welcome, mailbox, helene, number)
