"""The vocabulary of visits: that of La Coop de la médiation numérique, so that what is counted here can be added up with the country's.

Values and French words as they stand in inclusion-numerique/coop-mediation-numerique, `apps/web`, read in November 2026:
`fields/thematique.ts` (19 reasons, and 11 of administrative steps), `tranche-age`, `statutSocial`, `genre`. The values are its API's.
What nobody said is `non_communique` there, and here; in the database it is a value like another, so that a figure is a sum.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from refurb.kernel.speech.words import _lp

UNTOLD = "non_communique"


class AgeBand(StrEnum):
    """How old somebody is, about (`tranche_age`)."""

    UNDER_12 = "moins_de_douze"
    FROM_12 = "douze_dix_huit"
    FROM_18 = "dix_huit_vingt_quatre"
    FROM_25 = "vingt_cinq_trente_neuf"
    FROM_40 = "quarante_cinquante_neuf"
    FROM_60 = "soixante_soixante_neuf"
    FROM_70 = "soixante_dix_plus"
    UNTOLD = UNTOLD


AGES: dict[AgeBand, Any] = {
    AgeBand.UNDER_12: _lp("age", "Moins de 12 ans"),
    AgeBand.FROM_12: _lp("age", "12 à 17 ans"),
    AgeBand.FROM_18: _lp("age", "18 à 24 ans"),
    AgeBand.FROM_25: _lp("age", "25 à 39 ans"),
    AgeBand.FROM_40: _lp("age", "40 à 59 ans"),
    AgeBand.FROM_60: _lp("age", "60 à 69 ans"),
    AgeBand.FROM_70: _lp("age", "70 ans et plus"),
    AgeBand.UNTOLD: _lp("visit", "Non communiqué"),
}
SHORT_AGES: dict[AgeBand, str] = {
    AgeBand.UNDER_12: "− 12",
    AgeBand.FROM_12: "12-17",
    AgeBand.FROM_18: "18-24",
    AgeBand.FROM_25: "25-39",
    AgeBand.FROM_40: "40-59",
    AgeBand.FROM_60: "60-69",
    AgeBand.FROM_70: "70 +",
    AgeBand.UNTOLD: "?",
}
SENIORS = (AgeBand.FROM_60, AgeBand.FROM_70)
"""Sixty and over: a bound that every count of the country knows, whatever bands it has below."""


class Gender(StrEnum):
    """As the vocabulary has it (`genre`)."""

    WOMAN = "feminin"
    MAN = "masculin"
    UNTOLD = UNTOLD


GENDERS: dict[Gender, Any] = {
    Gender.WOMAN: _lp("visit", "Féminin"),
    Gender.MAN: _lp("visit", "Masculin"),
    Gender.UNTOLD: _lp("visit", "Non communiqué"),
}


class FirstTime(StrEnum):
    """Whether somebody comes for the first time, by their own word: nobody is recognised."""

    FIRST = "premiere_fois"
    AGAIN = "deja_venu"
    UNTOLD = UNTOLD


RETURNING: dict[FirstTime, Any] = {
    FirstTime.FIRST: _lp("visit", "Première fois"),
    FirstTime.AGAIN: _lp("visit", "De retour"),
    FirstTime.UNTOLD: _lp("visit", "Non communiqué"),
}


class Motive(StrEnum):
    """What somebody came for (`thematiques`), one or several."""

    DIAGNOSIS = "diagnostic_numerique"
    DEVICE = "prendre_en_main_du_materiel"
    REPAIR = "maintenance_de_materiel"
    CONTENTS = "gere_ses_contenus_numeriques"
    INTERNET = "navigation_sur_internet"
    EMAIL = "email"
    OFFICE = "bureautique"
    NETWORKS = "reseaux_sociaux"
    HEALTH = "sante"
    BANK = "banque_et_achats_en_ligne"
    BUSINESS = "entrepreneuriat"
    WORK = "insertion_professionnelle"
    SAFETY = "securite_numerique"
    PARENTS = "parentalite"
    SCHOOL = "scolarite_et_numerique"
    MAKING = "creer_avec_le_numerique"
    CULTURE = "culture_numerique"
    AI = "intelligence_artificielle"
    STEPS = "aide_aux_demarches_administratives"
    PAPERS = "papiers_elections_citoyennete"
    FAMILY = "famille_scolarite"
    SOCIAL = "social_sante"
    TRAINING = "travail_formation"
    HOUSING = "logement"
    TRANSPORT = "transports_mobilite"
    MONEY = "argent_impots"
    JUSTICE = "justice"
    FOREIGNERS = "etrangers_europe"
    LEISURE = "loisirs_sports_culture"
    ASSOCIATIONS = "associations"
    UNTOLD = UNTOLD


REASONS: dict[Motive, Any] = {
    Motive.DIAGNOSIS: _lp("reason", "Diagnostic numérique"),
    Motive.DEVICE: _lp("reason", "Prendre en main du matériel"),
    Motive.REPAIR: _lp("reason", "Maintenance de matériel"),
    Motive.CONTENTS: _lp("reason", "Gérer ses contenus numériques"),
    Motive.INTERNET: _lp("reason", "Navigation sur internet"),
    Motive.EMAIL: _lp("reason", "Courriel"),
    Motive.OFFICE: _lp("reason", "Bureautique"),
    Motive.NETWORKS: _lp("reason", "Réseaux sociaux, communication"),
    Motive.HEALTH: _lp("reason", "Santé"),
    Motive.BANK: _lp("reason", "Banque et achats en ligne"),
    Motive.BUSINESS: _lp("reason", "Accompagner un professionnel"),
    Motive.WORK: _lp("reason", "Insertion professionnelle"),
    Motive.SAFETY: _lp("reason", "Prévention en sécurité numérique"),
    Motive.PARENTS: _lp("reason", "Parentalité"),
    Motive.SCHOOL: _lp("reason", "Scolarité et numérique"),
    Motive.MAKING: _lp("reason", "Créer avec le numérique"),
    Motive.CULTURE: _lp("reason", "Culture numérique"),
    Motive.AI: _lp("reason", "Intelligence artificielle"),
    Motive.STEPS: _lp("reason", "Aide aux démarches administratives"),
    Motive.PAPERS: _lp("reason", "Papiers, élections, citoyenneté"),
    Motive.FAMILY: _lp("reason", "Famille, scolarité"),
    Motive.SOCIAL: _lp("reason", "Social, santé"),
    Motive.TRAINING: _lp("reason", "Travail, formation, entreprise"),
    Motive.HOUSING: _lp("reason", "Logement"),
    Motive.TRANSPORT: _lp("reason", "Transports, mobilité"),
    Motive.MONEY: _lp("reason", "Argent, impôts"),
    Motive.JUSTICE: _lp("reason", "Justice"),
    Motive.FOREIGNERS: _lp("reason", "Étrangers, Europe"),
    Motive.LEISURE: _lp("reason", "Loisirs, sports, culture"),
    Motive.ASSOCIATIONS: _lp("reason", "Associations"),
    Motive.UNTOLD: _lp("visit", "Non communiqué"),
}
USUAL: Sequence[Motive] = (
    Motive.STEPS, Motive.DEVICE, Motive.EMAIL, Motive.INTERNET, Motive.WORK, Motive.REPAIR, Motive.NETWORKS, Motive.MAKING,
)  # fmt: skip
"""What is offered first at a place of which nothing is known yet."""


class Opinion(StrEnum):
    """What is counted of the question whether it helped: that it was asked, an answer, or that somebody would rather not answer."""

    ASKED = "asked"
    MUCH = "much"
    SOME = "some"
    LITTLE = "little"
    NOT = "not"
    DECLINED = "declined"


OPINIONS: dict[Opinion, Any] = {
    Opinion.MUCH: _lp("opinion", "Oui, beaucoup"),
    Opinion.SOME: _lp("opinion", "Oui, un peu"),
    Opinion.LITTLE: _lp("opinion", "Pas vraiment"),
    Opinion.NOT: _lp("opinion", "Pas du tout"),
}
MOODS = {Opinion.MUCH: "laugh", Opinion.SOME: "smile", Opinion.LITTLE: "meh", Opinion.NOT: "frown"}
