"""What the door and the batch refuse; each says what to do instead."""

from refurb.kernel.speech.errors import Conflict, Refusal


class NotOnTheList(Refusal):
    """The code is of no invitation to this ceremony."""

    code = "ceremony.not_on_the_list"
    status = 404


class NotOfThisCeremony(Refusal):
    """The label that was scanned is of no machine that is handed over here."""

    code = "ceremony.not_of_this_ceremony"
    status = 404


class NotArrived(Conflict):
    """The machine is of somebody who has not come in."""

    code = "ceremony.not_arrived"
