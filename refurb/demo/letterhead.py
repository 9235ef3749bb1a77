"""The letterhead of the demonstration: two versions, a logo drawn for it, and two people who sign."""

from datetime import timedelta
from typing import Any

from refurb.demo.diary import Cast
from refurb.demo.scribble import drawing
from refurb.directory.letterhead.actions import name_signatory, save_letterhead
from refurb.directory.letterhead.logos import drawn_logo
from refurb.directory.letterhead.words import LegalForm
from refurb.kernel.speech.clock import today

LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 96">
<path fill="#0B5563" d="M14 8h64a12 12 0 0 1 12 12v52a12 12 0 0 1-12 12H14A12 12 0 0 1 2 72V20A12 12 0 0 1 14 8z"/>
<path fill="none" stroke="#FFFFFF" stroke-width="7" stroke-linecap="round" stroke-linejoin="round"
d="M22 48c12-24 36-24 48 0-12 24-36 24-48 0z"/>
<circle cx="46" cy="48" r="7" fill="#FFFFFF"/>
<path fill="none" stroke="#B35900" stroke-width="7" stroke-linecap="round" d="M100 22c10 14 10 38 0 52"/></svg>"""
_FACTS: dict[str, Any] = {
    "name": "Syndicat mixte Le Relais numérique du Poitou", "short_name": "Le Relais numérique", "legal_form": LegalForm.SYNDICATE,
    "siret": "99900086200014", "street": "12 rue de la Fiction", "postcode": "86000", "commune": "Poitiers",
    "email": "bonjour@relais.example", "phone": "0199003100", "dpo_name": "Agathe Monnier", "dpo_email": "dpo@relais.example",
    "publisher": "Josiane Thibaudeau, présidente", "host": "Syndicat mixte Le Relais numérique, 12 rue de la Fiction, 86000 Poitiers",
}  # fmt: skip


def settle_letterhead(cast: Cast) -> None:
    """What the territory shows of itself: entered once, then with its logo and who signs."""
    admin = cast.actors["admin"]
    save_letterhead(admin, seen=0, **_FACTS)
    save_letterhead(admin, seen=1, logo=drawn_logo(LOGO), accent="#0B5563", **_FACTS)
    first = today() - timedelta(days=30)
    name_signatory(
        admin, seen=2, name="Josiane Thibaudeau", function="présidente", griffe=drawing("Josiane Thibaudeau"), since=first,
        signs_donations=True, signs_receipts=True,
    )  # fmt: skip
    name_signatory(admin, seen=3, name="Samir Oudin", function="directeur, par délégation", since=first, signs_erasures=True)
