"""The enumerations of follow-up, each with its French word beside it."""

from enum import StrEnum

from refurb.kernel.speech.words import _lp


class NewsWay(StrEnum):
    """How a family agreed to be asked for news."""

    EMAIL = "email"
    PHONE = "phone"
    PARTNER = "partner"
    NEVER = "never"


NEWS_WAYS = {
    NewsWay.EMAIL: _lp("news", "Par courriel"),
    NewsWay.PHONE: _lp("news", "Par téléphone ou SMS"),
    NewsWay.PARTNER: _lp("news", "Par la structure"),
    NewsWay.NEVER: _lp("news", "Ne pas demander"),
}


class Asking(StrEnum):
    """Where a question stands. Nobody's silence is an answer."""

    TO_ASK = "to_ask"
    ASKED = "asked"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    DECLINED = "declined"


class AnsweredBy(StrEnum):
    """Who gave an answer."""

    FAMILY = "family"
    STAFF = "staff"
    PARTNER = "partner"


ANSWERED_BY = {
    AnsweredBy.FAMILY: _lp("news", "la famille, par son lien"),
    AnsweredBy.STAFF: _lp("news", "l'équipe, au téléphone"),
    AnsweredBy.PARTNER: _lp("news", "la structure"),
}


class Works(StrEnum):
    """Whether the device still works."""

    YES = "yes"
    TROUBLE = "trouble"
    NO = "no"

    @property
    def calls_for_help(self) -> bool:
        """Whether somebody is to look after it."""
        return self is not Works.YES


WORKS = {Works.YES: _lp("news", "Marche toujours"), Works.TROUBLE: _lp("news", "Avec un souci"), Works.NO: _lp("news", "Ne marche plus")}


class NewsUse(StrEnum):
    """What it is used for."""

    RIGHTS = "rights"
    SCHOOL = "school"
    JOB = "job"
    LINKS = "links"
    LEISURE = "leisure"


NEWS_USES = {
    NewsUse.RIGHTS: _lp("news", "Papiers, démarches"),
    NewsUse.SCHOOL: _lp("news", "École, formation"),
    NewsUse.JOB: _lp("news", "Chercher un emploi, travailler"),
    NewsUse.LINKS: _lp("news", "Parler à ses proches"),
    NewsUse.LEISURE: _lp("news", "Se distraire, s'informer"),
}


class Helps(StrEnum):
    """How much it helps."""

    MUCH = "much"
    LITTLE = "little"
    NOT = "not"


HELPS = {Helps.MUCH: _lp("news", "Aide beaucoup"), Helps.LITTLE: _lp("news", "Aide un peu"), Helps.NOT: _lp("news", "N'aide pas")}


class NextNeed(StrEnum):
    """What the family needs next."""

    NOTHING = "nothing"
    LEARNING = "learning"
    CONNECTION = "connection"
    EQUIPMENT = "equipment"
    OTHER = "other"


NEXT_NEEDS = {
    NextNeed.NOTHING: _lp("news", "Rien de plus"),
    NextNeed.LEARNING: _lp("news", "Apprendre à s'en servir"),
    NextNeed.CONNECTION: _lp("news", "Une connexion à Internet"),
    NextNeed.EQUIPMENT: _lp("news", "Un autre matériel"),
    NextNeed.OTHER: _lp("news", "Autre chose"),
}
