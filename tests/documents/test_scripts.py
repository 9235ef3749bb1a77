"""Names in any letters: drawn as they were entered, or the spelling of the identity paper is asked for."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from refurb.documents import scripts, typeset
from refurb.documents.actions import CannotBeWritten, Draft, issue
from refurb.documents.content import from_json
from refurb.documents.models import Paper, PaperKind
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.story import people

NAMES = [
    "Đặng Thị Hương",
    "Nguyễn Văn Đạt",
    "محمد الأمين بن يوسف",
    "Олена Шевченко",
    "Ελένη Παππά",
    "გიორგი ბერიძე",
    "அருண் குமார்",
    "Aïssatou Ɓalde",
    "Ọ́láwálé Adé",
    "דניאל כהן",
    "Դավիթ Պետրոսյան",
    "अमित शर्मा",
    "ተስፋዬ ገብረ",
    "ⵎⵓⵃⴰ ⴰⵎⵖⴰⵔ",
]


def drawn(text: str, room: float = 400, strong: tuple[str, ...] = ()) -> str:
    """The text set in lines, as a reader of the PDF copies it."""
    typeset.use_fonts()
    file = BytesIO()
    canvas = Canvas(file, invariant=1, initialFontName=typeset.REGULAR)
    for at, line in enumerate(typeset.lines(text, typeset.REGULAR, 11, room, strong=strong)):
        assert line.width <= room + 0.02
        typeset.draw_line(canvas, line, 11, 20, 800 - 20 * at)
    canvas.save()
    return " ".join(PdfReader(file).pages[0].extract_text().split())


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_drawn_as_it_was_entered(name):
    assert typeset.undrawn(name) == ""
    assert name in drawn(f"Remis à {name}, ce jour.")
    assert name in drawn(f"Remis à {name}, ce jour.", strong=(name,))


def test_the_names_that_came_as_question_marks():
    lines = Path(__file__).with_name("cases").joinpath("names-on-papers.txt").read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if not line.startswith("#")]
    assert {name: typeset.undrawn(name) for name in names if typeset.undrawn(name)} == {"李明": "李明"}, "for that one the clerk is asked"
    seen = {name: drawn(f"Remis à {name}, ce jour.") for name in names if name != "李明"}
    assert [name for name, line in seen.items() if typeset.without_pictures(name) not in line or "?" in line] == []


def test_letters_that_join_are_joined_and_run_leftwards():
    alone = {glyph.number for letter in "محمد" for glyph in scripts._shaped(letter, "NotoSansArabic-Regular")[0]}
    glyphs = scripts._shaped("محمد", "NotoSansArabic-Regular")[0]
    assert glyphs[-1].number not in alone, "the first letter stands last, and in the form that it has at a beginning"
    assert [glyph.x for glyph in glyphs] == sorted(glyph.x for glyph in glyphs)


def test_words_that_run_leftwards_keep_their_order_in_a_french_line():
    broken = typeset.lines("Remis à محمد بن يوسف ce jour", typeset.REGULAR, 11, 400)
    assert [part.text.strip() for part in broken[0].pieces] == ["Remis à", "محمد بن يوسف", "ce jour"]


def test_what_needs_other_letters_somewhere_is_in_one_face():
    broken = typeset.lines("prête à Sékou Ŋgoma", typeset.REGULAR, 11, 400, strong=("Sékou Ŋgoma",))
    assert [part.font for part in broken[0].pieces if part.text.strip()] == [typeset.REGULAR, "NotoSans-Bold"]


def test_a_long_name_is_cut_where_it_must():
    drawn("محمد" * 40, room=80)
    drawn("Ŋgoma" * 40, room=80)


def test_signs_of_measure_stay():
    assert "≥ 8 Go" in drawn("Mémoire ≥ 8 Go")


@pytest.mark.parametrize(("name", "left"), [("李明", "李明"), ("Marie 李", "李"), ("Zoé 🎮", ""), ("№ ﬁn", ""), ("Marie\u1ab0", "\u1ab0")])
def test_what_no_font_has_is_known(name, left):
    assert typeset.undrawn(name) == left


def test_a_paper_is_not_issued_with_letters_that_it_cannot_write(context):
    subject = people.organisation("CCAS")
    with unit_of_work():
        first = issue(SERVICE, PaperKind.LOAN, subject, Draft("Convention de prêt", "À Marie", ()))
    with pytest.raises(CannotBeWritten) as refused, unit_of_work():
        issue(SERVICE, PaperKind.LOAN, subject, Draft("Convention de prêt", "À 李明", ()))
    assert refused.value.facts == {"letters": "李明"}
    with unit_of_work():
        assert issue(SERVICE, PaperKind.LOAN, subject, Draft("Convention de prêt", "À Li Ming", ())).number == first.number + 1


def test_pictures_are_left_out_of_what_is_frozen(context):
    subject = people.organisation("CCAS")
    with unit_of_work():
        paper = issue(SERVICE, PaperKind.LOAN, subject, Draft("Convention de prêt", "Prêt à Zoé 🎮 Martin, ≥ 8 Go.", ()))
    assert from_json(db.session.get(Paper, paper.id).content).lead == "Prêt à Zoé Martin, ≥ 8 Go."
    assert "Zoé Martin" in PdfReader(BytesIO(fetch(paper.file))).pages[0].extract_text().replace("\n", "")


def test_the_clerk_is_asked_for_the_spelling_of_the_identity_paper(signed_in):
    client = signed_in(Role.DESK)
    answer = client.submit("/emprunteurs/nouveau", {"name": "李明", "phone": "06 12 34 56 78"})
    assert answer.status_code == 422
    assert "lettres latines" in answer.text
    assert "李明" in answer.text
