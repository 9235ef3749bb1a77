"""Texts that a territory may word otherwise: fields, languages, plurals, and what is refused in them."""

import pytest
from flask_babel import force_locale

from refurb.kernel.deeds.policy import PolicyError, PolicyGroup
from refurb.kernel.deeds.texts import PassageEntry, TextField, both, counted, text_file, together

WHO, LINK = TextField("who", "personne", "qui"), TextField("link", "lien", "l'adresse")
FILE = text_file(
    "letter",
    "Lettre",
    PolicyGroup.LETTERS,
    {
        "subject": both((WHO,), label="Objet"),
        "body": PassageEntry((WHO,), (LINK,), label="Lettre", lines=True),
        "waiting": counted((WHO,), label="Attente"),
        "end": together("Fin", {"short": PassageEntry(label="Courte")}),
    },
)
TEXT = {
    "subject": {"fr": "Bonjour {personne} !", "en": "Hello {personne}!"},
    "body": "Bonjour,\n\nPour {personne} : merci.\n\nOuvrez :\n{lien}",
    "waiting": {"one": "{personne} attend.", "many": "{personne} attendent."},
    "end": {"short": "Fin."},
}


def told(**changes):
    with pytest.raises(PolicyError) as caught:
        FILE.read(TEXT | changes)
    return [str(each) for each in caught.value.complaints]


def test_a_text_is_said_with_its_fields_in_the_language_and_number_of_the_moment(context):
    text = FILE.read(TEXT)
    with force_locale("fr"):
        assert text.say("subject", who="Zoé") == "Bonjour Zoé\u202f!"
        assert text.say_n("waiting", 1, who="Zoé") == "Zoé attend."
        assert text.say_n("waiting", 2, who="Les deux") == "Les deux attendent."
        assert text.say("end.short") == "Fin."
    with force_locale("en"):
        assert text.say("subject", who="Zoé") == "Hello Zoé!"
    assert text.opening == "Bonjour {personne}\u202f!"


def test_without_its_translation_the_french_text_is_said(context):
    text = FILE.read(TEXT | {"subject": {"fr": "Bonjour"}})
    with force_locale("en"):
        assert text.say("subject", who="Zoé") == "Bonjour"


def test_what_fills_a_field_is_left_as_it_is():
    assert "Pour {lien} ! : merci." in FILE.read(TEXT).say("body", who="{lien} !", link="x").replace("\xa0", " ")


def test_a_paragraph_whose_fields_are_all_empty_is_left_out():
    assert FILE.read(TEXT).say("body", who="", link="x") == "Bonjour,\n\nOuvrez\xa0:\nx"


def test_every_field_of_a_passage_has_to_be_filled_even_where_the_text_does_not_name_it():
    text = FILE.read(TEXT | {"subject": {"fr": "Bonjour"}})
    with pytest.raises(KeyError):
        text.say("subject")


def test_an_unknown_field_is_refused_with_the_nearest_and_all_that_there_are():
    assert told(subject={"fr": "{persone}"}) == ["subject.fr: knows no field {persone}: {personne}?"]
    assert told(body="{wings} {lien}") == ["body: knows no field {wings}, only: {lien}, {personne}"]


def test_a_field_that_has_to_be_there_is_asked_for():
    assert told(body="Bonjour") == ["body: must hold {lien}"]


@pytest.mark.parametrize("text", ["{", "a } b {lien}", "{lien} {0x!r}", "{lien} {a.b}", "{lien} {{personne}}"])
def test_braces_only_go_around_a_field(text):
    assert "body: may hold braces around the name of a field alone" in told(body=text)


def test_a_subject_is_one_line():
    assert told(subject={"fr": "Bonjour\nBcc: x@y.example"}) == ["subject.fr: must be one line"]


def test_what_the_law_fixes_is_said_as_it_came_with_the_product(monkeypatch):
    monkeypatch.setattr("refurb.kernel.deeds.texts._shipped", lambda _name: {"law": "Aucun reçu fiscal."})
    file = text_file("paper", "Document", PolicyGroup.PAPERS, {"law": PassageEntry(law="CGI"), "free": PassageEntry()})
    text = file.read({"law": "Reçu fiscal.", "free": "Merci."})
    assert (text.say("law"), text.say("free")) == ("Aucun reçu fiscal.", "Merci.")
