"""Names within a sentence: the article and the preposition that each wants, whatever the territory is called."""

import pytest
from flask_babel import force_locale

from refurb.kernel.speech.names import core_name, of_name, to_name

NAMES = {
    "Le Relais numérique": ("du Relais numérique", "au Relais numérique"),
    "le Bocage": ("du Bocage", "au Bocage"),
    "LES RESTOS": ("des RESTOS", "aux RESTOS"),
    "Les Ateliers du Bocage": ("des Ateliers du Bocage", "aux Ateliers du Bocage"),
    "La Fabrique": ("de La Fabrique", "à La Fabrique"),
    "L’Atelier": ("de L’Atelier", "à L’Atelier"),
    "L'Atelier": ("de L'Atelier", "à L'Atelier"),
    "Emmaüs Connect": ("d’Emmaüs Connect", "à Emmaüs Connect"),
    "Œuvre du numérique": ("d’Œuvre du numérique", "à Œuvre du numérique"),
    "Île-de-France Solidaire": ("d’Île-de-France Solidaire", "à Île-de-France Solidaire"),
    "Grand Poitiers": ("de Grand Poitiers", "à Grand Poitiers"),
    "Ville de Poitiers": ("de la Ville de Poitiers", "à la Ville de Poitiers"),
    "Communauté de communes du Civraisien": ("de la Communauté de communes du Civraisien", "à la Communauté de communes du Civraisien"),
    "Association Rebond": ("de l’Association Rebond", "à l’Association Rebond"),
    "CCAS de Montbéliard": ("du CCAS de Montbéliard", "au CCAS de Montbéliard"),
    "Ateliers du Clain": ("des Ateliers du Clain", "aux Ateliers du Clain"),
    "Hérault Réemploi": ("d’Hérault Réemploi", "à Hérault Réemploi"),
    "Haute-Vienne Numérique": ("de Haute-Vienne Numérique", "à Haute-Vienne Numérique"),
    "HLM Vienne": ("de HLM Vienne", "à HLM Vienne"),
    "Yvetot": ("d’Yvetot", "à Yvetot"),
    "Yonne": ("de Yonne", "à Yonne"),
    "Legrand SA": ("de Legrand SA", "à Legrand SA"),
    "Lavoir 21": ("de Lavoir 21", "à Lavoir 21"),
    "36 Chandelles": ("de 36 Chandelles", "à 36 Chandelles"),
    "Le": ("de Le", "à Le"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_after_de_and_a(app, name):
    with app.test_request_context(), force_locale("fr"):
        assert (of_name(name), to_name(name)) == NAMES[name]


def test_another_language_has_its_own_prepositions(app):
    with app.test_request_context(), force_locale("en"):
        assert (of_name("Le Relais numérique"), to_name("Emmaüs")) == ("Le Relais numérique", "Emmaüs")


def test_what_is_left_of_it_in_any_sentence(app):
    assert [core_name(name) for name in ("Le Relais", "Les Ateliers", "La Fabrique", "L’Atelier", "Emmaüs")] == [
        "Relais", "Ateliers", "La Fabrique", "L’Atelier", "Emmaüs",
    ]  # fmt: skip
