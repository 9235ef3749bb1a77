"""Labels: each one is read back from its print, has the size it should have, and says nothing of anybody."""

from contextlib import closing
from dataclasses import fields, replace
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageOps
from pypdf import PdfReader

from refurb.inventory.labels import drawing as labels
from refurb.inventory.labels.formats import label_formats
from refurb.kernel.speech.codes import address, new_code, spell

SHEET = label_formats()["a4-3x8"]
TAPE = label_formats()["ruban-62"]
DPI = 203
MODELS = ("HP EliteBook 840 G5", "Malle Robots mBot n° 3", "Apple MacBook Pro 15 pouces Retina, milieu 2015, argent")


def label(number=0, host="https://relais.example"):
    code = new_code()
    return labels.Label(
        code=code,
        url=address(code, host),
        title=MODELS[number % len(MODELS)],
        facts=("i5", "16 Go", "256 Go"),
        organisation="Le Relais numérique",
        help_line="Besoin d'aide ? Scannez.",
    )


def printed(pdf, page=0, dpi=DPI):
    """The page as a thermal printer lays it down: dots, black or white."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        return document[page].render(scale=dpi / 72).to_pil().convert("1", dither=Image.Dither.NONE).convert("L")


def cell_of(picture, label_format, cell, dpi=DPI):
    left, top = label_format.corner(cell)
    width, height = label_format.cell
    return picture.crop([round(each * dpi / 25.4) for each in (left, top, left + width, top + height)])


def read(picture):
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def told(pdf):
    plain = str.maketrans({"\u202f": " ", "\u00a0": " ", "’": "'"})
    return [page.extract_text().translate(plain) for page in PdfReader(BytesIO(pdf)).pages]


def qr_box(picture):
    """Where the dark modules are, in dots: left, top, right, bottom."""
    (found,) = zxingcpp.read_barcodes(picture)
    where = found.position
    corners = (where.top_left, where.top_right, where.bottom_right, where.bottom_left)
    return (
        min(point.x for point in corners),
        min(point.y for point in corners),
        max(point.x for point in corners),
        max(point.y for point in corners),
    )


def test_every_cell_of_a_full_sheet_is_read_back():
    wanted = [label(number) for number in range(24)]
    picture = printed(labels.sheet(wanted, SHEET))
    assert [read(cell_of(picture, SHEET, cell)) for cell in range(24)] == [[each.url] for each in wanted]


def test_every_label_of_a_roll_is_read_back():
    wanted = [label(number) for number in range(6)]
    pdf = labels.roll(wanted, TAPE)
    assert [read(printed(pdf, page)) for page in range(6)] == [[each.url] for each in wanted]


@pytest.mark.parametrize("host", ["http://127.0.0.1:8000", "https://materiel.centre-social-du-civraisien-en-poitou.example"])
def test_a_short_and_a_long_address_are_read_back(host):
    wanted = label(host=host)
    assert read(cell_of(printed(labels.sheet([wanted], SHEET)), SHEET, 0)) == [wanted.url]
    assert read(printed(labels.roll([wanted], TAPE))) == [wanted.url]


def test_an_address_in_lower_case_is_printed_in_capitals_to_stay_small():
    wanted = label()
    assert read(printed(labels.roll([replace(wanted, url=wanted.url.lower().replace(wanted.code.lower(), wanted.code))], TAPE))) == [
        wanted.url
    ]


def test_the_sheet_begins_at_the_first_free_cell_and_goes_on_to_the_next():
    wanted = [label(number) for number in range(24)]
    pdf = labels.sheet(wanted, SHEET, first_cell=22)
    first, second = printed(pdf, 0), printed(pdf, 1)
    assert [read(cell_of(first, SHEET, cell)) for cell in range(24)] == [[]] * 22 + [[wanted[0].url], [wanted[1].url]]
    assert [read(cell_of(second, SHEET, cell)) for cell in range(24)] == [[each.url] for each in wanted[2:]] + [[]] * 2
    assert ImageOps.invert(first.crop((0, 0, first.width, first.height * 7 // 8))).getbbox() is None


def test_a_label_says_the_code_the_model_the_facts_the_help_and_the_organisation():
    wanted = label()
    for (text,) in (told(labels.sheet([wanted], SHEET)), told(labels.roll([wanted], TAPE))):
        one_line = " ".join(text.split())
        for part in (spell(wanted.code), "HP EliteBook 840 G5", "i5 · 16 Go · 256 Go", "Besoin d'aide ? Scannez.", "Le Relais numérique"):
            assert part in one_line


def test_a_label_has_no_place_for_a_donor_a_donation_or_a_beneficiary():
    assert [field.name for field in fields(labels.Label)] == ["code", "url", "title", "facts", "organisation", "help_line"]
    wanted = label()
    said = {spell(wanted.code), wanted.title, *wanted.facts, wanted.organisation, wanted.help_line, "·"}
    allowed = set(" ".join(said).split())
    for (text,) in (told(labels.sheet([wanted], SHEET)), told(labels.roll([wanted], TAPE))):
        assert set(text.split()) <= allowed


@pytest.mark.parametrize(("made", "side"), [(SHEET, 20), (TAPE, 21)])
def test_the_qr_has_its_size_and_four_white_modules_around(made, side):
    dpi = 600
    pdf = labels.sheet([label()], made) if made.kind == "sheet" else labels.roll([label()], made)
    picture = cell_of(printed(pdf, dpi=dpi), made, 0, dpi)
    left, top, right, bottom = qr_box(picture)
    assert (right - left) / dpi * 25.4 == pytest.approx(side, abs=0.15)
    assert (bottom - top) / dpi * 25.4 == pytest.approx(side, abs=0.15)
    quiet = round(4 * (right - left) / 25) - 2
    dark = ImageOps.invert(picture)
    edge = 3
    for band in (
        (max(0, left - quiet), max(0, top - quiet), left - edge, bottom + quiet),
        (right + edge, max(0, top - quiet), right + quiet, bottom + quiet),
        (left, max(0, top - quiet), right, top - edge),
        (left, bottom + edge, right, bottom + quiet),
    ):
        assert dark.crop(band).getbbox() is None, band


@pytest.mark.parametrize(("made", "size"), [(SHEET, (210, 297)), (TAPE, (62, 37))])
def test_pages_have_the_size_of_the_paper(made, size):
    pdf = labels.sheet([label()], made) if made.kind == "sheet" else labels.roll([label()], made)
    box = PdfReader(BytesIO(pdf)).pages[0].mediabox
    assert (float(box.width) / 72 * 25.4, float(box.height) / 72 * 25.4) == pytest.approx(size, abs=0.01)


def test_words_without_end_stay_inside_the_label():
    endless = replace(label(), title="W" * 200, facts=("M" * 90, "16 Go"), organisation="O" * 90, help_line="Q" * 90)
    picture = printed(labels.sheet([endless], SHEET, first_cell=4))
    inside = cell_of(picture, SHEET, 4)
    dark = ImageOps.invert(inside).getbbox()
    assert dark[2] < inside.width - 4 * DPI / 25.4
    assert dark[1] > 1 * DPI / 25.4
    assert dark[3] < inside.height - 1 * DPI / 25.4
    assert read(inside) == [endless.url]
    tape = printed(labels.roll([endless], TAPE))
    assert read(tape) == [endless.url]
    assert ImageOps.invert(tape).getbbox()[2] <= tape.width - 3 * DPI / 25.4


def test_a_fact_that_does_not_fit_is_left_out_whole():
    crowded = replace(label(), facts=("Core i7-8650U", "32 Go de mémoire vive", "SSD de 512 Go", "clavier AZERTY rétroéclairé"))
    (text,) = told(labels.roll([crowded], TAPE))
    assert "Core i7-8650U" in text
    assert "clavier" not in text


def test_the_same_labels_give_the_same_bytes():
    wanted = [label(number) for number in range(30)]
    assert labels.sheet(wanted, SHEET, 3) == labels.sheet(wanted, SHEET, 3)
    assert labels.roll(wanted, TAPE) == labels.roll(wanted, TAPE)


@pytest.mark.parametrize("made", [SHEET, TAPE])
def test_every_font_of_a_label_is_embedded(made):
    pdf = labels.sheet([label()], made) if made.kind == "sheet" else labels.roll([label()], made)
    for each in PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values():
        font = each.get_object()
        descriptor = font.get("/FontDescriptor") or font["/DescendantFonts"][0]["/FontDescriptor"]
        assert "/FontFile2" in descriptor.get_object()


@pytest.mark.parametrize("made", [SHEET, TAPE])
def test_the_test_sheet_has_a_ruler_of_fifty_millimetres(made):
    dpi = 600
    pdf = labels.test_sheet(made)
    assert "Ce trait mesure 50 mm." in " ".join(told(pdf)[0].split())
    picture = ImageOps.invert(printed(pdf, dpi=dpi))
    middle = made.columns // 2 + made.columns * (made.rows // 2)
    left, top = made.corner(middle)
    y = top + made.cell[1] / 2
    line = picture.crop([round(each * dpi / 25.4) for each in (left + 1, y - 0.1, left + made.cell[0] - 1, y + 0.1)])
    ink = line.getbbox()
    assert (ink[2] - ink[0]) / dpi * 25.4 == pytest.approx(50, abs=0.3)


def test_a_label_whose_address_leads_elsewhere_is_refused():
    with pytest.raises(ValueError, match="no address of"):
        replace(label(), code=new_code())


def test_an_address_that_would_not_stay_small_is_refused():
    with pytest.raises(ValueError, match="no address of"):
        labels.Label("R7K24MXQ", "https://relais.example/s?c=/R7K24MXQ", "", (), "", "")


def test_nothing_to_print_is_refused():
    with pytest.raises(ValueError, match="0 labels"):
        labels.sheet([], SHEET)
    with pytest.raises(ValueError, match="no label"):
        labels.roll([], TAPE)


@pytest.mark.parametrize("cell", [-1, 24])
def test_a_first_cell_off_the_sheet_is_refused(cell):
    with pytest.raises(ValueError, match="from cell"):
        labels.sheet([label()], SHEET, cell)
