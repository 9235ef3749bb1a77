"""What keeps a thing out of the pile, or a pile from being recorded; each refusal says what is in the way."""

from refurb.kernel.speech.errors import Conflict, Refusal


class NothingToLend(Refusal):
    """The code is one of ours, but of nothing that is lent and of nobody who borrows."""

    code = "scan.not_lent"
    status = 404


class ReservedForAnother(Conflict):
    """Every thing of that product which is here is promised to somebody for one of these days."""

    code = "counter.reserved"


class InAnothersBag(Conflict):
    """It was packed for somebody who fetches it before it would be back: it is taken out of that bag first, or stays there."""

    code = "counter.in_a_bag"


class WhoseTurn(Conflict):
    """Another card was scanned: somebody says first whose turn it is."""

    code = "counter.whose_turn"


class NothingThere(Refusal):
    """Nothing lies on the counter that could be recorded."""

    code = "counter.nothing_there"
    status = 422


class NothingForTheBag(Conflict):
    """Nothing that would leave is asked for by the reservation, or it has all of it."""

    code = "counter.nothing_for_the_bag"


class PileGone(Conflict):
    """The pile was recorded or put away meanwhile, at another window or by the end of the day."""

    code = "counter.pile_gone"
