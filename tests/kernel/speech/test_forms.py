"""One form of each sort of value: names folded, telephones in E.164, addresses as they travel."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refurb.kernel.speech.addresses import UnusableAddress, masked, read_address, spelt_address, travelling
from refurb.kernel.speech.folding import fold, squeeze, words_of
from refurb.kernel.speech.telephones import phone_words, read_phone, spell_phone, typed_number


@pytest.mark.parametrize(
    "one,other",
    [
        ("L’Atelier", "L'Atelier"),
        ("Cœur d’Œuf", "coeur d'oeuf"),
        ("Đặng Thị Hương", "Dang Thi Huong"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("Ελένη Παππά", "eleni pappa"),
        ("Zoé\u200b Mar\u00adtin", "Zoe Martin"),
        ("Zoe\u0301", "Zoé"),
        ("Strasse", "Straße"),
        ("a\u202fb\u00a0c", "A B C"),
        ("Олень", "olen"),
        ("Saint–Éloi", "saint-eloi"),
        ("\u202eAli", "ali"),
    ],
)
def test_what_is_the_same_to_a_reader_folds_alike(one, other):
    assert fold(one) == fold(other)


def test_signs_that_are_no_letters_stay():
    assert fold("N° de série, 12 €") == "n° de serie, 12 €"


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_and_spelling_does_not_matter(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    assert squeeze(text).replace(" ", "").isalnum() or squeeze(text) == ""


def test_words_are_parted_by_every_sign():
    assert words_of("L’Atelier, Jean-Pierre 100%_") == ["l", "atelier", "jean", "pierre", "100"]


@pytest.mark.parametrize(
    "typed,kept,shown",
    [
        ("05 49 00 00 00", "+33549000000", "05 49 00 00 00"),
        ("05.49.00-00/00", "+33549000000", "05 49 00 00 00"),
        ("+33 (0)5 49 00 00 00", "+33549000000", "05 49 00 00 00"),
        ("0033549000000", "+33549000000", "05 49 00 00 00"),
        ("٠٥٤٩٠٠٠٠٠٠", "+33549000000", "05 49 00 00 00"),
        ("06\u202f39\u202f98\u202f00\u202f10\u200b", "+33639980010", "06 39 98 00 10"),
        ("0692 12 34 56", "+262692123456", "06 92 12 34 56"),
        ("+32 2 555 12 12", "+3225551212", "+32 2 555 12 12"),
    ],
)
def test_a_number_has_one_spelling(typed, kept, shown):
    assert read_phone(typed) == kept
    assert spell_phone(kept).replace("\u202f", " ") == shown
    assert read_phone(spell_phone(kept)) == kept
    assert typed_number(typed) == phone_words(kept)


@pytest.mark.parametrize("typed", ["115", "3975", "06 12 34 56 7", "061234567", "05 49 00 00 00 poste 3", "zéro six", "", "+", "0" * 15])
def test_what_cannot_be_dialled_is_no_number(typed):
    assert read_phone(typed) is None


def test_a_number_kept_before_is_shown_as_it_was():
    assert spell_phone("demander Léa") == "demander Léa"
    assert spell_phone(None) == ""


def test_the_beginning_of_a_number_is_searched_and_a_reference_is_none():
    assert typed_number("05 49 00") == "054900"
    assert typed_number("2026-0013") == typed_number("732 829 320") == ""


@pytest.mark.parametrize(
    "typed,kept,travels",
    [
        ("compta+dons@exemple.fr", "compta+dons@exemple.fr", "compta+dons@exemple.fr"),
        ("don@médiathèque.fr", "don@médiathèque.fr", "don@xn--mdiathque-53af.fr"),
        ("don@xn--mdiathque-53af.fr", "don@médiathèque.fr", "don@xn--mdiathque-53af.fr"),
        ("mailto:nom@exemple.fr", "nom@exemple.fr", "nom@exemple.fr"),
        ("mailto:nom@exemple.fr?subject=Don", "nom@exemple.fr", "nom@exemple.fr"),
        ("noel@exemple.fr\u200b", "noel@exemple.fr", "noel@exemple.fr"),
        ("Jeanne Petit <Jeanne@EXEMPLE.FR>", "Jeanne@exemple.fr", "Jeanne@exemple.fr"),
        ("nom@exemple.fr ;", "nom@exemple.fr", "nom@exemple.fr"),
    ],
)
def test_an_address_has_one_spelling_and_travels(typed, kept, travels):
    assert read_address(typed) == spelt_address(typed) == kept
    assert travelling(kept) == travels
    assert travels.isascii()


@pytest.mark.parametrize(
    "typed,code",
    [
        ("élodie@exemple.fr", "field.email_accents"),
        ("a@b.example,c@d.example", "field.email_several"),
        ("a@b.example; c@d.example", "field.email_several"),
        ("x@x..example", "field.email"),
        ("x@localhost", "field.email"),
        ("Jean Dupont j@x.fr", "field.email"),
        ("@x.fr", "field.email"),
        ("x@" + "a" * 70 + ".fr", "field.email"),
        ("x@[127.0.0.1]", "field.email"),
        ('"a b"@x.fr', "field.email"),
    ],
)
def test_an_address_that_cannot_be_written_to_is_refused_and_told_why(typed, code):
    with pytest.raises(UnusableAddress) as refused:
        read_address(typed)
    assert refused.value.code == code
    assert spelt_address(typed) == typed


def test_the_addresses_that_were_taken_and_never_left():
    lines = Path(__file__).with_name("cases").joinpath("email-addresses.txt").read_text(encoding="utf-8").splitlines()
    typed = [line.partition("\t")[0] for line in lines if not line.startswith("#")]
    assert [travelling(read_address(typed[number])) for number in (0, 1, 3, 4)] == [
        "compta+dons@exemple.fr", "don@xn--mdiathque-53af.fr", "nom@exemple.fr", "noel@exemple.fr",
    ]  # fmt: skip
    with pytest.raises(UnusableAddress):
        read_address(typed[2])


def test_a_masked_address_tells_whose_server_it_is():
    assert masked("jeanne@exemple.fr") == "j…@exemple.fr"
