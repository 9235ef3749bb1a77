"""The tax receipts of the demonstration: the territory has its ruling, and one company that declared its gift has its receipt."""

from datetime import date, timedelta

from refurb.demo.diary import Cast, Diary
from refurb.directory.fiscal.actions import save_basis
from refurb.directory.fiscal.words import FiscalRuling, FiscalStanding
from refurb.documents.content import Content, Issuer, Paragraph
from refurb.inventory.papers.receipts.actions import issue_receipt, value_gift
from refurb.inventory.papers.receipts.words import Method
from refurb.kernel.speech.clock import today

_PURPOSE = "Remettre en état des ordinateurs donnés et les remettre gratuitement à des foyers modestes : objet exclusivement social."
_CENTS = 64_000


def plan_receipts(cast: Cast, diary: Diary) -> None:
    """Note it in the diary: the basis first, then the letter, then the receipt."""
    diary.note(40, "09:40", lambda: _open(cast))
    diary.note(6, "10:40", lambda: _value(cast))
    diary.note(5, "11:10", lambda: issue_receipt(cast.actors["coordinator"], cast.donations["mutuelle"]))


def _open(cast: Cast) -> None:
    asked = today() - timedelta(days=60)
    save_basis(
        cast.actors["admin"], seen=0, standing=FiscalStanding.PUBLIC_BODY, purpose=_PURPOSE, individuals=True, companies=True,
        ruling=FiscalRuling.OBTAINED, ruling_reference="Rescrit fictif n° 86-0042", ruling_on=asked, decided_by="Comité syndical",
        decided_on=today() - timedelta(days=20),
    )  # fmt: skip


def _value(cast: Cast) -> None:
    donation = cast.donations["mutuelle"]
    donation.donor.address, donation.donor.postcode = "4 rue de la Fiction", "86000"
    value_gift(
        cast.actors["coordinator"], donation, cents=_CENTS, letter=_letter(today()), method=Method.BOOK, donor_form="Mutuelle",
        told_on=today(),
    )  # fmt: skip


def _letter(on: date) -> bytes:
    """What the company wrote, as a PDF."""
    from refurb.documents.page import render  # noqa: PLC0415 - loaded where it is used

    said = "Les appareils que nous vous avons donnés valent 640,00 euros dans nos livres au jour du don, valeur nette comptable."
    sender = Issuer("Mutuelle du Clain", "4 rue de la Fiction, 86000 Poitiers")
    content = Content("", "Valeur de notre don", "", on, sender, said, (Paragraph("Pour la Mutuelle du Clain, Anaïs Delaunay"),))
    return render(content, verify_url=None, digest="", images={})
