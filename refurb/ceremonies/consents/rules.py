"""What consents refuse; each says what to do instead."""

from refurb.kernel.speech.errors import Conflict, Refusal


class ConsentAnswered(Conflict):
    """Everybody has answered, or somebody has said no: one no is a no."""

    code = "consent.answered"


class AskedTwice(Conflict):
    """Somebody of this name comes by this invitation, and has agreed or is being asked."""

    code = "consent.asked_twice"


class EveryPlaceAsked(Conflict):
    """Each person who comes by this invitation has agreed, or is being asked."""

    code = "consent.every_place_asked"


class InReport(Conflict):
    """It is quoted in a report that holds: it is gone once the report is replaced."""

    code = "consent.in_report"


class VoiceAnswered(Conflict):
    """This person has answered already."""

    code = "consent.voice_answered"


class ChildLast(Refusal):
    """The child is asked once each of those who are responsible for it has said yes."""

    code = "consent.child_last"


class NothingToWithdraw(Conflict):
    """Nothing of it is shown any more, or it was never given."""

    code = "consent.nothing_to_withdraw"


class NothingToRestore(Conflict):
    """Nothing was withdrawn in the last hour: what is shown again is signed again."""

    code = "consent.nothing_to_restore"


class NoLiveConsent(Refusal):
    """Somebody who is shown has not agreed to be shown this way at this place, or does not any more."""

    code = "consent.no_live_consent"
    status = 422


class TakenDownAlready(Conflict):
    """It is down already."""

    code = "consent.taken_down_already"


class NotDown(Conflict):
    """It is not down."""

    code = "consent.still_shown"
