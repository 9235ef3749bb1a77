"""Papers to print in tests, and what a reader sees of their PDF."""

from contextlib import closing
from datetime import date
from io import BytesIO

import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw
from pypdf import PdfReader

from refurb.documents.content import (
    Claim,
    Column,
    Content,
    Facts,
    Heading,
    Issuer,
    Paragraph,
    Signature,
    Signatures,
    Table,
    sha256,
)
from refurb.documents.page import render

RELAIS = Issuer(
    "Le Relais numérique",
    "12 rue des Feuillants, 86000 Poitiers",
    "81234567800019",
    "05 49 00 00 00",
    "Poitiers",
)

DONATION = Content(
    kind="donation_certificate",
    title="Attestation de don",
    reference="AD-2026-0017",
    issued_on=date(2026, 11, 13),
    issuer=RELAIS,
    lead="Le Relais numérique atteste avoir reçu de L'Atelier d'Œuvres & Fils, à titre gratuit, 42 unités.",
    strong=("L'Atelier d'Œuvres & Fils", "42 unités"),
    blocks=(
        Table(
            "Matériels reçus",
            (Column("Type"), Column("Marque et modèle"), Column("N° de série", mono=True), Column("Quantité", "end")),
            (("Portable", "HP EliteBook 840 G5", "5CG8421QK7", "30"), ("Écran", "Iiyama 24 pouces", "1159402", "12")),
            ("Total", "", "", "42"),
        ),
        Heading("Données"),
        Paragraph("Les supports ont été effacés : voir AE-2026-0112."),
        Claim("La présente attestation ne constitue pas un reçu fiscal au sens des articles 200, 238 bis et 978 du CGI."),
        Signatures(
            (
                Signature("Pour Le Relais numérique", "Hélène Charrier", "le 13 novembre 2026", image_sha256="drawn"),
                Signature("Acceptation du don", note="Décision n° 2026-41 du 10 novembre 2026."),
            )
        ),
    ),
)


def erasures(count):
    """A certificate with so many drives."""
    rows = tuple(
        (f"SERIAL{number:05d}", "SSD Samsung MZ7LN256 de 256 Go", "Clear, une passe et une vérification, " * (1 + number % 3), "réussi")
        for number in range(count)
    )  # fmt: skip
    return Content(
        kind="erasure_certificate",
        title="Attestation d'effacement",
        reference="AE-2026-0112",
        issued_on=date(2026, 12, 1),
        issuer=RELAIS,
        lead=f"{count} supports ont été effacés.",
        blocks=(
            Facts((("Don", "DN-2026-0031"), ("Outil", "nwipe 0.36"))),
            Table(
                "Supports effacés",
                (Column("N° de série", mono=True), Column("Support"), Column("Méthode"), Column("Résultat", "end")),
                rows,
                ("Total", "", "", f"{count} supports"),
            ),
            Claim("Établi sur déclaration de l'opérateur."),
            Signatures((Signature("Opératrice", "Samira Benali-Lagarde", room=True),)),
        ),
    )


def drawn_signature():
    """A PNG as the canvas of the page makes it: ink on nothing."""
    picture = Image.new("RGBA", (400, 120), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(20, 80), (120, 20), (200, 100), (380, 40)], fill=(20, 33, 58, 255), width=5)
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def printed(content, **more):
    """The PDF of a paper whose address and digest are its own."""
    return render(
        content,
        verify_url=f"https://relais.example/v/{content.reference}",
        digest=sha256(content),
        images={"drawn": drawn_signature()},
        **more,
    )


def words(pdf):
    """The text of each page, with plain spaces and apostrophes, as somebody would search it."""
    plain = str.maketrans({"\u202f": " ", "\u00a0": " ", "’": "'"})
    return [" ".join(page.extract_text().translate(plain).split()) for page in PdfReader(BytesIO(pdf)).pages]


def seen(pdf, page=0, dpi=203):
    """The page as a printer of so many dots per inch lays it down, in black and white."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return document[page].render(scale=dpi / 72).to_pil().convert("1", dither=Image.Dither.NONE)


def scanned(pdf, page=0):
    """The addresses that a scanner reads on the page, and how many."""
    return [each for each in _codes(pdf, page) if "://" in each]


def signed_codes(pdf, page=0):
    """The signed codes that a scanner reads on the page."""
    return [each for each in _codes(pdf, page) if "://" not in each]


def _codes(pdf, page):
    # At the grid of an office's printer: a code's own words differ at each run, and a coarser one loses one in many.
    return sorted(found.text for found in zxingcpp.read_barcodes(seen(pdf, page, 300).convert("L")))
