"""What the technician does in the journeys: scans, reads the hardware, erases, checks, prints the label, declares ready."""

from refurb.kernel.speech.codes import spell
from tests.support.visitor import Visitor


class Technician(Visitor):
    """The technician at the bench, with a hand scanner."""

    def scans(self, code: str, *, shown: str | None = None) -> None:
        """Scan a label: the bench page of the device opens, which may stand under another code."""
        self.open("/scanner")
        self.scan("Étiquette, carte ou n° de série", f"{self.service.url}/S/{code}".upper())
        self.sees(spell(shown or code))

    def reads_the_hardware(self, code: str, *reports: tuple[str, bytes]) -> None:
        """Upload what lshw and smartctl wrote."""
        self.open(f"/appareils/{code}")
        self.follow("Lire le matériel")
        self.put("Fichiers des outils d'inventaire", *reports)
        self.press("Lire les fichiers")

    def uploads_a_wipe(self, code: str, name: str, log: bytes) -> None:
        """Upload what nwipe wrote; what came of it is on the page."""
        self.open(f"/appareils/{code}")
        self.follow("Déposer un rapport d'effacement")
        self.put("Rapports d'effacement", (name, log))
        self.press("Lire le rapport")

    def answers_the_checklist(self, code: str) -> None:
        """Answer yes to every question."""
        self.open(f"/appareils/{code}/controles")
        for yes in self.page.get_by_role("radio", name="Oui", exact=True).all():
            yes.check()
        self.press("Enregistrer les contrôles")

    def prints_the_label(self, code: str, made: str) -> bytes:
        """The label on a format of this name."""
        self.open(f"/appareils/{code}/etiquette")
        self.select("Format", made)
        return self.take(self.page.get_by_role("button", name="Imprimer", exact=True).click)

    def cannot_declare_ready(self, code: str, *, because: str) -> None:
        """« Prêt » is refused by the page, by the JSON door and to a forged form; the device stays where it was."""
        self.open(f"/appareils/{code}")
        button = self.page.get_by_role("button", name="Déclarer prêt", exact=True)
        assert all(each.get_attribute("aria-disabled") == "true" for each in button.all()), "the page offers it"
        before = self._known(code)
        status, told = self.call(f"/devices/{code}/pass_tests")
        assert (status, told["code"]) == (409, because)
        assert self.forge(f"/appareils/{code}/declarer-pret") == 409
        assert self._known(code) == before
        assert before["state"] != "ready"

    def _known(self, code: str) -> dict[str, object]:
        answer = self.context.request.get(f"/api/v1/devices/{code}").json()
        return {name: answer[name] for name in ("state", "checks", "labelled_at", "drives_to_erase")}
