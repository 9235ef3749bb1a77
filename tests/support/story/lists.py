"""The lists that donors send in the story, as their spreadsheets write them, and what is done with them."""

import io
import zipfile
from xml.sax.saxutils import escape

from openpyxl import Workbook

from refurb.inventory.lists.actions.lists import confirm_list, read_list, receive_list, understand_columns
from refurb.inventory.lists.models import DonorList
from refurb.inventory.lists.queries import donor_list
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import run_due
from refurb.kernel.deeds.progress import Work
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.chapters import chapter
from tests.support.story import people

HEADINGS = ("N° inventaire", "Type matériel", "Constructeur", "Modèle", "N° Série", "RAM", "Taille disque")
ROWS = (
    ("PC-001", "PC portable", "Dell Inc.", "Latitude 5490", "7HXK2L3", "8 Go", "256 Go"),
    ("PC-002", "PC portable", "Dell Inc.", "Latitude 5490", "8HXK2L4", "16 Go", "256 Go"),
    ("UC-010", "Unité centrale", "HP", "ProDesk 600 G3", "CZC8123456", "8 Go", "500 Go"),
)


def csv(*rows, headings=HEADINGS, separator=";", encoding="utf-8", end="\r\n") -> bytes:
    """A list as text."""
    lines = [separator.join(f'"{cell}"' if separator in str(cell) else str(cell) for cell in row) for row in (headings, *(rows or ROWS))]
    return end.join([*lines, ""]).encode(encoding)


def xlsx(*rows, headings=HEADINGS, above=()) -> bytes:
    """A list as a workbook, with title lines above it."""
    book = Workbook()
    sheet = book.active
    for row in (*above, headings, *(rows or ROWS)):
        sheet.append(list(row))
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def ods(*rows, headings=HEADINGS) -> bytes:
    """A list as an OpenDocument spreadsheet, with the million blank rows that LibreOffice writes below it."""
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    names += 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    cells = "".join(
        "<table:table-row>" + "".join(_ods_cell(cell) for cell in row) + "</table:table-row>" for row in (headings, *(rows or ROWS))
    )
    blank = (
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    )
    text = f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="Parc">{cells}{blank}</table:table>'
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", f"{text}</office:spreadsheet></office:body></office:document-content>")
    return into.getvalue()


def _ods_cell(value) -> str:
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


def receive(donation: Donation, content: bytes | None = None, filename: str = "parc.csv") -> DonorList:
    """The coordinator hands in a donor's file."""
    sent = read_list(csv() if content is None else content, filename)
    with unit_of_work():
        found = receive_list(people.actor(Role.COORDINATOR), donation, sent)
    return donor_list(people.actor(Role.COORDINATOR), donation, found.id)


def understand(donation: Donation, found: DonorList, default_kind: DeviceKind | None = None, **columns: int) -> DonorList:
    """Its columns are told."""
    with unit_of_work():
        understand_columns(people.actor(Role.COORDINATOR), donation, found, columns=columns or found.columns, default_kind=default_kind)
    return donor_list(people.actor(Role.COORDINATOR), donation, found.id)


def confirm(donation: Donation, found: DonorList, **options: bool) -> Work:
    """It is confirmed, and the worker imports it."""
    with unit_of_work():
        number = confirm_list(people.actor(Role.COORDINATOR), donation, found, result_url="/dons", **options).id
    while run_due():  # What else is due may come before it.
        pass
    db.session.rollback()
    return db.session.get_one(Work, number)


@chapter
def imported(donation: Donation, content: bytes | None = None, **options: bool) -> Work:
    """A file goes all the way."""
    return confirm(donation, receive(donation, content), **options)
