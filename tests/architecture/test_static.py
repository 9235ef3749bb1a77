"""What the service hands to browsers: vendored files are the ones we looked at, and nothing points outside."""

import hashlib
import re
from pathlib import Path

import pytest

from refurb.kernel.web.icons import ICONS, icon
from refurb.kernel.web.pages import static_url

REFURB = Path(__file__).parents[2] / "refurb"
STATIC = REFURB / "static"
TEMPLATES = sorted((REFURB / "templates").rglob("*.html"))
SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))

# Each file that others wrote, with the digest of the version that was read. The icons count as one: their names and bytes in order.
VENDORED = {
    "documents/fonts/AtkinsonMono-SemiBold.ttf": "ef803fad76ee16bb8bcb2e460af770adb5669f7afb8ae100ef97c0cf16efd88c",
    "documents/fonts/AtkinsonNext-Bold.ttf": "2e761ccac1dd7539a47fc543b8ca7bc0fd544ec72e42f570d13444f3227010b1",
    "documents/fonts/AtkinsonNext-Regular.ttf": "018b3acc1521bac9226522b192836c307bc4207a548576f19ecc6a23617e7584",
    "documents/fonts/Bricolage-Bold.ttf": "ce4679ef5752c429d8e93cc408753ca2ae007a3d09474440a152b5c714926629",
    "documents/fonts/OFL-atkinson-mono.txt": "05327050630a640eb824c8fcb7de8b2e605600d8863e4f531ca7c348239916c6",
    "documents/fonts/OFL-atkinson-next.txt": "474a034e99845062f661855caaa505880d0e9009deddc2727a92795eab374955",
    "documents/fonts/OFL-bricolage.txt": "923f4ddf0fd39f9b7794ab0df7332f3d95dc43e8ad7ec2289d6d9e8491177f51",
    "documents/fonts/NotoSans-Bold.ttf": "993e60d1b6823f57e4bc8e625a507419347d28ae8cce8813b92d58ed1add2195",
    "documents/fonts/NotoSans-Regular.ttf": "cc30915d533c0c679740e57f031ed68254acb82e093f9a500b57a5e30ac76dd9",
    "documents/fonts/NotoSansArabic-Regular.ttf": "1cc017e397bfcf3222cd80433a0087adccd5ebe39ff3547ff08dc3db5d08f46a",
    "documents/fonts/NotoSansArmenian-Regular.ttf": "3ee8d4e7090c95cea4a83117236d8a4a72648abb446f0ec47e641a32bf53c2cf",
    "documents/fonts/NotoSansBengali-Regular.ttf": "60e7c0fb170a30643e7b8e324d6cebf1d9c079c977eb7418fa1bf2be673d1dd2",
    "documents/fonts/NotoSansDevanagari-Regular.ttf": "e8e6b1fbae9c820eddd8479e96ee84a89f2ebe64e2da64cc8b6297dad65d400a",
    "documents/fonts/NotoSansEthiopic-Regular.ttf": "c45bf72854601ce866724bfa211ead199351d094f9769b2acb6af9e8163a6eb2",
    "documents/fonts/NotoSansGeorgian-Regular.ttf": "5a6aaedc20c3dddd1cfd16eb2853010940ca608f4161315c7449a597415b3f19",
    "documents/fonts/NotoSansHebrew-Regular.ttf": "866cb7ea1b155b3af163985a5594d9ad692fdce6007fcdcb4fba6ca21116a436",
    "documents/fonts/NotoSansKhmer-Regular.ttf": "6ce3d22e2a04e3177ad2550bf634bd17d026376d97231fc12be8ebcbb66b376d",
    "documents/fonts/NotoSansLao-Regular.ttf": "ffa05fd7b2b45aa5834f8b9494586d6ab64cbf019f1150e745bc50ca6f843203",
    "documents/fonts/NotoSansMath-Regular.ttf": "9b6c071fbbd149d51b60f4d091026a5751077dad2424a60263f7a8bc1834a2e6",
    "documents/fonts/NotoSansSinhala-Regular.ttf": "33c225ae5dd246a929f0d540c7187b3c874dd7e3d884cdfebae6de9b764ef924",
    "documents/fonts/NotoSansTamil-Regular.ttf": "1a89ac4be62d530ea8aa80aaa728f4171313e9c98083c23c70530eb1304761e7",
    "documents/fonts/NotoSansThai-Regular.ttf": "c280bdb601e431269b9b6246498bcf442d1c55f549724a1406b0093fee4e8175",
    "documents/fonts/NotoSansTifinagh-Regular.ttf": "1fa158817fd0f07eabdf750cbfb95776e0cee4decba9514fd6c9436ab3f5bdb1",
    "documents/fonts/OFL-noto.txt": "aea4052bb9c01cdca48552b0ac08e5278d70599f0d6fa13fc83aa65786a4bcd4",
    "static/fonts/OFL-atkinson-mono.txt": "05327050630a640eb824c8fcb7de8b2e605600d8863e4f531ca7c348239916c6",
    "static/fonts/OFL-atkinson-next.txt": "474a034e99845062f661855caaa505880d0e9009deddc2727a92795eab374955",
    "static/fonts/OFL-bricolage.txt": "923f4ddf0fd39f9b7794ab0df7332f3d95dc43e8ad7ec2289d6d9e8491177f51",
    "static/fonts/atkinson-mono-latin.woff2": "aaac39e0fd3ce85e1ab1583d819abfd7eda656f0f7cae5edbb98615b270b5f21",
    "static/fonts/atkinson-next-latin-ext.woff2": "6be64b97ec38cd2797b5082c43a0b27ffe5033403e297ebfc5c90664d0720610",
    "static/fonts/atkinson-next-latin.woff2": "4773cddc6bf0aeacb628e907e0d62e5ff0e87c47404ec8bb0c390f2f506feb36",
    "static/fonts/bricolage-latin.woff2": "164b43bf8e6dae1027b44340a00900530ee6dbfb37658fa03c50ddecbc790676",
    "static/vendor/LICENSE-htmx.txt": "d3d2456f76414f2456104660ebd65aff1c04cd7966b942bdabd63f3cdb316a38",
    "static/vendor/LICENSE-jsqr.txt": "c6596eb7be8581c18be736c846fb9173b69eccf6ef94c5135893ec56bd92ba08",
    "static/vendor/htmx.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    "static/vendor/jsqr.js": "bc40c8a15196236b2314db0856f72ca0b49980cd5413b8c852a7349f5fee0859",  # dist/jsQR.js of jsqr 1.4.0
}
ICONS_DIGEST = "9bb16b6c9f2066142b23dc630031d2fc674b75431bee3483bac044aa5374fe6a"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def markup(template: Path) -> str:
    """The text of a template without its comments, its expressions and its statements."""
    return re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)


def others() -> set[str]:
    """The files of the folders that hold what others wrote."""
    folders = (STATIC / "vendor", STATIC / "fonts", REFURB / "documents" / "fonts")
    return {str(file.relative_to(REFURB)) for folder in folders for file in folder.rglob("*") if file.is_file()}


def test_every_vendored_file_is_the_one_that_was_read():
    found = {name: digest((REFURB / name).read_bytes()) for name in others()}
    assert found == VENDORED


def test_the_icons_are_the_ones_that_were_read():
    content = b"".join(file.name.encode() + file.read_bytes() for file in sorted(ICONS.glob("*.svg")))
    assert digest(content) == ICONS_DIGEST, "icons were added or changed: look at them, then write the new digest"


def test_each_licence_stands_beside_what_it_covers():
    assert "ISC License" in (ICONS / "LICENSE-lucide.txt").read_text()
    for folder, covered in ((STATIC / "fonts", 3), (REFURB / "documents" / "fonts", 4)):
        licences = [file.read_text() for file in folder.glob("OFL-*.txt")]
        assert len(licences) == covered
        assert all("SIL OPEN FONT LICENSE" in licence.upper() for licence in licences)
    assert "Apache License" in (STATIC / "vendor" / "LICENSE-jsqr.txt").read_text()
    assert "Zero-Clause BSD" in (STATIC / "vendor" / "LICENSE-htmx.txt").read_text()


def test_every_icon_can_be_drawn():
    for file in ICONS.glob("*.svg"):
        drawing = icon(file.stem)
        assert drawing.startswith('<svg class="icon"')
        assert 'aria-hidden="true"' in drawing


@pytest.mark.parametrize("name", ["no-such-icon", "../css/app", "", "House"])
def test_an_icon_that_is_not_there_is_refused(name: str):
    with pytest.raises(LookupError):
        icon(name)


def test_the_classes_of_an_icon_cannot_leave_their_attribute():
    assert '"><script>' not in icon("house", '"><script>')


def test_a_line_of_a_template_can_be_read_in_a_diff():
    written = sorted(path for path in (REFURB / "templates").rglob("*.*") if path.suffix in {".html", ".txt", ".xml"})
    lines = [(path, number, line) for path in written for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)]
    assert [f"{path.name}:{number}" for path, number, line in lines if len(line) > 160] == []


def test_a_panel_that_was_deleted_is_missed():
    """A page that includes what is not there says so when it is asked for, and this test before that."""
    named = [
        (template.name, name)
        for template in TEMPLATES
        for name in re.findall(r"""{%-?\s*(?:include|import|extends|from)\s+["']([^"']+)["']""", template.read_text(encoding="utf-8"))
    ]
    assert named
    assert [each for each in named if not (REFURB / "templates" / each[1]).is_file()] == []
    assert [template.name for template in TEMPLATES if "ignore missing" in template.read_text(encoding="utf-8")] == []


def test_every_icon_and_file_that_a_template_names_is_there():
    missing = []
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        missing += [
            f"{template.name}: icon {name}"
            for name in re.findall(r"""icon\(["']([^"']+)["']""", text)
            if not (ICONS / f"{name}.svg").is_file()
        ]
        missing += [
            f"{template.name}: {name}" for name in re.findall(r"""static_url\(["']([^"']+)["']\)""", text) if not (STATIC / name).is_file()
        ]
    assert missing == []


def test_every_file_that_a_style_sheet_names_is_there():
    for sheet in SHEETS:
        for name in re.findall(r"""url\(["']?([^"')]+)""", sheet.read_text()):
            assert (sheet.parent / name.partition("?")[0]).resolve().is_file(), f"{sheet.name}: {name}"


def test_a_style_sheet_asks_for_a_file_at_the_address_that_pages_give_it():
    # A preloaded font is fetched twice when the two differ; and the fingerprint is what lets a browser keep it for a year.
    for sheet in SHEETS:
        for name in re.findall(r"""url\(["']?([^"')]+)""", sheet.read_text()):
            asked = (sheet.parent / name.partition("?")[0]).resolve().relative_to(STATIC.resolve()).as_posix()
            assert name.endswith(static_url(asked).removeprefix("/static/")), f"{sheet.name}: {name}, not {static_url(asked)}"


def test_every_value_that_a_style_sheet_uses_is_defined():
    text = "".join(sheet.read_text() for sheet in SHEETS)
    defined = set(re.findall(r"(--[a-z0-9-]+)\s*:", text))
    # A value with a fallback may be set by whoever stands around.
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", text))
    assert used - defined == set()


def rules(sheet: Path) -> str:
    """The text of a style sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)


def test_the_breakpoints_are_those_that_the_tokens_tell():
    told = set(re.findall(r"^   (\d+rem): ", (STATIC / "css" / "tokens.css").read_text(), flags=re.MULTILINE))
    conditions = re.findall(r"@media[^{]*", "".join(rules(sheet) for sheet in SHEETS))
    used = {length.replace(".01rem", "rem") for each in conditions for length in re.findall(r"(?:width|height): ([\d.]+\w+)", each)}
    assert used == told


def test_a_colour_is_written_in_the_tokens_only():
    colour = re.compile(r"(?<!&)#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(", re.IGNORECASE)
    assert [f"{sheet.name}: {each}" for sheet in SHEETS if sheet.name != "tokens.css" for each in colour.findall(rules(sheet))] == []


def test_a_length_of_the_grid_bears_its_name():
    grid = dict(re.findall(r"--(s\d): ([\d.]+rem);", (STATIC / "css" / "tokens.css").read_text()))
    named = "|".join(re.escape(length) for length in grid.values())
    spelt = [
        f"{sheet.name}: {each}"
        for sheet in SHEETS
        if sheet.name != "tokens.css"
        for each in re.findall(rf"^.*(?<![\d.])(?:{named})\b.*$", rules(sheet), flags=re.MULTILINE)
        if "font-size" not in each
    ]
    assert len(grid) == 8
    assert spelt == []


def test_nothing_is_fetched_from_another_host():
    loads = (
        r"""(?:\b(?:src|srcset|action|data|poster)=["']|url\(["']?|@import\s+["']|<link\b[^>]*href=["']|\bfetch\(["'])\s*(?:https?:)?//"""
    )
    texts = {file: re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL) for file in (*TEMPLATES, *SHEETS, *SCRIPTS)}
    assert {str(file): found for file, text in texts.items() if (found := re.findall(loads, text))} == {}


def test_no_style_or_script_is_written_inside_a_page():
    written = r"<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:|<script\b(?![^>]*\bsrc=)"
    assert {str(each): found for each in TEMPLATES if (found := re.findall(written, markup(each)))} == {}


def test_a_style_sheet_or_script_of_ours_stays_small():
    lengths = {str(file): len(file.read_text().splitlines()) for file in (*SHEETS, *SCRIPTS)}
    assert {name: length for name, length in lengths.items() if length >= 400} == {}
