"""What must hold before a thing goes out, comes back or is put away; each refusal says what is in the way."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from refurb.directory.agenda.days import SiteDays
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.lending.models import Component, ComponentCount, Item, Loan
from refurb.lending.terms import LoanPolicy, Terms
from refurb.lending.words import ComponentState


class ItemOut(Conflict):
    """The item is out already; said with its loan and dates, never with the other borrower's name."""

    code = "item.out"


class NotAvailable(Conflict):
    """The item is here, but not to be lent as it stands."""

    code = "item.not_available"


class ItemTwice(Refusal):
    """The same item stands twice on one loan."""

    code = "item.twice"
    status = 422


class NotOut(Conflict):
    """Nothing to take back: the item is not out."""

    code = "item.not_out"


class NotBack(Conflict):
    """Nothing to undo: the item is still out."""

    code = "item.not_back"


class WithoutComponents(Refusal):
    """An item needs at least one component, else nothing is counted when it comes back."""

    code = "item.without_components"
    status = 422


class NotWiped(Refusal):
    """A device that was lent carries the last borrower's data until somebody says that it was reset."""

    code = "item.not_wiped"
    status = 422


class SomethingMissing(Conflict):
    """A kit with a component missing is not complete."""

    code = "item.something_missing"


class NothingMissing(Conflict):
    """Everything is there: the item is not incomplete."""

    code = "item.nothing_missing"


class SomethingDamaged(Conflict):
    """What came back broken did not come back complete."""

    code = "item.something_damaged"


class NothingDamaged(Conflict):
    """Nothing came back broken."""

    code = "item.nothing_damaged"


class DamageUnsaid(Refusal):
    """Something is broken: whoever lends it again says whether it is mended."""

    code = "item.damage_unsaid"
    status = 422


class AlreadySettled(Conflict):
    """This is owed no more."""

    code = "debt.already_settled"


class NotSettled(Conflict):
    """Nobody has said of this debt that it is settled."""

    code = "debt.not_settled"


class HasDevice(Refusal):
    """A device of the stock leaves the pool as a device."""

    code = "item.has_device"


class ProductTaken(Conflict):
    """A product of this name exists."""

    code = "product.taken"


class NoItemScanned(Refusal):
    """A loan has at least one item."""

    code = "loan.empty"
    status = 422


class TooMany(Refusal):
    """More items than the policy lets go out at once."""

    code = "loan.too_many"
    status = 422


class NoBorrower(Refusal):
    """Nobody's card was scanned."""

    code = "loan.no_borrower"
    status = 422


class BorrowerKnown(Conflict):
    """Somebody of this name, with this telephone or e-mail address, has a card."""

    code = "borrower.known"


class NotCounted(Refusal):
    """A component was not looked at."""

    code = "loan.not_counted"
    status = 422


class WrongCount(Refusal):
    """A count that cannot be: more than went out, or none missing of what is said to be missing."""

    code = "loan.wrong_count"
    status = 422


class NotSigned(Refusal):
    """The agreement is signed, on the screen or on paper, before anything leaves."""

    code = "loan.not_signed"
    status = 422


class DueOutOfBounds(Refusal):
    """The day of return is before tomorrow or later than the policy allows."""

    code = "loan.due_out_of_bounds"
    status = 422


class DueClosed(Refusal):
    """Nobody is there to take it back on that day."""

    code = "loan.due_closed"
    status = 422


class GoneSince(Conflict):
    """The thing has left again, or is gone, since it came back: that return stays."""

    code = "loan.gone_since"


class StillOut(Conflict):
    """A loan closes when its last line is back."""

    code = "loan.still_out"


def belongs_to_no_device(item: Item) -> None:
    """The item is no device of the stock."""
    if item.device_id is not None:
        raise HasDevice


def every_line_is_back(loan: Loan) -> None:
    """Nothing of the loan is out any more, and every component of every line is accounted for."""
    out = [line for line in loan.lines if line.back_at is None]
    if out:
        raise StillOut(count=len(out))
    uncounted = [count.name for line in loan.lines for count in line.counts if count.state_back is None]
    if uncounted:
        raise NotCounted(count=len(uncounted), names=", ".join(uncounted))


def due_day_is_open(loans: LoanPolicy, terms: Terms, out_on: date, due_on: date, days: SiteDays) -> None:
    """The day of return lies within the terms, and somebody is at the place of these days."""
    latest = loans.latest(terms, out_on, days)
    if not out_on < due_on <= latest:
        raise DueOutOfBounds(longest=terms.longest, latest=latest)
    if not loans.is_open(due_on, days):
        raise DueClosed(due=due_on)


def every_component_is_counted(
    expected: Sequence[Component] | Sequence[ComponentCount], told: Iterable[Mapping[str, Any]]
) -> dict[int, tuple[int, ComponentState, str | None]]:
    """How many, in which state and with what note, by the id of each component expected.

    What leaves is measured against what belongs to the item, what returns against what left. « Complete » and « damaged » mean that all
    pieces are there; « missing » that fewer are, none unless a quantity is told. Nothing may be passed over.
    """
    answers = {each["component"]: each for each in told}
    silent = [each.name for each in expected if each.id not in answers and _whole(each) > 0]
    if silent:
        raise NotCounted(count=len(silent), names=", ".join(silent))
    counted: dict[int, tuple[int, ComponentState, str | None]] = {}
    for each in expected:
        whole, answer = _whole(each), answers.get(each.id)
        if answer is None or whole == 0:  # Nothing left, so nothing can come back.
            counted[each.id] = (0, ComponentState.MISSING, None)
            continue
        state, quantity = ComponentState(answer["state"]), answer.get("quantity")
        here = whole if state is not ComponentState.MISSING else quantity or 0
        if state is ComponentState.MISSING and here >= whole:
            raise WrongCount(name=each.name, most=whole)
        counted[each.id] = (here, state, answer.get("note") or None)
    return counted


def _whole(expected: Component | ComponentCount) -> int:
    return expected.quantity if isinstance(expected, Component) else expected.quantity_out
