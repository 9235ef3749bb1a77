"""What organisations are to us, of which type they are, and what their contacts are asked for."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class Nature(StrEnum):
    """What an organisation is to us; one may be several."""

    PARTNER = "partner"
    DONOR = "donor"
    BORROWER = "borrower"
    FUNDER = "funder"
    RECYCLER = "recycler"
    HOST = "host"

    @property
    def flag(self) -> str:
        """The column that says so."""
        return f"is_{self.value}"


NATURES = {
    Nature.PARTNER: _l("Oriente des familles"),
    Nature.DONOR: _l("Donne du matériel"),
    Nature.BORROWER: _l("Emprunte du matériel"),
    Nature.FUNDER: _l("Finance l'action"),
    Nature.RECYCLER: _l("Enlève les déchets"),
    Nature.HOST: _l("Accueille une permanence"),
}


class Typology(StrEnum):
    """Of which type an organisation is: codes of the national place standard (LaMednum, standard-mediation-num 1.0.2, Licence Ouverte)."""

    CCAS = "CCAS"
    CIAS = "CIAS"
    MISSION_LOCALE = "ML"
    MAISON_DE_QUARTIER = "MQ"
    SOCIAL_CENTRE = "CS"
    SOCIOCULTURAL_CENTRE = "CSC"
    SOCIAL_LIFE_SPACE = "EVS"
    FRANCE_SERVICES = "RFS"
    LIBRARY = "BIB"
    MUNICIPALITY = "MUNI"
    INTERCOMMUNAL = "EPCI"
    DEPARTMENT = "DEPT"
    REGION = "REG"
    ASSOCIATION = "ASSO"
    YOUTH_CENTRE = "MJC"
    PUBLIC_DIGITAL_SPACE = "EPN"
    FABLAB = "FABLAB"
    THIRD_PLACE = "TIERS_LIEUX"
    REUSE_CENTRE = "RESSOURCERIE"
    SECOND_CHANCE_SCHOOL = "E2C"
    FRANCE_TRAVAIL = "FT"
    PIMMS = "PIMMS"
    YOUNG_WORKERS_HOME = "RS_FJT"
    OTHER = "AUTRE"


TYPOLOGIES = {
    Typology.CCAS: _lp("type", "CCAS"),
    Typology.CIAS: _lp("type", "CIAS"),
    Typology.MISSION_LOCALE: _lp("type", "Mission locale"),
    Typology.MAISON_DE_QUARTIER: _l("Maison de quartier"),
    Typology.SOCIAL_CENTRE: _lp("type", "Centre social"),
    Typology.SOCIOCULTURAL_CENTRE: _lp("type", "Centre socioculturel"),
    Typology.SOCIAL_LIFE_SPACE: _l("Espace de vie sociale"),
    Typology.FRANCE_SERVICES: _lp("type", "France Services"),
    Typology.LIBRARY: _l("Bibliothèque ou médiathèque"),
    Typology.MUNICIPALITY: _l("Commune ou service municipal"),
    Typology.INTERCOMMUNAL: _l("Intercommunalité (EPCI)"),
    Typology.DEPARTMENT: _lp("type", "Département"),
    Typology.REGION: _lp("type", "Région"),
    Typology.ASSOCIATION: _lp("type", "Association"),
    Typology.YOUTH_CENTRE: _l("Maison des jeunes et de la culture (MJC)"),
    Typology.PUBLIC_DIGITAL_SPACE: _l("Espace public numérique (EPN)"),
    Typology.FABLAB: _lp("type", "Fablab"),
    Typology.THIRD_PLACE: _lp("type", "Tiers-lieu"),
    Typology.REUSE_CENTRE: _l("Ressourcerie ou recyclerie"),
    Typology.SECOND_CHANCE_SCHOOL: _l("École de la deuxième chance"),
    Typology.FRANCE_TRAVAIL: _lp("type", "France Travail"),
    Typology.PIMMS: _lp("type", "Pimms"),
    Typology.YOUNG_WORKERS_HOME: _l("Foyer de jeunes travailleurs"),
    Typology.OTHER: _l("Autre : entreprise, école, établissement"),
}


class Purpose(StrEnum):
    """What a contact is asked for."""

    GENERAL = "general"
    REFERRALS = "referrals"
    DONATIONS = "donations"
    LOANS = "loans"
    ACCOUNTING = "accounting"
    TECHNICAL = "technical"


PURPOSES = {
    Purpose.GENERAL: _lp("contact", "Pour tout"),
    Purpose.REFERRALS: _lp("contact", "Les orientations"),
    Purpose.DONATIONS: _lp("contact", "Les dons"),
    Purpose.LOANS: _lp("contact", "Les prêts"),
    Purpose.ACCOUNTING: _lp("contact", "La comptabilité"),
    Purpose.TECHNICAL: _lp("contact", "L'informatique"),
}
