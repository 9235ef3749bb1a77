"""What printed things say to those who have only the paper: the text of a PDF, and the codes that a reader finds on it."""

import pypdfium2
import zxingcpp

# A thermal label printer's dots.
PRINTER_DPI = 203
POINTS_PER_INCH = 72


def text_of(pdf: bytes) -> str:
    """The text of every page, on one line with plain spaces."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)
    finally:
        document.close()


def codes_on(pdf: bytes, dpi: int = PRINTER_DPI) -> list[str]:
    """What the QR codes of every page say, rendered as a printer of that many dots per inch would."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pictures = [page.render(scale=dpi / POINTS_PER_INCH, grayscale=True).to_pil() for page in document]
    finally:
        document.close()
    return [found.text for picture in pictures for found in zxingcpp.read_barcodes(picture)]
