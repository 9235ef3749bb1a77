"""The one list of figures: what each is called, what it says, what it counts, by which date, in what, and what protects it.

A figure is read from what is kept counted of deeds, by the day of the fact, never from what stands today: a machine that is given back or
thrown away later stays counted in the month in which it was received, ready, given. Every page, file and paper reads from here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from refurb.kernel.speech.words import _l, _lp


class Protection(StrEnum):
    """What protects a figure once it leaves the house."""

    PEOPLE = "people"
    NONE = "none"
    MONTHS = "months"
    DERIVED = "derived"


PROTECTIONS = {
    Protection.PEOPLE: _l("Hors de la maison : « moins de 5 » de 1 à 4, et un autre nombre caché quand une soustraction le retrouverait."),
    Protection.NONE: _l("Ce sont des machines ou des sommes, personne n'y est compté : le nombre exact est montré."),
    Protection.MONTHS: _l("Mois finis d'un lieu qui ont au moins 5 réponses, et la même règle hors de la maison."),
    Protection.DERIVED: _l("Calculé d'un nombre protégé : il n'est montré hors de la maison que si ce nombre l'est."),
}


@dataclass(frozen=True)
class Figure:
    """One figure; `told_by` names what can be listed behind it (`evidence`), where events are kept."""

    key: str
    name: Any
    sentence: Any
    source: Any
    dated: Any
    unit: Any
    protection: Protection
    told_by: str = ""


_MACHINES, _PEOPLE, _EUROS = _lp("unit", "machines"), _lp("unit", "visites"), _lp("unit", "euros")
_DAY_DONE = _l("Le mois où c'est fait, à l'heure du territoire.")
_DAY_SLIP = _l("Le jour de la remise écrit sur le bon, même signé ou saisi plus tard : une année finie peut donc encore bouger.")

FIGURES: dict[str, Figure] = {
    each.key: each
    for each in (
        Figure(
            "received", _l("Ordinateurs reçus"), _l("Comptés à l'arrivée, avec le donateur. Un refus à l'entrée n'est pas un reçu."),
            _l("La première entrée de chaque machine dans l'atelier ; une machine qui revient n'est pas reçue de nouveau."),
            _DAY_DONE, _MACHINES, Protection.NONE, "created",
        ),
        Figure(
            "ready", _l("Ordinateurs reconditionnés"), _l("Effacement vérifié et contrôles réussis dans l'année, même reçus avant."),
            _l("La première déclaration « prêt » de chaque machine ; remise en état une seconde fois, elle ne compte qu'une fois."),
            _DAY_DONE, _MACHINES, Protection.NONE, "pass_tests",
        ),
        Figure(
            "given", _l("Ordinateurs remis"),
            _l("Remis dans l'année, par un bon signé, même depuis. Ceux qui sont revenus restent comptés."),
            _l("Chaque ordinateur d'un bon de remise signé, d'une famille ou d'une structure ; un échange a son bon, et compte."),
            _DAY_SLIP, _MACHINES, Protection.PEOPLE, "given",
        ),
        Figure(
            "kinds", _l("Par sorte d'appareil"), _l("Les mêmes trois nombres, pour chaque sorte d'appareil."),
            _l("Comme ci-dessus. « Ordinateur » veut dire portable ou fixe : les tablettes, téléphones et écrans sont à part."),
            _l("Comme ci-dessus."), _MACHINES, Protection.PEOPLE,
        ),
        Figure(
            "fates", _l("Ce que deviennent les machines"), _l("Machines sorties autrement, par raison ; chacune une fois par raison."),
            _l("Le geste qui le dit : refuser, garder pour pièces, mettre au rebut, perdre, mettre au prêt, enregistrer un retour."),
            _DAY_DONE, _MACHINES, Protection.NONE, "fates",
        ),
        Figure(
            "families", _l("Familles équipées"),
            _l("Un foyer orienté par un partenaire, dont le bon est signé ; deux ordinateurs, une famille."),
            _l("Les orientations servies. Un échange après une panne ne sert personne de plus."),
            _DAY_SLIP, _lp("unit", "foyers"), Protection.PEOPLE, "families",
        ),
        Figure(
            "organisations", _l("Structures équipées"),
            _l("Associations et écoles qui ont reçu des machines pour leurs propres lieux."),
            _l("Les structures d'un bon signé ; une structure servie deux fois dans la période compte une fois."),
            _DAY_SLIP, _lp("unit", "structures"), Protection.PEOPLE, "organisations",
        ),
        Figure(
            "asks", _l("Orientations"), _l("Demandes transmises par les partenaires."),
            _l("Chaque envoi d'une orientation ; une orientation complétée et renvoyée après une question compte une fois."),
            _DAY_DONE, _lp("unit", "demandes"), Protection.PEOPLE, "submit",
        ),
        Figure(
            "stops", _l("Demandes arrêtées"), _l("Demandes refusées, par raison, et demandes retirées par la structure."),
            _l("Chaque refus avec sa raison, chaque retrait d'une demande déjà transmise."),
            _DAY_DONE, _lp("unit", "demandes"), Protection.PEOPLE, "stops",
        ),
        Figure(
            "partners", _l("Avec chaque structure"), _l("Ce que chaque structure a transmis, et les ordinateurs remis à ses familles."),
            _l("Comme « Orientations » et « Ordinateurs remis »."), _l("Comme ci-dessus."), _lp("unit", "demandes"), Protection.PEOPLE,
        ),
        Figure(
            "lent", _l("Prêts de matériel"), _l("Choses parties en prêt. Une malle est une chose ; trois tablettes en sont trois."),
            _l("Chaque départ d'une chose, par produit et par le lieu où elle est remise."),
            _l("Le jour du départ."), _lp("unit", "prêts"), Protection.PEOPLE, "lent",
        ),
        Figure(
            "visits", _l("Visites"),
            _l("Une venue comptée par un conseiller ou l'accueil. Pas des personnes : qui revient compte à nouveau."),
            _l("Les visites comptées. Motifs, âges : listes de la Coop de la médiation numérique. Plusieurs motifs possibles."),
            _l("Le jour de la visite."), _PEOPLE, Protection.PEOPLE,
        ),
        Figure(
            "opinions", _l("Aidés, disent-ils"), _l("« Ça vous a aidé ? » : « oui » et « un peu », sur ceux qui ont répondu."),
            _l("Les réponses des visiteurs eux-mêmes ; combien de fois on a demandé est dit à côté."),
            _l("Le mois de la réponse."), _lp("unit", "réponses"), Protection.MONTHS,
        ),
        Figure(
            "carbon", _l("CO₂ évité, estimé"), _l("Portables remis × kilos évités par an × années. Une estimation, jamais une mesure."),
            _l("Les portables de « Ordinateurs remis » et la règle « Estimation carbone » ; les autres appareils ne sont pas estimés."),
            _DAY_SLIP, _lp("unit", "kg CO₂e"), Protection.DERIVED,
        ),
        Figure(
            "money", _l("Qui paie, et ce que cela coûte"), _l("Les aides de chaque financeur et les dépenses, par année."),
            _l("Ce que la coordination a noté dans « Financements »."), _l("L'année comptable notée."), _EUROS, Protection.NONE,
        ),
        Figure(
            "unit_costs", _l("Coût d'une visite, d'un ordinateur, d'un prêt"),
            _l("Les dépenses notées pour cette activité, divisées par son nombre ; temps des bénévoles non compté."),
            _l("« Financements » et les nombres ci-dessus, sur l'année entière. Sans dépense ou sans nombre : non calculable."),
            _l("L'année."), _EUROS, Protection.DERIVED,
        ),
    )
}  # fmt: skip
