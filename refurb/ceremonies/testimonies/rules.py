"""What testimonies refuse."""

from refurb.kernel.speech.errors import Conflict, Refusal


class NoWordsGiven(Refusal):
    """The person has not agreed that her words are shown."""

    code = "testimony.no_words_given"


class WordsChanged(Conflict):
    """The words were changed since they were read: they are read again first."""

    code = "testimony.words_changed"


class NotApproved(Refusal):
    """Its author has not approved it, or her consent does not hold any more."""

    code = "testimony.not_approved"
