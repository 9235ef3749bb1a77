"""French spacing on the way out: what is set, and what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refurb.kernel.speech.typography import french


def shown(text: str) -> str:
    """The set text with its invisible spaces made visible: _ for U+202F, ~ for U+00A0."""
    return french(text).replace("\u202f", "_").replace("\u00a0", "~")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Refusé : déjà remis. Rien n'a été changé !", "Refusé~: déjà remis. Rien n’a été changé_!"),
        ("Vouliez-vous écrire 1991 ?", "Vouliez-vous écrire 1991_?"),
        ("Enregistré ; à relire", "Enregistré_; à relire"),
        ("Choisissez « par mon intermédiaire ».", "Choisissez «_par mon intermédiaire_»."),
        ("Choisissez «par mon intermédiaire».", "Choisissez «_par mon intermédiaire_»."),
        ("Brouillon enregistré à 14 h 07", "Brouillon enregistré à 14_h_07"),
        ("Page mise à jour à 6 h.", "Page mise à jour à 6_h."),
        ("81 % de 256 Go", "81_% de 256_Go"),
        ("12 500 €, puis 1 234 567", "12_500_€, puis 1_234_567"),
        ("n° 3, n° de série", "n°~3, n° de série"),
        ("aujourd'hui, l'« étiquette »", "aujourd’hui, l’«_étiquette_»"),
    ],
)
def test_it_sets_french(typed: str, printed: str) -> None:
    assert shown(typed) == printed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("%(count)s jours, %(part)s %% de %(total)s Go", "%(count)s_jours, %(part)s_%% de %(total)s_Go"),
        ("À %(hour)s h %(minute)s", "À %(hour)s_h_%(minute)s"),
        ("L'appareil d'%(name)s s'est arrêté", "L’appareil d’%(name)s s’est arrêté"),
        ("n° %(number)s", "n°~%(number)s"),
    ],
)
def test_a_place_counts_as_a_figure_and_keeps_its_name(typed: str, printed: str) -> None:
    assert shown(typed) == printed


@pytest.mark.parametrize(
    "untouched",
    [
        '<a href="/x?a=1 ; 2" title="12 500">R7K2-4MXQ</a>',
        "https://relais.example/?q=l'eau",
        "o'brien@relais.example",
        "&nbsp;&#8239;&amp;",
        "DN-2026-0031",
        "En 2026 128 machines",
        "05 49 52 35 35",
        "Le T480s et le 840 G5",
        "smile :)",
        "",
    ],
)
def test_it_leaves_alone(untouched: str) -> None:
    assert french(untouched) == untouched


def test_a_colon_before_a_tag_is_set_as_well() -> None:
    assert shown("<strong>Reste :</strong> clavier") == "<strong>Reste~:</strong> clavier"


@given(st.text(alphabet="a1 :;!?«»'%h<>&(){}sGo\u202f\u00a0\ue000\uf8ff-", max_size=60))
def test_setting_twice_changes_nothing(text: str) -> None:
    once = french(text)
    assert french(once) == once
