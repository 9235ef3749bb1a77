"""The slip says itself once more in the person's language: marked until somebody has read it over, and bound to the signature."""

import re
import tomllib
from io import BytesIO

import pytest
from pypdf import PdfReader

from refurb.documents.content import Translation, from_json, to_json
from refurb.documents.models import PaperKind
from refurb.documents.page import render
from refurb.documents.signatures import SignatureVoid
from refurb.documents.signing import as_content
from refurb.documents.typeset import Line, Piece, turned, use_fonts
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.policy import FOLDER
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Invalid
from refurb.referrals.cases.actions import hand_over, text_shown
from refurb.referrals.cases.pdf import words_to_sign
from refurb.referrals.cases.translations import SLIP_LANGUAGES, translation_in
from refurb.referrals.words import NoticeLanguage
from tests.support.story import families, people

L = NoticeLanguage


def given(allocation, **told):
    with unit_of_work():
        return hand_over(people.actor(Role.COORDINATOR), allocation, place="Atelier", **told)


def translations(content):
    return [block for block in content.blocks if isinstance(block, Translation)]


@pytest.mark.both_databases
def test_it_is_the_language_of_the_notice_unless_another_is_asked_for(context):
    allocation = families.allocated(notice_language=L.UKRAINIAN)

    assert [each.language for each in translations(as_content(PaperKind.HANDOVER, words_to_sign(allocation)))] == ["uk"]
    drawn = {"signature_kind": "drawn", "signature": families.drawing()}
    with pytest.raises(SignatureVoid):
        given(allocation, **drawn, shown=text_shown(allocation, L.ARABIC))
    paper = given(allocation, **drawn, beside=L.ARABIC, shown=text_shown(allocation, L.ARABIC)).paper
    (said,) = translations(from_json(paper.content))
    assert (said.language, said.is_leftwards, len(said.lines)) == ("ar", True, 5)
    assert to_json(from_json(paper.content)) == paper.content


def test_each_is_marked_until_somebody_has_read_it_over():
    for each in (L.SIMPLE, L.ENGLISH, L.ARABIC, L.UKRAINIAN):
        assert "personne" in translation_in(each)[0].note
    assert translation_in(L.FRENCH) == []
    shipped = (FOLDER / "paper_handover_languages.toml").read_text()
    with SLIP_LANGUAGES.as_if(SLIP_LANGUAGES.read_text(shipped.replace("[en]", '[en]\nread_over = "A. Martin"'))):
        assert translation_in(L.ENGLISH)[0].note == "Seul le texte français fait foi."


def test_a_line_that_runs_leftwards_is_turned_as_a_whole():
    use_fonts()
    first, second = (Piece(word, "NotoSansArabic-Regular", 2) for word in ("كلمة", "أخرى"))
    stop = Piece(": ", "AtkinsonNext-Regular", 1)

    assert [each.text for each in turned(Line((first, stop, second), 5)).pieces] == ["أخرى", " :", "كلمة"]


@pytest.mark.parametrize("language", [L.ARABIC, L.UKRAINIAN])
def test_it_can_be_drawn(context, language):
    content = as_content(PaperKind.HANDOVER, words_to_sign(families.allocated(), language), "OR-1")

    pages = PdfReader(BytesIO(render(content, verify_url=None, digest="0" * 64, images={}))).pages

    assert len(pages) == 1
    assert "Traduction que personne" in re.sub(r"\s+", " ", pages[0].extract_text())


@pytest.mark.parametrize("language", [L.SIMPLE, L.ENGLISH, L.ARABIC, L.UKRAINIAN])
def test_signed_with_its_seal_it_is_still_one_page(context, language):
    told = {"accessories": ["charger", "mouse", "bag", "guide"], "beside": language}
    handover = given(families.allocated(), signature_kind="drawn", signature=families.drawing(), **told)

    assert len(PdfReader(BytesIO(fetch(handover.paper.file))).pages) == 1


def test_a_language_that_the_text_in_force_does_not_say_is_refused_beside_its_field(context):
    allocation = families.allocated()
    shipped = tomllib.loads((FOLDER / "paper_handover_languages.toml").read_text())
    spoken = SLIP_LANGUAGES.read({key: value for key, value in shipped.items() if key != "ar"}, "without Arabic")

    with SLIP_LANGUAGES.as_if(spoken), pytest.raises(Invalid) as refused:
        given(allocation, signature_kind="paper", beside=L.ARABIC)

    assert [each.code for each in refused.value.fields["beside"]] == ["field.choice"]
    assert given(allocation, signature_kind="paper", beside=L.ARABIC).beside is L.ARABIC


def test_the_json_door_tells_the_sum_of_each_language(app, signed_in):
    with app.app_context():
        number = families.allocated(notice_language=L.UKRAINIAN).id
    client = signed_in(Role.COORDINATOR)
    told = client.get(f"/api/v1/allocations/{number}").json

    assert set(told["shown_beside"]) == set(L)
    assert told["shown_beside"]["uk"] == told["shown"]
    facts = {"place": "Atelier", "signature_kind": "paper", "beside": "ar"}

    def hand_over_by(shown):
        head = {"X-CSRFToken": client.token()}
        return client.post(f"/api/v1/allocations/{number}/hand_over", json=facts | {"shown": shown}, headers=head)

    assert hand_over_by(told["shown"]).status_code == 409
    assert hand_over_by(told["shown_beside"]["ar"]).status_code == 200
    assert client.get(f"/api/v1/allocations/{number}").json["shown_beside"] is None


def test_another_language_is_read_and_what_was_typed_stays(app, signed_in):
    with app.app_context():
        reference = families.allocated().referral.reference
    client = signed_in(Role.COORDINATOR)
    shown = re.search(r'name="shown" value="(\w+)"', client.get(f"/remises/{reference}").text)[1]
    told = {"place": "Chez Zoë", "fetched_by": "Awa Traoré", "accessories": ["mouse"], "beside": "fr", "shown": shown}
    drawn = {"signature_kind": "drawn", "signature": families.drawing()}

    page = client.submit(f"/remises/{reference}", told | drawn | {"langue": "ar"})

    assert page.status_code == 200
    assert all(each in page.text for each in ("Chez Zoë", "Awa Traoré", 'value="mouse" checked', 'name="beside" value="ar"', 'dir="rtl"'))
    assert "La signature est effacée" in page.text
    assert drawn["signature"] not in page.text, "it was drawn under another text"
    assert client.get(f"/remises/{reference}").text.count('name="place"') == 1, "nothing is handed over"


@pytest.mark.both_databases
def test_on_the_page(app, signed_in):
    with app.app_context():
        reference = families.allocated().referral.reference
    client = signed_in(Role.COORDINATOR)

    page = client.get(f"/remises/{reference}?langue=ar").text
    assert 'dir="rtl"' in page
    told = {"place": "Atelier", "signature_kind": "drawn", "signature": families.drawing(), "beside": "ar"}
    shown = re.search(r'name="shown" value="(\w+)"', page)[1]
    assert client.submit(f"/remises/{reference}", told | {"shown": shown, "beside": "fr"}).status_code == 409
    assert client.submit(f"/remises/{reference}", told | {"shown": shown}).status_code == 303
    assert 'dir="rtl"' not in client.get(f"/remises/{reference}?langue=xx").text
