"""A paper for whoever does not see it, and for an archive: tagged for what it is, whole after norms, and with its data beside it."""

import re
from dataclasses import replace

import pytest

from refurb.documents import page
from refurb.documents.actions import issue
from refurb.documents.content import Column, Content, Facts, Heading, Listed, Paragraph, Sides, Signature, Signatures, Table
from refurb.documents.models import PaperKind
from refurb.documents.page import render
from refurb.documents.queries import changed_papers
from refurb.documents.views import paper_pdf
from refurb.documents.wording import twin
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.directory.letterhead.pictures import png
from tests.documents.papers import DONATION, RELAIS, drawn_signature, erasures, printed, words
from tests.documents.test_issue import DRAFT, subject
from tests.documents.test_signed_code import code_of
from tests.documents.test_twin import letters, paper, text_of  # noqa: F401 - `paper` is a fixture
from tests.support.tagged import attached, faults, leaves, told

LONG = "Communauté d'agglomération du Grand-Châtellerault-Sur-Vienne-Et-Creuse " * 3
NAMES = ["محمد الأمين بن يوسف", "דניאל כהן", "அருண் குமார்", "Đặng Thị Hương", "Олена Шевченко"]
EVERY_LETTER = replace(
    DONATION,
    title=f"Attestation {LONG}".strip(),
    lead=f"Reçu de {NAMES[0]}, <& {LONG}",
    strong=(NAMES[0],),
    blocks=(
        Facts((("Donateur", NAMES[0]), (LONG, NAMES[1]))),
        Heading(LONG),
        Table("Noms", (Column("Nom"), Column("Quantité", "end")), tuple((name, "1") for name in (*NAMES, LONG, ""))),
        Signatures((Signature(NAMES[2], NAMES[0], note=LONG), Signature("Pour nous", room=True), Signature("Témoin", NAMES[3]))),
    ),
)

PAIRS = replace(
    DONATION,
    blocks=(
        Sides(Listed("Le support", (("Type", "SSD"), ("Modèle", LONG))), Listed("La machine", (("Modèle", NAMES[0]),))),
        Heading("Supports"),
        *(
            Sides(Listed("", (("N° de série", f"WD-{at}"),)), Listed("", (("Outil", "nwipe"), ("Fin", "hier"))), f"{at}. SSD")
            for at in range(9)
        ),
        Facts((("Don", "DN-2026-0031"),), small=True),
        Table("Appareils sans support", (Column("Type"), Column("N° de série", mono=True)), ()),
    ),
)


def test_each_part_is_told_as_what_it_is():
    whole = told(printed(DONATION))
    assert whole.kind == "Document"
    opening, seal = ["P"] * 5, ["Figure", "P", "P", "P", "P", "P"]
    signatures = ["P", "P", "Figure", "P", "P", "P"]
    assert whole.outline == [*opening, "H1", "P", "H2", "Table", "H2", "P", "P", *signatures, *seal]
    assert [each.words for kind in ("H1", "H2") for each in whole.all(kind)] == ["Attestation de don", "Matériels reçus", "Données"]
    assert [each.text for each in whole.all("Figure")] == ["Signature de Hélène Charrier", "Code à scanner pour vérifier ce document"]
    listed = told(printed(erasures(1))).all("L")
    assert [[kid.kind for kid in item.kids] for item in listed[0].kids] == [["Lbl", "LBody"]] * 2
    assert [item.words for item in listed[0].kids] == ["Don DN-2026-0031", "Outil nwipe 0.36"]


@pytest.mark.parametrize("count", [1, 200])
def test_a_table_is_told_cell_by_cell_and_its_head_once(count):
    content = erasures(count)
    (table,) = told(printed(content)).all("Table")
    head, body, foot = (part.all("TR") for part in table.kids)
    assert [part.kind for part in table.kids] == ["THead", "TBody", "TFoot"]
    (named,) = head
    assert [(cell.kind, cell.said["Scope"], cell.words) for cell in named.kids] == [
        ("TH", "/Column", label) for label in ("N° de série", "Support", "Méthode", "Résultat")
    ]
    assert [[letters(cell.words) for cell in row.kids] for row in body] == [
        [letters(cell) for cell in row] for row in content.blocks[1].rows
    ]
    (total,) = foot
    assert [(cell.kind, cell.words) for cell in total.kids] == [("TH", "Total"), ("TD", f"{count} supports")]
    assert total.kids[0].said == {"O": "/Table", "Scope": "/Row", "ColSpan": 3}


def test_of_two_lists_side_by_side_the_left_one_is_read_first():
    whole = told(printed(PAIRS))
    assert [each.words for kind in ("H2", "H3") for each in whole.all(kind)][:4] == [
        "Le support",
        "La machine",
        "Supports",
        "Appareils sans support",
    ]
    assert [each.words for each in whole.all("H3")] == [f"{at}. SSD" for at in range(9)]
    first, second, *_others = whole.all("L")
    assert [item.words for item in first.kids] == ["Type SSD", f"Modèle {LONG.strip()}"]
    assert [item.kids[0].words for item in second.kids] == ["Modèle"]


def test_a_table_without_a_row_has_no_empty_body():
    (table,) = told(printed(PAIRS)).all("Table")
    assert [(part.kind, [cell.kind for cell in part.kids]) for part in table.kids] == [("TR", ["TH", "TH"])]


def test_a_cell_that_fills_pages_stays_one_cell():
    table = Table("T", (Column("Nom"), Column("Observations")), (("A", "mot " * 3000), ("B", "fin")))
    (read,) = told(printed(replace(DONATION, blocks=(table,)))).all("TBody")
    assert [cell.words for row in read.kids for cell in row.kids] == ["A", " ".join(["mot"] * 3000), "B", "fin"]


@pytest.mark.parametrize("content", [DONATION, erasures(3), EVERY_LETTER, PAIRS], ids=["figures", "table", "letters", "pairs"])
def test_what_is_read_aloud_is_what_the_twin_says_in_its_order(paper, content):  # noqa: F811 - the fixture
    shown = twin(content)
    markup = "".join(map(str, (paper.head(shown), f" {shown['title']} ", paper.content(shown, {"drawn": "/signature.png"}))))
    on_screen = re.sub(r'<img[^>]* alt="([^"]*)"[^>]*>', r"\1", re.sub(r"<caption.*?</caption>", "", markup))
    read = letters(told(printed(content)).words)
    assert read[: len(letters(text_of(on_screen)))] == letters(text_of(on_screen))


def test_words_at_the_end_of_a_line_are_not_read_as_one():
    text = "Nous attestons avoir reçu des ordinateurs portables en bon état de marche. " * 4
    (lead,) = [each for each in told(printed(replace(DONATION, lead=text, strong=()))).all("P") if each.words.startswith("Nous")]
    assert lead.words == text.strip()


def test_letters_that_run_leftwards_are_read_as_they_are_spelled():
    (table,) = told(printed(EVERY_LETTER)).all("TBody")
    assert [row.kids[0].words for row in table.kids][:5] == NAMES


CASES = {
    "figures": lambda: printed(DONATION),
    "code": lambda: printed(erasures(30), code=code_of(erasures(30))),
    "logo": lambda: render(
        replace(DONATION, logo="logo"),
        verify_url="https://r.example/v/1", digest="0" * 64, images={"drawn": drawn_signature(), "logo": png()},
    ),
    "many": lambda: printed(erasures(200), status_note="Annulé et remplacé par AE-2026-0118"),
    "letters": lambda: printed(EVERY_LETTER),
    "pairs": lambda: printed(PAIRS),
    "to sign": lambda: render(erasures(1), verify_url=None, digest="0" * 64, images={}, status_note="À signer · sans numéro"),
    "letter": lambda: render(
        Content("", "Votre appareil", "", DONATION.issued_on, RELAIS, None, (Paragraph("Venez."),), "ar"),
        verify_url=None, digest="", images={}, leads_to="https://r.example/m/1",
    ),
    "window": lambda: render(
        Content("", "Invitation", "", DONATION.issued_on, RELAIS, "Venez.", ()),
        verify_url=None, digest="", images={}, to=("Nguyễn Thị Bích Ngọc", "12 rue des Feuillants", "86000 Poitiers"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_norms_find_no_fault(case):
    assert faults(CASES[case]()) == []


def test_a_page_that_says_nothing_about_itself_is_found_out():
    """That the judge judges: the same paper without its tags, and with a figure that nobody can read."""
    pdf = render(erasures(1), verify_url=None, digest="0" * 64, images={})
    assert faults(pdf.replace(b"pdfuaid:part>1", b"pdfuaid:part>2"))
    assert faults(pdf.replace(b"pdfaid:conformance>A", b"pdfaid:conformance>B"))


def test_what_became_of_a_paper_is_read_once_and_first():
    whole = told(printed(erasures(60), status_note="Annulé et remplacé par AE-2026-0118"))
    assert whole.kids[0].words == "Annulé et remplacé par AE-2026-0118"
    assert whole.words.count("Annulé et remplacé par") == 1
    assert "page 1 sur" not in whole.words


@pytest.mark.parametrize("content", [DONATION, erasures(200), EVERY_LETTER], ids=["figures", "table", "letters"])
def test_nothing_is_attached_that_is_not_printed(content):
    pdf = printed(content, status_note="Copie")
    name, data = attached(pdf)
    assert name == f"{content.reference}.json"
    assert data.pop("issued_on") == content.issued_on.isoformat()
    seen = letters(told(pdf).words + content.title + content.reference)
    assert [leaf for leaf in leaves(data) if letters(leaf) not in seen] == []
    assert data["sha256"]
    assert "drawn" not in leaves(data)
    tables = [block["rows"] for block in data["blocks"] if block["type"] == "table"]
    assert tables == [[list(row) for row in block.rows] for block in content.blocks if isinstance(block, Table)]


def test_a_caption_that_is_not_printed_is_not_attached():
    table = Table("Autre titre", (Column("A"),), (("1",),))
    data = attached(printed(replace(DONATION, blocks=(Heading("Titre"), table, table))))[1]
    assert [block.get("caption") for block in data["blocks"]] == [None, None, "Autre titre"]


def test_a_paper_of_before_stays_as_it_was_issued(context, monkeypatch):
    with monkeypatch.context() as before, unit_of_work():
        before.setattr(page, "render", lambda *_content, **_told: b"%PDF-1.4 as it was drawn then")
        old = issue(SERVICE, PaperKind.DONATION, subject(), DRAFT)
    assert paper_pdf(old).data == b"%PDF-1.4 as it was drawn then"
    assert list(changed_papers()) == []
    with unit_of_work():
        fresh = issue(SERVICE, PaperKind.DONATION, subject(), DRAFT, replaces=old)
    assert faults(paper_pdf(fresh).data) == []
    assert words(paper_pdf(fresh).data)
