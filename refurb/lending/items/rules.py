"""What must hold before a thing goes out, comes back or is put away; each refusal says what is in the way."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.lending.models import Component, ComponentCount, Item
from refurb.lending.words import ComponentState


class ItemOut(Conflict):
    """The item is out already; said with its loan and dates, never with the other borrower's name."""

    code = "item.out"


class NotAvailable(Conflict):
    """The item is here, but not to be lent as it stands."""

    code = "item.not_available"


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


class HasDevice(Refusal):
    """A device of the stock leaves the pool as a device."""

    code = "item.has_device"


class ProductTaken(Conflict):
    """A product of this name exists."""

    code = "product.taken"


class NotCounted(Refusal):
    """A component was not looked at."""

    code = "loan.not_counted"
    status = 422


class WrongCount(Refusal):
    """A count that cannot be: more than went out, or none missing of what is said to be missing."""

    code = "loan.wrong_count"
    status = 422


def belongs_to_no_device(item: Item) -> None:
    """The item is no device of the stock."""
    if item.device_id is not None:
        raise HasDevice


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
