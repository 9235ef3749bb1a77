"""The activity sheets of the demonstration: pages that partners share."""

from functools import partial

from refurb.demo.diary import Cast, Diary
from refurb.lending.sheets.actions import share_sheet
from refurb.lending.sheets.words import Licence

SHEETS = (
    ("Premier parcours : avancer, tourner", "8 à 10 ans, sans lecture", 60, "Médiathèque des Couronneries", "couronneries", ("robots",),
     ("Posez le tapis au sol. Chaque groupe de trois a un robot et six cartes « avancer », « tourner ».\n\n"
     "Un enfant programme, un autre suit du doigt, le troisième corrige. Changez de rôle à chaque défi.\n\n"
     "Pour finir : le robot rentre au garage sans toucher les bords.")),
    ("Suivre la ligne avec le capteur", "9 à 12 ans", 90, "Maison de quartier de Bellejouanne", "bellejouanne", ("robots",),
     ("Branchez le capteur à l'avant. Regardez ce qu'il affiche sur le blanc, puis sur le noir.\n\n"
     "Écrivez la règle en français avant de la programmer : « si je vois du noir, alors… ».")),
    ("Une station météo dans la classe", "dès 10 ans", 120, "Hélène Charrier", None, ("microbit",),
     ("Chaque carte mesure la température près d'une fenêtre différente. Comparez les dix mesures au tableau.\n\n"
     "Prolongement : envoyer les mesures par radio à une seule carte.")),
    ("Première visio avec un proche", "adultes débutants", 45, "Maison de quartier de Montbernage", "montbernage", ("tablet", "laptop"),
     ("Installez les personnes par deux, dos à dos. L'une appelle, l'autre décroche.\n\n"
     "Montrez trois boutons seulement : micro, caméra, raccrocher.")),
)  # fmt: skip


def plan_sheets(cast: Cast, diary: Diary) -> None:
    """Note in the diary who shares which sheet."""
    for number, sheet in enumerate(SHEETS):
        diary.note(40 - number * 6, "16:15", partial(_share, cast, *sheet))


def _share(
    cast: Cast, title: str, public: str, minutes: int, author: str, partner: str | None, products: tuple[str, ...], text: str
) -> None:
    share_sheet(
        cast.actors["desk"], None, title=title, public=public, minutes=minutes, author=author, licence=Licence.CC_BY_SA, text=text,
        organisation_id=cast.organisations[partner].id if partner else None, products=[cast.products[each].id for each in products],
    )  # fmt: skip
