"""How long a text is on its way to a telephone: the tables of 3GPP TS 23.038, and what a French text becomes."""

import pytest

from refurb.kernel.speech.short_messages import for_telephone, measured
from refurb.kernel.speech.telephones import is_mobile


@pytest.mark.parametrize(
    ("text", "letters", "is_plain", "parts"),
    [
        ("", 0, True, 1),
        ("a" * 160, 160, True, 1),
        ("a" * 161, 161, True, 2),
        ("a" * 306, 306, True, 2),
        ("a" * 307, 307, True, 3),
        ("à é è ù ì ò Ç ß Ω", 17, True, 1),
        ("€" * 80, 160, True, 1),
        ("€" * 81, 162, True, 2),
        ("a" * 152 + "€" * 77, 306, True, 3),  # No sign of the extension is cut in two: 152 + 152 and the rest.
        ("ç" * 70, 70, False, 1),
        ("ç" * 71, 71, False, 2),
        ("ç" * 134, 134, False, 2),
        ("ç" * 135, 135, False, 3),
        ("🙂" * 35, 70, False, 1),
        ("🙂" * 36, 72, False, 2),
    ],
)
def test_a_text_is_measured_as_it_is_sent(text, letters, is_plain, parts):
    found = measured(text)
    assert (found.letters, found.is_plain, found.parts) == (letters, is_plain, parts)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("Ça va\u202f? « Reçu »…", 'Ça va ? "Recu"...'),
        ("L’œuvre — été", "L'oeuvre - été"),
        ("12\u00a0€", "12 €"),
        ("un\n\n  deux", "un deux"),
        ("n° 3, étudiant·e", "no 3, étudiant.e"),
        ("“dit” ‘ça’ rez‑de‑chaussée −2 • un", "\"dit\" 'ca' rez-de-chaussée -2 - un"),
        ("m² ½ µ co\u00adupé", "m2 1/2 u coupé"),
    ],
)
def test_typographic_signs_are_told_in_plain_ones(typed, sent):
    assert for_telephone(typed) == sent
    assert measured(for_telephone(typed)).is_plain


def test_every_sign_of_a_french_keyboard_arrives():
    keys = """²&é~"#'{([-|è`_\\ç^à@)]=}+$¤£¨*µù%!§:/;.,?<>€°ÀÉÈÇÂâêîôûëïüÿÊÎÔÛœŒæÆ«»“”‘’–—…·×"""
    sent = {each: for_telephone(f"a{each}a") for each in keys}
    assert [each for each, told in sent.items() if not measured(told).is_plain or ("?" in told and each != "?")] == []


@pytest.mark.parametrize(
    ("number", "mobile"),
    [
        ("+33612345678", True),
        ("+33712345678", True),
        ("+33639981234", True),
        ("+590690123456", True),
        ("+594694123456", True),
        ("+596696123456", True),
        ("+262692123456", True),
        ("+262639123456", True),
        ("+33549000000", False),
        ("+33970000000", False),
        ("+33892700000", False),
        ("+590590123456", False),
        ("+33700012345678", False),
        ("+33700123456", False),
        ("+32470123456", False),
        ("0612345678", False),
        ("", False),
        (None, False),
    ],
)
def test_only_french_mobile_numbers_are_texted(number, mobile):
    assert is_mobile(number) is mobile
