"""The code that proves a paper without us: what it says, who signed it, and how keys follow each other."""

import stat
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refurb import commands
from refurb.documents.models import Paper, PaperKind
from refurb.documents.signed_code import MOST, CodeToSign, NoSignedCode, SignedCode, groups, words_sum
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.heads import Head, register_of_instance, sign_head
from refurb.kernel.deeds.paper_keys import PaperKeys, paper_keys
from refurb.kernel.deeds.signed_notes import Key, Signer
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from tests.documents.papers import DONATION, erasures, printed, scanned, signed_codes, words
from tests.support.story import families, gifts

SIGNER = Signer("relais.example/papers", bytes(range(32)))
LONGEST = "Association pour le réemploi numérique du Civraisien en Poitou et des communes alentour"


def code_of(content, signer=SIGNER):
    return CodeToSign(signer, content.reference, content.issued_on, content.issuer.name)


@given(issuer=st.text(st.characters(exclude_categories=("Cs",)), max_size=120), day=st.dates(date(2000, 1, 1), date(2179, 6, 5)))
def test_a_code_says_what_it_was_given_and_is_never_too_long(issuer, day):
    code = CodeToSign(SIGNER, "AD-2026-12345678", day, issuer)
    read = SignedCode.read(code.sign(["Le ", "Relais"]))
    assert (read.reference, read.issued_on, read.words) == ("AD-2026-12345678", day, words_sum(["Le\u202f", "Relais"]))
    assert issuer == read.issuer or issuer.startswith(read.issuer.removesuffix("…"))
    assert len(read.content) + 64 <= MOST <= 170
    assert len(code.text) == len(code.blank()) <= 262
    assert read.is_by(SIGNER.key)


def test_it_is_read_however_it_is_typed_and_no_other_text_is():
    text = code_of(DONATION).sign(["mot"])
    typed = groups(text).lower().replace("0", "o").replace("1", "l").replace(" ", " - ")
    assert SignedCode.read(typed) == SignedCode.read(text)
    for wrong in ("", "0", text[:-4], "UUUU", "https://relais.example/s/R7K24MXQ", "8" + text[1:], "é" * 200):
        with pytest.raises(NoSignedCode):
            SignedCode.read(wrong)


def test_any_other_sign_and_any_other_key_is_found_out():
    text = code_of(DONATION).sign(["mot"])
    for place in range(0, len(text) - 1, 7):
        other = text[:place] + ("2" if text[place] != "2" else "3") + text[place + 1 :]
        try:
            assert not SignedCode.read(other).is_by(SIGNER.key)
        except NoSignedCode:
            continue
    assert not SignedCode.read(text).is_by(Signer("relais.example/papers", b"2" * 32).key)


@pytest.mark.parametrize("content", [DONATION, erasures(30)], ids=["one page", "more pages"])
def test_both_codes_are_read_at_203_dots_per_inch_with_words_under_each(content):
    code = code_of(content)
    pdf = printed(content, code=code)
    pages = words(pdf)
    assert signed_codes(pdf, len(pages) - 1) == [code.text]
    assert len(scanned(pdf, len(pages) - 1)) == 1
    assert "Vérifier en ligne" in pages[-1]
    assert "Vérifier hors ligne" in pages[-1]
    assert groups(code.text) in pages[-1]
    assert printed(content, code=code_of(content)) == pdf, "the same arguments give the same bytes"


def test_every_word_of_every_page_is_signed():
    codes = [code_of(each) for each in (erasures(30), erasures(31))]
    for content, code in zip((erasures(30), erasures(31)), codes, strict=True):
        printed(content, code=code)
    one, other = (SignedCode.read(code.text) for code in codes)
    assert (one.reference, one.issued_on, one.issuer) == (other.reference, other.issued_on, other.issuer)
    assert one.words != other.words


def test_a_paper_is_issued_with_its_code_and_forgets_it_at_its_term(context):
    # Done here and not read in the story: what another test signed, it signed with its own key.
    paper = families.handed_over.__wrapped__().paper
    read = SignedCode.read(paper.signed_code)
    assert (read.reference, read.issued_on, read.issuer) == (paper.reference, paper.issued_on, "Le Relais numérique")
    assert read.is_by(paper_keys().current().key)
    assert any(paper.signed_code in signed_codes(fetch(paper.file), page) for page in range(len(words(fetch(paper.file)))))


def test_the_page_of_a_paper_shows_it(app, signed_in):
    with app.app_context():
        paper = gifts.issued(gifts.received(1), PaperKind.DONATION)
        reference, code = paper.reference, paper.signed_code
    page = signed_in(Role.COORDINATOR).get(f"/documents/{reference}").text
    assert groups(code) in page
    assert page.count('class="qr"') == 2
    with app.app_context(), unit_of_work():  # One of before there were any.
        db.session.query(Paper).filter_by(reference=reference).one().signed_code = None
    page = signed_in(Role.COORDINATOR).get(f"/documents/{reference}").text
    assert "Vérifier hors ligne" not in page
    assert page.count('class="qr"') == 1


def test_a_new_key_signs_from_its_day_on_and_the_former_one_is_still_known(context, tmp_path):
    keys = PaperKeys(tmp_path / "history", "relais.example/papers")
    assert keys.all() == []
    assert keys.current() is None
    first = keys.signer()
    assert keys.signer().key == first.key
    with at(now() + timedelta(days=3)):
        second = keys.rotate()
        day = today()
    assert keys.signer().key == second != first.key
    former, current = keys.all()
    assert (former.key, former.until) == (first.key, current.since)
    assert (current.key, current.since, current.until) == (second, day, None)
    assert stat.S_IMODE((tmp_path / "history" / "paper-key").stat().st_mode) == 0o600


def test_a_lost_private_key_is_followed_by_another_one(context, tmp_path):
    keys = PaperKeys(tmp_path, "relais.example/papers")
    first = keys.signer().key
    (tmp_path / "paper-key").unlink()
    assert keys.signer().key != first
    assert keys.all()[0].key == first


def test_each_head_names_the_key_in_force(context):
    gifts.issued(gifts.received(1), PaperKind.DONATION)
    head = Head.read(sign_head(register_of_instance()))
    assert Key.read(head.papers) == paper_keys().current().key
    assert head.papers != str(register_of_instance().key())


def test_everybody_reads_the_keys_and_takes_the_file(app, client):
    assert "Aucune clé pour l’instant" in client.get("/verifier/cles").text
    assert client.get("/verifier/cles.json").json == {"issuer": "Le Relais numérique", "keys": []}
    with app.app_context():
        key = paper_keys().signer().key
    assert str(key) in client.get("/verifier/cles").text.replace("&#43;", "+")
    told = client.get("/verifier/cles.json").json["keys"]
    assert [(each["line"], each["number"], each["until"]) for each in told] == [(str(key), key.number.hex(), None)]
    file = client.get("/verifier/hors-ligne.html")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert key.number.hex() in file.text
    assert "default-src 'none'" in file.text


def test_the_keys_are_shown_and_changed_by_command(app, context):
    key = paper_keys().signer().key
    run = app.test_cli_runner().invoke
    assert str(key) in run(commands.show_paper_keys).output
    assert run(commands.rotate_paper_key).output.strip() == str(paper_keys().current().key) != str(key)
