"""From the bag to the family's own telephone: the workshop packs, the office hands several things over, and the QR helps afterwards."""

from playwright.sync_api import Browser, expect

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from refurb.referrals.cases.lines import add_machine
from tests.support.pictures import keep_for_the_guide
from tests.support.serving import Service
from tests.support.story import families, people
from tests.support.visitor import PHONE, Visitor


def put(visitor: Visitor, code: str) -> None:
    """Scan a machine into the bag."""
    visitor.page.get_by_label("Scanner l’appareil que vous mettez dans le sac").fill(code)
    visitor.press("Mettre dans le sac")


def test_a_bag_is_packed_handed_over_and_helped_with(browser: Browser, lasting_service: Service) -> None:
    with lasting_service.app.app_context():
        allocation, screen = families.allocated(DeviceKind.LAPTOP, last_name="Marchand"), families.ready()
        with unit_of_work():
            add_machine(people.actor(Role.COORDINATOR), allocation, device=screen.code, reason="Un écran pour les devoirs à deux.")
        reference, laptop, screen_code = allocation.referral.reference, allocation.device.code, screen.code

    nadia = Visitor(browser, lasting_service, width=PHONE)
    nadia.sign_in(Role.TECHNICIAN)
    nadia.open("/remises/sacs")
    nadia.sees(reference, "À préparer")
    nadia.open(f"/remises/sacs/{reference}")
    put(nadia, laptop)
    put(nadia, screen_code)
    nadia.open(f"/remises/sacs/{reference}")  # Without what was just told, for the picture.
    for each in ("Chargeur", "Souris", "Sacoche", "Fiche de prise en main"):
        nadia.tick(each, within="Dans le sac")
    keep_for_the_guide(nadia.page, "atelier-sac")
    nadia.press("Enregistrer le sac")
    nadia.sees("Sac prêt")
    nadia.open("/remises/sacs")
    nadia.sees("Chargeur (2)")

    claire = Visitor(browser, lasting_service, width=PHONE)
    claire.sign_in(Role.PRESCRIBER)
    claire.open(f"/orientations/{reference}")
    claire.sees("Zoë Marchand", "L'appareil attribué")
    keep_for_the_guide(claire.page, "structures-suivi")

    maelle = Visitor(browser, lasting_service)
    maelle.sign_in(Role.COORDINATOR)
    maelle.open(f"/remises/{reference}/connexion")
    maelle.tick("Carte SIM")
    maelle.fill("Opérateur", "Réseau Exemple")
    maelle.tick("La famille")
    maelle.press("Noter la connexion")
    maelle.sees(spell(laptop), spell(screen_code), "Réseau Exemple", "Chargeur (2)")
    maelle.open(f"/remises/{reference}")
    keep_for_the_guide(maelle.page, "coordination-remise")
    maelle.tick("Signer sur papier")
    maelle.press("Remettre l'appareil")
    maelle.sees("Remis, à signer", "Carte SIM")

    zoe = Visitor(browser, lasting_service, width=PHONE)
    zoe.open(f"/S/{laptop}")
    expect(zoe.page.get_by_role("main")).to_contain_text("ne va pas")
    keep_for_the_guide(zoe.page, "famille-etiquette")
    assert "Zoë" not in zoe.page.content()
    assert nadia.leave() + claire.leave() + maelle.leave() + zoe.leave() == []
