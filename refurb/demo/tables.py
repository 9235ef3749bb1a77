"""A table from elsewhere in the demonstration: partners that wait to be brought in, one known already, one with a wrong number."""

from functools import partial

from refurb.demo.diary import Cast, Diary
from refurb.exchange.actions import read_sent, receive_table
from refurb.exchange.organisations import PARTNERS

_ROWS = (
    ("Nom de la structure", "SIRET", "Code postal", "Ville", "Contact", "Courriel"),
    ("Espace de vie sociale du Miosson", "", "86800", "Saint-Julien-l'Ars", "Odile Fromageau", "odile@evs-miosson.example"),
    ("Maison des familles du Clain", "", "86000", "Poitiers", "", ""),
    ("Régie du quartier des Couronneries", "12345", "86000", "Poitiers", "", ""),
    ("Maison des Familles du Clain", "", "86000", "Poitiers", "", ""),
)


def plan_tables(cast: Cast, diary: Diary) -> None:
    """Note in the diary when the table comes."""
    diary.note(1, "14:50", partial(_leave_waiting, cast))


def _leave_waiting(cast: Cast) -> None:
    text = "".join(";".join(row) + "\r\n" for row in _ROWS).encode()
    receive_table(cast.actors["coordinator"], PARTNERS, read_sent(PARTNERS, text, "structures du Poitou.csv"))
