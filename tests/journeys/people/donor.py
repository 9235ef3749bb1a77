"""What the donor does in the journeys, without an account: opens the mail's link, reads the papers, has one checked."""

import re
from email.message import EmailMessage
from typing import Any

from tests.support.visitor import Visitor


class Donor(Visitor):
    """The donor, or anybody to whom the donor shows a paper."""

    def opens_the_link_of(self, letter: EmailMessage) -> None:
        """Follow the one link of a letter."""
        text: Any = letter.get_body(("plain",))
        found = re.findall(r"https?://\S+", text.get_content())
        assert len(found) == 1, found
        self.open(found[0])
        assert self.status == 200

    def proposes(self, counts: dict[str, int], *, company: str, siren: str, name: str, address: str) -> None:
        """Fill in the public form for a company, and send it."""
        self.open("/proposer-un-don")
        self.tick("Une entreprise", within="Vous êtes")
        self.fill("Nom de l'organisation", company)
        self.fill("SIREN", siren)
        self.fill("Votre prénom et votre nom", name)
        self.fill("Votre adresse de courriel", address)
        for kind, count in counts.items():
            self.fill(kind, str(count))
        self.select("Les disques", "Les disques sont dans les machines")
        self.tick("Vous venez le chercher", within="Comment nous parvient-il ?")
        self.fill("Adresse où se trouve le matériel", "12 rue du Moulin, 86000 Poitiers")
        self.tick("Ce matériel est à moi, ou j'ai le pouvoir de le donner.")
        self.press("Envoyer ma proposition")

    def confirms_by(self, letter: EmailMessage) -> None:
        """Follow the link, read the proposal again, confirm it."""
        self.opens_the_link_of(letter)
        self.press("Confirmer ma proposition")
        self.sees("Votre proposition est arrivée")

    def downloads(self, reference: str) -> bytes:
        """The PDF of a paper on the donor's page."""
        link = self.page.locator("main").get_by_role("link", name=re.compile(f"^PDF.*{reference}"))
        return self.file(str(link.get_attribute("href")))

    def scans_the_code(self, address: str) -> None:
        """What a phone opens when it reads the QR of a paper."""
        self.open(address)
        assert self.status == 200

    def compares(self, pdf: bytes) -> None:
        """Ask whether a file is the paper that was issued."""
        self.put("Le PDF à comparer", ("attestation.pdf", pdf))
        self.press("Comparer")
