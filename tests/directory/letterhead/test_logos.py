"""Logos: what is drawn anew, and what is refused before it is drawn."""

import io

import pytest
from PIL import Image

from refurb.directory.letterhead.logos import LARGEST, LogoRefused, drawn_logo
from tests.directory.letterhead.pictures import png, svg

PATH = '<path d="M0 0h40v20H0z" fill="#0B5563"/>'


def size_of(content):
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.format == "PNG"
        return picture.size


def test_a_png_is_drawn_anew_within_bounds_and_nothing_stands_beside_it():
    noted = io.BytesIO()
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", "Josiane")
    Image.new("RGBA", (3200, 800), "teal").save(noted, "PNG", pnginfo=told)
    kept = drawn_logo(noted.getvalue())
    assert size_of(kept) == LARGEST
    assert b"Josiane" not in kept


def test_an_svg_is_drawn_once_and_no_word_of_it_is_kept():
    kept = drawn_logo(svg(PATH + "<!-- secret -->"))
    assert size_of(kept) == (800, 400)
    assert b"secret" not in kept
    assert b"<svg" not in kept


def test_what_drawing_programs_write_beside_is_no_harm():
    told = '<metadata><r:RDF xmlns:r="urn:r"><r:about href="http://inkscape.example/"/></r:RDF></metadata>'
    with pytest.raises(LogoRefused, match=r"logo\.outside"):
        drawn_logo(svg(told + PATH))
    named = '<n:namedview xmlns:n="urn:sodipodi" pagecolor="#fff"/><style>.a{fill:url(#g)}</style><linearGradient id="g"/>'
    assert drawn_logo(svg(named + PATH))


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<script>alert(1)</script>", "logo.script"),
        ('<rect width="4" height="4" onload="alert(1)"/>', "logo.script"),
        ('<a href="javascript:alert(1)"><rect width="4" height="4"/></a>', "logo.script"),
        ('<rect><animate attributeName="x" to="3"/></rect>', "logo.script"),
        ('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>', "logo.foreign"),
        ('<use href="https://ailleurs.example/a.svg#b"/>', "logo.outside"),
        ('<use xmlns:x="http://www.w3.org/1999/xlink" x:href="file:///etc/passwd"/>', "logo.outside"),
        ("<style>@import 'https://ailleurs.example/a.css';</style>", "logo.outside"),
        ("<style>.a{fill:url(https://ailleurs.example/a)}</style>", "logo.outside"),
        ("<rect style=\"fill:url( '//ailleurs.example/a')\"/>", "logo.outside"),
        ('<image href="#a"/>', "logo.picture"),
        ("<text>Bonjour</text>", "logo.text"),
        ("<g>" * 20_001 + "</g>" * 20_001, "logo.too_many_elements"),
        ("<g>", "logo.unreadable"),
    ],
)
def test_an_svg_that_does_more_than_draw_is_refused_with_the_reason(inside, code):
    with pytest.raises(LogoRefused) as refused:
        drawn_logo(svg(inside))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + svg(PATH), "logo.entities"),
        (b'<?xml-stylesheet href="a.css"?>' + svg(PATH), "logo.outside"),
        (svg(PATH, 'viewBox="0 0 900 100"'), "logo.shape"),
        (svg('<rect width="0" height="0"/>'), "logo.empty"),
        (png(900, 100), "logo.shape"),
        (png(40, 20)[:60], "logo.unreadable"),
        (b"GIF89a", "logo.kind"),
        (b"", "logo.kind"),
        (b"<html><svg></svg></html>", "logo.unreadable"),
    ],
)
def test_a_file_that_is_no_logo_is_refused_with_the_reason(content, code):
    with pytest.raises(LogoRefused) as refused:
        drawn_logo(content)
    assert refused.value.code == code
