"""What a spreadsheet hides, merges, changes or leaves uncomputed is never taken without a word; numbers are read whole or doubted."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from refurb.inventory.lists.actions.lists import read_list
from refurb.inventory.lists.cli import donor_list
from refurb.inventory.lists.columns import guess
from refurb.inventory.lists.rows import as_told, read_rows
from refurb.inventory.lists.sizes import read_size
from refurb.spreadsheets.errors import ListUnreadable

SAMPLES = Path(__file__).parent / "samples"
HEADINGS = ("Type", "Marque", "Modèle", "N° de série", "RAM", "Disque", "Quantité")


def told(content: bytes):
    table = read_list(content, "list").table
    return as_told(table, read_rows(table, guess(table.headings, [cells for _, cells in table.rows])), lambda fault: fault.code)


def sample(name):
    return told((SAMPLES / name).read_bytes())


def made(*rows, change=lambda sheet: None):
    book = Workbook()
    for row in (HEADINGS, *rows):
        book.active.append(row)
    change(book.active)
    into = BytesIO()
    book.save(into)
    return told(into.getvalue())


def of(found, *names):
    return [tuple(each[name] for name in names) for each in found["machines"]]


def test_an_open_quotation_mark_swallows_no_machine():
    found = sample("csv-open-quote.csv")
    assert [each["serial"] for each in found["machines"]] == ["OPQ0001", "OPQ0002", "OPQ0003"]
    assert found["machines"][0]["doubts"] == ["list.cell_quote"]
    assert found["machines"][1]["doubts"] == []


@pytest.mark.parametrize(
    ("text", "serials"),
    [
        ('Type;Modele;N Serie\nportable;x;"A12345\nportable;y;B12345\nportable;z;C12345"\n', ["A12345", "B12345", "C12345"]),
        ('Type;Modele;N Serie\nportable;"x;A12345\nportable;"y;B12345\n', ["A12345", "B12345"]),
        ('Type;Modele;N Serie\nportable;"x\nsuite; fin";A12345\nportable;y;B12345\n', ["A12345", "B12345"]),
        ('Type;Modele;N Serie\nportable;24"" x;A12345\nportable;"24"" y";B12345\n', ["A12345", "B12345"]),
    ],
)
def test_other_quotation_marks(text, serials):
    assert [each["serial"] for each in told(text.encode())["machines"]] == serials


def test_numbers_in_groups_are_read_whole():
    assert of(sample("csv-thousands-space.csv"), "ram_mb", "storage_gb") == [(8192, 1000), (16384, 1536)]


def test_hidden_rows_are_left_out_and_said():
    found = sample("xlsx-filtered-rows.xlsx")
    assert [each["row"] for each in found["machines"]] == [2, 4]
    assert [(each["row"], each["why"]) for each in found["left_out"]] == [(3, "list.row_hidden"), (5, "list.row_hidden")]


def test_a_hidden_sheet_is_not_read():
    found = sample("ods-hidden-sheet.ods")
    assert [each["serial"] for each in found["machines"]] == ["ODV0001"]
    assert [each["why_not"] for each in found["sheets"] if not each["read"]] == ["hidden"]


def test_noughts_by_format_are_as_the_donor_sees_them():
    assert [each["serial"] for each in sample("xlsx-zeros-by-format.xlsx")["machines"][:2]] == ["00012345", "00012346"]


def test_a_serial_that_became_a_date_is_doubted():
    found = sample("xlsx-serial-became-date.xlsx")
    assert of(found, "serial") == [(None,), ("MAR0006",)]
    assert found["machines"][0]["doubts"] == ["list.cell_date"]


def test_what_is_merged_is_said_of_each_row():
    assert of(sample("xlsx-merged-down.xlsx"), "manufacturer") == [("Dell",)] * 3
    assert [each["kind"] for each in sample("xlsx-merged-kind.xlsx")["machines"]] == ["monitor"] * 3


@pytest.mark.parametrize(("name", "code"), [("xls-that-is-html.xls", "list.web_page"), ("xls-that-is-xml-2003.xls", "list.xml_2003")])
def test_a_file_that_is_not_what_it_says_is_named(name, code):
    with pytest.raises(ListUnreadable) as refused:
        sample(name)
    assert refused.value.code == code


def test_no_row_is_lost_beyond_what_is_read():
    for text in (b"Type;Modele\n" + b";\n" * 600 + b"portable;x\n" * 4_800, b"\n" * 31 + b"Type;Modele\nportable;x\n"):
        with pytest.raises(ListUnreadable) as refused:
            told(text)
        assert refused.value.code in {"list.too_long", "list.no_table"}


def test_json_is_no_list():
    with pytest.raises(ListUnreadable) as refused:
        told(b'[{"type": "portable"}]')
    assert refused.value.code == "list.json"


@pytest.mark.parametrize(
    ("value", "shown_as", "doubt"),
    [
        (True, None, "list.cell_answer"),
        (0.5, None, "list.cell_fraction"),
        (0.5, "0%", "list.cell_fraction"),
        (123456, "00-00-00", "list.cell_format"),
        (123456, '"SN"000000', "list.cell_format"),
        ("#N/A", None, "list.cell_fault"),
        ("=A2", None, "list.cell_uncomputed"),
    ],
)
def test_a_serial_that_the_spreadsheet_changed_is_doubted(value, shown_as, doubt):
    def change(sheet):
        if shown_as:
            sheet["D2"].number_format = shown_as

    found = made(
        ("portable", "HP", "ProBook", value, "8 Go", "256 Go", 1), ("portable", "HP", "ProBook", "ABC12345", 8, 256, 1), change=change
    )
    assert of(found, "serial") == [(None,), ("ABC12345",)]
    assert found["machines"][0]["doubts"] == [doubt]


def test_a_quantity_that_is_merged_or_uncomputed_multiplies_nothing():
    rows = [("écran", "Dell", "P2419H", None, None, None, 3), ("écran", "Dell", "P2422H", None, None, None, None)]
    found = made(*rows, change=lambda sheet: sheet.merge_cells("G2:G3"))
    assert of(found, "quantity") == [(3,), (1,)]
    found = made(("écran", "Dell", "P2419H", None, None, None, "=1+1"), rows[0])
    assert of(found, "quantity") == [(3,)]
    assert [each["why"] for each in found["left_out"]] == ["list.cell_uncomputed"]


@pytest.mark.parametrize(
    ("text", "mib"),
    [
        ("16 Go", 16384),
        ("2 x 8 GB", 16384),
        ("2*4Go", 8192),
        ("4+4 Go", 8192),
        ("8Go (2x4)", 8192),
        ("8 GB DDR4 2400", 8192),
        ("8,192 MB", 8192),
        ("16.384 Mo", 16384),
        ("1'024 Go", 1024 * 1024),
        ("16\u202f384 Mo", 16384),
        ("٨ Go", 8192),
        ("８ＧＢ", 8192),
        ("0,5 To", 524288),
        ("15,9 Go", 16282),
        ("1 To 7200 tr/min", 1024 * 1024),
        ("SSD 256", 262144),
        ("8192", 8192),
        ("500Go SSD + 1To HDD", None),
        ("4-8 Go", None),
        ("-8 Go", None),
        ("1,024 To", None),
        ("7.899 Go", None),
        ("16 Go (2x4)", None),
        ("i5 8 Go", None),
        ("huit", None),
    ],
)
def test_a_size_is_read_to_its_end_or_not_at_all(text, mib):
    assert read_size(text).mib == mib


WORDS = st.sampled_from(["portable", "écran", "grille-pain", "", "Total", "Latitude 5490", "HP", "8 Go", "512", "ABC12345", "x", "3"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[WORDS] * 7), min_size=1, max_size=12))
def test_every_row_is_a_machine_or_left_out(rows):
    text = ";".join(HEADINGS) + "\n" + "".join(";".join(row) + "\n" for row in rows)
    expected = [number for number, row in enumerate(rows, start=2) if any(row)]
    if not expected:
        return
    found = told(text.encode())
    assert sorted([each["row"] for each in found["machines"]] + [each["row"] for each in found["left_out"]]) == expected


def test_the_command_prints_what_an_import_would_store():
    answer = CliRunner().invoke(donor_list, ["read", str(SAMPLES / "xlsx-filtered-rows.xlsx"), "--json"])
    assert answer.exit_code == 0
    found = json.loads(answer.stdout)
    assert [each["serial"] for each in found["machines"]] == ["HID0001", "HID0003"]
    assert found["left_out"][0]["where"].endswith("!3")
