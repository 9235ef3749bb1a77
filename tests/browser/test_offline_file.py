"""The file that checks papers without us, opened from a folder in a real browser: true ones, changed ones, and codes alone."""

import base64
import json
import random
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, PdfObject, StreamObject
from pypdfium2 import PdfDocument

from refurb.documents.content import Content, Signatures, each_text
from refurb.documents.offline import offline_file
from refurb.documents.signed_code import CodeToSign, groups
from refurb.kernel.deeds.paper_keys import PaperKey
from refurb.kernel.deeds.signed_notes import Signer
from tests.documents.papers import DONATION, erasures, printed
from tests.documents.test_tagged import EVERY_LETTER, PAIRS
from tests.support.browser import axe_violations

FORMER, CURRENT = (Signer("relais.example/papers", bytes([each] * 32)) for each in (1, 2))
STRANGER = Signer("relais.example/papers", bytes([3] * 32))
KEYS = [PaperKey(FORMER.key, date(2025, 1, 1), date(2026, 6, 1)), PaperKey(CURRENT.key, date(2026, 6, 1))]
SHORT = replace(DONATION, blocks=tuple(each for each in DONATION.blocks if not isinstance(each, Signatures)))
# Any but the name of a drawn signature and the sides of columns, which are no words of the paper.
WORD = re.compile(r"\b(?!(?:drawn|start|end)\b)\w+")
TELLING = "bytes => Check.check(Uint8Array.from(atob(bytes), sign => sign.charCodeAt(0)), '', TOLD.keys)"

# RFC 8032, 7.1: key, message, signature.
VECTORS = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    ("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"),
]  # fmt: skip


def signed(content: Content, signer: Signer = CURRENT) -> CodeToSign:
    return CodeToSign(signer, content.reference, content.issued_on, content.issuer.name)


def paper(content: Content, signer: Signer = CURRENT) -> bytes:
    pdf: bytes = printed(content, code=signed(content, signer))
    return pdf


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("offline") / "verifier.html"
    app = Flask("offline", root_path=str(Path(__file__).parents[2] / "refurb"))
    from flask_babel import Babel  # The sentences, without a service.

    Babel(app)
    with app.app_context():
        place.write_bytes(offline_file(KEYS, "Le Relais </script> numérique"))
    return place


@contextmanager
def opened(browser: Browser, file: Path, language: str = "fr-FR") -> Iterator[Page]:
    """The file in a window of its own; whatever the page complains of, or asks of the network, fails the test."""
    context = browser.new_context(locale=language, viewport={"width": 390, "height": 800})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: faults.append(request.url) if not request.url.startswith("file:") else None)
    page.goto(file.as_uri())
    yield page
    assert not faults
    context.close()


def verdict(page: Page, pdf: bytes) -> str:
    told: str = page.evaluate(TELLING, base64.b64encode(pdf).decode())["verdict"]
    return told


def another(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    other = chance.choice([each for each in "aeinorst0123456789" if each != word[place].lower()])
    return word[:place] + other + word[place + 1 :]


def printed_anew(content: Content, chance: random.Random) -> bytes:
    """The paper with one word changed, printed anew, data and all, with the code of the true one."""
    true = signed(content)
    printed(content, code=true)
    count = 0

    def counting(text: str) -> str:
        nonlocal count
        count += len(WORD.findall(text))
        return text

    each_text(content.blocks, counting)
    wanted, seen = chance.randrange(count), 0

    def changing(text: str) -> str:
        nonlocal seen

        def word(found: re.Match[str]) -> str:
            nonlocal seen
            seen += 1
            return another(found[0], chance) if seen == wanted + 1 else found[0]

        return WORD.sub(word, text)

    class Copied(CodeToSign):
        def sign(self, words: object) -> str:
            self.text = true.text
            return self.text

    copied = Copied(CURRENT, content.reference, content.issued_on, content.issuer.name)
    pdf: bytes = printed(replace(content, blocks=each_text(content.blocks, changing)), code=copied)
    return pdf


def swaps(drawn: bytes) -> list[int]:
    """Where two letters of a string may be exchanged so that it says something else; blanks are not read."""
    return [at for at in range(len(drawn) - 1) if drawn[at] != drawn[at + 1] and b" " not in drawn[at : at + 2]]


def drawn_over(pdf: bytes, chance: random.Random) -> bytes:
    """The paper with two letters changed where a page draws them, and nothing else: saved by another program."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    page = chance.choice(writer.pages)
    drawn = page.get_contents().get_data()
    strings = [each for each in re.finditer(rb"\(([^()\\]{3,})\) Tj", drawn) if swaps(each[1])]
    chosen = chance.choice(strings)
    at = chance.choice(swaps(chosen[1]))
    text = chosen[1][:at] + chosen[1][at + 1 : at + 2] + chosen[1][at : at + 1] + chosen[1][at + 2 :]
    changed = StreamObject()
    changed.set_data(drawn[: chosen.start(1)] + text + drawn[chosen.end(1) :])
    page[NameObject("/Contents")] = writer._add_object(changed)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def changed_papers(count: int) -> Iterator[bytes]:
    chance = random.Random(12)
    for number in range(count):
        content = (DONATION, erasures(2), PAIRS, erasures(12))[number // 2 % 4]
        yield printed_anew(content, chance) if number % 2 else drawn_over(paper(content), chance)


def test_a_true_paper_is_told_in_one_sentence_with_what_is_covered_and_what_is_not(browser: Browser, file: Path, tmp_path: Path) -> None:
    true = tmp_path / "attestation.pdf"
    true.write_bytes(paper(DONATION))
    with opened(browser, file) as page:
        page.get_by_label("Le PDF que vous avez reçu").set_input_files(true)
        page.get_by_role("button", name="Vérifier", exact=True).click()
        result = page.locator("#result")
        expect(result.get_by_role("heading")).to_have_text("Les mots de AD-2026-0017 sont ceux que Le Relais numérique a signés")
        expect(result).to_contain_text("Non couvert : ce qui est dessiné sans être écrit (logo")
        expect(result.get_by_role("row", name="Émis le")).to_contain_text("identique")
        assert not axe_violations(page)
        page.get_by_role("button", name="English").click()
        expect(result.get_by_role("heading")).to_have_text("The words of AD-2026-0017 are those that Le Relais numérique signed")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_every_kind_of_paper_is_known_and_those_signed_with_a_former_key(browser: Browser, file: Path) -> None:
    with opened(browser, file) as page:
        for content in (DONATION, erasures(1), erasures(200), EVERY_LETTER, PAIRS):
            assert verdict(page, paper(content)) == "ok", content.reference
        assert verdict(page, paper(replace(SHORT, issued_on=date(2026, 2, 3)), FORMER)) == "ok"
        assert verdict(page, paper(SHORT, FORMER)) == "retired"
        assert verdict(page, paper(SHORT, STRANGER)) == "stranger"
        assert verdict(page, printed(DONATION)) == "unsigned"
        assert verdict(page, b"%PDF-1.7 and nothing") == verdict(page, b"bonjour") == verdict(page, paper(SHORT)[:9000]) == "no_pdf"


def test_papers_with_one_word_changed_are_all_named(browser: Browser, file: Path) -> None:
    with opened(browser, file) as page:
        assert [verdict(page, each) for each in changed_papers(8)].count("ok") == 0


@pytest.mark.soak
def test_a_thousand_papers_with_one_word_changed_are_all_named(browser: Browser, file: Path) -> None:
    with opened(browser, file) as page:
        told = [verdict(page, each) for each in changed_papers(1000)]
    assert len(told) == 1000
    assert set(told) <= {"changed", "other", "forged"}


def test_the_word_that_was_changed_is_shown_beside_the_one_in_the_data(browser: Browser, file: Path, tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(paper(DONATION))))
    drawn = writer.pages[0].get_contents().get_data()
    changed = StreamObject()
    changed.set_data(drawn.replace(b"(5CG8421QK7) Tj", b"(5CG8421Q7K) Tj"))
    assert changed.get_data() != drawn
    writer.pages[0][NameObject("/Contents")] = writer._add_object(changed)
    writer.write(tmp_path / "changed.pdf")
    with opened(browser, file) as page:
        page.get_by_label("Le PDF que vous avez reçu").set_input_files(tmp_path / "changed.pdf")
        page.get_by_role("button", name="Vérifier", exact=True).click()
        result = page.locator("#result")
        expect(result.get_by_role("heading")).to_have_text("Ce PDF a été changé")
        expect(result.locator(".difference")).to_have_text(re.compile("5CG8421QK7.*5CG8421Q7K"))
        expect(result.get_by_role("row", name="Empreinte")).to_contain_text("différent")


def test_a_note_laid_over_a_page_is_named(browser: Browser, file: Path) -> None:
    from pypdf.annotations import FreeText  # Of this test alone.

    writer = PdfWriter(clone_from=PdfReader(BytesIO(paper(DONATION))))
    writer.add_annotation(0, FreeText(text="4 200", rect=(50, 550, 200, 650)))
    written = BytesIO()
    writer.write(written)
    with opened(browser, file) as page:
        assert verdict(page, written.getvalue()) == "changed"


def forged_words(pdf: bytes) -> tuple[int, bytes, bytes]:
    """Of a paper's first page: the number of what draws it, that object as it is, and one that draws another serial."""
    number = PdfReader(BytesIO(pdf)).pages[0].raw_get("/Contents").idnum
    at = pdf.index(b"\n%d 0 obj\n" % number) + 1
    true = pdf[at : pdf.index(b"endobj", at) + 7]
    drawn = PdfReader(BytesIO(pdf)).pages[0].get_contents().get_data()
    false = zlib.compress(drawn.replace(b"(5CG8421QK7) Tj", b"(5CG8421Q7K) Tj"))
    return number, true, b"%d 0 obj\n<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, len(false), false)


def appended(pdf: bytes, number: int, body: bytes) -> bytes:
    """The paper with an object changed by an update that a table names, as readers of PDF read it."""
    before, root = pdf[pdf.rindex(b"startxref") + 9 :].split()[0], re.search(rb"/Root (\d+) 0 R", pdf)
    size = re.search(rb"/Type/XRef/Size (\d+)", pdf)
    assert root is not None
    assert size is not None
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(pdf))
    told = b"trailer\n<</Size %s/Root %s 0 R/Prev %s>>\n" % (size[1], root[1], before)
    return pdf + body + table + told + b"startxref\n%d\n%%%%EOF\n" % (len(pdf) + len(body))


def test_a_forged_object_is_not_hidden_behind_the_true_one(browser: Browser, file: Path) -> None:
    pdf = paper(DONATION)
    number, true, false = forged_words(pdf)
    update = appended(pdf, number, false)
    place = update.rindex(b"xref\n%d 1" % number)
    hidden = update[:place] + true + update[place:].replace(b"startxref\n%d" % place, b"startxref\n%d" % (place + len(true)))
    assert b"5CG8421Q7K" in PdfReader(BytesIO(hidden)).pages[0].get_contents().get_data(), "what readers show"
    with opened(browser, file) as page:
        assert verdict(page, appended(pdf, number, true)) == "ok", "an update that a table names"
        assert verdict(page, update) == "changed"
        assert verdict(page, hidden) == "no_pdf"
        assert verdict(page, pdf + false) == verdict(page, pdf + b"%" * 5000) == "no_pdf", "some readers look for objects themselves"


def redrawn(drawn: bytes, pdf: bytes, before: bytes = b"", **more: PdfObject) -> bytes:
    """The paper with more drawn on its first page, before or after all that it draws."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    content = StreamObject()
    content.set_data(before + writer.pages[0].get_contents().get_data() + drawn)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(content)
    things = writer.pages[0]["/Resources"].setdefault(NameObject("/XObject"), DictionaryObject()).get_object()
    for name, each in more.items():
        things[NameObject(f"/{name}")] = writer._add_object(each)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def test_a_picture_letters_that_are_not_seen_and_layers_are_laid_over(browser: Browser, file: Path) -> None:
    white = StreamObject()
    white.set_data(b"\xff")
    white.update({
        NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image"), NameObject("/Width"): NumberObject(1),
        NameObject("/Height"): NumberObject(1), NameObject("/ColorSpace"): NameObject("/DeviceGray"),
        NameObject("/BitsPerComponent"): NumberObject(8),
    })  # fmt: skip
    pdf = paper(DONATION)
    with opened(browser, file) as page:
        assert verdict(page, redrawn(b"\n", pdf)) == "ok", "saved anew by another program"
        assert verdict(page, redrawn(b"\nq 90 0 0 20 60 600 cm /White Do Q\n", pdf, White=white)) == "changed"
        assert verdict(page, redrawn(b"", pdf, before=b"3 Tr\n")) == "changed"
        assert verdict(page, redrawn(b"\n/OC /Layer BDC EMC\n", pdf)) == "changed"


def test_a_code_alone_shows_what_it_signs_and_a_wrong_one_says_so(browser: Browser, file: Path) -> None:
    code = signed(DONATION)
    printed(DONATION, code=code)
    with opened(browser, file) as page:

        def typed(text: str) -> str:
            page.get_by_label("Ou le code, tapé ou collé").fill(text)
            page.get_by_role("button", name="Vérifier", exact=True).click()
            return " ".join(page.locator("#result h2").inner_text().split())

        assert typed(groups(code.text).lower()) == "Le code est bien signé : comparez à votre document"
        expect(page.locator("#result")).to_contain_text("13 novembre 2026")
        assert typed(code.text[:-5] + "22222") == "Ce code est faux"
        assert typed("R7K2-4MXQ") == "Ce n’est pas un code de nos documents"
        assert typed("") == "Rien à vérifier encore"


def photographed(pdf: bytes, place: Path) -> None:
    """The foot of the last page, with both its codes, as a telephone held askew takes it: turned, soft, grey."""
    document = PdfDocument(pdf)
    page = document[len(document) - 1].render(scale=4).to_pil().convert("L")
    foot = page.crop((0, page.height // 2, page.width // 2, page.height * 3 // 4)).rotate(
        7, expand=True, fillcolor=190, resample=Image.Resampling.BICUBIC
    )
    foot.filter(ImageFilter.GaussianBlur(0.8)).point(lambda value: 40 + value * 0.7).save(place, quality=70)


def test_a_photograph_is_read_by_the_file_itself_and_by_a_browser_that_can(browser: Browser, file: Path, tmp_path: Path) -> None:
    code = signed(SHORT)
    photographed(printed(SHORT, code=code), tmp_path / "photo.jpg")
    (tmp_path / "nothing.png").write_bytes(b"\x89PNG")
    with opened(browser, file) as page:

        def given(name: str) -> Locator:
            page.get_by_label("Une photo du code « Vérifier hors ligne »").set_input_files(tmp_path / name)
            page.get_by_role("button", name="Vérifier", exact=True).click()
            return page.locator("#result h2")

        page.evaluate("delete globalThis.BarcodeDetector")
        expect(given("nothing.png")).to_have_text("Aucun code signé ne se lit sur cette photo")
        expect(given("photo.jpg")).to_have_text("Le code est bien signé : comparez à votre document", timeout=30_000)
        expect(page.locator("#result")).to_contain_text(SHORT.reference)
        # A browser that reads them, as telephones have: the picture is its affair, what it read is ours.
        page.evaluate(f"""() => {{
          globalThis.createImageBitmap = async () => null;
          const read = ["HTTPS://A/S/R7K24MXQ", {json.dumps(code.text)}];
          globalThis.BarcodeDetector = class {{ async detect() {{ return read.map(rawValue => ({{rawValue}})); }} }};
        }}""")
        expect(given("nothing.png")).to_have_text("Le code est bien signé : comparez à votre document")


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_our_own_ed25519_follows_rfc_8032(browser: Browser, file: Path, key: str, message: str, signature: str) -> None:
    ask = "parts => Ed25519.ours(...parts.map(hex => Uint8Array.from(hex.match(/../g) ?? [], pair => parseInt(pair, 16))))"
    order = 2**252 + 27742317777372353535851937790883648493
    large = (int.from_bytes(bytes.fromhex(signature[64:]), "little") + order).to_bytes(32, "little").hex()
    with opened(browser, file) as page:
        assert page.evaluate(ask, [key, message, signature])
        wrong = [
            [key, message + "00", signature],
            [key, message, signature[:-4] + "0000"],
            [key, message, ("00" if signature[:2] != "00" else "01") + signature[2:]],
            [key, message, signature[:64] + large],  # The same, once around: not to be taken (5.1.7).
            ["ff" * 32, message, signature],
            [key[:-2], message, signature],
        ]
        assert [page.evaluate(ask, each) for each in wrong] == [False] * len(wrong)


def test_without_the_browsers_own_sums_and_signatures_ours_do(browser: Browser, file: Path) -> None:
    with opened(browser, file) as page:
        page.evaluate("Object.defineProperty(globalThis, 'crypto', {value: undefined})")
        assert verdict(page, paper(DONATION)) == "ok"
        assert verdict(page, printed_anew(DONATION, random.Random(5))) == "changed"
