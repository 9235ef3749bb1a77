"""Labels and attestations, measured in this process."""

import io
import time
from datetime import date

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from refurb.documents.content import Claim, Column, Content, Issuer, Paragraph, Table, sha256
from refurb.documents.page import render
from refurb.inventory.labels.drawing import sheet
from refurb.inventory.labels.formats import label_formats
from refurb.inventory.labels.printing import Label
from refurb.kernel.speech.codes import address, new_code

HOST = "https://refurb.example"


def _labels(count: int) -> list[Label]:
    return [
        Label(
            code,
            address(code, HOST),
            "HP EliteBook 840 G5",
            ("i5-8350U", "8 Go", "256 Go"),
            "Le Relais numérique",
            "Besoin d'aide ? Scannez.",
        )
        for code in (new_code() for _ in range(count))
    ]


def labels_per_s(count: int) -> float:
    """Labels a second for sheets of so many labels, the best of three runs."""
    form = label_formats()["a4-3x8"]
    best = 0.0
    for _ in range(3):
        labels = _labels(count)
        begun = time.perf_counter()
        sheet(labels, form)
        best = max(best, count / (time.perf_counter() - begun))
    return round(best, 1)


def plain_loop_per_s(count: int) -> float:
    """The same number of labels by `qrcode` with automatic mask, each dark module drawn by reportlab as a square."""
    labels = _labels(count)
    begun = time.perf_counter()
    canvas = Canvas(io.BytesIO(), pagesize=A4)
    for number, label in enumerate(labels):
        if number and number % 24 == 0:
            canvas.showPage()
        left, top = 70 * mm * (number % 3), A4[1] - 37 * mm * (number % 24 // 3)
        code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
        code.add_data(label.url)
        code.make(fit=True)
        matrix = code.get_matrix()
        module = 20 * mm / len(matrix)
        for row, cells in enumerate(matrix):
            for column, dark in enumerate(cells):
                if dark:
                    canvas.rect(left + column * module, top - (row + 1) * module, module, module, stroke=0, fill=1)
        canvas.setFont("Helvetica", 9)
        canvas.drawString(left + 25 * mm, top - 8 * mm, label.title)
        canvas.drawString(left + 25 * mm, top - 14 * mm, label.code)
    canvas.save()
    return round(count / (time.perf_counter() - begun), 1)


def attestation_s() -> float:
    """Seconds for one attestation de don of forty devices, the best of three."""
    columns = (Column("Code", mono=True), Column("Matériel"), Column("N° de série", mono=True))
    rows = tuple((f"R7K2-4M{number:02d}", "HP EliteBook 840 G5", f"5CG84{number:05d}") for number in range(40))
    content = Content(
        kind="AD",
        title="Attestation de don",
        reference="AD-2026-0001",
        issued_on=date(2026, 11, 22),
        issuer=Issuer("Le Relais numérique", "1 place du Maréchal-Leclerc, 86000 Poitiers", "21860194600013"),
        lead="Le Relais numérique atteste avoir reçu 40 matériels.",
        blocks=(
            Table("Matériels reçus", columns, rows),
            Paragraph("La propriété est transférée à la date de prise en charge."),
            Claim("Ceci n'est pas un reçu fiscal."),
        ),
    )
    best = 60.0
    for _ in range(3):
        begun = time.perf_counter()
        render(content, verify_url=f"{HOST}/S/R7K24MXQ".upper(), digest=sha256(content), images={})
        best = min(best, time.perf_counter() - begun)
    return round(best, 4)
