"""What the coordinator does in the journeys: receives donations, decides, hands over, holds ceremonies, sends the papers."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from refurb.kernel.speech.codes import spell
from tests.support.printed import text_of
from tests.support.visitor import Visitor, plain


class Coordinator(Visitor):
    """The coordinator at the office."""

    # --- donations ------------------------------------------------------------------------------------------------------

    def announces_ten_laptops(self, *, donor: str, siren: str, contact: str, address: str) -> str:
        """Record what a company announces, mistyping its SIREN first; the donation's reference."""
        self.open("/dons/nouveau")
        self.fill("Nom du nouveau donateur", donor)
        mistyped = siren[:-1] + str((int(siren[-1]) + 1) % 10)
        self.fill("SIREN", mistyped)
        self.fill("Personne à contacter", contact)
        self.fill("Son adresse de courriel", address)
        self.select("Origine juridique", "Don d'une entreprise")
        self.fill("Ordinateur portable", "10")
        self.fill("Acte d'acceptation", "Décision du maire n° 2026-118")
        self.fill("Date de l'acte", self.today.isoformat())
        self.press("Annoncer le don")
        assert self.status == 422
        self.is_told_beside("SIREN", "Ce SIREN n'existe pas")
        expect(self.field("Nom du nouveau donateur")).to_have_value(donor)
        self.fill("SIREN", siren)
        self.press("Annoncer le don")
        self.sees("Annoncé", donor)
        return urlsplit(self.page.url).path.rpartition("/")[2]

    def counts_nine_on_the_dock(self, reference: str) -> list[str]:
        """Receive the donation: nine laptops came; the devices' codes."""
        self.open(f"/dons/{reference}")
        self.follow("Réceptionner")
        self.fill("Ordinateur portable", "9")
        self.press("Réceptionner")
        self.sees("10 annoncés, 9 reçus : 1 manque")
        links = self.page.locator('main a[href^="/appareils/"]')
        codes = [str(each.get_attribute("href")).rpartition("/")[2] for each in links.all()]
        codes = [each for each in dict.fromkeys(codes) if re.fullmatch(r"[0-9A-Z]{8,}", each)]
        assert len(codes) == 9, codes
        return codes

    # --- referrals ------------------------------------------------------------------------------------------------------

    def examines(self, reference: str) -> None:
        """Find a submitted referral in the queue and put it on the waiting list."""
        self.open("/attente")
        self.follow("transmise", exact=False)
        self.follow(reference)
        self.press("Mettre en liste d'attente")
        self.sees("En liste d'attente")

    def opens_the_allocation_of(self, reference: str, code: str) -> None:
        """Choose a ready device for somebody who waits, without pressing yet."""
        self.open("/attente")
        self.follow(reference)
        self.follow("Choisir un appareil")
        chosen = self.page.locator("tr", has_text=spell(code))
        choose = chosen.get_by_role("link", name=re.compile("^Choisir"))
        if choose.count():
            self._go(choose.click)
        if self.field("Je déroge à l'ordre de la liste").count():
            self.tick("Je déroge à l'ordre de la liste")
            self.fill("Pourquoi ?", "La famille déménage demain.")

    def cancels_the_allocation_of(self, reference: str, reason: str) -> None:
        """Take an allocation back."""
        self.open(f"/remises/{reference}/annuler-l-attribution")
        self.fill("Pourquoi ?", reason)
        self.press("Annuler l'attribution")

    # --- handing over ---------------------------------------------------------------------------------------------------

    def hands_over(self, code: str, *, place: str, name: str) -> str:
        """Scan the device's label, read the slip together, have it signed on the screen; the number of the slip."""
        self.open("/remises")
        self.scan("Scanner l'étiquette de l'appareil à remettre", code)
        assert self.heading == "Remettre l'appareil"
        self.sees(name)
        self.fill("Lieu de la remise", place)
        self.tick("Signer à l'écran", within="Signature du bon de remise")
        self.press("Remettre l'appareil")
        self.sees("Rien n'est dessiné dans le cadre")
        expect(self.field("Lieu de la remise")).to_have_value(place)
        draw_a_signature(self.page)
        self.press("Remettre l'appareil")
        assert self.heading == "Appareil remis"
        self.sees(place, "Dessinée à l'écran")
        number = re.search(r"\bBR-\d{4}-\d+", self.text)
        assert number, self.text
        return number[0]

    def opens_the_slip(self, reference: str) -> bytes:
        """The slip of a hand-over, as issued."""
        self.open(f"/remises/{reference}")
        link = self.page.locator("main").get_by_role("link", name=re.compile("PDF"))
        return self.file(str(link.get_attribute("href")))

    def plans_a_ceremony(self, title: str, place: str, references: list[str]) -> None:
        """Plan a ceremony and choose whose hand-overs take place there."""
        self.open("/remises")
        self.follow("Cérémonies")
        self.follow("Prévoir une cérémonie")
        self.fill("Titre", title)
        self.fill("Date et heure", f"{self.today}T23:30")
        self.fill("Lieu", place)
        self.press("Prévoir")
        for each in references:
            self.page.get_by_role("checkbox", name=re.compile(re.escape(each))).check()
        self.press("Enregistrer les remises")
        assert self.heading == title
        self.sees(place, *references)

    def calls_the_next_family(self) -> str:
        """Whose turn it is: the reference of the referral."""
        said = re.search(r"(OR-[\w-]+), c'est son tour", self.text)
        assert said, self.text
        return said[1]

    def serves_the_family(self) -> None:
        """Hand over to the family whose turn it is, signed on the screen."""
        self.follow("Remettre", within=self.page.get_by_role("region", name=re.compile("son tour")))
        self.tick("Signer à l'écran", within="Signature du bon de remise")
        draw_a_signature(self.page)
        self.press("Remettre l'appareil")

    # --- papers ---------------------------------------------------------------------------------------------------------

    def sends_the_attestations(self, reference: str) -> None:
        """Issue both attestations of a donation and send the donor the link to them."""
        self.open(f"/dons/{reference}")
        self.press("Établir l'attestation d'effacement")
        self.press("Établir l'attestation de don")
        self.press("Envoyer au donateur")


def draw_a_signature(page: Page) -> None:
    """Sign with the mouse."""
    canvas = page.locator("[data-sign] canvas")
    canvas.evaluate("canvas => canvas.scrollIntoView({block: 'center'})")  # Above whatever stays at the foot of the window.
    box = canvas.bounding_box()
    assert box
    strokes = [[(0.1, 0.7), (0.25, 0.2), (0.4, 0.8), (0.55, 0.3)], [(0.6, 0.6), (0.8, 0.4), (0.9, 0.6)]]
    for stroke in strokes:
        first, *rest = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*first)
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(x, y, steps=6)
        page.mouse.up()
    expect(page.locator("[data-sign] input")).to_have_value(re.compile("^data:image/png;base64,.{200,}"))


def slip_says(pdf: bytes) -> str:
    """The text of a slip, with plain apostrophes."""
    return plain(text_of(pdf))
