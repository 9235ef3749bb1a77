"""The HTML twin of a paper: the same text in the same order as the PDF, and nothing typed becomes markup."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import refurb
from refurb.documents import qr
from refurb.documents.content import Claim, Facts, Heading, Paragraph, Signatures, Table
from refurb.documents.wording import issued_line, siret, twin
from refurb.kernel.speech.words import _
from tests.documents.papers import DONATION, erasures, printed, words


class Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts = []

    def handle_data(self, data):
        self.parts.append(data)


def text_of(markup):
    reader = Text()
    reader.feed(markup)
    return " ".join(" ".join(reader.parts).replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'").split())


@pytest.fixture(scope="module")
def paper():
    environment = Environment(
        loader=FileSystemLoader(Path(refurb.__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["_"] = _
    return environment.get_template("documents/_content.html").module


def letters(text):
    return re.sub(r"\W", "", text)


def told(content):
    """Each text of the content, in its order."""
    yield content.lead
    for block in content.blocks:
        match block:
            case Paragraph(text) | Heading(text) | Claim(text):
                yield text
            case Facts(items):
                yield from chain.from_iterable(items)
            case Table(caption, columns, rows, total):
                yield from (caption, *(column.label for column in columns), *chain.from_iterable(rows), *(total or ()))
            case Signatures(items):
                for item in items:
                    yield from (item.label, item.name, item.when, item.note)


@pytest.mark.parametrize("content", [DONATION, erasures(3)])
def test_the_twin_and_the_pdf_say_the_same_in_the_same_order(paper, content):
    shown = twin(content)
    on_screen = letters(text_of(paper.head(shown) + paper.content(shown, {"drawn": "/signature.png"})))
    on_paper = letters(" ".join(words(printed(content))))
    for place in (on_screen, on_paper):
        at = 0
        for text in told(content):
            at = place.find(letters(text), at)
            assert at >= 0, text


def test_a_table_names_its_columns_for_every_reader(paper):
    markup = paper.content(twin(DONATION), {"drawn": "/s.png"})
    assert '<caption class="vh">Matériels reçus</caption>' in markup
    assert markup.count('scope="col"') == 4
    assert '<td role="cell" data-th="N° de série" class="mono">5CG8421QK7</td>' in markup
    assert '<th role="rowheader" scope="row" colspan="3">Total</th><td role="cell" data-th="Quantité" class="end">42</td>' in markup


def test_the_phrases_to_bring_out_are_strong(paper):
    assert "<strong>L’Atelier d’Œuvres &amp; Fils</strong>" in paper.content(twin(DONATION), {"drawn": "/s.png"})


def test_what_was_typed_never_becomes_markup(paper):
    evil = "<script>alert(1)</script>"
    content = replace(DONATION, lead=f"Reçu de {evil}", strong=(evil, "strong"), title=evil, blocks=DONATION.blocks[:1])
    markup = paper.head(twin(content)) + paper.content(twin(content))
    assert "<script" not in markup
    assert "<strong>&lt;script&gt;" in markup


def test_a_table_without_a_total_has_no_foot(paper):
    content = erasures(2)
    bare = replace(content, blocks=(replace(content.blocks[1], total=None),))
    assert "<tfoot" not in paper.content(twin(bare))
    assert "<tfoot" in paper.content(twin(content))


def test_the_seal_shows_the_address_and_the_digest(paper):
    address = "relais.example/v/AD-2026-0017"
    markup = paper.seal(twin(DONATION), address, "ab12" * 16, qr.svg(f"https://{address}"))
    assert f"<strong>{address}</strong>" in markup
    assert " ".join(["ab12"] * 16) in markup


def test_the_first_of_the_month_is_said_as_one_says_it():
    assert issued_line(erasures(1)) == "Poitiers, le 1er décembre 2026"


def test_a_siret_is_grouped_and_anything_else_is_left_alone():
    assert siret("81234567800019") == "812\u202f345\u202f678\u202f00019"
    assert siret("W861001234") == "W861001234"
