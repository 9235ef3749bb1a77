"""The PDF of a paper: what it says, that it can be checked, and that nothing breaks it."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.lib.units import mm

from refurb.documents.content import Claim, Column, Content, Heading, Paragraph, Signature, Signatures, Table, from_json, sha256, to_json
from refurb.documents.page import render
from refurb.documents.wording import printed_address
from tests.directory.letterhead.pictures import png
from tests.documents.papers import DONATION, RELAIS, drawn_signature, erasures, printed, scanned, words


def fonts(pdf):
    found = {}
    for page in PdfReader(BytesIO(pdf)).pages:
        for each in page["/Resources"]["/Font"].values():
            font = each.get_object()
            descriptor = font.get("/FontDescriptor") or font["/DescendantFonts"][0]["/FontDescriptor"]
            found[font["/BaseFont"]] = "/FontFile2" in descriptor.get_object()
    return found


def test_the_paper_says_all_of_its_content_in_order():
    (page,) = words(printed(DONATION))
    told = [
        "AD-2026-0017",
        "Attestation de don",
        "page 1 sur 1",
        "Le Relais numérique",
        "12 rue des Feuillants, 86000 Poitiers · SIRET 812 345 678 00019",
        "Poitiers, le 13 novembre 2026",
        "L'Atelier d'Œuvres & Fils",
        "Matériels reçus",
        "Quantité",
        "Portable HP EliteBook 840 G5 5CG8421QK7 30",
        "Écran Iiyama 24 pouces 1159402 12",
        "Total 42",
        "Données",
        "Les supports ont été effacés : voir AE-2026-0112.",
        "ne constitue pas un reçu fiscal",
        "Pour Le Relais numérique",
        "Hélène Charrier",
        "Acceptation du don",
        "Décision n° 2026-41",
        "relais.example/v/AD-2026-0017",
    ]
    positions = [page.index(each) for each in told]
    assert positions == sorted(positions)


def test_the_digest_is_printed_whole_in_groups_of_four():
    (page,) = words(printed(DONATION))
    digest = sha256(DONATION)
    assert " ".join(digest[at : at + 4] for at in range(0, 64, 4)) in page


def test_the_seal_is_read_at_203_dots_per_inch():
    assert scanned(printed(DONATION)) == ["https://relais.example/v/AD-2026-0017"]


def test_the_same_content_gives_the_same_bytes():
    assert printed(DONATION) == printed(DONATION)
    assert printed(erasures(40)) == printed(erasures(40))


def test_every_font_is_embedded():
    embedded = fonts(printed(DONATION))
    assert len(embedded) == 4
    assert all(embedded.values()), embedded


def test_readers_are_told_title_author_language_and_date():
    reader = PdfReader(BytesIO(printed(DONATION)))
    assert reader.metadata.title == "Attestation de don AD-2026-0017"
    assert reader.metadata.author == "Le Relais numérique"
    assert reader.metadata.creation_date.date() == DONATION.issued_on
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]


def test_a_long_table_repeats_its_head_and_never_cuts_a_row():
    content = erasures(60)
    pages = words(printed(content))
    rows = content.blocks[1].rows
    assert len(pages) >= 3
    holding = [page for page in pages if "SERIAL0" in page]
    assert len(holding) >= 3
    assert all("N° de série Support Méthode Résultat" in page for page in holding)
    for serial, medium, method, result in rows:
        row = f"{serial} {medium}"
        (page,) = [page for page in pages if serial in page]
        following = page[page.index(serial) :]
        cells = re.split(r"SERIAL\d{5}|Total|AE-2026", following)[1]
        assert row in page
        assert cells.count("une passe") == method.count("une passe"), "a row was cut"
        assert result in cells


@pytest.mark.parametrize("count", range(1, 40, 3))
def test_the_total_never_stands_without_a_row_and_the_seal_never_without_the_signature(count):
    pages = words(printed(erasures(count)))
    (with_total,) = [page for page in pages if re.search(r"Total \d+ supports", page)]
    assert f"SERIAL{count - 1:05d}" in with_total
    assert "Établi sur déclaration" in pages[-1]
    assert "Samira Benali-Lagarde" in pages[-1]
    assert "Empreinte SHA-256" in pages[-1]


def test_each_page_bears_the_number_and_its_place():
    pages = words(printed(erasures(60)))
    for number, page in enumerate(pages, start=1):
        assert page.startswith(f"AE-2026-0112 Attestation d'effacement page {number} sur {len(pages)}")


def test_what_became_of_a_paper_stands_on_each_page():
    pages = words(printed(erasures(60), status_note="Annulé et remplacé par AE-2026-0118"))
    assert all(page.startswith("Annulé et remplacé par AE-2026-0118") for page in pages)


def test_signs_without_a_letter_leave_no_black_box():
    content = replace(DONATION, blocks=(Paragraph("Rémi 🎉, ½ journée, Şükrü Öztürk, 李, e\u0301té, ☑ fait\u200d!"),))
    (page,) = words(printed(content))
    assert "Rémi, ½ journée, Şükrü Öztürk, ?, été, fait!" in page


def test_apostrophes_and_spaces_are_set_as_french_wants():
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(printed(DONATION))).pages)
    assert "L’Atelier d’Œuvres" in text
    assert "«\u202fannule et remplace\u202f»" in text
    assert "5CG8421QK7" in text


def test_an_english_paper_keeps_its_own_spacing():
    content = replace(DONATION, language="en", lead="Received: 42 units; see below.", blocks=(), title="Certificate")
    text = PdfReader(BytesIO(printed(content))).pages[0].extract_text()
    assert "Received: 42 units; see below." in text
    assert "November" in text


def test_words_without_end_stay_on_the_page():
    long = "Saint-" + "Llanfairpwllgwyngyll" * 8
    table = Table("T", tuple(Column(f"Colonne {n}") for n in range(9)), ((long,) * 9, ("court",) * 9))
    content = replace(DONATION, lead=long, title=long, blocks=(Heading(long), table, Signatures((Signature(long, long),))))
    pages = words(printed(content))
    assert "".join(long.split()) in "".join("".join(pages).split())


def test_the_sum_of_a_report_stands_on_one_line():
    columns = (Column("N°", "end"), Column("Outil"), Column("Déposé le"), Column("Empreinte SHA-256 du rapport", mono=True))
    table = Table("Rapports", columns, tuple((str(n), "ShredOS nwipe 0.42.1", "30/11/2026", f"{n}d" * 32) for n in range(1, 7)))
    (page,) = PdfReader(BytesIO(printed(replace(DONATION, blocks=(table,))))).pages
    assert [n for n in range(1, 7) if f"{n}d" * 32 in page.extract_text()] == [1, 2, 3, 4, 5, 6]


def test_a_cell_longer_than_a_page_goes_on_over_several():
    table = Table("T", (Column("Nom"), Column("Observations")), (("A", "mot " * 3000), ("B", "fin")))
    pages = words(printed(replace(DONATION, blocks=(table,))))
    assert len(pages) > 2
    assert sum(page.count("mot") for page in pages) == 3000


def test_a_missing_signature_stops_the_issue():
    with pytest.raises(ValueError, match="drawn"):
        render(DONATION, verify_url="https://relais.example/v/1", digest="0" * 64, images={})


def test_the_accent_is_only_in_the_mark():
    told = {"verify_url": "https://relais.example/v/1", "digest": "0" * 64, "images": {"drawn": drawn_signature()}}
    ours, plum = render(DONATION, **told), render(replace(DONATION, accent="#7A1F5C"), **told)
    assert plum != ours
    assert words(plum) == words(ours)


def test_the_logo_stands_in_the_place_of_our_mark():
    told = {"verify_url": "https://relais.example/v/1", "digest": "0" * 64}
    content = replace(DONATION, logo="logo")
    pdf = render(content, images={"drawn": drawn_signature(), "logo": png()}, **told)
    assert len(PdfReader(BytesIO(pdf)).pages[0].images) == 1 + len(PdfReader(BytesIO(printed(DONATION))).pages[0].images)
    assert words(pdf) == words(render(DONATION, images={"drawn": drawn_signature()}, **told))
    with pytest.raises(ValueError, match="logo"):
        render(content, images={"drawn": drawn_signature()}, **told)


def test_what_is_seen_and_says_nothing_is_frozen_only_where_there_is_any():
    assert not {"logo", "accent"} & to_json(DONATION).keys()
    seen = replace(DONATION, logo="0" * 64, accent="#7A1F5C")
    assert from_json(to_json(seen)) == seen


def test_a_drawn_signature_is_in_the_file():
    images = PdfReader(BytesIO(printed(DONATION))).pages[0].images
    assert [image.image.size for image in images] == [(400, 120)]
    assert drawn_signature()


@pytest.mark.parametrize(
    ("url", "typed"),
    [
        ("https://relais.example/v/AD-2026-0017", "relais.example/v/AD-2026-0017"),
        ("HTTPS://RELAIS.EXAMPLE/V/AD-2026-0017", "relais.example/v/AD-2026-0017"),
        ("http://127.0.0.1:8000/v/7f3kQ", "127.0.0.1:8000/v/7f3kQ"),
    ],
)
def test_the_address_is_printed_as_one_types_it(url, typed):
    assert printed_address(url) == typed


def test_what_is_signed_is_on_no_page_of_its_own():
    for count in range(18, 34):
        rows = tuple((f"SERIAL{at:05d}",) for at in range(count))
        closing = (Claim("Ce n'est pas un reçu fiscal."), Signatures((Signature("Pour nous", "Hélène"),)))
        content = replace(DONATION, blocks=(Table("Matériels", (Column("N° de série"),), rows), *closing))
        assert "SERIAL" in words(printed(content))[-1], count


def test_an_address_stands_in_the_window_of_an_envelope_and_the_text_below_it():
    """DL, window at the right: from 45 to 90 mm below the top of the page, 10 mm from its right edge."""
    to = ("Société coopérative Menuiseries Bâtard-Fontenille & Associés du Civraisien en Poitou", "4 zone artisanale", "86400 Civray")
    letter = Content("", "Invitation", "", date(2026, 11, 13), RELAIS, "Venez nombreux.", ())
    (page,) = PdfReader(BytesIO(render(letter, verify_url=None, digest="", images={}, to=to))).pages
    found = []
    page.extract_text(visitor_text=lambda text, _cm, tm, _font, _size: found.append((text.strip(), tm[4] / mm, 297 - tm[5] / mm)))
    inside = [text for text, left, down in found if text and left >= 110 and 45 <= down <= 90]
    assert "86400 Civray" in inside
    assert len(inside) == 5, "the long name takes three lines"
    assert [down > 85 for text, _left, down in found if text == "Venez nombreux."] == [True]
