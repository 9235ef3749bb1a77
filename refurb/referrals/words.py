"""The enumerations of referrals, each with its French word beside it (La Coop de la médiation numérique's values where it has them)."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class ReferralState(StrEnum):
    """Where a referral stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_INFORMATION = "needs_information"
    WAITING = "waiting"
    ALLOCATED = "allocated"
    SERVED = "served"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def is_draft(self) -> bool:
        """Whether its partner is still writing it."""
        return self is ReferralState.DRAFT

    @property
    def is_submitted(self) -> bool:
        """Whether it waits for our decision."""
        return self is ReferralState.SUBMITTED

    @property
    def awaits_an_answer(self) -> bool:
        """Whether we asked its partner something."""
        return self is ReferralState.NEEDS_INFORMATION

    @property
    def is_waiting(self) -> bool:
        """Whether it has a rank on the waiting list."""
        return self is ReferralState.WAITING

    @property
    def is_refused(self) -> bool:
        """Whether we said no."""
        return self is ReferralState.REFUSED

    @property
    def is_under_way(self) -> bool:
        """Whether it was sent, and neither served, refused nor withdrawn: so long somebody writes in its thread."""
        return self.is_submitted or self.awaits_an_answer or self.is_waiting or self is ReferralState.ALLOCATED

    @property
    def is_before_allocation(self) -> bool:
        """Whether no device was chosen for it yet, and one still may be."""
        return self.is_draft or self.is_submitted or self.awaits_an_answer or self.is_waiting

    @property
    def is_with_us(self) -> bool:
        """Whether the next step is ours, not its partner's."""
        return self in {ReferralState.SUBMITTED, ReferralState.WAITING, ReferralState.ALLOCATED}


class AllocationState(StrEnum):
    """Whether an allocation still holds."""

    ACTIVE = "active"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"

    @property
    def is_active(self) -> bool:
        """Whether the device is still to be handed over."""
        return self is AllocationState.ACTIVE

    @property
    def is_fulfilled(self) -> bool:
        """Whether the device was handed over."""
        return self is AllocationState.FULFILLED

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self is AllocationState.CANCELLED


class Situation(StrEnum):
    """What the person does (Coop's `statut_social`)."""

    WORKLESS = "sans_emploi"
    EMPLOYED = "en_emploi"
    STUDYING = "scolarise"
    RETIRED = "retraite"
    UNTOLD = "non_communique"


SITUATIONS = {
    Situation.WORKLESS: _l("Sans emploi"),
    Situation.EMPLOYED: _l("En emploi"),
    Situation.STUDYING: _l("Scolarisé ou en études"),
    Situation.RETIRED: _l("À la retraite"),
    Situation.UNTOLD: _l("Non communiqué"),
}


class Usage(StrEnum):
    """What the computer is wanted for."""

    SCHOOL = "school"
    JOB_SEARCH = "job_search"
    STUDIES = "studies"
    PAPERWORK = "paperwork"
    OTHER = "other"


USAGES = {
    Usage.SCHOOL: _l("Les devoirs des enfants"),
    Usage.JOB_SEARCH: _l("La recherche d'emploi"),
    Usage.STUDIES: _l("Les études ou une formation"),
    Usage.PAPERWORK: _l("Les démarches en ligne"),
    Usage.OTHER: _l("Autre chose"),
}


class RefusalReason(StrEnum):
    """Why a referral is refused: from a list, so that barriers can be counted."""

    ALREADY_EQUIPPED = "already_equipped"
    OUTSIDE_TERRITORY = "outside_territory"
    DUPLICATE = "duplicate"
    NO_ANSWER = "no_answer"


REFUSAL_REASONS = {
    RefusalReason.ALREADY_EQUIPPED: _l("Le foyer est déjà équipé"),
    RefusalReason.OUTSIDE_TERRITORY: _l("Le foyer habite hors du territoire"),
    RefusalReason.DUPLICATE: _l("Une autre orientation existe pour ce foyer"),
    RefusalReason.NO_ANSWER: _l("Pas de réponse à nos demandes"),
}


class Channel(StrEnum):
    """How the person is told: one way, and no more than one is kept."""

    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"
    PRESCRIBER = "prescriber"


CHANNELS = {
    Channel.PHONE: _l("Par téléphone ou SMS"),
    Channel.EMAIL: _l("Par courriel"),
    Channel.LETTER: _l("Par courrier postal"),
    Channel.PRESCRIBER: _l("Par mon intermédiaire"),
}


class PriorityArea(StrEnum):
    """Whether the household lives in a priority neighbourhood (QPV, décret n° 2023-1314), as its prescriber says; never from an address."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


PRIORITY_AREAS = {
    PriorityArea.YES: _l("Oui"),
    PriorityArea.NO: _l("Non"),
    PriorityArea.UNKNOWN: _l("Je ne sais pas"),
}


class Connection(StrEnum):
    """How the household reaches the internet at home."""

    NONE = "none"
    PHONE_ONLY = "phone_only"
    FIXED = "fixed"
    UNKNOWN = "unknown"


CONNECTIONS = {
    Connection.NONE: _lp("connection", "Aucune"),
    Connection.PHONE_ONLY: _l("Seulement un téléphone"),
    Connection.FIXED: _l("Internet fixe"),
    Connection.UNKNOWN: _l("Je ne sais pas"),
}


class Mobility(StrEnum):
    """How the device gets to whoever receives it."""

    COMES = "comes"
    STOP = "stop"
    HOME = "home"
    UNKNOWN = "unknown"


MOBILITIES = {
    Mobility.COMES: _l("Elle peut venir"),
    Mobility.STOP: _l("Au passage du véhicule"),
    Mobility.HOME: _l("Visite à domicile"),
    Mobility.UNKNOWN: _l("Je ne sais pas"),
}
MOBILITY_HELPS = {Mobility.HOME: _l("Si elle ne peut pas se déplacer")}


class Adaptation(StrEnum):
    """What the device must offer, never why: a closed list of devices' traits, so that nothing is said of anybody's health."""

    LARGE_DISPLAY = "large_display"
    LARGE_KEYS = "large_keys"
    LIGHT = "light"
    READ_ALOUD = "read_aloud"
    TRACKBALL = "trackball"


ADAPTATIONS = {
    Adaptation.LARGE_DISPLAY: _l("Affichage agrandi"),
    Adaptation.LARGE_KEYS: _l("Clavier à gros caractères"),
    Adaptation.LIGHT: _l("Appareil léger"),
    Adaptation.READ_ALOUD: _l("Lecture de l'écran à voix haute"),
    Adaptation.TRACKBALL: _l("Souris à boule"),
}


class NoticeLanguage(StrEnum):
    """In which words somebody was told what is noted about her; the codes are those of the notice's addresses."""

    FRENCH = "fr"
    SIMPLE = "simple"
    ENGLISH = "en"
    ARABIC = "ar"
    UKRAINIAN = "uk"

    @property
    def is_french(self) -> bool:
        """Whether it is set as French is."""
        return self in {NoticeLanguage.FRENCH, NoticeLanguage.SIMPLE}

    @property
    def lang(self) -> str:
        """The language as a page says it (BCP 47)."""
        return "fr" if self.is_french else self.value

    @property
    def direction(self) -> str:
        """Which way it is written."""
        return "rtl" if self is NoticeLanguage.ARABIC else "ltr"


# Each in its own words: whoever reads it looks for those.
NOTICE_LANGUAGES = {
    NoticeLanguage.FRENCH: "Français",
    NoticeLanguage.SIMPLE: "Version simplifiée",
    NoticeLanguage.ENGLISH: "English",
    NoticeLanguage.ARABIC: "العربية",
    NoticeLanguage.UKRAINIAN: "Українська",
}


class StatedPurpose(StrEnum):
    """What a device serves for besides its main usage: counted by year when the referral is sent, then no longer in the file."""

    RIGHTS = "rights"
    SCHOOL = "school"
    WORK = "work"
    HEALTH = "health"
    LINKS = "links"


PURPOSES = {
    StatedPurpose.RIGHTS: _l("Accéder à ses droits"),
    StatedPurpose.SCHOOL: _l("Suivre l'école ou une formation"),
    StatedPurpose.WORK: _l("Chercher ou garder un emploi"),
    StatedPurpose.HEALTH: _l("Prendre ses rendez-vous de santé"),
    StatedPurpose.LINKS: _l("Garder le lien avec ses proches"),
}


class Accessory(StrEnum):
    """What goes with a device when it is handed over."""

    CHARGER = "charger"
    MOUSE = "mouse"
    KEYBOARD = "keyboard"
    SCREEN = "screen"
    BAG = "bag"
    GUIDE = "guide"
    INTERNET_BOX = "internet_box"
    SIM = "sim"


ACCESSORIES = {
    Accessory.CHARGER: _lp("accessory", "Chargeur"),
    Accessory.MOUSE: _l("Souris"),
    Accessory.KEYBOARD: _lp("accessory", "Clavier"),
    Accessory.SCREEN: _lp("accessory", "Écran"),
    Accessory.BAG: _l("Sacoche"),
    Accessory.GUIDE: _l("Fiche de prise en main"),
    Accessory.INTERNET_BOX: _l("Box 4G"),
    Accessory.SIM: _l("Carte SIM"),
}


class SignatureKind(StrEnum):
    """How the slip was signed; the ways are worth the same."""

    DRAWN = "drawn"
    PAPER = "paper"


SIGNATURE_KINDS = {
    SignatureKind.DRAWN: _l("Signer à l'écran"),
    SignatureKind.PAPER: _l("Signer sur papier"),
}


class MessageKind(StrEnum):
    """What one line of a referral's thread is: something asked that waits for an answer, that answer, or a word of either side."""

    QUESTION = "question"
    ANSWER = "answer"
    WORD = "word"


class HashKind(StrEnum):
    """By what two households are alike."""

    NAME = "name"
    REACH = "reach"
    SOUND = "sound"
    FIRST_NAME = "first_name"
    SOUND_AND_REACH = "sound_and_reach"


HASH_KINDS = {
    HashKind.NAME: _l("même nom et même année de naissance"),
    HashKind.REACH: _l("même téléphone ou même courriel"),
    HashKind.SOUND: _l("noms qui se prononcent de même et même année de naissance"),
    HashKind.FIRST_NAME: _l("même prénom, même année de naissance et même commune"),
    HashKind.SOUND_AND_REACH: _l("prénoms qui se prononcent de même et même fin de téléphone"),
}


class HouseholdVerdict(StrEnum):
    """Whether two households that are alike are one."""

    ONE = "one"
    TWO = "two"


class Settlement(StrEnum):
    """What the coordination does about two like households."""

    ONE = "one"
    TWO = "two"
    ASK = "ask"


SETTLEMENTS = {
    Settlement.ONE: _l("Un seul foyer : une seule demande continue, l'autre lui est jointe ; cela se défait"),
    Settlement.TWO: _l("Deux foyers : chacun garde sa demande, la question ne reviendra pas"),
    Settlement.ASK: _l("Je ne sais pas : demander, dans les deux dossiers, sans montrer l'autre"),
}


class HouseholdAnswer(StrEnum):
    """What the prescriber says when a request for a like household exists."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


HOUSEHOLD_ANSWERS = {
    HouseholdAnswer.SAME: _l("C'est la même famille"),
    HouseholdAnswer.OTHER: _l("Non, c'est une autre famille"),
    HouseholdAnswer.UNKNOWN: _l("Je ne sais pas"),
}
