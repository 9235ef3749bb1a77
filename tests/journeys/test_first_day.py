"""The first day: from an empty folder by `refurb init` to the first donation, loan and referral.

Three people who were invited by letter do them, each in a browser of her own: one proves herself with an application of her telephone, one
comes in by another service, one has a printed card. No file is written by hand.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from refurb.accounts.factors import totp
from refurb.kernel.speech.codes import spell
from tests.journeys.people.coordinator import Coordinator
from tests.journeys.people.desk import Desk
from tests.journeys.people.prescriber import Prescriber
from tests.support.commands import run
from tests.support.mailbox import Mailbox
from tests.support.outside_provider import make_known, others_provider
from tests.support.pictures import keep_for_the_guide
from tests.support.serving import Service, serving
from tests.support.visitor import PHONE, Visitor
from tests.support.web import tell

PASSWORD = "une phrase de passe"
ANSWERS = f"""
name = "Le Relais du Clain"
place = "Poitiers"
email = "maelle@relais.example"
person = "Maëlle Rabier"
password = "{PASSWORD}"
"""
PARTNER: Final = "Mission locale du Clain"
HELENE, YANN, CLAIRE = "helene@relais.example", "yann@relais.example", "claire@mission.example"
ELSEWHERE, TWICE = "Mairie du Clain", "two-factors"
"""The other service on our buttons, and how it says that somebody proved herself twice there."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of a service that others wrote, where Yann has an account and a second factor."""
    with others_provider() as address:
        make_known(address, "yann", email=YANN, email_verified=True, acr=TWICE)
        yield address


@pytest.fixture
def service(tmp_path: Path, elsewhere: str) -> Iterator[Service]:
    """An instance that has just begun in an empty folder."""
    answers = tmp_path / "premier-jour.toml"
    answers.write_text(ANSWERS, encoding="utf-8")
    home = tmp_path / "home"
    answer = run(home, "init", "--file", str(answers), REFURB_ARGON2_TIME="1", REFURB_ARGON2_MEMORY_KIB="8")
    assert answer.exit_code == 0, answer.output
    there = {"oidc_issuer": elsewhere, "oidc_client_id": "refurb", "oidc_client_secret": "a secret", "oidc_name": ELSEWHERE}
    with serving(f"sqlite:///{home / 'refurb.sqlite3'}", home, lambda: None, oidc_proving=TWICE, **there) as service:
        yield service


def test_from_an_empty_folder_to_the_first_donation_loan_and_referral(
    service: Service, elsewhere: str, browser: Browser, mailbox: Mailbox
) -> None:
    maelle = Visitor(browser, service, looks=False)
    signs_in(maelle, "maelle@relais.example")
    assert maelle.heading == "Mettre Le Relais du Clain en route"
    maelle.sees("Dire qui vous êtes", "Vous êtes la seule personne à pouvoir entrer")
    keep_for_the_guide(maelle.page, "premier-jour-liste")
    says_who_and_where(maelle)
    tries_the_mail(maelle, mailbox)
    begins(maelle, "Structures partenaires")
    maelle.fill("Nom", PARTNER)
    maelle.press("Ajouter")
    begins(maelle, "Personnes")
    invites(maelle, "Hélène Charrier", HELENE, "coordinator")
    keep_for_the_guide(maelle.page, "premier-jour-invitation")
    invites(maelle, "Yann Le Goff", YANN, "desk")
    invites(maelle, "Claire Naudin", CLAIRE, "prescriber", PARTNER)
    maelle.open("/mise-en-route")
    maelle.sees("L'invitation du", "Claire Naudin")

    helene = Coordinator(browser, service, looks=False)
    accepts(helene, mailbox, HELENE)
    secret, served = sets_up_an_application(helene)
    code, _other = receives_a_donation(helene)
    comes_back_with_a_code(helene, secret, served)
    helene.open(f"/appareils/{code}")
    helene.sees(spell(code))

    yann = Desk(browser, service, looks=False, elsewhere=elsewhere)
    comes_in_by_another_service(yann, mailbox)
    lends_for_the_first_time(yann)

    claire = Prescriber(browser, service, looks=False, width=PHONE)
    accepts(claire, mailbox, CLAIRE)
    makes_a_card(claire)
    reference = claire.refers("Zoë", "Michaud")
    keep_for_the_guide(claire.page, "premier-jour-orientation")
    helene.examines(reference)

    maelle.open("/")
    maelle.sees(
        "4 comptes", "Recevoir une orientation", "Prévenir par courriel", "Contrôler à deux : personne ne confirme son propre travail"
    )
    keep_for_the_guide(maelle.page, "premier-jour-avance")
    tell([each for who in (maelle, helene, yann, claire) for each in who.leave()] + service.faults())


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
    begins(maelle, "Envoi des courriels")
    maelle.fill("Serveur d'envoi", "127.0.0.1")
    maelle.fill("Port", str(mailbox.port))
    maelle.select("Chiffrement", "Aucun : seulement sur la même machine ou le même réseau")
    maelle.fill("Les courriels partent de l'adresse", "bonjour@relais.example")
    maelle.fill("Envoyer la lettre d'essai à", "maelle@relais.example")
    maelle.press("Essayer")
    assert mailbox.next_for("maelle@relais.example")["Subject"]


def begins(maelle: Visitor, point: str) -> None:
    """Press the button of a point of the list."""
    maelle.open("/mise-en-route")
    maelle.follow(f"Commencer : {point}", exact=False)


def invites(maelle: Visitor, name: str, address: str, role: str, partner: str = "") -> None:
    maelle.open("/comptes")
    maelle.fill("Prénom et nom", name)
    maelle.fill("Adresse de courriel", address)
    maelle.page.locator(f'main [name="roles"][value="{role}"]').check()
    if partner:
        maelle.page.locator(f'[name="{role}_of"]').select_option(label=partner)
    maelle.press("Inviter")
    maelle.sees(f"Invitation de {name}")


def follows_the_link(somebody: Visitor, mailbox: Mailbox, address: str) -> None:
    """Open the link of one's invitation."""
    body = mailbox.next_for(address).get_body(("plain",))
    assert body is not None
    link = re.search(r"https?://\S+/i/\S+", body.get_content())
    assert link, body.get_content()
    somebody.open(urlsplit(link[0]).path)


def accepts(somebody: Visitor, mailbox: Mailbox, address: str) -> None:
    """Open one's account with a password; a second factor is asked next."""
    follows_the_link(somebody, mailbox, address)
    somebody.fill("Mot de passe", PASSWORD)
    somebody.press("Ouvrir mon compte")
    assert somebody.heading == "Prouver que c'est vous, une deuxième fois"


def sets_up_an_application(helene: Visitor) -> tuple[str, str]:
    """Scan the square, type what it shows, keep the card for the day without the telephone; the secret it has, and the code that served."""
    helene.follow("Une application sur mon téléphone", exact=False)
    secret = helene.page.locator("main .mono").inner_text().replace(" ", "")
    keep_for_the_guide(helene.page, "premier-jour-application")
    code = shows(secret)
    helene.fill("Recopiez les 6 chiffres qui s'affichent", code)
    helene.press("Continuer")
    helene.sees("Votre application est en place.")
    shows_the_card(helene)
    return secret, code


def shows(secret: str, steps: int = 0) -> str:
    """What the application shows, some steps of half a minute from now."""
    return totp.code_at(secret, totp.step_at(time.time()) + steps)


def shows_the_card(somebody: Visitor) -> None:
    """Have the codes shown, once."""
    somebody.press("Montrer mes codes")
    assert len(set(re.findall(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b", somebody.text))) == 10
    somebody.follow("J'ai mes codes")


def comes_back_with_a_code(helene: Visitor, secret: str, served: str) -> None:
    """Sign out and in: the password alone opens nothing any more, nor does a code that served."""
    helene.page.context.clear_cookies()
    signs_in(helene, HELENE)
    assert helene.heading == "Votre second facteur"
    helene.fill("Votre code", served)
    helene.press("Entrer")
    assert helene.status == 422
    helene.fill("Votre code", shows(secret, 1))
    helene.press("Entrer")
    assert helene.status == 200, helene.text


def comes_in_by_another_service(yann: Visitor, mailbox: Mailbox) -> None:
    """Accept the invitation as who one is there: no password here, and the second factor was given there."""
    follows_the_link(yann, mailbox, YANN)
    keep_for_the_guide(yann.page, "premier-jour-invitee")
    yann.follow(f"Entrer avec {ELSEWHERE}")
    yann.page.get_by_role("textbox").fill("yann")
    yann.page.get_by_role("button", name="Authorize").click()
    yann.page.wait_for_url(f"{yann.service.url}/*")
    yann.sees("Bienvenue. Votre compte est ouvert.")


def makes_a_card(claire: Visitor) -> None:
    """Without a telephone: ten codes on paper."""
    claire.follow("Une carte de codes imprimée", exact=False)
    shows_the_card(claire)


def lends_for_the_first_time(yann: Desk) -> None:
    """A product, a thing of it, a card for somebody, a loan that she signs."""
    yann.makes_a_product("Robot éducatif")
    yann.fill("Nom sur l'étiquette et au comptoir", "Robot 1")
    yann.press("Enregistrer")
    item = yann.page.url.rpartition("/")[2]
    card = yann.registers("Amel Ferhat", "06 12 34 56 78")
    yann.lends(card, item)
    yann.sees("Robot 1", "Amel Ferhat")
    keep_for_the_guide(yann.page, "premier-jour-pret")


def receives_a_donation(helene: Visitor) -> list[str]:
    helene.open("/dons/nouveau")
    helene.fill("Nom du nouveau donateur", "Menuiserie du Clain")
    helene.fill("SIREN", "732829320")
    helene.select("Origine juridique", "Don d'une entreprise")
    helene.fill("Ordinateur portable", "2")
    helene.press("Annoncer le don")
    helene.follow("Réceptionner")
    helene.fill("Ordinateur portable", "2")
    helene.press("Réceptionner")
    links = helene.page.locator('main a[href^="/appareils/"]')
    codes = {str(each.get_attribute("href")).rpartition("/")[2] for each in links.all()}
    found = sorted(each for each in codes if re.fullmatch(r"[0-9A-Z]{8}", each))
    assert len(found) == 2, codes
    keep_for_the_guide(helene.page, "premier-jour-don")
    return found
