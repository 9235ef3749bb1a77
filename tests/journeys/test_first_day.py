"""The first day: from an empty folder by `refurb init` to the first donation, with a second person and a partner; no file by hand."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from refurb.kernel.speech.codes import spell
from tests.support.commands import run
from tests.support.mailbox import Mailbox
from tests.support.pictures import keep_for_the_guide
from tests.support.serving import serving
from tests.support.visitor import Visitor
from tests.support.web import tell

PASSWORD = "une phrase de passe"
ANSWERS = f"""
name = "Le Relais du Clain"
place = "Poitiers"
email = "maelle@relais.example"
person = "Maëlle Rabier"
password = "{PASSWORD}"
"""


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A folder in which an instance has just begun."""
    answers = tmp_path / "premier-jour.toml"
    answers.write_text(ANSWERS, encoding="utf-8")
    home = tmp_path / "home"
    answer = run(home, "init", "--file", str(answers), REFURB_ARGON2_TIME="1", REFURB_ARGON2_MEMORY_KIB="8")
    assert answer.exit_code == 0, answer.output
    return home


def test_from_an_empty_folder_to_the_first_donation(begun: Path, browser: Browser, mailbox: Mailbox) -> None:
    with serving(f"sqlite:///{begun / 'refurb.sqlite3'}", begun, lambda: None) as service:
        maelle = Visitor(browser, service, looks=False)
        signs_in(maelle, "maelle@relais.example")
        assert maelle.heading == "Mettre Le Relais du Clain en route"
        maelle.sees("Dire qui vous êtes", "Vous êtes la seule personne à pouvoir entrer")
        keep_for_the_guide(maelle.page, "premier-jour-liste")

        says_who_and_where(maelle)
        tries_the_mail(maelle, mailbox)
        invites(maelle, "Samira Benali", "samira@relais.example")
        keep_for_the_guide(maelle.page, "premier-jour-invitation")
        maelle.open("/mise-en-route")
        maelle.sees("L'invitation du", "Samira Benali")

        samira = Visitor(browser, service, looks=False)
        accepts(samira, mailbox, "samira@relais.example")

        maelle.open("/mise-en-route")
        maelle.follow("Commencer : Structures partenaires", exact=False)
        maelle.fill("Nom", "Mission locale du Clain")
        maelle.press("Ajouter")
        code, _other = receives_a_donation(maelle)

        samira.open(f"/appareils/{code}")
        samira.sees(spell(code))
        maelle.open("/")
        maelle.sees("Recevoir une orientation", "Prévenir par courriel", "Contrôler à deux : personne ne confirme son propre travail")
        keep_for_the_guide(maelle.page, "premier-jour-avance")
        tell([*maelle.leave(), *samira.leave(), *service.faults()])


def signs_in(who: Visitor, address: str) -> None:
    who.open("/connexion")
    who.fill("Adresse de courriel", address)
    who.fill("Mot de passe", PASSWORD)
    who.press("Se connecter")


def says_who_and_where(maelle: Visitor) -> None:
    maelle.follow("Dire qui vous êtes")
    maelle.fill("Nom complet", "Association Le Relais du Clain")
    maelle.fill("Nom court", "Le Relais du Clain")
    maelle.select("Forme", "Association loi 1901")
    maelle.page.locator('[name="street"]').fill("12 rue du Clos-Gaultier")
    maelle.page.locator('[name="postcode"]').fill("86000")
    maelle.page.locator('[name="email"]').fill("bonjour@relais.example")
    maelle.press("Enregistrer")
    maelle.open("/lieux/1")
    maelle.page.locator('[name="tuesday"]').fill("9h-12h, 14h-18h")
    maelle.press("Enregistrer")
    maelle.open("/mise-en-route")
    maelle.sees("2 points sur")


def tries_the_mail(maelle: Visitor, mailbox: Mailbox) -> None:
    maelle.follow("Commencer : Envoi des courriels", exact=False)
    maelle.fill("Serveur d'envoi", "127.0.0.1")
    maelle.fill("Port", str(mailbox.port))
    maelle.select("Chiffrement", "Aucun : seulement sur la même machine ou le même réseau")
    maelle.fill("Les courriels partent de l'adresse", "bonjour@relais.example")
    maelle.fill("Envoyer la lettre d'essai à", "maelle@relais.example")
    maelle.press("Essayer")
    assert mailbox.next_for("maelle@relais.example")["Subject"]


def invites(maelle: Visitor, name: str, address: str) -> None:
    maelle.open("/mise-en-route")
    maelle.follow("Commencer : Personnes", exact=False)
    maelle.fill("Prénom et nom", name)
    maelle.fill("Adresse de courriel", address)
    maelle.page.locator('main [name="roles"][value="technician"]').check()
    maelle.press("Inviter")


def accepts(somebody: Visitor, mailbox: Mailbox, address: str) -> None:
    letter = mailbox.next_for(address)
    body = letter.get_body(("plain",))
    assert body is not None
    link = re.search(r"https?://\S+/i/\S+", body.get_content())
    assert link, body.get_content()
    somebody.open(urlsplit(link[0]).path)
    somebody.fill("Mot de passe", PASSWORD)
    somebody.press("Ouvrir mon compte")


def receives_a_donation(maelle: Visitor) -> list[str]:
    maelle.open("/dons/nouveau")
    maelle.fill("Nom du nouveau donateur", "Menuiserie du Clain")
    maelle.fill("SIREN", "732829320")
    maelle.select("Origine juridique", "Don d'une entreprise")
    maelle.fill("Ordinateur portable", "2")
    maelle.press("Annoncer le don")
    maelle.follow("Réceptionner")
    maelle.fill("Ordinateur portable", "2")
    maelle.press("Réceptionner")
    links = maelle.page.locator('main a[href^="/appareils/"]')
    codes = {str(each.get_attribute("href")).rpartition("/")[2] for each in links.all()}
    found = sorted(each for each in codes if re.fullmatch(r"[0-9A-Z]{8}", each))
    assert len(found) == 2, codes
    keep_for_the_guide(maelle.page, "premier-jour-don")
    return found
