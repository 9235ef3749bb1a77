"""What a technician does in the journey of the workshop: labels, batches, records of one machine, drives, parts, waste."""

import re
from typing import Any

from playwright.sync_api import expect

from refurb.kernel.speech.clock import local, now
from refurb.kernel.speech.codes import spell
from tests.journeys.people.technician import Technician

Picture = tuple[str, bytes]


class BenchTechnician(Technician):
    """The technician from the label on the dock to the van of the recycler."""

    # --- the dock -------------------------------------------------------------------------------------------------------

    def prints_labels_in_advance(self, count: int) -> bytes:
        """Make a run of labels that are on nothing yet, and print it."""
        self.open("/etiquettes/avance")
        self.fill("Combien d'étiquettes", str(count))
        self.press("Créer la série")
        return self.take(self.page.get_by_role("button", name="Imprimer", exact=True).click)

    def scans_onto(self, reference: str, label: str) -> None:
        """Stick a label on a thing of the kind that comes first, and scan it."""
        self.open(f"/dons/{reference}/detailler")
        self.scan("Étiquette collée", label)

    def labels(self, reference: str, kind: str, *labels: str) -> None:
        """Stick a label on each thing of a kind, through the JSON door."""
        for label in labels:
            status, told = self.call(f"/donations/{reference}/labels", kind=kind, code=label)
            assert status in {200, 201}, told

    # --- many at once ---------------------------------------------------------------------------------------------------

    def moves_all(self, step: str, codes: list[str]) -> None:
        """Move many machines through the JSON door; all of them pass."""
        status, told = self.call("/devices/moves", move=step, codes=codes)
        assert (status, told["counts"]) == (200, {"done": len(codes)}), told

    def moves_a_batch(self, step: str, codes: list[str]) -> dict[str, str]:
        """Scan one label after the other into a batch; for each code what the line says, begun by its outcome."""
        self.open(f"/atelier/lot?etape={step}")
        box = self.page.locator("[data-batch-box]")
        lines = self.page.locator("[data-batch-results] > li")
        for number, code in enumerate(codes, start=1):
            box.press_sequentially(code)
            box.press("Enter")
            expect(lines).to_have_count(number)
        told = {}
        for line in lines.all():
            said = line.inner_text()
            (code,) = [each for each in codes if spell(each) in said]
            told[code] = f"{line.get_attribute('data-outcome')}: {said}"
        return told

    # --- one machine, two records ---------------------------------------------------------------------------------------

    def joins(self, duplicate: str, known: str) -> None:
        """Say that the machine with this label is the one that we know under another: the known record stays."""
        self.open(f"/appareils/{duplicate}")
        self.follow("C'est un doublon")
        self.scan("Code ou n° de série de l'autre fiche", known)
        self.page.locator(f'input[name="keep"][value="{known}"]').check(force=True)
        self.fill("À quoi voit-on que c'est la même machine ?", "L'agent a lu le même n° de série.")
        self.press("Réunir les deux fiches")
        self.sees("Réunies", spell(known))

    # --- drives ---------------------------------------------------------------------------------------------------------

    def declares_destroyed(self, code: str, serial: str, photo: Picture) -> None:
        """Say that a drive of a machine was drilled, with a picture of it."""
        self.open(f"/appareils/{code}")
        drive = self.page.locator("#main li, main li", has_text=serial).first
        self.follow("Déclarer détruit", within=drive, exact=False)
        self.tick("Percé", within="Comment a-t-il été détruit ?")
        self.fill("Précisions", "Plateaux percés en trois points.")
        self.put("Photo du support détruit", photo)
        self.press("Déclarer détruit")
        self.sees("Une seconde personne doit maintenant confirmer la destruction")

    def states_a_reset(self, code: str) -> int:
        """Say that a tablet was reset by itself; the number of the statement."""
        self.open(f"/appareils/{code}")
        self.follow("Déclarer la remise à zéro")
        self.page.locator('[name="technique"][value="factory_reset"]').check(force=True)
        self.fill("Outil, ou système de l'appareil", "Android")
        self.fill("Version", "14")
        with self.service.app.app_context():
            self.fill("Fin", local(now()).strftime("%Y-%m-%dT%H:%M"))
        self.press("Déclarer la remise à zéro")
        self.sees("Cela comptera quand une seconde personne l'aura confirmé")
        return int(self.page.url.rpartition("/")[2])

    def change(self, path: str, **facts: Any) -> tuple[int, Any]:
        """PUT to the JSON door with this session; the status and what it says."""
        answer = self.context.request.put(f"/api/v1{path}", data=facts, headers={"X-CSRFToken": self.token()})
        return answer.status, answer.json()

    # --- checks and parts -----------------------------------------------------------------------------------------------

    def answers(self, code: str, told: dict[str, str], *, photo: Picture | None = None) -> None:
        """Answer yes to every question of yes and no, and what is told to the others by their key."""
        self.open(f"/appareils/{code}/controles")
        for yes in self.page.get_by_role("radio", name="Oui", exact=True).all():
            yes.check(force=True)
        for key, answer in told.items():
            field = self.page.locator(f'[name="q_{key}"]')
            if field.first.get_attribute("type") == "radio":
                self.page.locator(f'[name="q_{key}"][value="{answer}"]').check(force=True)
            else:
                field.fill(answer)
        if photo:
            name, content = photo
            self.page.locator('[name="p_look_photo"]').set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": content})
        self.press("Enregistrer les contrôles")

    def passes_the_checks(self, code: str) -> None:
        """Answer yes to every question of yes and no, through the JSON door."""
        asked = self.context.request.get(f"/api/v1/devices/{code}/checks").json()["questions"]
        status, told = self.call(f"/devices/{code}/checks", **{each["key"]: "yes" for each in asked if each["type"] == "yes_no"})
        assert status == 200, told

    def harvests(self, code: str, kind: str) -> str:
        """Take a piece out of a machine that is kept for parts; the code of the part."""
        self.open(f"/appareils/{code}/pieces")
        self.follow("Prélever ou jeter une pièce")
        self.select("Genre de pièce", kind)
        self.tick("Elle est bonne : la garder en stock", within="Que devient-elle ?")
        self.press("Prélever")
        link = self.page.locator('main a[href^="/pieces/"]', has_text=re.compile(r"\w{4}")).first
        return str(link.get_attribute("href")).rpartition("/")[2]

    def fits(self, part: str, code: str) -> None:
        """Fit a part of the stock, scanned at the machine."""
        self.open(f"/appareils/{code}/pieces")
        self.fill("Code de la pièce", part)
        self.press("Monter", within=self.page.locator("form").filter(has=self.page.get_by_label("Code de la pièce")))

    # --- waste ----------------------------------------------------------------------------------------------------------

    def opens_a_batch_of_waste(self, operator: str) -> str:
        """Open a batch of hazardous equipment; its reference."""
        self.open("/dechets/nouveau")
        self.field("Nature du déchet").select_option("16 02 13*")
        self.fill("Opérateur qui enlève", operator)
        self.press("Ouvrir le lot")
        return self.page.url.rpartition("/")[2]

    def puts_into_the_batch(self, *things: str) -> None:
        """Scan what leaves."""
        for thing in things:
            self.scan("Étiquette de l'appareil, ou numéro de série du support détruit", thing)

    def sees_it_leave(self, *, weight: str, slip: str) -> None:
        """Note that the operator took the batch of this page away."""
        self.follow("Noter l'enlèvement", exact=False)
        self.fill("Poids, en kilogrammes", weight)
        self.field("Document de suivi").select_option("bsdd")
        self.fill("Numéro du document", slip)
        self.page.locator('main form [name="collected_on"]').fill(self.today.isoformat())
        self.page.locator('main form button[type="submit"]').last.click()
        self.sees(slip)
