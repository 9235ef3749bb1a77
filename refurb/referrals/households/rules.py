"""What must hold before two households are settled to be one or two."""

from refurb.kernel.speech.errors import Conflict


class LikenessDecided(Conflict):
    """Somebody has settled this likeness already."""

    code = "likeness.settled"


class SameHousehold(Conflict):
    """The two are one household already, or the same one was named twice."""

    code = "household.same"


class Moved(Conflict):
    """Somebody united these households with others, or took them apart, at the same moment."""

    code = "household.moved"


class Alone(Conflict):
    """The household was never united with another, so there is nothing to take apart."""

    code = "household.alone"


class Unanswered(Conflict):
    """Whoever sends it was told that a request for a like household exists, and has not said what she knows of it."""

    code = "likeness.unanswered"


class AnswerGiven(Conflict):
    """Nothing was told of this referral, or it was answered already."""

    code = "likeness.answered"
