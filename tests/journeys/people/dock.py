"""What the coordinator does in the journeys when a donation comes in: answers, takes the list, counts, has the slip signed."""

import re

from tests.journeys.people.coordinator import Coordinator, draw_a_signature


class DockCoordinator(Coordinator):
    """The coordinator from the proposal to the dock."""

    def accepts_and_fixes_a_half_day(self, reference: str) -> None:
        """Accept a proposal, and offer the first half-day with room to fetch it."""
        self.open("/dons")
        self.follow(reference, exact=False)
        self.sees("Formulaire public")
        self.press("Accepter le don")
        self.follow("Fixer le rendez-vous")
        self.tick("Nous venons le chercher", within="Comment il arrive")
        self.field("Créneau").select_option(index=1)
        self.press("Fixer le rendez-vous")
        self.sees("Rendez-vous pris", "12 rue du Moulin")

    def reads_the_list(self, reference: str, name: str, content: bytes) -> None:
        """Hand in the donor's file; what would become of its rows is on the page, and nothing is created."""
        self.open(f"/dons/{reference}/liste")
        self.put("Fichier du donateur", (name, content))
        self.press("Lire la liste")
        if self.heading == "Que disent les colonnes ?":
            self.press("Vérifier les lignes")

    def counts_and_refuses(self, reference: str, counts: dict[str, int], *, refused: tuple[str, int, str]) -> None:
        """Count what came, note what is not taken; the codes come from labels that are printed already."""
        self.open(f"/dons/{reference}")
        self.follow("Réceptionner")
        for kind, count in counts.items():
            self.fill(kind, str(count))
        kind, number, reason = refused
        form = self.page.locator("main form")
        form.locator('[name="refused_1_count"]').fill(str(number))
        form.locator('[name="refused_1_kind"]').select_option(kind)
        form.locator('[name="refused_1_reason"]').select_option(reason)
        form.locator('[name="detail_later"]').check()
        self.press("Réceptionner")
        assert self.heading == "Détailler ce qui est arrivé"

    def has_the_slip_signed(self, reference: str, giver: str) -> str:
        """Read the bordereau together and have it signed on the screen; its number."""
        self.open(f"/dons/{reference}")
        self.follow("Établir le bordereau")
        self.fill("Lieu de la prise en charge", "Quai de l'atelier")
        self.select("Les disques, d'après le donateur", "Les disques sont dans les machines")
        self.fill("Remis par", giver)
        self.tick("Sur cet écran", within="Signature pour le donateur")
        draw_a_signature(self.page)
        self.press("Établir le bordereau")
        number = re.search(r"\bBP-\d{4}-\d+", self.text)
        assert number, self.text
        return number[0]

    def confirms_what_waits(self, about: str, button: str) -> None:
        """As the second person: find in the queue what somebody stated of this drive or machine, and confirm it."""
        self.open("/effacements")
        self.follow("Vérifier et confirmer", within=self.page.locator("main li", has_text=about), exact=False)
        self.press(button)
