"""What stands in the cells of a file that was taken out: typed in XLSX, harmless in CSV."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from refurb.kernel.deeds.access import Role
from refurb.kernel.web import listing
from refurb.kernel.web.listing import TooManyRows
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, cents_as_amount, sheet
from tests.support.story import people

ROW = SimpleNamespace(
    digits="00012345",
    formula='=HYPERLINK("http://x","y")',
    link="https://exemple.fr",
    number=12,
    amount=cents_as_amount(1250),
    tonnes=Decimal("0.1825"),
    day=date(2026, 7, 14),
    at=datetime(2026, 7, 14, 22, 30, tzinfo=UTC),
    yes=True,
    nothing=None,
    broken="a\x0bb",
)
COLUMNS = [SheetColumn(name, lambda row, name=name: getattr(row, name)) for name in vars(ROW)]


@pytest.fixture
def taken(app):
    def take(form, columns=COLUMNS, rows=(ROW,)):
        with app.test_request_context("/"):
            people.settle()
            answer = sheet(people.actor(Role.TECHNICIAN), SheetFile.of("essai", columns, rows), form)
            return b"".join(answer.response)

    return take


def test_each_cell_of_an_xlsx_is_of_its_type(taken):
    book = load_workbook(io.BytesIO(taken("xlsx")))
    page = book.active
    cells = dict(zip((cell.value for cell in page[1]), page[2], strict=True))
    assert {name: cell.data_type for name, cell in cells.items()} == {
        **dict.fromkeys(("digits", "formula", "link", "yes", "broken"), "s"),
        **dict.fromkeys(("number", "amount", "tonnes", "nothing"), "n"),
        **dict.fromkeys(("day", "at"), "d"),
    }
    assert (cells["digits"].value, cells["formula"].value, cells["yes"].value) == ("00012345", ROW.formula, "oui")
    assert (cells["number"].value, cells["amount"].value, cells["amount"].number_format) == (12, 12.5, "#,##0.00")
    assert (cells["tonnes"].value, cells["tonnes"].number_format) == (0.1825, "#,##0.0000")
    assert str(cells["day"].value) == "2026-07-14 00:00:00"
    assert str(cells["at"].value) == "2026-07-15 00:30:00", "in the territory's time"
    assert (cells["link"].hyperlink, cells["nothing"].value) == (None, None)
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:K2")


def test_a_csv_is_read_by_a_french_spreadsheet_and_holds_no_formula(taken):
    content = taken("csv")
    assert content.startswith(b"\xef\xbb\xbfdigits;formula;")
    head, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
    told = dict(zip(head, row, strict=True))
    assert told["formula"] == "'" + ROW.formula
    assert (told["digits"], told["amount"], told["tonnes"], told["nothing"]) == ("00012345", "12,50", "0,1825", "")
    assert (told["day"], told["at"], told["yes"]) == ("2026-07-14", "2026-07-15 00:30", "oui")


def test_an_empty_table_has_its_headings(taken):
    assert [cell.value for cell in load_workbook(io.BytesIO(taken("xlsx", rows=()))).active[1]] == list(vars(ROW))
    assert taken("csv", rows=()).count(b"\r\n") == 1


def test_a_list_that_is_too_long_is_refused_before_anything_is_read(signed_in, monkeypatch):
    monkeypatch.setattr(listing, "EXPORTED_AT_MOST", -1)
    refused = signed_in(Role.TECHNICIAN).get("/supports.xlsx")
    assert refused.status_code == TooManyRows.status
    assert "Filtrez-la" in refused.text
