"""A donor's file becomes one table, whatever spreadsheet wrote it; what is no list is refused by what it is."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refurb.inventory.lists.columns import DeclaredColumn, guess, known_headings
from refurb.inventory.lists.rows import read_rows
from refurb.inventory.words.devices import DeviceKind
from refurb.spreadsheets.errors import MOST_ROWS, ListUnreadable
from refurb.spreadsheets.table import read_table
from tests.support.story import lists

ACCENTED = (("É-1", "Portable", "Dell", "Précision à 15″", "Ab1234", "8 Go", "1 To"),)


def kinds(content):
    table = read_table(content, known_headings)
    return [row.machine for row in read_rows(table, guess(table.headings, [cells for _, cells in table.rows])).rows]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_and_line_end(separator, end):
    assert [each.serial for each in kinds(lists.csv(separator=separator, end=end))] == ["7HXK2L3", "8HXK2L4", "CZC8123456"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_unicode(encoding):
    assert kinds(lists.csv(*ACCENTED, encoding=encoding))[0].model == "Précision à 15″"


@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman"])
def test_what_windows_and_old_macintosh_write(encoding):
    rows = [("É-1", "Téléphone", "Dell", "Modèle à écran", "Ab1234", "8 Go", "1 To")]
    assert [(each.tag, each.model) for each in kinds(lists.csv(*rows, encoding=encoding))] == [("É-1", "Modèle à écran")]


def test_a_first_line_that_tells_the_separator():
    assert len(kinds(b"sep=;\r\n" + lists.csv())) == 3


def test_line_ends_and_separators_within_quotes():
    content = b'Type;Modele;N Serie\r\nportable;"Latitude\r\n5490; gris";AB12345\r\n'
    assert [(each.model, each.serial) for each in kinds(content)] == [("Latitude 5490; gris", "AB12345")]


def test_a_workbook_with_titles_above_its_headings():
    above = (("Don de la mairie",), ("Relevé du", "12/03"), ())
    table = read_table(lists.xlsx(above=above), known_headings)
    assert (table.heading_row, table.headings[0], [number for number, _ in table.rows]) == (4, "N° inventaire", [5, 6, 7])


def test_numbers_stay_as_they_were_typed():
    made = kinds(lists.xlsx((12, "portable", "HP", 250, 40521377, 8, 256.0), (13, "portable", "HP", 250, 4.05213e15, "8,0 Go", "0,5 To")))
    assert [(each.tag, each.model, each.serial, each.ram_mb, each.storage_gb) for each in made] == [
        ("12", "250", "40521377", 8192, 256),
        ("13", "250", None, 8192, 512),
    ]


def test_an_opendocument_spreadsheet_with_a_million_blank_rows():
    assert [each.kind for each in kinds(lists.ods())] == [DeviceKind.LAPTOP, DeviceKind.LAPTOP, DeviceKind.DESKTOP]


def test_a_column_is_known_by_what_is_in_it():
    table = read_table(lists.csv(headings=("a", "b", "c", "d", "e", "f", "g")), known_headings)
    found = guess(table.headings, [cells for _, cells in table.rows])
    assert (found[DeclaredColumn.SERIAL], found[DeclaredColumn.KIND], found[DeclaredColumn.MANUFACTURER]) == (4, 1, 2)


def packed(**parts):
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return into.getvalue()


# Made when their turn comes: 90 MB are not for every process that only gathers tests.
REFUSED = (
    (lambda: b"", "list.empty"),
    (lambda: b" \r\n ", "list.empty"),
    (lambda: b"%PDF-1.7 x", "list.pdf"),
    (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "list.old_excel"),
    (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "list.not_a_list"),
    (lambda: b"bonjour", "list.no_table"),
    (lambda: b"PK\x03\x04" + b"0" * 400, "list.broken_workbook"),
    (lambda: lists.xlsx()[:3000], "list.broken_workbook"),
    (lambda: packed(readme_xml="<a/>"), "list.not_a_list"),
    (lambda: packed(content_xml='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "list.broken_workbook"),
    (lambda: packed(xl__workbook_xml="0" * 90_000_000), "list.too_big_inside"),
    (lambda: packed(**{"xl__workbook_xml": "<a/>", "xl__media__sheet1.png": "0" * 90_000_000}), "list.too_big_inside"),
    (lambda: lists.csv(headings=("Type", "Modèle"))[:14], "list.no_rows"),
    (lambda: b"Type;Modele\r\n;\r\n", "list.no_rows"),
    (lambda: b"Type;Modele\r\n" + b"portable;x\r\n" * (MOST_ROWS + 1), "list.too_long"),
    (lambda: b'Type;Modele\r\n"portable;x\r\n' + b"a;b\r\n" * 40_000, "list.too_long"),
    (lambda: b"0" * (13 * 2**20), "list.too_big"),
)


@pytest.mark.parametrize(("make", "code"), REFUSED, ids=[code for _, code in REFUSED])
def test_what_is_no_list_is_refused_by_what_it_is(make, code):
    with pytest.raises(ListUnreadable) as refused:
        read_table(make(), known_headings)
    assert refused.value.code == code


def test_a_small_workbook_that_asks_for_minutes_is_refused_at_once():
    cells = b"<row>" + b'<c t="inlineStr"><is><t>a</t></is></c>' * 150 + b"</row>"
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + cells * 9000
        + b"</sheetData></worksheet>"
    )
    slow = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(lists.xlsx())) as plain, zipfile.ZipFile(slow, "w", zipfile.ZIP_DEFLATED) as written:
        for name in plain.namelist():
            written.writestr(name, sheet if name.endswith("sheet1.xml") else plain.read(name))
    with pytest.raises(ListUnreadable) as refusal:
        read_table(slow.getvalue(), known_headings)
    assert refusal.value.code == "list.too_many_cells"


def test_a_workbook_of_elements_inside_one_another_is_refused_at_once():
    deep = packed(content_xml="<a>" + "<b>" * 300_000 + "</b>" * 300_000 + "</a>")
    with pytest.raises(ListUnreadable) as refusal:
        read_table(deep, known_headings)
    assert refusal.value.code == "list.broken_workbook"


def test_a_text_of_a_million_cells_is_refused_at_once():
    with pytest.raises(ListUnreadable) as refusal:
        read_table(b"Type;Marque\n" + (b"a;" * 200 + b"\n") * 4000, known_headings)
    assert refusal.value.code == "list.too_many_cells"


WHOLE = (lists.csv(encoding="utf-16"), lists.csv(encoding="cp1252"), lists.xlsx(), lists.ods())


@settings(max_examples=60, deadline=1000)
@given(st.sampled_from(WHOLE), st.data())
def test_a_damaged_file_is_read_or_refused_never_more(whole, data):
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = data.draw(st.sampled_from([whole[:at], whole[at:], whole[:at] + data.draw(st.binary(max_size=40)) + whole[at + 20 :]]))
    try:
        table = read_table(damaged, known_headings)
    except ListUnreadable:
        return
    read_rows(table, guess(table.headings, [cells for _, cells in table.rows]))


REAL = {
    "ereuse-export_devices.csv": (1, {"kind": "Device Type", "serial": "Device Serial Number", "ram": "RAM (MB)"}),
    "ereuse-placeholder_test.csv": (3, {"serial": "Serial Number", "tag": "Id device Internal"}),
    "ereuse-placeholder_test.xlsx": (3, {"serial": "Serial Number", "tag": "Id device Internal"}),
    "homebox-fields.csv": (3, {"model": "HB.name", "quantity": "HB.quantity"}),
    "homebox-types.csv": (3, {"model": "HB.name", "tag": "HB.asset_id"}),
    "shelf-asset-import-from-content.csv": (4, {"kind": "category", "serial": "cf: Serial number,type:text"}),
    "snipe-it-assets-sample-BAD.csv": (200, {"serial": "Serial", "tag": "Asset Tag", "model": "Model name"}),
    "snipe-it-assets-sample.csv": (22, {"tag": "Asset Tag", "model": "Model", "kind": "Category"}),
    "snipe-it-users-sample.csv": (100, {"note": "Notes"}),
}


@pytest.mark.parametrize("name", REAL)
def test_lists_of_real_tools(fixtures, name):
    table = read_table((fixtures / "migration" / name).read_bytes(), known_headings)
    found = {column.value: table.headings[at] for column, at in guess(table.headings, [cells for _, cells in table.rows]).items()}
    count, expected = REAL[name]
    assert len(table.rows) == count
    assert {column: found.get(column) for column in expected} == expected


def test_a_real_template_without_machines_says_so(fixtures):
    with pytest.raises(ListUnreadable) as refused:
        read_table((fixtures / "migration" / "emmaus-modele_import_pc_v2.xlsx").read_bytes(), known_headings)
    assert refused.value.code == "list.no_rows"


def test_the_same_template_filled_in(fixtures):
    headings = (
        "Numéro Lot",
        "Identifiant unique",
        "Type matériel",
        "Constructeur",
        "Model",
        "N° Serie",
        "Processeur",
        "Type disque 1",
        "Taille disque 1",
        "Type disque 2",
        "taille disque 2",
        "RAM",
        "DVD",
        "Webcam",
        "ECRAN",
        "REMARQUES",
        "Grade esth.",
        "Catégorie",
    )
    row = (
        "L1",
        "EC-77",
        "Portable",
        "LENOVO",
        "ThinkPad T480",
        "PF1ABCDE",
        "i5-8350U",
        "SSD",
        "256 GB",
        "",
        "",
        "16 GB",
        "",
        "oui",
        "14",
        "rayé",
        "B",
        "Cat 2",
    )
    made = kinds(lists.xlsx(row, headings=headings, above=(("Désignation du don",), ("champ obligatoire",), ())))[0]
    assert (made.kind, made.tag, made.manufacturer, made.serial) == (DeviceKind.LAPTOP, "EC-77", "Lenovo", "PF1ABCDE")
    assert (made.ram_mb, made.storage_gb, made.note) == (16384, 256, "rayé")
