"""The words of consents: what is shown, where, until when, and who must say yes."""

from enum import StrEnum

from refurb.kernel.speech.words import _l, _lp


class ConsentChannel(StrEnum):
    """What of a person is shown."""

    PHOTO = "photo"
    FILM = "film"
    NAME = "name"
    WORDS = "words"


CHANNELS = {
    ConsentChannel.PHOTO: _l("Ma photo"),
    ConsentChannel.FILM: _l("Un film de moi"),
    ConsentChannel.NAME: _l("Mon nom"),
    ConsentChannel.WORDS: _l("Mes mots"),
}
CHANNEL_HELP = {
    ConsentChannel.PHOTO: _l("De près, seule ou avec d'autres."),
    ConsentChannel.FILM: _l("Avec ma voix."),
    ConsentChannel.NAME: _l("À côté de ma photo ou de mes mots."),
    ConsentChannel.WORDS: _l("Écrits, relus par moi avant d'être montrés."),
}
CHANNEL_ICONS = {ConsentChannel.PHOTO: "camera", ConsentChannel.FILM: "video", ConsentChannel.NAME: "user", ConsentChannel.WORDS: "quote"}
SEEN = (ConsentChannel.PHOTO, ConsentChannel.FILM)
"""The channels by which somebody is recognised by her looks."""


class Showing(StrEnum):
    """Where it is shown."""

    SITE = "site"
    SOCIAL = "social"
    NEWSPAPER = "newspaper"
    POSTER = "poster"
    HALL = "hall"
    DONORS_LETTER = "donors_letter"
    CEREMONY_REPORT = "ceremony_report"
    YEAR_REPORT = "year_report"
    BESIDE = "beside"


SHOWINGS = {
    Showing.SITE: _l("Notre site"),
    Showing.SOCIAL: _l("Réseaux sociaux"),
    Showing.NEWSPAPER: _l("Journal local"),
    Showing.POSTER: _l("Affiche à l'atelier"),
    Showing.HALL: _l("Dans la salle, ce jour-là"),
    Showing.DONORS_LETTER: _l("Lettre aux donateurs"),
    Showing.CEREMONY_REPORT: _l("Compte rendu de la cérémonie"),
    Showing.YEAR_REPORT: _l("Bilan de l'année"),
    Showing.BESIDE: _l("À côté de ma photo ou de mes mots"),
}
OFFERED: dict[ConsentChannel, tuple[Showing, ...]] = {
    ConsentChannel.PHOTO: (Showing.SITE, Showing.SOCIAL, Showing.NEWSPAPER, Showing.POSTER),
    ConsentChannel.FILM: (Showing.SITE, Showing.SOCIAL, Showing.NEWSPAPER, Showing.HALL),
    ConsentChannel.WORDS: (Showing.SITE, Showing.SOCIAL, Showing.DONORS_LETTER, Showing.CEREMONY_REPORT, Showing.YEAR_REPORT),
}
"""Where each may be shown; the name goes with them (`Showing.BESIDE`)."""


class Until(StrEnum):
    """How long it is shown, counted from the day of the ceremony."""

    NEXT_YEAR = "next_year"
    YEAR_AFTER = "year_after"
    SAME_DAY = "same_day"


YEARS = {Until.NEXT_YEAR: 1, Until.YEAR_AFTER: 2, Until.SAME_DAY: 0}
"""How many years after the day of the ceremony each ends."""
UNTIL = {
    Until.NEXT_YEAR: _l("1 an"),
    Until.YEAR_AFTER: _l("2 ans"),
    Until.SAME_DAY: _l("ce jour-là seulement"),
}


class VoiceRole(StrEnum):
    """Who says yes: the person, or for a minor her guardians and then herself."""

    SELF = "self"
    GUARDIAN = "guardian"
    CHILD = "child"

    @property
    def is_child(self) -> bool:
        """Whether it is the minor's own."""
        return self is VoiceRole.CHILD


VOICE_ROLES = {
    VoiceRole.SELF: _lp("consent", "La personne"),
    VoiceRole.GUARDIAN: _lp("consent", "Représentant légal"),
    VoiceRole.CHILD: _lp("consent", "L'enfant"),
}


class ConsentStanding(StrEnum):
    """Where a consent stands; never kept, told by its voices and by what is left of it."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    ENDED = "ended"

    @property
    def is_asked(self) -> bool:
        """Whether somebody has not answered."""
        return self is ConsentStanding.ASKED

    @property
    def is_given(self) -> bool:
        """Whether anything may be shown."""
        return self is ConsentStanding.GIVEN

    @property
    def is_refused(self) -> bool:
        """Whether somebody said no."""
        return self is ConsentStanding.REFUSED


class ConsentTelling(StrEnum):
    """What a letter about a consent says."""

    GIVEN = "given"
    WORDS = "words"
    DONE = "done"
