"""What happens at the counter in the journeys: a device joins the pool, goes out with a card and a signature, and comes back."""

import re

from refurb.kernel.speech.codes import spell
from tests.journeys.people.coordinator import draw_a_signature
from tests.support.visitor import Visitor


class Desk(Visitor):
    """The desk agent, with a queue of people."""

    def makes_a_product(self, name: str) -> None:
        """Say what can be asked for."""
        self.open("/materiel/produits/nouveau")
        self.fill("Nom du produit", name)
        self.select("Catégorie", "Tablette")
        self.press("Créer le produit", exact=False)

    def takes_into_the_pool(self, code: str, product: str, name: str) -> None:
        """A ready device of the stock becomes a thing to lend, with its charger."""
        self.open(f"/appareils/{code}/mettre-au-pret")
        self.select("Produit", product)
        self.fill("Nom sur l'étiquette et au comptoir", name)
        self.press("Mettre au prêt")
        self.sees(name, "Chargeur")

    def registers(self, name: str, phone: str) -> str:
        """Somebody gets a card; its code."""
        self.open("/comptoir")
        self.follow("Nouvel emprunteur")
        self.fill("Nom et prénom", name)
        self.fill("Téléphone", phone)
        self.page.get_by_label(re.compile("Cette personne est majeure")).check()
        self.press("Créer la carte", exact=False)
        self.sees(name)
        return self.page.url.rpartition("/")[2]

    def lends(self, card: str, item: str) -> str:
        """Scan the card, scan the label, count, have it signed; the reference of the loan."""
        self.open("/comptoir")
        self.types(card)
        self.types(item)
        self.sees(spell(item))
        draw_a_signature(self.page)
        self.page.get_by_role("button", name="Tout est là, enregistrer").click()
        self.sees("Enregistré à")
        self.follow("Voir le prêt")
        return self.page.url.rpartition("/")[2]

    def types(self, code: str) -> None:
        """A hand scanner types a code, wherever the cursor is."""
        self.page.keyboard.type(code)
        self.page.keyboard.press("Enter")

    def takes_back_without_the_charger(self, item: str) -> None:
        """Scan the label: the return opens; the charger is missing."""
        self.open("/comptoir")
        self.types(f"{self.service.url}/S/{item}".upper())
        self.page.locator(".line-more > summary").click()
        part = self.page.locator(".kit-item", has_text="Chargeur")
        part.locator('input[type="radio"][value="missing"]').check(force=True)
        self.page.get_by_role("button", name="Tout est là, enregistrer").click()
