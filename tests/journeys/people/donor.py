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
